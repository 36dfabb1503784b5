"""Base64 in payloads: what is taken out, what is left alone, and that all of it comes back."""

import json
from base64 import b64encode

import pytest

from weft.core.embedded_files import MIN_CHARACTERS, TakenOut, put_back, take_out_files
from weft.core.file_types import file_type_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1000
PDF = b"%PDF-1.7" + b"\xfb\xff\xfe" * 100_000
NOTHING_KNOWN = b"\x00\x01\x02" * 100_000


def text_of(content: bytes) -> str:
    return b64encode(content).decode()


def take_out(value: object) -> TakenOut:
    return take_out_files(json.dumps(value), "input", 1700)


def restored(taken: TakenOut) -> str:
    text = taken.text
    for file in taken.files:
        text = put_back(text, file.name, file.content)
    return text


def test_a_file_becomes_a_reference() -> None:
    taken = take_out({"image": text_of(PNG), "question": "what is it?"})
    assert json.loads(taken.text) == {"image": "[input-attachment-1-1700.png]", "question": "what is it?"}
    assert taken.files == [("input-attachment-1-1700.png", "image/png", PNG)]


def test_several_files_are_counted() -> None:
    taken = take_out([text_of(PNG), {"a": [text_of(PDF)]}, text_of(PNG)])
    assert json.loads(taken.text) == [
        "[input-attachment-1-1700.png]",
        {"a": ["[input-attachment-2-1700.pdf]"]},
        "[input-attachment-3-1700.png]",
    ]
    assert [file.content for file in taken.files] == [PNG, PDF, PNG]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("data:image/png;base64,", ""),
        ("Look: ", " - nice, is it not?"),
        ("line\n", "\nline"),
        ("\\", "\\"),
        ("\u0001", "."),
        ("", "\U0001f600"),
        ("x" * (MIN_CHARACTERS - 1) + "-", "-" + "y" * (MIN_CHARACTERS - 1)),
    ],
)
def test_only_the_base64_of_a_longer_text_is_replaced(before: str, after: str) -> None:
    taken = take_out(before + text_of(PNG) + after)
    assert json.loads(taken.text) == f"{before}[input-attachment-1-1700.png]{after}"
    assert restored(taken) == json.dumps(before + text_of(PNG) + after)


@pytest.mark.parametrize("offset", [0, 1, 7, 1000, MIN_CHARACTERS // 2 - 1, MIN_CHARACTERS // 2, MIN_CHARACTERS - 3])
def test_wherever_it_stands_it_is_found(offset: int) -> None:
    shortest = PNG[: MIN_CHARACTERS // 4 * 3]
    text = "." * offset + text_of(shortest) + "."
    taken = take_out_files(text, "output", 1)
    assert taken.text == "." * offset + "[output-attachment-1-1.png]."
    assert restored(taken) == text


@pytest.mark.parametrize(
    "text",
    [
        text_of(PNG[: MIN_CHARACTERS // 4 * 3 - 3]),
        text_of(NOTHING_KNOWN),
        text_of(PNG) + "A",
        text_of(PNG[:-1])[:-3] + "B==",
        "A" * 3 * MIN_CHARACTERS,
        "word " * MIN_CHARACTERS,
        "",
    ],
    ids=["too short", "unknown type", "not a multiple of four", "not canonical", "letters", "words", "nothing"],
)
def test_what_is_left_alone(text: str) -> None:
    assert take_out_files(text, "input", 1) == (text, [])


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (b"\xff\xd8\xff\xe0", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"ID3\x03", "mp3"),
        (b"\0\0\0\x18ftypmp42", "mp4"),
        (b"PK\x03\x04", "zip"),
        (b' {"a": [1]}', "json"),
        (b"[1, 2]", "json"),
    ],
)
def test_types_by_how_files_begin(content: bytes, extension: str) -> None:
    type = file_type_of(content)
    assert type is not None
    assert type.extension == extension


@pytest.mark.parametrize("content", [b"", b"{oh", b"[" * 100_000, b"RIFF\0\0\0\0AVI ", b"plain text"])
def test_bytes_of_no_known_type(content: bytes) -> None:
    assert file_type_of(content) is None
