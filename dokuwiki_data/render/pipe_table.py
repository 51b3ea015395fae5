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
    measured = [[*map(_width, row)] for row in rows]
    widths = [
        max(3, *(width for row in measured if (width := row[column]) <= _WIDEST), 3)
        for column in range(len(alignments))
    ]
    lines = [_row(row, its, widths, alignments) for row, its in zip(rows, measured, strict=True)]
    rules = (
        f"{_RULES[kind][0]}{'-' * (width - 2)}{_RULES[kind][1]}" for kind, width in zip(alignments, widths, strict=True)
    )
    lines.insert(1, f"| {' | '.join(rules)} |")
    return "\n".join(lines)


def _row(cells: Sequence[str], measured: Sequence[int], widths: Sequence[int], alignments: Sequence[str]) -> str:
    """Return a line of cells, given how wide each is and should be."""
    padded = [
        cell + " " * (width - its) if alignment == "left" else _padded(cell, width - its, alignment)
        for cell, its, width, alignment in zip(cells, measured, widths, alignments, strict=True)
    ]
    return f"| {' | '.join(padded)} |"


def _padded(cell: str, missing: int, alignment: str) -> str:
    missing = max(missing, 0)
    before = missing if alignment == "right" else missing // 2
    return f"{' ' * before}{cell}{' ' * (missing - before)}"


def _width(text: str) -> int:
    """Return the width of text on a screen with letters of one width; those of East Asia take two."""
    if text.isascii() or max(text) < _FIRST_WIDE:
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
