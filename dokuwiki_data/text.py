"""The text of a page and the places in it.

DokuWiki reads a page as ``"\\n" + text + "\\n"``, with ``\\n`` in place of every ``\\r\\n``. This is the *normalized*
text. The parser works on it, and nodes store their offsets in it, so that parsing does not have to convert them. This
module converts these offsets into places in the page's own text on demand.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

#: The characters of a line that an excerpt shows at most, and those before the place.
_EXCERPT = 100
_BEFORE_PLACE = 60

#: The place in bytes is known for every so many characters, the rest is counted: to count the bytes before each
#: character took a sixth of the time of an instruction list, and 40 bytes of memory for each.
_RUN = 64
#: Surrogates that stand for single bytes that are not UTF-8.
_SINGLE_BYTES = re.compile(r"[\udc80-\udcff]")


class Span(NamedTuple):
    """A range of characters in the source of a page: ``str(page)[span.start:span.end]``."""

    start: int
    end: int


class Position(NamedTuple):
    """A line and a column, both counted from one."""

    line: int
    column: int


class Diagnostic(NamedTuple):
    """A problem of a page or a query, which is read nevertheless. `PageText.diagnostic` makes one with a place.

    Attributes:
        kind: A stable word to filter by, such as ``left-open``.
        message: A sentence for people.
        span: The place in the page's source, or in the text that a query was read from. It is empty, at the start, if
            there is no such text, as for a query that was built in Python.
        position: The line and the column at which the span starts.
    """

    kind: str
    message: str
    span: Span = Span(0, 0)
    position: Position = Position(1, 1)


class PageText:
    """The text of a page: as it is (``text``), and as DokuWiki reads it (``normalized``)."""

    __slots__ = ("_bytes", "_lines", "_returns", "direct", "normalized", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._set(text)
        if self._returns is None:
            self.direct = len(text) + 1

    def _set(self, text: str) -> None:
        #: Offsets from 1 up to this one in the normalized text are one more than those in the page's text. It is 0 if
        #: line ends were changed, or the text is part of another one: then `offset` has to be called.
        self.direct = 0
        self._lines: list[int] | None = None
        self._bytes: list[int] | None = None
        self._returns: list[int] | None = None
        if "\r\n" in text:
            # The offset of the n-th removed "\r" is that of its newline in the normalized text.
            pieces = text.split("\r\n")
            self._returns = [at + number for number, at in enumerate(accumulate(map(len, pieces[:-1])), start=1)]
            text = "\n".join(pieces)
        self.normalized = f"\n{text}\n"

    def __reduce__(self) -> tuple[Any, ...]:
        return PageText, (self.text,)

    def offset(self, at: int) -> int:
        """Return the offset in the page's text of an offset in the normalized text."""
        if self._returns is None:
            return min(max(at - 1, 0), len(self.normalized) - 2)
        # Each "\r" before a place moves it by one; the place of a newline is that of its "\r".
        return min(max(at - 1 + bisect_right(self._returns, at - 1), 0), len(self.normalized) - 2 + len(self._returns))

    def position(self, offset: int) -> Position:
        """Return the line and the column of an offset in the page's text."""
        if self._lines is None:
            ends = accumulate(len(line) + 1 for line in self.text.split("\n"))
            self._lines = [0, *ends]
        line = bisect_right(self._lines, offset)
        return Position(line, offset - self._lines[line - 1] + 1)

    def byte(self, at: int) -> int:
        """Return an offset in the normalized text counted in bytes of UTF-8, as DokuWiki counts."""
        read = self.normalized
        if read.isascii():
            return at
        if self._bytes is None:
            self._bytes = [0, *accumulate([size_in_bytes(read[at : at + _RUN]) for at in range(0, len(read), _RUN)])]
        run = at // _RUN
        return self._bytes[run] + size_in_bytes(read[run * _RUN : at])

    def marker(self, at: int) -> str:
        """Return what precedes the content in the line of an offset: the marker of a quotation."""
        return ""

    @property
    def page(self) -> PageText:
        """The text of the whole page."""
        return self

    def span(self, start: int, end: int) -> Span:
        """Return the place in the page's text of a range of the normalized text."""
        return Span(self.offset(start), self.offset(end))

    def excerpt(self, span: Span) -> str:
        """Return the line in which a place starts, and below it a line with carets under the place.

        Both lines are indented. A long line is cut, with ``…`` at the cut. Control characters become blanks.
        """
        text, start = self.page.text, span.start
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", start)
        last = len(text) if last < 0 else last
        begin = first if start - first <= _BEFORE_PLACE else start - _BEFORE_PLACE
        cut = begin + _EXCERPT < last
        line = "".join(c if c.isprintable() else " " for c in text[begin : begin + _EXCERPT if cut else last])
        line = f"{'…' * (begin > first)}{line}{'…' * cut}"
        at = start - begin + (begin > first)
        marked = line[at : at + max(span.end - start, 1)].rstrip() or " "
        return f"    {line.rstrip()}\n    {' ' * _columns(line[:at])}{'^' * max(_columns(marked), 1)}"

    def diagnostic(self, kind: str, message: str, span: Span) -> Diagnostic:
        """Return a diagnostic for a place in the page's text."""
        return Diagnostic(kind, message, span, self.page.position(span.start))


