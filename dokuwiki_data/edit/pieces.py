"""What is changed in a text: pieces of it, each with what is written there instead; and the text with the changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from dokuwiki_data.nodes.page import Page
from dokuwiki_data.text import PageText, Span


class Piece(NamedTuple):
    """A piece of the text as read, from ``start`` to ``end``, and what stands there in the new one.

    ``generated`` says that the text was made here, so that its line ends are those of the page.
    """

    source: PageText
    start: int
    end: int
    text: str
    generated: bool = True

    @property
    def span(self) -> Span:
        """Where it stands in the page's source."""
        start = self.source.offset(self.start)
        return Span(start, max(start, self.source.offset(self.end)))


class Spliced:
    """A page's text with some pieces changed; all else is as it was."""

    def __init__(self, page: Page, pieces: Sequence[Piece]) -> None:
        text = str(page)
        line_end = "\r\n" if "\r\n" in text else "\n"
        placed = sorted((_placed(piece, line_end) for piece in pieces), key=lambda place: place[:2])
        parts: list[str] = []
        at = 0
        for start, end, new in placed:
            parts += [text[at:start], new]
            at = end
        self.text = "".join([*parts, text[at:]])
        self._starts = [start for start, _, _ in placed]
        self._ends = [end for _, end, _ in placed]
        self._grown = [0, *accumulate(len(new) - (end - start) for start, end, new in placed)]

    def start(self, offset: int) -> int:
        """Where in the new text a place is, with what was put in there behind it."""
        return offset + self._grown[bisect_left(self._starts, offset)]

    def end(self, offset: int) -> int:
        """Where in the new text a place is, with what was put in there before it."""
        return offset + self._grown[bisect_right(self._ends, offset)]


def _placed(piece: Piece, line_end: str) -> tuple[int, int, str]:
    """A piece by its place in the page's text; in a quotation, new lines get markers."""
    start, end = piece.span
    text = piece.text
    if "\n" in text:
        if piece.generated:
            text = text.replace("\n", line_end)
        if marker := piece.source.marker(piece.start):
            text = text.replace("\n", f"\n{marker}")
    return start, end, text
