"""Files that clients send to the bucket themselves, in parts, to signed URLs."""

import re
from collections.abc import Sequence
from hashlib import sha256

from weft.attachments.s3.client import Bucket
from weft.attachments.vault import Kept, StartedUpload, UploadedPart, new_place
from weft.errors import AttachmentTooLarge, BytesNotFound, UploadNotFound

URLS_EXPIRE_AFTER_S = 12 * 3600
MIN_PART_BYTES = 5 * 1024 * 1024  # in S3, of every part but the last

_OWNER = "weft-owner"
_ID = re.compile(r"(([0-9a-f]{2})[0-9a-f]{30})\.(.+)", re.ASCII)


class BucketUploads:
    """`DirectUploads`. An id says where the file will be, and the object there says whose it is: nothing is stored
    here while an upload is under way."""

    def __init__(self, bucket: Bucket, max_bytes: int) -> None:
        self._bucket = bucket
        self._max_bytes = max_bytes

    async def start(self, owner: str, parts: int) -> StartedUpload:
        if (parts - 1) * MIN_PART_BYTES >= self._max_bytes:
            raise AttachmentTooLarge(limit=self._max_bytes)
        bucket, place = self._bucket, new_place()
        started = await bucket.run(
            bucket.client.create_multipart_upload,
            Bucket=bucket.name,
            Key=bucket.key(place),
            Metadata={_OWNER: _digest(owner)},
        )
        urls = await bucket.run(self._sign, bucket.key(place), started["UploadId"], parts)
        return StartedUpload(f"{place.rpartition('/')[2]}.{started['UploadId']}", urls)

    async def complete(self, id: str, owner: str, parts: Sequence[UploadedPart]) -> Kept:
        match = _ID.fullmatch(id)
        if match is None:
            raise UploadNotFound
        bucket, place = self._bucket, f"{match[2]}/{match[1]}"
        try:
            found = await bucket.complete(bucket.key(place), match[3], parts)
        except BytesNotFound as error:
            raise UploadNotFound from error
        if found["Metadata"].get(_OWNER) != _digest(owner):
            raise UploadNotFound
        if found["ContentLength"] > self._max_bytes:
            await bucket.delete([place])
            raise AttachmentTooLarge(limit=self._max_bytes)
        return Kept(place, found["ContentLength"])

    def _sign(self, key: str, upload_id: str, parts: int) -> list[str]:
        bucket = self._bucket
        target = {"Bucket": bucket.name, "Key": key, "UploadId": upload_id}
        return [
            bucket.client.generate_presigned_url(
                "upload_part", Params=target | {"PartNumber": number}, ExpiresIn=URLS_EXPIRE_AFTER_S
            )
            for number in range(1, parts + 1)
        ]


def _digest(owner: str) -> str:
    return sha256(owner.encode()).hexdigest()
