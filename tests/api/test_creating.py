"""Creates, one by one and in batches, and reading back: traces and spans alike (Opik's contract, B.1 to B.3, H.1)."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.records import BROKEN_RULES, EVERY_FIELD, NOT_VERSION_7, START, Records, listed, message
from weft.model.ids import is_version_7, new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

BROKEN_CREATE_RULES: list[tuple[dict[str, Any], str]] = [
    ({"start_time": None}, "startTime must not be null"),
    ({"project_name": " "}, "projectName must not be blank"),
    *BROKEN_RULES,
]


class TestCreate:
    @pytest.mark.parametrize("prefix", ["", "/api"])
    async def test_location_names_the_new_record_under_the_prefix_used(self, records: Records, prefix: str) -> None:
        body = records.body()
        reply = await records.client.post(f"{prefix}{records.path}", json=body)
        assert (reply.status_code, reply.content) == (201, b"")
        assert reply.headers["Location"] == f"http://weft{prefix}{records.path}/{body['id']}"
        assert (await records.client.get(reply.headers["Location"])).json()["id"] == body["id"]

    async def test_every_field_comes_back_as_it_was_sent(self, records: Records) -> None:
        record = await records.get(await records.create(**EVERY_FIELD))
        assert {name: record[name] for name in EVERY_FIELD} == EVERY_FIELD
        assert record["duration"] == pytest.approx(999.999211)
        assert (record["created_by"], record["last_updated_by"]) == ("admin", "admin")
        assert record["project_id"] == await records.project_id()

    async def test_what_was_not_sent_is_absent(self, records: Records) -> None:
        record = await records.get(await records.create())
        optional = {*EVERY_FIELD, "duration", "usage", "feedback_scores"} - {"start_time"}
        assert not optional & record.keys()

    @pytest.mark.parametrize(
        ("sent", "shown"),
        [
            ("2026-01-02T03:04:05.100Z", "2026-01-02T03:04:05.100Z"),
            ("2026-01-02T05:04:05.0000+02:00", START),
            ("2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.123456Z"),
            ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"),
        ],
    )
    async def test_instants_are_shown_in_utc_with_as_many_digits_as_they_need(
        self, records: Records, sent: str, shown: str
    ) -> None:
        assert (await records.get(await records.create(start_time=sent)))["start_time"] == shown

    async def test_an_id_is_made_where_none_is_sent(self, records: Records) -> None:
        id = await records.create(id=None)
        assert (await records.get(id))["id"] == id
        assert is_version_7(UUID(id))

    async def test_nulls_count_as_absent(self, records: Records) -> None:
        nulls = dict.fromkeys([*EVERY_FIELD, "last_updated_at", "thread_id", "usage", "model"])
        record = await records.get(await records.create(**nulls | {"start_time": START}))
        assert record.keys() == (await records.get(await records.create())).keys()

    async def test_what_only_the_server_sets_and_what_nobody_knows_is_ignored(self, records: Records) -> None:
        sent = {"created_by": "me", "feedback_scores": [{"x": 1}], "comments": 5, "duration": "long", "new_field": {}}
        record = await records.get(await records.create(**sent))
        assert record["created_by"] == "admin"
        assert not {"feedback_scores", "comments", "duration", "new_field"} & record.keys()

    async def test_without_a_project_name_it_is_in_the_default_project(self, records: Records) -> None:
        record = await records.get(await records.create(project_name=None))
        project = (await records.client.get(f"/v1/private/projects/{record['project_id']}")).json()
        assert project["name"] == "Default Project"

    async def test_project_names_are_trimmed_and_found_whatever_their_case(self, records: Records) -> None:
        first, second = await records.create(), await records.create(project_name=f" {records.project.upper()} ")
        assert (await records.get(first))["project_id"] == (await records.get(second))["project_id"]

    @pytest.mark.parametrize(("fields", "violation"), BROKEN_CREATE_RULES)
    async def test_violations(self, records: Records, fields: dict[str, Any], violation: str) -> None:
        assert listed(await records.post(**fields)) == (422, [violation])
        assert not await records.has_project()

    async def test_every_violation_is_told(self, records: Records) -> None:
        broken = {name: value for fields, _ in BROKEN_CREATE_RULES for name, value in fields.items()}
        status, texts = listed(await records.post(**broken))
        assert (status, sorted(texts)) == (422, sorted(text for _, text in BROKEN_CREATE_RULES))

    async def test_an_id_of_another_version_is_refused(self, records: Records) -> None:
        reply = await records.post(id=NOT_VERSION_7)
        assert message(reply) == (400, "Invalid UUID for id")
        assert reply.json()["details"] == f"{records.noun.capitalize()} id must be a version 7 UUID"
        assert not await records.has_project()

    async def test_an_id_that_is_in_another_project_conflicts(self, records: Records) -> None:
        id = await records.create()
        text = f"Project name and workspace name do not match the existing {records.noun}"
        assert listed(await records.elsewhere().post(id=id)) == (409, [text])


class TestCreateAfterPatch:
    """Opik's contract, B.1: what was patched wins over what the create brings."""

    @pytest.mark.parametrize("batch", [False, True])
    async def test_patched_fields_win_and_the_others_are_the_creates(self, records: Records, batch: bool) -> None:
        body = records.body(name="created", input={"a": 1}, output={"a": 1}, tags=["created"])
        await records.patch(body["id"], output={"b": 2}, end_time="2026-01-02T03:04:06Z", tags=["patched"])
        reply = await records.post_batch(body) if batch else await records.post(**body)
        assert reply.status_code == (204 if batch else 201)
        record = await records.get(body["id"])
        assert (record["name"], record["start_time"], record["input"]) == ("created", START, {"a": 1})
        assert (record["output"], record["tags"], record["duration"]) == ({"b": 2}, ["patched"], 1000.0)

    async def test_tags_added_before_the_create_are_added_to_its_tags(self, records: Records) -> None:
        id = new_id()
        await records.patch(id, tags_to_add=["patched"], tags_to_remove=["gone"])
        await records.create(id=id, tags=["created", "gone"])
        assert (await records.get(id))["tags"] == ["created", "patched"]

    async def test_tags_patched_to_none_stay_none(self, records: Records) -> None:
        id = new_id()
        await records.patch(id, tags=[])
        await records.create(id=id, tags=["created"])
        assert "tags" not in await records.get(id)

    async def test_when_and_by_whom_it_was_first_heard_of_is_kept(self, records: Records) -> None:
        id = new_id()
        await records.patch(id, name="early")
        created_at = (await records.get(id))["created_at"]
        await records.create(id=id)
        assert (await records.get(id))["created_at"] == created_at


