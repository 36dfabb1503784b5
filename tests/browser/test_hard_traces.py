"""Traces that are hard to show: very large ones, and those that would do harm."""

import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Recorded
from tests.browser.recording import Recording

SPANS = 30_000


def test_thirty_thousand_spans_open_at_once_and_come_in_parts(page: Page, recorded: Recorded) -> None:
    recording = Recording(recorded.server.api, "huge")
    trace = recording.huge_trace(time.time() * 1000, SPANS)
    page.goto(f"{recorded.server.url}/projects/{recording.project_id()}/traces/{trace['id']}")
    expect(page.get_by_role("treeitem", name="step 31").first).to_be_visible()
    expect(page.get_by_text("30,000 spans")).to_be_visible(timeout=30_000)
    assert page.get_by_role("treeitem").count() < 100

    page.get_by_role("searchbox", name="Find spans").fill("step 29999")
    page.get_by_role("treeitem", name="step 29999").click()
    expect(page.get_by_role("region", name="Details")).to_contain_text("29999")


def test_what_is_stored_is_only_ever_text(page: Page, recorded: Recorded) -> None:
    recording = Recording(recorded.server.api, "hostile")
    trace = recording.hostile_trace(time.time() * 1000)
    project = f"{recorded.server.url}/projects/{recording.project_id()}"
    for path in ("traces", "threads", "spans"):
        page.goto(f"{project}/{path}")
        page.wait_for_load_state("networkidle")
    page.goto(f"{project}/traces/{trace['id']}")
    output = page.get_by_role("region", name="Output")
    expect(output).to_contain_text("<script>window.harm = 1</script>")
    expect(output.get_by_role("button", name="MB more")).to_be_visible()
    expect(page.get_by_role("img", name="picture.svg")).to_be_visible()
    page.get_by_role("region", name="Input").get_by_role("button", name="Raw").click()
    page.get_by_role("link", name="<script>").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("**bold**")
    assert page.evaluate("window.harm") is None
    assert page.locator("main script, main img[src=x]").count() == 0


def test_numbers_are_shown_as_they_were_recorded(page: Page, recorded: Recorded) -> None:
    recording = Recording(recorded.server.api, "numbers")
    call = {"function": {"name": "find", "arguments": '{"order": 9007199254740995}'}}
    said = {"messages": [{"role": "assistant", "content": None, "tool_calls": [call]}]}
    trace = recording.trace(time.time() * 1000, input=said, output={"id": 9007199254740993, "price": 1.0})
    recording.put("traces", [trace])
    project = f"{recorded.server.url}/projects/{recording.project_id()}"
    page.goto(f"{project}/traces/{trace['id']}")
    expect(page.get_by_role("region", name="Input")).to_contain_text("9007199254740995")
    output = page.get_by_role("region", name="Output")
    for way in ("JSON", "Raw"):
        output.get_by_role("button", name=way).click()
        expect(output).to_contain_text("9007199254740993")
        expect(output).to_contain_text("1.0")
    page.goto(f"{project}/traces")
    expect(page.get_by_role("gridcell", name="9007199254740993")).to_be_visible()


def test_a_tree_is_opened_whole_unless_it_is_too_large(page: Page, recorded: Recorded) -> None:
    recording = Recording(recorded.server.api, "trees")
    deep = {"a": {"b": {"c": {"d": "bottom"}}}}
    trace = recording.trace(time.time() * 1000, input=deep, output={"rows": [deep] * 90, "more": [[deep] * 50] * 50})
    recording.put("traces", [trace])
    page.goto(f"{recorded.server.url}/traces/{trace['id']}")
    tree = page.get_by_role("region", name="Input")
    expect(tree).not_to_contain_text("bottom")
    tree.get_by_role("button", name="Open all").click()
    expect(tree).to_contain_text("bottom")
    large = page.get_by_role("region", name="Output")
    expect(large.get_by_role("button", name="Raw")).to_be_visible()
    expect(large.get_by_role("button", name="Open all")).to_have_count(0)
