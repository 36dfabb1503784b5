"""The interface has a copy of the table of filters, which must be that of the server."""

import runpy
from pathlib import Path

import weft

UI = Path(weft.__file__).parents[2] / "ui"


def test_the_interface_knows_the_fields_and_operators_of_the_server() -> None:
    describe = runpy.run_path(str(UI / "describe.py"))
    assert (UI / "src" / "filters" / "language.json").read_text("utf-8") == describe["language_text"]()
