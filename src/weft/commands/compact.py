"""`weft compact`: gives the disk back what deletions have left free in the store's file."""

import argparse
import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weft.commands.checks import is_served
from weft.commands.keys import CommandFailed
from weft.commands.printing import add_common, size
from weft.commands.tasks import OpenServices
from weft.core.backup import STORE_FILE
from weft.errors import WeftError
from weft.settings import Settings

HELP = """\
Writes the file of the store anew, without the room that deletions have left in it, which later writes would use. The
server must be stopped, and the disk must have room for the new file beside the old one.
"""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "compact", help="give free room in the store's file back to the disk", description=HELP
    )
    parser.set_defaults(run=run, json=False, data_dir=None)
    add_common(parser)


def run(settings: Settings, options: Mapping[str, Any]) -> None:
    """Raises CommandFailed."""
    path = settings.data_dir / STORE_FILE
    if not path.exists():
        raise CommandFailed(f"There is no data in the folder {settings.data_dir}; --data-dir names another")
    if is_served(settings):
        raise CommandFailed("The server has the data folder open: stop it first")
    before = path.stat().st_size
    asyncio.run(_write_anew(settings, options["open_services"], path))
    after = path.stat().st_size
    sizes = {"before": before, "after": after}
    print(json.dumps(sizes) if options["json"] else f"{path}: {size(before)} before, {size(after)} now")


async def _write_anew(settings: Settings, open_services: OpenServices, path: Path) -> None:
    """The old file is in its place until the new one is whole and on disk."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    try:
        async with open_services(settings) as services:
            await services.store.copy_to(new)
        with new.open("rb+") as file:
            os.fsync(file.fileno())
        new.replace(path)
    except (OSError, WeftError) as error:
        new.unlink(missing_ok=True)
        raise CommandFailed(f"Cannot write {path} anew: {error}") from error
