"""Opens what builds and runs agents. Its packages take seconds and 80 MB: a server without agents does without."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from types import ModuleType

from weft.agents.addresses import AddressRule
from weft.agents.contract import Machinery
from weft.agents.trace_writer import TraceSink
from weft.errors import ExtraNotInstalled

HeadersFor = Callable[[str, str, str], Awaitable[dict[str, str] | None]]


async def open_machinery(
    folder: Path, sink: TraceSink, rule: AddressRule, headers_for: HeadersFor, default_model: str = ""
) -> Machinery:
    """`folder` is for the states of threads and the memories of agents. Raises ExtraNotInstalled."""
    runtime, tracing = await asyncio.to_thread(_load)
    opened = await runtime.open_runtime(folder, runtime.McpAccess(rule, headers_for), default_model)
    return Machinery(opened, partial(tracing.RunTracer, sink))


def _load() -> tuple[ModuleType, ModuleType]:
    """In a thread, as it takes a second or two."""
    try:
        from weft.agents.runtime import runtime, tracing
    except ImportError as error:
        raise ExtraNotInstalled(extra="agents", package=error.name) from error
    return runtime, tracing
