"""Values that no client should send: an error that leaves nothing behind, or stored faithfully."""

import json

import pytest

from tests.api.records import START, Records, listed, message, send, with_raw
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

DIGITS = "9" * 400
LONG = "x" * 5_000_000
TEXTS = {
    "NUL": "a\0b",
    "emoji": "👩‍👩‍👧‍👦 🇪🇺",
    "other planes": "\U0010ffff\ufffe\u2028",
    "combining": "e\u0301",
    "controls": "\x01\x1f\x7f\u202e",
    "quotes": "\"'`\\ $1 {field} %s ; --",
}
TOO_EARLY_OR_LATE = [
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+10:00",
    "1600-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "9999-12-31T23:59:59-10:00",
]
NO_INSTANTS = ["", "now", "2026-01-01", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z", "+002026-01-01T00:00:00Z"]
EARLIEST, LATEST = "1677-09-21T00:12:43.145224193Z", "2262-04-11T23:47:16.854775807Z"


class TestTexts:
    @pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
    async def test_they_come_back_as_they_were_sent(self, records: Records, text: str) -> None:
        payload = {text[:100]: [text]}
        fields = {
            "name": text,
            "tags": [text],
            "input": payload,
            "output": text,
            "metadata": payload,
            "error_info": {"exception_type": text, "traceback": text},
            "environment": text[:100],
        }
        only = {"thread_id": text} if records.noun == "trace" else {"model": text}
        fields |= only
        record = await records.get(await records.create(**fields))
        assert {name: record[name] for name in fields} == fields
        by_name = [{"field": "name", "operator": "=", "value": text}]
        assert await records.stream(filters=by_name) == await records.find()

    async def test_half_a_surrogate_pair_becomes_the_replacement_character(self, records: Records) -> None:
        half, document = r'"a\ud800b"', r'{"\udfff":["\ud83d\ude00 \ud800"]}'
        extra = "thread_id" if records.noun == "trace" else "model"
        id, content = with_raw(records, name=half, tags=f"[{half}]", input=document, **{extra: half})
        assert (await send(records, content)).status_code == 201
        record = await records.get(id)
        assert (record["name"], record["tags"], record[extra]) == ("a\ufffdb", ["a\ufffdb"], "a\ufffdb")
        assert record["input"] == {"\ufffd": ["😀 \ufffd"]}

    @pytest.mark.parametrize("text", [*TEXTS.values(), "half \ud800 a pair"], ids=[*TEXTS, "half a surrogate pair"])
    async def test_names_of_projects(self, records: Records, text: str) -> None:
        name = f"{text} {new_id()}"
        id, content = with_raw(records, project_name=json.dumps(name))
        assert (await send(records, content)).status_code == 201
        record = await records.get(id)
        project = (await records.client.get(f"/v1/private/projects/{record['project_id']}")).json()
        stored = name.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
        assert project["name"] == stored
        reply = await records.client.post(f"{records.path}/search", json={"project_name": stored})
        assert id in reply.text

    @pytest.mark.parametrize("text", [*TEXTS.values(), "half \ud800 a pair"], ids=[*TEXTS, "half a surrogate pair"])
    async def test_names_of_scores(self, records: Records, text: str) -> None:
        id = await records.create()
        item = {"id": id, "project_name": records.project, "name": text, "value": 1, "source": "sdk", "reason": text}
        content = json.dumps({"scores": [item]})
        assert (await records.client.put(f"{records.path}/feedback-scores", content=content)).status_code == 204
        [score] = (await records.get(id))["feedback_scores"]
        stored = text.replace("\ud800", "\ufffd")
        assert (score["name"], score["reason"]) == (stored, stored)

    async def test_five_megabytes(self, traces: Records) -> None:
        project = f"{LONG} {new_id()}"
        fields = {"name": LONG, "tags": [LONG], "input": [LONG], "thread_id": LONG}
        trace = await traces.get(id := await traces.create(**fields, project_name=project))
        assert {name: trace[name] for name in fields} == fields
        score = {"name": LONG, "value": 1, "source": "sdk", "reason": LONG}
        assert (await traces.client.put(f"{traces.path}/{id}/feedback-scores", json=score)).status_code == 204
        by_name = [{"field": "name", "operator": "=", "value": LONG}]
        [found] = await traces.stream(project_name=project, filters=by_name)
        assert [(score["name"], score["reason"]) for score in found["feedback_scores"]] == [(LONG, LONG)]

    @pytest.mark.parametrize("parameter", ["search", "filters", "sorting", "exclude", "project_name", "from_time"])
    async def test_in_queries(self, traces: Records, parameter: str) -> None:
        await traces.create()
        path = f"{traces.path}?project_id={await traces.project_id()}&{parameter}="
        for value in ("%00", "%ff%fe", "%ed%a0%80", "%F0%9F%98%80", "[" * 30_000):
            assert (await traces.client.get(path + value)).status_code in (200, 400)


class TestInstants:
    @pytest.mark.parametrize("text", [*TOO_EARLY_OR_LATE, *NO_INSTANTS])
    async def test_what_64_bits_of_nanoseconds_cannot_hold_is_refused(self, traces: Records, text: str) -> None:
        for field in ("start_time", "end_time", "last_updated_at"):
            broken = {field: text}
            for reply in (await traces.post(**broken), await traces.post_batch(traces.body(), traces.body(**broken))):
                status, [reason] = listed(reply)
                assert (status, reason.startswith(f"Unable to process JSON. {field}: ")) == (400, True)
        assert not await traces.has_project()

    @pytest.mark.parametrize("text", [EARLIEST, LATEST, "1970-01-01T00:00:00Z"])
    async def test_the_first_and_the_last_are_kept_and_found(self, traces: Records, text: str) -> None:
        id = await traces.create(start_time=text, end_time=text, last_updated_at=text)
        record = await traces.get(id)
        assert (record["start_time"], record["end_time"]) == (text, text)
        assert record["last_updated_at"][:19] == text[:19]
        for field in ("end_time", "last_updated_at", "created_at"):
            for sorted_or_filtered in (
                {"filters": [{"field": field, "operator": "<=", "value": "9999-12-31T23:59:59Z"}]},
                {"sorting": [{"field": field, "direction": "DESC"}]},
            ):
                assert [found["id"] for found in await traces.find(**sorted_or_filtered)] == [id]

    async def test_an_end_ages_before_or_after_its_start(self, traces: Records) -> None:
        ids = [
            await traces.create(start_time=LATEST, end_time=EARLIEST),
            await traces.create(start_time=EARLIEST, end_time=LATEST),
        ]
        sorting = [{"field": "duration", "direction": "ASC"}]
        assert [found["id"] for found in await traces.find(sorting=sorting)] == ids

    @pytest.mark.parametrize("text", [*TOO_EARLY_OR_LATE[1:], EARLIEST, LATEST])
    async def test_in_windows_and_filters_any_year_will_do(self, traces: Records, text: str) -> None:
        await traces.create()
        early = text < START
        assert len(await traces.find(from_time=text)) == len(await traces.stream(from_time=text)) == early
        assert len(await traces.find(to_time=text)) == len(await traces.stream(to_time=text)) == (not early)
        for field in ("start_time", "last_updated_at"):
            filters = [{"field": field, "operator": ">", "value": text.replace("+", "%2B")}]
            assert len(await traces.find(filters=filters)) == early

    @pytest.mark.parametrize("text", [TOO_EARLY_OR_LATE[0], *NO_INSTANTS[1:]])
    async def test_in_windows_and_filters_other_texts_are_refused(self, traces: Records, text: str) -> None:
        await traces.create()
        for reply in (
            await traces.list_reply(from_time=text),
            await traces.search_reply(to_time=text),
            await traces.list_reply(filters=[{"field": "end_time", "operator": "=", "value": text}]),
        ):
            assert message(reply)[0] == 400

    @pytest.mark.parametrize("text", [TOO_EARLY_OR_LATE[-1], NO_INSTANTS[0]])
    async def test_in_patches(self, traces: Records, text: str) -> None:
        id = await traces.create(name="kept")
        assert listed(await traces.patch(id, end_time=text, name="new"))[0] == 400
        assert (await traces.get(id))["name"] == "kept"


class TestNumbers:
    @pytest.mark.parametrize(
        "number", [DIGITS, f"-0.{DIGITS}", "1e400", "-1E-400", f"{DIGITS}e{'9' * 30}"], ids=lambda n: n[:8]
    )
    async def test_payloads_keep_every_digit(self, traces: Records, number: str) -> None:
        id, content = with_raw(traces, input=f'{{"n":{number}}}', metadata=number)
        assert (await send(traces, content)).status_code == 201
        reply = await traces.client.get(f"{traces.path}/{id}")
        assert f'"input":{{"n":{number}}}' in reply.text
        assert f'"metadata":{number}' in reply.text
        assert f'"metadata":{number}' in (await traces.search_reply()).text

    async def test_what_is_no_number_is_stored_as_text(self, traces: Records) -> None:
        id, content = with_raw(traces, input='{"n":[NaN,Infinity,-Infinity]}')
        assert (await send(traces, content)).status_code == 201
        assert (await traces.get(id))["input"] == {"n": ["NaN", "Infinity", "-Infinity"]}

    @pytest.mark.parametrize("number", [DIGITS, "1e400", "NaN", "Infinity", "-1"], ids=lambda n: n[:8])
    async def test_a_ttft(self, traces: Records, number: str) -> None:
        assert listed(await send(traces, with_raw(traces, ttft=number)[1]))[0] in (400, 422)
        assert not await traces.has_project()

    @pytest.mark.parametrize(
        "number",
        [DIGITS, "1e15", "1e999999999", f"1e{DIGITS}", "NaN", "Infinity", "-Infinity", "-1e-400"],
        ids=lambda n: n[:9],
    )
    async def test_a_cost(self, spans: Records, number: str) -> None:
        assert listed(await send(spans, with_raw(spans, total_estimated_cost=number)[1]))[0] in (400, 422)
        assert not await spans.has_project()

    @pytest.mark.parametrize(
        ("number", "stored"),
        [
            (f"0.{'3' * 400}", "0.333333333333"),
            ("999999999999999.999999999999", "999999999999999.999999999999"),
            ("1e-400", None),
        ],
        ids=["400 digits", "the greatest", "the smallest"],
    )
    async def test_a_cost_is_rounded_to_12_digits(self, spans: Records, number: str, stored: str | None) -> None:
        id, content = with_raw(spans, total_estimated_cost=number)
        assert (await send(spans, content)).status_code == 201
        text = (await spans.client.get(f"{spans.path}/{id}")).text
        assert f'"total_estimated_cost":{stored}' in text if stored else "total_estimated_cost" not in text

    async def test_the_greatest_costs_and_counters_add_up(self, traces: Records) -> None:
        id = await traces.create()
        spans = Records(traces.client, "span", traces.project, {"trace_id": id})
        fields = {"total_estimated_cost": 999_999_999_999_999, "usage": {"total_tokens": 2**63 - 1}}
        assert (await spans.post_batch(*(spans.body(**fields) for _ in range(1000)))).status_code == 204
        trace = await traces.get(id)
        assert trace["total_estimated_cost"] == pytest.approx(999_999_999_999_999_000)
        assert await traces.find(sorting=[{"field": "usage.total_tokens"}]) == [trace]
        filters = [{"field": "usage.total_tokens", "operator": ">", "value": "1"}]
        assert await traces.find(filters=filters) == [trace]

    @pytest.mark.parametrize(
        "number", [DIGITS, str(2**63), str(-(2**63) - 1), "1.5", "1e400", "NaN", "true"], ids=lambda n: n[:8]
    )
    async def test_a_usage_counter(self, spans: Records, number: str) -> None:
        assert listed(await send(spans, with_raw(spans, usage=f'{{"a":1,"b":{number}}}')[1]))[0] == 400
        assert not await spans.has_project()

    @pytest.mark.parametrize(
        "number", [DIGITS, f"-{DIGITS}", "1e999999999", "NaN", "Infinity", "-Infinity"], ids=lambda n: n[:8]
    )
    async def test_the_value_of_a_score(self, traces: Records, number: str) -> None:
        id = await traces.create()
        content = f'{{"name":"a","source":"sdk","value":{number}}}'
        assert listed(await traces.client.put(f"{traces.path}/{id}/feedback-scores", content=content))[0] == 422
        assert "feedback_scores" not in await traces.get(id)

    @pytest.mark.parametrize("value", [DIGITS, "1e400", "NaN", "٣", "0x10", ""], ids=lambda n: n[:8])
    async def test_in_filters(self, traces: Records, value: str) -> None:
        await traces.create()
        for filter in (
            {"field": "duration"},
            {"field": "metadata", "key": "a"},
            {"field": "feedback_scores", "key": "a"},
        ):
            assert message(await traces.list_reply(filters=[filter | {"operator": ">", "value": value}]))[0] == 400

    @pytest.mark.parametrize("number", ["9" * 30, str(2**63 - 1)], ids=["30 digits", "64 bits"])
    async def test_pages_and_sizes(self, traces: Records, number: str) -> None:
        await traces.create()
        assert await traces.find(page=number, size=number) == []
        assert len(await traces.find(size=number)) == 1
        assert listed(await traces.search_reply(limit=int(number)))[0] == 422
