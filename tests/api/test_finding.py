"""Lists and searches: what holds for traces and spans alike (Opik's contract, B.8, B.9, B.11, C.7 to C.9, D)."""

from typing import Any

import pytest

from tests.api.records import JANUARY_MS, NOT_VERSION_7, START, Records, listed, message, named, names
from weft.filters.fields import SPANS, TRACES, Noun
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

IMAGE = "iVBORw0KGgo" + "A" * 120


def noun_of(records: Records) -> Noun:
    return {"trace": TRACES, "span": SPANS}[records.noun]


class TestPage:
    async def test_the_envelope(self, records: Records) -> None:
        await records.post_batch(*named(records, {}, {}, {}))
        page = await records.page(page=2, size=2)
        assert names(page.pop("content")) == ["a"]
        assert page == {"page": 2, "size": 1, "total": 3, "sortable_by": noun_of(records).sortable_by}

    async def test_a_page_beyond_the_end_knows_the_total(self, records: Records) -> None:
        await records.create()
        page = await records.page(page=7)
        assert (page["page"], page["size"], page["total"], page["content"]) == (7, 0, 1, [])

    async def test_without_a_size_there_are_ten_newest_first(self, records: Records) -> None:
        bodies = [records.body(id=new_id(JANUARY_MS + n)) for n in range(11)]
        await records.post_batch(*bodies)
        assert [found["id"] for found in await records.find()] == [body["id"] for body in bodies[:0:-1]]

    async def test_no_upper_bound_of_the_size(self, records: Records) -> None:
        await records.create()
        assert len(await records.find(size=10**9)) == 1

    async def test_pages_and_sizes_below_one(self, records: Records) -> None:
        await records.create()
        status, texts = listed(await records.list_reply(page=0, size=-1))
        assert (status, sorted(texts)) == (
            400,
            [f"query param {name} must be greater than or equal to 1" for name in ("page", "size")],
        )

    async def test_items_are_like_the_record_read_alone_without_the_project_name(self, records: Records) -> None:
        id = await records.create(name="a", input={"a": 1}, tags=["t"])
        alone = await records.get(id)
        alone.pop("project_name", None)
        assert await records.find() == [alone]


class TestProject:
    """Opik's contract, A.7: which project a read is about. GET and POST give the same answers."""

    @pytest.fixture(params=["list", "search"])
    def read(self, request: pytest.FixtureRequest, records: Records) -> Any:
        async def list_by(**selector: str) -> Any:
            return await records.client.get(records.path, params=selector)

        async def search_by(**selector: str) -> Any:
            return await records.client.post(f"{records.path}/search", json=selector)

        return {"list": list_by, "search": search_by}[request.param]

    @pytest.mark.parametrize("selector", [{}, {"project_name": " "}])
    async def test_it_must_be_given(self, read: Any, selector: dict[str, str]) -> None:
        text = "Either 'project_name' or 'project_id' query params must be provided"
        assert message(await read(**selector)) == (400, text)

    async def test_it_must_be_there_and_is_not_made(self, read: Any, records: Records) -> None:
        text = f"Project name: {records.project} not found"
        assert message(await read(project_name=records.project)) == (404, text)
        assert message(await read(project_id=(id := new_id()))) == (404, f"Project id: {id} not found")
        assert not await records.has_project()

    async def test_the_id_wins_over_the_name(self, read: Any, records: Records) -> None:
        id = await records.create()
        reply = await read(project_id=await records.project_id(), project_name="nowhere")
        assert (reply.status_code, id in reply.text) == (200, True)


