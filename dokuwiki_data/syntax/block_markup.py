"""The lexer's actions for blocks: one for each terminal."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.syntax.collectors import Kind, begin, collects, end_mode, goes_on, last_written, loose
from dokuwiki_data.syntax.lexer import DEEPEST, Lexer
from dokuwiki_data.syntax.measuring import Match, Place
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS, Closing, Token
from dokuwiki_data.syntax.scopes import TextScope
from dokuwiki_data.text import QuotedText


def heading(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``== a title ==``. Six marks are level 1, two are level 5; the opening marks decide."""
    place = match.span() if name == "HEADING" else lexer.whole(match, name)
    if place is None:
        return
    start, end = place
    title, level = title_of(lexer.read[start:end])
    lexer.end_text(start, start)
    lexer.bracket(Token("HEADING", start, blocks.Heading.at(lexer.source, start, end, title, level)))
    lexer.in_section = True
    lexer.position = lexer.scan = end
    lexer.open_paragraph(start)


def title_of(heading: str) -> tuple[str, int]:
    """Return the title of a heading and its level from 1 to 5."""
    written = heading.strip(PHP_BLANKS)
    inner = written.lstrip("=")
    return inner.rstrip("=").strip(PHP_BLANKS), max(7 - (len(written) - len(inner)), 1)


def horizontal_rule(lexer: Lexer, match: Match, name: str) -> None:
    """Read a line of dashes."""
    start, end = match.span()
    if lexer.ends_empty_line(start):
        lexer.scan = start + 1
    else:
        lexer.block(blocks.HorizontalRule.at(lexer.source, start + 1, end), start, end, start)


def preformatted(lexer: Lexer, match: Match, name: str) -> None:
    """Read indented lines; blank lines, and a single 0, count as an empty line."""
    start = match.start()
    if lexer.ends_empty_line(start):
        if other := lexer.patterns.single("PARAGRAPH_BREAK").match(lexer.read, start):
            paragraph_break(lexer, other, name)
        else:
            lexer.scan = start + 1
        return
    end = lexer.preformatted_end(start)
    lines = lexer.read[start + 1 : end].removesuffix("\n")
    indent = lexer.patterns.flavour.indent
    text = "\n".join([line[1:] if line[:1] == "\t" else line[indent:] for line in lines.split("\n")])
    lexer.last = start
    if text.strip(PHP_BLANKS) not in ("", "0"):
        node = blocks.Preformatted.at(lexer.source, start + 1, start + 1 + len(lines), lexer.release.preformatted(text))
        lexer.block(node, start, end, start)
    else:
        empty_line(lexer, start, end)


def paragraph_break(lexer: Lexer, match: Match, name: str) -> None:
    """Read an empty line."""
    start, end = match.span()
    has_blocks_behind = lexer.patterns.flavour.begin_behind_empty_lines
    if has_blocks_behind and end == start + 2 and lexer.begins_block_behind_empty_line(start + 1):
        lexer.scan = start + 1
        return
    lexer.last = start + 1
    empty_line(lexer, start, end)


def without_trace(lexer: Lexer, start: int, end: int) -> None:
    """Skip empty markup, which DokuWiki drops; a line with nothing else is an empty line."""
    continues = start == lexer.position and bool(lexer.held)
    # The end of the text before it, and before empty markup that it directly follows.
    before = lexer.held[-1][1] if continues else start
    begins_line = lexer.read[before - 1] == "\n" and (continues or start > lexer.position)
    is_first = lexer.fresh and not lexer.held and lexer.are_line_ends(lexer.position, start)
    if begins_line and not is_first and lexer.is_line_end(end):
        if continues:
            lexer.position, _ = lexer.held.pop()
        empty_line(lexer, before - 1, end)
    else:
        lexer.silent(start, end)


def empty_line(lexer: Lexer, start: int, end: int) -> None:
    """End the paragraph."""
    if lexer.in_cell and lexer.cell:
        lexer.cell.line(start, end)
    if lexer.in_footnote:
        return lexer.write_up_to(start, end) if lexer.in_cell else lexer.silent(start, end)
    if lexer.lines_flow and start > lexer.position and lexer.read[start - 1] == "\n":
        # The paragraph ends at the first of two line ends, even if a block ended with the second.
        start = lexer.line_end_before(start)
    elif lexer.release.cuts and lexer.ends_empty_line(start):
        start = lexer.before_blanks(start)
    if start > lexer.position or lexer.held:
        lexer.text(start, closing=True)
    lexer.position = lexer.scan = end
    if not lexer.fresh and (lexer.run or not lexer.begins_block):
        if lexer.in_formatting and lexer.in_paragraph:
            lexer.leaf(inline.LooseMarkup.at(lexer.source, start, end, "eol", start, ""), start, end)
        lexer.close_paragraph(start)
        lexer.open_paragraph(start)
    return None


