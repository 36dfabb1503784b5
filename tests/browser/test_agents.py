"""Agents in the browser: made, edited, talked to, asked and answered; each run is a trace one click away."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from examples.local_model import LocalModel
from tests.browser.looks import LOOKS, look_at, page_to_look_at
from tests.compat.server import Server, free_port, serving
from tests.model_server import environment, serving_model

MODEL = {"model": {"model_id": "openai:gpt-5.5"}}
FIRST_RUN_MS = 30_000  # for which the server loads libraries
HARM = "<img src=x onerror='window.harm = 1'><script>window.harm = 2</script>"


@pytest.fixture(scope="module")
def model() -> Iterator[LocalModel]:
    with serving_model() as model:
        yield model


@pytest.fixture(scope="module")
def server(model: LocalModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("agents"), free_port(), environment(model)) as server:
        yield server


@pytest.fixture
def api(server: Server) -> Iterator[httpx.Client]:
    headers = {"X-Api-Key": "k"}
    with closing(httpx.Client(base_url=f"{server.url}/v1/deepagents", headers=headers, timeout=30)) as client:
        yield client


@pytest.fixture
def agent(api: httpx.Client, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Of the test's own."""
    subagents = [{"name": "auditor", "description": "Audits", "instructions": "Audit it."}]
    body = {"name": request.node.name, "runtime": MODEL, "system_prompt": "Be brief.", "subagents": subagents}
    return dict(api.post("/agents", json=body).raise_for_status().json())


def new_thread(api: httpx.Client, agent: dict[str, Any], *messages: str) -> str:
    """On which these were said, each after the answer to the one before."""
    id = str(api.post("/threads", json={"agent_id": agent["id"]}).raise_for_status().json()["id"])
    for message in messages:
        body = {"input": {"messages": [{"role": "user", "content": message}]}}
        api.post(f"/threads/{id}/runs/wait", json=body).raise_for_status()
    return id


def open_thread(page: Page, server: Server, agent: dict[str, Any], thread: str) -> Locator:
    """The conversation on it."""
    page.goto(f"{server.url}/agents/{agent['id']}/threads/{thread}")
    expect(page.get_by_label("Message")).to_be_visible()
    return page.get_by_role("region", name="Conversation")


def say(page: Page, text: str) -> None:
    page.get_by_label("Message").fill(text)
    page.keyboard.press("Enter")


