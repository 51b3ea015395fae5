"""The lexer's actions for the markup that plugins declare."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from dokuwiki_data.nodes.base import placed
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.plugins.declaration import Container, InnerHeading, Leaf
from dokuwiki_data.syntax.block_markup import title_of, without_trace
from dokuwiki_data.syntax.collectors import loose
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match, Place
from dokuwiki_data.syntax.paragraphs import Closing, Token
from dokuwiki_data.syntax.scopes import BlockScope, TextScope


def leaf(lexer: Lexer, match: Match, name: str) -> None:
    """Read markup without content."""
    place = lexer.whole(match, name)
    if place is None:
        return None
    start, end = place
    markup = lexer.patterns.plugins[name]
    assert isinstance(markup, Leaf)
    at = match.start() + (lexer.read[match.start()] == "\n")
    node = markup.node(lexer.source, at, end) if markup.takes_place else markup.node(lexer.read[at:end])
    if node is None:
        return without_trace(lexer, start, end)
    placed(node, lexer.source, at, end, **({"_matched": start} if start < at else {}))
    if isinstance(node, (PluginMarkup, DataEntry, DataQuery)):
        lexer.diagnostics.extend(node.problems)
    if node.is_block:
        return lexer.block(node, start, end, start)
    return lexer.leaf(node, start, end)


def inner_heading(lexer: Lexer, match: Match, name: str) -> None:
    """Read a heading in a container, which begins no section."""
    if place := lexer.whole(match, name):
        markup = lexer.patterns.plugins[name]
        assert isinstance(markup, InnerHeading)
        node = markup.node(*title_of(lexer.read[slice(*place)]))
        lexer.block(placed(node, lexer.source, *place), *place, place[0])


def container(lexer: Lexer, match: Match, name: str) -> None:
    """Read markup with other markup in it."""
    markup = lexer.patterns.plugins[name]
    assert isinstance(markup, Container)
    start, inside = match.start(), lexer.opening_end(match, name)
    if inside < 0:
        return lexer.instead(match, name)
    if lexer.room <= 0:
        lexer.too_deep(start, inside)
        lexer.scan = start + 1
        return None
    in_line = markup.paragraphs == "normal"
    ends_paragraph = lexer.in_paragraph
    if not in_line:
        lexer.end_text(start, start)
    elif start > lexer.position or lexer.held:
        lexer.text(start)
    skips_lines = ends_paragraph or lexer.fresh or lexer.begins_block
    lines_flow = "paragraphs" in markup.contains
    hidden = {"_inside": inside, "_takes_text": markup.takes_text, "_lines_flow": lines_flow}
    opening = Token("PLUGIN_OPEN", start, (markup.node, hidden))
    lexer.bracket(opening)
    lexer.position = lexer.scan = inside
    in_note, text, structure = lexer.in_note, TextScope(lexer), BlockScope(lexer)
    if in_note:  # only there can another footnote end it
        lexer.brackets.append((opening, inside, partial(structure.leave, lexer)))
    _enter(lexer, in_line, lines_flow, markup.takes_text)
    if markup.paragraphs == "stack":
        lexer.open_paragraph(start)
    elif markup.paragraphs == "block":
        lexer.fresh = lines_flow and skips_lines
    close = lexer.until_closed(name)
    if in_note:
        if not lexer.brackets or lexer.brackets[-1][0] is not opening:
            return _behind_footnote(lexer, close, text, markup, lexer.read[start:inside])
        lexer.brackets.pop()
    stop, end = _end(lexer, close, (start, inside), in_line)
    lexer.bracket(Closing("PLUGIN_CLOSE", end, (stop, stop < end)))
    lexer.position = lexer.scan = end
    text.leave(lexer)
    structure.leave(lexer)
    if not in_line:
        lexer.open_paragraph(stop)
    return None


def _behind_footnote(lexer: Lexer, close: Match | None, text: TextScope, markup: Container, tag: str) -> None:
    """End a container that continued after the end of the footnote, list, table or quotation in which it began."""
    if close is None:
        lexer.write_up_to(len(lexer.read), len(lexer.read))
    else:
        component: str = getattr(markup.node(tag, ()), "component", "")
        if markup.paragraphs != "normal":
            lexer.end_text(close.start(), close.start())
        loose(lexer, "plugin", *close.span(), component=component)
    text.leave(lexer)
    if close and markup.paragraphs != "normal":
        lexer.open_paragraph(close.start())


def _enter(lexer: Lexer, in_line: bool, lines_flow: bool, takes_text: bool) -> None:
    """Set the state inside of a container: within a line as in formatting, otherwise with paragraphs of its own."""
    lexer.lines_flow, lexer.in_cell, lexer.kept, lexer.drops_lines = lines_flow, False, takes_text, lexer.in_footnote
    # Lists inside are independent of those around, but count as nested in them.
    lexer.depth, lexer.lists, lexer.quoted = lexer.depth + 2 * len(lexer.lists) + lexer.quoted, [], 0
    if in_line:
        lexer.in_formatting += 1
    else:
        lexer.in_formatting, lexer.opening = 0, None


#: Modes whose blocks DokuWiki ends at the end of the text.
_ENDED = frozenset({"LIST", "TABLE", "QUOTATION"})


def _end(lexer: Lexer, close: Match | None, opening: Place, in_line: bool) -> Place:
    """Write the text up to the closing tag or the end of the text, and return the start and end of that."""
    stop, end = close.span() if close else (len(lexer.read), len(lexer.read))
    place = stop
    if close is None:
        lexer.odd("left-open", "never closed: it goes on to the end of the text", *opening)
        if stop > lexer.position or lexer.held:
            lexer.last = lexer.line_end_before(stop) if lexer.lines_flow else lexer.position
        place = lexer.last if lexer.in_section or not _ENDED.isdisjoint(lexer.modes) else -1
    if not in_line:
        lexer.end_text(stop, place)
    elif stop > lexer.position or lexer.held:
        lexer.text(stop, closing=close is None)
    return stop, end


#: The actions by the name of the class that declares the markup.
ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    Leaf.__name__: leaf,
    InnerHeading.__name__: inner_heading,
    Container.__name__: container,
}
