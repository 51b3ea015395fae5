"""Nodes of blocks: sections, paragraphs, lists, tables, quotations, code and other blocks of lines."""

from __future__ import annotations

from array import array
from dataclasses import field
from typing import Any, ClassVar, Literal

from dokuwiki_data.nodes.base import Node, made_when_read, node
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.nodes.table_grid import Row, grid_of
from dokuwiki_data.text import QuotedText


@node
class Block(Node):
    """The base class of nodes that take lines of their own."""

    is_block = True


@node
class Paragraph(Block):
    """A paragraph of text.

    Attributes:
        content: The nodes in it.
    """

    content: tuple[Node, ...]
    _to_opened: int = field(default=-1, compare=False, kw_only=True)
    _to_closed: int = field(default=-1, compare=False, kw_only=True)

    @property
    def opens_at(self) -> int:
        """The offset in the normalized text of the instruction that opens it; -1 stands for that of the one before."""
        return self._start + self._to_opened

    @property
    def closes_at(self) -> int:
        """The offset in the normalized text of the instruction that closes it; -1 stands for that of the one before."""
        return self._start + self._to_closed

    _opened, _closed = opens_at, closes_at

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content


@node
class Heading(Block):
    """A heading.

    Attributes:
        title: The text.
        level: The level, from 1 (``======``) to 5 (``==``), in Markdown from 1 (``#``) to 6 (``######``).
    """

    title: str
    level: int

    def plain_text(self) -> str:
        return self.title


@node
class Section(Block):
    """A heading and the blocks up to the next heading of any level, as in DokuWiki.

    Attributes:
        heading: The heading.
        content: The blocks.
    """

    heading: Heading
    content: tuple[Node, ...]

    between_blocks = "\n\n"

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.heading, *self.content)

    def _headline(self) -> str:
        return "Section()"  # the heading is its first child


@node
class HorizontalRule(Block):
    """A line of four or more dashes; in Markdown of three or more dashes, stars or underscores."""

    def plain_text(self) -> str:
        return ""


@node
class Preformatted(Block):
    """Lines that are indented by two blanks or a tab; by four blanks where Markdown is preferred.

    Attributes:
        text: The lines without their indentation.
    """

    text: str

    def plain_text(self) -> str:
        return self.text


@node
class Code(Block):
    """``<code language filename [options]>…</code>``, in Markdown lines between two lines of three backticks.

    Attributes:
        text: The code.
        language: The language for highlighting, or None.
        filename: The name of the file for download, or None.
        options: The bracketed options that DokuWiki knows, by name; None without brackets.
    """

    text: str
    language: str | None = None
    filename: str | None = None
    options: dict[str, Any] | None = field(default=None, hash=False)
    _at: int = field(default=0, compare=False, kw_only=True)

    @property
    def instruction_at(self) -> int:
        """The offset in the normalized text of its instruction."""
        return self._at

    name: ClassVar[str] = "code"

    def plain_text(self) -> str:
        return self.text


@node
class File(Code):
    """``<file …>…</file>``, in Markdown lines between ``~~~``, which is `Code` that can be downloaded."""

    name = "file"


@node
class Rss(Block):
    """A news feed: ``{{rss>address parameters}}``. It is never fetched.

    Attributes:
        target: The address.
        limit: The number of items to show as written; None stands for 8.
        reverse: Whether to show the last items first.
        author: Whether to show the authors.
        date: Whether to show the dates.
        details: Whether to show the texts of the items.
        nosort: Whether to keep the order of the feed.
        refresh: The seconds until DokuWiki fetches the feed again.
    """

    target: str
    limit: str | None = None
    reverse: bool = False
    author: bool = False
    date: bool = False
    details: bool = False
    nosort: bool = False
    refresh: int | float = 14400

    def plain_text(self) -> str:
        return ""


@node
class Info(Block):
    """``~~INFO:name~~`` of the plugin *info*, which is part of DokuWiki: information about the installation.

    Attributes:
        name: The kind of information, such as ``syntaxplugins``.
    """

    name: str

    def plain_text(self) -> str:
        return ""


@node
class ListItem(Block):
    """An item of a list.

    Attributes:
        level: The depth of the item, from 1.
        content: The nodes in it.
        lists: The lists below it.
    """

    level: int
    content: tuple[Node, ...]
    lists: tuple[List, ...] = ()

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content + self.lists

    def plain_text(self) -> str:
        return Node.plain_text(self).strip()  # super() fails: the decorator replaces the class by one with slots


