"""What a vault promises, in a folder and in a bucket."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from tests.s3_server import BUCKET, S3Server, s3_server
from weft.attachments.folder import FolderVault
from weft.attachments.s3 import client as s3_client
from weft.attachments.s3 import vault as s3_vault
from weft.attachments.s3.client import Bucket, open_bucket
from weft.attachments.s3.vault import BucketVault
from weft.attachments.vault import CannotOpenVault, Vault
from weft.errors import BytesNotFound, StoreUnavailable
from weft.model.ids import new_id
from weft.model.instants import now_us

CONTENT = bytes(range(256)) * 70_000  # two parts of an upload to a bucket, and some more
HOUR_US = 3600 * 1_000_000


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with s3_server() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.variables.items():
            patch.setenv(name, value)
        yield server


@pytest.fixture(scope="module")
def whole_bucket(s3: S3Server) -> Bucket:
    """Making a client is slow."""
    return open_bucket(f"s3://{BUCKET}")


@pytest.fixture
def prefix() -> str:
    return new_id()


@pytest.fixture
def bucket_vault(whole_bucket: Bucket, prefix: str) -> BucketVault:
    return BucketVault(Bucket(whole_bucket.client, BUCKET, f"{prefix}/"))


@pytest.fixture(params=["folder", "bucket"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    if request.param == "folder":
        return FolderVault(tmp_path / "not made yet")
    vault: BucketVault = request.getfixturevalue("bucket_vault")
    return vault


async def parts(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content


async def broken(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content
    raise ConnectionError


async def read(vault: Vault, place: str, start: int, end: int) -> bytes:
    async with aclosing(await vault.open(place, start, end)) as content:
        return b"".join([part async for part in content])


async def places(vault: Vault, before_us: int) -> list[str]:
    return sorted([place async for some in vault.places(before_us) for place in some])


async def test_what_is_put_is_there_whole_and_in_part(vault: Vault) -> None:
    kept = await vault.put(parts(CONTENT[:100], b"", CONTENT[100:9_000_000], CONTENT[9_000_000:]))
    assert kept.size == len(CONTENT)
    assert await read(vault, kept.place, 0, kept.size) == CONTENT
    assert await read(vault, kept.place, 300_000, 900_000) == CONTENT[300_000:900_000]


async def test_something_small(vault: Vault) -> None:
    kept = await vault.put(parts(b"con", b"tent"))
    assert await read(vault, kept.place, 0, kept.size) == b"content"
    assert await read(vault, kept.place, 3, 4) == b"t"


async def test_nothing_at_all_can_be_put(vault: Vault) -> None:
    kept = await vault.put(parts())
    assert kept.size == 0
    assert await read(vault, kept.place, 0, 0) == b""


async def test_the_same_bytes_have_a_place_of_their_own_each_time(vault: Vault) -> None:
    first, second = await vault.put(parts(b"same")), await vault.put(parts(b"same"))
    await vault.delete([first.place])
    assert await read(vault, second.place, 0, 4) == b"same"


@pytest.mark.parametrize("before_it_breaks", [b"", b"little", CONTENT], ids=["nothing", "little", "much"])
async def test_content_that_breaks_off_leaves_nothing(vault: Vault, s3: S3Server, before_it_breaks: bytes) -> None:
    with pytest.raises(ConnectionError):
        await vault.put(broken(before_it_breaks))
    assert await places(vault, now_us() + HOUR_US) == []
    assert s3.unfinished() == []


async def test_deleted_bytes_are_gone_and_deleting_twice_is_no_error(vault: Vault) -> None:
    kept, empty = await vault.put(parts(b"secret")), await vault.put(parts())
    await vault.delete([kept.place, empty.place, "ab/none"])
    await vault.delete([kept.place])
    for place, size in (kept, empty):
        with pytest.raises(BytesNotFound):
            await read(vault, place, 0, size)


@pytest.mark.parametrize(("start", "end"), [(0, 8), (7, 8), (100, 200)])
async def test_bytes_that_are_fewer_than_known_are_not_passed_off_as_whole(vault: Vault, start: int, end: int) -> None:
    kept = await vault.put(parts(b"content"))
    with pytest.raises(BytesNotFound):
        await read(vault, kept.place, start, end)


async def test_a_reader_that_leaves_early_disturbs_nobody(vault: Vault) -> None:
    kept = await vault.put(parts(CONTENT))
    async with aclosing(await vault.open(kept.place, 0, kept.size)) as content:
        assert CONTENT.startswith(await anext(content))
    assert await read(vault, kept.place, kept.size - 3, kept.size) == CONTENT[-3:]


async def test_places_by_age(vault: Vault) -> None:
    assert await places(vault, now_us() + HOUR_US) == []
    kept = [(await vault.put(parts(b"content"))).place for _ in range(3)]
    assert await places(vault, now_us() + HOUR_US) == sorted(kept)
    assert await places(vault, now_us() - HOUR_US) == []


async def test_preparing_leaves_what_is_kept(vault: Vault) -> None:
    await vault.prepare()
    kept = await vault.put(parts(b"content"))
    await vault.prepare()
    assert await read(vault, kept.place, 0, kept.size) == b"content"


class TestBucket:
    async def test_only_what_is_below_the_prefix_and_ours_counts(
        self, bucket_vault: BucketVault, s3: S3Server, prefix: str
    ) -> None:
        kept = await bucket_vault.put(parts(b"content"))
        s3.client.put_object(Bucket=BUCKET, Key=f"{prefix}/ab/notes.txt", Body=b"theirs")
        s3.client.put_object(Bucket=BUCKET, Key=f"other/{kept.place}", Body=b"theirs")
        assert s3.keys(prefix) == sorted([f"{prefix}/ab/notes.txt", f"{prefix}/{kept.place}"])
        assert await places(bucket_vault, now_us() + HOUR_US) == [kept.place]

    async def test_more_places_than_fit_a_page(
        self, bucket_vault: BucketVault, s3: S3Server, prefix: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(s3_vault, "LIST_AT_ONCE", 2)
        monkeypatch.setattr(s3_client, "DELETE_AT_ONCE", 2)
        many = sorted([(await bucket_vault.put(parts(b""))).place for _ in range(5)])
        assert await places(bucket_vault, now_us() + HOUR_US) == many
        await bucket_vault.delete(many)
        assert s3.keys(prefix) == []

    async def test_unfinished_uploads_are_aborted_once_they_are_old(
        self, bucket_vault: BucketVault, s3: S3Server, prefix: str
    ) -> None:
        """This server says of every upload that it began in 2010."""
        ours, theirs = f"{prefix}/ab/ab{0:030x}", f"{prefix}/theirs"
        for key in (ours, theirs):
            s3.client.create_multipart_upload(Bucket=BUCKET, Key=key)
        await bucket_vault.abort_unfinished(before_us=1_000_000_000 * 1_000_000)
        assert s3.unfinished(prefix) == [ours, theirs]
        await bucket_vault.prepare()
        assert s3.unfinished(prefix) == [theirs]

    async def test_a_key_that_is_refused(self, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        vault = BucketVault(open_bucket(f"s3://{BUCKET}"))
        with pytest.raises(StoreUnavailable, match="SignatureDoesNotMatch"):
            await vault.put(parts(b"content"))
        with pytest.raises(CannotOpenVault, match=rf"^Cannot use s3://{BUCKET}: .*SignatureDoesNotMatch"):
            await vault.prepare()
        await vault.delete(["ab/none"])

    async def test_a_bucket_that_is_not_there(self, whole_bucket: Bucket) -> None:
        with pytest.raises(CannotOpenVault, match="NoSuchBucket"):
            await BucketVault(Bucket(whole_bucket.client, "none", "")).prepare()

    async def test_a_server_that_is_not_there(self, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(s3_client, "ATTEMPTS", 1)
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        vault = BucketVault(open_bucket(f"s3://{BUCKET}"))
        with pytest.raises(StoreUnavailable, match=r"cannot be reached \(EndpointConnectionError\)$"):
            await vault.put(parts(CONTENT))

    def test_an_endpoint_that_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "minio")
        with pytest.raises(CannotOpenVault, match=rf"^Cannot use s3://{BUCKET}: "):
            open_bucket(f"s3://{BUCKET}")
