"""A table as Markdown writes it: cells between bars, in columns of one width."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

#: Columns are not made wider than this; longer cells stick out.
_WIDEST = 60

_RULES = {"left": ("-", "-"), "right": ("-", ":"), "center": (":", ":")}

#: No letter before this one is wide.
_FIRST_WIDE = "\u1100"


def pipe_table(rows: Sequence[Sequence[str]], alignments: Sequence[str]) -> str:
    """Return a table of cells that are Markdown; the first row is the head."""
    widths = [
        max(3, *(width for row in rows if (width := _width(row[column])) <= _WIDEST), 3)
        for column in range(len(alignments))
    ]
    lines = [_row(row, widths, alignments) for row in rows]
    rules = (
        f"{_RULES[kind][0]}{'-' * (width - 2)}{_RULES[kind][1]}" for kind, width in zip(alignments, widths, strict=True)
    )
    lines.insert(1, f"| {' | '.join(rules)} |")
    return "\n".join(lines)


def _row(cells: Sequence[str], widths: Sequence[int], alignments: Sequence[str]) -> str:
    padded = (_padded(cell, width, alignment) for cell, width, alignment in zip(cells, widths, alignments, strict=True))
    return f"| {' | '.join(padded)} |"


def _padded(cell: str, width: int, alignment: str) -> str:
    missing = max(width - _width(cell), 0)
    before = {"right": missing, "center": missing // 2}.get(alignment, 0)
    return f"{' ' * before}{cell}{' ' * (missing - before)}"


def _width(text: str) -> int:
    """Return the width of text on a screen with letters of one width; those of East Asia take two."""
    if text.isascii() or max(text) < _FIRST_WIDE:
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
