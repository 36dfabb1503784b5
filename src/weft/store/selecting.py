"""What a selection is in statements: their parameters, and what goes into their slots."""

from weft.model.feedback_score import EntityType
from weft.store.contract import Selection
from weft.store.database import Database


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
    """`needs` are joins besides those of the condition. Any order is up to the caller."""
    joined = needs | selection.where.needs
    return {
        "joins": "\n".join(db.statements[f"join_{need}"] for need in sorted(joined)),
        "where": selection.where.sql,
        "traces": selection.of_traces.sql,
    }