class TestExclude:
    async def test_fields_are_left_out(self, records: Records) -> None:
        await records.create(name="a", input={"a": 1}, output={"a": 1}, tags=["t"], end_time=START)
        exclude = ["input", "tags", "duration", "created_by"]
        whole = (await records.find())[0]
        partial = {name: value for name, value in whole.items() if name not in exclude}
        assert await records.find(exclude=exclude) == [partial]
        assert await records.stream(exclude=exclude) == [partial]

    async def test_every_field_that_may_be_excluded(self, records: Records) -> None:
        await records.create(name="a", input={"a": 1}, tags=["t"])
        [item] = await records.find(exclude=sorted(noun_of(records).excludable))
        assert item.keys() == {"id", "project_id", "last_updated_at", *records.always}

    @pytest.mark.parametrize(
        "raw", ['["nothing"]', '["id"]', '["project_id"]', '["last_updated_at"]', '{"a":1}', "[1]"]
    )
    async def test_what_cannot_be_excluded(self, records: Records, raw: str) -> None:
        await records.create()
        assert message(await records.list_reply(exclude=raw)) == (400, f"Invalid exclude query parameter '{raw}'")

    async def test_what_cannot_be_excluded_from_a_search(self, records: Records) -> None:
        await records.create()
        reply = await records.search_reply(exclude=["nothing"])
        assert message(reply) == (400, "Invalid exclude query parameter '[\"nothing\"]'")


class TestTruncate:
    async def test_long_payloads_become_a_string_of_10001_characters(self, records: Records) -> None:
        await records.create(input={"a": "é" * 20_000}, output={"a": "é" * 9_000}, metadata={"a": "é" * 20_000})
        [whole] = await records.find()
        for [item] in (await records.find(truncate="true"), await records.stream(truncate=True)):
            assert item["input"] == '{"a":"' + "é" * 9_995
            assert (item["output"], item["metadata"]) == (whole["output"], whole["metadata"])
        assert whole["input"] == {"a": "é" * 20_000}

    @pytest.mark.parametrize("image", [IMAGE, f"data:image/png;base64,{IMAGE}"], ids=["bare", "data URL"])
    async def test_images_are_replaced_by_a_word(self, records: Records, image: str) -> None:
        payload = {"url": image, "text": "kept"}
        await records.create(input=payload, output=payload, metadata=payload)
        [item] = await records.find(truncate="true")
        assert [item[name] for name in ("input", "output", "metadata")] == [{"url": "[image]", "text": "kept"}] * 3

    @pytest.mark.parametrize("truncate", [None, False])
    async def test_nothing_is_cut_unless_asked_for(self, records: Records, truncate: bool | None) -> None:
        await records.create(input=(payload := {"a": "é" * 20_000, "image": IMAGE}))
        assert (await records.find())[0]["input"] == payload
        assert (await records.stream(truncate=truncate))[0]["input"] == payload


class TestWindow:
    """Opik's contract, C.9: both bounds are inclusive, and the time is that inside the id."""

    @pytest.mark.parametrize(
        ("window", "found"),
        [
            ({"from_time": "2026-01-01T00:00:01Z"}, "cb"),
            ({"from_time": "2026-01-01T00:00:01.000000001Z"}, "c"),
            ({"to_time": "2026-01-01T00:00:01Z"}, "ba"),
            ({"to_time": "2026-01-01T00:00:00.999Z"}, "a"),
            ({"from_time": "2026-01-01T01:00:01+01:00", "to_time": "2026-01-01T00:00:01.5Z"}, "b"),
            ({"from_time": "", "to_time": ""}, "cba"),
        ],
    )
    async def test_bounds(self, records: Records, window: dict[str, str], found: str) -> None:
        await records.post_batch(*named(records, {}, {}, {}))
        assert names(await records.find(**window)) == list(found)
        assert names(await records.stream(**window)) == list(found)

    @pytest.mark.parametrize("to_time", [START, "2026-01-02T03:04:04Z"])
    async def test_it_must_not_be_empty(self, records: Records, to_time: str) -> None:
        await records.create()
        expected = (400, "Parameter 'from_time' must be before 'to_time'")
        assert message(await records.list_reply(from_time=START, to_time=to_time)) == expected
        assert message(await records.search_reply(from_time=START, to_time=to_time)) == expected


