"""One bucket, or the part of one below a prefix, and calls to it in threads of their own."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from weft.attachments.vault import CannotOpenVault, UploadedPart
from weft.errors import BytesNotFound, InvalidUpload, StoreUnavailable, UploadNotFound, WeftError

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_s3.type_defs import (
        CompletedPartTypeDef,
        DeleteTypeDef,
        HeadObjectOutputTypeDef,
        ObjectIdentifierTypeDef,
    )

LOG = logging.getLogger("weft.attachments")

CALLS = 16  # at the same time
CONNECT_TIMEOUT_S = 10
READ_TIMEOUT_S = 60
ATTEMPTS = 4
DELETE_AT_ONCE = 1000

ERRORS: dict[str, Callable[[str], WeftError]] = {
    "404": lambda text: BytesNotFound(),  # to a HEAD, which is answered without a body that says more
    "NoSuchKey": lambda text: BytesNotFound(),
    "InvalidRange": lambda text: BytesNotFound(),
    "NoSuchUpload": lambda text: UploadNotFound(),
    "EntityTooLarge": lambda text: InvalidUpload(reason=text),
    "EntityTooSmall": lambda text: InvalidUpload(reason=text),
    "InvalidPart": lambda text: InvalidUpload(reason=text),
    "InvalidPartOrder": lambda text: InvalidUpload(reason=text),
    "MalformedXML": lambda text: InvalidUpload(reason=text),
}

P = ParamSpec("P")
T = TypeVar("T")


class Bucket:
    """`client` makes the calls, which block, and is for `run` alone."""

    def __init__(self, client: "S3Client", name: str, prefix: str) -> None:
        self.client = client
        self.name = name
        self.prefix = prefix
        self._threads = ThreadPoolExecutor(CALLS, "weft-s3")

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")

    def key(self, place: str) -> str:
        return self.prefix + place

    async def run(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Raises StoreUnavailable and what is in ERRORS."""
        bound = partial(call, *args, **kwargs)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, bound)
        except ClientError as error:
            raise self._error_of(error) from error
        except BotoCoreError as error:
            LOG.warning("bucket not reached", extra={"fields": {"bucket": str(self), "reason": str(error)}})
            raise StoreUnavailable(reason=f"the bucket cannot be reached ({type(error).__name__})") from error

    async def put_part(self, key: str, upload_id: str, number: int, content: bytes) -> UploadedPart:
        done = await self.run(
            self.client.upload_part,
            Bucket=self.name,
            Key=key,
            UploadId=upload_id,
            PartNumber=number,
            Body=content,
        )
        return UploadedPart(number, done["ETag"])

    async def complete(self, key: str, upload_id: str, parts: Sequence[UploadedPart]) -> "HeadObjectOutputTypeDef":
        """May be repeated, as an answer can get lost. What the upload has become; raises BytesNotFound if nothing."""
        described: Sequence[CompletedPartTypeDef] = [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
        with suppress(UploadNotFound):
            await self.run(
                self.client.complete_multipart_upload,
                Bucket=self.name,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={"Parts": described},
            )
        return await self.run(self.client.head_object, Bucket=self.name, Key=key)

    async def delete(self, places: Sequence[str]) -> None:
        """Never raises."""
        for start in range(0, len(places), DELETE_AT_ONCE):
            some = places[start : start + DELETE_AT_ONCE]
            objects: Sequence[ObjectIdentifierTypeDef] = [{"Key": self.key(place)} for place in some]
            deletion: DeleteTypeDef = {"Objects": objects, "Quiet": True}
            try:
                done = await self.run(self.client.delete_objects, Bucket=self.name, Delete=deletion)
                failed = [f"{item.get('Key')}: {item.get('Message')}" for item in done.get("Errors", [])]
            except WeftError as error:
                failed = [f"{len(some)} places: {error}"]
            for reason in failed:
                LOG.warning("attachment not deleted", extra={"fields": {"bucket": str(self), "reason": reason}})

    async def abort(self, key: str, upload_id: str) -> None:
        """Never raises: what stays behind goes with the next `prepare`."""
        with suppress(WeftError):
            await self.run(self.client.abort_multipart_upload, Bucket=self.name, Key=key, UploadId=upload_id)

    def _error_of(self, error: ClientError) -> WeftError:
        """What a bucket says of itself, such as who may not do what, is for the log and not for clients."""
        described = error.response.get("Error", {})
        code, text = described.get("Code", ""), described.get("Message", "")
        if code in ERRORS:
            return ERRORS[code](text)
        LOG.warning("bucket refused", extra={"fields": {"bucket": str(self), "reason": str(error)}})
        return StoreUnavailable(reason=f"the bucket answered {code}")


def open_bucket(url: str) -> Bucket:
    """For `s3://name/prefix`. Endpoint, region and keys are where every tool of AWS looks for them.

    Raises CannotOpenVault.
    """
    parts = urlsplit(url)
    config = Config(
        signature_version="s3v4",
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        max_pool_connections=CALLS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        # Checksums in trailers are younger than most servers that speak S3, and clients of signed URLs send none.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        client = cast("S3Client", get_session().create_client("s3", config=config))
    except (BotoCoreError, ValueError) as error:
        raise CannotOpenVault(f"Cannot use {url}: {error}") from error
    prefix = parts.path.strip("/")
    return Bucket(client, parts.netloc, f"{prefix}/" if prefix else "")
