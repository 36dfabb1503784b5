"""What a selection is in statements: their parameters, and what goes into their slots."""

import re

from weft.model.feedback_score import EntityType
from weft.store.contract import Selection
from weft.store.database import Database

_JOIN = re.compile(r"{(join_\w+)}")


def selection_params(selection: Selection, entity_type: EntityType) -> dict[str, object]:
    """Of all statements that select; each takes those that it has."""
    return {
        "workspace_id": selection.workspace_id,
        "project_id": selection.project_id,
        "from_id": selection.from_id,
        "to_id": selection.to_id,
        "active_since": selection.active_since,
        "entity_type": entity_type,
        "sort_key": "",
        **selection.where.params,
        **selection.order.params,
        **selection.of_traces.params,
    }


def selection_slots(db: Database, selection: Selection, needs: frozenset[str]) -> dict[str, str]:
    """`needs` are joins besides those of the condition, which has slots of its own for what it needs of parts of
    the rows. Any order is up to the caller."""
    joined = needs | selection.where.needs
    of_parts = _JOIN.findall(selection.where.sql)
    return {
        "joins": "\n".join(db.statements[f"join_{need}"] for need in sorted(joined)),
        "where": selection.where.sql,
        **{name: db.statements[name] for name in of_parts},
        "traces": selection.of_traces.sql,
    }
