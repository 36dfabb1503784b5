"""From the bytes of a body to a Struct."""

import codecs
from typing import Generic, TypeVar

import msgspec

from weft.errors import InvalidValue, MalformedJson, MissingField
from weft.model.almost_json import repair

T = TypeVar("T")

_UTF8_STEP = 1024 * 1024


class BodyDecoder(Generic[T]):
    def __init__(self, type: type[T]) -> None:
        self._decoder = msgspec.json.Decoder(type)

    def __call__(self, body: bytes | bytearray) -> T:
        """An empty body counts as `{}`. Raises MalformedJson and InvalidValue."""
        check_utf8(body)
        try:
            return self._decode(body or b"{}")
        except MalformedJson:
            repaired = repair(body)
            if repaired == body:
                raise
        return self._decode(repaired)

    def _decode(self, body: bytes | bytearray) -> T:
        try:
            return self._decoder.decode(body)
        except msgspec.ValidationError as error:
            kind = MissingField if str(error).startswith("Object missing required field") else InvalidValue
            raise kind(reason=str(error)) from error
        except msgspec.DecodeError as error:
            raise MalformedJson(reason=str(error)) from error
        except RecursionError as error:
            raise MalformedJson(reason="The document is nested too deeply") from error


def check_utf8(body: bytes | bytearray) -> None:
    """msgspec does not look inside strings that it passes on as Raw. In steps, as text takes up to four times the
    memory of the bytes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(body)
    try:
        for start in range(0, len(view), _UTF8_STEP):
            decoder.decode(view[start : start + _UTF8_STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise MalformedJson(reason="The body is not valid UTF-8") from error
