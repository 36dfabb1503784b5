"""The `weft` command."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import fields

import uvicorn
from uvicorn.loops.auto import auto_loop_factory

from weft import __version__
from weft.api.http.json_lines import configure_logging
from weft.app import create_app
from weft.core.costs import with_cost
from weft.registry import CannotOpenRegistry, Registry, open_registry
from weft.settings import BadSetting, Settings, flag, variable
from weft.store.contract import CannotOpenStore, Store
from weft.store.duckdb.engine import open_duckdb
from weft.store.sql_store import SqlStore

SHUTDOWN_S = 5  # for requests in flight, once asked to stop

GREETING = """\
Weft {version} listens on {url}
Data folder: {data_dir}
Point an Opik SDK at it: export OPIK_URL_OVERRIDE={url}/api
"""


class CannotServe(Exception):
    """The text says why, in one line."""


OpenServices = Callable[[Settings], AbstractAsyncContextManager[tuple[Store, Registry]]]


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[tuple[Store, Registry]]:
    """The store and the registry in the data folder, closed at the end. Raises CannotServe."""
    async with AsyncExitStack() as opened:
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            store = await open_store(settings)
            opened.push_async_callback(store.close)
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
    return SqlStore(engine, price=with_cost)


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


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise CannotServe(f"Cannot listen on {host}, port {port}: {error.strerror or error}") from error


async def _serve(settings: Settings, services: OpenServices, listener: socket.socket) -> None:
    async with services(settings) as (store, registry):
        config = uvicorn.Config(
            create_app(settings, store, registry),
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=SHUTDOWN_S,
        )
        print(_greeting(settings, listener), end="", flush=True)
        await _Server(config).serve(sockets=[listener])


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own raises the signal again when it is done, which would end the process with the store open."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


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
