"""Tables: alignment, spans and the head, worked out when all rows are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.nodes.blocks import Paragraph, Table, TableCell, TableRow
from dokuwiki_data.nodes.inline import Footnote, LooseMarkup, Text
from dokuwiki_data.text import PageText


@node
class RowSpan(Node):
    """``:::`` before it is known what it spans; none is left in a finished tree."""

    text: str


#: Control characters of which a word alone vanishes from a cell.
CONTROLS = "\r\0\x0b"

Alignment = Literal["left", "right", "center"]


class Cell:
    """A cell as it is written, first while it is read; `build` counts its spans.

    ``start`` and ``end`` are the places of its bar and of the next one.
    """

    __slots__ = (
        "align",
        "colspan",
        "content",
        "end",
        "gaps",
        "header",
        "holds_table",
        "lines",
        "lost",
        "mark",
        "rowspan",
        "solid",
        "start",
    )  # fmt: skip

    def __init__(self, inside: int, header: bool) -> None:
        self.start = inside - 1
        self.end = inside
        self.header = header
        self.content: tuple[Node, ...] = ()
        self.align: Alignment | None = None
        self.colspan = self.rowspan = 1
        self.lost = 0
        #: Whether a table is in it.
        self.holds_table = False
        #: The empty lines in it.
        self.lines: list[tuple[int, int]] = _NO_PLACES
        #: Where ``:::`` begins, with the blanks before it.
        self.mark = -1
        #: What left no trace: from where on text was free then, its start and its end.
        self.gaps: list[tuple[int, int, int]] = _NONE
        #: Where text stands in which blanks are no markup of the table: that of a footnote.
        self.solid: list[tuple[int, int]] = _NO_PLACES

    def gap(self, free: int, start: int, end: int) -> None:
        """Note what left no trace."""
        self.gaps = self.gaps or []
        self.gaps.append((free, start, end))

    def behind_gaps(self, at: int) -> int:
        """The place behind what leaves no trace at a place."""
        for _, start, end in self.gaps:
            if start == at:
                at = end
        return at

    def line(self, start: int, end: int) -> None:
        """Note an empty line."""
        self.lines = self.lines or []
        self.lines.append((start, end))

    def keep(self, start: int, end: int) -> None:
        """Note text in which blanks are no markup of the table."""
        self.solid = self.solid or []
        self.solid.append((start, end))


#: Most cells have nothing of the kind.
_NONE: list[tuple[int, int, int]] = []
_NO_PLACES: list[tuple[int, int]] = []

_PIECES = re.compile(r"[ \t]+|[^ \t]+")


def pieces(source: PageText, start: int, end: int) -> Iterator[Node]:
    """Text of a table in pieces, as DokuWiki reads it: blanks that push aside are markup."""
    read, since, words = source.normalized, start, ""
    for found in _PIECES.finditer(read, start, end):
        piece = found[0]
        if piece != " " and piece[0] in " \t":
            if words:
                yield Text.at(source, since, found.start(), words)
            yield LooseMarkup.at(source, *found.span(), "table_align", found.start(), "")
            since, words = found.end(), ""
        elif piece.strip(CONTROLS):
            words += piece
    if words:
        yield Text.at(source, since, end, words)


class Row:
    """A row as it was written; its last cell is what stands behind the last bar."""

    __slots__ = ("cells", "start")

    def __init__(self, start: int, cells: list[Cell]) -> None:
        self.start = start
        self.cells = cells


def build(source: PageText, rows: list[Row], start: int, end: int, opened: int, closed: int | None) -> Table:
    """The table that its rows make, by DokuWiki's rules.

    What stands behind the last bar of a row is dropped, and so is its cell. A cell with nothing
    between its bars widens the one before; ``:::`` lengthens the one above.
    """
    written = None
    if closed is None or any(cell.holds_table for row in rows for cell in row.cells):
        written = tuple([_written(source, row) for row in rows])
    if closed is None:
        # Nobody counts, so all cells are as they are written, and DokuWiki shows what stands behind the last bar.
        columns = max(len(row.cells) for row in rows)
        return Table.at(source, start, end, written, columns, 0, opened, end, True, written)
    head = _head_rows(rows)
    # What stands behind the last bar is kept where a table is in it, of which DokuWiki shows some.
    widths = [len(row.cells) - (not row.cells[-1].holds_table) for row in rows]
    above: dict[int, tuple[int, Cell]] = {}
    finished: list[tuple[Row, list[Cell]]] = []
    for number, (row, width) in enumerate(zip(rows, widths, strict=True), start=1):
        shown: list[Cell] = []
        last: Cell | None = None
        for column, cell in enumerate(row.cells[:width]):
            if not cell.content and not cell.lines:
                # Covered: it counts for no column span, but for row spans as if it were there.
                if last is not None:
                    last.colspan += 1
                above[column] = number, cell
                continue
            last = cell
            if _ends_in_mark(cell):
                covering = None if head and number - 1 == head else above.get(column)
                if _spans_up(source, cell, number, covering):
                    if cell.lost:
                        shown.append(cell)
                    continue
            shown.append(cell)
            above[column] = number, cell
        finished.append((row, shown))
    return Table.at(
        source, start, end,
        tuple([_row(source, *row, width) for row, width in zip(finished, widths, strict=True)]),
        max(widths), head, opened, closed, False, written,
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
    last, around = cell.content[-1], cell.content[:-1]
    content = last.content if isinstance(last, Paragraph) else cell.content
    mark, before = content[-1], content[:-1]
    behind_line = bool(cell.lines) and cell.behind_gaps(cell.lines[-1][1]) == cell.mark
    covered = False
    if before and isinstance(before[-1], Text) and not behind_line:
        text = before[-1]
        content = (
            *before[:-1],
            Text.at(source, text._start, mark._end, text.text + source.normalized[mark._start : mark._end]),
        )
    elif covering is None or covering[1].rowspan < number - covering[0]:
        content = (*before, Text.at(source, mark._start, mark._end, ""))
    else:
        covered = True
        covering[1].rowspan += 1
        content = before
        cell.lost = 1 if behind_line else 2 if cell.content[1:] or before else 0
        if behind_line and last is not mark and around and not around[-1].is_block:
            # Of two line ends one is left.
            at = cell.lines[-1][0]
            around = (*around, Text.at(source, at, at + 1, "\n"))
    if isinstance(last, Paragraph):
        shown = any(not isinstance(part, Text) or part.text.strip() for part in content)
        made = (
            Paragraph.at(source, last._start, content[-1]._end, content, last._opened, last._closed) if shown else None
        )
        content = (*around, made) if made else around
    cell.content = content
    return covered


def _ends_in_mark(cell: Cell) -> bool:
    last = cell.content[-1] if cell.content else None
    return isinstance(last.content[-1] if isinstance(last, Paragraph) else last, RowSpan)


def _written(source: PageText, row: Row) -> TableRow:
    """A row with its cells as they were written, blanks apart that can push aside."""
    cells = [
        TableCell.at(source, cell.start, cell.end, tuple(_pieces_of(source, cell)), cell.header, None, 1, 1, 0)
        for cell in row.cells
    ]
    return TableRow.at(source, row.start + 1, row.cells[-1].end, tuple(cells), len(cells))


def _pieces_of(source: PageText, cell: Cell) -> Iterator[Node]:
    lines = iter(cell.lines)
    line = next(lines, None)
    for part in _apart(source, cell, cell.content):
        while line and line[1] <= part._start:
            yield LooseMarkup.at(source, *line, "eol", line[0], "")
            line = next(lines, None)
        yield part
    if line and not (cell.content and line[0] < cell.content[-1]._end):
        yield LooseMarkup.at(source, *line, "eol", line[0], "")


def _apart(source: PageText, cell: Cell, content: tuple[Node, ...]) -> Iterator[Node]:
    for part in content:
        start, end = part._start, part._end
        if isinstance(part, RowSpan):
            yield LooseMarkup.at(source, start, end, "rowspan", start, "")
        elif isinstance(part, Paragraph):
            inside = list(_apart(source, cell, part.content))
            if isinstance(first := inside[0], Text) and not part.content[0].plain_text()[:1].isspace():
                # A paragraph loses the blanks that it begins with.
                inside[0] = Text.at(source, first._start, first._end, first.text.lstrip(" \t"))
            yield Paragraph.at(source, start, end, tuple(inside), part._opened, part._closed)
        elif not isinstance(part, Text) or any(since <= start < until for since, until in cell.solid):
            yield part
        else:
            for _, since, until in cell.gaps:
                if start <= since < end:
                    yield from pieces(source, start, since)
                    start = until
            yield from pieces(source, start, end)


def holds_table(content: tuple[Node, ...]) -> bool:
    """Whether a table is among nodes or in them, or loose markup; what is in a footnote does not count."""
    return any(
        isinstance(part, (Table, LooseMarkup)) or (not isinstance(part, Footnote) and holds_table(part.children))
        for part in content
    )


def _row(source: PageText, row: Row, cells: list[Cell], width: int) -> TableRow:
    built = tuple(
        TableCell.at(
            source, cell.start, cell.end, cell.content, cell.header,
            cell.align, cell.colspan, cell.rowspan, cell.lost,
        )
        for cell in cells
    )  # fmt: skip
    return TableRow.at(source, row.start + 1, row.cells[-1].end, built, width)
