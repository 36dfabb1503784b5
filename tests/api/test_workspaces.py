"""What is configured for a workspace."""

from typing import Any

import httpx
import pytest

CONFIGURATION = "/v1/private/workspaces/configurations"
TIMEOUT = "timeout_to_mark_thread_as_inactive"


@pytest.fixture
def client(registry_client: httpx.AsyncClient) -> httpx.AsyncClient:
    return registry_client


def errors(reply: httpx.Response) -> tuple[int, list[str]]:
    return reply.status_code, reply.json()["errors"]


class TestConfiguration:
    async def test_there_is_none_at_first(self, client: httpx.AsyncClient) -> None:
        reply = await client.get(CONFIGURATION)
        assert reply.status_code == 404
        assert reply.json() == {"code": 404, "message": "No workspace configuration found for workspace"}

    async def test_what_was_put_is_there(self, client: httpx.AsyncClient) -> None:
        whole = {TIMEOUT: "PT30M", "truncation_on_tables": False, "color_map": {"quality": "#FF0000"}}
        reply = await client.put(CONFIGURATION, json=whole)
        assert (reply.status_code, reply.json()) == (200, whole)
        assert (await client.get(CONFIGURATION)).json() == whole

    async def test_a_put_replaces_all_of_it(self, client: httpx.AsyncClient) -> None:
        await client.put(CONFIGURATION, json={TIMEOUT: "PT30M", "truncation_on_tables": True})
        await client.put(CONFIGURATION, json={"color_map": {}})
        assert (await client.get(CONFIGURATION)).json() == {"color_map": {}}

    async def test_deleted_again_and_again(self, client: httpx.AsyncClient) -> None:
        await client.put(CONFIGURATION, json={})
        assert (await client.get(CONFIGURATION)).json() == {}
        for _ in range(2):
            assert (await client.delete(CONFIGURATION)).status_code == 204
        assert (await client.get(CONFIGURATION)).status_code == 404

    @pytest.mark.parametrize(
        ("written", "shown"), [("PT1S", "PT1S"), ("PT90S", "PT1M30S"), ("P1D", "PT24H"), ("p7d", "PT168H")]
    )
    async def test_timeouts(self, client: httpx.AsyncClient, written: str, shown: str) -> None:
        assert (await client.put(CONFIGURATION, json={TIMEOUT: written})).json() == {TIMEOUT: shown}

    @pytest.mark.parametrize("text", ["PT500MS", "INVALID", "30M", "", "-PT1M"])
    async def test_texts_that_are_no_timeout(self, client: httpx.AsyncClient, text: str) -> None:
        reason = f"Cannot parse Duration from string '{text}': Text cannot be parsed to a Duration"
        reply = await client.put(CONFIGURATION, json={TIMEOUT: text})
        assert errors(reply) == (400, [f"Unable to process JSON. {reason}"])

    @pytest.mark.parametrize(
        ("body", "violation"),
        [
            (
                {TIMEOUT: "PT0.5S"},
                "timeoutToMarkThreadAsInactive minimum precision supported is seconds, "
                "please use a duration with seconds precision or higher",
            ),
            ({TIMEOUT: "P7DT1S"}, "timeoutToMarkThreadAsInactive duration exceeds the maximum allowed of PT168H"),
            (
                {"color_map": {"a": "red"}},
                "colorMap[a].<map value> Color must be a valid hex color (e.g. #FF0000)",
            ),
            (
                {"color_map": {"x" * 257: "#FF0000"}},
                f"colorMap<K>[{'x' * 257}].<map key> size must be between 0 and 256",
            ),
            (
                {"color_map": {str(number): "#FF0000" for number in range(10_001)}},
                "colorMap size must be between 0 and 10000",
            ),
        ],
        ids=["precision", "maximum", "color", "name", "colors"],
    )
    async def test_violations(self, client: httpx.AsyncClient, body: dict[str, Any], violation: str) -> None:
        assert errors(await client.put(CONFIGURATION, json=body)) == (422, [violation])


async def test_version_is_that_in_which_all_belongs_to_a_project(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/private/workspaces/versions")).json() == {"opik_version": "version_2"}
