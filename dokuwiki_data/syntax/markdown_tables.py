"""The lexer's actions for Markdown's tables: one for each terminal.

DokuWiki reads a table as text if its head and the row of dashes below do not have the same number of cells. So the
cells are read apart from the text around them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from dokuwiki_data.nodes import inline
from dokuwiki_data.syntax.collectors import Kind, begin, end_mode
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match
from dokuwiki_data.syntax.paragraphs import Closing, Token
from dokuwiki_data.syntax.scopes import in_lines


def markdown_table(lexer: Lexer, match: Match, name: str) -> None:
    """Read a table whose head and row of dashes begin on the next line."""
    start = match.start()
    if lexer.ends_empty_line(start) or (
        lexer.patterns.accepts(lexer.modes[-1], "TABLE_START") and _begins_own(lexer, start)
    ):
        lexer.instead(match, name)
        return
    if lexer.room <= 0:
        lexer.too_deep(start + 1, lexer.line_end(start + 1))
        lexer.scan = start + 1
        return
    tokens = lexer.set_apart(partial(_read, lexer, start))
    end, place = lexer.scan, lexer.last
    node, *_ = lexer.parse_tokens(lexer.source, tokens)
    if isinstance(node, inline.Text):
        lexer.say(start + 1, end, node.text, start)
        lexer.last = start + 1
        return
    lexer.end_text(start, start + 1)
    lexer.run.append(node)
    lexer.position = lexer.scan = end
    lexer.open_paragraph(place)


def _begins_own(lexer: Lexer, at: int) -> bool:
    """Return whether DokuWiki's own table begins before a line end: it includes blanks there."""
    return lexer.read[at + 1] in "|^" and lexer.before_blanks(at) < at


def _read(lexer: Lexer, start: int) -> None:
    """Write the tokens of a table. All its instructions are at its start."""
    collector = begin(lexer, MARKDOWN_TABLES, start + 1)
    scope = in_lines(lexer)
    lexer.in_pieces = True
    lexer.bracket(Token("MARKDOWN_TABLE_OPEN", start + 1))
    _open_row(lexer, start)
    end_mode(lexer, collector, lexer.until_closed("MARKDOWN_TABLE"))
    scope.leave(lexer)


def _open_row(lexer: Lexer, at: int) -> None:
    lexer.bracket(Token("MARKDOWN_ROW", at + 1))
    lexer.bracket(Token("MARKDOWN_CELL", at + 1))
    lexer.position = lexer.scan = at + 1


def next_row(lexer: Lexer, match: Match, name: str) -> None:
    """Read a line end that another row follows."""
    at = match.start()
    lexer.end_text(at, lexer.collectors[-1].last)
    _open_row(lexer, at)


def next_cell(lexer: Lexer, match: Match, name: str) -> None:
    """Read a bar between two cells, or beside the first or the last."""
    at = match.start()
    lexer.end_text(at, lexer.collectors[-1].last)
    lexer.bracket(Token("MARKDOWN_CELL", at))
    lexer.position = lexer.scan = at + 1


def _close(lexer: Lexer, stop: int, end: int, place: int | None) -> None:
    lexer.end_text(stop, lexer.collectors[-1].last)
    lexer.bracket(Closing("MARKDOWN_TABLE_CLOSE", stop, place))


MARKDOWN_TABLES = Kind("the table", "gfm_table_end", _close)

ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    "MARKDOWN_TABLE": markdown_table,
    "MARKDOWN_BAR": next_cell,
    "MARKDOWN_NEXT_ROW": next_row,
}
