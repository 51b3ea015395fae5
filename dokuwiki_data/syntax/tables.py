"""Build tables: count spans and find the head when all rows are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import TypeGuard

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Paragraph, Table, TableCell, TableRow
from dokuwiki_data.nodes.inline import Footnote, LooseMarkup, Text
from dokuwiki_data.syntax.cells import AnyCell, BareCell, Cell, Row, RowSpan, end_of, pieces, row_of
from dokuwiki_data.text import PageText


def build(source: PageText, read: list[Row | TableRow], start: int, end: int, opened: int, closed: int | None) -> Table:
    """Return the table of some rows by DokuWiki's rules. The list of rows is emptied, which saves memory.

    The cell after the last bar of a row is dropped. An empty cell widens the one before it, and ``:::`` extends the
    one above.
    """
    marked, holds = _survey(read)
    if closed is not None and not marked and not holds:
        return _of_single_cells(source, read, start, end, opened, closed)
    rows = [row if isinstance(row, Row) else row_of(row) for row in read]
    read.clear()
    written = tuple([_written(source, row) for row in rows]) if closed is None or holds else None
    if closed is None:
        # DokuWiki does not count such a table: all cells are as written, including those after the last bar.
        columns = max(len(row.cells) for row in rows)
        return Table.at(source, start, end, written, columns, 0, opened, end, True, False, written)
    head = _head_rows(rows)
    spans = _Spans(source, head, marked)
    built: list[TableRow] = []
    rows.reverse()
    while rows:
        built.append(spans.row(len(built) + 1, rows.pop()))
    columns = max(row.width for row in built)
    return Table.at(source, start, end, tuple(built), columns, head, opened, closed, False, False, written)


def _of_single_cells(
    source: PageText, rows: list[Row | TableRow], start: int, end: int, opened: int, closed: int
) -> Table:
    """Return a table in which no cell can extend the one above."""
    head = _head_rows(rows)
    spans = _Spans(source, head, frozenset())
    built: list[TableRow] = []
    rows.reverse()
    while rows:
        row = rows.pop()
        built.append(spans.row(len(built) + 1, row) if isinstance(row, Row) else row)
    columns = max(row.width for row in built)
    return Table.at(source, start, end, tuple(built), columns, head, opened, closed, False, False, None)


def _survey(rows: list[Row | TableRow]) -> tuple[frozenset[int], bool]:
    """Return the columns in which a cell may extend the one above, and whether any cell contains a table."""
    marked: set[int] = set()
    holds_table = False
    for number, row in enumerate(rows):
        if isinstance(row, TableRow) or (_only_nodes(row.cells[:-1]) and isinstance(row.cells[-1], BareCell)):
            continue
        for column, cell in enumerate(row.cells):
            if isinstance(cell, TableCell) or (isinstance(cell, BareCell) and cell.text != ":::"):
                continue
            if number:
                marked.add(column)
            holds_table = holds_table or (isinstance(cell, Cell) and cell.holds_table)
    return frozenset(marked), holds_table


def _head_rows(rows: Sequence[Row | TableRow]) -> int:
    """Return the number of rows at the top with mostly header cells; 0 if all rows have."""
    for number, row in enumerate(rows):
        if isinstance(row, Row):
            headers, others = sum(map(_is_header, row.cells)), len(row.cells)
        else:
            headers, others = row.normalized_source.count("^"), row.width + 1
        others -= headers
        if not headers or others > 2 or 2 * others > headers:
            return number
    return 0


_is_header = attrgetter("header")


class _Above:
    """A cell that one below may extend: its row, its node if it has one, and its number of rows."""

    __slots__ = ("node", "row", "rows")

    def __init__(self, row: int, node: TableCell | None) -> None:
        self.row = row
        self.node = node
        self.rows = 1

    def reaches(self, row: int) -> bool:
        """Return whether a row is directly below this cell."""
        return self.rows >= row - self.row

    def lengthen(self) -> None:
        """Extend the cell by a row."""
        self.rows += 1
        if self.node is not None:
            object.__setattr__(self.node, "rowspan", self.rows)


class _Spans:
    """Counts the spans of one table, row by row from the top."""

    def __init__(self, source: PageText, head: int, marked: frozenset[int]) -> None:
        self._source = source
        self._head = head
        self._marked = marked
        self._above: dict[int, _Above] = {}

    def row(self, number: int, row: Row) -> TableRow:
        """Return the node of a row, given its number from 1."""
        # Keep the cell after the last bar if it contains a table, since DokuWiki shows parts of that.
        behind = row.cells[-1]
        width = len(row.cells) - (not (isinstance(behind, Cell) and behind.holds_table))
        cells = row.cells[:width]
        if not self._marked and _only_nodes(cells):
            return TableRow.at(self._source, row.start, row.end, cells, width)
        shown: list[TableCell] = []
        last: TableCell | None = None
        empty, at = 0, row.start
        for column, cell in enumerate(cells):
            start, node, covers = at, None, True
            if isinstance(cell, TableCell):
                at, node = cell.ends_at, cell
            else:
                at = end_of(cell, at)
                if _is_empty(cell):
                    # It does not count for column spans, but for row spans.
                    empty += 1
                else:
                    node, covers = self._unusual(number, column, cell, start)
            if covers and column in self._marked:
                self._above[column] = _Above(number, node)
            if node or not covers:
                _widen(last, empty)
                empty, last = 0, node
            if node:
                shown.append(node)
        _widen(last, empty)
        return TableRow.at(self._source, row.start, row.end, tuple(shown), width)

    def _unusual(self, number: int, column: int, cell: BareCell | Cell, start: int) -> tuple[TableCell | None, bool]:
        """Return the node of a cell, None if it is covered and shows nothing; and whether it covers itself."""
        above = None if self._head and number - 1 == self._head else self._above.get(column)
        if above and not above.reaches(number):
            above = None
        if isinstance(cell, Cell):
            covered = _ends_in_mark(cell) and _spans_up(self._source, cell, above)
            return cell.node(self._source, cell.content) if cell.lost or not covered else None, not covered
        if above:
            above.lengthen()
            return None, False
        end = end_of(cell, start)
        text = Text.at(self._source, start + 1, end, "")
        return TableCell.at(self._source, start, end, (text,), cell.header, None, 1, 1, 0), True


def _is_empty(cell: BareCell | Cell) -> bool:
    return not cell.text if isinstance(cell, BareCell) else not cell.content and not cell.lines


def _only_nodes(cells: tuple[AnyCell, ...]) -> TypeGuard[tuple[TableCell, ...]]:
    """Return whether all cells are nodes already, as in most rows."""
    return {*map(type, cells)} <= _NODES


_NODES = {TableCell}


def _widen(cell: TableCell | None, columns: int) -> None:
    """Extend a cell by some columns."""
    if columns and cell is not None:
        object.__setattr__(cell, "colspan", 1 + columns)


def _spans_up(source: PageText, cell: Cell, above: _Above | None) -> bool:
    """Return whether a cell that ends with ``:::`` is covered from above; otherwise the mark becomes text."""
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
    elif above is None:
        content = (*before, Text.at(source, mark._start, mark._end, ""))
    else:
        covered = True
        above.lengthen()
        content = before
        cell.lost = 1 if behind_line else 2 if cell.content[1:] or before else 0
        if behind_line and last is not mark and around and not around[-1].is_block:
            # One of the two line ends is kept.
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
    """Return a row with its cells as written, in which blanks that can align are separate texts."""
    cells = [
        TableCell.at(source, cell.start, cell.end, tuple(_pieces_of(source, cell)), cell.header, None, 1, 1, 0)
        for cell in row.as_read(source)
    ]
    return TableRow.at(source, row.start, row.end, tuple(cells), len(cells))


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
                # Blanks at the start of a paragraph are dropped.
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
    """Return whether nodes are or contain a table or loose markup, except in footnotes."""
    return any(
        isinstance(part, (Table, LooseMarkup)) or (not isinstance(part, Footnote) and holds_table(part.children))
        for part in content
    )
