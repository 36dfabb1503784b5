"""Filters, sorting and search text of traces and spans alike (Opik's contract, C.1 to C.6)."""

from typing import Any

import pytest

from tests.api.records import Body, Records, listed, message, named, names

pytestmark = pytest.mark.asyncio(loop_scope="session")


class TestFilters:
    async def test_all_of_them_must_match(self, records: Records) -> None:
        await records.post_batch(*named(records, {"tags": ["x"]}, {"tags": ["x"], "ttft": 5}, {"ttft": 5}))
        filters = [
            {"field": "tags", "operator": "=", "value": "x", "type": "list"},
            {"field": "ttft", "operator": ">=", "value": "5"},
        ]
        assert names(await records.find(filters=filters)) == ["b"]
        assert names(await records.stream(filters=filters)) == ["b"]

    @pytest.mark.parametrize(
        ("filter", "found"),
        [
            ({"field": "name", "operator": "=", "value": "A"}, ["a"]),
            ({"field": "input_json", "key": "q[0].x", "operator": "=", "value": "One"}, ["a"]),
            ({"field": "custom", "key": "output.n", "operator": ">", "value": "9.5"}, ["b"]),
            ({"field": "metadata", "key": "$.deep.er", "operator": "is_not_empty", "value": None}, ["b"]),
            ({"field": "error_info", "operator": "is_not_empty"}, ["c"]),
            ({"field": "error_type", "operator": "contains", "value": "error"}, ["c"]),
            ({"field": "environment", "operator": "in", "value": "test,production"}, ["c"]),
            ({"field": "start_time", "operator": "<", "value": "2026-01-02T03%3A04%3A05Z"}, ["a"]),
            ({"field": "duration", "operator": "<=", "value": "1000.0"}, ["b"]),
            ({"field": "tags", "operator": "contains", "value": "PR"}, ["a"]),
            ({"field": "source", "operator": "=", "value": "sdk"}, ["c", "a"]),
        ],
        ids=lambda value: value["field"] if isinstance(value, dict) else "",
    )
    async def test_each_kind_of_field(self, records: Records, filter: Body, found: list[str]) -> None:
        a = {"input": {"q": [{"x": "one"}]}, "tags": ["prod"], "start_time": "2026-01-01T00:00:00Z"}
        b = {"output": {"n": 10}, "metadata": {"deep": {"er": 0}}, "end_time": "2026-01-02T03:04:06Z"}
        c = {"error_info": {"exception_type": "ValueError"}, "environment": "production"}
        await records.post_batch(*named(records, a, b | {"source": "playground"}, c))
        assert names(await records.find(filters=[filter])) == found
        assert names(await records.stream(filters=[filter])) == found

    async def test_only_the_current_values_are_looked_at(self, records: Records) -> None:
        id = await records.create(name="old")
        await records.patch(id, name="new")
        assert await records.find(filters=[{"field": "name", "operator": "=", "value": "old"}]) == []

    @pytest.mark.parametrize("filters", ["", "null", "[]", " "])
    async def test_none(self, records: Records, filters: str) -> None:
        await records.create()
        assert len(await records.find(filters=filters)) == 1

    @pytest.mark.parametrize(
        "raw",
        [
            "[{",
            "{}",
            "5",
            '[{"field":"nothing","operator":"=","value":"a"}]',
            '[{"field":"name","operator":"~","value":"a"}]',
            '[{"field":"name","value":"a"}]',
            '[{"field":"name","operator":"="}]',
        ],
    )
    async def test_a_parameter_that_cannot_be_read(self, records: Records, raw: str) -> None:
        await records.create()
        assert message(await records.list_reply(filters=raw)) == (400, f"Invalid filters query parameter '{raw}'")

    @pytest.mark.parametrize(
        "filters",
        [
            "[]",
            [5],
            [{"field": "nothing", "operator": "=", "value": "a"}],
            [{"field": "name", "operator": "~", "value": "a"}],
            [{"field": "name", "operator": "="}],
        ],
    )
    async def test_a_property_that_cannot_be_read(self, records: Records, filters: Any) -> None:
        await records.create()
        status, [text] = listed(await records.search_reply(filters=filters))
        assert (status, text.startswith("Unable to process JSON. ")) == (400, True)

    @pytest.mark.parametrize(
        ("filter", "text"),
        [
            (
                {"field": "metadata", "key": "a", "operator": ">=", "value": "1"},
                "Invalid operator '>=' for field 'metadata' of type 'dictionary'",
            ),
            (
                {"field": "duration", "operator": "=", "value": "long"},
                "Invalid value 'long' or key '' for field 'duration' of type 'number'",
            ),
            (
                {"field": "start_time", "operator": ">", "value": "yesterday"},
                "Invalid value 'yesterday' or key '' for field 'start_time' of type 'date_time'",
            ),
            (
                {"field": "feedback_scores", "operator": "=", "value": "1"},
                "Invalid value '1' or key '' for field 'feedback_scores' of type 'feedback_scores_number'",
            ),
            (
                {"field": "custom", "key": "other.a", "operator": "=", "value": "1"},
                "Invalid key 'other.a' for custom filter",
            ),
        ],
        ids=["operator", "number", "date", "key", "custom key"],
    )
    async def test_a_filter_that_makes_no_sense(self, records: Records, filter: Body, text: str) -> None:
        await records.create()
        assert message(await records.list_reply(filters=[filter])) == (400, text)
        assert message(await records.search_reply(filters=[filter])) == (400, text)

    async def test_a_key_that_is_no_json_path_finds_nothing(self, records: Records) -> None:
        await records.create(metadata={"a": 1})
        filters = [{"field": "metadata", "key": "a..b", "operator": "=", "value": "1"}]
        page = await records.page(filters=filters)
        assert (page["total"], page["content"]) == (0, [])
        assert (await records.search_reply(filters=filters)).content == b""


