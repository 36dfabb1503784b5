"""From filters, a sort or a search text to SQL. All SQL text comes from the tables; all values are parameters.

The fragments run in statements that name the noun's row `t`, bind `$workspace_id` and `$project_id`, and join what
`Fragment.needs` names (see `fields`). Their own parameters are `$f0`, `$k0`, `$f1` …, `$search` and `$sort_key`. Those
for threads have `$from_id`, `$to_id` and `$active_since` as well, and a search of threads has the slot `{traces}`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from weft.errors import InvalidCustomKey, InvalidFilterOperator, InvalidFilterValue
from weft.filters.fields import CUSTOM_FIELDS, NOTHING_NEEDED, FieldType, Noun
from weft.filters.json_path import BadPath, parse_path, print_path, split_custom_key
from weft.filters.operators import PREDICATES, Predicate, read_text
from weft.filters.sorting import Sort
from weft.filters.syntax import Filter, Operator

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    sql: str
    params: Mapping[str, object] = field(default_factory=dict)
    needs: frozenset[str] = NOTHING_NEEDED


EVERYTHING = Fragment("true")
NOTHING = Fragment("false")
NEWEST_FIRST = Fragment("t.id DESC")


def compile_filters(filters: Sequence[Filter], noun: Noun, first: int = 0) -> Fragment:
    """All of the filters must match. `first` is the number of the first filter's parameters. Raises
    InvalidFilterOperator, InvalidFilterValue or InvalidCustomKey.

    Opik's contract: a dictionary filter whose key is no JSON path is no error and matches nothing.
    """
    if not filters:
        return EVERYTHING
    conditions = [_condition(number, filter, noun) for number, filter in enumerate(filters, first)]
    return Fragment(
        " AND ".join(condition.sql for condition in conditions),
        {name: value for condition in conditions for name, value in condition.params.items()},
        frozenset().union(*(condition.needs for condition in conditions)),
    )


def split_filters(filters: Sequence[Filter], noun: Noun) -> tuple[Fragment, Fragment]:
    """What is asked of the rows, and what is asked of the traces that they are made of. Raises as above."""
    of_rows = [filter for filter in filters if not noun.fields[filter.field].of_traces]
    of_traces = [filter for filter in filters if noun.fields[filter.field].of_traces]
    return compile_filters(of_rows, noun), compile_filters(of_traces, noun, first=len(of_rows))


def compile_search(text: str | None, noun: Noun) -> Fragment:
    """Rows that have the text in any searchable column, whatever its case. A blank text is ignored."""
    if text is None or not text.strip():
        return EVERYTHING
    conditions = [
        PREDICATES[column.type, Operator.CONTAINS].template.format(field=column.sql, value="$search")
        for column in noun.searchable
    ]
    return Fragment(noun.searched.format(found=" OR ".join(conditions)), {"search": text})


def compile_ids(first: str, last: str) -> Fragment:
    """Rows with an id from the first to the last, both inclusive."""
    return Fragment("t.id >= weft_id($first_id) AND t.id <= weft_id($last_id)", {"first_id": first, "last_id": last})


def both(one: Fragment, other: Fragment) -> Fragment:
    """Rows that match the two."""
    return Fragment(f"{one.sql} AND {other.sql}", {**one.params, **other.params}, one.needs | other.needs)


def compile_sorting(sort: Sort | None, noun: Noun) -> Fragment:
    """What stands after ORDER BY. Missing values come last, equal ones newest first, as the noun has it.

    Opik's contract: a field that cannot be sorted by is ignored.
    """
    default = Fragment(noun.default_order)
    if sort is None:
        return default
    head, dot, key = sort.field.partition(".")
    column = noun.sortable.get(f"{head}.*" if dot else head)
    if column is None:
        return default
    direction = "DESC" if sort.direction == "DESC" else "ASC"
    return Fragment(
        f"{column.sql} {direction} NULLS LAST, {noun.tie_break}", {"sort_key": key} if dot else {}, column.needs
    )


def _condition(number: int, filter: Filter, noun: Noun) -> Fragment:
    column = noun.fields[filter.field]
    predicate = PREDICATES.get((column.type, filter.operator))
    if predicate is None:
        raise InvalidFilterOperator(operator=filter.operator.value, field=filter.field, type=column.type.value)
    if column.type is FieldType.CUSTOM:
        return _condition(number, _dictionary_filter(filter), noun)
    if column.id_column and filter.operator is Operator.EQUAL and _UUID.fullmatch(filter.value):
        # The bare column is what an engine finds rows by without reading them all.
        return Fragment(f"{column.id_column} = weft_id($f{number})", {f"f{number}": filter.value.lower()})
    try:
        params = _params(number, filter, column.type, predicate)
    except BadPath:
        return NOTHING
    except ValueError as error:
        raise InvalidFilterValue(
            value=filter.value, key=filter.key, field=filter.field, type=column.type.value
        ) from error
    value, key = f"$f{number}", f"$k{number}"
    return Fragment(
        predicate.template.format(field=column.sql.format(key=key), value=value, key=key), params, column.needs
    )


def _dictionary_filter(filter: Filter) -> Filter:
    """The filter that a custom filter stands for."""
    column, path = split_custom_key(filter.key)
    if column not in CUSTOM_FIELDS:
        raise InvalidCustomKey(key=filter.key)
    return replace(filter, field=CUSTOM_FIELDS[column], key=path)


def _params(number: int, filter: Filter, type: FieldType, predicate: Predicate) -> dict[str, object]:
    params: dict[str, object] = {}
    if predicate.read is not None:
        params[f"f{number}"] = predicate.read(filter.value)
    if type in _READ_KEY:
        params[f"k{number}"] = _READ_KEY[type](filter.key)
    return params


def _read_path(key: str) -> str:
    return print_path(parse_path(read_text(key)))


_READ_KEY: Mapping[FieldType, Callable[[str], str]] = {
    FieldType.FEEDBACK_SCORES_NUMBER: read_text,
    FieldType.DICTIONARY: _read_path,
}
