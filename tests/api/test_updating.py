"""Patches, one by one and in batches: traces and spans alike (Opik's contract, B.4, B.5, H.1)."""

from typing import Any

import pytest

from tests.api.records import BROKEN_RULES, EVERY_FIELD, FIFTY_TAGS, NOT_VERSION_7, Records, listed, message
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

TAG_LIMIT = (422, ["Tag limit exceeded: maximum 50 tags per item"])


class TestUpdate:
    async def test_only_what_is_given_changes(self, records: Records) -> None:
        before = await records.get(await records.create(**EVERY_FIELD))
        reply = await records.patch(before["id"], name="new", output=None, tags=None, metadata={})
        assert (reply.status_code, reply.content) == (204, b"")
        after = await records.get(before["id"])
        assert {name for name in after if after[name] != before[name]} == {"name", "metadata", "last_updated_at"}
        assert (after["name"], after["metadata"]) == ("new", {})

    async def test_every_field_may_be_given(self, records: Records) -> None:
        id = await records.create()
        given = {name: value for name, value in EVERY_FIELD.items() if name != "start_time"}
        assert (await records.patch(id, **given)).status_code == 204
        record = await records.get(id)
        assert {name: record[name] for name in given} == given

    @pytest.mark.parametrize("name", ["", "   "])
    async def test_a_blank_name_is_not_applied(self, records: Records, name: str) -> None:
        id = await records.create(name="kept")
        await records.patch(id, name=name)
        assert (await records.get(id))["name"] == "kept"

    async def test_payloads_are_replaced_whole(self, records: Records) -> None:
        id = await records.create(input={"a": {"b": 1}}, error_info={"exception_type": "A", "traceback": "t"})
        await records.patch(id, input={"a": {"c": 2}}, error_info={"exception_type": "B", "traceback": "u"})
        record = await records.get(id)
        assert record["input"] == {"a": {"c": 2}}
        assert record["error_info"] == {"exception_type": "B", "traceback": "u"}

    @pytest.mark.parametrize(
        ("fields", "tags"),
        [
            ({"tags": ["c", "c"]}, ["c"]),
            ({"tags": []}, None),
            ({"tags_to_add": ["c", "a"]}, ["a", "b", "c"]),
            ({"tags_to_remove": ["a", "z"]}, ["b"]),
            ({"tags_to_add": ["c"], "tags_to_remove": ["b"], "tags": ["ignored"]}, ["a", "c"]),
        ],
    )
    async def test_tags(self, records: Records, fields: dict[str, Any], tags: list[str] | None) -> None:
        id = await records.create(tags=["a", "b"])
        assert (await records.patch(id, **fields)).status_code == 204
        assert (await records.get(id)).get("tags") == tags

    async def test_what_is_not_there_is_made_with_the_epoch_as_its_start(self, records: Records) -> None:
        id = new_id()
        assert (await records.patch(id, end_time="2026-01-02T03:04:06Z", name="early")).status_code == 204
        assert (await records.patch(id, output={"a": 1})).status_code == 204
        record = await records.get(id)
        assert (record["start_time"], record["name"], record["output"]) == ("1970-01-01T00:00:00Z", "early", {"a": 1})
        assert "duration" not in record
        assert record["project_id"] == await records.project_id()

    async def test_a_start_time_is_not_changed(self, records: Records) -> None:
        id = await records.create()
        before = (await records.get(id))["start_time"]
        await records.patch(id, start_time="2030-01-01T00:00:00Z", name="new")
        assert (await records.get(id))["start_time"] == before

    async def test_without_a_project_it_is_found_wherever_it_is(self, records: Records) -> None:
        id = await records.create()
        assert (await records.patch(id, project_name=None, name="new")).status_code == 204
        assert [record["name"] for record in await records.find()] == ["new"]

    async def test_by_project_id(self, records: Records) -> None:
        id = await records.create()
        project_id = await records.project_id()
        assert (await records.patch(id, project_name=None, project_id=project_id, name="new")).status_code == 204
        assert (await records.get(id))["name"] == "new"

    async def test_an_unknown_project_id_is_not_found(self, records: Records) -> None:
        project_id = new_id()
        reply = await records.patch(await records.create(), project_id=project_id)
        assert message(reply) == (404, f"Project id: {project_id} not found")

    async def test_in_another_project_it_conflicts(self, records: Records) -> None:
        id = await records.create(name="kept")
        text = f"Project name and workspace name do not match the existing {records.noun}"
        assert listed(await records.elsewhere().patch(id, name="new")) == (409, [text])
        assert (await records.get(id))["name"] == "kept"

    async def test_a_project_that_only_a_refused_patch_names_is_not_made(self, records: Records) -> None:
        id, elsewhere = await records.create(), records.elsewhere()
        assert (await elsewhere.patch(id, name="new")).status_code == 409
        assert not await elsewhere.has_project()

    @pytest.mark.parametrize("field", ["tags", "tags_to_add", "tags_to_remove"])
    @pytest.mark.parametrize(
        ("tags", "violation"),
        [
            ([*FIFTY_TAGS, "one more"], "Cannot have more than 50 tags"),
            (["a", " "], "Tag must not be blank"),
            (["x" * 101], "Tag cannot exceed 100 characters"),
        ],
        ids=["many", "blank", "long"],
    )
    async def test_tag_violations(self, records: Records, field: str, tags: list[str], violation: str) -> None:
        id = new_id()
        assert listed(await records.patch(id, **{field: tags})) == (422, [violation])
        assert not await records.is_there(id)

    @pytest.mark.parametrize(("fields", "violation"), BROKEN_RULES)
    async def test_violations(self, records: Records, fields: dict[str, Any], violation: str) -> None:
        assert listed(await records.patch(new_id(), **fields)) == (422, [violation])

    async def test_more_tags_than_there_may_be(self, records: Records) -> None:
        id = await records.create(tags=FIFTY_TAGS)
        assert listed(await records.patch(id, tags_to_add=["one more"], name="new")) == TAG_LIMIT
        assert "name" not in await records.get(id)

    async def test_an_id_of_another_version_is_refused(self, records: Records) -> None:
        reply = await records.patch(NOT_VERSION_7, name="new")
        assert message(reply) == (400, "Invalid UUID for id")
        assert reply.json()["details"] == f"{records.noun.capitalize()} id must be a version 7 UUID"


