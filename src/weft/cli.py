"""The `weft` command."""

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import fields

from uvicorn.loops.auto import auto_loop_factory

from weft import __version__
from weft.api.http.json_lines import configure_logging
from weft.api.services import Services
from weft.app import create_app, open_services, open_store, vault_of
from weft.attachments.vault import CannotOpenVault
from weft.commands import backup, compact, copy, doctor, export, import_, keys, retention, stats
from weft.commands.keys import CommandFailed
from weft.commands.tasks import answering
from weft.core.orphans import find_orphans
from weft.errors import StoreUnavailable
from weft.registry import CannotOpenRegistry
from weft.server import CannotServe, listen, serve_app
from weft.settings import BadSetting, Settings, flag, variable
from weft.store.contract import CannotOpenStore

GREETING = """\
Weft {version} listens on {url}
Data folder: {data_dir}
Point an Opik SDK at it: export OPIK_URL_OVERRIDE={url}/api
"""


OPERATING = (retention, stats, backup)
TASKS = {name: task for command in (*OPERATING, doctor) for name, task in command.TASKS.items()}

OpenServices = Callable[[Settings], AbstractAsyncContextManager[Services]]


@asynccontextmanager
async def open_data_folder(settings: Settings) -> AsyncIterator[Services]:
    """As `open_services`. Raises CannotServe."""
    async with AsyncExitStack() as opened:
        try:
            services = await opened.enter_async_context(open_services(settings))
        except (OSError, CannotOpenStore, CannotOpenRegistry) as error:
            raise CannotServe(f"Cannot use the data folder {settings.data_dir}: {error}") from error
        except CannotOpenVault as error:
            raise CannotServe(str(error)) from error
        yield services


def main(arguments: Sequence[str] | None = None, services: OpenServices = open_data_folder) -> int:
    """The exit code."""
    options = vars(_parser().parse_args(arguments))
    try:
        settings = Settings.from_env(os.environ, {name: text for name, text in options.items() if text})
        if options["command"] == "sweep":
            count = asyncio.run(sweep(settings, delete=options["delete"]))
            files = "1 file" if count == 1 else f"{count} files"
            print(f"{files} that no attachment has" + (": deleted" if options["delete"] else ""))
        elif "run" in options:
            options["run"](settings, {**options, "open_services": services})
        else:
            refuse_open_door(settings)
            serve(settings, services)
    except (BadSetting, CannotServe, CommandFailed) as error:
        print(f"weft: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def sweep(settings: Settings, *, delete: bool) -> int:
    """How many files no attachment has, which are deleted if wanted. Raises CannotServe."""
    count = 0
    try:
        vault, store = vault_of(settings), await open_store(settings)
        async with AsyncExitStack() as opened:
            opened.push_async_callback(store.close)
            async for places in find_orphans(store, vault):
                count += len(places)
                if delete:
                    await vault.delete(places)
    except (CannotOpenStore, CannotOpenVault, StoreUnavailable) as error:
        raise CannotServe(f"Cannot sweep: {error}") from error
    return count


def refuse_open_door(settings: Settings) -> None:
    """Raises CannotServe and CommandFailed."""
    if settings.needs_keys and not asyncio.run(keys.has_keys(settings)):
        raise CannotServe(
            f"Others could reach {settings.host}, and nobody could come in, as there are no API keys. Make one with "
            f"`weft keys create --data-dir {settings.data_dir}`, or listen on 127.0.0.1, or pass "
            "--allow-unauthenticated if everyone who can reach it may read and change everything."
        )


def serve(settings: Settings, services: OpenServices) -> None:
    """Serves until SIGINT or SIGTERM. Raises CannotServe."""
    configure_logging(settings.log_level)
    with listen(settings.host, settings.port) as listener, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_serve(settings, services, listener))


async def _serve(settings: Settings, services: OpenServices, listener: socket.socket) -> None:
    async with services(settings) as opened:
        app = create_app(settings, opened)
        async with answering(settings, opened, TASKS):
            opened.retention.start()
            opened.warm_up.start()
            print(_greeting(settings, listener), end="", flush=True)
            await serve_app(app, listener, opened.runs.stop)


def _greeting(settings: Settings, listener: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{listener.getsockname()[1]}"
    return GREETING.format(version=__version__, url=url, data_dir=settings.data_dir.absolute())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("weft", description="Records, runs and reviews LLM agent threads.")
    parser.add_argument("--version", action="version", version=f"weft {__version__}")
    commands = parser.add_subparsers(required=True, dest="command", metavar="command")
    _add_settings(commands.add_parser("serve", help="start the server", description="Starts the server."))
    sweep = commands.add_parser(
        "sweep",
        help="find files that no attachment has",
        description="Counts the files of attachments that are older than two days and that no attachment has.",
    )
    sweep.add_argument("--delete", action="store_true", help="delete them")
    _add_settings(sweep)
    for command in (keys, export, import_, copy, compact, *OPERATING):
        command.add_commands(commands)
    _add_settings(doctor.add_commands(commands))
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    for setting in fields(Settings):
        default = "none" if setting.default == "" else setting.default
        about = f"{setting.metadata['about']} [{variable(setting)}; default {default}]".replace("%", "%%")
        parser.add_argument(
            flag(setting),
            dest=setting.name,
            metavar=setting.name.upper(),
            nargs="?" if isinstance(setting.default, bool) else None,
            const="true" if isinstance(setting.default, bool) else None,
            help=about,
        )
