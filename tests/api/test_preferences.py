"""Results of batch updates for those who prefer them: `Prefer: return=representation` (RFC 7240)."""

from collections.abc import Mapping

import httpx
import pytest

from tests.api.records import FIFTY_TAGS, Body, Records, listed
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOO_MANY = "Tag limit exceeded: maximum 50 tags per item"


class Bench:
    """Two of a kind, of which the second has all the tags that it can have."""

    def __init__(self, client: httpx.AsyncClient, path: str, ids: list[str], always: Mapping[str, object]) -> None:
        self.first, self.second = ids
        self._always = always
        self._client = client
        self._path = path

    async def patch(self, *ids: str, prefer: str | None = "return=representation", **update: object) -> httpx.Response:
        headers = {} if prefer is None else {"Prefer": prefer}
        body: Body = {"ids": ids, "update": {**self._always, **update}, "merge_tags": True}
        return await self._client.patch(f"{self._path}/batch", json=body, headers=headers)


@pytest.fixture(params=["traces", "spans", "threads"])
def noun(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def filled(noun: str, traces: Records, spans: Records) -> Bench:
    if noun != "threads":
        records = traces if noun == "traces" else spans
        bench = Bench(records.client, records.path, [await records.create() for _ in range(2)], records.always)
    else:
        for name in ("a", "b"):
            await traces.create(thread_id=name)
        path = f"{traces.path}/threads"
        body = {"project_name": traces.project}
        replies = [await traces.client.post(f"{path}/retrieve", json=body | {"thread_id": name}) for name in ("a", "b")]
        bench = Bench(traces.client, path, [reply.json()["thread_model_id"] for reply in replies], {})
    await bench.patch(bench.second, tags=FIFTY_TAGS)
    return bench


async def test_each_item_has_its_result(noun: str, traces: Records, spans: Records) -> None:
    bench, missing = await filled(noun, traces, spans), new_id()
    reply = await bench.patch(missing, bench.first, bench.second, bench.first.upper(), tags=["new"])
    assert (reply.status_code, reply.headers["Preference-Applied"]) == (200, "return=representation")
    refused = {"status": "failure", "error_code": "tag_limit_exceeded", "message": TOO_MANY}
    entity = noun.removesuffix("s").capitalize()
    unknown = {"status": "failure", "error_code": "not_found", "message": f"{entity} id: {missing} not found"}
    assert reply.json() == {
        "results": [
            {"id": missing, **unknown},
            {"id": bench.first, "status": "success"},
            {"id": bench.second, **refused},
            {"id": bench.first, "status": "success"},
        ]
    }


@pytest.mark.parametrize("prefer", [None, "return=minimal", "respond-async", "return=minimal, return=representation"])
async def test_without_the_preference(noun: str, prefer: str | None, traces: Records, spans: Records) -> None:
    bench = await filled(noun, traces, spans)
    reply = await bench.patch(bench.first, new_id(), prefer=prefer, tags=["new"])
    assert (reply.status_code, reply.content) == (204, b"")
    assert "Preference-Applied" not in reply.headers
    assert listed(await bench.patch(bench.first, bench.second, prefer=prefer, tags=["x"])) == (422, [TOO_MANY])


@pytest.mark.parametrize("prefer", ['Return = "representation"', "respond-async;x=1, return=representation; foo=bar"])
async def test_other_spellings(noun: str, prefer: str, traces: Records, spans: Records) -> None:
    bench = await filled(noun, traces, spans)
    assert (await bench.patch(bench.first, prefer=prefer, tags=["new"])).status_code == 200


async def test_a_request_that_breaks_a_rule_is_refused_as_a_whole(noun: str, traces: Records, spans: Records) -> None:
    bench = await filled(noun, traces, spans)
    assert listed(await bench.patch(bench.first, tags=[" "])) == (422, ["Tag must not be blank"])