@node
class List(Block):
    """A list.

    Attributes:
        ordered: Whether it is numbered.
        items: The items.
    """

    ordered: bool
    items: tuple[ListItem, ...]
    _to_opened: int = field(default=-1, compare=False, kw_only=True)
    _to_closed: int = field(default=-1, compare=False, kw_only=True)
    _unfinished: bool = field(default=False, compare=False, kw_only=True)
    _nested: bool = field(default=True, compare=False, kw_only=True)
    _outermost: int = field(default=0, compare=False, kw_only=True)

    @property
    def opens_at(self) -> int:
        """The offset in the normalized text of the instruction that opens it."""
        return self._start + self._to_opened

    @property
    def closes_at(self) -> int:
        """The offset in the normalized text of the instruction that closes it."""
        return self._start + self._to_closed

    @property
    def is_unfinished(self) -> bool:
        """Whether DokuWiki never closes it, since something else ends it."""
        return self._unfinished

    @property
    def is_nested(self) -> bool:
        """Whether it begins at an item that is deeper than the item before it."""
        return self._nested

    @property
    def outermost_level(self) -> int:
        """The level of the first item of the outermost list."""
        return self._outermost

    _opened, _closed = opens_at, closes_at

    @property
    def first_number(self) -> int:
        """The number of the first item."""
        return 1

    @property
    def children(self) -> tuple[Node, ...]:
        return self.items


@node
class NumberedList(List):
    """A numbered list whose first number is not 1, which only Markdown can express: ``3. third``.

    Attributes:
        start: The number of the first item.
    """

    start: int = field(default=1, kw_only=False)

    @property
    def first_number(self) -> int:
        return self.start


def _text_of_cell(cell: TableCell) -> tuple[Node, ...]:
    source, start, end = cell._source, cell._start + 1, cell._start + cell._to_end
    return (Text.at(source, start, end, source.normalized[start:end]),)


@node
class TableCell(Node):
    """A cell of a table. Cells that a span covers are not in the tree.

    Attributes:
        content: The nodes in it.
        header: Whether it is a header.
        align: The alignment, or None.
        colspan: The number of columns that it covers.
        rowspan: The number of rows that it covers.
    """

    content: tuple[Node, ...] = made_when_read(_text_of_cell)
    header: bool = False
    align: Literal["left", "right", "center"] | None = None
    colspan: int = 1
    rowspan: int = 1
    _lost: int = field(default=0, compare=False, kw_only=True)

    @property
    def lost_instructions(self) -> int:
        """The number of instructions at its end that DokuWiki drops because of a ``:::`` after markup."""
        return self._lost

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content


#: Returns the content of a cell, or None if it is plain text that was not made yet.
content_if_made: Any = TableCell.content.given  # type: ignore[attr-defined]  # the descriptor


def has_content(cell: TableCell) -> bool:
    """Return whether a cell has its content, which is plain text otherwise and made when it is read."""
    return content_if_made(cell) is not None


def _cells_of_row(row: TableRow) -> tuple[TableCell, ...]:
    from dokuwiki_data.nodes.plain_rows import plain_cells

    return plain_cells(row)


@node
class TableRow(Block):
    """A row of a table. Cells that DokuWiki adds to a short row are not in the tree.

    Attributes:
        cells: The cells.
        width: The number of columns as written, including covered cells.
    """

    cells: tuple[TableCell, ...] = made_when_read(_cells_of_row)
    width: int = 0

    @property
    def children(self) -> tuple[Node, ...]:
        return self.cells

    def plain_text(self) -> str:
        return "\t".join(cell.plain_text().strip() for cell in self.cells)


#: Returns the cells of a row, or None if they have only plain text and were not made yet.
cells_if_made: Any = TableRow.cells.given  # type: ignore[attr-defined]


def has_cells(row: TableRow) -> bool:
    """Return whether a row has its cells, which have only plain text otherwise and are made when they are read."""
    return cells_if_made(row) is not None