class TestStream:
    async def test_one_document_after_the_other_each_with_a_line_end(self, records: Records) -> None:
        await records.post_batch(*named(records, {"input": {"text": "a\r\nb"}}, {}))
        reply = await records.search_reply()
        assert (reply.status_code, reply.headers["Content-Type"]) == (200, "application/octet-stream")
        assert reply.content.endswith(b"}\r\n")
        assert reply.content.count(b"\r\n") == 2
        assert names(await records.stream()) == ["b", "a"]

    async def test_nothing_found_is_an_empty_body(self, records: Records) -> None:
        await records.patch(new_id(), name="other")
        reply = await records.search_reply(filters=[{"field": "name", "operator": "=", "value": "none"}])
        assert (reply.status_code, reply.content) == (200, b"")

    async def test_from_cursor_to_cursor(self, records: Records) -> None:
        await records.post_batch(*named(records, {}, {}, {}, {}, {}))
        first = await records.stream(limit=2)
        second = await records.stream(limit=2, last_retrieved_id=first[-1]["id"])
        third = await records.stream(limit=2, last_retrieved_id=second[-1]["id"])
        assert [names(page) for page in (first, second, third)] == [["e", "d"], ["c", "b"], ["a"]]

    async def test_without_a_limit_there_are_500(self, records: Records) -> None:
        await records.post_batch(*(records.body() for _ in range(501)))
        assert len(await records.stream(limit=None)) == 500
        assert len(await records.stream(limit=2000)) == 501

    @pytest.mark.parametrize(
        ("limit", "violation"),
        [(0, "limit must be greater than or equal to 1"), (2001, "limit must be less than or equal to 2000")],
    )
    async def test_limits_of_the_limit(self, records: Records, limit: int, violation: str) -> None:
        await records.create()
        assert listed(await records.search_reply(limit=limit)) == (422, [violation])

    async def test_a_cursor_may_be_any_uuid_but_no_other_text(self, records: Records) -> None:
        await records.create()
        assert (await records.search_reply(last_retrieved_id=NOT_VERSION_7)).status_code == 200
        assert listed(await records.search_reply(last_retrieved_id="x"))[0] == 400

    async def test_nulls_count_as_absent(self, records: Records) -> None:
        await records.create()
        nulls = dict.fromkeys(
            [
                "filters",
                "last_retrieved_id",
                "limit",
                "truncate",
                "strip_attachments",
                "exclude",
                "from_time",
                "to_time",
            ]
        )
        assert len(await records.stream(**nulls)) == 1


class TestExists:
    async def test_whether_a_project_has_any(self, records: Records) -> None:
        elsewhere = records.elsewhere()
        await records.create()
        await records.client.post("/v1/private/projects", json={"name": elsewhere.project})
        for where, expected in ((records, True), (elsewhere, False)):
            reply = await records.client.get(f"{records.path}/exists", params={"project_name": where.project})
            assert (reply.status_code, reply.json()) == (200, {"exists": expected})

    @pytest.mark.parametrize(
        ("stored", "asked", "expected"),
        [(None, "sdk", True), ("sdk", "sdk", True), ("playground", "sdk", False), ("playground", "playground", True)],
    )
    async def test_of_a_source(self, records: Records, stored: str | None, asked: str, expected: bool) -> None:
        await records.create(source=stored)
        params = {"project_name": records.project, "source": asked}
        assert (await records.client.get(f"{records.path}/exists", params=params)).json() == {"exists": expected}

    async def test_refusals(self, records: Records) -> None:
        async def ask(**params: str) -> tuple[int, str]:
            return message(await records.client.get(f"{records.path}/exists", params=params))

        assert await ask() == (400, "Either 'project_name' or 'project_id' query params must be provided")
        assert await ask(project_name=records.project) == (404, f"Project name: {records.project} not found")
        assert await ask(project_name=records.project, source="x") == (400, "Invalid source 'x'")
