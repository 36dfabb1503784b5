"""Someone who has just started the server and knows nothing of it."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.recording import Recording
from tests.compat.server import free_port, serving


def test_from_nothing_to_twenty_tagged_traces(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path, free_port()) as server:
        page.goto(server.url)
        program = page.get_by_label("Example program").inner_text()
        assert f'"{server.api}"' in program

        environment = os.environ | {"HOME": str(tmp_path)}
        subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=60)
        page.get_by_role("link", name="first steps").click()
        page.get_by_role("row").filter(has_text="What is a trace?").get_by_role("link", name="answer").click()
        expect(page.get_by_role("region", name="Input")).to_contain_text("What is a trace?")
        expect(page.get_by_role("region", name="Output")).to_contain_text("You asked: What is a trace?")

        Recording(server.api, "first steps").conversations(30, time.time() * 1000)
        page.get_by_role("link", name="first steps").click()
        expect(page.get_by_text("1–31 of 31")).to_be_visible()
        page.get_by_role("grid").get_by_role("row").nth(1).click()
        look_at_a_trace(page)
        page.get_by_role("link", name="first steps").click()
        tag_twenty(page)


def look_at_a_trace(page: Page) -> None:
    """What it cost, where the time went, what went in and out, and its conversation."""
    expect(page.get_by_role("treeitem")).to_have_count(4)
    expect(page.get_by_text("$").first).to_be_visible()
    page.get_by_role("treeitem", name="chat").click()
    expect(page.get_by_role("region", name="Details")).to_contain_text("prompt tokens")
    expect(page).to_have_url(re.compile("span="))

    page.get_by_role("treeitem").first.click()
    page.get_by_role("button", name="Add a score").click()
    page.get_by_label("Name of the score").fill("helpful")
    page.get_by_label("Value").fill("1")
    page.get_by_role("button", name="Score", exact=True).click()
    expect(page.get_by_role("region", name="Scores")).to_contain_text("helpful")

    page.get_by_label("New comment").fill("Well said")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("region", name="Comments").get_by_role("listitem")).to_contain_text("Well said")

    page.get_by_role("link", name="conversation 0").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("assistant")
    page.go_back()


def tag_twenty(page: Page) -> None:
    page.get_by_role("checkbox", name="Select row 1", exact=True).click()
    page.get_by_role("checkbox", name="Select row 20", exact=True).click(modifiers=["Shift"])
    selected = page.get_by_role("toolbar", name="Selected rows")
    expect(selected).to_contain_text("20 selected")
    selected.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Tag", exact=True).fill("reviewed")
    page.get_by_role("button", name="Tag", exact=True).last.click()
    expect(page.get_by_text("Tagged 20 of 20 traces")).to_be_visible()
    page.get_by_label("Filter traces").fill('tags = "reviewed"')
    page.keyboard.press("Enter")
    expect(page.get_by_text("1–20 of 20")).to_be_visible()
