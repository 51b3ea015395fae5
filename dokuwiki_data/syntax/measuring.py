"""Find the start and the end of markup that a terminal matched, and whether it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable

from dokuwiki_data.plugins.declaration import Container, InnerHeading
from dokuwiki_data.syntax.closers import NextEnd
from dokuwiki_data.syntax.diagnostics import Diagnostics
from dokuwiki_data.syntax.paragraphs import AnyToken, TokenWriter
from dokuwiki_data.syntax.patterns import Patterns
from dokuwiki_data.text import PageText

Match = re.Match[str]
Place = tuple[int, int]

#: Markup that is probably a mistake if it is not closed; reported once, since all later ones are not closed either.
UNCLOSED = {
    "NOWIKI_START": "</nowiki>", "CODE_START": "</code>", "FILE_START": "</file>",
    "DATA_START": "a closing line of dashes", "FENCED_CODE": "a closing line of backticks",
    "FENCED_FILE": "a closing line of tildes",
}  # fmt: skip

#: What ``\\s`` means in DokuWiki's patterns.
WHITE_SPACE = " \t\n\r\v\f"

_DASHES = re.compile(r"-*+")


class MarkupScanner(TokenWriter):
    """Measures the markup of one text. Searches are cached, so that the whole takes linear time."""

    __slots__ = (
        "_brackets", "_dashes", "_ends", "_line", "_marks_end", "_unclosed", "_white_space", "diagnostics", "patterns",
    )  # fmt: skip

    def __init__(
        self,
        source: PageText,
        patterns: Patterns,
        diagnostics: Diagnostics,
        take: Callable[[list[AnyToken]], None],
    ) -> None:
        super().__init__(source, patterns.release, take)
        self.patterns = patterns
        self.diagnostics = diagnostics
        self._ends: dict[str, NextEnd] = {}
        #: The start of the white space before a place, cached by place.
        self._white_space: dict[int, int] = {}
        #: The last run of dashes that begins no data block; the last place and the end of its line.
        self._dashes = 0, 0
        self._line = 0, -1
        #: The last place from which the bracket behind an address was searched, and where the search stopped.
        self._brackets = 0, -1
        #: The end of the last line that was searched for closing marks of a heading, and the end of these marks.
        self._marks_end = -1, -1
        self._unclosed: set[str] = set()

    def odd(self, kind: str, message: str, start: int, end: int) -> None:
        """Add a diagnostic."""
        self.diagnostics.note(self.source, kind, message, start, end)

    # -- places ------------------------------------------------------------------------------------

    def line_end_before(self, end: int) -> int:
        """Return the start of the line end just before ``end``, including the blanks of an otherwise empty line."""
        at = end - 1
        while at > self.position and self.read[at - 1] in " \t":
            at -= 1
        return at if at >= self.position and self.begins_line(at) else end - 1

    def before_blanks(self, at: int) -> int:
        """Return the place before the blanks that precede ``at``."""
        while at > self.position and self.read[at - 1] in " \t":
            at -= 1
        return at

    def ends_empty_line(self, at: int) -> bool:
        """Return whether the newline at ``at`` ends a line of blanks alone and belongs to it."""
        if not self.lines_flow:
            return False
        start = self.before_blanks(at)
        return start < at and self.begins_line(start)

    def begins_line(self, at: int) -> bool:
        """Return whether a line begins at a place for DokuWiki."""
        return self.read[at - 1] == "\n" or (self.release.cuts and at == self.position)

    def line_end(self, at: int) -> int:
        """Return the end of the line at a place."""
        asked, end = self._line
        if not asked <= at <= end:
            end = self.read.index("\n", at)
            self._line = at, end
        return end

    def preformatted_end(self, start: int) -> int:
        """Return the end of the preformatted lines that begin at a line end."""
        return self.patterns.single("PREFORMATTED_LINES").match(self.read, start).end()  # type: ignore[union-attr]

    def are_blanks_preformatted(self, start: int) -> bool:
        """Return whether the preformatted lines that begin at a line end contain only blanks."""
        end = self.next_end("NOT_BLANK", start)
        return end < 0 or self.next_end("PREFORMATTED_END", start + 1) < end

    def behind_white_space(self, at: int, since: int) -> int:
        """Return the start of the white space before a place, but not before ``since``."""
        begin = self._white_space.get(at)
        if begin is None:
            begin = at
            while begin > 0 and self.read[begin - 1] in WHITE_SPACE:
                begin -= 1
            self._white_space[at] = begin
        return min(max(begin, since), at)

    # -- markup as a whole -------------------------------------------------------------------------

    def measure(self, match: Match, name: str, since: int) -> Place | None:
        """Return the start and end of the markup that a terminal matched; None if it is not complete.

        Args:
            match: The match.
            name: The terminal.
            since: The end of the markup before it; the text after that is not used yet.
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
        """Return the end of the next closer from ``start``, or -1."""
        ends = self._ends.get(closer)
        if ends is None:
            ends = self._ends[closer] = NextEnd(self.patterns.single(closer), self.read)
        return ends.from_(start)

    def opening_end(self, match: Match, name: str) -> int:
        """Return the end of the opening tag of a plugin's markup; -1 without one or without a closing tag."""
        markup = self.patterns.plugins[name]
        ends_later = isinstance(markup, Container) and markup.start_end
        end = self.next_end(f"{name}_END", match.end()) if ends_later else match.end()
        return end if end >= 0 and self.next_end(f"{name}_CLOSE", end) >= 0 else -1

    def bracket_end(self, start: int) -> int:
        """Return the end of an address in round brackets that begins at a place, or -1."""
        asked, stop = self._brackets
        if not asked <= start <= stop:
            stop = self.patterns.single("MARKDOWN_LINK_END").match(self.read, start).end()  # type: ignore[union-attr]
            self._brackets = start, stop
        return stop + 1 if start < stop and self.read[stop : stop + 1] == ")" else -1

    def _markdown_link(self, match: Match, since: int) -> Place | None:
        end = self.bracket_end(match.end())
        if end >= 0 and match[0].startswith("[!["):
            end = self.bracket_end(end + 2) if self.read.startswith("](", end) else -1
        return (match.start(), end) if end >= 0 else None

    def _markdown_image(self, match: Match, since: int) -> Place | None:
        end = self.next_end("MARKDOWN_IMAGE_END", match.end())
        return (match.start(), end) if end >= 0 and self.read[end - 1] == ")" else None

    def _code_span(self, match: Match, since: int) -> Place | None:
        start, inside = match.span()
        number = inside - start
        end = self.next_end("BACKTICK_CLOSE" if number == 1 else "BACKTICKS_CLOSE", inside)
        if end < 0 or (number > 1 and self.read[end - 3] == "`"):  # that is a longer run
            return None
        return None if 0 <= self.next_end("EMPTY_LINE_START", inside) <= end - number else (start, end)

    def _line_end_break(self, match: Match, since: int) -> Place | None:
        start = match.start() - 1
        if self.read[start] == "\\":
            return (start, match.end()) if start >= since else None
        while start > since and self.read[start - 1] == " ":
            start -= 1
        return (start, match.end()) if start >= since and match.start() - start > 1 else None

    def _rss(self, match: Match, since: int) -> Place | None:
        end = self.next_end("RSS_CLOSE", match.end())
        return (match.start(), end + 1) if end >= 0 and self.read[end] == "}" else None

    def _data_block(self, match: Match, since: int) -> Place | None:
        start = match.start()
        if self._dashes[0] <= start < self._dashes[1]:
            return None
        head = self.patterns.single("DATA_HEAD").match(self.read, start)
        if head is None:
            # Search each run of dashes once; otherwise long runs take quadratic time.
            self._dashes = start, _DASHES.match(self.read, start).end()  # type: ignore[union-attr]  # it always does
            return None
        end = self.next_end("DATA_CLOSE", head.end())
        if end < 0:
            self.unclosed_once(head, "DATA_START")
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
        """Return whether a word begins or ends at a place."""
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
        end = self.line_end(at)
        if self._marks_end[0] != end:
            # Search each line once; otherwise a line of marks takes quadratic time.
            last = end
            while self.read[last - 1] in " \t":
                last -= 1
            self._marks_end = end, last if self.read[last - 2 : last] == "==" else -1
        start = max(since, self.before_blanks(at))
        return (start, end) if at + 5 <= self._marks_end[1] else None

    def unclosed_once(self, match: Match, name: str) -> None:
        if name not in self._unclosed:
            self._unclosed.add(name)
            self.odd("unclosed", f"{match[0].strip()} without {UNCLOSED[name]}, read as text", *match.span())


def _is_of_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


_MEASURES: dict[str, Callable[[MarkupScanner, Match, int], Place | None]] = {
    "RSS_START": MarkupScanner._rss,
    "MARKDOWN_LINK": MarkupScanner._markdown_link,
    "MARKDOWN_IMAGE": MarkupScanner._markdown_image,
    "BACKTICK": MarkupScanner._code_span,
    "BACKTICKS": MarkupScanner._code_span,
    "LINE_END_BREAK": MarkupScanner._line_end_break,
    "DATA_START": MarkupScanner._data_block,
    "INDENTED_HEADING": MarkupScanner._heading,
    "HEADING_IN_LINE": MarkupScanner._heading_in_line,
    "EXTERNAL_LINK": MarkupScanner._address,
    "EXTERNAL_HOST": MarkupScanner._host,
    "MULTIPLY": MarkupScanner._multiply,
    "SMILEY": MarkupScanner._word,
    "ACRONYM": MarkupScanner._word,
}
