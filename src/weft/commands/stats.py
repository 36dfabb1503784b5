"""`weft stats`: how much there is, and how much has come of late."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from typing import Any

from weft.api.services import Services
from weft.commands.printing import add_common, print_table, size
from weft.commands.tasks import Arguments, Task, do_task
from weft.model.instants import now_us
from weft.settings import Settings

HELP = """\
Counts the rows of all tables, with their bytes and how many came in the last hour and day, and shows the sizes of the
files of the data folder. It works while the server runs.
"""


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("stats", help="count rows, bytes and rates", description=HELP)
    parser.set_defaults(run=run, json=False, data_dir=None)
    add_common(parser)


def run(settings: Settings, options: Mapping[str, Any]) -> None:
    """Raises CommandFailed."""
    result = asyncio.run(do_task(settings, options["open_services"], TASKS, "stats", {}))
    print(json.dumps(result)) if options["json"] else _print(result)


async def count(settings: Settings, services: Services, arguments: Arguments) -> dict[str, Any]:
    files = (path for path in settings.data_dir.iterdir() if path.is_file())
    return {
        "tables": await services.store.table_stats(now_us()),
        "registry": await services.registry.count_rows(),
        "files": {path.name: path.stat().st_size for path in sorted(files)},
    }


def _print(result: Mapping[str, Any]) -> None:
    print_table(
        ("table", "rows", "bytes", "last hour", "last day"),
        [
            tuple(table[name] for name in ("table", "rows", "bytes", "last_hour", "last_day"))
            for table in result["tables"]
        ],
    )
    print()
    print_table(("registry", "rows"), [(name, rows) for name, rows in result["registry"].items() if rows])
    print()
    print_table(("file", "size"), [(name, size(count)) for name, count in result["files"].items() if count])


TASKS: Mapping[str, Task] = {"stats": count}
