"""Markup that plugins declare: its terminals, and what the lexer does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dokuwiki_data.nodes.base import placed
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.plugins.declaration import Container, InnerHeading, Leaf
from dokuwiki_data.syntax.block_markup import title_of, without_trace
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match, Place
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
        return without_trace(lexer, start, end)
    placed(node, lexer.source, at, end, **({"_matched": start} if start < at else {}))
    if isinstance(node, PluginMarkup):
        lexer.note((found.kind, found.message, found.span) for found in node.problems)
    if node.is_block:
        return lexer.block(node, start, end, start)
    return lexer.leaf(node, start, end)


def inner_heading(lexer: Lexer, match: Match, name: str) -> None:
    """A heading in a container, which begins no section."""
    if place := lexer.whole(match, name):
        markup = lexer.patterns.plugins[name]
        assert isinstance(markup, InnerHeading)
        node = markup.node(*title_of(lexer.read[slice(*place)]))
        lexer.block(placed(node, lexer.source, *place), *place, place[0])


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
    in_line = markup.paragraphs == "normal"
    ends_paragraph = lexer.in_paragraph
    if not in_line:
        lexer.end_text(start, start)
    elif start > lexer.position or lexer.held:
        lexer.text(start)
    skips_lines = ends_paragraph or lexer.fresh or _nothing_written(lexer)
    lines_flow = "paragraphs" in markup.contains
    hidden = {"_inside": inside, "_takes_text": markup.takes_text, "_lines_flow": lines_flow}
    lexer.bracket(Token("PLUGIN_OPEN", start, (markup.node, hidden)))
    lexer.position = lexer.scan = inside
    around = _Around.of(lexer)
    _enter(lexer, in_line, lines_flow, markup.takes_text)
    if markup.paragraphs == "stack":
        lexer.open_paragraph(start)
    elif markup.paragraphs == "block":
        lexer.fresh = lines_flow and skips_lines
    stop, end = _end(lexer, lexer.until_closed(name), (start, inside), in_line)
    lexer.bracket(Closing("PLUGIN_CLOSE", end, (stop, stop < end)))
    lexer.position = lexer.scan = end
    around.restore(lexer)
    if not in_line:
        lexer.open_paragraph(stop)
    return None


def _enter(lexer: Lexer, in_line: bool, lines_flow: bool, takes_text: bool) -> None:
    """Have count what counts inside: a container in a line is as formatting, one on lines has paragraphs of its own."""
    lexer.lines_flow, lexer.in_cell, lexer.kept, lexer.drops_lines = lines_flow, False, takes_text, lexer.in_footnote
    # Lists inside are not those around, but as deep.
    lexer.depth, lexer.lists, lexer.quoted = lexer.depth + 2 * len(lexer.lists) + lexer.quoted, [], 0
    if in_line:
        lexer.in_formatting += 1
    else:
        lexer.in_formatting, lexer.opening = 0, None


def _nothing_written(lexer: Lexer) -> bool:
    """Whether an item or a cell has just begun, so that DokuWiki still skips line ends."""
    last = lexer.tokens[-1] if lexer.tokens and not lexer.run else None
    return isinstance(last, Token) and last.type in _BEGIN_BLOCKS


_BEGIN_BLOCKS = frozenset({"LIST_ITEM", "TABLE_CELL", "TABLE_HEADER"})

#: Modes whose blocks DokuWiki ends at the end of the text.
_ENDED = frozenset({"LIST", "TABLE", "QUOTATION"})


def _end(lexer: Lexer, close: Match | None, opening: Place, in_line: bool) -> Place:
    """Write the text up to the closing tag, or to the end of the text; where that begins and ends."""
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


class _Around(NamedTuple):
    """What counts around a container, and again behind it."""

    lines_flow: bool
    in_cell: bool
    kept: bool
    drops_lines: bool
    in_formatting: int
    opening: Token | None
    opened: int
    depth: int
    lists: list[tuple[bool, int]]
    quoted: int

    @classmethod
    def of(cls, lexer: Lexer) -> _Around:
        """What counts now."""
        return cls(*(getattr(lexer, name) for name in cls._fields))

    def restore(self, lexer: Lexer) -> None:
        """Have it count again."""
        for name, value in zip(self._fields, self, strict=True):
            setattr(lexer, name, value)


#: By the name of the class that declares it.
ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    Leaf.__name__: leaf,
    InnerHeading.__name__: inner_heading,
    Container.__name__: container,
}
