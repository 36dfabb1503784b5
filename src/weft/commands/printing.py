"""How commands show what they found."""

import argparse
from collections.abc import Sequence

_STEPS = ("B", "kB", "MB", "GB", "TB")


def add_common(parser: argparse.ArgumentParser) -> None:
    """May be given before or after a verb."""
    parser.add_argument(
        "--data-dir", default=argparse.SUPPRESS, metavar="DATA_DIR", help="folder that holds all data [WEFT_DATA_DIR]"
    )
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="for scripts: JSON, one document"
    )


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Whole numbers stand to the right."""
    lines = [list(head), *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [bool(rows) and all(isinstance(row[at], int) for row in rows) for at in range(len(head))]
    for line in lines:
        cells = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ]
        print("  ".join(cells).rstrip())


def size(count: int) -> str:
    """Bytes, as people say them."""
    amount, step = float(count), 0
    while amount >= 1000 and step < len(_STEPS) - 1:
        amount, step = amount / 1000, step + 1
    return f"{amount:.0f} {_STEPS[step]}" if step == 0 else f"{amount:.1f} {_STEPS[step]}"


def _shown(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
