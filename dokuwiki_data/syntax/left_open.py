"""Modes that a quotation leaves open, in which DokuWiki reads the next quotation, and likewise items of Markdown lists.

DokuWiki reads the lines of all quotations of a page with one parser, which drops its instructions but keeps its modes.
So the lines that follow ``> ((`` and a table, in which ``))`` is text, begin in the mode of a footnote: line ends are
text there, and ``))`` ends the mode without showing anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from dokuwiki_data.plugins.declaration import Container
from dokuwiki_data.syntax.collectors import loose
from dokuwiki_data.syntax.formatting import kinds_of, write_lone_closers
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match


def resume(lexer: Lexer, mode: str, left_open: Sequence[str]) -> None:
    """Read a text in the modes that were left open, the innermost first, until each of them ends."""
    for number in range(len(left_open) - 1, -1, -1):
        inner = left_open[number]
        markup = lexer.patterns.plugins.get(inner)
        lexer.modes = [mode, *left_open[:number]]
        lexer.lines_flow = isinstance(markup, Container) and "paragraphs" in markup.contains
        closer = lexer.until_closed(inner)
        if closer is None:  # at the end of the text
            break
        _end(lexer, inner, closer)
        lexer.lines_flow = True
    lexer.modes = []


def _end(lexer: Lexer, mode: str, closer: Match) -> None:
    """Write the closer of a mode that was opened in another text."""
    start, end = closer.span()
    markup = lexer.patterns.plugins.get(mode)
    if mode == "FOOTNOTE":
        lexer.write_up_to(end, end)
    elif isinstance(markup, Container):
        node = markup.node("", ())
        if node.is_block:
            lexer.end_text(start, start)
        loose(lexer, "plugin", start, end, component=getattr(node, "component", ""))
        if node.is_block:
            lexer.open_paragraph(start)
    else:
        write_lone_closers(lexer, kinds_of(mode), start, end)
