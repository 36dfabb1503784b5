"""Attachments in a bucket of whatever speaks S3. Needs the extra `s3`."""

from weft.attachments.s3.client import open_bucket
from weft.attachments.s3.uploads import BucketUploads
from weft.attachments.s3.vault import BucketVault


def open_bucket_vault(url: str, max_upload_bytes: int | None) -> BucketVault:
    """For `s3://name/prefix`. Without a largest upload, all bytes must come through `put`. Raises CannotOpenVault."""
    bucket = open_bucket(url)
    return BucketVault(bucket, None if max_upload_bytes is None else BucketUploads(bucket, max_upload_bytes))
