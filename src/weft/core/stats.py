"""Stats of whole projects, and figures compared with those of the time before (Opik's contract, E.4, H.2)."""

from asyncio import gather
from collections.abc import Sequence
from typing import NamedTuple

from weft.filters.compile import EVERYTHING, NEWEST_FIRST
from weft.model.feedback_score import EntityType
from weft.model.ids import first_id_at, last_id_at
from weft.model.stats import Buckets, Figures, Stats
from weft.store.contract import Selection, Store

# Opik's contract: errors of the last 7 days are compared with those of the 7 days before.
_ERROR_PERIOD_MS = 7 * 24 * 3_600_000
_MINUTE_MS = 60_000


class Periods(NamedTuple):
    """Figures of a stretch of time, and of as much time before it."""

    current: Figures
    previous: Figures


class ProjectStats(NamedTuple):
    """`errors` are those of the last days and of the days before, whatever else is selected."""

    project_id: str
    stats: Stats
    errors: Periods


def everything(workspace_id: str, project_id: str) -> Selection:
    return Selection(workspace_id=workspace_id, project_id=project_id, where=EVERYTHING, order=NEWEST_FIRST)


def _between(selection: Selection, start_ms: int, end_ms: int) -> Selection:
    """Of the same rows, those of the time from the start to before the end instead."""
    return Selection(
        workspace_id=selection.workspace_id,
        project_id=selection.project_id,
        where=selection.where,
        order=NEWEST_FIRST,
        from_id=first_id_at(start_ms),
        to_id=last_id_at(end_ms - 1),
    )


async def project_stats(store: Store, selection: Selection, now_ms: int) -> ProjectStats:
    """Of the selected traces of a project."""
    end_ms = (now_ms // _MINUTE_MS + 1) * _MINUTE_MS  # the same for a while, so that figures are not asked for again
    recent = _between(selection, end_ms - 2 * _ERROR_PERIOD_MS, end_ms)
    stats, errors = await gather(
        store.get_stats("trace", selection),
        compare(store, "trace", recent, ["errors"], end_ms - _ERROR_PERIOD_MS, _ERROR_PERIOD_MS),
    )
    return ProjectStats(selection.project_id, stats or Stats(Figures()), errors)


async def compare(
    store: Store, entity_type: EntityType, selection: Selection, names: Sequence[str], start_ms: int, length_ms: int
) -> Periods:
    """Figures of so much time from the start, and of as much time before.
    Nothing of before or after the two may be selected."""
    buckets = Buckets(start_ms - length_ms, length_ms, 2)
    figures = await store.get_figures(entity_type, selection, names, buckets)
    return Periods(figures.get(1, Figures()), figures.get(0, Figures()))