class TestSorting:
    @pytest.mark.parametrize(
        ("sorting", "found"),
        [
            ([{"field": "name", "direction": "ASC"}], "abc"),
            ([{"field": "name"}], "abc"),
            ([{"field": "ttft", "direction": "DESC"}], "bca"),
            ([{"field": "ttft", "direction": "ASC"}, {"field": "name"}], "cba"),
            ([{"field": "start_time", "direction": "ASC"}], "bac"),
            ([{"field": "nothing", "direction": "ASC"}], "cba"),
            ([{"field": "comments"}], "cba"),
            ([], "cba"),
        ],
    )
    async def test_order(self, records: Records, sorting: list[Body], found: str) -> None:
        b = {"ttft": 2, "start_time": "2026-01-01T00:00:00Z"}
        c = {"ttft": 1, "start_time": "2026-01-03T00:00:00Z"}
        await records.post_batch(*named(records, {}, b, c))
        assert names(await records.find(sorting=sorting)) == list(found)

    @pytest.mark.parametrize("raw", ["[{", "{}", '[{"direction":"ASC"}]', '[{"field":"name","direction":"up"}]'])
    async def test_a_parameter_that_cannot_be_read(self, records: Records, raw: str) -> None:
        await records.create()
        assert message(await records.list_reply(sorting=raw)) == (400, f"Invalid sorting query parameter '{raw}'")


class TestSearchText:
    @pytest.mark.parametrize(
        "field",
        [
            {"name": "a Needle"},
            {"input": {"a": "nEEdle"}},
            {"output": ["xneedlex"]},
            {"metadata": {"needle": 1}},
            {"tags": ["needles"]},
            {"error_info": {"exception_type": "Needle"}},
        ],
        ids=lambda field: next(iter(field)),
    )
    async def test_any_column_may_have_it_whatever_the_case(self, records: Records, field: Body) -> None:
        id = await records.create(**field)
        await records.create()
        assert [found["id"] for found in await records.find(search="needle")] == [id]

    async def test_a_blank_one_is_ignored(self, records: Records) -> None:
        await records.create()
        assert len(await records.find(search=" ")) == 1

    async def test_characters_of_patterns_stand_for_themselves(self, records: Records) -> None:
        await records.post_batch(records.body(name="100%_a"), records.body(name="100 a"))
        assert names(await records.find(search="0%_")) == ["100%_a"]
