"""What happens to the files that were taken out of a payload when another payload takes its place: they go."""

from weft.model.attachment import referenced_files
from weft.model.span import Span
from weft.model.trace import Trace
from weft.store.unit_of_work import UnitOfWork


def drop_lost_files(unit: UnitOfWork, row: Trace | Span, *before: Trace | Span | None) -> None:
    """For a row that takes the place of those before: deletes the files that it does not refer to any more."""
    referred = {name for other in before if other is not None and other is not row for name in _files_of(other)}
    lost = referred - _files_of(row) if referred else referred
    if lost:
        unit.drop_attachments(
            {
                "workspace_id": row.workspace_id,
                "project_id": row.project_id,
                "entity_type": "trace" if isinstance(row, Trace) else "span",
                "entity_id": row.id,
                "file_names": sorted(lost),
            }
        )


def _files_of(row: Trace | Span) -> set[str]:
    return referenced_files(row.input, row.output, row.metadata)
