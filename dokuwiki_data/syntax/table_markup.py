"""What the lexer does with the markup of tables: one action for each terminal."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.syntax.alignment import alignment
from dokuwiki_data.syntax.collectors import Kind, begin, end_mode, goes_on, loose
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match
from dokuwiki_data.syntax.paragraphs import Cells, Closing, Token
from dokuwiki_data.syntax.tables import Cell, RowSpan


def table(lexer: Lexer, match: Match, name: str) -> None:
    """The first row of a table."""
    start = lexer.before_blanks(match.start())
    around = lexer.lines_flow, lexer.in_cell
    lexer.end_text(start, start)
    collector = begin(lexer, TABLES)
    lexer.bracket(Token("TABLE_OPEN", match.start() + 1, start))
    lexer.lines_flow, lexer.in_cell = False, True
    _open_row(lexer, match)
    finished = end_mode(lexer, collector, lexer.until_closed("TABLE"))
    lexer.lines_flow, lexer.in_cell = around
    if finished:
        lexer.open_paragraph(lexer.last)


def table_row(lexer: Lexer, match: Match, name: str) -> None:
    """A bar or caret at the start of a line: a row and its first cell."""
    start, after = match.span()
    if not goes_on(lexer, TABLES, start):
        loose(lexer, "table_row", start, after)
        loose(lexer, _LOOSE[lexer.read[after - 1]], after, after, start)
        return
    _end_cell(lexer, start, start)
    _open_row(lexer, match)


def _open_row(lexer: Lexer, match: Match) -> None:
    start, after = match.span()
    lexer.bracket(Token("TABLE_ROW", start))
    _open_cell(lexer, "TABLE_HEADER" if lexer.read[after - 1] == "^" else "TABLE_CELL", after)


def table_cell(lexer: Lexer, match: Match, name: str) -> None:
    """A bar or caret: the next cell."""
    start, after = match.span()
    if not goes_on(lexer, TABLES, start):
        loose(lexer, _LOOSE[match[0]], start, after)
        return
    _end_cell(lexer, start, start)
    _open_cell(lexer, name, after)


_LOOSE = {"|": "tablecell", "^": "tableheader"}


def _open_cell(lexer: Lexer, name: str, inside: int) -> None:
    lexer.cell = cell = Cell(inside, name == "TABLE_HEADER")
    lexer.bracket(Token(name, inside - 1, cell))
    lexer.position = lexer.scan = inside


def _end_cell(lexer: Lexer, at: int, closing: int | None) -> None:
    """Write the rest of a cell; one without brackets in it is made here, which saves a quarter of its time."""
    cell = lexer.cell
    assert cell is not None
    cell.align = alignment(lexer, cell, at)
    lexer.end_text(at, at if closing is None else closing)
    tokens = lexer.tokens
    opening = tokens[-1]
    if type(opening) is not Token or opening.detail is not cell:
        return
    tokens.pop()
    cell.end = at
    cell.content = tuple(lexer.run)
    if type(tokens[-1]) is Cells:
        tokens[-1].append(cell)
    else:
        tokens.append(Cells((cell,)))
    lexer.run = []


def table_rowspan(lexer: Lexer, match: Match, name: str) -> None:
    """``:::`` in a cell of its own."""
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

ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    "TABLE_START": table,
    "TABLE_ROW": table_row,
    "TABLE_CELL": table_cell,
    "TABLE_HEADER": table_cell,
    "TABLE_ROWSPAN": table_rowspan,
}
