"""Cells and rows of a table as they are read, until all rows are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.nodes.blocks import TableCell, TableRow
from dokuwiki_data.nodes.inline import LooseMarkup, Text
from dokuwiki_data.text import PageText


@node
class RowSpan(Node):
    """``:::`` before it is known what it spans; none is left in a finished tree."""

    text: str


#: Control characters of which a word alone vanishes from a cell.
CONTROLS = "\r\0\x0b"

Alignment = Literal["left", "right", "center"]


class BareCell(NamedTuple):
    """A cell that gets no node if its table is finished: one with nothing in it, ``:::`` alone, or the last of a row.

    Of the first two kinds there can be a million in a table, so each is one object, see `bare_cell`.
    """

    header: bool
    text: str


_BARE_CELLS = {(header, text): BareCell(header, text) for header in (False, True) for text in ("", ":::")}


def bare_cell(header: bool, text: str) -> BareCell:
    """Return a bare cell."""
    return _BARE_CELLS.get((header, text)) or BareCell(header, text)


class Cell:
    """A cell while it is read, and until its table is built if there is something unusual about it.

    ``start`` and ``end`` are the places of its bar and of the next one.
    """

    __slots__ = ("align", "content", "end", "gaps", "header", "holds_table", "lines", "lost", "mark", "solid", "start")

    def __init__(self, inside: int, header: bool) -> None:
        self.start = inside - 1
        self.end = inside
        self.header = header
        self.content: tuple[Node, ...] = ()
        self.align: Alignment | None = None
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

    @property
    def is_unusual(self) -> bool:
        """Whether the table has to know more of it than the node holds."""
        return self.mark >= 0 or bool(self.lines or self.gaps or self.solid) or self.holds_table

    def gap(self, free: int, start: int, end: int) -> None:
        """Note what left no trace."""
        self.gaps = self.gaps or []
        self.gaps.append((free, start, end))

    def behind_gaps(self, at: int) -> int:
        """Return the place behind what leaves no trace at a place."""
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

    def node(self, source: PageText, content: tuple[Node, ...] | None) -> TableCell:
        """Return the node; its spans are counted later. Without content there is only the text between its bars."""
        return TableCell.at(source, self.start, self.end, content, self.header, self.align, 1, 1, self.lost)

    def finished(self, source: PageText, content: tuple[Node, ...]) -> TableCell | Cell:
        """Return the node, or the cell itself if its table has to know more."""
        if self.is_unusual or not content:
            self.content = content
            return self
        return self.node(source, content)


AnyCell = BareCell | TableCell | Cell

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


def row_of(node: TableRow) -> Row:
    """Return the row that was made to a node at once, as it was written."""
    behind = bare_cell(node.source_text.normalized[node.ends_at - 1] == "^", "")
    return Row(node.starts_at, (*node.cells, behind))


class Row:
    """A row as it was written; the last of its cells is what stands behind the last bar.

    It is smaller than a tuple, and of another size than the tuple of its cells: then the memory of used up rows is
    free for their nodes, which makes a tenth of the memory that a large table takes.
    """

    __slots__ = ("cells", "start")

    def __init__(self, start: int, cells: tuple[AnyCell, ...]) -> None:
        #: The place of its first bar.
        self.start = start
        self.cells = cells

    @property
    def end(self) -> int:
        """Where it ends."""
        length = 0
        for cell in reversed(self.cells):
            if not isinstance(cell, BareCell):
                return length + (cell.end if isinstance(cell, Cell) else cell.ends_at)
            length += 1 + len(cell.text)
        return self.start + length

    def as_read(self, source: PageText) -> Iterator[Cell]:
        """Iterate over the cells as they were read."""
        at = self.start
        for cell in self.cells:
            start, at = at, end_of(cell, at)
            if isinstance(cell, Cell):
                yield cell
                continue
            read = Cell(start + 1, cell.header)
            read.end = at
            if isinstance(cell, TableCell):
                read.content = cell.content
            elif cell.text:
                kind = RowSpan if cell.text == ":::" else Text
                read.content = (kind.at(source, start + 1, at, cell.text),)
            yield read

    def text_behind(self, source: PageText) -> tuple[int, int] | None:
        """Return start and end of what stands behind the last bar, unless it is blank."""
        cell = self.cells[-1]
        if isinstance(cell, BareCell):
            return (self.end - len(cell.text), self.end) if cell.text.strip() else None
        if all(isinstance(part, Text) and not part.text.strip() for part in cell.content):
            return None
        return cell.content[0].starts_at, cell.content[-1].ends_at


def end_of(cell: AnyCell, start: int) -> int:
    """Return where a cell ends that starts at a place."""
    if isinstance(cell, BareCell):
        return start + 1 + len(cell.text)
    return cell.end if isinstance(cell, Cell) else cell.ends_at
