"""`weft retention`: how long projects are kept, and what goes."""

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from weft.agents.retention import RetentionReport
from weft.api.services import Services
from weft.commands.keys import CommandFailed
from weft.commands.printing import add_common, print_table, size
from weft.commands.tasks import Arguments, Task, do_task
from weft.errors import NotFound, WorkspaceNotFound
from weft.model.retention import FOR_GOOD, MAX_DAYS
from weft.registry.workspaces import DEFAULT_WORKSPACE, Workspace
from weft.settings import Settings

HELP = """\
Shows how many days each project is kept. Traces with all that belongs to them, and threads and runs of agents, are
deleted once they are older than the days of their project or, where it has none of its own, than those of its
workspace or else the server's --retention-days. The server does so once an hour, and `weft retention run` at once.
What is deleted does not come back: `weft retention --dry-run` says what would go.
"""
WORDS = {"forever": str(FOR_GOOD), "default": ""}

_HEAD = ("workspace", "project", "days", "traces", "spans", "threads", "scores", "comments", "attachments", "size")


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("retention", help="show and set how long projects are kept", description=HELP)
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and delete nothing")
    parser.set_defaults(run=run, json=False, data_dir=None)
    add_common(parser)
    verbs = parser.add_subparsers(dest="verb", metavar="run|set|set-workspace")
    add_common(verbs.add_parser("run", help="delete now what is too old", description="Deletes what is too old."))
    change = verbs.add_parser("set", help="set the days of a project", description="Sets the days of a project.")
    change.add_argument("project", help="its name")
    of_all = "Sets the days of all projects of a workspace that have none of their own."
    change_all = verbs.add_parser("set-workspace", help="set the days of a workspace", description=of_all)
    for verb, default in ((change, "its workspace or the server"), (change_all, "the server")):
        verb.add_argument("days", help=f"from 1 to {MAX_DAYS}, `forever`, or `default` to follow {default}")
        verb.add_argument("--workspace", default=DEFAULT_WORKSPACE, help=f"which one [default {DEFAULT_WORKSPACE}]")
        add_common(verb)


def run(settings: Settings, options: Mapping[str, Any]) -> None:
    """Raises CommandFailed."""
    verb = "preview" if options["dry_run"] else options["verb"] or "list"
    arguments = {name: options[name] for name in ("workspace", "project") if name in options}
    if "days" in options:
        arguments["days"] = _read_days(options["days"])
    task = f"retention-{verb}"
    result = asyncio.run(do_task(settings, options["open_services"], TASKS, task, arguments))
    print(json.dumps(result)) if options["json"] else _PRINT[verb](result)


async def list_days(settings: Settings, services: Services, arguments: Arguments) -> dict[str, Any]:
    retention = services.registry.retention
    return {
        "default_days": services.retention.default_days,
        "workspaces": await retention.workspaces(),
        "projects": await retention.all(),
    }


async def set_days(settings: Settings, services: Services, arguments: Arguments) -> dict[str, Any]:
    workspace = await _workspace(services, arguments)
    project = await services.registry.projects.find_by_name(workspace.id, arguments["project"])
    if project is None:
        raise NotFound(entity="Project", id=arguments["project"])
    days = _days(arguments)
    await services.registry.retention.put(workspace.id, project.id, days)
    return {"project_id": project.id, "project_name": project.name, "days": days}


async def set_days_of_workspace(settings: Settings, services: Services, arguments: Arguments) -> dict[str, Any]:
    workspace, days = await _workspace(services, arguments), _days(arguments)
    await services.registry.retention.put_workspace(workspace.id, days)
    return {"workspace_id": workspace.id, "workspace_name": workspace.name, "days": days}


async def preview(settings: Settings, services: Services, arguments: Arguments) -> RetentionReport:
    return await services.retention.preview()


async def delete_expired(settings: Settings, services: Services, arguments: Arguments) -> RetentionReport:
    return await services.retention.run()


async def _workspace(services: Services, arguments: Arguments) -> Workspace:
    """Raises WorkspaceNotFound."""
    workspace = await services.registry.workspaces.find_by_name(arguments["workspace"])
    if workspace is None:
        raise WorkspaceNotFound(id=arguments["workspace"])
    return workspace


def _days(arguments: Arguments) -> int | None:
    return int(arguments["days"]) if arguments["days"] else None


def _read_days(text: str) -> str:
    days = WORDS.get(text, text)
    if days in WORDS.values() or (days.isascii() and days.isdigit() and int(days) <= MAX_DAYS):
        return days
    raise CommandFailed(f"Days are from 1 to {MAX_DAYS}, `forever` or `default`, not {text!r}")


def _print_days(result: Mapping[str, Any]) -> None:
    print(f"Projects are kept {_in_words(result['default_days'])}, unless there are days of their own here:")
    workspaces = [(one["workspace_name"], "all others", _in_words(one["days"])) for one in result["workspaces"]]
    own = [project for project in result["projects"] if project["days"] is not None]
    projects = [(one["workspace_name"], one["project_name"], _in_words(one["days"])) for one in own]
    print_table(("workspace", "project", "kept"), workspaces + projects)


def _print_change(what: str, days: int | None, otherwise: str) -> None:
    print(f"{what} is kept {f'as long as {otherwise} says' if days is None else _in_words(days)}")


def _print_report(result: Mapping[str, Any], gone: str) -> None:
    rows = []
    for one in result["projects"]:
        counts = one["expired"]
        figures = [counts[name] for name in _HEAD[3:-1]]
        project = one["project"]
        rows.append((project["workspace_name"], project["project_name"], one["days"], *figures, size(counts["bytes"])))
    print_table(_HEAD, rows)
    print(f"{gone}, and {result['agent_threads']} threads and {result['agent_runs']} further runs of agents")


def _in_words(days: int) -> str:
    return "for good" if days == FOR_GOOD else f"{days} days"


TASKS: Mapping[str, Task] = {
    "retention-list": list_days,
    "retention-set": set_days,
    "retention-set-workspace": set_days_of_workspace,
    "retention-preview": preview,
    "retention-run": delete_expired,
}
_PRINT: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "list": _print_days,
    "set": lambda result: _print_change(
        f"Project {result['project_name']}", result["days"], "its workspace or the server"
    ),
    "set-workspace": lambda result: _print_change(
        f"Workspace {result['workspace_name']}", result["days"], "the server"
    ),
    "preview": lambda result: _print_report(result, "This would go"),
    "run": lambda result: _print_report(result, "This has gone"),
}
