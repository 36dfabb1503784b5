"""With API keys in force."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.compat.server import free_port, serving


def create_key(data_dir: Path) -> str:
    command = [sys.executable, "-m", "weft", "keys", "create", "--json", "--user", "ada", "--data-dir", str(data_dir)]
    made = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return str(json.loads(made.stdout)["key"])


def test_a_key_opens_the_pages_and_is_not_kept_in_them(page: Page, tmp_path: Path) -> None:
    key = create_key(tmp_path / "data")
    with serving(tmp_path, free_port()) as server:
        page.goto(f"{server.url}/settings")
        page.get_by_label("API key", exact=True).fill("not a key")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("opens nothing")

        page.get_by_label("API key", exact=True).fill(key)
        page.get_by_role("button", name="Sign in").click()
        environments = page.get_by_role("region", name="Environments")
        environments.get_by_label("Name").fill("staging")
        environments.get_by_role("button", name="Add").click()
        expect(environments.get_by_role("listitem")).to_contain_text("staging")
        assert key not in page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")

        cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("API key", exact=True)).to_be_visible()
        assert httpx.get(f"{server.api}/v1/private/projects", cookies=cookies).status_code == 401
