"""Finds large files in base64 inside the JSON text of a payload (Opik's contract, H.4), in time linear in its length.

What is found is exact: the same text comes back when the file's bytes are put into base64 again.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import NamedTuple

from weft.core.file_types import FileType, file_type_of
from weft.model.attachment import reference_to

MIN_CHARACTERS = 256_000

_ALPHABET = ascii_letters + digits + "+/"
_BASE64 = re.compile(r"[A-Za-z0-9+/]*+")
_BASE64_TO_ITS_END = re.compile(r"[A-Za-z0-9+/]*+={0,2}")
_BLOCK = MIN_CHARACTERS // 2  # what is long enough covers at least one whole block of this size


class EmbeddedFile(NamedTuple):
    name: str
    mime_type: str
    content: bytes


class TakenOut(NamedTuple):
    """A payload with references in place of files, and the files."""

    text: str
    files: list[EmbeddedFile]


def take_out_files(text: str, column: str, at_ms: int) -> TakenOut:
    """`column` is `input`, `output` or `metadata`, which with `at_ms` is part of the names."""
    files: list[EmbeddedFile] = []
    parts: list[str] = []
    done = 0
    for start, end in _long_base64(text):
        content = _decoded(text[start:end])
        type = file_type_of(content) if content else None
        if content is None or type is None:
            continue
        file = EmbeddedFile(_name(column, len(files) + 1, at_ms, type), type.mime_type, content)
        files.append(file)
        parts += [text[done:start], reference_to(file.name)]
        done = end
    return TakenOut("".join([*parts, text[done:]]) if files else text, files)


def put_back(text: str, name: str, content: bytes) -> str:
    return text.replace(reference_to(name), b64encode(content).decode())


def _name(column: str, number: int, at_ms: int, type: FileType) -> str:
    return f"{column}-attachment-{number}-{at_ms}.{type.extension}"


def _long_base64(text: str) -> Iterator[tuple[int, int]]:
    """Looks at whole blocks, most of which are no base64 within their first few characters."""
    block = last = 0
    while block + _BLOCK <= len(text):
        if _BASE64.fullmatch(text, block, block + _BLOCK):
            start = _start_of_base64(text, max(last, block - _BLOCK), block)
            match = _BASE64_TO_ITS_END.match(text, block)
            assert match is not None
            last = match.end()
            if last - start >= MIN_CHARACTERS:
                yield start, last
            block = -(-last // _BLOCK) * _BLOCK
        else:
            block += _BLOCK


def _start_of_base64(text: str, earliest: int, end: int) -> int:
    """Where the base64 begins that goes on at `end`. A letter of a JSON escape such as `\\n` is none of it."""
    before = text[earliest:end]
    start = earliest + len(before.rstrip(_ALPHABET))
    backslashes = text[max(0, start - 100) : start]
    if (len(backslashes) - len(backslashes.rstrip("\\"))) % 2 == 0:
        return start
    return start + (len("u0000") if text[start] == "u" else 1)


def _decoded(text: str) -> bytes | None:
    if len(text) % 4 or b64encode(b64decode(text[-4:])).decode() != text[-4:]:
        return None
    return b64decode(text)
