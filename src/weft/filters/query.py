"""A query: filters joined by and, or, not, and conditions on parts (`any span (…)`). The contract's list of filters is
the query that all of them match."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from weft.filters.operators import NUMBER
from weft.filters.syntax import WITHOUT_VALUE, Filter, Operator


@dataclass(frozen=True, slots=True)
class And:
    """Without parts everything matches."""

    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the query does not match, which is all else: a missing value included."""

    query: "Query"


@dataclass(frozen=True, slots=True)
class AnyPart:
    """What has a part of this name that the query matches."""

    part: str
    query: "Query"


Query = Filter | And | Or | Not | AnyPart

EVERYTHING = And(())

# A key that needs no quotes.
BARE_KEY = re.compile(r"[\w-]+(\.[\w-]+|\[[0-9]{1,9}\])*")

_LISTS = (Operator.IN, Operator.NOT_IN)


def all_of(*queries: Query) -> Query:
    """What all of them match. An And in an And is one And."""
    parts = tuple(_parts(And, queries))
    return parts[0] if len(parts) == 1 else And(parts)


def any_of(*queries: Query) -> Query:
    """What any of them matches; there is at least one."""
    parts = tuple(_parts(Or, queries))
    return parts[0] if len(parts) == 1 else Or(parts)


def conjuncts(query: Query) -> tuple[Query, ...]:
    return query.parts if isinstance(query, And) else (query,)


def _parts(kind: type[And] | type[Or], queries: Iterable[Query]) -> Iterator[Query]:
    for query in queries:
        if isinstance(query, kind):
            yield from query.parts
        else:
            yield query


def print_query(query: Query) -> str:
    """The text that `text.parse_query` makes the same query of."""
    match query:
        case Filter():
            return _print_filter(query)
        case And(parts):
            return " and ".join(_grouped(part, Or) for part in parts)
        case Or(parts):
            return " or ".join(_grouped(part) for part in parts)
        case Not(inner):
            return f"not {_grouped(inner, And, Or)}"
        case AnyPart(part, inner):
            return f"any {part} ({print_query(inner)})"


def _grouped(query: Query, *in_parentheses: type[And] | type[Or]) -> str:
    text = print_query(query)
    return f"({text})" if isinstance(query, in_parentheses) else text


def _print_filter(filter: Filter) -> str:
    key = f".{_print(filter.key, BARE_KEY)}" if filter.key else ""
    words = [f"{filter.field}{key}", filter.operator.value]
    if filter.operator in _LISTS:
        words.append(f"({', '.join(_quoted(item) for item in filter.value.split(','))})")
    elif filter.operator not in WITHOUT_VALUE:
        words.append(_print(filter.value, NUMBER))
    return " ".join(words)


def _print(text: str, bare: re.Pattern[str]) -> str:
    return text if bare.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
