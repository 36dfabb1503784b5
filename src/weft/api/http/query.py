"""From a query string to a Struct."""

import re
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec.inspect import Field, ListType, StrType, StructType, Type, UnionType, type_info

from weft.errors import InvalidParameter

T = TypeVar("T")

_LOCATED = re.compile(r"(?P<reason>.*) - at `\$\.(?P<name>[^`.\[]+).*`")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`")


class QueryDecoder(Generic[T]):
    """Parameters are the fields of a Struct. Unknown ones are ignored, the first of several of one name counts unless
    the field is a list, and an empty one is absent unless the field is text. A list may be a JSON array as well."""

    def __init__(self, type: type[T]) -> None:
        self._type = type
        self._texts = _names_of(type, StrType)
        self._lists = _names_of(type, ListType)

    def __call__(self, query_string: bytes) -> T:
        values: dict[str, Any] = {}
        for name, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
            if value and name in self._lists:
                values.setdefault(name, []).extend(_members(value))
            elif value or name in self._texts:
                values.setdefault(name, value)
        try:
            return msgspec.convert(values, self._type, strict=False)
        except msgspec.ValidationError as error:
            raise _invalid(str(error)) from error


def struct_fields(struct: object) -> tuple[Field, ...]:
    info = type_info(struct)
    if not isinstance(info, StructType):
        raise TypeError(f"{struct!r} is not a Struct")
    return info.fields


def _names_of(struct: object, kind: type[Type]) -> frozenset[str]:
    """Of the fields that may be of this kind."""
    return frozenset(field.encode_name for field in struct_fields(struct) if _may_be(kind, field.type))


def _may_be(kind: type[Type], type: Type) -> bool:
    return any(isinstance(member, kind) for member in (type.types if isinstance(type, UnionType) else (type,)))


def _members(value: str) -> list[Any]:
    try:
        return msgspec.json.decode(value, type=list[Any])
    except (msgspec.MsgspecError, RecursionError):
        return [value]


def _invalid(text: str) -> InvalidParameter:
    """msgspec says which field it was in its text only."""
    if missing := _MISSING.fullmatch(text):
        return InvalidParameter(name=missing["name"], reason="is required")
    located = _LOCATED.fullmatch(text)
    assert located is not None, text
    return InvalidParameter(name=located["name"], reason=f"is not valid: {located['reason']}")
