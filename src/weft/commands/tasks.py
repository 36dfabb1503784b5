"""What a command asks of a data folder: of the server that has it open, or, if there is none, of the folder itself.

One process owns the folder. It answers at a socket in it, which its user alone can reach: a line of JSON each way.
"""

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any

import msgspec

from weft.api.services import Services
from weft.commands.keys import CommandFailed
from weft.core.backup import CannotBackUp
from weft.errors import NotFound, WeftError
from weft.settings import Settings

LOG = logging.getLogger("weft.tasks")

SOCKET = "weft.sock"

Arguments = Mapping[str, str]
Task = Callable[[Settings, Services, Arguments], Awaitable[object]]
OpenServices = Callable[[Settings], AbstractAsyncContextManager[Services]]

_LINE_LIMIT = 64 * 1024 * 1024


class NoServer(Exception):
    """None has the data folder open."""


async def do_task(
    settings: Settings, open_services: OpenServices, tasks: Mapping[str, Task], name: str, arguments: Arguments
) -> Any:
    """What came of it, as from JSON. Raises CommandFailed, and what opening the folder raises."""
    try:
        return await asyncio.to_thread(ask_server, settings.data_dir / SOCKET, name, arguments)
    except NoServer:
        if not settings.registry_file.exists():
            raise CommandFailed(
                f"There is no data in the folder {settings.data_dir}; --data-dir names another"
            ) from None
    async with open_services(settings) as services:
        answer = await _answer(tasks[name], settings, services, arguments)
    return _result(answer)


def ask_server(path: Path, name: str, arguments: Arguments) -> Any:
    """Raises NoServer and CommandFailed."""
    with closing(_connected(path)) as connection, connection.makefile("rwb") as stream:
        stream.write(json.dumps({"task": name, "arguments": dict(arguments)}).encode() + b"\n")
        stream.flush()
        line = stream.readline()
    if not line:
        raise CommandFailed("The server stopped before it was done")
    return _result(json.loads(line))


@asynccontextmanager
async def answering(settings: Settings, services: Services, tasks: Mapping[str, Task]) -> AsyncIterator[None]:
    """Where there is no such socket, as on Windows or where the path is too long, commands need the server stopped."""
    path = settings.data_dir / SOCKET
    try:
        listener = _listener(path)
    except OSError as error:
        LOG.warning("no socket for commands", extra={"fields": {"path": str(path), "reason": str(error)}})
        yield
        return
    underway: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        underway.add(task)
        try:
            asked = json.loads(await reader.readline())
            answer = await _answer(tasks.get(asked["task"], _unknown), settings, services, asked["arguments"])
            writer.write(msgspec.json.encode(answer) + b"\n")
            await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            underway.discard(task)
            writer.close()

    server = await asyncio.start_unix_server(serve, sock=listener, limit=_LINE_LIMIT)
    try:
        yield
    finally:
        server.close()
        for task in underway:
            task.cancel()
        if underway:
            await asyncio.wait(underway)
        path.unlink(missing_ok=True)


async def _answer(task: Task, settings: Settings, services: Services, arguments: Arguments) -> dict[str, Any]:
    try:
        return {"result": msgspec.to_builtins(await task(settings, services, arguments))}
    except (WeftError, CannotBackUp) as error:
        return {"error": str(error)}
    except Exception:
        LOG.exception("a command failed")
        return {"error": "It failed unexpectedly, and the log of the server says why"}


async def _unknown(settings: Settings, services: Services, arguments: Arguments) -> None:
    raise NotFound(entity="Task", id="of this command; the server is of another version")


def _result(answer: Mapping[str, Any]) -> Any:
    if "error" in answer:
        raise CommandFailed(answer["error"])
    return answer["result"]


def _listener(path: Path) -> socket.socket:
    """Raises OSError. The folder is this process's own, so what is there is left of one that was killed."""
    if not hasattr(socket, "AF_UNIX"):
        raise OSError("no such sockets here")
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        os.chmod(path, 0o600)
    except OSError:
        listener.close()
        raise
    return listener


def _connected(path: Path) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise NoServer
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(path))
    except OSError as error:
        connection.close()
        raise NoServer from error
    return connection
