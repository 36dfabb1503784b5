"""Where the bytes of attachments are kept. Which bytes belong to what is known by the store alone."""

import re
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from secrets import token_hex
from typing import NamedTuple, Protocol

_PLACE = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{30}")


class CannotOpenVault(Exception):
    """The text says which vault it is, and why."""


class Kept(NamedTuple):
    place: str
    size: int


class StartedUpload(NamedTuple):
    """One URL for each part, in order."""

    id: str
    urls: Sequence[str]


class UploadedPart(NamedTuple):
    """`etag` is what the answer to the part said."""

    number: int
    etag: str


class DirectUploads(Protocol):
    """Uploads that do not pass through this server: clients put the parts of a file to URLs that are good for a while.

    `owner` is any text that says whose file it is. Only who starts an upload for it can complete it.
    """

    async def start(self, owner: str, parts: int) -> StartedUpload:
        """Raises AttachmentTooLarge and StoreUnavailable."""

    async def complete(self, id: str, owner: str, parts: Sequence[UploadedPart]) -> Kept:
        """May be repeated, as an answer can get lost. Raises UploadNotFound, InvalidUpload, AttachmentTooLarge, of
        which nothing is kept, and StoreUnavailable."""


class Vault(Protocol):
    """Bytes come and go in parts, so that no file is ever whole in memory."""

    @property
    def uploads(self) -> DirectUploads | None:
        """None if all bytes must come through `put`."""

    async def prepare(self) -> None:
        """Removes what uploads left behind that nobody will complete. Only for when nothing is being put.

        Raises CannotOpenVault.
        """

    async def put(self, content: AsyncIterable[bytes]) -> Kept:
        """Keeps what comes, at a place of its own, and returns when it is durable.

        If `content` raises, so does this, and nothing is kept. Raises StoreUnavailable.
        """

    async def open(self, place: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` up to but not including `end`, to be closed by the caller.

        Raises BytesNotFound and StoreUnavailable.
        """

    async def delete(self, places: Sequence[str]) -> None:
        """What is not there is passed over. Never raises: bytes that stay behind do no harm."""

    def places(self, before_us: int) -> AsyncIterator[Sequence[str]]:
        """All places that were kept before an instant, some at a time. Raises StoreUnavailable."""


def new_place() -> str:
    """A random name in one of 256 folders. No text of a client is part of it."""
    name = token_hex(16)
    return f"{name[:2]}/{name}"


def is_place(text: str) -> bool:
    return _PLACE.fullmatch(text) is not None


async def blocks(content: AsyncIterable[bytes], size: int) -> AsyncGenerator[bytes, None]:
    """The same bytes in blocks of at least `size`, but for the last. None of them is empty."""
    block = bytearray()
    async for part in content:
        block += part
        if len(block) >= size:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)
