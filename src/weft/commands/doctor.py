"""`weft doctor`: what is wrong with a data folder and a configuration, and what to do."""

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from weft.api.services import Services
from weft.commands.checks import FIRST, OF_FOLDER, Finding
from weft.commands.keys import CommandFailed, has_keys
from weft.commands.tasks import Arguments, Task, do_task
from weft.core.attachment_check import AttachmentCheck, check_attachments
from weft.settings import Settings

HELP = """\
Checks a data folder and a configuration: give it the flags and variables of `weft serve`. It works while the server
runs and changes nothing. The exit code is 0 if there are no problems (warnings are none), 1 if there are.
"""
MARKS = {"ok": "ok      ", "warning": "warning ", "problem": "PROBLEM "}


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Settings are still to be added to what this returns."""
    parser = commands.add_parser("doctor", help="check a data folder and a configuration", description=HELP)
    parser.set_defaults(run=run)
    parser.add_argument("--json", action="store_true", help="for scripts: JSON, one document")
    return parser


def run(settings: Settings, options: Mapping[str, Any]) -> None:
    """Raises CommandFailed if there are problems."""
    findings = examine(settings, options)
    if options["json"]:
        print(json.dumps([asdict(finding) for finding in findings]))
    else:
        _print(findings)
    problems = sum(1 for finding in findings if finding.status == "problem")
    if problems:
        raise CommandFailed("1 problem found" if problems == 1 else f"{problems} problems found")


def examine(settings: Settings, options: Mapping[str, Any]) -> list[Finding]:
    findings = [finding for check in FIRST for finding in check(settings)]
    if any(finding.status == "problem" and not settings.data_dir.is_dir() for finding in findings):
        return findings
    findings += [finding for check in OF_FOLDER for finding in check(settings)]
    findings += _keys(settings)
    databases = [finding for finding in findings if finding.check in ("store", "registry")]
    if all(finding.status == "ok" for finding in databases):
        findings.append(_attachments(settings, options))
    return findings


def _keys(settings: Settings) -> list[Finding]:
    try:
        made = asyncio.run(has_keys(settings)) if _is_current(settings) else False
    except CommandFailed as error:
        return [Finding("keys", "problem", str(error), "See what is said of the registry")]
    if made:
        return [Finding("keys", "ok", "Every request needs a key")]
    if settings.needs_keys:
        advice = "Make one with `weft keys create`; the server does not start without"
        return [Finding("keys", "problem", f"Others could reach {settings.host}, and there are no keys", advice)]
    return [Finding("keys", "ok", "There are none, and requests need none")]


def _is_current(settings: Settings) -> bool:
    """Whether opening the registry would not change it."""
    return settings.registry_file.exists() and all(
        finding.status == "ok" for finding in OF_FOLDER[2](settings) if finding.check == "registry"
    )


def _attachments(settings: Settings, options: Mapping[str, Any]) -> Finding:
    try:
        found = asyncio.run(do_task(settings, options["open_services"], TASKS, "check-attachments", {}))
    except CommandFailed as error:
        return Finding("attachments", "problem", str(error), "Check the bucket, its endpoint and its keys")
    if found["lost"]:
        text = f"{found['lost']} of {found['attachments']} have no file any more"
        return Finding("attachments", "problem", text, "Bring the files back from a backup")
    if found["orphans"]:
        text = f"{found['orphans']} files belong to no attachment"
        return Finding("attachments", "warning", text, "Stop the server and delete them with `weft sweep --delete`")
    return Finding("attachments", "ok", f"{found['attachments']} have their files")


async def look_at_attachments(settings: Settings, services: Services, arguments: Arguments) -> AttachmentCheck:
    return await check_attachments(services.store, services.registry, services.vault)


async def ping(settings: Settings, services: Services, arguments: Arguments) -> bool:
    await services.store.ping()
    await services.registry.ping()
    return True


def _print(findings: Sequence[Finding]) -> None:
    for finding in findings:
        print(f"{MARKS[finding.status]} {finding.check}: {finding.text}")
        if finding.advice:
            print(f"{'':9}{finding.advice}")


TASKS: Mapping[str, Task] = {"ping": ping, "check-attachments": look_at_attachments}
