"""From a query, a sort or a search text to SQL. All SQL text comes from the tables; all values are parameters.

The fragments run in statements that name the noun's row `t`, bind `$workspace_id` and `$project_id`, and join what
`Fragment.needs` names (see `fields`). Their own parameters are `$f0`, `$k0`, `$f1` …, `$search` and `$sort_key`. Those
for threads have `$from_id`, `$to_id` and `$active_since` as well. What is asked of parts has slots such as
`{join_span_totals}` for the statements of that name, and of the traces of threads the slot `{traces}`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from weft.errors import InvalidCustomKey, InvalidFilterOperator, InvalidFilterValue
from weft.filters.fields import CUSTOM_FIELDS, NOTHING_NEEDED, FieldType, Noun
from weft.filters.json_path import BadPath, split_custom_key
from weft.filters.operators import PREDICATES, READ_KEY, Predicate
from weft.filters.query import And, AnyPart, Not, Or, Query, all_of, conjuncts
from weft.filters.sorting import Sort
from weft.filters.syntax import Filter, Operator
from weft.model.ids import may_be_in_id

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    sql: str
    params: Mapping[str, object] = field(default_factory=dict)
    needs: frozenset[str] = NOTHING_NEEDED


SEARCH = "search"  # the parameter that has the text of a search
EVERYTHING = Fragment("true")
NOTHING = Fragment("false")
NEWEST_FIRST = Fragment("t.id DESC")


def compile_filters(filters: Sequence[Filter], noun: Noun) -> Fragment:
    """All of the filters must match."""
    return compile_query(And(tuple(filters)), noun)


def compile_query(query: Query, noun: Noun) -> Fragment:
    """Raises InvalidFilterOperator, InvalidFilterValue or InvalidCustomKey.

    Opik's contract: a dictionary filter whose key is no JSON path is no error and matches nothing.
    """
    return _grouped(query, Or, noun, count())


def split_query(query: Query, noun: Noun) -> tuple[Fragment, Fragment]:
    """What is asked of the rows, and what is asked of the traces that they are made of: the filters on those that stand
    alone or joined by and. Elsewhere they ask whether there is such a trace. Raises as above."""
    asked = conjuncts(query)
    of_traces = [part for part in asked if isinstance(part, Filter) and noun.fields[part.field].of_traces]
    numbers = count()
    of_rows = _grouped(all_of(*(part for part in asked if part not in of_traces)), Or, noun, numbers)
    return of_rows, _joined(" AND ", [_condition(next(numbers), filter, noun) for filter in of_traces])


def compile_search(text: str | None, noun: Noun) -> Fragment:
    """Rows that have the text in any searchable column, whatever its case. A blank text is ignored."""
    if text is None or not text.strip():
        return EVERYTHING
    conditions = [
        PREDICATES[column.type, Operator.CONTAINS].template.format(field=column.sql, value="$search")
        for column in noun.searchable
        if column.id_column is None or may_be_in_id(text)  # writing out each row's id is a quarter of a search
    ]
    return Fragment(noun.searched.format(found=" OR ".join(conditions)), {SEARCH: text})


def compile_ids(first: str, last: str) -> Fragment:
    """Rows with an id from the first to the last, both inclusive."""
    return Fragment("t.id >= weft_id($first_id) AND t.id <= weft_id($last_id)", {"first_id": first, "last_id": last})


def both(one: Fragment, other: Fragment) -> Fragment:
    """Rows that match the two."""
    if EVERYTHING in (one, other):
        return other if one == EVERYTHING else one
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


def _compile(query: Query, noun: Noun, numbers: Iterator[int]) -> Fragment:
    """`numbers` are those of the filters' parameters."""
    match query:
        case Filter():
            condition = _condition(next(numbers), query, noun)
            of_traces = noun.fields[query.field].of_traces
            return replace(condition, sql=noun.searched.format(found=condition.sql)) if of_traces else condition
        case And(queries):
            return _joined(" AND ", [_grouped(query, Or, noun, numbers) for query in queries])
        case Or(queries):
            return _joined(" OR ", [_grouped(query, And, noun, numbers) for query in queries])
        case Not(inner):
            condition = _compile(inner, noun, numbers)
            return replace(condition, sql=f"NOT coalesce({condition.sql}, false)")
        case AnyPart(name, inner):
            part = noun.parts[name]
            return _of_part(part.sql, _grouped(inner, Or, part.noun, numbers))


def _grouped(query: Query, in_parentheses: type[And] | type[Or], noun: Noun, numbers: Iterator[int]) -> Fragment:
    condition = _compile(query, noun, numbers)
    return replace(condition, sql=f"({condition.sql})") if isinstance(query, in_parentheses) else condition


def _joined(word: str, conditions: Sequence[Fragment]) -> Fragment:
    if not conditions:
        return EVERYTHING
    return Fragment(
        word.join(condition.sql for condition in conditions),
        {name: value for condition in conditions for name, value in condition.params.items()},
        frozenset().union(*(condition.needs for condition in conditions)),
    )


def _of_part(sql: str, condition: Fragment) -> Fragment:
    joins = " ".join(f"{{join_{need}}}" for need in sorted(condition.needs))
    return Fragment(sql.replace("{joins}", joins).replace("{condition}", condition.sql), condition.params)


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
    if type in READ_KEY:
        params[f"k{number}"] = READ_KEY[type](filter.key)
    return params
