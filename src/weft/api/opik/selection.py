"""From what a caller asks to what the store selects."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from weft.api.http.call import Call
from weft.api.opik.wire.recorded import RecordedUpdate
from weft.api.opik.wire.selection import DEFAULT_LIMIT, ListQuery, SearchBody, SelectsProject
from weft.api.opik.wire.values import blank
from weft.errors import (
    InvalidExclude,
    InvalidFilterOperator,
    InvalidFilters,
    InvalidFilterValue,
    InvalidParameter,
    InvalidQueryText,
    InvalidSorting,
    InvalidTimeWindow,
    NotFound,
    ProjectMismatch,
    ProjectRequired,
    WeftError,
)
from weft.filters.compile import NEWEST_FIRST, both, compile_search, compile_sorting, split_query
from weft.filters.exclude import parse_exclude_body, parse_exclude_parameter
from weft.filters.fields import Noun
from weft.filters.query import all_of
from weft.filters.sorting import parse_sorting
from weft.filters.syntax import Filter, parse_filters_body, parse_filters_parameter
from weft.filters.text import parse_query
from weft.model.feedback_score import EntityType
from weft.model.ids import FIRST_ID, LAST_ID, first_id_at, last_id_at
from weft.model.instants import now_us, parse_any_instant
from weft.model.page import Paging
from weft.model.project import Project
from weft.store.contract import Selection, Target

# What `search_selection` and `list_selection` raise, for route tables.
SEARCH_ERRORS: tuple[type[WeftError], ...] = (
    ProjectRequired,
    NotFound,
    InvalidTimeWindow,
    InvalidFilterOperator,
    InvalidFilterValue,
    InvalidQueryText,
    InvalidExclude,
)
LIST_ERRORS = (*SEARCH_ERRORS, InvalidFilters, InvalidSorting)


async def selected_project(call: Call, selector: SelectsProject) -> Project:
    """Raises ProjectRequired if neither id nor name is given, NotFound if there is no such project."""
    projects = call.services.registry.projects
    if selector.project_id is not None:
        return await projects.get(call.caller.workspace_id, str(selector.project_id))
    if not selector.project_name or not selector.project_name.strip():
        raise ProjectRequired
    project = await projects.find_by_name(call.caller.workspace_id, selector.project_name)
    if project is None:
        raise NotFound(entity="Project name", id=selector.project_name)
    return project


async def list_selection(call: Call, query: ListQuery, noun: Noun, more: Sequence[Filter] = ()) -> Selection:
    """For a list; `more` are filters that have a query parameter of their own."""
    filters = [*parse_filters_parameter(query.filters, noun), *more]
    of_rows, of_traces = split_query(all_of(*filters, parse_query(query.query, noun)), noun)
    where = both(of_rows, compile_search(query.search, noun))
    order = compile_sorting(parse_sorting(query.sorting), noun)
    exclude = parse_exclude_parameter(query.exclude, noun)
    window = _Window.parse(query.from_time, query.to_time)
    project = await selected_project(call, query)
    return Selection(
        workspace_id=call.caller.workspace_id,
        project_id=project.id,
        where=where,
        order=order,
        from_id=window.from_id,
        to_id=window.to_id,
        paging=query.paging,
        truncate=query.truncate,
        exclude=exclude,
        of_traces=of_traces,
    )


async def search_selection(call: Call, body: SearchBody, noun: Noun, more: Sequence[Filter] = ()) -> Selection:
    """For a stream, newest first; `more` are filters that have a property of their own."""
    filters = [*parse_filters_body(body.filters, noun), *more]
    where, of_traces = split_query(all_of(*filters, parse_query(body.query, noun)), noun)
    exclude = parse_exclude_body(body.exclude, noun)
    window = _Window.parse(body.from_time, body.to_time)
    project = await selected_project(call, body)
    return Selection(
        workspace_id=call.caller.workspace_id,
        project_id=project.id,
        where=where,
        order=NEWEST_FIRST,
        from_id=window.from_id,
        to_id=window.to_id,
        before_id=str(body.last_retrieved_id or LAST_ID),
        paging=Paging(1, body.limit or DEFAULT_LIMIT),
        truncate=bool(body.truncate),
        exclude=exclude,
        of_traces=of_traces,
    )


async def as_of_now(call: Call, selection: Selection) -> Selection:
    """For threads, which are inactive some time after their last trace."""
    inactive_after_us = await call.services.registry.workspaces.inactive_after_us(selection.workspace_id)
    return replace(selection, active_since=now_us() - inactive_after_us)


async def patched(call: Call, id: UUID, body: RecordedUpdate, entity: EntityType) -> Target:
    """What a patch of a trace or span is for. A project that is named but does not exist is made; one that is not named
    is looked for. Raises NotFound for a project id that is unknown, and ProjectMismatch instead of making a project for
    what is in another one."""
    projects, caller = call.services.registry.projects, call.caller
    if body.project_id is not None:
        project_id = (await projects.get(caller.workspace_id, str(body.project_id))).id
        return Target(caller.workspace_id, str(id), default_project_id=project_id, project_id=project_id)
    name = None if blank(body.project_name) else body.project_name
    is_new = name is not None and await projects.find_by_name(caller.workspace_id, name) is None
    if is_new and await call.services.store.projects_of(caller.workspace_id, entity, [str(id)]):
        raise ProjectMismatch(entity=entity)
    project_id = (await projects.ensure(caller.workspace_id, name, caller.user_name)).id
    return Target(caller.workspace_id, str(id), project_id, None if name is None else project_id)


@dataclass(frozen=True)
class _Window:
    """Opik's contract, C.9: both bounds are inclusive and are compared with the time inside the id."""

    from_id: str
    to_id: str

    @staticmethod
    def parse(from_time: str | None, to_time: str | None) -> "_Window":
        """Raises InvalidParameter and InvalidTimeWindow."""
        start, end = _instant("from_time", from_time), _instant("to_time", to_time)
        if start is not None and end is not None and start >= end:
            raise InvalidTimeWindow
        return _Window(
            from_id=FIRST_ID if start is None else first_id_at(-(-start // 1_000_000)),
            to_id=LAST_ID if end is None else last_id_at(end // 1_000_000),
        )


def _instant(name: str, text: str | None) -> int | None:
    if text is None or not text.strip():
        return None
    try:
        return parse_any_instant(text)
    except ValueError as error:
        raise InvalidParameter(name=name, reason=f"is not valid: {error}") from error
