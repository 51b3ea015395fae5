"""Print tables: cells between bars, and covered cells as nothing or as ``:::``."""

from __future__ import annotations

from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.render.printers.printers import PRINTERS, PrintOptions, inline, write
from dokuwiki_data.syntax.parser import parse

ROW_SPAN = " ::: "

#: The white space around a cell that ends in a block, by its alignment.
_PUSHED = {"left": ("", "  "), "center": ("  ", "  "), "right": ("  ", "")}


def _table(node: blocks.Table, options: PrintOptions) -> str:
    """Print a table. The last bar of a row can decide which rows are a head, so both are tried by parsing."""
    written = [
        "\n".join(
            _row(row, columns, options, bar) for row, columns, bar in zip(node.rows, covered(node), bars, strict=True)
        )
        for bars in (
            [_last_bar(row) for row in node.rows],
            ["^" if number < node.head_rows else "|" for number in range(len(node.rows))],
            ["|" for _ in node.rows],
        )
    ]
    if len(set(written)) > 1 and node.columns:  # otherwise the table was not counted
        for text in written:
            tables = parse(text, syntax=options.syntax).tables
            if tables and tables[0].head_rows == node.head_rows:
                return text
    return written[0]


def _lone_row(node: blocks.TableRow, options: PrintOptions) -> str:
    return _row(node, options.covered, options, _last_bar(node))


def _last_bar(row: blocks.TableRow) -> str:
    return "^" if row.cells and row.cells[-1].header else "|"


def _row(row: blocks.TableRow, above: frozenset[int], options: PrintOptions, last_bar: str) -> str:
    if (existing := options.existing(row)) is not None:
        return existing
    text = ""
    at = 0
    for column, cell in placed_cells(row, above):
        text += _covered_cells(at, column, above, last_bar)
        text += write(cell, options) + last_bar * (cell.colspan - 1)
        at = column + cell.colspan
    return text + _covered_cells(at, max(row.width, at), above, last_bar) + last_bar


def _covered_cells(start: int, end: int, above: frozenset[int], bar: str) -> str:
    return "".join(bar + (ROW_SPAN if column in above else "") for column in range(start, end))


def placed_cells(row: blocks.TableRow, above: frozenset[int]) -> list[tuple[int, blocks.TableCell]]:
    """Return the cells of a row with their columns, which skip those that cells above span.

    Unknown columns come first: elsewhere, an empty cell would widen the one before it.
    """
    needed = sum(cell.colspan for cell in row.cells)
    at = max(row.width - needed - sum(column < row.width for column in above), 0)
    columns = []
    for cell in row.cells:
        while not cell._lost and at in above:
            at += 1
        columns.append((at, cell))
        at += cell.colspan
    return columns


def covered(table: blocks.Table) -> list[frozenset[int]]:
    """Return for each row the columns that cells above span."""
    result: list[frozenset[int]] = []
    until: dict[int, int] = {}
    for number, row in enumerate(table.rows):
        above = frozenset(column for column, end in until.items() if end > number)
        if row.width and len(above) + sum(cell.colspan for cell in row.cells) > row.width:
            # Only the first column of a wide cell needs to span rows.
            above = frozenset(column for column in above if until.get(-1 - column, 0) <= number)
        result.append(above)
        for column, cell in placed_cells(row, above):
            for covers in range(column, column + cell.colspan):
                until[covers] = number + cell.rowspan
    return result


def _cell(node: blocks.TableCell, options: PrintOptions) -> str:
    bar = "^" if node.header else "|"
    text = inline(node.content, options)
    last = node.content[-1] if node.content else None
    if isinstance(last, blocks.Paragraph) and last.content:
        last = last.content[-1]
    if node._lost or (isinstance(last, Text) and not last.text):
        return f"{bar}{text}{ROW_SPAN}"
    if not node.content:
        return f"{bar} "
    if node.align and last is not None and not isinstance(last, Text):
        text += _PUSHED[node.align][1]
    return bar + text


PRINTERS |= {
    blocks.Table: _table,
    blocks.TableRow: _lone_row,
    blocks.TableCell: _cell,
}
