"""How rows are asked for: the query of a list and the body of a search, of traces and of spans alike."""

from typing import Any, Protocol, get_args
from uuid import UUID

from msgspec import Struct

from weft.api.opik.wire.pages import PageQuery
from weft.api.opik.wire.recorded import Source
from weft.api.opik.wire.values import Instant
from weft.errors import InvalidSource
from weft.filters.syntax import Filter, Operator

MAX_LIMIT = 2000
DEFAULT_LIMIT = 500


class SelectsProject(Protocol):
    """One of the two must be given; the id wins."""

    @property
    def project_id(self) -> UUID | None: ...

    @property
    def project_name(self) -> str | None: ...


class ListQuery(PageQuery, kw_only=True):
    """`filters`, `sorting` and `exclude` are JSON arrays as text; `query` is a query in words, which has to match
    as well."""

    project_id: UUID | None = None
    project_name: str | None = None
    filters: str | None = None
    query: str | None = None
    search: str | None = None
    sorting: str | None = None
    truncate: bool = False
    strip_attachments: bool = False
    exclude: str | None = None
    from_time: Instant | None = None
    to_time: Instant | None = None


class SearchBody(Struct, kw_only=True):
    """`last_retrieved_id` is where the stream before ended; rows below it follow."""

    project_id: UUID | None = None
    project_name: str | None = None
    filters: list[Any] | None = None
    query: str | None = None
    last_retrieved_id: UUID | None = None
    limit: int | None = None
    truncate: bool | None = None
    strip_attachments: bool | None = None
    exclude: list[str] | None = None
    from_time: Instant | None = None
    to_time: Instant | None = None

    def violations(self) -> list[str]:
        if self.limit is not None and self.limit < 1:
            return ["limit must be greater than or equal to 1"]
        if self.limit is not None and self.limit > MAX_LIMIT:
            return [f"limit must be less than or equal to {MAX_LIMIT}"]
        return []


class GetQuery(Struct, kw_only=True):
    strip_attachments: bool = False


class ExistsQuery(Struct, kw_only=True):
    project_id: UUID | None = None
    project_name: str | None = None
    source: str | None = None
    thread_only: bool = False

    def check_source(self) -> None:
        """Raises InvalidSource."""
        if self.source and self.source not in get_args(Source):
            raise InvalidSource(source=self.source)


class Exists(Struct, kw_only=True):
    exists: bool


def equals(field: str, value: UUID | str | None) -> list[Filter]:
    """The filter that a parameter such as `trace_id` or `type` stands for; none if it is not given."""
    return [] if value is None else [Filter(field, Operator.EQUAL, "", str(value))]
