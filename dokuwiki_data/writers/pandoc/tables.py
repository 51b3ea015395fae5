"""Tables, with their spans; header cells where pandoc's tables can have them.

In pandoc's tables, header cells are those of the head, those of the rows at the top of each body, and those of the
first columns of a body. So the rows below the head are divided into bodies that have as many header columns, and whose
spans do not leave them. Header cells elsewhere become other cells with bold text, which is told as a loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dokuwiki_data.nodes import blocks
from dokuwiki_data.writers.pandoc.pieces import END, NO_ATTRIBUTES, attributes
from dokuwiki_data.writers.pandoc.writer import STRONG, PandocRenderer, PandocWriter

_ALIGNMENTS = {None: "AlignDefault", "left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
_HEADER = attributes("", ("header",))


# ---------------------------------------------------------------------------------------------- pieces of tables


def cell_opening(align: str | None = None, rowspan: int = 1, colspan: int = 1, attributes: str = NO_ATTRIBUTES) -> str:
    """Return what stands before the blocks of a cell; ``]]`` and `END` stand behind them."""
    return f'[{attributes},{{"t":"{_ALIGNMENTS[align]}"}},{rowspan},{colspan},['


CELL_END = f"]]{END}"
ROW, ROW_END = f"[{NO_ATTRIBUTES},[", f"]]{END}"


def text_cell(blocks: str, align: str | None = None, colspan: int = 1) -> str:
    """Return a cell, given its blocks."""
    return f"{cell_opening(align, 1, colspan)}{blocks}{CELL_END}"


def rows_of(rows: Iterable[Iterable[str]]) -> str:
    """Return rows, given their cells."""
    return "".join(f"{ROW}{''.join(cells)}{ROW_END}" for cells in rows)


def table(attributes: str, alignments: Sequence[str | None], widest: Sequence[int], head: str, bodies: str) -> str:
    """Return a table.

    Args:
        attributes: Its attributes.
        alignments: The alignment of each column.
        widest: The number of letters in the widest cell of each column.
        head: The rows of its head.
        bodies: Its bodies.
    """
    return f"{table_opening(attributes, alignments, widest)}{head}{HEAD_END}{bodies}{TABLE_END}"


def body(rows: str, header_columns: int = 0, head: str = "") -> str:
    """Return a body of a table, given its rows."""
    return f"[{NO_ATTRIBUTES},{header_columns},[{head}],[{rows}]]{END}"


def table_opening(attributes: str, alignments: Sequence[str | None], widest: Sequence[int]) -> str:
    """Return what stands before the rows of the head of a table; see `table`."""
    columns = ",".join(
        f'[{{"t":"{_ALIGNMENTS[align]}"}},{width}]' for align, width in zip(alignments, _widths(widest), strict=True)
    )
    return f'{{"t":"Table","c":[{attributes},[null,[]],[{columns}],[{NO_ATTRIBUTES},['


#: A table whose rows have more letters does not fit on a page of paper; its columns get widths. They are in proportion
#: to the letters of their widest cells, which count as so many at least and at most.
_MOST_LETTERS, _NARROWEST, _WIDEST = 80, 8, 60
#: Tables of more columns get no widths, since none would be readable.
_MOST_COLUMNS = 20


def _widths(widest: Sequence[int]) -> list[str]:
    """Return the widths of columns, of which only wide tables have any."""
    if sum(widest) <= _MOST_LETTERS or len(widest) > _MOST_COLUMNS:
        return ['{"t":"ColWidthDefault"}'] * len(widest)
    shares = [min(max(letters, _NARROWEST), _WIDEST) for letters in widest]
    return [f'{{"t":"ColWidth","c":{share / sum(shares):.4f}}}' for share in shares]


HEAD_END = "]],["
TABLE_END = f"],[{NO_ATTRIBUTES},[]]]}}{END}"


# -------------------------------------------------------------------------------- the rows of a table as sections


@dataclass(slots=True)
class _Body:
    """A body of a table: rows of headers, rows whose first columns are headers, and how many these are."""

    header_columns: int = 0
    head: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


class _Row(NamedTuple):
    """What is known of a row.

    Attributes:
        ends: The columns behind the cells, those included that reach into the row from above.
        headers: How many columns at the beginning are headers.
        starts: The columns of its own cells.
        is_tied: Whether a cell of it or above reaches into the next row.
    """

    ends: frozenset[int]
    headers: int
    starts: tuple[int, ...]
    is_tied: bool


def _layout(node: blocks.Table) -> Iterator[_Row]:
    """Iterate over the rows with the places of their cells."""
    above: dict[int, tuple[int, int, bool]] = {}  # by column: how many columns and rows a cell still takes
    for row in node.rows:
        column = headers = 0
        ends, starts = {0}, []
        is_prefix = True
        below: dict[int, tuple[int, int, bool]] = {}
        cells = iter(row.cells)
        while True:
            if column in above:
                width, height, is_header = above[column]
            elif (cell := next(cells, None)) is not None:
                width, height, is_header = cell.colspan, cell.rowspan, cell.header
                starts.append(column)
            elif column < node.columns and (later := min((at for at in above if at > column), default=None)):
                width, height, is_header = later - column, 1, False
            else:
                break
            if height > 1:
                below[column] = width, height - 1, is_header
            column += width
            ends.add(column)
            is_prefix = is_prefix and is_header
            if is_prefix:
                headers = column
        yield _Row(frozenset(ends), headers, tuple(starts), bool(below))
        above = below


def _groups(rows: Sequence[_Row], first: int) -> Iterator[range]:
    """Iterate over the rows from the first one on, together with those that spans tie to them."""
    begin = first
    for at in range(first, len(rows)):
        if not rows[at].is_tied or at == len(rows) - 1:
            yield range(begin, at + 1)
            begin = at + 1


def _bodies(node: blocks.Table, rows: Sequence[_Row], first: int) -> list[_Body]:
    """Return the bodies of a table whose head ends before a row."""
    found: list[_Body] = []
    for group in _groups(rows, first):
        is_head = all(rows[at].headers >= node.columns for at in group)
        most = min(rows[at].headers for at in group)
        common = frozenset.intersection(*(rows[at].ends for at in group))
        columns = max(end for end in common if end <= most)
        last = found[-1] if found else None
        if last is None or (last.rows and (is_head or last.header_columns != columns)):
            last = _Body()
            found.append(last)
        if is_head:
            last.head += group
        else:
            last.header_columns = columns
            last.rows += group
    if found and not found[-1].rows:
        # Pandoc's writer of Word documents knows no body of headers only.
        found[-1] = _Body(node.columns, [], found[-1].head)
    return found


# ------------------------------------------------------------------------------------------------------ renderers


def _table(writer: PandocWriter, node: blocks.Table) -> None:
    writer.end_paragraph()
    rows = list(_layout(node))
    head = node.head_rows
    writer.out.append(table_opening(NO_ATTRIBUTES, *_columns(node, rows, head)))
    for at in range(head):
        _row(writer, node.rows[at], rows[at], node.columns)
    writer.out.append(HEAD_END)
    for one in _bodies(node, rows, head):
        writer.out.append(f"[{NO_ATTRIBUTES},{one.header_columns},[")
        for at in one.head:
            _row(writer, node.rows[at], rows[at], node.columns)
        writer.out.append("],[")
        for at in one.rows:
            _row(writer, node.rows[at], rows[at], one.header_columns)
        writer.out.append(f"]]{END}")
    writer.out.append(TABLE_END)


def _row(writer: PandocWriter, row: blocks.TableRow, layout: _Row, headers: int) -> None:
    """Write a row whose cells in the first columns, so many, are headers. Pandoc adds cells to short rows."""
    out = writer.out
    out.append(ROW)
    for cell, column in zip(row.cells, layout.starts, strict=False):
        is_lost = cell.header and column >= headers
        out.append(cell_opening(cell.align, cell.rowspan, cell.colspan, _HEADER if is_lost else NO_ATTRIBUTES))
        if is_lost:
            _lost_header(writer, cell)
        else:
            writer.within(cell.content, plain=True)
        out.append(CELL_END)
    out.append(ROW_END)


def _lost_header(writer: PandocWriter, cell: blocks.TableCell) -> None:
    """Write a header cell where the table can have none."""
    writer.lose("header-cell", cell.plain_text().strip(), cell)
    writer.begin_formatting(STRONG)
    writer.within(cell.content, plain=True)
    writer.end_formatting()


def _columns(node: blocks.Table, rows: Sequence[_Row], head: int) -> tuple[list[str | None], list[int]]:
    """Return the alignment of each column, and the letters of its widest cell as far as the source tells them.

    Columns are aligned as their cells below the head are, if they have one alignment in common.
    """
    columns = max(node.columns, 1)
    found: list[set[str | None]] = [set() for _ in range(columns)]
    widest = [0] * columns
    for number, (row, layout) in enumerate(zip(node.rows, rows, strict=True)):
        for cell, column in zip(row.cells, layout.starts, strict=False):
            if column < columns and cell.colspan == 1:
                widest[column] = max(widest[column], cell.ends_at - cell.starts_at - 1)
            if column < columns and number >= head:
                found[column].add(cell.align)
    return [_common(kinds) for kinds in found], widest


def _common(kinds: set[str | None]) -> str | None:
    """Return the alignment of a column, given those of its cells: cells without one stand at the left, too."""
    if len(kinds) == 1:
        return kinds.pop()
    return "left" if kinds == {"left", None} else None


RENDERERS: dict[type, PandocRenderer] = {blocks.Table: _table}
