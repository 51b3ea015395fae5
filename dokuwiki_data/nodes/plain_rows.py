"""Rows of a table that have nothing but text in their cells: the cells are made when they are read.

Most rows of large tables are of this kind. A row takes a quarter of the memory of its cells.
"""

from __future__ import annotations

import re
from typing import Literal

from dokuwiki_data.nodes.blocks import TableCell, TableRow

Alignment = Literal["left", "right", "center"]

_BAR = re.compile(r"[|^]")


def alignment_of_text(text: str) -> Alignment | None:
    """Return the alignment of a cell that contains only text without tabs."""
    if text[:1] != " " and text[-1:] != " ":
        return None
    if text.endswith("  "):
        return "center" if text.startswith("  ") and text.strip(" ") else "left"
    return "right" if text.startswith("  ") else None


def plain_cells(row: TableRow) -> tuple[TableCell, ...]:
    """Return the cells of a row in which every bar and caret separates cells. Nothing follows the last one.

    Example:
        >>> import dokuwiki_data as dw
        >>> row = dw.parse("| a |  1|\\n").find(TableRow)
        >>> [(cell.plain_text(), cell.align) for cell in plain_cells(row)]
        [(' a ', None), ('  1', 'right')]
    """
    source, read = row.source_text, row.source_text.normalized
    places = plain_places(read, row.starts_at, row.ends_at)
    return tuple(
        [
            TableCell.at(
                source, start, end, None, read[start] == "^", alignment_of_text(read[start + 1 : end]), 1, 1, 0
            )
            for start, end in places
        ]
    )


def plain_places(read: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the start and the end of each cell of such a row, given those of the row: of its bar, and of its text."""
    places = []
    for bar in _BAR.finditer(read, start + 1, end):
        behind = bar.start()
        places.append((start, behind))
        start = behind
    return places
