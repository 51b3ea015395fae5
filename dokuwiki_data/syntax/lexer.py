"""From text to a balanced stream of tokens: which mode is on, and what the leftmost markup in it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.source import QuotedSource, Source, Span
from dokuwiki_data.syntax import leaves
from dokuwiki_data.syntax.closers import Ahead
from dokuwiki_data.syntax.modes import FORMATTING_MODES
from dokuwiki_data.syntax.paragraphs import Token, TokenWriter
from dokuwiki_data.syntax.patterns import Alternation, Patterns
from dokuwiki_data.syntax.tables import RowSpan

#: How many brackets may be open at once; what is nested deeper is read as text, or on the deepest level.
DEEPEST = 64

Match = re.Match[str]
Place = tuple[int, int]

FORMATTING_NODES: dict[str, type[inline.Formatting]] = {
    kind.name.upper(): kind
    for kind in (
        inline.Strong, inline.Emphasis, inline.Underline, inline.Monospace,
        inline.Subscript, inline.Superscript, inline.Deleted,
    )
}  # fmt: skip

#: Leaves that the pattern itself says everything about.
PLAIN_LEAVES: dict[str, type[Node]] = {
    "NOTOC": inline.NoToc, "NOCACHE": inline.NoCache, "LINE_BREAK": inline.LineBreak,
}  # fmt: skip
LEAVES_WITH_TEXT: dict[str, type[Node]] = {
    "SMILEY": inline.Smiley, "ACRONYM": inline.Acronym, "ENTITY": inline.Entity,
}  # fmt: skip
QUOTATION_MARKS = {
    name: name.lower().replace("_", "")
    for name in (
        "DOUBLE_QUOTE_OPENING", "DOUBLE_QUOTE_CLOSING",
        "SINGLE_QUOTE_OPENING", "SINGLE_QUOTE_CLOSING", "APOSTROPHE",
    )
}  # fmt: skip
#: Text between two delimiters that can be far apart: opener and closer, with the closer's length if fixed.
DELIMITED = {
    "LINK_START": "LINK_CLOSE", "MEDIA_START": "MEDIA_CLOSE", "NOWIKI_START": "NOWIKI_CLOSE",
    "PERCENT_START": "PERCENT_CLOSE", "CODE_START": "CODE_CLOSE", "FILE_START": "FILE_CLOSE",
}  # fmt: skip


class Lexer(TokenWriter):
    """Reads one text. `tokens` are complete after `page` or `quoted`."""

    def __init__(
        self,
        source: Source,
        patterns: Patterns,
        parse_flow: Callable[[Source, int], tuple[Node, ...]],
        data_block: Callable[[Source, int, int, int, int], Node],
        depth: int = 0,
    ) -> None:
        super().__init__(source)
        self.patterns = patterns
        self.parse_flow = parse_flow
        self.data_block = data_block
        self.depth = depth
        self.modes: list[str] = []
        self.ahead: dict[str, Ahead] = {}
        self.open_quotation_marks = 0
        #: A run of dashes that begins no data block.
        self.dashes = 0, 0
        self.line_end = 0
        self.section_open = False
        #: The place of the instruction that would be the last one so far.
        self.last = 0
        self.oddities: list[tuple[str, str, Span]] = []

    # ------------------------------------------------------------------------------ whole texts

    def page(self) -> list[Any]:
        """The tokens of a page."""
        return self._whole("BASE")

    def quoted(self) -> list[Any]:
        """The tokens of the lines of a quotation."""
        return self._whole("QUOTED")

    def _whole(self, mode: str) -> list[Any]:
        self.open_paragraph(0)
        self._until_closed(mode)
        end = len(self.read)
        if self.position < end:
            self.last = self._last_line_end(end)
        self.end_text(end, self.last if self.section_open else -1)
        self._flush(self.run)
        self.tokens.append(Token("END", self.last))
        return self.tokens

    def _last_line_end(self, end: int) -> int:
        """Where the line end stands that is the last thing in the text, with the blanks of an empty line."""
        at = end - 1
        while at > self.position and self.read[at - 1] in " \t":
            at -= 1
        return at if at >= self.position and self.read[at - 1] == "\n" else end - 1

    def _until_closed(self, mode: str) -> Match | None:
        """Read on in a mode up to what closes it; None at the end of the text."""
        self.modes.append(mode)
        alternation = self.patterns.mode(mode)
        search, names, read = alternation.search, alternation.names, self.read
        while match := search(read, self.scan):
            name = names[match.lastindex]  # type: ignore[index]
            action = ACTIONS.get(name)
            if action is None:
                break
            action(self, match, name)
        self.modes.pop()
        return match

    def _instead(self, match: Match, name: str) -> None:
        """What the terminal found came to nothing: the next one at this place has its turn."""
        rest = self.patterns.after(self.modes[-1], name)
        other = rest.match(self.read, match.start())
        if other is None or other.lastindex is None:
            self.scan = match.start() + 1
        else:
            name = rest.names[other.lastindex]
            ACTIONS[name](self, other, name)

    # ------------------------------------------------------------------------------ measuring

    def measure(self, name: str, match: Match, since: int) -> Place | None:
        """Where the markup begins and ends that a terminal found; None if it is not complete.

        ``since``: the place from which on text is still free.
        """
        if name in DELIMITED:
            closer = self.patterns.single(DELIMITED[name])
            return self._delimited(DELIMITED[name], match, closer)
        measured = MEASURES.get(name)
        return measured(self, match, since) if measured else match.span()

    def _delimited(self, name: str, match: Match, closer: re.Pattern[str]) -> Place | None:
        start, inside = match.span()
        ahead = self.ahead.get(name)
        if ahead is None:
            ahead = self.ahead[name] = Ahead()
        at = ahead.known(inside)
        if at is None:
            found = closer.search(self.read, inside)
            at = ahead.found(inside, found.start()) if found else ahead.nothing(inside, len(self.read) + 1)
        if at < 0:
            return None
        return start, at + len(_CLOSERS[name])

    def _measure_rss(self, match: Match, since: int) -> Place | None:
        place = self._delimited("BRACE", match, _BRACE)
        return (place[0], place[1] + 1) if place and self.read.startswith("}", place[1]) else None

    def _measure_data(self, match: Match, since: int) -> Place | None:
        start = match.start()
        if self.dashes[0] <= start < self.dashes[1]:
            return None
        head = self.patterns.single("DATA_HEAD").match(self.read, start)
        if head is None:
            # One look at a run of dashes is enough, or long ones take quadratic time.
            self.dashes = start, _DASHES.match(self.read, start).end()  # type: ignore[union-attr]
            return None
        closed = self._delimited("DATA_CLOSE", head, _DATA_CLOSE)
        if closed is None:
            return None
        return start, _DASHES.match(self.read, closed[1]).end()  # type: ignore[union-attr]

    def _measure_heading(self, match: Match, since: int) -> Place | None:
        start = self._line_start(match.start(), since)
        if start is None:
            return None
        whole = self.patterns.single("HEADING").match(self.read, match.start())
        return (start, whole.end()) if whole else None

    def _line_start(self, at: int, since: int) -> int | None:
        """The start of the line, if there are only blanks before ``at`` and the line is free from there."""
        while at > since and self.read[at - 1] in " \t":
            at -= 1
        return at if self.read[at - 1] == "\n" else None

    def _measure_address(self, match: Match, since: int) -> Place | None:
        start, end = match.span()
        while self.read[start - 1].isalnum() and self.read[start - 1].isascii():
            start -= 1
        return (start, end) if start >= since else None

    def _measure_multiply(self, match: Match, since: int) -> Place | None:
        start = at = match.start()
        while "0" <= self.read[start - 1] <= "9":
            start -= 1
        before = self.read[start - 1]
        if start < since or before == "_" or (before.isascii() and before.isalpha()) or self.read[start:at] == "0":
            return None
        return start, match.end()

    def _measure_after_line(self, match: Match, since: int) -> Place | None:
        """Preformatted lines and rules do not begin at the line end of a line of blanks: an empty line does."""
        start = match.start()
        if start > since and self.read[start - 1] in " \t" and self._line_start(start, since) is not None:
            if self.modes[-1] in ("BASE", "QUOTED"):
                return None
        return match.span()

    def _before_blanks(self, at: int) -> int:
        """The place before the blanks that stand before ``at``."""
        while at > self.position and self.read[at - 1] in " \t":
            at -= 1
        return at

    # ------------------------------------------------------------------------------ leaves

    def _delimited_leaf(self, match: Match, name: str) -> None:
        place = self.measure(name, match, self.position)
        if place is None:
            return self._instead(match, name)
        start, end = place
        if name == "LINK_START":
            self.leaf(leaves.link(self.source, start, end), start, end)
        elif name == "MEDIA_START":
            self.leaf(leaves.media(self.source, start, end), start, end)
        elif name in ("CODE_START", "FILE_START"):
            kind = blocks.Code if name == "CODE_START" else blocks.File
            if match.end() + len(kind.name) + 3 == end:
                self.silent(start, end)
            else:
                at = match.end()
                self.block(leaves.code(self.source, start, end, kind), start, end, at, at)
        else:
            inside, stop = match.end(), end - len(_CLOSERS[DELIMITED[name]])
            if inside == stop:
                self.silent(start, end)
            else:
                node = inline.Unformatted.at(self.source, start, end, self.read[inside:stop])
                self.leaf(node, start, end)
        return None

    def _block_leaf(self, match: Match, name: str) -> None:
        place = self.measure(name, match, self.position)
        if place is None:
            return self._instead(match, name)
        start, end = place
        node: Node
        if name == "RSS_START":
            node = leaves.rss(self.source, start, end)
        elif name == "DATA_START":
            head = self.patterns.single("DATA_HEAD").match(self.read, start)
            assert head is not None
            node = self.data_block(self.source, start, end, head.end(), _tail(self.read, end))
        else:
            node = blocks.Info.at(self.source, start, end, match[0][7:-2])
        self.block(node, start, end, start, start)
        return None

    def _plain_leaf(self, match: Match, name: str) -> None:
        start, end = match.span()
        self.leaf(PLAIN_LEAVES[name].at(self.source, start, end), start, end)

    def _leaf_with_text(self, match: Match, name: str) -> None:
        start, end = match.span()
        self.leaf(LEAVES_WITH_TEXT[name].at(self.source, start, end, match[0]), start, end)

    def _link_as_written(self, match: Match, name: str) -> None:
        start, end = match.span()
        kind = inline.WindowsShareLink if name == "WINDOWS_SHARE" else inline.CamelCaseLink
        self.leaf(kind.at(self.source, start, end, match[0], None), start, end)

    def _email(self, match: Match, name: str) -> None:
        start, end = match.span()
        self.leaf(inline.EmailLink.at(self.source, start, end, match[0][1:-1], None), start, end)

    def _quotation_mark(self, match: Match, name: str) -> None:
        kind = QUOTATION_MARKS[name]
        if kind == "doublequoteclosing" and not self.open_quotation_marks:
            kind = "doublequoteopening"
        if kind == "doublequoteopening":
            self.open_quotation_marks += 1
        elif kind == "doublequoteclosing":
            self.open_quotation_marks -= 1
        start, end = match.span()
        self.leaf(inline.QuotationMark.at(self.source, start, end, kind), start, end)

    def _address(self, match: Match, name: str) -> None:
        place = self.measure(name, match, self.position)
        if place is None:
            return self._instead(match, name)
        start, end = place
        written = self.read[start:end]
        target = written
        if written.startswith("ftp") and not written.startswith("ftp://"):
            target = "ftp://" + written
        elif written.startswith("www"):
            target = "http://" + written
        label = None if target is written else written
        self.leaf(inline.ExternalLink.at(self.source, start, end, target, label), start, end)
        return None

    def _multiply(self, match: Match, name: str) -> None:
        place = self.measure(name, match, self.position)
        if place is None:
            return self._instead(match, name)
        start, end = place
        cross = match.start()
        node = inline.MultiplyEntity.at(self.source, start, end, self.read[start:cross], self.read[cross + 1 : end])
        self.leaf(node, start, end)
        return None

    # ------------------------------------------------------------------------------ formatting

    def _can_enter(self, mode: str, inside: int) -> bool:
        """Whether the closer is ahead, and not behind that of the formatting around."""
        closer = self._closer_ahead(mode, inside)
        if closer < 0:
            return False
        for around in reversed(self.modes):
            if around == mode:
                break
            if around in FORMATTING_MODES or around == "FOOTNOTE":
                return not 0 <= self._closer_ahead(around, inside) < closer
        return True

    def _closer_ahead(self, mode: str, start: int) -> int:
        ahead = self.ahead.get(mode)
        if ahead is None:
            ahead = self.ahead[mode] = Ahead()
        known = ahead.known(start)
        if known is not None:
            return known
        alternation = self.patterns.closer(mode)
        close, at = mode + "_CLOSE", start
        while match := alternation.search(self.read, at):
            name = alternation.names[match.lastindex]  # type: ignore[index]
            if name == "EMPTY_LINE":
                return ahead.nothing(start, match.start() + 1)
            if name == close:
                return ahead.found(start, match.start())
            place = self.measure(name, match, at)
            at = max(place[1] if place else 0, match.start() + 1)
        return ahead.nothing(start, len(self.read) + 1)

    def _formatting(self, match: Match, name: str) -> None:
        mode = name.removesuffix("_OPEN")
        kind = FORMATTING_NODES[mode]
        start, inside = match.span()
        ahead = self.ahead.get(mode)
        if not self.in_formatting and not self.in_footnote and (ahead is None or ahead.known(inside) != -1):
            # Plain formatting, the most common kind, is a leaf: it is found without a look at what lies ahead.
            if inside > self.line_end:
                self.line_end = self.read.index("\n", inside)
            inner = self.patterns.mode(mode)
            first = inner.search(self.read, inside, self.line_end)
            if first and inner.names[first.lastindex] == mode + "_CLOSE":  # type: ignore[index]
                stop, end = first.span()
                text = inline.Text.at(self.source, inside, stop, self.read[inside:stop])
                content = (text,) if stop > inside else ()
                return self.leaf(kind.at(self.source, start, end, content, True), start, end)
        if not self._may_open(mode, start, inside):
            return None
        if start > self.position or self.held:
            self.text(start)
        self.bracket_token(Token(name, start))
        self.position = self.scan = inside
        state = self.lines_flow, self.in_cell
        self.lines_flow = self.in_cell = False
        self.in_formatting += 1
        close = self._until_closed(mode)
        self._close_formatting(mode, close)
        self.in_formatting -= 1
        self.lines_flow, self.in_cell = state
        return None

    def _close_formatting(self, mode: str, close: Match | None) -> None:
        start, end = close.span() if close else (len(self.read), len(self.read))
        if start > self.position or self.held:
            if close is None:
                self.last = self.position
            self.text(start)
        self.bracket_token(Token(mode + "_CLOSE", end, close is not None))
        self.position = self.scan = end

    def _footnote(self, match: Match, name: str) -> None:
        start, inside = match.span()
        if not self._may_open("FOOTNOTE", start, inside):
            return
        if self.in_footnote:
            # A footnote has none inside: DokuWiki takes the delimiters for text, but reads on as in a footnote.
            self.scan = inside
            if close := self._until_closed("FOOTNOTE"):
                self.scan = close.end()
            return
        if start > self.position or self.held:
            self.text(start)
        self.bracket_token(Token(name, start))
        self.position = self.scan = inside
        state = self.lines_flow, self.in_cell, self.in_formatting, self.in_paragraph
        self.lines_flow = self.in_cell = self.in_paragraph = False
        self.in_formatting, self.in_footnote = 0, True
        close = self._until_closed("FOOTNOTE")
        self._close_formatting("FOOTNOTE", close)
        if close is None:
            self.last = start
        self.lines_flow, self.in_cell, self.in_formatting, self.in_paragraph = state
        self.in_footnote = False

    def _may_open(self, mode: str, start: int, inside: int) -> bool:
        """Whether formatting opens here; where not, its opener is text."""
        if self._can_enter(mode, inside):
            if self.depth + len(self.modes) < DEEPEST:
                return True
            self._too_deep(start, inside)
        self.scan = start + 1
        return False

    def _too_deep(self, start: int, end: int) -> None:
        self.odd("too-deep", f"nested more than {DEEPEST} deep, read as text", start, end)

    def odd(self, kind: str, message: str, start: int, end: int) -> None:
        """Note something odd."""
        self.oddities.append((kind, message, Span(self.source.offset(start), self.source.offset(end))))

    # ------------------------------------------------------------------------------ blocks

    def _heading(self, match: Match, name: str) -> None:
        place = self.measure(name, match, self.position)
        if place is None:
            return self._instead(match, name)
        start, end = place
        written = self.read[start:end].strip(leaves.PHP_BLANKS)
        level = max(7 - (len(written) - len(written.lstrip("="))), 1)
        title = written.strip("=").strip(leaves.PHP_BLANKS)
        self.end_text(start, start)
        node = blocks.Heading.at(self.source, start, end, title, level)
        self.bracket_token(Token("HEADING", start, node))
        self.section_open = True
        self.position = self.scan = end
        self.last = start
        self.open_paragraph(start)
        return None

    def _horizontal_rule(self, match: Match, name: str) -> None:
        place = self._measure_after_line(match, self.position)
        if place is None:
            return self._instead(match, name)
        start, end = place
        self.block(blocks.HorizontalRule.at(self.source, start + 1, end), start, end, start, start)
        return None

    def _preformatted(self, match: Match, name: str) -> None:
        place = self._measure_after_line(match, self.position)
        if place is None:
            return self._instead(match, name)
        start, end = place
        lines = match[0][1:].removesuffix("\n") if match[0].endswith("\n") else match[0][1:]
        text = "\n".join([line[1:] if line[:1] == "\t" else line[2:] for line in lines.split("\n")])
        self.last = start
        if text.strip(leaves.PHP_BLANKS) not in ("", "0"):
            node = blocks.Preformatted.at(self.source, start + 1, start + 1 + len(lines), text.strip("\n"))
            self.block(node, start, end, start, start)
        else:
            self._empty_line(start, end)
        return None

    def _paragraph_break(self, match: Match, name: str) -> None:
        self.last = match.start() + 1
        self._empty_line(match.start(), match.end())

    def _empty_line(self, start: int, end: int) -> None:
        """An empty line, or what counts as one: it ends a paragraph in which there is something."""
        if self.in_footnote:
            return self.silent(start, end)
        # The first of two line ends is where the paragraph ends, even if the second came of a block.
        before = self._last_line_end(start) if self.read[start - 1] == "\n" and start > self.position else start
        if before > self.position or self.held:
            self.text(before, closing=True)
        self.position = self.scan = end
        if not self.skip_line_ends:
            self.close_paragraph(before)
            self.open_paragraph(before)
        return None

    def _list(self, match: Match, name: str) -> None:
        start = self._before_blanks(match.start())
        self.end_text(start, start)
        self.bracket_flush()
        flows, self.lines_flow = self.lines_flow, False
        lists: list[tuple[bool, int]] = []
        marker = self.read[start : match.end()]
        first = _list_depth(marker)
        self._open_list(lists, marker, first, first, start, match)
        self.position = self.scan = match.end()
        while True:
            found = self._until_closed("LIST")
            if found is None or self.read[found.end() - 1] == "\n":
                break
            self.end_text(found.start(), found.start())
            self._list_item(lists, found, first)
            self.position = self.scan = found.end()
        stop, end = self._end_of_block(found)
        self.end_text(stop, self.last)
        for _ in lists:
            self.bracket_token(Token("LIST_CLOSE", stop, self.last))
        self.position = self.scan = end
        self.lines_flow = flows
        self.open_paragraph(self.last)

    def _end_of_block(self, found: Match | None) -> Place:
        """Where a list or table stops and ends; without a line end to close it, at the end of the text.

        Then DokuWiki closes it at the place of its last instruction.
        """
        if found:
            self.last = found.start()
            return found.span()
        end = len(self.read)
        if self.position < end:
            self.last = self.position
        return end, end

    def bracket_flush(self) -> None:
        self._flush(self.run)
        self.run = type(self.run)()

    def _open_list(
        self, lists: list[tuple[bool, int]], marker: str, depth: int, first: int, at: int, match: Match
    ) -> None:
        ordered = marker[-1] == "-"
        self.bracket_token(Token("LIST_OPEN", at, ordered))
        self.bracket_token(Token("LIST_ITEM", match.start(), max(1, depth - first + 1)))
        lists.append((ordered, depth))

    def _list_item(self, lists: list[tuple[bool, int]], match: Match, first: int) -> None:
        """Depth decides: a deeper item opens a list, a shallower one closes those that are deeper."""
        marker, at = match[0], match.start()
        ordered = marker[-1] == "-"
        depth = max(_list_depth(marker), first)
        if depth > lists[-1][1]:
            if self.depth + len(self.modes) + 2 * len(lists) < DEEPEST:
                return self._open_list(lists, marker, depth, first, at, match)
            self._too_deep(at, match.end())
            depth = lists[-1][1]
        elif depth < lists[-1][1]:
            while len(lists) > 1 and lists[-1][1] > depth:
                lists.pop()
                self.bracket_token(Token("LIST_CLOSE", at, at))
            depth = lists[-1][1]
        if lists[-1][0] == ordered:
            self.bracket_token(Token("LIST_ITEM", at, max(1, depth - first + 1)))
            return None
        lists.pop()
        self.bracket_token(Token("LIST_CLOSE", at, at))
        return self._open_list(lists, marker, depth, first, at, match)

    def _table(self, match: Match, name: str) -> None:
        start = self._before_blanks(match.start())
        self.end_text(start, start)
        flows, self.lines_flow = self.lines_flow, False
        self.in_cell = True
        self.bracket_token(Token("TABLE_OPEN", match.start() + 1, start))
        self._table_row(match, "TABLE_ROW")
        found = self._until_closed("TABLE")
        stop, end = self._end_of_block(found)
        self.end_text(stop, self.last)
        self.bracket_token(Token("TABLE_CLOSE", stop, self.last))
        self.position = self.scan = end
        self.lines_flow, self.in_cell = flows, False
        self.open_paragraph(self.last)

    def _table_row(self, match: Match, name: str) -> None:
        start, end = match.span()
        if self.modes[-1] == "TABLE":
            self.end_text(start, start)
        self.bracket_token(Token("TABLE_ROW", start))
        self.bracket_token(Token("TABLE_HEADER" if match[0][-1] == "^" else "TABLE_CELL", start))
        self.position = self.scan = end

    def _table_cell(self, match: Match, name: str) -> None:
        start, end = match.span()
        self.end_text(start, start)
        self.bracket_token(Token(name, start))
        self.position = self.scan = end

    def _table_rowspan(self, match: Match, name: str) -> None:
        start, end = self._before_blanks(match.start()), match.end()
        if not self.in_paragraph:
            self.leaf(RowSpan.at(self.source, start, end, self.read[start:end]), start, end)
        elif start > self.position:
            self.scan = end  # behind text it is text
        else:
            self.silent(start, end)

    def _quote(self, match: Match, name: str) -> None:
        start, end = match.span()
        at = start + (match[0][0] == "\n")
        if self._measure_after_line(match, self.position) is None:
            start = at
        self.end_text(start, start)
        depth, lines = 0, []
        self.bracket_flush()
        allowed = max(1, (DEEPEST - self.depth - len(self.modes)) // 2)
        segments: list[tuple[int, list[tuple[int, int]], int]] = []
        for line in self.read[at:end].split("\n"):
            level, marker = _quote_marker(line)
            if level > allowed:
                self._too_deep(at, at + marker)
                level = allowed
            if not segments or segments[-1][0] != level:
                segments.append((level, [], at))
            segments[-1][1].append((at + marker, at + len(line)))
            at += len(line) + 1
        for level, lines, first in segments:
            while depth < level:
                depth += 1
                self.bracket_token(Token("QUOTE_OPEN", first, start))
            while depth > level:
                depth -= 1
                self.bracket_token(Token("QUOTE_CLOSE", first - 1, start))
            inner = QuotedSource(self.source, tuple(lines))
            content = self.parse_flow(inner, self.depth + len(self.modes) + 2 * depth)
            self.run.append(blocks.QuotedLines.at(self.source, lines[0][0], lines[-1][1], content, lines[0][0]))
        for _ in range(depth):
            self.bracket_token(Token("QUOTE_CLOSE", end, end))
        self.position = self.scan = end
        self.last = end
        self.open_paragraph(end)


def _tail(read: str, end: int) -> int:
    """Where the last line of a data block begins: the newline before its closing dashes."""
    return read.rindex("\n", 0, end)


def _quote_marker(line: str) -> tuple[int, int]:
    """How deep a quoted line is, and how long its marker."""
    level = at = 0
    while line.startswith(">", at):
        level += 1
        at += 2 if line.startswith(" ", at + 1) else 1
    return level, at


def _list_depth(marker: str) -> int:
    """Depth counts pairs of blanks; a tab is a pair."""
    return marker.replace("\t", "  ").count("  ") + 1


_CLOSERS = {
    "LINK_CLOSE": "]]", "MEDIA_CLOSE": "}}", "NOWIKI_CLOSE": "</nowiki>", "PERCENT_CLOSE": "%%",
    "CODE_CLOSE": "</code>", "FILE_CLOSE": "</file>", "BRACE": "}", "DATA_CLOSE": "\n----",
}  # fmt: skip
_BRACE = re.compile(r"\}")
_DASHES = re.compile(r"-*+")
_DATA_CLOSE = re.compile(r"\n----")

MEASURES: dict[str, Callable[[Lexer, Match, int], Place | None]] = {
    "RSS_START": Lexer._measure_rss,
    "DATA_START": Lexer._measure_data,
    "HEADING_START": Lexer._measure_heading,
    "EXTERNAL_LINK": Lexer._measure_address,
    "EXTERNAL_HOST": Lexer._measure_address,
    "MULTIPLY": Lexer._measure_multiply,
}


#: What to do with a terminal; those without an action close their mode.
ACTIONS: dict[str, Callable[[Lexer, Match, str], None]] = {
    name: action
    for names, action in (
        (DELIMITED, Lexer._delimited_leaf),
        (("RSS_START", "DATA_START", "INFO"), Lexer._block_leaf),
        (PLAIN_LEAVES, Lexer._plain_leaf),
        (LEAVES_WITH_TEXT, Lexer._leaf_with_text),
        (QUOTATION_MARKS, Lexer._quotation_mark),
        (("WINDOWS_SHARE", "CAMEL_CASE_LINK"), Lexer._link_as_written),
        (("EMAIL_LINK",), Lexer._email),
        (("EXTERNAL_LINK", "EXTERNAL_HOST"), Lexer._address),
        (("MULTIPLY",), Lexer._multiply),
        (tuple(mode + "_OPEN" for mode in FORMATTING_NODES), Lexer._formatting),
        (("FOOTNOTE_OPEN",), Lexer._footnote),
        (("HEADING_START",), Lexer._heading),
        (("HORIZONTAL_RULE",), Lexer._horizontal_rule),
        (("PREFORMATTED",), Lexer._preformatted),
        (("PARAGRAPH_BREAK",), Lexer._paragraph_break),
        (("LIST_START",), Lexer._list),
        (("TABLE_START",), Lexer._table),
        (("TABLE_ROW",), Lexer._table_row),
        (("TABLE_CELL", "TABLE_HEADER"), Lexer._table_cell),
        (("TABLE_ROWSPAN",), Lexer._table_rowspan),
        (("QUOTE", "QUOTE_AT_LINE_START"), Lexer._quote),
    )
    for name in names
}