def test_an_agent_is_made_talked_to_and_its_run_is_a_trace(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/agents")
    page.get_by_role("button", name="New agent").first.click()
    page.get_by_label("Name").fill("newcomer's helper")
    page.get_by_label("Model").fill("openai:gpt-5.5")
    page.get_by_label("Instructions").fill("You help newcomers.")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("region", name="Instructions")).to_contain_text("You help newcomers.")

    page.get_by_role("button", name="New thread").click()
    say(page, "say Welcome aboard")
    conversation = page.get_by_role("region", name="Conversation")
    expect(conversation.get_by_text("Welcome aboard", exact=True)).to_be_visible(timeout=FIRST_RUN_MS)
    conversation.get_by_role("link", name="Trace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("newcomer's helper")
    page.get_by_role("link", name="To the conversation").click()
    expect(conversation).to_contain_text("Welcome aboard")


def test_tokens_show_as_they_come_and_a_run_can_be_stopped(
    page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
) -> None:
    conversation = open_thread(page, server, agent, new_thread(api, agent))
    say(page, "hold")
    expect(conversation.get_by_text("one")).to_be_visible()
    say(page, "say next")
    expect(conversation).to_contain_text("waiting to be heard")
    page.get_by_role("button", name="Stop").click()
    expect(conversation).to_contain_text("stopped")
    expect(conversation).to_contain_text("next")


def test_a_stream_that_was_cut_goes_on_where_it_was(
    page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
) -> None:
    asked: list[str | None] = []

    def cut_once(route: Route) -> None:
        asked.append(route.request.headers.get("last-event-id"))
        if len(asked) > 1:
            route.continue_()
            return
        body = 'event: metadata\r\ndata: {"run_id": "r"}\r\nid: 1\r\n\r\n'
        route.fulfill(status=200, content_type="text/event-stream", body=body)

    page.route(re.compile(r"/runs/[^/]+/stream"), cut_once)
    conversation = open_thread(page, server, agent, new_thread(api, agent))
    say(page, "slow 40")
    expect(conversation).to_contain_text("word39")
    assert asked[:2] == [None, "1"]


def test_a_reload_in_the_middle_of_a_run_shows_it_from_the_start(
    page: Page, server: Server, api: httpx.Client, agent: dict[str, Any], model: LocalModel
) -> None:
    conversation = open_thread(page, server, agent, new_thread(api, agent))
    say(page, "hold")
    expect(conversation.get_by_text("one")).to_be_visible()
    page.reload()
    expect(conversation.get_by_text("one")).to_be_visible()
    model.released.set()
    expect(conversation).to_contain_text("one two three")
    model.released.clear()


def test_a_subagent_speaks_within_the_call_that_started_it(
    page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
) -> None:
    conversation = open_thread(page, server, agent, new_thread(api, agent))
    say(page, "delegate count the sheep to auditor")
    expect(conversation).to_contain_text("The tool says: You said: count the sheep")
    conversation.get_by_text("count the sheep, auditor").click()
    expect(conversation.get_by_role("group", name="What the subagent said")).to_contain_text(
        "You said: count the sheep"
    )


class TestInterrupts:
    @pytest.fixture
    def thread(self, api: httpx.Client, agent: dict[str, Any]) -> str:
        return new_thread(api, agent, "remember tea")

    def test_approved_by_key(self, page: Page, server: Server, agent: dict[str, Any], thread: str) -> None:
        conversation = open_thread(page, server, agent, thread)
        expect(page.get_by_role("group", name="May write_file run?")).to_contain_text("/memories/tea.md")
        page.keyboard.press("Control+Enter")
        expect(conversation).to_contain_text("The tool says:")
        expect(page.get_by_role("group", name="May write_file run?")).to_have_count(0)

    def test_edited(self, page: Page, server: Server, agent: dict[str, Any], thread: str) -> None:
        conversation = open_thread(page, server, agent, thread)
        page.get_by_role("button", name="Edit").click()
        arguments = page.get_by_label("Arguments")
        arguments.fill("{")
        expect(page.get_by_role("button", name="Run it like this")).to_be_disabled()
        arguments.fill('{"file_path": "/memories/coffee.md", "content": "coffee"}')
        page.get_by_role("button", name="Run it like this").click()
        expect(conversation).to_contain_text("/memories/coffee.md")

    def test_rejected_with_a_reason(self, page: Page, server: Server, agent: dict[str, Any], thread: str) -> None:
        conversation = open_thread(page, server, agent, thread)
        page.get_by_role("button", name="Reject").click()
        page.get_by_label("Why not?").fill("we drink water")
        page.get_by_role("button", name="Reject", exact=True).click()
        expect(conversation).to_contain_text("we drink water")

    def test_answered_in_place_of_the_tool(
        self, page: Page, server: Server, agent: dict[str, Any], thread: str
    ) -> None:
        conversation = open_thread(page, server, agent, thread)
        page.get_by_role("button", name="Respond").click()
        page.get_by_label("What the tool would have said").fill("noted on paper")
        page.keyboard.press("Control+Enter")
        expect(conversation).to_contain_text("The tool says: noted on paper")

    def test_left_undone(self, page: Page, server: Server, agent: dict[str, Any], thread: str) -> None:
        open_thread(page, server, agent, thread)
        page.get_by_role("button", name="Leave it undone").click()
        expect(page.get_by_role("group", name="May write_file run?")).to_have_count(0)
        expect(page.get_by_text("Left undone")).to_be_visible()

    def test_several_are_answered_at_once(
        self, page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
    ) -> None:
        call = 'call write_file {"file_path": "/memories/%s.md", "content": "x"}'
        thread = new_thread(api, agent, f"{call % 'a'}\n{call % 'b'}")
        conversation = open_thread(page, server, agent, thread)
        first, second = page.get_by_role("group", name="May write_file run?").all()
        first.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("1 of 2 decided")).to_be_visible()
        second.get_by_role("button", name="Approve").click()
        expect(conversation).to_contain_text("The tool says:")


