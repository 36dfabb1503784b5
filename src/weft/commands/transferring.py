"""What `weft export`, `weft import` and `weft copy` have in common: which server, how far, and what came of it."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from weft.commands.keys import CommandFailed
from weft.transfer.progress import Bar, Silent
from weft.transfer.records import BadRecord
from weft.transfer.server import Server, TransferFailed

Options = dict[str, Any]
Commands = argparse._SubParsersAction

DEFAULT_URL = "http://127.0.0.1:5173"
DEFAULT_WORKSPACE = "default"
KEY_VARIABLE = "WEFT_API_KEY"
STOP_TIMEOUT_S = 30


def new_parser(commands: "Commands[argparse.ArgumentParser]", name: str, about: str, more: str) -> Any:
    parser = commands.add_parser(
        name, help=about, description=more, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="for scripts: one line of JSON at the end, on stdout")
    return parser


def add_server(parser: argparse.ArgumentParser) -> None:
    """Options that name one server, for `open_server`."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--url", default=DEFAULT_URL, help=f"of the server, a Weft or an Opik [default {DEFAULT_URL}]")
    place.add_argument("--data-dir", metavar="DIR", help="instead of a URL, the data folder of a Weft that is stopped")
    parser.add_argument(
        "--api-key", help=f"for the server, if it wants one; better as {KEY_VARIABLE}: others see flags"
    )
    parser.add_argument("--workspace", default=DEFAULT_WORKSPACE, help=f"there [default {DEFAULT_WORKSPACE}]")


@contextmanager
def open_server(options: Options) -> Iterator[Server]:
    """Raises CommandFailed, also for what fails while it is open."""
    with failures_told(), ExitStack() as opened:
        data_dir = options["data_dir"]
        url = options["url"] if data_dir is None else opened.enter_context(_served(Path(data_dir)))
        yield opened.enter_context(reached(url, options["api_key"], options["workspace"]))


@contextmanager
def reached(url: str, api_key: str | None, workspace: str, variable: str = KEY_VARIABLE) -> Iterator[Server]:
    """Raises TransferFailed."""
    with closing(Server(url, api_key or os.environ.get(variable, ""), workspace)) as server:
        server.find_api()
        yield server


@contextmanager
def failures_told() -> Iterator[None]:
    """Raises CommandFailed instead of what a transfer raises."""
    try:
        yield
    except (TransferFailed, BadRecord, JSONDecodeError, OSError) as error:
        raise CommandFailed(str(error)) from error


def new_progress() -> Silent:
    return Bar(sys.stderr) if sys.stderr.isatty() else Silent()


def tell(options: Options, text: str, facts: Mapping[str, object]) -> None:
    print(json.dumps(facts) if options["json"] else text)


def counted(counts: Mapping[str, int]) -> str:
    """`20,000 traces, 100,000 spans, …`"""
    names = ("traces", "spans", "threads", "attachments")
    return ", ".join(f"{counts.get(name, 0):,} {name}" for name in names)


@contextmanager
def _served(data_dir: Path) -> Iterator[str]:
    """The URL of a server for this folder, which ends with the block. Raises TransferFailed."""
    if not data_dir.is_dir():
        raise TransferFailed(f"There is no folder {data_dir}")
    command = [sys.executable, "-m", "weft", "serve", "--host", "127.0.0.1", "--port", "0", "--log-level", "error"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "--data-dir", str(data_dir)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        try:
            yield _listening_url(process, said)
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()


def _listening_url(process: "subprocess.Popen[bytes]", said: Any) -> str:
    """Raises TransferFailed with what the server said instead."""
    assert process.stdout is not None
    greeting = process.stdout.readline().decode()
    if " listens on " in greeting:
        return greeting.rpartition(" ")[2].strip()
    process.wait(STOP_TIMEOUT_S)
    said.seek(0)
    reasons = said.read().decode(errors="replace").strip().splitlines()
    raise TransferFailed(reasons[-1].removeprefix("weft: ") if reasons else "The data folder cannot be served")
