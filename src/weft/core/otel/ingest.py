"""Records what OpenTelemetry sends."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from weft.attachments.vault import Vault
from weft.core.ingest import record_spans, record_traces
from weft.core.otel.ids import proposed_trace_ids
from weft.core.otel.records import Destination, records_of
from weft.core.otel.span import OtelSpan
from weft.model.instants import now_us
from weft.registry import Registry
from weft.store.contract import Store


@dataclass(frozen=True, slots=True)
class Sender:
    workspace_id: str
    user_name: str
    project_name: str | None


async def record_otel_spans(
    registry: Registry, store: Store, vault: Vault, sender: Sender, spans: Sequence[OtelSpan]
) -> None:
    """All of the spans must be without a flaw. Their parents and traces may come before, later or never; to send them
    again is no error."""
    if not spans:
        return
    workspace_id = sender.workspace_id
    project = await registry.projects.ensure(workspace_id, sender.project_name, sender.user_name)
    trace_ids = await registry.otel_traces.ensure(workspace_id, proposed_trace_ids(spans))
    destination = Destination(workspace_id, project.id, sender.user_name, now_us())
    records = await asyncio.to_thread(records_of, spans, trace_ids, destination)
    if records.traces:
        await record_traces(registry, store, vault, records.traces)
    await record_spans(registry, store, vault, records.spans)


def flaws_of(spans: Sequence[OtelSpan]) -> list[str]:
    """Why spans cannot be recorded, one text for each of those."""
    return [flaw for span in spans if (flaw := span.flaw())]
