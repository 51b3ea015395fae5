"""Tables: alignment, spans and the head, worked out when all rows are known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.nodes.blocks import Paragraph, Table, TableCell, TableRow
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.source import Source

_LEADING = re.compile(r"[ \t]+")
_TRAILING = re.compile(r"[ \t]+\Z")

@node
class RowSpan(Node):
    """``:::`` before it is known what it spans; none is left in a finished tree."""

    text: str


class RawCell:
    """A cell as written, before spans are known."""

    __slots__ = ("content", "end", "header", "start")

    def __init__(self, start: int, end: int, header: bool, content: Sequence[Node]) -> None:
        self.start = start
        self.end = end
        self.header = header
        self.content = content


class RawRow:
    """A row as written; its last cell is what stands behind the last bar."""

    __slots__ = ("cells", "start")

    def __init__(self, start: int, cells: list[RawCell]) -> None:
        self.start = start
        self.cells = cells


class _Cell:
    """A cell while spans are counted."""

    __slots__ = ("align", "colspan", "content", "raw", "rowspan", "truncated")

    def __init__(self, raw: RawCell) -> None:
        self.raw = raw
        self.content = tuple(raw.content)
        self.align: str | None = None
        self.colspan = 1
        self.rowspan = 1
        self.truncated = False


def build(source: Source, rows: list[RawRow], start: int, end: int, opened: int, closed: int) -> Table:
    """The table that its rows make, by DokuWiki's rules.

    What stands behind the last bar of a row is dropped, and so is its cell. A cell with nothing
    between its bars widens the one before; ``:::`` lengthens the one above.
    """
    head = _head_rows(rows)
    columns = max(len(row.cells) for row in rows) - 1
    above: dict[int, tuple[int, _Cell]] = {}
    finished: list[tuple[RawRow, list[_Cell]]] = []
    for number, row in enumerate(rows, start=1):
        shown: list[_Cell] = []
        last: _Cell | None = None
        for column, raw in enumerate(row.cells[:-1]):
            cell = _Cell(raw)
            if not cell.content:
                # Covered: it counts for no column span, but for row spans as if it were there.
                if last is not None:
                    last.colspan += 1
                above[column] = number, cell
                continue
            last = cell
            if isinstance(cell.content[-1], RowSpan):
                covering = None if head and number - 1 == head else above.get(column)
                if _spans_up(source, cell, number, covering):
                    if cell.truncated:
                        shown.append(cell)
                    continue
            _align(source, cell)
            shown.append(cell)
            above[column] = number, cell
        finished.append((row, shown))
    return Table.at(
        source, start, end,
        tuple(_row(source, row, cells, len(row.cells) - 1) for row, cells in finished),
        columns, head, opened, closed,
    )  # fmt: skip


def _head_rows(rows: list[RawRow]) -> int:
    """How many rows from the top have mostly header cells; none if all have."""
    for number, row in enumerate(rows):
        headers = sum(cell.header for cell in row.cells)
        others = len(row.cells) - headers
        if not headers or others > 2 or 2 * others > headers:
            return number
    return 0


def _spans_up(source: Source, cell: _Cell, number: int, covering: tuple[int, _Cell] | None) -> bool:
    """Whether a cell that ends in ``:::`` is covered from above; if not, it becomes text."""
    mark = cell.content[-1]
    before = cell.content[:-1]
    assert isinstance(mark, RowSpan)
    if before and isinstance(before[-1], Text):
        text = before[-1]
        merged = Text.at(source, text._start, mark._end, text.text + mark.text)
        cell.content = (*before[:-1], merged)
        return False
    if covering is None or covering[1].rowspan < number - covering[0]:
        cell.content = (*before, Text.at(source, mark._start, mark._end, ""))
        return False
    covering[1].rowspan += 1
    cell.content = before
    cell.truncated = bool(before)
    return True


def _align(source: Source, cell: _Cell) -> None:
    """Two blanks or a tab on a side push the text to the other one."""
    content = cell.content
    first, last = content[0], content[-1]
    leading = _LEADING.match(first.text) if isinstance(first, Text) else None
    if leading and not _pushes(leading[0]):
        leading = None
    if leading and isinstance(first, Text) and len(content) == 1 and leading.end() == len(first.text):
        cell.align = "left"
        return
    if leading:
        cell.align = "right"
    # Behind a block, blanks make no paragraph and so no text, but they still count here.
    leaf = last.content[-1] if isinstance(last, Paragraph) else last
    ending = leaf.text if isinstance(leaf, Text) else source.read[leaf._end : cell.raw.end]
    trailing = _TRAILING.search(ending)
    if trailing and _pushes(trailing[0]):
        cell.align = "center" if leading else "left"


def _pushes(blanks: str) -> bool:
    return len(blanks) > 1 or blanks == "\t"


def _row(source: Source, row: RawRow, cells: list[_Cell], width: int) -> TableRow:
    built = tuple(
        TableCell.at(
            source, cell.raw.start, cell.raw.end, cell.content, cell.raw.header,
            cell.align, cell.colspan, cell.rowspan, cell.truncated,
        )
        for cell in cells
    )  # fmt: skip
    return TableRow.at(source, row.start + 1, row.cells[-1].end, built, width)
