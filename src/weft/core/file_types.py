"""Which kind of file some bytes are, by how they begin."""

import json
from typing import NamedTuple


class FileType(NamedTuple):
    mime_type: str
    extension: str


class _Signature(NamedTuple):
    """Bytes at the start, and more bytes further on."""

    start: bytes
    type: FileType
    offset: int = 0
    more: bytes = b""


JSON = FileType("application/json", "json")
_JPEG = FileType("image/jpeg", "jpg")
_GIF = FileType("image/gif", "gif")
_MP3 = FileType("audio/mpeg", "mp3")
_TIFF = FileType("image/tiff", "tiff")

_SIGNATURES = (
    _Signature(b"\x89PNG\r\n\x1a\n", FileType("image/png", "png")),
    _Signature(b"\xff\xd8\xff", _JPEG),
    _Signature(b"GIF87a", _GIF),
    _Signature(b"GIF89a", _GIF),
    _Signature(b"RIFF", FileType("image/webp", "webp"), 8, b"WEBP"),
    _Signature(b"RIFF", FileType("audio/wav", "wav"), 8, b"WAVE"),
    _Signature(b"%PDF-", FileType("application/pdf", "pdf")),
    _Signature(b"ID3", _MP3),
    _Signature(b"\xff\xfb", _MP3),
    _Signature(b"\xff\xf3", _MP3),
    _Signature(b"\xff\xf2", _MP3),
    _Signature(b"", FileType("video/mp4", "mp4"), 4, b"ftyp"),
    _Signature(b"\x1aE\xdf\xa3", FileType("video/webm", "webm")),
    _Signature(b"OggS", FileType("audio/ogg", "ogg")),
    _Signature(b"fLaC", FileType("audio/flac", "flac")),
    _Signature(b"II*\0", _TIFF),
    _Signature(b"MM\0*", _TIFF),
    _Signature(b"PK\x03\x04", FileType("application/zip", "zip")),
    _Signature(b"\x1f\x8b\x08", FileType("application/gzip", "gz")),
    _Signature(b"<svg", FileType("image/svg+xml", "svg")),
    _Signature(b"<?xml", FileType("application/xml", "xml")),
)


def file_type_of(content: bytes) -> FileType | None:
    for start, type, offset, more in _SIGNATURES:
        if content.startswith(start) and content.startswith(more, offset):
            return type
    return JSON if content.lstrip()[:1] in (b"{", b"[") and _is_json(content) else None


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
