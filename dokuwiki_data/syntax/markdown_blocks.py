"""The lexer's actions for Markdown's blocks: one for each terminal."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.syntax.lexer import DEEPEST, Lexer
from dokuwiki_data.syntax.markdown_leaves import fenced_code
from dokuwiki_data.syntax.measuring import Match
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS, Closing, Token
from dokuwiki_data.text import ItemText

_FENCED: dict[str, type[blocks.Code]] = {"FENCED_CODE": blocks.Code, "FENCED_FILE": blocks.File}


def heading(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``# a title``, which marks behind it may end."""
    start, end = match.span()
    lexer.end_text(start, start)
    level, title = title_of(match[0])
    lexer.bracket(Token("HEADING", start, blocks.Heading.at(lexer.source, start, end, title, level)))
    lexer.in_section = True
    lexer.position = lexer.scan = end
    lexer.open_paragraph(start)


def title_of(heading: str) -> tuple[int, str]:
    """Return the level of a heading from 1 to 6, and its title."""
    title = heading.lstrip("#")
    level = len(heading) - len(title)
    title = title.strip(PHP_BLANKS)
    before = title.rstrip("#")
    if len(before) < len(title) and (not before or before[-1] in " \t"):
        title = before.rstrip(PHP_BLANKS)
    return level, title


def fenced(lexer: Lexer, match: Match, name: str) -> None:
    """Read lines between two fences."""
    start = match.start()
    if lexer.ends_empty_line(start):
        lexer.scan = start + 1
    elif place := lexer.whole(match, name):
        lexer.block(fenced_code(lexer.source, *place, _FENCED[name], lexer.release), *place, start)


class ListedItem(NamedTuple):
    """An item of a list as it stands in the text.

    Attributes:
        at: The start of its line.
        end: The end of its last line that is not empty.
        depth: The depth of its marker, from 1: two blanks or a tab are a level.
        number: The number of its marker, or None.
        text: Its lines.
    """

    at: int
    end: int
    depth: int
    number: int | None
    text: ItemText


def markdown_list(lexer: Lexer, match: Match, name: str) -> None:
    """Read a list. Each item is a text of its own; deeper markers open lists below the item before."""
    start, end = match.span()
    if lexer.ends_empty_line(start):
        lexer.scan = start + 1
        return
    if lexer.room <= 0:
        lexer.too_deep(start + 1, end)
        lexer.scan = start + 1
        return
    lexer.end_text(start, start)
    lists, outermost = lexer.lists, lexer.outermost
    lexer.lists, lexer.outermost = [], 0
    place = start  # that of the instructions for the first item is the line end before it
    for item in _items(lexer, start + 1, end):
        _open_item(lexer, item, place)
        content = _plain_content(lexer, item.text)
        if content is None:
            content = _without_paragraph(lexer.parse_lines(item.text, DEEPEST - lexer.room, "ITEM"))
        lexer.bracket(Token("MARKDOWN_ITEM", item.at, (_level(lexer), item.end, content)))
        place = -1
    for _ in lexer.lists:
        lexer.bracket(Closing("LIST_CLOSE", end, end))
    lexer.lists, lexer.outermost = lists, outermost
    lexer.position = lexer.scan = end
    lexer.last = end
    lexer.open_paragraph(end)


def _plain_content(lexer: Lexer, text: ItemText) -> tuple[Node, ...] | None:
    """Return the content of an item of one line without markup, in a quarter of the time; None for any other item."""
    read = text.normalized
    line = read[1:-1]
    if not line.isprintable() or lexer.waiting or lexer.reads_on("ITEM") or lexer.patterns.mode("ITEM").search(read):
        return None
    shown = line.strip(" ")
    return (inline.Text.at(text, 1, 1 + len(line.rstrip(" ")), shown),) if shown else ()


def _level(lexer: Lexer) -> int:
    return max(1, lexer.lists[-1][1] - lexer.outermost + 1)


def _open_item(lexer: Lexer, item: ListedItem, place: int) -> None:
    """Write the brackets of lists before an item."""
    lists, at = lexer.lists, item.at
    ordered = item.number is not None
    if not lists:
        lexer.outermost = item.depth
        _open_list(lexer, item, item.depth, place)
        return
    depth = max(item.depth, lexer.outermost)
    if depth > lists[-1][1]:
        if lexer.room > 0:
            _open_list(lexer, item, depth, at)
            return
        lexer.too_deep(at, item.end)
        depth = lists[-1][1]
    while depth < lists[-1][1] and len(lists) > 1:
        lists.pop()
        lexer.bracket(Closing("LIST_CLOSE", at, at))
    if lists[-1][0] != ordered:
        _, depth = lists.pop()
        lexer.bracket(Closing("LIST_CLOSE", at, at))
        _open_list(lexer, item, depth, at)


def _open_list(lexer: Lexer, item: ListedItem, depth: int, at: int) -> None:
    ordered = item.number is not None
    start = 1 if item.number is None else item.number
    lexer.bracket(Token("LIST_OPEN", at, (ordered, bool(lexer.lists), lexer.outermost, start)))
    lexer.lists.append((ordered, depth))


def _items(lexer: Lexer, at: int, end: int) -> Iterator[ListedItem]:
    """Yield the items between two places, of which the first is the start of a line with a marker."""
    read, match_marker = lexer.read, lexer.patterns.single("MARKDOWN_ITEM_LINE").match
    marker = match_marker(read, at)
    while marker:
        line, line_end = at, marker.end()
        indent = marker[1].replace("\t", "  ")
        columns = len(indent) + len(marker[2]) + 1
        places = array("q", marker.span(3) if marker[3] is not None else (line_end, line_end))
        filled, last, tabs = 2, line_end, {}
        number = int(marker[2][:-1]) if marker[2][-1] in ".)" else None
        marker = None
        while line_end < end:
            at = line_end + 1
            if marker := match_marker(read, at):
                break
            line_end = read.index("\n", at)
            written = read[at:line_end]
            if not written.strip(PHP_BLANKS):
                places.extend((at, at))
                continue
            content = at
            if "\t" in written:
                expanded = written.replace("\t", "  ")
                tabs[len(places) // 2] = min(columns, len(expanded) - len(expanded.lstrip(" ")))
            else:
                content += min(columns, len(written) - len(written.lstrip(" ")))
            places.extend((content, line_end))
            filled, last = len(places), line_end
        text = ItemText(lexer.source, places[:filled], line, tabs)
        yield ListedItem(line, last, len(indent) // 2 + 1, number, text)


def _without_paragraph(content: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return the content of an item; a single paragraph is left out if no block in it divides it."""
    if len(content) == 1 and isinstance(content[0], blocks.Paragraph):
        inside = content[0].content
        if not any(map(_contains_block, inside)):
            return inside
    return content


def _contains_block(node: Node) -> bool:
    """Return whether there is a block in formatting, which divides the paragraph for DokuWiki."""
    if isinstance(node, inline.Formatting):
        # Formatting that is a leaf has not made its content, and need not for this.
        return inline.has_content(node) and any(map(_contains_block, node.content))
    return node.is_block or (bool(node.children) and any(map(_contains_block, node.children)))


ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    "MARKDOWN_HEADING": heading,
    "MARKDOWN_LIST": markdown_list,
    "FENCED_CODE": fenced,
    "FENCED_FILE": fenced,
}
