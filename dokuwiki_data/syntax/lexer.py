"""From text to a balanced stream of tokens: which mode is on, what the leftmost markup in it is, where that ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.plugins.declaration import Container, InnerHeading
from dokuwiki_data.source import Source, Span
from dokuwiki_data.syntax.closers import Ahead, NextEnd
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS, Cells, Closing, Run, Token, TokenWriter
from dokuwiki_data.syntax.patterns import Alternation, Patterns

#: How many brackets may be open at once; what is nested deeper is read as text, or on the deepest level.
DEEPEST = 64

Match = re.Match[str]
Place = tuple[int, int]

#: What is probably a mistake if it is not closed; said once, since all that follow are not closed either.
_UNCLOSED = {
    "NOWIKI_START": "</nowiki>", "CODE_START": "</code>", "FILE_START": "</file>",
    "DATA_START": "a closing line of dashes",
}  # fmt: skip

#: What ``\\s`` means in DokuWiki's patterns.
WHITE_SPACE = " \t\n\r\v\f"

_DASHES = re.compile(r"-*+")


class Waiting(NamedTuple):
    """Markup that takes the white space before it: where that begins, its terminal, and where it was found."""

    begin: int
    name: str
    opener: Match


class Lexer(TokenWriter):
    """Reads one text, which is a page or the lines of a quotation.

    The patterns bring an action for each terminal; a terminal without an action closes its mode.
    """

    def __init__(
        self,
        source: Source,
        patterns: Patterns,
        parse_lines: Callable[[Source, int], tuple[Node, ...]],
        odd: list[tuple[str, str, Span]],
        depth: int,
    ) -> None:
        super().__init__(source, patterns.release)
        self.patterns = patterns
        #: Reads the lines of a quotation, given how deep they are nested.
        self.parse_lines = parse_lines
        self._odd = odd
        #: How deep this text itself is nested.
        self.depth = depth
        self.modes: list[str] = []
        #: The brackets of formatting that are open, and what the account of paragraphs was around the footnote.
        self.brackets: list[Token] = []
        self.around_footnote = 0, False
        #: The lists that are open, each with its depth, and the depth of the outermost.
        self.lists: list[tuple[bool, int]] = []
        self.outermost = 0
        #: How deep in a quotation, where that is a mode.
        self.quoted = 0
        self.open_quotation_marks = 0
        self.in_section = False
        #: The place of what would be the last instruction so far.
        self.last = 0
        self._ahead: dict[str, Ahead] = {}
        self._ends: dict[str, NextEnd] = {}
        self._hidden: dict[Callable[..., Match | None], tuple[int, Match | None]] = {}
        #: A run of dashes that begins no data block; where the current line ends.
        self._dashes = 0, 0
        self._line_end = 0
        #: The end of the line that was last asked whether it ends in marks of a heading, and where they end.
        self._marks_end = -1, -1
        self._unclosed: set[str] = set()
        #: Markup of plugins that takes the white space before it, the last first; most pages have none.
        self.waiting: list[Waiting] = []
        #: Where the next of it could begin.
        self.next_waiting = len(self.read) + 1
        if patterns.modes.after_white_space:
            self._find_waiting()

    def tokens_of(self, mode: str) -> list[Token | Closing | Run | Cells]:
        """Read the whole text in a mode."""
        self.open_paragraph(0)
        self.until_closed(mode)
        end = len(self.read)
        if self.position < end:
            self.last = self.line_end_before(end)
        self.end_text(end, self.last if self.in_section else -1)
        self.bracket(Closing("END", self.last))
        return self.tokens

    def until_closed(self, mode: str) -> Match | None:
        """Read on in a mode up to what closes it; None at the end of the text."""
        self.modes.append(mode)
        search, _, names, actions = self.patterns.mode(mode)
        if self.waiting:
            search = partial(self._search_behind_white_space, mode)
        if first := self.patterns.first(mode):
            search = partial(self._search_behind_markup, mode, first, search)
        read = self.read
        while match := search(read, self.scan):
            which: int = match.lastindex  # type: ignore[assignment]  # every alternative is a group
            action = actions[which]
            if action is None:
                break
            action(self, match, names[which])
        self.modes.pop()
        return match

    def _search_behind_markup(
        self, mode: str, first: Alternation, search: Callable[[str, int], Match | None], read: str, at: int
    ) -> Match | None:
        """What counts next in a mode; what counts only because it stands right behind markup is written."""
        while at == self.position and self._write_first(first, self.patterns.mode(mode)):
            at = self.scan
        return search(read, at)

    def _write_first(self, first: Alternation, others: Alternation) -> bool:
        """Write what counts here only because it stands right behind markup, unless another comes first."""
        match = first.match(self.read, self.position)
        if match is None:
            return False
        which: int = match.lastindex  # type: ignore[assignment]  # every alternative is a group
        if other := others.match(self.read, self.position):
            sort, name = self.patterns.sort, others.names[other.lastindex]  # type: ignore[index]
            if sort(name) < sort(first.names[which]):
                return False
        if self.measure(match, first.names[which], self.position) is None:
            return False
        first.actions[which](self, match, first.names[which])
        return True

    @property
    def room(self) -> int:
        """How many more brackets may be opened."""
        return DEEPEST - self.depth - len(self.modes) - 2 * len(self.lists) - self.quoted

    def too_deep(self, start: int, end: int) -> None:
        """Note that something is nested too deep."""
        self.odd("too-deep", f"nested more than {DEEPEST} deep, read as if it were not", start, end)

    def odd(self, kind: str, message: str, start: int, end: int) -> None:
        """Note something odd."""
        self._odd.append((kind, message, Span(self.source.offset(start), self.source.offset(end))))

    def note(self, oddities: Iterable[tuple[str, str, Span]]) -> None:
        """Note what others found odd."""
        self._odd.extend(oddities)

    # -- places ------------------------------------------------------------------------------------

    def line_end_before(self, end: int) -> int:
        """Where the line end just before ``end`` begins: with the blanks of its line, if there is nothing else."""
        at = end - 1
        while at > self.position and self.read[at - 1] in " \t":
            at -= 1
        return at if at >= self.position and self.begins_line(at) else end - 1

    def before_blanks(self, at: int) -> int:
        """The place before the blanks that stand before ``at``."""
        while at > self.position and self.read[at - 1] in " \t":
            at -= 1
        return at

    def ends_empty_line(self, at: int) -> bool:
        """Whether the newline at ``at`` ends a line of blanks alone, which takes it as its own."""
        if not self.lines_flow:
            return False
        start = self.before_blanks(at)
        return start < at and self.begins_line(start)

    def begins_line(self, at: int) -> bool:
        """Whether a line begins there, or what DokuWiki takes for one."""
        return self.read[at - 1] == "\n" or (self.release.cuts and at == self.position)

    def is_line_end(self, at: int) -> bool:
        """Whether there is a line end at a place where those count, which no block takes as its beginning."""
        mode = self.modes[-1]
        if at == len(self.read) or self.read[at] != "\n" or not self.patterns.accepts(mode, "PARAGRAPH_BREAK"):
            return False
        _, match_here, names, _ = self.patterns.mode(mode)
        match = match_here(self.read, at)
        # Indented blanks alone are an empty line, too.
        kinds = ("PARAGRAPH_BREAK",) if match and match[0].strip(PHP_BLANKS) else ("PARAGRAPH_BREAK", "PREFORMATTED")
        return match is None or names[match.lastindex] in kinds  # type: ignore[index]

    # -- markup as a whole -------------------------------------------------------------------------

    def whole(self, match: Match, name: str) -> Place | None:
        """Where the markup begins and ends that a terminal found.

        None if it is not complete; then the next terminal at the same place has had its turn.
        """
        place = self.measure(match, name, self.position)
        if place is None:
            self.instead(match, name)
        return place

    def instead(self, match: Match, name: str) -> None:
        """What a terminal found is not complete: give the next one at the same place its turn."""
        if name in _UNCLOSED and name in self.patterns.ends:
            self._unclosed_once(match, name)
        others = self.patterns.after(self.modes[-1], name)
        _, match_here, names, actions = others
        first = self.patterns.first(self.modes[-1]) if match.start() == self.position else None
        if first and self._write_first(first, others):
            return
        if other := match_here(self.read, match.start()):
            which: int = other.lastindex  # type: ignore[assignment]  # every alternative is a group
            actions[which](self, other, names[which])
        else:
            self.scan = match.start() + 1

    def _unclosed_once(self, match: Match, name: str) -> None:
        if name not in self._unclosed:
            self._unclosed.add(name)
            self.odd("unclosed", f"{match[0].strip()} without {_UNCLOSED[name]}, read as text", *match.span())

    def measure(self, match: Match, name: str, since: int) -> Place | None:
        """Where the markup begins and ends that a terminal found; None if it is not complete.

        ``since``: the place from which on the text is still free.
        """
        if closer := self.patterns.ends.get(name):
            inside = match.end()
            if name in self.patterns.start_ends:
                inside = self.next_end(self.patterns.start_ends[name], inside)
            end = self.next_end(closer, inside) if inside >= 0 else -1
            if name in self.patterns.refused and 0 <= self.next_end(self.patterns.refused[name], inside) < end:
                return None
            if end < 0 or name not in self.patterns.modes.after_white_space:
                return (match.start(), end) if end >= 0 else None
            start = self.behind_white_space(match.start(), since)
            return (start, end) if start < match.start() else None
        markup = self.patterns.plugins.get(name)
        if isinstance(markup, Container):
            end = self.opening_end(match, name)
            return (match.start(), self.next_end(f"{name}_CLOSE", end)) if end >= 0 else None
        if isinstance(markup, InnerHeading):
            return self._heading_in_line(match, since)
        measured = _MEASURES.get(name)
        return measured(self, match, since) if measured else match.span()

    def next_end(self, closer: str, start: int) -> int:
        """Where the next closer from ``start`` ends, or -1."""
        ends = self._ends.get(closer)
        if ends is None:
            ends = self._ends[closer] = NextEnd(self.patterns.single(closer), self.read)
        return ends.from_(start)

    def opening_end(self, match: Match, name: str) -> int:
        """Where the opening tag of a plugin's markup ends, or -1 if it does not or if no closing tag is ahead."""
        markup = self.patterns.plugins[name]
        ends_later = isinstance(markup, Container) and markup.start_end
        end = self.next_end(f"{name}_END", match.end()) if ends_later else match.end()
        return end if end >= 0 and self.next_end(f"{name}_CLOSE", end) >= 0 else -1

    def _rss(self, match: Match, since: int) -> Place | None:
        end = self.next_end("RSS_CLOSE", match.end())
        return (match.start(), end + 1) if end >= 0 and self.read[end] == "}" else None

    def _data_block(self, match: Match, since: int) -> Place | None:
        start = match.start()
        if self._dashes[0] <= start < self._dashes[1]:
            return None
        head = self.patterns.single("DATA_HEAD").match(self.read, start)
        if head is None:
            # One look at a run of dashes is enough, or long ones take quadratic time.
            self._dashes = start, _DASHES.match(self.read, start).end()  # type: ignore[union-attr]  # it always does
            return None
        end = self.next_end("DATA_CLOSE", head.end())
        if end < 0:
            self._unclosed_once(head, "DATA_START")
        return (start, end) if end >= 0 else None

    def _heading(self, match: Match, since: int) -> Place | None:
        start = match.start()
        while start > since and self.read[start - 1] in " \t":
            start -= 1
        if self.read[start - 1] != "\n":
            return None
        whole = self.patterns.single("HEADING_TEXT").match(self.read, match.start())
        return (start, whole.end()) if whole else None

    def _address(self, match: Match, since: int) -> Place | None:
        cross, end = match.span()
        for scheme in self.patterns.schemes:  # the longest begins first
            start = cross - len(scheme)
            if self.read[max(start, 0) : cross].lower() == scheme and self._is_edge(start):
                return (start, end) if start >= since else None
        return None

    def _is_edge(self, at: int) -> bool:
        """Whether a word begins or ends between the two characters there."""
        before, behind = self.read[at - 1], self.read[at]
        return _is_of_word(before) != _is_of_word(behind)

    def _host(self, match: Match, since: int) -> Place | None:
        start, end = match.span()
        while self.read[start - 1].isalnum() and self.read[start - 1].isascii():
            start -= 1
        return (start, end) if start >= since else None

    def _word(self, match: Match, since: int) -> Place | None:
        start, end = match.span()
        while "a" <= self.read[start - 1] <= "z":  # of a name that is found by a later character
            start -= 1
        return (start, end) if start >= since else None

    def _multiply(self, match: Match, since: int) -> Place | None:
        start, cross = match.start(), match.start()
        while "0" <= self.read[start - 1] <= "9":
            start -= 1
        before = self.read[start - 1]
        in_word = before == "_" or (before.isascii() and before.isalpha())
        return None if start < since or in_word or self.read[start:cross] == "0" else (start, match.end())

    def _heading_in_line(self, match: Match, since: int) -> Place | None:
        at = match.start()
        if at > self._line_end:
            self._line_end = self.read.index("\n", at)
        if self._marks_end[0] != self._line_end:
            # Once for each line, or a line of marks takes quadratic time.
            last = self._line_end
            while self.read[last - 1] in " \t":
                last -= 1
            self._marks_end = self._line_end, last if self.read[last - 2 : last] == "==" else -1
        start = max(since, self.before_blanks(at))
        return (start, self._line_end) if at + 5 <= self._marks_end[1] else None

    # -- markup that takes the white space before it -------------------------------------------------

    def _find_waiting(self) -> None:
        """Find all places where such markup may be, before anything is read."""
        read = self.read
        for name in self.patterns.modes.after_white_space:
            for match in self.patterns.single(name).finditer(read):
                at = match.start()
                if read[at - 1] in WHITE_SPACE and self.next_end(f"{name}_END", match.end()) >= 0:
                    self.waiting.append(Waiting(self.behind_white_space(at, 0), name, match))
        self.waiting.sort(reverse=True, key=lambda waiting: waiting.begin)
        self._show_waiting()

    def _show_waiting(self) -> None:
        self.next_waiting = self.waiting[-1].begin if self.waiting else len(self.read) + 1

    def behind_white_space(self, at: int, since: int) -> int:
        """Where the white space before a place begins."""
        while at > since and self.read[at - 1] in WHITE_SPACE:
            at -= 1
        return at

    def _begin(self, match: Match, names: tuple[str, ...], since: int) -> int:
        if names[match.lastindex] not in self.patterns.modes.after_white_space:  # type: ignore[index]
            return match.start()
        return self.behind_white_space(match.start(), since)

    def _search_behind_white_space(self, mode: str, read: str, at: int) -> Match | None:
        """What counts next in a mode; such markup is written if it comes first."""
        search, _, names, _ = self.patterns.mode(mode)
        match = search(read, at)
        # Most often it is far away: without a look at the place alone, such pages took a quarter longer.
        while self.waiting and not (match and match.start() < self.next_waiting):
            _, name, opener = self.waiting[-1]
            accepted = self.patterns.accepts(mode, name)
            since = max(self.position, at) if accepted else opener.start()
            start = self.behind_white_space(opener.start(), since)
            place = start, self.patterns.sort(name)
            if match and (match.start(), self.patterns.sort(names[match.lastindex])) < place:  # type: ignore[index]
                break
            self.waiting.pop()
            self._show_waiting()
            if accepted and at <= opener.start() and self.measure(opener, name, since):
                self.patterns.action(name)(self, opener, name)
                if first := self.patterns.first(mode):
                    while self._write_first(first, self.patterns.mode(mode)):
                        pass
                at = self.scan
                if match and match.start() < at:
                    match = search(read, at)
        return match

    def only_formatting_in_footnote(self) -> bool:
        """Whether nothing but formatting is open in the footnote."""
        if self.modes[-1] not in self.patterns.modes.formatting:
            return False
        inside = self.modes[self.modes.index("FOOTNOTE") :] if "FOOTNOTE" in self.modes else ["BASE"]
        return self.patterns.modes.formatting.issuperset(set(inside) - {"FOOTNOTE"})

    # -- closers of formatting ---------------------------------------------------------------------

    def may_open(self, mode: str, match: Match) -> bool:
        """Whether formatting opens here; where not, its opener is text, or what else may be there."""
        start, inside = match.span()
        if self._is_closed(mode, inside):
            if self.room > 0:
                return True
            self.too_deep(start, inside)
        elif not self.release.closers_are_looked_for:
            self.instead(match, f"{mode}_OPEN")
            return False
        self.scan = start + 1
        return False

    def _is_closed(self, mode: str, inside: int) -> bool:
        """Whether the closer is ahead, and not behind that of the formatting around."""
        if mode in self.release.always_opens:
            return True
        closer = self._closer_ahead(mode, inside)
        if closer < 0:
            return False
        for around in reversed(self.modes):
            if around == mode:
                break
            if around in self.patterns.modes.guarded:
                return not 0 <= self._closer_ahead(around, inside) < closer
        return True

    def _closer_ahead(self, mode: str, start: int) -> int:
        ahead = self._ahead.get(mode)
        if ahead is None:
            ahead = self._ahead[mode] = Ahead()
        known = ahead.known(start)
        if known is not None:
            return known
        search, _, names, _ = self.patterns.closer(mode)
        hiding = self.patterns.opaque(mode).names
        read, at = self.read, start
        closer, before = search(read, at), self._hiding(mode, at)
        while closer:
            if before is None or self._begin(before, hiding, at) >= closer.start():
                name = names[closer.lastindex]  # type: ignore[index]  # every alternative is a group
                if name == "EMPTY_LINE":
                    return ahead.nothing(start, closer.start() + 1)
                return ahead.found(start, closer.start())
            name = hiding[before.lastindex]  # type: ignore[index]
            place = self.measure(before, name, at)
            at = max(place[1] if place else 0, before.start() + 1)
            before = self._hiding(mode, at)
            if at > closer.start():
                closer = search(read, at)
        return ahead.nothing(start, len(read) + 1)

    def _hiding(self, mode: str, start: int) -> Match | None:
        """The next markup from ``start`` that could hide a closer; remembered, since it can be far away."""
        search = self.patterns.opaque(mode).search
        asked, match = self._hidden.get(search, (len(self.read) + 1, None))
        if start < asked or (match and match.start() < start):
            match = search(self.read, start)
            self._hidden[search] = start, match
        return match

    def closer_in_line(self, mode: str, inside: int) -> Match | None:
        """The closer of formatting, if it is the next markup in the same line and nothing is around it."""
        if self.brackets or self.in_footnote:
            return None
        ahead = self._ahead.get(mode)
        if ahead is not None and ahead.known(inside) == -1:
            return None
        if inside > self._line_end:
            self._line_end = self.read.index("\n", inside)
        if self.next_waiting < self._line_end:
            return None
        search, _, names, _ = self.patterns.mode(mode)
        if self.release.cuts and (first := self.patterns.first(mode)) and first.match(self.read, inside):
            return None
        match = search(self.read, inside, self._line_end)
        if match and names[match.lastindex] == mode + "_CLOSE":  # type: ignore[index]  # every alternative is a group
            return match
        return None


def _is_of_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


_MEASURES: dict[str, Callable[[Lexer, Match, int], Place | None]] = {
    "RSS_START": Lexer._rss,
    "DATA_START": Lexer._data_block,
    "INDENTED_HEADING": Lexer._heading,
    "HEADING_IN_LINE": Lexer._heading_in_line,
    "EXTERNAL_LINK": Lexer._address,
    "EXTERNAL_HOST": Lexer._host,
    "MULTIPLY": Lexer._multiply,
    "SMILEY": Lexer._word,
    "ACRONYM": Lexer._word,
}
