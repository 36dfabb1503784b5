"""What `weft doctor` looks at, one function each. Nothing is changed."""

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from weft import __version__
from weft.commands.tasks import SOCKET, NoServer, ask_server
from weft.registry import KEY_FILE, CannotOpenRegistry
from weft.registry.inspecting import read_state, why_unreadable
from weft.settings import Settings
from weft.store.contract import CannotOpenStore
from weft.store.duckdb.inspecting import read_schema

SCARCE_BYTES = 1_000_000_000
SCARCE_PART = 0.05


@dataclass(frozen=True, slots=True)
class Finding:
    """`advice` says what to do about anything but `ok`."""

    check: str
    status: Literal["ok", "warning", "problem"]
    text: str
    advice: str = ""


def check_version(settings: Settings) -> Iterator[Finding]:
    yield Finding("version", "ok", f"Weft {__version__} on Python {platform.python_version()}, {platform.platform()}")


def check_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir.absolute()
    if not folder.is_dir():
        yield Finding(
            "folder", "problem", f"There is no folder {folder}", "Name it with --data-dir, or start the server"
        )
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("folder", "problem", f"{folder} cannot be read and written", "Give it to the user of the server")
    elif folder.stat().st_mode & stat.S_IWOTH:
        yield Finding("folder", "problem", f"Everyone can write to {folder}", f"chmod o-rwx {folder}")
    elif folder.stat().st_mode & stat.S_IROTH:
        yield Finding("folder", "warning", f"Every user of this machine can read {folder}", f"chmod o-rwx {folder}")
    else:
        yield Finding("folder", "ok", f"{folder} can be read and written")


def check_disk(settings: Settings) -> Iterator[Finding]:
    usage = shutil.disk_usage(settings.data_dir)
    free = f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.1f} GB are free"
    if usage.free < SCARCE_BYTES:
        yield Finding("disk", "problem", free, "Make room, or set `weft retention` so that less is kept")
    elif usage.free < usage.total * SCARCE_PART:
        yield Finding("disk", "warning", free, "Make room, or set `weft retention` so that less is kept")
    else:
        yield Finding("disk", "ok", free)


def check_store(settings: Settings) -> Iterator[Finding]:
    path = settings.data_dir / "traces.duckdb"
    if not path.exists():
        yield Finding("store", "warning", f"There is no {path} yet", "It is made when the server starts")
        return
    try:
        schema = read_schema(path)
    except CannotOpenStore as error:
        if is_served(settings):
            yield Finding("store", "ok", "A server has it open and answers")
        else:
            yield Finding("store", "problem", str(error), "Stop what else uses it, or put a backup in its place")
        return
    yield _schema_finding("store", schema.found, schema.known)


def check_registry(settings: Settings) -> Iterator[Finding]:
    path = settings.registry_file
    if not path.exists():
        yield Finding("registry", "warning", f"There is no {path} yet", "It is made when the server starts")
        return
    try:
        state = read_state(path)
    except CannotOpenRegistry as error:
        yield Finding("registry", "problem", str(error), "Put a backup in its place")
        return
    if state.damage:
        yield Finding("registry", "problem", f"It is damaged: {state.damage}", "Put a backup in its place")
    yield _schema_finding("registry", int(state.revision), int(state.known))
    yield from _key_findings(settings, state.sealed)


def check_binding(settings: Settings) -> Iterator[Finding]:
    if not settings.reachable_by_others:
        yield Finding("binding", "ok", f"{settings.host} can be reached from this machine only")
    elif settings.allow_unauthenticated:
        yield Finding(
            "binding",
            "warning",
            f"Everyone who can reach {settings.host} may read and change everything",
            "Make keys with `weft keys create` and leave out --allow-unauthenticated",
        )
    else:
        yield Finding("binding", "ok", f"{settings.host} can be reached by others, who need a key")


def is_served(settings: Settings) -> bool:
    try:
        ask_server(settings.data_dir / SOCKET, "ping", {})
    except NoServer:
        return False
    return True


def _schema_finding(check: str, found: int, known: int) -> Finding:
    if found > known:
        text = f"It has schema {found}, and this Weft knows {known}"
        return Finding(check, "problem", text, "Use the newer Weft that has made it")
    if found < known:
        text = f"It has schema {found}, and the next start makes that {known}"
        return Finding(check, "warning", text, "Make a backup first: an older Weft cannot open it from then on")
    return Finding(check, "ok", f"It has schema {found}")


def _key_findings(settings: Settings, sealed: str | None) -> Iterator[Finding]:
    key_file = settings.data_dir / KEY_FILE
    if key_file.exists() and key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("secret key", "problem", f"Others can read {key_file}", f"chmod 600 {key_file}")
    if sealed is None:
        yield Finding("secret key", "ok", "There are no secrets that need one")
    elif reason := why_unreadable(sealed, key_file, settings.secret_key):
        advice = f"Bring back {KEY_FILE} or WEFT_SECRET_KEY, or register the MCP servers anew"
        yield Finding("secret key", "problem", f"Stored secrets cannot be read: {reason}", advice)
    else:
        yield Finding("secret key", "ok", "Stored secrets can be read")


Check = Callable[[Settings], Iterator[Finding]]

FIRST: Sequence[Check] = (check_version, check_folder)
OF_FOLDER: Sequence[Check] = (check_disk, check_store, check_registry, check_binding)
