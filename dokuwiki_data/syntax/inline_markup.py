"""The lexer's actions for markup within a line: one for each terminal."""

from __future__ import annotations

from collections.abc import Callable
from sys import intern

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.syntax import leaves
from dokuwiki_data.syntax.block_markup import without_trace
from dokuwiki_data.syntax.collectors import Kind, begin, end, end_mode
from dokuwiki_data.syntax.formatting import closer_in_line, kinds_of, may_open, write_lone_closers
from dokuwiki_data.syntax.lexer import Lexer
from dokuwiki_data.syntax.measuring import Match
from dokuwiki_data.syntax.paragraphs import Closing, Token
from dokuwiki_data.syntax.scopes import in_lines

FORMATTING: dict[str, type[inline.Formatting]] = {
    kind.name: kind
    for kind in (
        inline.Strong, inline.Emphasis, inline.Underline, inline.Monospace,
        inline.Subscript, inline.Superscript, inline.Deleted,
    )
}  # fmt: skip
_OPENINGS = {name: f"{name.upper()}_OPEN" for name in FORMATTING}
_CLOSINGS = {name: f"{name.upper()}_CLOSE" for name in FORMATTING}
WORDS: dict[str, type[inline.Replaced]] = {"SMILEY": inline.Smiley, "ACRONYM": inline.Acronym}
MACROS: dict[str, type[inline.Macro]] = {"NOTOC": inline.NoToc, "NOCACHE": inline.NoCache}
QUOTATION_MARKS = {
    name: name.removesuffix("_FIRST").lower().replace("_", "")
    for name in (
        "DOUBLE_QUOTE_OPENING", "DOUBLE_QUOTE_CLOSING", "SINGLE_QUOTE_OPENING", "SINGLE_QUOTE_CLOSING", "APOSTROPHE",
        "DOUBLE_QUOTE_OPENING_FIRST", "SINGLE_QUOTE_OPENING_FIRST", "SINGLE_QUOTE_CLOSING_FIRST",
    )
} | {"SINGLE_QUOTE_BEHIND_BLANK": "singlequoteclosing"}  # fmt: skip


