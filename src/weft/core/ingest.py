"""What a write brings into being besides its rows: the projects and environments that it names, and the files that its
payloads hold."""

from collections.abc import Iterable, Sequence

from weft.attachments.vault import Vault
from weft.core.attachments import forget, stripped, stripped_patch, stripped_patch_of_many
from weft.model.merge import Patch
from weft.model.outcome import Outcome
from weft.model.restored import Restored
from weft.model.span import Span
from weft.model.trace import Trace
from weft.registry import Registry
from weft.store.contract import SpanParent, Store, Target


async def ensure_projects(
    registry: Registry, workspace_id: str, names: Iterable[str | None], user: str
) -> dict[str | None, str]:
    """The id of each project named, made if need be. No name stands for the default project."""
    return {name: (await registry.projects.ensure(workspace_id, name, user)).id for name in names}


async def record_traces(registry: Registry, store: Store, vault: Vault, traces: Sequence[Trace]) -> None:
    await _note_environments(registry, traces[0].workspace_id, [trace.environment for trace in traces])
    async with stripped(store, vault, traces) as bare:
        await store.put_traces(bare)


async def record_spans(registry: Registry, store: Store, vault: Vault, spans: Sequence[Span]) -> None:
    await _note_environments(registry, spans[0].workspace_id, [span.environment for span in spans])
    async with stripped(store, vault, spans) as bare:
        await store.put_spans(bare)


async def record_new_trace(registry: Registry, store: Store, vault: Vault, trace: Trace) -> None:
    """Raises TraceExists and ProjectMismatch."""
    await _note_environments(registry, trace.workspace_id, [trace.environment])
    async with stripped(store, vault, [trace]) as [bare]:
        await store.create_trace(bare)


async def record_new_span(registry: Registry, store: Store, vault: Vault, span: Span) -> None:
    """Raises ProjectMismatch."""
    await _note_environments(registry, span.workspace_id, [span.environment])
    async with stripped(store, vault, [span]) as [bare]:
        await store.create_span(bare)


async def record_trace_patch(registry: Registry, store: Store, vault: Vault, target: Target, patch: Patch) -> None:
    """Raises ProjectMismatch and TagLimitExceeded."""
    await _note_environments(registry, target.workspace_id, [patch.values.get("environment")])
    async with stripped_patch(store, vault, target, patch, Trace) as bare:
        await store.patch_trace(target, bare.patch)


async def record_span_patch(
    registry: Registry, store: Store, vault: Vault, target: Target, parent: SpanParent, patch: Patch
) -> None:
    """Raises ProjectMismatch, SpanMismatch and TagLimitExceeded."""
    await _note_environments(registry, target.workspace_id, [patch.values.get("environment")])
    async with stripped_patch(store, vault, target, patch, Span) as bare:
        await store.patch_span(target, parent, bare.patch)


async def record_patch_of_many(
    store: Store,
    vault: Vault,
    of: type[Trace] | type[Span],
    workspace_id: str,
    ids: Sequence[str],
    patch: Patch,
    each_alone: bool,
) -> list[Outcome]:
    """As `Store.patch_traces`."""
    store_patch = store.patch_traces if of is Trace else store.patch_spans
    async with stripped_patch_of_many(store, vault, workspace_id, ids, patch, of) as bare:
        outcomes = await store_patch(workspace_id, ids, bare.patch, each_alone)
    unchanged = {outcome.id for outcome in outcomes if outcome.error}
    await forget(store, [file for file in bare.files if file.entity_id in unchanged])
    return outcomes


async def record_restored(registry: Registry, store: Store, workspace_id: str, records: Restored) -> None:
    """Payloads stay as they are: files in them were taken out where they were recorded."""
    of_traces = [trace.environment for trace in records.traces]
    of_spans = [span.environment for span in records.spans]
    of_threads = [thread.environment for thread in records.threads]
    await _note_environments(registry, workspace_id, [*of_traces, *of_spans, *of_threads])
    await store.restore(records)


async def _note_environments(registry: Registry, workspace_id: str, names: Iterable[object]) -> None:
    named = {name for name in names if isinstance(name, str) and name}
    if named:
        await registry.environments.note(workspace_id, named)