class TestFiles:
    def test_written_renamed_deleted_and_restored(
        self, page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
    ) -> None:
        page.goto(f"{server.url}/agents/{agent['id']}/files")
        page.get_by_role("textbox", name="AGENTS.md").fill("Be thorough.")
        page.get_by_role("button", name="New file").click()
        page.get_by_label("Path").fill("skills/sum/SKILL.md")
        page.get_by_role("button", name="Add").click()
        page.get_by_role("textbox", name="skills/sum/SKILL.md").fill("---\nname: sum\ndescription: Adds\n---\n\nAdd.")
        page.get_by_role("button", name="subagents/auditor/AGENTS.md").click()
        page.get_by_role("button", name="What to do with").click()
        page.get_by_role("menuitem", name="Delete").click()
        page.keyboard.press("Control+s")
        expect(page.get_by_text("Saved as")).to_be_visible()
        now = api.get(f"/agents/{agent['id']}").json()
        assert now["system_prompt"] == "Be thorough."
        assert ([skill["name"] for skill in now["skills"]], now["subagents"]) == (["sum"], [])

        page.get_by_role("button", name="Revision").click()
        page.get_by_role("option").nth(1).click()
        expect(page.get_by_role("textbox", name="AGENTS.md")).to_have_text("Be brief.")
        page.get_by_role("button", name="Restore these files").click()
        expect(page.get_by_text("the newest ones again")).to_be_visible()
        assert api.get(f"/agents/{agent['id']}").json()["system_prompt"] == "Be brief."

    def test_saved_on_top_of_what_somebody_else_saved(
        self, page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
    ) -> None:
        page.goto(f"{server.url}/agents/{agent['id']}/files")
        text = page.get_by_role("textbox", name="AGENTS.md")
        text.fill("mine")
        api.patch(f"/agents/{agent['id']}", json={"files": {"notes.md": {"content": "theirs"}}}).raise_for_status()
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Take over the newest files").click()
        expect(page.get_by_role("button", name="notes.md")).to_be_visible()
        expect(text).to_have_text("mine")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved as")).to_be_visible()
        files = api.get(f"/agents/{agent['id']}", params={"include_files": True}).json()["files"]
        assert (files["AGENTS.md"]["content"], files["notes.md"]["content"]) == ("mine", "theirs")

    def test_edited_by_keys_alone(self, page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]) -> None:
        windows = "# One\r\n\r\n- two"
        api.patch(f"/agents/{agent['id']}", json={"files": {"list.md": {"content": windows}}}).raise_for_status()
        page.goto(f"{server.url}/agents/{agent['id']}/files?file=list.md")
        text = page.get_by_role("textbox", name="list.md")
        expect(text.get_by_text("One", exact=True)).to_have_css("font-weight", "650")
        text.press("Control+End")
        for key in ("Enter", "Tab", "?", "j"):
            page.keyboard.press(key)
        expect(text).to_be_focused()
        for key in ("Escape", "Shift+Tab"):
            page.keyboard.press(key)
        expect(text).not_to_be_focused()
        page.keyboard.press("Control+s")
        expect(page.get_by_text("Saved as")).to_be_visible()
        files = api.get(f"/agents/{agent['id']}", params={"include_files": True}).json()["files"]
        assert files["list.md"]["content"] == f"{windows}\r\n  ?j"