class TestCreateBatch:
    async def test_ids_are_optional_and_projects_may_be_mixed(self, records: Records) -> None:
        elsewhere = records.elsewhere()
        reply = await records.post_batch(records.body(id=None), elsewhere.body(), records.body())
        assert (reply.status_code, reply.content) == (204, b"")
        assert [len(await where.find()) for where in (records, elsewhere)] == [2, 1]

    async def test_a_later_create_replaces_the_earlier_one_whole(self, records: Records) -> None:
        id = await records.create(name="first", tags=["first"], input={"a": 1})
        assert (await records.post_batch(records.body(id=id, name="second"))).status_code == 204
        record = await records.get(id)
        assert record["name"] == "second"
        assert not {"tags", "input"} & record.keys()

    async def test_a_create_with_an_older_stamp_is_not_shown(self, records: Records) -> None:
        new = records.body(name="new", last_updated_at="2099-01-01T00:00:00Z")
        await records.post_batch(new)
        await records.post_batch(new | {"name": "old", "last_updated_at": "2026-01-01T00:00:00Z"})
        record = await records.get(new["id"])
        assert (record["name"], record["last_updated_at"]) == ("new", "2099-01-01T00:00:00Z")

    @pytest.mark.parametrize(
        ("stamps", "shown"),
        [((None, None), "second"), (("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), "first")],
        ids=["the last", "the newest"],
    )
    async def test_an_id_twice_in_one_batch(
        self, records: Records, stamps: tuple[str | None, str | None], shown: str
    ) -> None:
        body = records.body()
        first, second = (
            body | {"name": name, "last_updated_at": stamp}
            for name, stamp in zip(("first", "second"), stamps, strict=True)
        )
        assert (await records.post_batch(first, second)).status_code == 204
        assert (await records.get(body["id"]))["name"] == shown

    async def test_an_id_in_two_projects_is_two_records(self, records: Records) -> None:
        id, elsewhere = new_id(), records.elsewhere()
        assert (await records.post_batch(records.body(id=id), elsewhere.body(id=id))).status_code == 204
        assert [[found["id"] for found in await where.find()] for where in (records, elsewhere)] == [[id], [id]]

    @pytest.mark.parametrize(("fields", "violation"), BROKEN_CREATE_RULES)
    async def test_one_invalid_item_fails_the_whole_batch(
        self, records: Records, fields: dict[str, Any], violation: str
    ) -> None:
        good, bad = records.body(), records.body(**fields)
        assert listed(await records.post_batch(good, bad)) == (422, [f"{records.plural}[1].{violation}"])
        assert not await records.is_there(good["id"])
        assert not await records.has_project()

    @pytest.mark.parametrize("fields", [{"id": NOT_VERSION_7}, {"end_time": "now"}, {"source": "nobody"}])
    async def test_one_bad_value_fails_the_whole_batch(self, records: Records, fields: dict[str, Any]) -> None:
        good = records.body()
        assert (await records.post_batch(good, records.body(**fields))).status_code == 400
        assert not await records.is_there(good["id"])
        assert not await records.has_project()

    @pytest.mark.parametrize(
        ("count", "violation"),
        [(None, "must not be null"), (0, "size must be between 1 and 1000"), (1001, "size must be between 1 and 1000")],
    )
    async def test_sizes(self, records: Records, count: int | None, violation: str) -> None:
        bodies = None if count is None else [records.body() for _ in range(count)]
        reply = await records.client.post(f"{records.path}/batch", json={records.plural: bodies})
        assert listed(reply) == (422, [f"{records.plural} {violation}"])

    async def test_a_thousand(self, records: Records) -> None:
        assert (await records.post_batch(*(records.body() for _ in range(1000)))).status_code == 204
        assert (await records.page())["total"] == 1000


class TestGet:
    @pytest.mark.parametrize("id", [new_id(), NOT_VERSION_7], ids=["version 7", "version 4"])
    async def test_an_unknown_id_is_not_found(self, records: Records, id: str) -> None:
        reply = await records.client.get(f"{records.path}/{id}")
        assert message(reply) == (404, f"{records.noun.capitalize()} id: {id} not found")

    async def test_what_is_no_uuid_is_no_path(self, records: Records) -> None:
        assert message(await records.client.get(f"{records.path}/42")) == (404, "HTTP 404 Not Found")

    async def test_attachments_may_be_asked_to_be_left_out(self, records: Records) -> None:
        path = f"{records.path}/{await records.create()}"
        assert (await records.client.get(f"{path}?strip_attachments=true")).status_code == 200
        assert (await records.client.get(f"{path}?strip_attachments=perhaps")).status_code == 400
