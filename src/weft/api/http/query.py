"""From a query string to a Struct."""

import re
from typing import Generic, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec.inspect import Field, StrType, StructType, Type, UnionType, type_info

from weft.errors import InvalidParameter

T = TypeVar("T")

_LOCATED = re.compile(r"(?P<reason>.*) - at `\$\.(?P<name>[^`.\[]+).*`")
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`")


class QueryDecoder(Generic[T]):
    """Parameters are the fields of a Struct. Unknown ones are ignored, the first of several of one name counts, and
    an empty one is absent unless the field is text."""

    def __init__(self, type: type[T]) -> None:
        self._type = type
        self._texts = frozenset(field.encode_name for field in struct_fields(type) if _is_text(field.type))

    def __call__(self, query_string: bytes) -> T:
        values: dict[str, str] = {}
        for name, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
            if value or name in self._texts:
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


def _is_text(type: Type) -> bool:
    return any(isinstance(member, StrType) for member in (type.types if isinstance(type, UnionType) else (type,)))


def _invalid(text: str) -> InvalidParameter:
    """msgspec says which field it was in its text only."""
    if missing := _MISSING.fullmatch(text):
        return InvalidParameter(name=missing["name"], reason="is required")
    located = _LOCATED.fullmatch(text)
    assert located is not None, text
    return InvalidParameter(name=located["name"], reason=f"is not valid: {located['reason']}")