class TestInbox:
    def test_what_waits_for_a_human_comes_first(
        self, page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
    ) -> None:
        asking = new_thread(api, agent, "remember tea")
        read = new_thread(api, agent, "say done")
        api.patch(f"/threads/{read}", json={"metadata": {"read_status": True}, "title": "all done"})
        page.goto(f"{server.url}/agents/{agent['id']}/threads")
        rows = page.get_by_role("grid").get_by_role("row")
        expect(rows.nth(1)).to_contain_text("asks: write_file")
        expect(rows.nth(2)).to_contain_text("all done")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(asking))

    def test_bulk_edit_can_be_undone_and_tells_what_failed(
        self, page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]
    ) -> None:
        first, second = new_thread(api, agent), new_thread(api, agent)
        api.patch(f"/threads/{first}", json={"title": "first"})
        api.patch(f"/threads/{second}", json={"title": "second"})
        page.goto(f"{server.url}/agents/{agent['id']}/threads")
        page.get_by_role("checkbox", name="Select all").click()
        page.get_by_role("button", name="Rename").click()
        page.get_by_label("Title").fill("same")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="same")).to_have_count(2)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("link", name="first")).to_be_visible()
        expect(page.get_by_role("link", name="second")).to_be_visible()

        def deleted_meanwhile(route: Route) -> None:
            api.delete(f"/threads/{first}")
            route.continue_()

        page.route("**/threads/bulk-modify", deleted_meanwhile)
        page.get_by_role("button", name="Pin", exact=True).click()
        dialog = page.get_by_role("dialog", name="1 of 2 failed")
        expect(dialog).to_be_visible()
        expect(page.get_by_text("1 selected")).to_be_attached()
        expect(dialog.get_by_role("listitem").first).to_contain_text("first")

    def test_deleting_asks_before(self, page: Page, server: Server, api: httpx.Client, agent: dict[str, Any]) -> None:
        new_thread(api, agent)
        page.goto(f"{server.url}/agents/{agent['id']}/threads")
        page.get_by_role("checkbox", name="Select row 1").click()
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(page.get_by_text("No threads yet")).to_be_visible()


def test_what_is_said_is_only_ever_text(page: Page, server: Server, api: httpx.Client) -> None:
    body = {"name": HARM, "description": HARM, "runtime": MODEL, "system_prompt": HARM}
    agent = api.post("/agents", json=body).raise_for_status().json()
    thread = new_thread(api, agent, f"say {HARM}", "call read_file " + '{"file_path": "/<b>x</b>"}', f"fail {HARM}")
    api.patch(f"/threads/{thread}", json={"title": HARM})
    for path in ("", "/files", "/threads", f"/threads/{thread}"):
        page.goto(f"{server.url}/agents/{agent['id']}{path}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("<img")
    assert page.evaluate("window.harm") is None


def test_mcp_servers_are_added_asked_for_tools_and_removed(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings")
    page.get_by_role("button", name="Add a server").click()
    page.get_by_label("Name", exact=True).last.fill("nobody")
    page.get_by_label("URL").fill("https://127.0.0.1:9/mcp")
    page.get_by_role("button", name="Add", exact=True).last.click()
    servers = page.get_by_role("region", name="MCP servers")
    expect(servers).to_contain_text("https://127.0.0.1:9/mcp")
    servers.get_by_role("button", name="Tools of nobody").click()
    expect(servers.get_by_role("alert")).to_be_visible()
    servers.get_by_role("button", name="Remove nobody").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(servers).to_contain_text("None yet.")


@pytest.mark.parametrize("width", LOOKS)
def test_looks(
    browser: Browser, server: Server, api: httpx.Client, agent: dict[str, Any], tmp_path: Path, width: int
) -> None:
    thread = new_thread(api, agent, "say The ledger is balanced.", "delegate count to auditor", "remember tea")
    home = f"/agents/{agent['id']}"
    pages = {
        "agents": "/agents",
        "agent": home,
        "agent-files": f"{home}/files",
        "agent-threads": f"{home}/threads",
        "inbox": "/inbox",
        "console": f"{home}/threads/{thread}",
    }
    with page_to_look_at(browser, width) as page:
        for name, path in pages.items():
            page.goto(server.url + path)
            look_at(page, name, tmp_path)
