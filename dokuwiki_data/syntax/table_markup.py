"""The lexer's actions for tables: one for each terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

from dokuwiki_data.nodes.blocks import TableCell, TableRow
from dokuwiki_data.nodes.plain_rows import alignment_of_text
from dokuwiki_data.syntax.alignment import alignment
from dokuwiki_data.syntax.cells import AnyCell, Cell, RowSpan, bare_cell
from dokuwiki_data.syntax.collectors import Kind, begin, end_mode, goes_on, loose
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match
from dokuwiki_data.syntax.paragraphs import Cells, Closing, Rows, Token
from dokuwiki_data.syntax.scopes import TextScope


def table(lexer: Lexer, match: Match, name: str) -> None:
    """Read the start of a table: its first row."""
    start = lexer.before_blanks(match.start())
    lexer.end_text(start, start)
    collector = begin(lexer, TABLES)
    lexer.bracket(Token("TABLE_OPEN", match.start() + 1, start))
    scope = TextScope(lexer)
    lexer.lines_flow, lexer.in_cell = False, True
    _open_row(lexer, match.start())
    finished = end_mode(lexer, collector, lexer.until_closed("TABLE"))
    scope.leave(lexer)
    if finished:
        lexer.open_paragraph(lexer.last)


def table_row(lexer: Lexer, match: Match, name: str) -> Match | None:
    """Read a bar or caret at the start of a line: a row and its first cell."""
    start, after = match.span()
    if "FOOTNOTE" in lexer.modes and not goes_on(lexer, TABLES, start):
        loose(lexer, "table_row", start, after)
        loose(lexer, _LOOSE[lexer.read[after - 1]], after, after, start)
        return None
    _end_cell(lexer, start, start)
    # Rows of text alone seldom come alone: only behind such a row, the next ones are tried.
    opening, last = lexer.tokens[-2:] if len(lexer.tokens) > 1 else (None, None)
    if isinstance(last, Cells) and isinstance(opening, Token) and opening.type == "TABLE_ROW":
        start = _plain_rows(lexer, start)
    return _open_row(lexer, start)


def _open_row(lexer: Lexer, start: int) -> Match | None:
    lexer.bracket(Token("TABLE_ROW", start))
    return _open_cells(lexer, start + 2)


#: A row without empty cells and without text behind its last bar, if another one follows.
_PLAIN_ROW = re.compile(r"[|^](?>[^|^\n]+[|^])++\n(?=[|^])")
#: What ends cells and rows.
_OF_TABLE = ("TABLE_CELL", "TABLE_HEADER", "TABLE_ROW", "TABLE_END")


def _plain_rows(lexer: Lexer, at: int) -> int:
    """Write the rows after a line end in which there is only text, and return the line end before the next row.

    Their cells are made when they are read. A table of such rows is read four times as fast, and takes a third of the
    memory.
    """
    if lexer.waiting or lexer.patterns.first("TABLE"):
        return at
    read, source = lexer.read, lexer.source
    search = lexer.patterns.but("TABLE", *_OF_TABLE).search
    rows: list[TableRow] = []
    while found := _PLAIN_ROW.match(read, at + 1):
        end = found.end() - 1
        other, row = lexer.next_match(search, at + 1), read[at + 1 : end]
        if (other and other.start() <= end) or not row.isprintable():
            break
        rows.append(TableRow.at(source, at + 1, end, None, row.count("|") + row.count("^") - 1))
        at = end
    if rows:
        lexer.end_run()
        lexer.tokens.append(Rows(rows))
    return at


def table_cell(lexer: Lexer, match: Match, name: str) -> Match | None:
    """Read a bar or caret: the next cell."""
    start, after = match.span()
    if "FOOTNOTE" in lexer.modes and not goes_on(lexer, TABLES, start):
        loose(lexer, _LOOSE[match[0]], start, after)
        return None
    _end_cell(lexer, start, start)
    return _open_cells(lexer, after)


_LOOSE = {"|": "tablecell", "^": "tableheader"}


def _open_cells(lexer: Lexer, inside: int) -> Match | None:
    """Begin a cell after its bar; cells that contain only text are written as a whole first.

    Return the match of the next markup, which is the first in the cell or ends it, or None if it was not looked for.
    """
    read, match = lexer.read, None
    search, _, choices = lexer.patterns.mode("TABLE")
    cells: list[AnyCell] = []
    if read[inside] != "\n" and not lexer.waiting and not lexer.patterns.first("TABLE"):
        while match := search(read, inside):
            end = match.start()
            if choices[read[end]][match.lastindex][0] not in _BARS:
                break
            text = read[inside:end]
            if not text.isprintable():
                break
            header = read[inside - 1] == "^"
            if text:
                align = alignment_of_text(text)
                cells.append(TableCell.at(lexer.source, inside - 1, end, None, header, align, 1, 1, 0))
            else:
                cells.append(bare_cell(header, ""))
            inside = match.end()
    if cells:
        _add(lexer, cells)
    header = read[inside - 1] == "^"
    lexer.cell = cell = Cell(inside, header)
    lexer.bracket(Token("TABLE_HEADER" if header else "TABLE_CELL", inside - 1, cell))
    lexer.position = lexer.scan = inside
    return match


_BARS = frozenset({"TABLE_CELL", "TABLE_HEADER"})


def _end_cell(lexer: Lexer, at: int, closing: int | None) -> None:
    """Write the rest of a cell; a cell without brackets is made here, which saves a quarter of its time."""
    cell = lexer.cell
    assert cell is not None
    cell.end = at
    tokens = lexer.tokens
    opening = tokens[-1]
    is_first = type(opening) is Token and opening.detail is cell
    if is_first and lexer.position == cell.start + 1 and not (lexer.held or lexer.run or cell.is_unusual):
        text = lexer.read[lexer.position : at]
        if text.isprintable():
            lexer.tokens.pop()
            _add(lexer, [_plain_cell(lexer, cell, text)])
            lexer.position = at
            return
    cell.align = alignment(lexer, cell, at)
    lexer.end_text(at, at if closing is None else closing)
    if tokens[-1] is opening and is_first:
        content = tuple(lexer.run)
        lexer.run = []
        lexer.tokens.pop()
        bare = cell.mark == cell.start + 1 and at - cell.mark == len(":::")
        _add(lexer, [bare_cell(cell.header, ":::") if bare else cell.finished(lexer.source, content)])


def _plain_cell(lexer: Lexer, cell: Cell, text: str) -> AnyCell:
    """Return a cell that contains only text."""
    if not text or lexer.read[cell.end] == "\n":  # the last of its row
        return bare_cell(cell.header, text)
    cell.align = alignment_of_text(text)
    return cell.node(lexer.source, None)


def _add(lexer: Lexer, cells: list[AnyCell]) -> None:
    """Write cells without brackets in them."""
    lexer.end_run()
    if isinstance(last := lexer.tokens[-1], Cells):
        last.cells += cells
    else:
        lexer.tokens.append(Cells(cells))


def table_rowspan(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``:::`` in a cell of its own."""
    start, after = lexer.before_blanks(match.start()), match.end()
    if lexer.cell is None or not goes_on(lexer, TABLES, start):
        loose(lexer, "rowspan", start, after)
        return
    lexer.cell.mark = start
    lexer.leaf(RowSpan.at(lexer.source, start, after, lexer.read[start:after]), start, after)


def _close(lexer: Lexer, stop: int, end: int, place: int | None) -> None:
    _end_cell(lexer, stop, place)
    lexer.bracket(Closing("TABLE_CLOSE", stop, place))


TABLES = Kind("the table", "table_end", _close)

ACTIONS: dict[str, Callable[[Lexer, Match, str], Match | None]] = {
    "TABLE_START": table,
    "TABLE_ROW": table_row,
    "TABLE_CELL": table_cell,
    "TABLE_HEADER": table_cell,
    "TABLE_ROWSPAN": table_rowspan,
}
