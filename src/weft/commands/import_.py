"""`weft import`: exports into a server."""

import argparse
from pathlib import Path

from weft.commands.keys import CommandFailed
from weft.commands.transferring import (
    Commands,
    Options,
    add_server,
    counted,
    new_parser,
    new_progress,
    open_server,
    tell,
)
from weft.settings import Settings
from weft.transfer.importing import Journal, import_package
from weft.transfer.package import open_packages
from weft.transfer.target import open_target

ABOUT = """\
Brings exports into a server: folders that `weft export` or `opik export` has written, or folders of those. Run again
after it was stopped, it goes on where it was; what the server has already, and no older, stays.

  weft import "my project"                    into the server on this machine, into the project of that name
  weft import demo-1 --project "demo again"   into another project
  weft import opik_exports                    all projects that `opik export` has written there

Exit codes: 0 all is there, 1 it failed and can be run again, 2 wrong usage, 130 interrupted.
"""


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(commands, "import", "bring exports into a server", ABOUT)
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="an export, or a folder of exports")
    parser.add_argument("--project", help="name of the project to import into [default: that of the export]")
    parser.add_argument("--restart", action="store_true", help="begin at the start, wherever an import was stopped")
    add_server(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, options: Options) -> None:
    """Raises CommandFailed."""
    with open_server(options) as server:
        packages = open_packages(options["files"])
        if options["project"] and len(packages) > 1:
            raise CommandFailed(f"--project names one project, and there are {len(packages)} exports")
        for package in packages:
            target = open_target(server, package.project, options["project"])
            journal = Journal.of(package, options["data_dir"] or server.url, target.project_id)
            if options["restart"]:
                journal.forget()
            progress = new_progress()
            import_package(package, target, journal, progress)
            facts = {"project": target.project, "path": str(package.path), **progress.counts}
            tell(options, f"Imported {package.path} into {target.project}: {counted(progress.counts)}", facts)
