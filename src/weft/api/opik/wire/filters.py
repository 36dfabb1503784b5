"""What queries can be about, on the wire (Weft's own: docs/filters.md)."""

from msgspec import Struct

from weft.filters.fields import SPANS, THREADS, TRACES, Field, Noun
from weft.filters.text import ALIASES, is_keyed, operators_of

_NAMES = {TRACES: "traces", SPANS: "spans", THREADS: "threads"}


class FieldView(Struct, kw_only=True, omit_defaults=True):
    """`alias` is a second name, `values` are all that there can be; a field that is `keyed` needs a key, as in
    `metadata.user`."""

    name: str
    type: str
    operators: list[str]
    keyed: bool = False
    alias: str | None = None
    values: tuple[str, ...] = ()


class NounView(Struct, kw_only=True):
    """`parts` are what `any` may be followed by, and whose fields are in its parentheses then."""

    fields: list[FieldView]
    parts: dict[str, str]


class FilterFields(Struct, kw_only=True):
    traces: NounView
    spans: NounView
    threads: NounView


def filter_fields() -> FilterFields:
    return FilterFields(traces=_noun_view(TRACES), spans=_noun_view(SPANS), threads=_noun_view(THREADS))


def _noun_view(noun: Noun) -> NounView:
    return NounView(
        fields=[_field_view(name, field) for name, field in noun.fields.items()],
        parts={name: _NAMES[part.noun] for name, part in noun.parts.items()},
    )


def _field_view(name: str, field: Field) -> FieldView:
    aliases = {field: alias for alias, field in ALIASES.items()}
    return FieldView(
        name=name,
        type=field.type.value,
        operators=[operator.value for operator in operators_of(field)],
        keyed=is_keyed(field),
        alias=aliases.get(name),
        values=field.values,
    )
