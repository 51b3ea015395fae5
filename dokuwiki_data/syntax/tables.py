"""Tables: alignment, spans and the head, worked out when all rows are known."""

from __future__ import annotations

from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.nodes.blocks import Paragraph, Table, TableCell, TableRow
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.text import PageText


@node
class RowSpan(Node):
    """``:::`` before it is known what it spans; none is left in a finished tree."""

    text: str


class Cell:
    """A cell as it was written; `build` counts its spans.

    ``start`` and ``end`` are the places of its bar and of the next one.
    """

    __slots__ = ("align", "colspan", "content", "end", "header", "rowspan", "start", "truncated")

    def __init__(self, start: int, end: int, header: bool, content: tuple[Node, ...]) -> None:
        self.start = start
        self.end = end
        self.header = header
        self.content = content
        self.align: str | None = None
        self.colspan = self.rowspan = 1
        self.truncated = False


class Row:
    """A row as it was written; its last cell is what stands behind the last bar."""

    __slots__ = ("cells", "start")

    def __init__(self, start: int, cells: list[Cell]) -> None:
        self.start = start
        self.cells = cells


def build(source: PageText, rows: list[Row], start: int, end: int, opened: int, closed: int) -> Table:
    """The table that its rows make, by DokuWiki's rules.

    What stands behind the last bar of a row is dropped, and so is its cell. A cell with nothing
    between its bars widens the one before; ``:::`` lengthens the one above.
    """
    head = _head_rows(rows)
    columns = max(len(row.cells) for row in rows) - 1
    above: dict[int, tuple[int, Cell]] = {}
    finished: list[tuple[Row, list[Cell]]] = []
    for number, row in enumerate(rows, start=1):
        shown: list[Cell] = []
        last: Cell | None = None
        for column, cell in enumerate(row.cells[:-1]):
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


def _head_rows(rows: list[Row]) -> int:
    """How many rows from the top have mostly header cells; none if all have."""
    for number, row in enumerate(rows):
        headers = sum(cell.header for cell in row.cells)
        others = len(row.cells) - headers
        if not headers or others > 2 or 2 * others > headers:
            return number
    return 0


def _spans_up(source: PageText, cell: Cell, number: int, covering: tuple[int, Cell] | None) -> bool:
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


def _align(source: PageText, cell: Cell) -> None:
    """Two blanks or a tab on a side push the text to the other one."""
    first, last = cell.content[0], cell.content[-1]
    # The source, since what leaves no trace parts blanks all the same.
    beginning = source.read[first._start : first._end] if type(first) is Text else ""
    # Behind a block, blanks make no paragraph and so no text, but they still count here.
    leaf: Node = last.content[-1] if type(last) is Paragraph else last
    ending = source.read[leaf._start if type(leaf) is Text else leaf._end : cell.end]
    if beginning[:1] not in (" ", "\t") and ending[-1:] not in (" ", "\t"):
        return
    pushed_right = _pushes(beginning, beginning.lstrip(" \t"))
    if pushed_right and first is last and not beginning.strip(" \t"):
        cell.align = "left"
    elif _pushes(ending[::-1], ending.rstrip(" \t")):
        cell.align = "center" if pushed_right else "left"
    elif pushed_right:
        cell.align = "right"


def _pushes(text: str, stripped: str) -> bool:
    blanks = len(text) - len(stripped)
    return blanks > 1 or (blanks == 1 and text[0] == "\t")


def _row(source: PageText, row: Row, cells: list[Cell], width: int) -> TableRow:
    built = tuple(
        TableCell.at(
            source, cell.start, cell.end, cell.content, cell.header,
            cell.align, cell.colspan, cell.rowspan, cell.truncated,
        )
        for cell in cells
    )  # fmt: skip
    return TableRow.at(source, row.start + 1, row.cells[-1].end, built, width)
