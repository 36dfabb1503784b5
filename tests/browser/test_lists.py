"""Filters, order, pages, selections and what arrives meanwhile."""

import re
import time
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Recorded
from tests.browser.recording import Recording


@pytest.fixture
def recording(recorded: Recorded, request: pytest.FixtureRequest) -> Recording:
    """Of a project of the test's own."""
    return Recording(recorded.server.api, request.node.name)


def open_traces(page: Page, recorded: Recorded, project: str, query: str = "") -> None:
    page.goto(f"{recorded.server.url}/projects/{project}/traces{query}")
    expect(page.get_by_role("grid")).to_be_visible()


def rows(page: Page) -> int:
    return int(page.get_by_role("grid").get_attribute("aria-rowcount") or 0) - 1


def test_filter_is_completed_word_by_word(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    bar = page.get_by_role("combobox", name="Filter traces")
    bar.press_sequentially("error_i")
    page.get_by_role("option", name="error_info").click()
    bar.press_sequentially("is_not")
    bar.press("Tab")
    bar.press("Enter")
    expect(page.get_by_text("1–11 of 11")).to_be_visible()
    assert "error_info" in page.url

    page.reload()
    expect(bar).to_have_value("error_info is_not_empty")
    expect(page.get_by_text("1–11 of 11")).to_be_visible()


def test_what_occurs_in_the_project_is_completed(page: Page, recorded: Recorded, recording: Recording) -> None:
    now = time.time() * 1000
    trace = recording.trace(now, name="plan trip", tags=["beta"], metadata={"tenant": {"plan": "gold"}})
    recording.put("traces", [trace])
    recording.put("spans", [recording.span(trace, now, 5, type="llm", model="gpt-4o")])
    open_traces(page, recorded, recording.project_id())
    bar = page.get_by_role("combobox", name="Filter traces")
    for typed, offered in (
        ("tags = ", "beta"),
        ("metadata.ten", "metadata.tenant.plan"),
        ("metadata.tenant.plan = ", "gold"),
        ("source = ", "playground"),
        ("any span (model = ", "gpt-4o"),
    ):
        bar.fill(typed)
        expect(page.get_by_role("option", name=offered)).to_be_visible()
    page.get_by_role("option", name="gpt-4o").click()
    bar.press_sequentially(")")
    bar.press("Enter")
    expect(page.get_by_text("1–1 of 1")).to_be_visible()


def test_failures_of_last_week_with_high_cost(page: Page, recorded: Recorded) -> None:
    query = "?q=error_info is_not_empty AND total_estimated_cost > 0.005&range=7d&sort=total_estimated_cost desc"
    open_traces(page, recorded, recorded.project, query)
    expect(page.get_by_role("columnheader", name="Cost")).to_have_attribute("aria-sort", "descending")
    assert 0 < rows(page) < 11


def test_a_query_finds_both_kinds_and_a_wrong_one_shows_where(
    page: Page, recorded: Recorded, recording: Recording
) -> None:
    now = time.time() * 1000
    named = [recording.trace(now + number, name=name) for number, name in enumerate(("plan", "answer", "review"))]
    recording.put("traces", named)
    open_traces(page, recorded, recording.project_id())
    bar = page.get_by_role("combobox", name="Filter traces")
    bar.fill('name = "plan" or (name = "review" and not tags = "draft")')
    bar.press("Enter")
    expect(page.get_by_text("1–2 of 2")).to_be_visible()
    for name in ("plan", "review"):
        expect(page.get_by_role("link", name=name)).to_be_visible()

    bar.fill('name = "plan" or duration > "slow"')
    bar.press("Enter")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Expected here: a number")
    line, mark = (problem.locator("pre").text_content() or "").split("\n")
    assert line[mark.index("^") :] == '"slow"'
    expect(bar).to_have_attribute("aria-invalid", "true")


def test_what_is_no_filter_says_why(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    bar = page.get_by_role("combobox", name="Filter traces")
    bar.fill("duration contains 5")
    bar.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Expected here: =")
    bar.fill("")
    bar.press("Enter")
    expect(page.get_by_text("of 120")).to_be_visible()


def test_order_and_pages_are_the_servers(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project, "?size=50")
    page.get_by_role("button", name="Duration").click()
    expect(page).to_have_url(re.compile("sort=duration"))
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text("51–100 of 120")).to_be_visible()


def test_columns_are_kept(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("menuitemcheckbox", name="Environment").click()
    page.keyboard.press("Escape")
    page.reload()
    expect(page.get_by_role("columnheader", name="Environment")).to_be_attached()


def test_columns_get_wider_by_keys_and_stay_so(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    edge = page.get_by_role("separator", name="Width of Name")
    edge.focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    expect(edge).to_have_attribute("aria-valuenow", "240")
    page.reload()
    expect(edge).to_have_attribute("aria-valuenow", "240")
    edge.press("Enter")
    expect(edge).to_have_attribute("aria-valuenow", "190")


def test_enter_on_a_link_follows_it(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    page.get_by_role("row").nth(3).get_by_role("link").first.press("Enter")
    expect(page).to_have_url(re.compile(f"/traces/{recorded.traces[2]}"))


def test_keys_move_select_and_open(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    expect(page.get_by_role("row", selected=True)).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/traces/{recorded.traces[1]}"))


def test_a_list_is_gone_through_and_back_to_as_it_was(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project, "?q=error_info is_not_empty")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 11", exact=True)).to_be_visible()
    page.keyboard.press("]")
    expect(page.get_by_text("2 of 11", exact=True)).to_be_visible()
    page.get_by_role("button", name="Previous trace").click()
    expect(page.get_by_role("button", name="Previous trace")).to_be_disabled()
    page.keyboard.press("u")
    expect(page.get_by_text("1–11 of 11")).to_be_visible()


def test_bulk_edit_tells_what_became_of_each_and_can_be_undone(
    page: Page, recorded: Recorded, recording: Recording
) -> None:
    now = time.time() * 1000
    full = recording.trace(now, name="full", tags=[f"tag {number}" for number in range(50)])
    recording.put("traces", [full, recording.trace(now + 1, name="free")])
    open_traces(page, recorded, recording.project_id())
    page.get_by_role("checkbox", name="Select all").click()
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tag", exact=True).fill("one more")
    page.keyboard.press("Enter")

    results = page.get_by_role("dialog", name="1 of 2 failed")
    expect(results.get_by_role("listitem").first).to_contain_text("full Tag limit exceeded")
    page.keyboard.press("Escape")
    free = page.get_by_role("row").filter(has_text="free")
    expect(free).to_contain_text("one more")
    page.get_by_role("button", name="Undo").click()
    expect(free).not_to_contain_text("one more")


def test_deleting_asks_before(page: Page, recorded: Recorded, recording: Recording) -> None:
    now = time.time() * 1000
    recording.put("traces", [recording.trace(now, name="stays"), recording.trace(now + 1, name="goes")])
    open_traces(page, recorded, recording.project_id())
    page.get_by_role("checkbox", name="Select row 1", exact=True).click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("link", name="goes")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete 1 trace").click()
    expect(page.get_by_role("link", name="goes")).to_have_count(0)
    expect(page.get_by_role("link", name="stays")).to_be_visible()


def test_live_shows_new_ones_and_does_not_jump_while_one_reads(
    page: Page, recorded: Recorded, recording: Recording
) -> None:
    start = time.time() * 1000 - 60_000
    recording.put("traces", [recording.trace(start + number, name=f"old {number}") for number in range(60)])
    open_traces(page, recorded, recording.project_id(), "?live=true")
    recording.put("traces", [recording.trace(start + 1000, name="first new")])
    expect(page.get_by_role("link", name="first new")).to_be_visible()

    page.get_by_role("grid").evaluate("grid => grid.parentElement.scrollTo(0, 400)")
    seen = page.get_by_role("link", name="old 40")
    place = seen.bounding_box()
    recording.put("traces", [recording.trace(start + 2000, name="second new")])
    page.get_by_role("button", name="1 new").wait_for()
    assert seen.bounding_box() == place
    page.get_by_role("button", name="1 new").click()
    expect(page.get_by_role("link", name="second new")).to_be_visible()


def test_spans_and_threads_have_lists_too(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    page.get_by_role("link", name="Spans").click()
    expect(page.get_by_text("of 360")).to_be_visible()
    page.get_by_role("row").filter(has_text="chat").first.click()
    expect(page.get_by_role("region", name="Details")).to_contain_text("Model")
    page.go_back()
    page.get_by_role("link", name="Threads").click()
    page.get_by_role("link", name="conversation 0").click()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("inactive", exact=True)).to_be_visible()


def test_how_long_ago_goes_on_by_itself(page: Page, recorded: Recorded, recording: Recording) -> None:
    page.clock.install()
    now = time.time() * 1000
    recording.put("traces", [recording.trace(now - number * 1000, thread_id=f"t{number}") for number in range(3)])
    page.goto(f"{recorded.server.url}/projects/{recording.project_id()}/threads")
    expect(page.get_by_role("row").filter(has_text=re.compile(r"now|\d s ago"))).to_have_count(3)
    page.clock.fast_forward("05:00")
    expect(page.get_by_role("row").filter(has_text="5 min ago")).to_have_count(3)


def test_a_link_of_the_sdk_leads_to_the_page_of_its_trace(page: Page, recorded: Recorded) -> None:
    trace = recorded.traces[0]
    link = f"{recorded.server.api}/v1/session/redirect/projects/?trace_id={trace}&path=aHR0cA=="
    assert httpx.get(link).status_code == 302
    page.goto(link)
    expect(page).to_have_url(f"{recorded.server.url}/projects/{recorded.project}/traces/{trace}")


def test_keys_go_on_from_a_box_that_was_ticked(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project)
    page.get_by_role("checkbox", name="Select row 2", exact=True).click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    for row in (2, 3):
        expect(page.get_by_role("checkbox", name=f"Select row {row}", exact=True)).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_role("row", selected=True)).to_have_count(0)


def test_what_was_recorded_meanwhile_is_there_when_one_comes_back(
    page: Page, recorded: Recorded, recording: Recording
) -> None:
    now = time.time() * 1000
    recording.put("traces", [recording.trace(now, name="first")])
    open_traces(page, recorded, recording.project_id())
    page.get_by_role("link", name="first").click()
    expect(page).to_have_url(re.compile("/traces/"))
    recording.put("traces", [recording.trace(now + 1, name="second")])
    page.go_back()
    expect(page.get_by_role("link", name="second")).to_be_visible()


def test_what_a_page_has_asked_for_is_dropped_when_it_is_left(page: Page, recorded: Recorded) -> None:
    dropped: list[str] = []
    page.route("**/trends", lambda route: None)  # which never answers
    page.on("requestfailed", lambda request: dropped.append(request.url.rpartition("/")[2]))
    with page.expect_request("**/trends"):
        page.goto(f"{recorded.server.url}/projects")
    with page.expect_event("requestfailed"):
        page.get_by_role("link", name="support bot").click()
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    assert "trends" in dropped


def test_a_page_is_asked_for_while_its_row_is_pointed_at(page: Page, recorded: Recorded) -> None:
    of_a_trace = re.compile(r"/v1/private/traces/[0-9a-f-]{36}\?")
    page.goto(f"{recorded.server.url}/projects/{recorded.project}/traces")
    with page.expect_request(of_a_trace) as pointed:
        page.get_by_role("row").nth(3).get_by_role("gridcell").nth(3).hover()
    page.mouse.move(0, 0)
    with page.expect_request(of_a_trace) as moved_to:
        page.keyboard.press("j")
    assert pointed.value.url != moved_to.value.url
    expect(page).to_have_url(re.compile("/traces$"))


def test_each_step_asks_for_its_rows_and_then_for_totals_that_are_others(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project, "?size=50")
    expect(page.get_by_label("Totals")).to_contain_text("errors 11")
    asked: dict[str, str] = {}
    page.on("request", lambda request: asked.update({request.url: urlsplit(request.url).path}))
    with page.expect_response("**/traces?*page=2*"):
        page.get_by_role("button", name="Next page").click()
    with page.expect_response("**/traces?*sorting=*"):
        page.get_by_role("button", name="Duration").click()
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    with page.expect_request("**/stats?*from_time=*"):
        page.get_by_role("button", name="Time range").click()
        page.get_by_role("button", name="7 days").click()
    assert any("from_time=" in url for url in answered)
    traces = "/v1/private/traces"
    assert [path for path in asked.values() if "/v1/" in path] == [traces, traces, traces, f"{traces}/stats"]


def test_rows_are_asked_for_as_soon_as_someone_is_about_to_want_them(page: Page, recorded: Recorded) -> None:
    open_traces(page, recorded, recorded.project, "?size=50")
    with page.expect_request("**/traces?*page=2*"):
        page.get_by_role("button", name="Next page").hover()
    page.get_by_role("button", name="Duration").hover()
    with page.expect_request("**/traces?*sorting=*"):
        page.mouse.down()
    expect(page).to_have_url(re.compile("size=50$"))
    page.mouse.up()
    expect(page).to_have_url(re.compile("sort=duration"))
