"""How far a transfer has come."""

from io import StringIO

import pytest

from weft.transfer.progress import Bar, bar_line


@pytest.mark.parametrize(
    ("done", "total", "line"),
    [
        (1234, 2468, f"traces       [{'#' * 12}{' ' * 12}] 1,234 of 2,468, 500/s"),
        (3, 2, f"traces       [{'#' * 24}] 3 of 2, 500/s"),
        (7, None, "traces       7, 500/s"),
        (0, 0, "traces       0, 500/s"),
    ],
)
def test_a_line(done: int, total: int | None, line: str) -> None:
    assert bar_line("traces", done, total, 500.0) == line


def test_what_was_done_before_is_shown_and_not_counted() -> None:
    terminal = StringIO()
    bar = Bar(terminal)
    bar.begin("traces", 10, done=4)
    bar.advance(6)
    bar.end()
    assert bar.counts == {"traces": 6}
    assert "10 of 10" in terminal.getvalue().rpartition("\r")[2]
