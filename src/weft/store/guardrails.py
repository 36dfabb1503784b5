"""Queries on guardrail results."""

from collections import defaultdict
from collections.abc import Sequence

from weft.model.guardrail import Guardrail
from weft.store.columns import columns_of
from weft.store.contract import Scope
from weft.store.database import Database

Guardrails = dict[str, tuple[Guardrail, ...]]


async def get_guardrails(db: Database, scope: Scope, ids: Sequence[str]) -> Guardrails:
    """The results of each trace that has any, oldest first."""
    params = scope._asdict() | {"ids": list(ids)}
    guardrails: dict[str, list[Guardrail]] = defaultdict(list)
    for row in await db.run("get_guardrails", params, columns=columns_of(Guardrail)):
        guardrail = Guardrail(*row)
        guardrails[guardrail.entity_id].append(guardrail)
    return {id: tuple(of_trace) for id, of_trace in guardrails.items()}
