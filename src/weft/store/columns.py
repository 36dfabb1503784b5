"""Column lists: the fields of a stored noun, in order, as SQL. A struct's fields are its table's columns."""

from collections.abc import Mapping
from functools import cache

import msgspec

_IDS = frozenset({"project_id", "id", "trace_id", "parent_span_id", "entity_id", "secondary_id"})


def columns_of(noun: type[msgspec.Struct], instead: Mapping[str, str] | None = None) -> str:
    """The column list of rows aliased `t`, ids as text. `instead` gives other expressions for some columns."""
    expressions = _expressions(noun) | dict(instead or {})
    return ", ".join(expressions.values())


@cache
def _expressions(noun: type[msgspec.Struct]) -> dict[str, str]:
    names = noun.__struct_fields__
    return {name: f"CAST(t.{name} AS VARCHAR)" if name in _IDS else f"t.{name}" for name in names}
