"""The text of a page and the places in it: what a parser reads, where a node stands.

DokuWiki reads a page as ``"\\n" + text + "\\n"`` with every ``\\r\\n`` turned into
``\\n``. Nodes keep their offsets in that *read* text, which costs nothing while
parsing; this module turns them into places of the page's own text when asked.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import Any, NamedTuple


class Span(NamedTuple):
    """A half-open range of characters of a page's source.

    ``start`` and ``end`` are offsets into ``str(page)``, counted in characters.
    """

    start: int
    end: int


class Position(NamedTuple):
    """A place as people name it: line and column, both counted from one."""

    line: int
    column: int


class Diagnostic(NamedTuple):
    """Something odd that was read all the same.

    ``kind`` is a stable word to filter by, ``message`` is for people, ``span`` is
    where it stands in the page's source, and ``position`` is the line and column of its start.
    """

    kind: str
    message: str
    span: Span
    position: Position


class PageText:
    """A page's text, as it is (``text``) and as DokuWiki reads it (``read``)."""

    __slots__ = ("_bytes", "_lines", "_returns", "read", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._set(text)

    def _set(self, text: str) -> None:
        self._lines: list[int] | None = None
        self._bytes: list[int] | None = None
        self._returns: list[int] | None = None
        if "\r\n" in text:
            # The n-th removed return stood where the read text now has its newline,
            # so the places are those of the newlines in the read text.
            pieces = text.split("\r\n")
            self._returns = [at + number for number, at in enumerate(accumulate(map(len, pieces[:-1])), start=1)]
            text = "\n".join(pieces)
        self.read = f"\n{text}\n"

    def __reduce__(self) -> tuple[Any, ...]:
        return PageText, (self.text,)

    def offset(self, at: int) -> int:
        """The offset in the page's text of place ``at`` of the read text."""
        if self._returns is None:
            return min(max(at - 1, 0), len(self.read) - 2)
        # A place is moved by the returns that stood before it; the place of a
        # newline itself stays in front of its return.
        return min(max(at - 1 + bisect_right(self._returns, at - 1), 0), len(self.read) - 2 + len(self._returns))

    def position(self, offset: int) -> Position:
        """Line and column of a character offset of the page's text."""
        if self._lines is None:
            ends = accumulate(len(line) + 1 for line in self.text.split("\n"))
            self._lines = [0, *ends]
        line = bisect_right(self._lines, offset)
        return Position(line, offset - self._lines[line - 1] + 1)

    def byte(self, at: int) -> int:
        """The place ``at`` of the read text counted in bytes of UTF-8, as DokuWiki counts."""
        if self._bytes is None:
            self._bytes = [] if self.read.isascii() else [0, *accumulate(map(_width, self.read))]
        return self._bytes[at] if self._bytes else at

    def marker(self, at: int) -> str:
        """What stands in front of the content of every line here, as it does in the line of place ``at``."""
        return ""

    @property
    def page(self) -> PageText:
        """The source of the whole page."""
        return self


class QuotedText(PageText):
    """The lines of a quotation without their markers, which DokuWiki reads as a page of their own."""

    # There can be one in every line, so it keeps no more than it needs: `text` is that of a page alone.
    __slots__ = ("_inner", "_outer", "_places")

    def __init__(self, outer: PageText, places: array[int]) -> None:
        """``places``: start and end of each line's content in the read text of ``outer``, one behind the other."""
        self._outer = outer
        self._places = places
        self._inner: list[int] | None = None
        self._set("\n".join([outer.read[start:end] for start, end in zip(places[::2], places[1::2], strict=True)]))

    def __reduce__(self) -> tuple[Any, ...]:
        return QuotedText, (self._outer, self._places)

    def offset(self, at: int) -> int:
        inner = super().offset(at)
        line, within = self._line(inner)
        start, end = self._places[2 * line : 2 * line + 2]
        return self._outer.offset(min(start + within, end))

    def marker(self, at: int) -> str:
        line, _ = self._line(super().offset(at))
        offset = self._outer.offset(self._places[2 * line])
        text = self.page.text
        return text[text.rfind("\n", 0, offset) + 1 : offset]

    def _line(self, inner: int) -> tuple[int, int]:
        """Which line an offset is in, and how far."""
        places = self._places
        if len(places) == 2:
            return 0, inner
        if self._inner is None:
            self._inner = [
                0,
                *accumulate(end - start + 1 for start, end in zip(places[::2], places[1::2], strict=True)),
            ]
        line = min(bisect_right(self._inner, inner) - 1, len(places) // 2 - 1)
        return line, inner - self._inner[line]

    @property
    def page(self) -> PageText:
        return self._outer.page


def _width(character: str) -> int:
    code = ord(character)
    if code < 0x80 or 0xDC80 <= code <= 0xDCFF:  # an undecodable byte counts as the one that it was
        return 1
    return 2 if code < 0x800 else 3 if code < 0x10000 else 4


NOWHERE = PageText("")
"""The source of nodes that were made by hand."""
