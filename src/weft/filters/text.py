"""The text form of queries: what the SDK's `filter_string` is, with more.

query       = conjunction ("or" conjunction)*
conjunction = unit ("and" unit)*
unit        = "not" unit  |  "(" query ")"  |  "any" part "(" query ")"  |  condition
condition   = field ["." key] operator [value  |  "(" value ("," value)* ")"]
key         = quoted  |  names and [indexes] joined by dots, which need no quotes
value       = quoted  |  number  |  "true"  |  "false"
quoted      = characters in double or single quotes, with the quote doubled for itself
"""

import re
from collections.abc import Callable, Iterator, Mapping

from weft.filters.fields import CUSTOM_FIELDS, Field, FieldType, Noun
from weft.filters.json_path import split_custom_key
from weft.filters.operators import NUMBER, PREDICATES, READ_KEY
from weft.filters.query import BARE_KEY, EVERYTHING, AnyPart, Not, Query, all_of, any_of
from weft.filters.scanner import Scanner
from weft.filters.syntax import MAX_FILTERS, WITHOUT_VALUE, Filter, Operator

MAX_DEPTH = 50

_WORD = re.compile(r"\w+")
_AND, _OR, _NOT, _ANY = (re.compile(rf"{word}\b", re.IGNORECASE) for word in ("and", "or", "not", "any"))
_OPEN, _CLOSE, _COMMA, _DOT = (re.compile(re.escape(sign)) for sign in "(),.")
_QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
_QUOTE = re.compile("[\"']")
_BOOLEAN = re.compile(r"(true|false)\b", re.IGNORECASE)

# The words of an operator are joined by underscores or white space.
_SPELLINGS = sorted((operator.value.replace("_", r"(?:_|\s+)") for operator in Operator), key=len, reverse=True)
_OPERATOR = re.compile("|".join(rf"{s}\b" if s[0].isalpha() else s for s in _SPELLINGS), re.IGNORECASE)
_ORDER = (Operator.GREATER_THAN, Operator.LESS_THAN)

# What a field is called besides.
ALIASES = {"error": "error_info"}

# `in` for types that lack it: any of several is equal.
_LISTS: Mapping[Operator, Callable[[list[Query]], Query]] = {
    Operator.IN: lambda queries: any_of(*queries),
    Operator.NOT_IN: lambda queries: Not(any_of(*queries)),
}

_KEYS: Mapping[FieldType, str] = {
    FieldType.FEEDBACK_SCORES_NUMBER: "the name of a score",
    FieldType.DICTIONARY: "a JSON path",
    FieldType.CUSTOM: "input, output or metadata and a JSON path",
}
_VALUES: Mapping[FieldType, str] = {
    FieldType.NUMBER: "a number",
    FieldType.FEEDBACK_SCORES_NUMBER: "a number",
    FieldType.DATE_TIME: 'an ISO 8601 instant with a time zone, such as "2026-01-31T12:00:00Z"',
}


def operators_of(field: Field) -> list[Operator]:
    """Those that a condition on the field may have."""
    return [op for op in Operator if (field.type, op) in PREDICATES or (op in _LISTS and _has_equal(field))]


def is_keyed(field: Field) -> bool:
    return field.type in _KEYS


def parse_query(text: str | None, noun: Noun) -> Query:
    """A blank text is everything. Raises InvalidQueryText."""
    if text is None or not text.strip():
        return EVERYTHING
    return _Parser(Scanner(text)).parse(noun)


def _has_equal(field: Field) -> bool:
    return (field.type, Operator.EQUAL) in PREDICATES


