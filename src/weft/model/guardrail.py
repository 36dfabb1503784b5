"""Results of guardrail checks on the spans of a trace."""

from msgspec import Struct


class Guardrail(Struct, frozen=True, omit_defaults=True):
    """The fields are the columns of table `guardrails`, in order. `entity_id` is the trace, `secondary_id` the span;
    `config` and `details` are JSON text."""

    workspace_id: str
    project_id: str
    entity_id: str
    secondary_id: str
    id: str
    name: str
    result: str
    config: str | None = None
    details: str | None = None
    created_at: int = 0
    created_by: str = ""