def formatting(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``**bold**`` and other formatting."""
    mode = name.removesuffix("_OPEN")
    start, inside = match.span()
    if closer := closer_in_line(lexer, mode, inside):
        # Plain formatting, the most common kind, is a leaf.
        stop, end = closer.span()
        content: tuple[Node, ...] | None = None if stop > inside else ()
        kinds = kinds_of(mode)
        if len(kinds) > 1:
            content = (FORMATTING[kinds[1]].at(lexer.source, start + 1, end - 1, content, True),)
        lexer.leaf(FORMATTING[kinds[0]].at(lexer.source, start, end, content, True), start, end)
    elif may_open(lexer, mode, match):
        _bracketed(lexer, mode, start, inside)


def footnote(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``((a note))``."""
    start, inside = match.span()
    if not may_open(lexer, "FOOTNOTE", match):
        return
    if lexer.in_note:
        _note_in_note(lexer, start, inside)
        return
    lexer.in_note = True
    if start > lexer.position or lexer.held:
        lexer.text(start)
    collector = begin(lexer, FOOTNOTES, start)
    lexer.apart.append(False)
    lexer.bracket(Token("FOOTNOTE_OPEN", start))
    lexer.position = lexer.scan = inside
    lexer.in_formatting, lexer.in_paragraph, lexer.in_footnote = 1, False, True
    scope = in_lines(lexer)
    close = lexer.until_closed("FOOTNOTE")
    if close is None:
        _left_open(lexer, start, inside)
        end_mode(lexer, collector, None)
    elif lexer.in_note:
        lexer.in_note = False
        end(lexer, FOOTNOTES, close)
    else:
        lexer.text_at = close.end()
        # Blanks before a line end are kept here; text that continues after the note would lose them.
        waiting = lexer.read[lexer.position : close.end()]
        write = lexer.write_up_to if " \n" in waiting or "\t\n" in waiting else lexer.silent
        write(close.end(), close.end())
    scope.leave(lexer)


def _note_in_note(lexer: Lexer, start: int, inside: int) -> None:
    """Read a footnote in a footnote: its delimiters are text, but DokuWiki enters the mode of a footnote.

    Its closer ends the innermost collector of instructions: the outer footnote, or a list, table or quotation in it.
    """
    other = lexer.lines_flow or lexer.in_cell or lexer.kept
    if other and (start > lexer.position or lexer.held):
        lexer.text(start)
        lexer.position = start
    scope, cell = in_lines(lexer), lexer.cell
    lexer.scan = lexer.text_at = inside
    close = lexer.until_closed("FOOTNOTE")
    if cell:
        cell.keep(start, close.end() if close else len(lexer.read))
    if close and lexer.in_note:
        lexer.in_note = False
        end(lexer, FOOTNOTES, close)
    else:
        stop = lexer.scan = close.end() if close else len(lexer.read)
        lexer.text_at = stop if close else lexer.text_at
        if other and (stop > lexer.position or lexer.held):
            lexer.last = lexer.waits_since(stop)
            lexer.text(stop)
            lexer.position = stop
    scope.leave(lexer)


def _close_footnote(lexer: Lexer, stop: int, end: int, place: int | None) -> None:
    if stop > lexer.position or lexer.held:
        lexer.text(stop)
    lexer.bracket(Closing("FOOTNOTE_CLOSE", end, (stop < end, place, lexer.apart.pop())))
    lexer.last = lexer.collectors[-1].last


FOOTNOTES = Kind("the footnote", "footnote_close", _close_footnote)


def _left_open(lexer: Lexer, start: int, inside: int) -> None:
    message = f"{lexer.read[start:inside]} is never closed: what follows is in it, to the end of the text"
    lexer.odd("left-open", message, start, inside)


def _bracketed(lexer: Lexer, mode: str, start: int, inside: int) -> None:
    """Write the brackets of formatting, and its content."""
    if start > lexer.position or lexer.held:
        lexer.text(start)
    kinds = kinds_of(mode)
    for number, kind in enumerate(kinds):
        opening = Token(_OPENINGS[kind], start + number)
        lexer.bracket(opening)
        lexer.brackets.append((opening, inside, None))
    lexer.position = lexer.scan = inside
    scope = in_lines(lexer)
    lexer.in_formatting += len(kinds)
    close = lexer.until_closed(mode)
    stop, end = close.span() if close else (len(lexer.read), len(lexer.read))
    if close is None:
        _left_open(lexer, start, inside)
        if stop > lexer.position:
            lexer.last = lexer.waits_since(stop)
    if not lexer.brackets or lexer.brackets[-1][0] is not opening:
        _behind_footnote(lexer, kinds, close)
    else:
        if stop > lexer.position or lexer.held:
            lexer.text(stop, closing=close is None)
        for number in range(len(kinds) - 1, -1, -1):
            lexer.brackets.pop()
            lexer.bracket(Closing(_CLOSINGS[kinds[number]], end - number if close else end, close is not None))
        lexer.position = lexer.scan = end
        lexer.in_formatting -= len(kinds)
    scope.leave(lexer)


def _behind_footnote(lexer: Lexer, kinds: tuple[str, ...], close: Match | None) -> None:
    """End a mode that continued after the end of the footnote, list, table or quotation in which it began."""
    if close is None:
        end = len(lexer.read)
        if end > lexer.position or lexer.held:
            lexer.text(end, closing=True)
        lexer.position = lexer.scan = end
    else:
        write_lone_closers(lexer, kinds, *close.span())


def link(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``[[target|label]]``."""
    start, inside = match.span()
    end = lexer.next_end("LINK_CLOSE", inside)
    if end < 0:
        lexer.instead(match, name)
    else:
        lexer.leaf(leaves.link(lexer.source, start, end, lexer.release), start, end)


def media(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``{{target|title}}``."""
    start, inside = match.span()
    end = lexer.next_end("MEDIA_CLOSE", inside)
    if end < 0:
        lexer.instead(match, name)
    else:
        lexer.leaf(leaves.media(lexer.source, start, end, lexer.release), start, end)


def nowiki(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``<nowiki>…</nowiki>`` or ``%%…%%``."""
    if place := lexer.whole(match, name):
        start, end = place
        inside, stop = match.end(), end - (2 if name == "PERCENT_START" else len("</nowiki>"))
        if inside == stop:
            without_trace(lexer, start, end)
        else:
            lexer.leaf(inline.Unformatted.at(lexer.source, start, end, lexer.read[inside:stop]), start, end)


def code(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``<code …>…</code>`` or ``<file …>…</file>``."""
    if place := lexer.whole(match, name):
        start, end = place
        inside = match.end()
        if inside == end - len("</code>"):
            without_trace(lexer, start, end)
        else:
            kind = blocks.Code if name == "CODE_START" else blocks.File
            lexer.block(leaves.code(lexer.source, start, end, kind, lexer.release), start, end, inside)


def rss(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``{{rss>address}}``."""
    if place := lexer.whole(match, name):
        lexer.block(leaves.rss(lexer.source, *place), *place, place[0])


def data(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``---- dataentry ----`` and the other blocks of the data plugin."""
    if place := lexer.whole(match, name):
        start, end = place
        head = lexer.read.index("\n", start) + 1
        tail = lexer.read.rindex("\n", start, end)
        from dokuwiki_data.plugins.data_blocks import data_block  # most pages have none

        node = data_block(lexer.source, start, end, head, tail)
        lexer.diagnostics.extend(node.problems)
        lexer.block(node, start, end, start)


def info(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``~~INFO:name~~``."""
    start, end = match.span()
    lexer.block(blocks.Info.at(lexer.source, start, end, match[0][7:-2]), start, end, start)


def macro(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``~~NOTOC~~`` and ``~~NOCACHE~~``."""
    start, end = match.span()
    lexer.leaf(MACROS[name].at(lexer.source, start, end), start, end)


def line_break(lexer: Lexer, match: Match, name: str) -> None:
    """Read two backslashes before a blank or a line end."""
    start, end = match.span()
    lexer.leaf(inline.LineBreak.at(lexer.source, start, end), start, end)


def entity(lexer: Lexer, match: Match, name: str) -> None:
    """Read a sequence that is replaced by a typographic character."""
    start, end = match.span()
    lexer.leaf(inline.Entity.at(lexer.source, start, end, intern(match[0])), start, end)


def word(lexer: Lexer, match: Match, name: str) -> None:
    """Read a smiley or an acronym."""
    if place := lexer.whole(match, name):
        start, end = place
        node = WORDS[name.removesuffix("_FIRST")].at(lexer.source, start, end, intern(lexer.read[start:end]))
        lexer.leaf(node, start, end)


def multiply(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``640x480``."""
    if place := lexer.whole(match, name):
        start, end = place
        left, _, right = lexer.read[start:end].lower().partition("x")
        lexer.leaf(inline.MultiplyEntity.at(lexer.source, start, end, left, right), start, end)


def quotation_mark(lexer: Lexer, match: Match, name: str) -> None:
    """Read a quotation mark. A closing one becomes an opening one if none is open."""
    kind = QUOTATION_MARKS[name]
    if kind == "doublequoteclosing" and not lexer.open_quotation_marks:
        kind = "doublequoteopening"
    if kind == "doublequoteopening":
        lexer.open_quotation_marks += 1
    elif kind == "doublequoteclosing":
        lexer.open_quotation_marks -= 1
    start, end = match.span()
    lexer.leaf(inline.QuotationMark.at(lexer.source, start, end, kind), start, end)


def address(lexer: Lexer, match: Match, name: str) -> None:
    """Read a bare address. An address without a scheme gets one, and its label is the text as written."""
    if place := lexer.whole(match, name):
        write_address(lexer, *place, name)


def write_address(lexer: Lexer, start: int, end: int, name: str) -> None:
    """Write the link of a bare address."""
    written = lexer.read[start:end]
    scheme = ""
    if name.startswith("EXTERNAL_HOST"):
        scheme = "http://" if written.startswith("www") else "ftp://" if written.startswith("ftp") else ""
    label = written if scheme else None
    lexer.leaf(inline.ExternalLink.at(lexer.source, start, end, scheme + written, label), start, end)


def link_as_written(lexer: Lexer, match: Match, name: str) -> None:
    r"""Read ``\\server\share``, or a ``CamelCase`` word."""
    start, end = match.span()
    kind = inline.WindowsShareLink if name == "WINDOWS_SHARE" else inline.CamelCaseLink
    lexer.leaf(kind.at(lexer.source, start, end, match[0], None), start, end)


def email(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``<someone@example.org>``."""
    start, end = match.span()
    lexer.leaf(inline.EmailLink.at(lexer.source, start, end, match[0][1:-1], None), start, end)


ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    **{f"{name.upper()}_OPEN": formatting for name in FORMATTING},
    "FOOTNOTE_OPEN": footnote,
    "LINK_START": link,
    "MEDIA_START": media,
    "NOWIKI_START": nowiki,
    "PERCENT_START": nowiki,
    "CODE_START": code,
    "FILE_START": code,
    "RSS_START": rss,
    "DATA_START": data,
    "INFO": info,
    **dict.fromkeys(MACROS, macro),
    "LINE_BREAK": line_break,
    **dict.fromkeys(WORDS, word),
    "ENTITY": entity,
    "MULTIPLY": multiply,
    **dict.fromkeys(QUOTATION_MARKS, quotation_mark),
    "EXTERNAL_LINK": address,
    "EXTERNAL_HOST": address,
    "WINDOWS_SHARE": link_as_written,
    "CAMEL_CASE_LINK": link_as_written,
    "EMAIL_LINK": email,
}
ACTIONS |= {
    f"{name}_FIRST": ACTIONS[name] for name in (*WORDS, "MULTIPLY", "CAMEL_CASE_LINK", "EXTERNAL_LINK", "EXTERNAL_HOST")
}
