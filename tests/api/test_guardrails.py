"""Guardrails (Opik's contract, H.5, F.1)."""

import httpx
import pytest

from tests.api.records import NOT_VERSION_7, Body, Records, listed, message, names
from weft.model.ids import new_id

pytestmark = pytest.mark.asyncio(loop_scope="session")

NAMES = ["TOPIC", "PII", "LLM_JUDGE", "PROMPT_INJECTION", "CUSTOM_CLASSIFIER"]


def check(traces: Records, trace_id: str, result: str = "passed", **fields: object) -> Body:
    ids = {"entity_id": trace_id, "secondary_id": new_id(), "project_name": traces.project}
    texts = {"name": "PII", "result": result, "config": {"threshold": 0.5}, "details": {"found": []}}
    return ids | texts | fields


async def post(traces: Records, *guardrails: Body) -> httpx.Response:
    return await traces.client.post("/v1/private/guardrails", json={"guardrails": guardrails})


class TestAdd:
    async def test_shown_by_span_wherever_a_trace_is_shown(self, traces: Records) -> None:
        id, spans = await traces.create(), [new_id(1), new_id(2)]
        reply = await post(
            traces,
            check(traces, id, secondary_id=spans[1], result="failed"),
            check(traces, id, secondary_id=spans[0], name="TOPIC"),
            check(traces, id, secondary_id=spans[0], name="PII"),
        )
        assert (reply.status_code, reply.content) == (204, b"")
        expected = [
            {
                "span_id": spans[0],
                "checks": [{"name": "PII", "result": "passed"}, {"name": "TOPIC", "result": "passed"}],
            },
            {"span_id": spans[1], "checks": [{"name": "PII", "result": "failed"}]},
        ]
        for trace in (await traces.get(id), *await traces.find(), *await traces.stream()):
            assert trace["guardrails_validations"] == expected

    async def test_a_trace_may_come_later_and_its_project_too(self, traces: Records) -> None:
        id = new_id()
        assert (await post(traces, check(traces, id))).status_code == 204
        await traces.create(id=id)
        assert len((await traces.get(id))["guardrails_validations"]) == 1

    async def test_by_project_id(self, traces: Records) -> None:
        id = await traces.create()
        project_id = await traces.project_id()
        reply = await post(traces, check(traces, id, project_name=None, project_id=project_id))
        assert reply.status_code == 204
        assert len((await traces.get(id))["guardrails_validations"]) == 1

    async def test_an_unknown_project_id_is_not_found(self, traces: Records) -> None:
        reply = await post(traces, check(traces, new_id(), project_id=(project_id := new_id())))
        assert message(reply) == (404, f"Project id: {project_id} not found")

    @pytest.mark.parametrize("name", NAMES)
    async def test_names(self, traces: Records, name: str) -> None:
        assert (await post(traces, check(traces, new_id(), name=name))).status_code == 204

    @pytest.mark.parametrize("fields", [{"name": "OTHER"}, {"result": "PASSED"}, {"entity_id": "x"}])
    async def test_a_value_of_the_wrong_form_is_a_bad_request(self, traces: Records, fields: Body) -> None:
        assert listed(await post(traces, check(traces, new_id(), **fields)))[0] == 400

    @pytest.mark.parametrize(("field", "entity"), [("entity_id", "trace"), ("secondary_id", "span")])
    async def test_one_id_of_another_version_fails_the_whole_batch(
        self, traces: Records, field: str, entity: str
    ) -> None:
        id = await traces.create()
        reply = await post(traces, check(traces, id), check(traces, id, **{field: NOT_VERSION_7}))
        assert reply.json() == {
            "code": 400,
            "message": "Invalid UUID for id",
            "details": f"{entity} id must be a version 7 UUID",
        }
        assert "guardrails_validations" not in await traces.get(id)

    @pytest.mark.parametrize(
        ("fields", "violation"),
        [
            ({"entity_id": None}, "entityId must not be null"),
            ({"secondary_id": None}, "secondaryId must not be null"),
            ({"project_name": " "}, "projectName must not be blank"),
            ({"name": None}, "name must not be null"),
            ({"result": None}, "result must not be null"),
        ],
    )
    async def test_one_invalid_item_fails_the_whole_batch(self, traces: Records, fields: Body, violation: str) -> None:
        id = await traces.create()
        reply = await post(traces, check(traces, id), check(traces, id, **fields))
        assert listed(reply) == (422, [f"guardrails[1].{violation}"])
        assert "guardrails_validations" not in await traces.get(id)

    @pytest.mark.parametrize(
        ("body", "violation"),
        [
            ({}, "guardrails must not be null"),
            ({"guardrails": []}, "guardrails size must be between 1 and 1000"),
            ({"guardrails": [{}] * 1001}, "guardrails size must be between 1 and 1000"),
        ],
        ids=["null", "none", "too many"],
    )
    async def test_sizes(self, traces: Records, body: Body, violation: str) -> None:
        reply = await traces.client.post("/v1/private/guardrails", json=body)
        assert listed(reply) == (422, [violation])


class TestShown:
    async def test_nothing_when_there_are_none(self, traces: Records) -> None:
        id = await traces.create()
        assert "guardrails_validations" not in await traces.get(id)

    async def test_excluded(self, traces: Records) -> None:
        await post(traces, check(traces, await traces.create()))
        exclude = ["guardrails_validations"]
        for [trace] in (await traces.find(exclude=exclude), await traces.stream(exclude=exclude)):
            assert "guardrails_validations" not in trace

    async def test_filters(self, traces: Records) -> None:
        ids = {name: await traces.create(name=name) for name in ("one failed", "all passed", "unchecked")}
        await post(
            traces,
            check(traces, ids["one failed"]),
            check(traces, ids["one failed"], "failed"),
            check(traces, ids["all passed"]),
        )
        for operator, value, found in (
            ("=", "failed", ["one failed"]),
            ("=", "PASSED", ["all passed"]),
            ("!=", "failed", ["unchecked", "all passed"]),
        ):
            filters = [{"field": "guardrails", "operator": operator, "value": value}]
            assert names(await traces.find(filters=filters)) == found
