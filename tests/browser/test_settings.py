"""API keys and retention in the settings."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.looks import LOOKS, look_at, page_to_look_at
from tests.browser.recording import Recording
from tests.compat.server import Server, free_port, serving

DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Nobody has made a key there, nor set any days. In its project `demo` are traces of today and of 40 days ago."""
    with serving(tmp_path, free_port()) as server:
        recording = Recording(server.api, "demo")
        now = time.time() * 1000
        recording.put("traces", [recording.trace(at) for at in (now, now - 40 * DAY_MS, now - 41 * DAY_MS)])
        yield server


def status(server: Server, key: str = "") -> int:
    return httpx.get(f"{server.api}/v1/private/projects", headers={"Authorization": key}).status_code


def set_days(server: Server) -> Any:
    return httpx.get(f"{server.api}/v1/private/retention").json()


def make_key(page: Page, name: str) -> str:
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What it is for").fill(name)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=f"The key {name}")
    key = dialog.get_by_label("Key", exact=True).input_value()
    page.keyboard.press("Escape")
    expect(dialog).to_contain_text(f"OPIK_API_KEY={key}")
    dialog.get_by_role("button", name="I have kept it").click()
    expect(dialog).to_be_hidden()
    return key


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=text)


def test_whoever_makes_the_first_key_goes_on(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/keys")
    expect(page.get_by_role("region", name="API keys")).to_contain_text("There are no keys")
    assert status(server) == 200
    key = make_key(page, "laptop")
    assert (status(server), status(server, key)) == (401, 200)
    expect(row(page, "laptop")).to_contain_text("you are signed in with it")
    expect(page.get_by_text("There are no keys")).to_be_hidden()
    assert key not in page.content()

    page.get_by_role("link", name="Projects", exact=True).click()
    page.get_by_role("link", name="demo").click()
    expect(page.get_by_role("grid")).to_be_visible()


def test_the_first_key_is_shown_also_to_whom_it_does_not_sign_in(page: Page, server: Server) -> None:
    page.route("**/v1/session", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto(f"{server.url}/settings/keys")
    key = make_key(page, "laptop")
    page.unroute("**/v1/session")
    page.get_by_label("API key", exact=True).fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(row(page, "laptop")).to_contain_text("you are signed in with it")


def test_keys_are_revoked_one_after_the_other(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/keys")
    make_key(page, "laptop")
    key = make_key(page, "ci")
    page.get_by_role("button", name="Revoke ci").click()
    page.get_by_role("button", name="Cancel").click()
    assert status(server, key) == 200
    page.get_by_role("button", name="Revoke ci").click()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Revoked: 1")).to_be_visible()
    assert status(server, key) == 401

    page.get_by_role("button", name="Revoke laptop").click()
    dialog = page.get_by_role("dialog")
    for warning in ("will be signed out", "last key", "weft keys create"):
        expect(dialog).to_contain_text(warning)
    dialog.get_by_role("button", name="Revoke").click()
    expect(page.get_by_label("API key", exact=True)).to_be_visible()


def test_days_that_delete_something_are_confirmed(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/retention")
    default = page.get_by_role("region", name="Default")
    choose(page, default, "For so many days")
    days(default).fill("30")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 traces")
    dialog.get_by_role("button", name="Cancel").click()
    assert set_days(server)["days"] is None

    default.get_by_role("button", name="Save").click()
    dialog.get_by_role("button", name="Save, and let it go").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert set_days(server)["days"] == 30
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("region", name="Figures by project").get_by_role("row", name="demo")).to_contain_text(
        "30 days"
    )


def test_a_project_is_kept_for_longer(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/settings/retention")
    page.get_by_role("button", name="Add a project").click()
    page.get_by_label("Project", exact=True).fill("Demo")
    days(page.get_by_role("dialog")).fill("90")
    page.keyboard.press("Enter")
    expect(row(page, "demo")).to_contain_text("Kept for 90 days")
    assert set_days(server)["projects"][0]["effective_days"] == 90
    page.get_by_role("button", name="Keep demo as the others").click()
    expect(page.get_by_text("None: every project is kept as above")).to_be_visible()
    assert set_days(server)["projects"][0]["days"] is None


def choose(page: Page, within: Locator, option: str) -> None:
    within.get_by_role("button", name="Kept").click()
    page.get_by_role("option", name=option).click()


def days(within: Locator) -> Locator:
    return within.get_by_role("spinbutton", name="Days")


@pytest.mark.parametrize("width", LOOKS)
def test_looks(browser: Browser, server: Server, tmp_path: Path, width: int) -> None:
    """Of all that is shown on the way."""
    with page_to_look_at(browser, width) as page:
        page.goto(f"{server.url}/settings/retention")
        look_at(page, "retention", tmp_path)
        choose(page, page.get_by_role("region", name="Default"), "For so many days")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("dialog").get_by_role("table").wait_for()
        look_at(page, "retention-confirm", tmp_path)
        page.get_by_role("button", name="Save, and let it go").click()
        page.get_by_role("button", name="Add a project").click()
        page.get_by_label("Project", exact=True).fill("demo")
        look_at(page, "retention-project", tmp_path)
        days(page.get_by_role("dialog")).fill("90")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Keep demo as the others").wait_for()
        page.get_by_role("button", name="Dry run").click()
        page.get_by_text("Nothing would go.").wait_for()
        look_at(page, "retention-set", tmp_path)

        page.goto(f"{server.url}/settings/keys")
        look_at(page, "keys-none", tmp_path)
        page.get_by_role("button", name="New key").click()
        look_at(page, "keys-first", tmp_path)
        page.get_by_label("What it is for").fill("laptop")
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name="The key laptop").wait_for()
        look_at(page, "keys-made", tmp_path)
        page.get_by_role("button", name="I have kept it").click()
        make_key(page, "ci")
        look_at(page, "keys", tmp_path)
        page.get_by_role("button", name="Revoke ci").click()
        page.keyboard.press("Enter")
        page.get_by_text("Revoked: 1").click()
        page.get_by_role("button", name="Revoke laptop").click()
        look_at(page, "keys-revoke", tmp_path)