class TestUpdateBatch:
    async def test_all_that_are_there_are_changed(self, records: Records) -> None:
        ids = [await records.create(name="old", source="sdk") for _ in range(2)]
        unknown = new_id()
        update = {"name": "new", "source": "playground", "project_name": "elsewhere", "output": {}}
        reply = await records.patch_batch([*ids, unknown], update)
        assert (reply.status_code, reply.content) == (204, b"")
        changed = [await records.get(id) for id in ids]
        assert [(found["name"], found["source"], found["output"]) for found in changed] == [("new", "sdk", {})] * 2
        assert not await records.is_there(unknown)

    @pytest.mark.parametrize(
        ("update", "merge", "tags"),
        [
            ({"tags": ["c"]}, False, [["c"], ["c"]]),
            ({"tags": ["c"]}, None, [["c"], ["c"]]),
            ({"tags": ["c", "a"]}, True, [["a", "b", "c"], ["c", "a"]]),
            ({"tags": []}, True, [["a", "b"], None]),
            ({"tags": []}, False, [None, None]),
            ({"tags_to_add": ["c"], "tags_to_remove": ["a"], "tags": ["ignored"]}, True, [["b", "c"], ["c"]]),
        ],
    )
    async def test_tags(
        self, records: Records, update: dict[str, Any], merge: bool | None, tags: list[list[str] | None]
    ) -> None:
        ids = [await records.create(tags=["a", "b"]), await records.create()]
        assert (await records.patch_batch(ids, update, merge_tags=merge)).status_code == 204
        assert [(await records.get(id)).get("tags") for id in ids] == tags

    async def test_more_tags_than_there_may_be_on_one_changes_none(self, records: Records) -> None:
        ids = [await records.create(), await records.create(tags=FIFTY_TAGS)]
        assert listed(await records.patch_batch(ids, {"tags_to_add": ["one more"]})) == TAG_LIMIT
        assert "tags" not in await records.get(ids[0])

    @pytest.mark.parametrize(
        ("ids", "violation"),
        [
            (None, "ids must not be null"),
            ([], "ids size must be between 1 and 1000"),
            ([new_id()] * 1001, "ids size must be between 1 and 1000"),
        ],
        ids=["null", "none", "too many"],
    )
    async def test_violations(self, records: Records, ids: Any, violation: str) -> None:
        assert listed(await records.patch_batch(ids, {})) == (422, [violation])

    async def test_violations_of_the_update(self, records: Records) -> None:
        reply = await records.client.patch(f"{records.path}/batch", json={"ids": [new_id()], "update": None})
        assert listed(reply) == (422, ["update must not be null"])
        assert listed(await records.patch_batch([new_id()], {"tags": [""]})) == (422, ["Tag must not be blank"])
