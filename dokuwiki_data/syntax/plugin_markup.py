"""Markup that plugins declare: its terminals, and what the lexer does with it."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.nodes.base import placed
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.plugins.declaration import Container, Leaf
from dokuwiki_data.syntax.lexer import Lexer, Match
from dokuwiki_data.syntax.paragraphs import Closing, Token


def leaf(lexer: Lexer, match: Match, name: str) -> None:
    """Markup that is one piece."""
    place = lexer.whole(match, name)
    if place is None:
        return None
    start, end = place
    markup = lexer.patterns.plugins[name]
    assert isinstance(markup, Leaf)
    at = match.start() + (lexer.read[match.start()] == "\n")
    node = markup.node(lexer.read[at:end])
    if node is None:
        return lexer.silent(start, end)
    for child in node.children:
        for inner in child.walk():
            placed(inner, lexer.source, at + inner._start, at + inner._end)
    placed(node, lexer.source, at, end)
    if start < at:
        placed(node, lexer.source, at, end, _matched=start)
    if isinstance(node, PluginMarkup):
        lexer.note((found.kind, found.message, found.span) for found in node.problems)
    if node.is_block:
        return lexer.block(node, start, end, start)
    return lexer.leaf(node, start, end)


def container(lexer: Lexer, match: Match, name: str) -> None:
    """Markup with other markup in it."""
    markup = lexer.patterns.plugins[name]
    assert isinstance(markup, Container)
    start, inside = match.start(), lexer.opening_end(match, name)
    if inside < 0:
        return lexer.instead(match, name)
    if lexer.room <= 0:
        lexer.too_deep(start, inside)
        lexer.scan = start + 1
        return None
    if markup.paragraphs == "normal":
        return _in_line(lexer, name, markup, start, inside)
    return _on_lines(lexer, name, markup, start, inside)


def _in_line(lexer: Lexer, name: str, markup: Container, start: int, inside: int) -> None:
    """What stands in a line of text, as formatting does."""
    if start > lexer.position or lexer.held:
        lexer.text(start)
    lexer.bracket(Token("PLUGIN_OPEN", start, (markup.node, inside)))
    lexer.position = lexer.scan = inside
    around = lexer.lines_flow, lexer.in_cell
    lexer.lines_flow = lexer.in_cell = False
    lexer.in_formatting += 1
    close = lexer.until_closed(name)
    stop, end = close.span() if close else (len(lexer.read), len(lexer.read))
    if stop > lexer.position or lexer.held:
        lexer.text(stop)
    lexer.bracket(Closing("PLUGIN_CLOSE", end, (stop, close is not None)))
    lexer.position = lexer.scan = end
    lexer.in_formatting -= 1
    lexer.lines_flow, lexer.in_cell = around


def _on_lines(lexer: Lexer, name: str, markup: Container, start: int, inside: int) -> None:
    """What ends a paragraph, and may have paragraphs of its own."""
    lexer.end_text(start, start)
    lexer.bracket(Token("PLUGIN_OPEN", start, (markup.node, inside)))
    lexer.position = lexer.scan = inside
    around = lexer.lines_flow, lexer.in_cell
    lexer.lines_flow, lexer.in_cell = "paragraphs" in markup.contains, False
    if markup.paragraphs == "stack":
        lexer.open_paragraph(start)
    close = lexer.until_closed(name)
    stop, end = close.span() if close else (len(lexer.read), len(lexer.read))
    lexer.end_text(stop, stop)
    lexer.bracket(Closing("PLUGIN_CLOSE", end, (stop, close is not None)))
    lexer.position = lexer.scan = end
    lexer.lines_flow, lexer.in_cell = around
    lexer.open_paragraph(stop)


#: By the name of the class that declares it.
ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {Leaf.__name__: leaf, Container.__name__: container}