@node
class Table(Block):
    """A table.

    Attributes:
        rows: The rows.
        columns: The number of columns.
        head_rows: The number of rows in its head.
    """

    rows: tuple[TableRow, ...]
    columns: int = 0
    head_rows: int = 0
    _to_opened: int = field(default=-1, compare=False, kw_only=True)
    _to_closed: int = field(default=-1, compare=False, kw_only=True)
    _unfinished: bool = field(default=False, compare=False, kw_only=True)
    _of_markdown: bool = field(default=False, compare=False, kw_only=True)
    _written: tuple[TableRow, ...] | None = field(default=None, compare=False, kw_only=True)

    @property
    def opens_at(self) -> int:
        """The offset in the normalized text of the instruction that opens it."""
        return self._start + self._to_opened

    @property
    def closes_at(self) -> int:
        """The offset in the normalized text of the instruction that closes it."""
        return self._start + self._to_closed

    @property
    def is_unfinished(self) -> bool:
        """Whether DokuWiki never closes it, since something else ends it."""
        return self._unfinished

    @property
    def is_markdown(self) -> bool:
        """Whether it is written in Markdown: a head, a row of dashes, and rows that are a body for DokuWiki."""
        return self._of_markdown

    @property
    def written_rows(self) -> tuple[TableRow, ...] | None:
        """The rows as written, if DokuWiki reads them otherwise than `rows`; else None."""
        return self._written

    _opened, _closed = opens_at, closes_at

    @property
    def children(self) -> tuple[Node, ...]:
        return self.rows

    def grid(self) -> tuple[Row, ...]:
        """Return the cells as a rectangle: a cell that spans several columns or rows stands in all of them.

        None stands for a cell that DokuWiki adds to a short row.

        Example:
            >>> import dokuwiki_data as dw
            >>> table = dw.parse("^ Name ^ Size ||\\n| a | 1 |\\n").find(dw.nodes.Table)
            >>> [[cell and cell.plain_text().strip() for cell in row] for row in table.grid()]
            [['Name', 'Size', 'Size'], ['a', '1', None]]
        """
        return grid_of(self.rows, self.columns)

    def to_csv(self, *, formulas: bool = False) -> str:
        """Return the plain text of the cells of `grid` as CSV, without white space around it.

        Args:
            formulas: Whether to leave cells that spreadsheets would compute as they are, for programs that read CSV.
        """
        from dokuwiki_data.csv_rows import csv_rows
        from dokuwiki_data.render.characters import replace_surrogates

        texts = {id(cell): replace_surrogates(cell.plain_text().strip()) for row in self.rows for cell in row.cells}
        rows = ([texts.get(id(cell), "") for cell in row] for row in self.grid())
        return csv_rows(rows, formulas=formulas)


def _text_of_line(lines: QuotedLines) -> tuple[Node, ...]:
    source = QuotedText(lines.source_text, array("q", (lines.starts_at, lines.ends_at)))
    end = len(source.normalized) - 1
    text = Text.at(source, 1, end, source.normalized[1:end])
    return (Paragraph.at(source, 1, end, (text,), 0, -1),)


@node
class QuotedLines(Block):
    """Successive lines of one depth of a quotation, which DokuWiki reads as a page of their own.

    Attributes:
        content: The nodes in them.
    """

    content: tuple[Node, ...] = made_when_read(_text_of_line)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content


@node
class Quote(Block):
    """A quotation: lines that begin with ``>``.

    Attributes:
        content: Its `QuotedLines` and the deeper quotations in it. Where Markdown is preferred, the lines are blocks:
            paragraphs, lists and others stand here in place of the `QuotedLines`.
    """

    content: tuple[Node, ...]
    # No distances: all quotes in successive lines share the same places.
    _opened: int = field(default=-1, compare=False, kw_only=True)
    _closed: int = field(default=-1, compare=False, kw_only=True)
    _unfinished: bool = field(default=False, compare=False, kw_only=True)
    _lines: tuple[tuple[int, int], ...] = field(default=(), compare=False, kw_only=True)

    @property
    def opens_at(self) -> int:
        """The offset in the normalized text of the instruction that opens it."""
        return self._opened

    @property
    def closes_at(self) -> int:
        """The offset in the normalized text of the instruction that closes it."""
        return self._closed

    @property
    def is_unfinished(self) -> bool:
        """Whether DokuWiki never closes it, since something else ends it."""
        return self._unfinished

    @property
    def depths(self) -> tuple[tuple[int, int], ...]:
        """The offset and the depth of each line, if the quotation is outermost and line ends are markup in it."""
        return self._lines

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content
