"""Changes of all that a list finds, however many pages that is."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Recorded
from tests.browser.recording import Recording

TRACES = 1150
MATCHING = 1120


@pytest.fixture
def recording(recorded: Recorded, request: pytest.FixtureRequest) -> Recording:
    """Of a project of the test's own: most of its traces are called `match`."""
    recording = Recording(recorded.server.api, request.node.name)
    start = time.time() * 1000
    names = ("match" if number < MATCHING else "other" for number in range(TRACES))
    traces = [recording.trace(start + number, name=name, input={"n": number}) for number, name in enumerate(names)]
    recording.put("traces", traces)
    recording.put("spans", [recording.span(trace, start, 5, name="step") for trace in traces[:150]])
    return recording


def select_all(page: Page, recorded: Recorded, path: str, count: str) -> None:
    page.goto(f"{recorded.server.url}/projects/{path}")
    page.get_by_role("checkbox", name="Select all").click()
    page.get_by_role("button", name=re.compile(f"Select all {count}")).click()
    expect(page.get_by_text(f"{count} selected")).to_be_visible()


def tag(page: Page, name: str) -> None:
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tag", exact=True).fill(name)
    page.keyboard.press("Enter")


def test_all_that_match_are_tagged_in_slices_and_untagged_by_undo(
    page: Page, recorded: Recorded, recording: Recording
) -> None:
    sizes: list[int] = []

    def count(request: Request) -> None:
        if request.url.endswith("/traces/batch"):
            sizes.append(len(json.loads(request.post_data or "")["ids"]))

    page.on("request", count)
    select_all(page, recorded, f'{recording.project_id()}/traces?q=name = "match"', "1,120")
    tag(page, "mine")
    expect(page.get_by_role("status").get_by_text("1,120 of 1,120")).to_be_visible()
    assert sizes == [1000, 120]
    assert recording.tagged("mine") == MATCHING
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("gridcell", name="mine")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert recording.tagged("mine") == 0


def test_what_is_stopped_leaves_the_rest_alone(page: Page, recorded: Recorded, recording: Recording) -> None:
    held: list[Route] = []
    page.route("**/traces/batch", lambda route: held.append(route))
    select_all(page, recorded, f"{recording.project_id()}/traces", "1,150")
    tag(page, "half")
    dialog = page.get_by_role("dialog", name="Tagging 1,150 traces")
    dialog.get_by_role("button", name="Stop").click()
    held.pop().continue_()
    expect(page.get_by_role("status").get_by_text("1,000 of 1,150")).to_be_visible()
    assert held == []
    assert recording.tagged("half") == 1000


def test_deleting_many_asks_for_their_number(page: Page, recorded: Recorded, recording: Recording) -> None:
    select_all(page, recorded, f'{recording.project_id()}/traces?q=name = "match"', "1,120")
    page.get_by_role("button", name="Delete").click()
    delete = page.get_by_role("button", name="Delete 1,120 traces")
    expect(delete).to_be_disabled()
    page.get_by_label("write how many they are: 1,120").fill("1120")
    delete.click()
    page.get_by_role("button", name="Show all traces").click()
    expect(page.get_by_text("1–30 of 30")).to_be_visible()


def test_spans_of_many_traces_are_tagged(page: Page, recorded: Recorded, recording: Recording) -> None:
    select_all(page, recorded, f"{recording.project_id()}/spans", "150")
    tag(page, "seen")
    expect(page.get_by_role("status").get_by_text("150 of 150")).to_be_visible()


def test_an_export_has_all_of_what_was_recorded(
    page: Page, recorded: Recorded, recording: Recording, tmp_path: Path
) -> None:
    select_all(page, recorded, f'{recording.project_id()}/traces?q=name = "match"', "1,120")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "traces.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "traces.jsonl").read_text("utf-8").splitlines()]
    assert sorted(row["input"]["n"] for row in rows) == list(range(MATCHING))
