"""What a write brings into being besides its rows: the projects and environments that it names."""

from collections.abc import Iterable, Sequence

from weft.model.merge import Patch
from weft.model.span import Span
from weft.model.trace import Trace
from weft.registry import Registry
from weft.store.contract import SpanParent, Store, Target


async def ensure_projects(
    registry: Registry, workspace_id: str, names: Iterable[str | None], user: str
) -> dict[str | None, str]:
    """The id of each project named, made if need be. No name stands for the default project."""
    return {name: (await registry.projects.ensure(workspace_id, name, user)).id for name in names}


async def record_traces(registry: Registry, store: Store, traces: Sequence[Trace]) -> None:
    await _note_environments(registry, traces[0].workspace_id, [trace.environment for trace in traces])
    await store.put_traces(traces)


async def record_spans(registry: Registry, store: Store, spans: Sequence[Span]) -> None:
    await _note_environments(registry, spans[0].workspace_id, [span.environment for span in spans])
    await store.put_spans(spans)


async def record_new_trace(registry: Registry, store: Store, trace: Trace) -> None:
    """Raises TraceExists and ProjectMismatch."""
    await _note_environments(registry, trace.workspace_id, [trace.environment])
    await store.create_trace(trace)


async def record_new_span(registry: Registry, store: Store, span: Span) -> None:
    """Raises ProjectMismatch."""
    await _note_environments(registry, span.workspace_id, [span.environment])
    await store.create_span(span)


async def record_trace_patch(registry: Registry, store: Store, target: Target, patch: Patch) -> None:
    """Raises ProjectMismatch and TagLimitExceeded."""
    await _note_environments(registry, target.workspace_id, [patch.values.get("environment")])
    await store.patch_trace(target, patch)


async def record_span_patch(registry: Registry, store: Store, target: Target, parent: SpanParent, patch: Patch) -> None:
    """Raises ProjectMismatch, SpanMismatch and TagLimitExceeded."""
    await _note_environments(registry, target.workspace_id, [patch.values.get("environment")])
    await store.patch_span(target, parent, patch)


async def _note_environments(registry: Registry, workspace_id: str, names: Iterable[object]) -> None:
    named = {name for name in names if isinstance(name, str) and name}
    if named:
        await registry.environments.note(workspace_id, named)
