"""Guardrail results on the wire (Opik's contract, H.5, F.1)."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Literal
from uuid import UUID

from msgspec import Struct

from weft.api.auth import Caller
from weft.api.opik.wire.recorded import check_version_7, size_violations
from weft.api.opik.wire.values import ABSENT, Json, blank, json_text
from weft.model.guardrail import Guardrail
from weft.model.ids import new_id

GuardrailName = Literal["TOPIC", "PII", "LLM_JUDGE", "PROMPT_INJECTION", "CUSTOM_CLASSIFIER"]
GuardrailResult = Literal["passed", "failed"]


class GuardrailWrite(Struct, kw_only=True):
    """`entity_id` is the trace and `secondary_id` the span that was checked; neither need exist."""

    entity_id: UUID | None = None
    secondary_id: UUID | None = None
    project_name: str | None = None
    project_id: UUID | None = None
    name: GuardrailName | None = None
    result: GuardrailResult | None = None
    config: Json = ABSENT
    details: Json = ABSENT

    def violations(self, at: str) -> list[str]:
        rules = {
            "entityId must not be null": self.entity_id is None,
            "secondaryId must not be null": self.secondary_id is None,
            "projectName must not be blank": self.project_name is not None and blank(self.project_name),
            "name must not be null": self.name is None,
            "result must not be null": self.result is None,
        }
        return [at + text for text, broken in rules.items() if broken]

    def guardrail(self, caller: Caller, now: int, projects: Mapping[str | None, str]) -> Guardrail:
        assert self.name is not None
        assert self.result is not None
        return Guardrail(
            workspace_id=caller.workspace_id,
            project_id=str(self.project_id) if self.project_id else projects[self.project_name],
            entity_id=str(self.entity_id),
            secondary_id=str(self.secondary_id),
            id=new_id(),
            name=self.name,
            result=self.result,
            config=json_text(self.config),
            details=json_text(self.details),
            created_at=now,
            created_by=caller.user_name,
        )


class GuardrailBatch(Struct, kw_only=True):
    guardrails: list[GuardrailWrite] | None = None

    def item_count(self) -> int:
        return len(self.guardrails or ())

    def violations(self) -> list[str]:
        return size_violations(self.guardrails, "guardrails") or [
            text for i, item in enumerate(self.guardrails or ()) for text in item.violations(f"guardrails[{i}].")
        ]

    def check_ids(self) -> None:
        """Raises InvalidId for the first id that is not of version 7."""
        for item in self.guardrails or ():
            check_version_7(item.entity_id, "trace")
            check_version_7(item.secondary_id, "span")

    def project_names(self) -> set[str | None]:
        return {item.project_name for item in self.guardrails or () if item.project_id is None}

    def project_ids(self) -> set[str]:
        return {str(item.project_id) for item in self.guardrails or () if item.project_id is not None}

    def to_guardrails(self, caller: Caller, now: int, projects: Mapping[str | None, str]) -> list[Guardrail]:
        """`projects` maps the names to ids."""
        return [item.guardrail(caller, now, projects) for item in self.guardrails or ()]


class CheckView(Struct, kw_only=True):
    name: str
    result: str


class GuardrailsValidationView(Struct, kw_only=True):
    span_id: str
    checks: list[CheckView]


def guardrails_validations(guardrails: Sequence[Guardrail]) -> list[GuardrailsValidationView] | None:
    """The checks of each span. None when there are none: an empty list is left out."""
    by_span = groupby(sorted(guardrails, key=_span), key=_span)
    return [
        GuardrailsValidationView(span_id=span_id, checks=[CheckView(name=g.name, result=g.result) for g in of_span])
        for span_id, of_span in by_span
    ] or None


def _span(guardrail: Guardrail) -> str:
    return guardrail.secondary_id
