"""Where the bytes of attachments are kept. Which bytes belong to what is known by the store alone."""

from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from typing import NamedTuple, Protocol


class Kept(NamedTuple):
    place: str
    size: int


class Vault(Protocol):
    """Bytes come and go in parts, so that no file is ever whole in memory."""

    async def put(self, content: AsyncIterable[bytes]) -> Kept:
        """Keeps what comes, at a place of its own, and returns when it is durable.

        If `content` raises, so does this, and nothing is kept. Raises StoreUnavailable.
        """

    async def open(self, place: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        """The bytes from `start` up to but not including `end`, to be closed by the caller. Raises BytesNotFound."""

    async def delete(self, places: Sequence[str]) -> None:
        """What is not there is passed over. Never raises: bytes that stay behind do no harm."""
