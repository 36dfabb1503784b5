"""`weft export`: a project into a folder."""

import argparse
import shutil
from pathlib import Path

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
from weft.transfer.exporting import FORMATS, export_project
from weft.transfer.folder import ExportFolder, folder_name
from weft.transfer.source import open_source

ABOUT = """\
Writes a project into a folder: traces, spans and threads with their scores and comments, and the files of attachments.
Run again after it was stopped, it goes on where it was; a finished export stays as it is.

  weft export "my project"                          from the server on this machine, into ./my project
  weft export demo --format parquet --out demo-1    as Parquet, for DuckDB, pandas and others
  weft export demo --data-dir weft-data             while no server runs

Exit codes: 0 all is there, 1 it failed and can be run again, 2 wrong usage, 130 interrupted.
"""


def add_commands(commands: "Commands[argparse.ArgumentParser]") -> None:
    parser = new_parser(commands, "export", "write a project into a folder", ABOUT)
    parser.add_argument("project", help="its name")
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help=f"of the records [default {FORMATS[0]}]")
    parser.add_argument("--out", metavar="DIR", help="the folder [default: named as the project]")
    parser.add_argument("--restart", action="store_true", help="write the export that the folder holds anew")
    add_server(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, options: Options) -> None:
    """Raises CommandFailed."""
    project: str = options["project"]
    with open_server(options) as server:
        source = open_source(server, project)
        path = Path(options["out"] or folder_name(project))
        folder = ExportFolder(path)
        if options["restart"] and folder.exists:
            shutil.rmtree(path)
            folder = ExportFolder(path)
        export_project(source, folder, options["format"], new_progress())
    counts = folder.manifest.finished
    facts = {"project": source.project["name"], "path": str(path), "format": options["format"], **counts}
    tell(options, f"Exported {source.project['name']} to {path}: {counted(counts)}", facts)
