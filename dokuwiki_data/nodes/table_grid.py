"""A table as a rectangle of cells, in which cells that span several columns or rows are repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dokuwiki_data.nodes.blocks import TableCell, TableRow

Row = tuple["TableCell | None", ...]


def grid_of(rows: Sequence[TableRow], columns: int) -> tuple[Row, ...]:
    """Return the rows of a table as `Table.grid` has them; ``columns`` is their least length."""
    below: dict[int, tuple[TableCell, int]] = {}
    found = []
    for row in rows:
        cells, below = _placed(row, below)
        found.append(cells)
    width = max((max(cells, default=-1) + 1 for cells in found), default=0)
    return tuple(tuple(map(cells.get, range(max(columns, width)))) for cells in found)


def _placed(
    row: TableRow, above: dict[int, tuple[TableCell, int]]
) -> tuple[dict[int, TableCell], dict[int, tuple[TableCell, int]]]:
    """Return the cells of a row by column, and those that reach the next row, each with its number of rows from there.

    As in HTML, a cell takes the next column that no cell from above covers.
    """
    cells = {column: cell for column, (cell, _) in above.items()}
    below = {column: (cell, rows - 1) for column, (cell, rows) in above.items() if rows > 1}
    column = 0
    for cell in row.cells:
        while column in above:
            column += 1
        covered = range(column, column + cell.colspan)
        cells |= dict.fromkeys(covered, cell)
        if cell.rowspan > 1:
            below |= dict.fromkeys(covered, (cell, cell.rowspan - 1))
        column = covered.stop
    return cells, below