def list_start(lexer: Lexer, match: Match, name: str) -> None:
    """Read the first item of a list. Its depth includes the blanks before its line."""
    start = lexer.before_blanks(match.start())
    lexer.end_text(start, start)
    scope = TextScope(lexer)
    lexer.lines_flow = False
    marker = lexer.read[start : match.end()]
    collector = begin(lexer, LISTS)
    lexer.lists, lexer.outermost = [], depth_of_marker(marker)
    _open_list(lexer, marker[-1] == "-", lexer.outermost, start, match, 1)
    finished = end_mode(lexer, collector, lexer.until_closed("LIST"))
    scope.leave(lexer)
    if finished:
        lexer.open_paragraph(lexer.last)


def list_item(lexer: Lexer, match: Match, name: str) -> None:
    """Read another item: a deeper one opens a list, a shallower one closes deeper lists."""
    at = match.start()
    if "FOOTNOTE" in lexer.modes and not goes_on(lexer, LISTS, at):
        return loose(lexer, "list_item", at, match.end())
    marker, lists = match[0], lexer.lists
    lexer.end_text(at, at)
    ordered = marker[-1] == "-"
    level = lexer.release.item_level
    depth = max(depth_of_marker(marker), lexer.outermost)
    current = lists[-1][1]
    if depth > current:
        if lexer.room > 0:
            return _open_list(lexer, ordered, depth, at, match, level(depth, lexer.outermost))
        lexer.too_deep(at, match.end())
    while depth < current and len(lists) > 1:
        lists.pop()
        lexer.bracket(Closing("LIST_CLOSE", at, at))
        current = lists[-1][1]
    if lists[-1][0] == ordered:
        lexer.bracket(Token("LIST_ITEM", at, level(current, lexer.outermost)))
        lexer.position = lexer.scan = match.end()
        return None
    lists.pop()
    lexer.bracket(Closing("LIST_CLOSE", at, at))
    return _open_list(lexer, ordered, current, at, match, level(current, lexer.outermost))


def _open_list(lexer: Lexer, ordered: bool, depth: int, at: int, match: Match, level: int) -> None:
    lexer.bracket(Token("LIST_OPEN", at, (ordered, bool(lexer.lists), lexer.outermost, 1)))
    lexer.bracket(Token("LIST_ITEM", match.start(), level))
    lexer.lists.append((ordered, depth))
    lexer.position = lexer.scan = match.end()


def depth_of_marker(marker: str) -> int:
    """Return the depth of an item, in pairs of blanks; a tab is a pair."""
    return (marker.replace("\t", "  ") if "\t" in marker else marker).count("  ") + 1


def _close_lists(lexer: Lexer, stop: int, end: int, place: int | None) -> None:
    lexer.end_text(stop, stop if place is None else place)
    for _ in lexer.lists:
        lexer.bracket(Closing("LIST_CLOSE", stop, place))


LISTS = Kind("the list", "list_close", _close_lists)


def quote(lexer: Lexer, match: Match, name: str) -> None:
    """Read lines that begin with ``>``; successive lines of one depth are parsed as a text of their own."""
    start, end = match.span()
    inside = lexer.read.index(">", start)
    if lexer.ends_empty_line(start):
        start = inside
    lexer.end_text(start, start)
    depth = 0
    for deeper, at, places in _quoted(lexer, inside, end):
        for _ in range(deeper, depth):
            lexer.bracket(Closing("QUOTE_CLOSE", at - 1, (start, ())))
        for _ in range(depth, deeper):
            lexer.bracket(Token("QUOTE_OPEN", at, start))
        depth = deeper
        content = lexer.parse_lines(QuotedText(lexer.source, places), DEEPEST - lexer.room + 2 * depth, "QUOTED")
        if lexer.patterns.flavour.prefers_markdown:
            lexer.run += content
            continue
        first, last = places[0], places[-1]
        is_plain = len(places) == 2 and _is_text(content, lexer.read[first:last])
        lexer.run.append(blocks.QuotedLines.at(lexer.source, first, last, None if is_plain else content))
    for _ in range(depth):
        lexer.bracket(Closing("QUOTE_CLOSE", end, (end, ())))
    lexer.position = lexer.scan = lexer.last = end
    lexer.open_paragraph(end)