class _Parser:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._depth = 0
        self._filters = 0

    def parse(self, noun: Noun) -> Query:
        query = self._query(noun)
        if not self._scanner.at_end:
            raise self._scanner.unexpected(["and", "or", "the end"])
        return query

    def _query(self, noun: Noun) -> Query:
        queries = [self._conjunction(noun)]
        while self._scanner.take(_OR):
            queries.append(self._conjunction(noun))
        return any_of(*queries)

    def _conjunction(self, noun: Noun) -> Query:
        queries = [self._unit(noun)]
        while self._scanner.take(_AND):
            queries.append(self._unit(noun))
        return all_of(*queries)

    def _unit(self, noun: Noun) -> Query:
        at = self._scanner.at
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._scanner.error(f"there may be at most {MAX_DEPTH} levels", at)
        query = self._unit_inside(noun)
        self._depth -= 1
        return query

    def _unit_inside(self, noun: Noun) -> Query:
        if self._scanner.take(_NOT):
            return Not(self._unit(noun))
        if noun.parts and self._scanner.take(_ANY):
            return self._any_part(noun)
        if self._scanner.take(_OPEN):
            return self._closed(noun)
        return self._condition(noun)

    def _any_part(self, noun: Noun) -> Query:
        at, part = self._scanner.at, (self._scanner.take(_WORD) or "").lower()
        if part not in noun.parts:
            raise self._scanner.unexpected(noun.parts, at)
        if not self._scanner.take(_OPEN):
            raise self._scanner.unexpected(["("])
        return AnyPart(part, self._closed(noun.parts[part].noun))

    def _closed(self, noun: Noun) -> Query:
        query = self._query(noun)
        if not self._scanner.take(_CLOSE):
            raise self._scanner.unexpected(["and", "or", ")"])
        return query

    def _condition(self, noun: Noun) -> Query:
        name = self._field(noun)
        field = noun.fields[name]
        key = self._key(field) if is_keyed(field) else ""
        operator = self._operator(field)
        if operator in WITHOUT_VALUE:
            return self._counted(Filter(name, operator, key, ""))
        if operator not in _LISTS:
            return self._counted(Filter(name, operator, key, self._value(field, operator)))
        if (field.type, operator) in PREDICATES:
            items = self._items(lambda: self._item(field, operator))
            return self._counted(Filter(name, operator, key, ",".join(items)))
        items = self._items(lambda: self._value(field, Operator.EQUAL))
        return _LISTS[operator]([self._counted(Filter(name, Operator.EQUAL, key, item)) for item in items])

    def _counted(self, filter: Filter) -> Filter:
        self._filters += 1
        if self._filters > MAX_FILTERS:
            raise self._scanner.error(f"there may be at most {MAX_FILTERS} conditions", self._scanner.at)
        return filter

    def _field(self, noun: Noun) -> str:
        at, name = self._scanner.at, self._scanner.take(_WORD)
        name = ALIASES.get(name or "", name or "")
        if name not in noun.fields and any(field.startswith(f"{name}.") for field in noun.fields):
            name += (self._scanner.take_here(_DOT) or "") + (self._scanner.take_here(_WORD) or "")
        if name not in noun.fields:
            raise self._scanner.unexpected(_starts(noun), at)
        return name

    def _key(self, field: Field) -> str:
        wanted = _KEYS[field.type]
        if not self._scanner.take_here(_DOT):
            raise self._scanner.unexpected([f". and {wanted}"])
        at, key = self._scanner.at, self._scanner.take_here(BARE_KEY)
        key = self._quoted(self._scanner.take_here) if key is None else key
        if key is None or not is_key(key, field.type):
            raise self._scanner.unexpected([wanted], at)
        return key

    def _operator(self, field: Field) -> Operator:
        at, spelled = self._scanner.at, self._scanner.take(_OPERATOR)
        operator = re.sub(r"\s+", "_", spelled.lower()) if spelled else None
        allowed = operators_of(field)
        if operator not in allowed:
            raise self._scanner.unexpected([op.value for op in allowed], at)
        return Operator(operator)

    def _items(self, item: Callable[[], str]) -> list[str]:
        if not self._scanner.take(_OPEN):
            raise self._scanner.unexpected(["( and values with commas between them"])
        items = [item()]
        while self._scanner.take(_COMMA):
            items.append(item())
        if not self._scanner.take(_CLOSE):
            raise self._scanner.unexpected([",", ")"])
        return items

    def _item(self, field: Field, operator: Operator) -> str:
        """One of a list that is stored with commas between the values."""
        at, item = self._scanner.at, self._value(field, operator)
        if "," in item or item != item.strip():
            raise self._scanner.unexpected(["a value without commas, and without spaces around it"], at)
        return item

    def _value(self, field: Field, operator: Operator) -> str:
        at, value = self._scanner.at, self._literal()
        if value is None or not _is_value(value, field, operator):
            raise self._scanner.unexpected(_values(field, operator), at)
        return value

    def _literal(self) -> str | None:
        quoted = self._quoted(self._scanner.take)
        if quoted is not None:
            return quoted
        boolean = self._scanner.take(_BOOLEAN)
        return boolean.lower() if boolean else self._scanner.take(NUMBER)

    def _quoted(self, take: Callable[[re.Pattern[str]], str | None]) -> str | None:
        at, text = self._scanner.at, take(_QUOTED)
        if text is not None:
            return text[1:-1].replace(text[0] * 2, text[0])
        if take(_QUOTE):
            raise self._scanner.error("the quote is not closed", at)
        return None


def _starts(noun: Noun) -> Iterator[str]:
    """What a condition may begin with."""
    yield from noun.fields
    yield from (f"any {part}" for part in noun.parts)
    yield from ("not", "(")


def _values(field: Field, operator: Operator) -> Iterator[str]:
    if field.values:
        yield from (f'"{value}"' for value in field.values)
    elif field.type in _KEYS and operator in _ORDER:
        yield "a number"
    else:
        yield _VALUES.get(field.type, "a text in quotes")


def _is_value(text: str, field: Field, operator: Operator) -> bool:
    read = PREDICATES[field.type, operator].read
    return read is not None and _can(read, text)


def is_key(text: str, type: FieldType) -> bool:
    if type is FieldType.CUSTOM:
        column, path = split_custom_key(text)
        return column in CUSTOM_FIELDS and is_key(path, FieldType.DICTIONARY)
    return _can(READ_KEY[type], text)


def _can(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
