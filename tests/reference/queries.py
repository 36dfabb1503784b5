"""Hypothesis strategies for queries, made of filters that have a chance to match the records."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from tests.reference.filters import Record
from tests.reference.records import every_filter
from weft.filters.fields import Noun
from weft.filters.operators import read_list
from weft.filters.query import AnyPart, Not, Query, all_of, any_of
from weft.filters.syntax import Filter, Operator
from weft.filters.text import is_key

Leaves = Mapping[Noun, Sequence[Filter]]


@st.composite
def some_queries(draw: st.DrawFn, noun: Noun, records: Mapping[Noun, Sequence[Record]], size: int) -> list[Query]:
    """`records` are those of the noun and of its parts, by noun."""
    leaves = {noun: draw(every_filter(noun, of_noun)) for noun, of_noun in records.items()}
    return draw(st.lists(queries(noun, leaves), min_size=size, max_size=size))


def queries(noun: Noun, leaves: Leaves) -> st.SearchStrategy[Query]:
    """In normal form, as the parser makes them."""
    of_noun = leaves[noun]
    filters: st.SearchStrategy[Query] = st.integers(0, len(of_noun) - 1).map(lambda number: of_noun[number])
    return st.recursive(filters | _parts(noun, leaves), _joined, max_leaves=6)


def printable(filters: Sequence[Filter], noun: Noun) -> list[Filter]:
    """Those that a text can say, as it would: whose key is a key, and lists without spaces."""
    return [_plain(filter) for filter in filters if _has_key(filter, noun)]


def _joined(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(inner, min_size=2, max_size=3)
    return several.map(lambda of: all_of(*of)) | several.map(lambda of: any_of(*of)) | inner.map(Not)


def _parts(noun: Noun, leaves: Leaves) -> st.SearchStrategy[Query]:
    return st.one_of(
        [st.builds(AnyPart, st.just(name), queries(part.noun, leaves)) for name, part in noun.parts.items()]
    )


def _has_key(filter: Filter, noun: Noun) -> bool:
    type = noun.fields[filter.field].type
    return not filter.key or is_key(filter.key, type)


def _plain(filter: Filter) -> Filter:
    if filter.operator in (Operator.IN, Operator.NOT_IN):
        return Filter(filter.field, filter.operator, filter.key, ",".join(read_list(filter.value)))
    return filter