def _is_text(content: tuple[Node, ...], line: str) -> bool:
    """Return whether a line was read as a paragraph that contains only its text."""
    if len(content) != 1 or not isinstance(paragraph := content[0], blocks.Paragraph) or len(paragraph.content) != 1:
        return False
    text = paragraph.content[0]
    return isinstance(text, inline.Text) and text.text == line


def _quoted(lexer: Lexer, at: int, end: int) -> Iterator[tuple[int, int, array[int]]]:
    """Yield successive lines of one depth: the depth, the start, and the places of each line without its marker."""
    deepest = max(1, lexer.room // 2)
    before, start, places = 0, at, array("q")
    while at < end:
        line_end = lexer.read.find("\n", at, end)
        line_end = end if line_end < 0 else line_end
        depth, marker = _quote_marker(lexer.read[at:line_end])
        if depth > deepest:
            lexer.too_deep(at, at + marker)
            depth = deepest
        if before not in (0, depth):
            yield before, start, places
            start, places = at, array("q")
        before = depth
        places.extend((at + marker, line_end))
        at = line_end + 1
    yield before, start, places


def _quote_marker(line: str) -> Place:
    """Return the depth of a quoted line and the length of its marker, in which a blank may follow each ``>``."""
    depth = at = 0
    while line.startswith(">", at):
        depth += 1
        at += 2 if line.startswith(" ", at + 1) else 1
    return depth, at


def quotation(lexer: Lexer, match: Match, name: str) -> None:
    """Read lines that begin with ``>`` in a release whose quotations contain lines, as lists do."""
    start, inside = match.span()
    if lexer.ends_empty_line(start):
        lexer.scan = start + 1
        return
    last = last_written(lexer, start) if lexer.in_note else start
    lexer.end_text(start, start)
    scope = TextScope(lexer)
    lexer.lines_flow = False
    collector = begin(lexer, QUOTATIONS, last)
    lexer.quoted = 0
    lexer.quoted_lines = [(start, inside - start - 1)]
    _quote_to(lexer, inside - start - 1, start)
    lexer.position = lexer.scan = inside
    finished = end_mode(lexer, collector, lexer.until_closed("QUOTATION"))
    scope.leave(lexer)
    if finished:
        lexer.open_paragraph(lexer.last)


def _close_quotation(lexer: Lexer, stop: int, end: int, place: int | None) -> None:
    lexer.end_text(stop, stop if place is None else place)
    for number in range(lexer.quoted, 0, -1):
        lexer.bracket(Closing("QUOTE_CLOSE", stop, (place, tuple(lexer.quoted_lines) if number == 1 else ())))
    if place is None:
        lexer.last = lexer.collectors[-1].last  # an unfinished quotation is dropped


QUOTATIONS = Kind("the quotation", "quote_end", _close_quotation)


def quotation_line(lexer: Lexer, match: Match, name: str) -> None:
    """Read another line of a quotation: deeper, shallower, or a line break."""
    start, end = match.span()
    if not collects(lexer, QUOTATIONS):
        return loose(lexer, "quote_newline", start, end)
    depth = end - start - 1
    lexer.quoted_lines.append((start, depth))
    if depth == lexer.quoted:
        lexer.leaf(inline.LineBreak.at(lexer.source, start, end), start, end)
        return None
    goes_on(lexer, QUOTATIONS, start)
    lexer.end_text(start, start)
    _quote_to(lexer, depth, start)
    lexer.position = lexer.scan = end
    return None


def _quote_to(lexer: Lexer, depth: int, at: int) -> None:
    for _ in range(lexer.quoted, depth):
        if lexer.room <= 0:
            return lexer.too_deep(at, at + 1 + depth)
        lexer.bracket(Token("QUOTE_OPEN", at + 1, at))
        lexer.quoted += 1
    while lexer.quoted > depth:
        lexer.end_text(at, at)  # the paragraph that began after a deeper quotation
        lexer.bracket(Closing("QUOTE_CLOSE", at, (at, ())))
        lexer.quoted -= 1
        lexer.open_paragraph(at)
    return None


ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    "HEADING": heading,
    "INDENTED_HEADING": heading,
    "HEADING_IN_LINE": heading,
    "HORIZONTAL_RULE": horizontal_rule,
    "PREFORMATTED": preformatted,
    "PARAGRAPH_BREAK": paragraph_break,
    "LIST_START": list_start,
    "LIST_ITEM": list_item,
    "QUOTE": quote,
    "QUOTE_AT_LINE_START": quote,
    "QUOTATION_START": quotation,
    "QUOTATION_LINE": quotation_line,
}