class QuotedText(PageText):
    """The lines of a quotation without their markers, which DokuWiki reads as a text of their own."""

    # There can be one in every line, so it saves memory: only the text of a page has `text`.
    __slots__ = ("_inner", "_outer", "_places")

    def __init__(self, outer: PageText, places: array[int]) -> None:
        """Take the lines from a text.

        Args:
            outer: The text that the quotation stands in.
            places: The start and the end of each line's content in the normalized text of ``outer``, alternating.
        """
        self._outer = outer
        self._places = places
        self._inner: list[int] | None = None
        self._set("\n".join(self._pieces()))

    def _pieces(self) -> list[str]:
        """Return the contents of the lines."""
        read, places = self._outer.normalized, self._places
        return [read[start:end] for start, end in zip(places[::2], places[1::2], strict=True)]

    def _lengths(self) -> Iterable[int]:
        """Return the lengths of these."""
        places = self._places
        return [end - start for start, end in zip(places[::2], places[1::2], strict=True)]

    def _within(self, line: int, within: int) -> int:
        """Return the distance in the outer text from the start of a line's content."""
        return within

    def __reduce__(self) -> tuple[Any, ...]:
        return QuotedText, (self._outer, self._places)

    def offset(self, at: int) -> int:
        inner = super().offset(at)
        line, within = self._line(inner)
        start, end = self._places[2 * line : 2 * line + 2]
        return self._outer.offset(min(start + self._within(line, within), end))

    def marker(self, at: int) -> str:
        line, _ = self._line(super().offset(at))
        offset = self._outer.offset(self._places[2 * line])
        text = self.page.text
        return text[text.rfind("\n", 0, offset) + 1 : offset]

    def _line(self, inner: int) -> tuple[int, int]:
        """Return the number of the line that an offset is in, from 0, and the offset in that line."""
        places = self._places
        if len(places) == 2:
            return 0, inner
        if self._inner is None:
            self._inner = [0, *accumulate(length + 1 for length in self._lengths())]
        line = min(bisect_right(self._inner, inner) - 1, len(places) // 2 - 1)
        return line, inner - self._inner[line]

    @property
    def page(self) -> PageText:
        return self._outer.page

    @property
    def outer(self) -> PageText:
        """The text that it stands in."""
        return self._outer

    @property
    def begins_at(self) -> int:
        """The offset in the normalized text of `outer` at which DokuWiki's count of places in this one begins."""
        return self._places[0]


class ItemText(QuotedText):
    """The lines of an item of a Markdown list without marker and indentation, in which a tab is two blanks."""

    __slots__ = ("_begins", "_tabs")

    def __init__(self, outer: PageText, places: array[int], begins: int, tabs: dict[int, int]) -> None:
        """Take the lines from a text.

        Args:
            outer: The text that the list stands in.
            places: The start and the end of each line's content as in `QuotedText`, but of a line with tabs of the
                whole line.
            begins: The offset in the normalized text of ``outer`` of the first line, from which DokuWiki counts.
            tabs: The columns to drop at the start of lines with tabs, by the number of the line.
        """
        self._begins = begins
        self._tabs = tabs
        super().__init__(outer, places)

    def __reduce__(self) -> tuple[Any, ...]:
        return ItemText, (self._outer, self._places, self._begins, self._tabs)

    @property
    def begins_at(self) -> int:
        return self._begins

    def _pieces(self) -> list[str]:
        pieces = super()._pieces()
        for number, columns in self._tabs.items():
            pieces[number] = pieces[number].replace("\t", "  ")[columns:]
        return pieces

    def _lengths(self) -> Iterable[int]:
        return map(len, self._pieces()) if self._tabs else super()._lengths()

    def _within(self, line: int, within: int) -> int:
        columns = self._tabs.get(line)
        if columns is None:
            return within
        start, end = self._places[2 * line : 2 * line + 2]
        return _without_tabs(self._outer.normalized[start:end], columns + within)


@lru_cache(maxsize=16)
def _columns_of(line: str) -> array[int]:
    """Return the column of each character of a line, in which a tab takes two, and of its end."""
    return array("q", accumulate((2 if character == "\t" else 1 for character in line), initial=0))


def _without_tabs(line: str, column: int) -> int:
    """Return the number of the character of a line that is in a column, in which a tab takes two."""
    return max(bisect_right(_columns_of(line), column) - 1, 0)


def _columns(text: str) -> int:
    """Return the number of columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def size_in_bytes(text: str) -> int:
    """Return the number of bytes of a text in UTF-8, in which some surrogates stand for single bytes."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return len(_SINGLE_BYTES.sub("?", text).encode("utf-8", "surrogatepass"))


NOWHERE = PageText("")
"""The text of nodes that were not read from a page."""
