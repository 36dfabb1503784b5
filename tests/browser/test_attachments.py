"""Files that lie in a bucket of another origin, which pages may load nothing from."""

import time
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import RECEIPT
from tests.browser.recording import Recording
from tests.compat.server import free_port, serving
from tests.s3_server import BUCKET, s3_server


def test_files_of_a_bucket_are_previewed_through_the_server(page: Page, tmp_path: Path) -> None:
    with s3_server() as s3:
        variables = s3.variables | {"WEFT_ATTACHMENTS": f"s3://{BUCKET}"}
        with serving(tmp_path, free_port(), variables) as server:
            recording = Recording(server.api, "files")
            trace = recording.trace(time.time() * 1000)
            recording.put("traces", [trace])
            recording.attach(trace["id"], "receipt.svg", "image/svg+xml", RECEIPT)
            recording.attach(trace["id"], "terms.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n")
            assert len(s3.keys()) == 2

            page.goto(f"{server.url}/traces/{trace['id']}")
            picture = page.get_by_role("img", name="receipt.svg")
            expect(picture).to_have_js_property("naturalWidth", 90)
            page.get_by_role("button", name="Show the PDF").click()
            expect(page.get_by_title("terms.pdf")).to_be_visible()
            page.goto("about:blank")
