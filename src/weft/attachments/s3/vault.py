"""Attachments in a bucket: one object each, under the name that its file would have in a folder."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from contextlib import aclosing, closing
from datetime import datetime
from typing import TYPE_CHECKING

from weft.attachments.s3.client import Bucket
from weft.attachments.vault import CannotOpenVault, DirectUploads, Kept, blocks, is_place, new_place
from weft.errors import BytesNotFound, WeftError
from weft.model.instants import now_us

if TYPE_CHECKING:
    from botocore.response import StreamingBody

READ_BYTES = 256 * 1024
LIST_AT_ONCE = 1000
PART_BYTES = 8 * 1024 * 1024  # S3 wants at least 5 MiB in every part but the last, and at most 10,000 parts
UNFINISHED_AFTER_US = 24 * 3600 * 1_000_000


class BucketVault:
    """A `Vault`."""

    def __init__(self, bucket: Bucket, uploads: DirectUploads | None = None) -> None:
        self._bucket = bucket
        self.uploads = uploads

    async def prepare(self) -> None:
        """Leaves the uploads of the last day alone, which clients may still complete."""
        try:
            await self.abort_unfinished(now_us() - UNFINISHED_AFTER_US)
        except WeftError as error:
            raise CannotOpenVault(f"Cannot use {self._bucket}: {error.__cause__ or error}") from error

    async def abort_unfinished(self, before_us: int) -> None:
        """Aborts uploads that were started before an instant: some of them only, so that it never takes long."""
        bucket = self._bucket
        found = await bucket.run(bucket.client.list_multipart_uploads, Bucket=bucket.name, Prefix=bucket.prefix)
        for upload in found.get("Uploads", []):
            key = upload["Key"]
            if is_place(key.removeprefix(bucket.prefix)) and _us(upload["Initiated"]) < before_us:
                await bucket.abort(key, upload["UploadId"])

    async def put(self, content: AsyncIterable[bytes]) -> Kept:
        place, bucket = new_place(), self._bucket
        key = bucket.key(place)
        async with aclosing(blocks(content, PART_BYTES)) as parts:
            first = await anext(parts, b"")
            if len(first) >= PART_BYTES:
                return Kept(place, await self._put_parts(key, first, parts))
        await bucket.run(bucket.client.put_object, Bucket=bucket.name, Key=key, Body=first)
        return Kept(place, len(first))

    async def open(self, place: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        bucket, key = self._bucket, self._bucket.key(place)
        if start == end:
            await bucket.run(bucket.client.head_object, Bucket=bucket.name, Key=key)
            return _nothing()
        part = f"bytes={start}-{end - 1}"
        found = await bucket.run(bucket.client.get_object, Bucket=bucket.name, Key=key, Range=part)
        return self._read(found["Body"], end - start)

    async def delete(self, places: Sequence[str]) -> None:
        await self._bucket.delete(places)

    async def places(self, before_us: int) -> AsyncIterator[Sequence[str]]:
        bucket, last = self._bucket, ""
        while True:
            page = await bucket.run(
                bucket.client.list_objects_v2,
                Bucket=bucket.name,
                Prefix=bucket.prefix,
                StartAfter=last,
                MaxKeys=LIST_AT_ONCE,
            )
            found = page.get("Contents", [])
            places = [
                item["Key"].removeprefix(bucket.prefix) for item in found if _us(item["LastModified"]) < before_us
            ]
            yield [place for place in places if is_place(place)]
            if not page["IsTruncated"]:
                return
            last = found[-1]["Key"]

    async def _put_parts(self, key: str, first: bytes, others: AsyncIterator[bytes]) -> int:
        bucket = self._bucket
        upload_id = (await bucket.run(bucket.client.create_multipart_upload, Bucket=bucket.name, Key=key))["UploadId"]
        try:
            size, done = len(first), [await bucket.put_part(key, upload_id, 1, first)]
            async for block in others:
                done.append(await bucket.put_part(key, upload_id, len(done) + 1, block))
                size += len(block)
            await bucket.complete(key, upload_id, done)
        except BaseException:
            await bucket.abort(key, upload_id)
            raise
        return size

    async def _read(self, body: "StreamingBody", length: int) -> AsyncGenerator[bytes, None]:
        with closing(body):
            while length > 0:
                block = await self._bucket.run(body.read, min(READ_BYTES, length))
                if not block:
                    raise BytesNotFound
                yield block
                length -= len(block)


async def _nothing() -> AsyncGenerator[bytes, None]:
    for part in list[bytes]():
        yield part


def _us(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000)
