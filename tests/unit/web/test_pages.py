"""Which paths are pages, and what of them a browser may keep."""

import gzip
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from weft.web.pages import Pages

INDEX = b"<!doctype html><title>Weft</title>"
SCRIPT = b"console.log('weft')"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(INDEX)
    (tmp_path / ".sources").write_text("what it was built from")
    (tmp_path / "assets" / "main-abc.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "main-abc.js.gz").write_bytes(gzip.compress(SCRIPT))
    return tmp_path


async def ask(folder: Path, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    pages = Pages(PlainTextResponse("the API"), {"v1", "api"}, folder)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://weft") as client:
        return await client.request(
            method, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )


@pytest.mark.parametrize("path", ["/v1/private/traces", "/v1/nowhere", "/api", "/api/v1/x"])
async def test_what_an_api_claims_is_its(built: Path, path: str) -> None:
    assert (await ask(built, path)).text == "the API"


async def test_other_methods_are_the_apis(built: Path) -> None:
    assert (await ask(built, "/projects", "POST")).text == "the API"


@pytest.mark.parametrize("path", ["/", "/projects/1/traces", "/v1x", "/.sources", "/../secret", "/assets"])
async def test_every_other_path_is_a_page(built: Path, path: str) -> None:
    reply = await ask(built, path)
    assert (reply.status_code, reply.content) == (200, INDEX)
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_page_that_is_as_it_was_is_not_sent_again(built: Path) -> None:
    etag = (await ask(built, "/")).headers["etag"]
    reply = await ask(built, "/projects", if_none_match=etag)
    assert (reply.status_code, reply.content) == (304, b"")


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_assets_are_kept_for_good(built: Path, coding: str) -> None:
    reply = await ask(built, "/assets/main-abc.js", accept_encoding=coding)
    assert reply.content == SCRIPT
    assert reply.headers.get("content-encoding", "identity") == coding
    assert "immutable" in reply.headers["cache-control"]


async def test_an_asset_of_another_version_is_not_a_page(built: Path) -> None:
    assert (await ask(built, "/assets/main-old.js")).status_code == 404


async def test_a_head_has_no_body(built: Path) -> None:
    reply = await ask(built, "/", "HEAD")
    assert (reply.content, reply.headers["content-length"]) == (b"", str(len(INDEX)))


@pytest.mark.parametrize("path", ["/", "/assets/main-abc.js"])
async def test_nothing_from_elsewhere_is_run_or_frames_it(built: Path, path: str) -> None:
    headers = (await ask(built, path)).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"


async def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    reply = await ask(tmp_path, "/")
    assert reply.status_code == 503
    assert "scripts/ui" in reply.text
