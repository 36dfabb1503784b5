"""docs/coverage.md says what is here; this keeps it true."""

import re
from pathlib import Path

import pytest

from weft.api.deepagents.routes import HUB_ROUTES
from weft.api.deepagents.routes import ROUTES as DEEPAGENTS_ROUTES
from weft.api.opik.routes import ROUTES as OPIK_ROUTES
from weft.api.session import ROUTES as SESSION_ROUTES

ROUTES = (*OPIK_ROUTES, *DEEPAGENTS_ROUTES, *HUB_ROUTES, *SESSION_ROUTES)
ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "coverage.md").read_text()
ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if re.match(r"\| `[A-Z]+ /", line)
]
HERE = {row[0].strip("`"): row[2:] for row in ROWS if row[1] == "yes"}
PROOFS = [
    (folder, proof)
    for cells in HERE.values()
    for folder, cell in zip(("api", "compat"), cells, strict=True)
    for proof in re.findall(r"`([^`]+)`", cell)
]


def test_what_is_here_is_what_the_route_tables_have() -> None:
    assert set(HERE) == {f"{route.method} {route.path}" for route in ROUTES}


def test_every_operation_is_on_one_line() -> None:
    operations = [row[0] for row in ROWS]
    assert len(operations) == len(set(operations))


@pytest.mark.parametrize("operation", HERE)
def test_every_operation_that_is_here_has_a_test(operation: str) -> None:
    assert "::" in HERE[operation][0]


@pytest.mark.parametrize(("folder", "proof"), sorted(set(PROOFS)))
def test_every_test_that_is_named_exists(folder: str, proof: str) -> None:
    file, name = proof.split("::")
    source = (ROOT / "tests" / folder / file).read_text()
    assert re.search(rf"^(class|def|async def) {name}\b", source, re.MULTILINE)
