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
from weft.app import create_app, vault_of
from weft.attachments.folder import remove_unfinished
from weft.core.costs import with_cost
from weft.registry import CannotOpenRegistry, Registry, open_registry
from weft.server import CannotServe, listen, serve_app
from weft.settings import BadSetting, Settings, flag, variable
from weft.store.contract import CannotOpenStore, Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

GREETING = """\
Weft {version} listens on {url}
Data folder: {data_dir}
Point an Opik SDK at it: export OPIK_URL_OVERRIDE={url}/api
"""


OpenServices = Callable[[Settings], AbstractAsyncContextManager[tuple[Store, Registry]]]


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[tuple[Store, Registry]]:
    """The store and the registry in the data folder, closed at the end. Raises CannotServe."""
    async with AsyncExitStack() as opened:
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            store = await open_store(settings)
            opened.push_async_callback(store.close)
            remove_unfinished(settings.attachments_dir)
            registry = await open_registry(settings.data_dir / "registry.sqlite")
            opened.push_async_callback(registry.close)
        except (OSError, CannotOpenStore, CannotOpenRegistry) as error:
            raise CannotServe(f"Cannot use the data folder {settings.data_dir}: {error}") from error
        yield store, registry


async def open_store(settings: Settings) -> Store:
    engine = await open_duckdb(
        settings.data_dir / "traces.duckdb",
        memory_limit=settings.query_memory,
        reader_threads=settings.query_threads,
        query_timeout_s=settings.query_timeout_s,
    )
    return SqlStore(engine, price=with_cost, free=vault_of(settings).delete)


def main(arguments: Sequence[str] | None = None, services: OpenServices = open_services) -> int:
    """The exit code."""
    options = vars(_parser().parse_args(arguments))
    try:
        settings = Settings.from_env(os.environ, {name: text for name, text in options.items() if text})
        refuse_open_door(settings)
        serve(settings, services)
    except (BadSetting, CannotServe) as error:
        print(f"weft: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def refuse_open_door(settings: Settings) -> None:
    if settings.reachable_by_others and not settings.allow_unauthenticated:
        raise CannotServe(
            f"Others could reach {settings.host}, and read and change everything, as there are no API keys. "
            "Listen on 127.0.0.1, or pass --allow-unauthenticated if everyone who can reach it is trusted."
        )


def serve(settings: Settings, services: OpenServices) -> None:
    """Serves until SIGINT or SIGTERM. Raises CannotServe."""
    configure_logging(settings.log_level)
    with listen(settings.host, settings.port) as listener, asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(_serve(settings, services, listener))


async def _serve(settings: Settings, services: OpenServices, listener: socket.socket) -> None:
    async with services(settings) as (store, registry):
        app = create_app(settings, store, registry)
        print(_greeting(settings, listener), end="", flush=True)
        await serve_app(app, listener)


def _greeting(settings: Settings, listener: socket.socket) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{listener.getsockname()[1]}"
    return GREETING.format(version=__version__, url=url, data_dir=settings.data_dir.absolute())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("weft", description="Records, runs and reviews LLM agent threads.")
    parser.add_argument("--version", action="version", version=f"weft {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser("serve", help="start the server", description="Starts the server.")
    for setting in fields(Settings):
        about = f"{setting.metadata['about']} [{variable(setting)}; default {setting.default}]".replace("%", "%%")
        serve.add_argument(
            flag(setting),
            dest=setting.name,
            metavar=setting.name.upper(),
            nargs="?" if isinstance(setting.default, bool) else None,
            const="true" if isinstance(setting.default, bool) else None,
            help=about,
        )
    return parser
