"""`weft copy`: projects of one server into another."""

import argparse
from contextlib import ExitStack

from weft.commands.transferring import (
    DEFAULT_WORKSPACE,
    Commands,
    Options,
    counted,
    failures_told,
    new_parser,
    new_progress,
    reached,
    tell,
)
from weft.settings import Settings
from weft.transfer.copying import copy_project
from weft.transfer.source import open_source, project_names
from weft.transfer.target import open_target

ABOUT = """\
Brings projects of one server into another, each a Weft or an Opik. What the other has already, and no older, stays, so
that it can be run again at any time.

  weft copy --from http://opik:5173 --to http://127.0.0.1:5173                       all projects
  weft copy --from http://opik:5173 --to http://127.0.0.1:5173 --project demo        one of them

Exit codes: 0 all is there, 1 it failed and can be run again, 2 wrong usage, 130 interrupted.
"""
KEY_VARIABLES = {"from": "WEFT_FROM_API_KEY", "to": "WEFT_TO_API_KEY"}


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(commands, "copy", "bring projects of one server into another", ABOUT)
    for side, variable in KEY_VARIABLES.items():
        parser.add_argument(f"--{side}", required=True, metavar="URL", help="of a server that speaks Opik's API")
        parser.add_argument(f"--{side}-api-key", help=f"if it wants one; better as {variable}: others see flags")
        parser.add_argument(
            f"--{side}-workspace", default=DEFAULT_WORKSPACE, help=f"there [default {DEFAULT_WORKSPACE}]"
        )
    parser.add_argument("--project", action="append", help="may be given several times [default: all projects]")
    parser.set_defaults(run=run)


def run(settings: Settings, options: Options) -> None:
    """Raises CommandFailed."""
    with failures_told(), ExitStack() as opened:
        ends = {
            side: opened.enter_context(
                reached(options[side], options[f"{side}_api_key"], options[f"{side}_workspace"], variable)
            )
            for side, variable in KEY_VARIABLES.items()
        }
        for name in options["project"] or list(project_names(ends["from"])):
            source = open_source(ends["from"], name)
            target = open_target(ends["to"], source.project)
            progress = new_progress()
            copy_project(source, target, progress)
            facts = {"project": target.project, **progress.counts}
            tell(options, f"Copied {target.project}: {counted(progress.counts)}", facts)
