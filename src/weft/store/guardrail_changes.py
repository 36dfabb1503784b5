"""Writes of guardrail results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weft.model.guardrail import Guardrail
from weft.store.changes import Table
from weft.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class AddGuardrails:
    """All new: none replaces another."""

    guardrails: Sequence[Guardrail]

    @property
    def reads(self) -> Mapping[Table, Iterable[str]]:
        return {}

    def apply(self, unit: UnitOfWork) -> None:
        for guardrail in self.guardrails:
            unit.guardrails.set(guardrail)
