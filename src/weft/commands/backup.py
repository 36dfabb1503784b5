"""`weft backup`: a copy of the data folder that can take its place."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weft import __version__
from weft.api.services import Services
from weft.commands.printing import add_common, size
from weft.commands.tasks import Arguments, Task, do_task
from weft.core.backup import Backup, back_up
from weft.model.instants import now_us
from weft.settings import Settings

HELP = """\
Copies the data folder into an empty folder, while the server goes on. Attached files are linked where the two folders
are on one disk; those in a bucket are not copied. To restore, stop the server and put a copy of the backup in the place
of the data folder. The backup has the key of stored secrets, if it is kept in the data folder: nobody else should read
it.
"""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("backup", help="copy the data folder while the server runs", description=HELP)
    parser.set_defaults(run=run, json=False, data_dir=None)
    parser.add_argument("folder", type=Path, help="where to; made if it is not there, else empty")
    add_common(parser)


def run(settings: Settings, options: Mapping[str, Any]) -> None:
    """Raises CommandFailed."""
    folder = str(options["folder"].absolute())
    result = asyncio.run(do_task(settings, options["open_services"], TASKS, "backup", {"folder": folder}))
    if options["json"]:
        print(json.dumps(result))
        return
    total = sum(result["files"].values())
    print(f"{folder}: {size(total)} of data, {result['attachments']:,} attached files")


async def copy(settings: Settings, services: Services, arguments: Arguments) -> Backup:
    folder = Path(arguments["folder"])
    return await back_up(services.store, settings.data_dir, folder, weft_version=__version__, now_us=now_us())


TASKS: Mapping[str, Task] = {"backup": copy}
