"""Is a closer ahead? DokuWiki's answer, and in linear time."""

from __future__ import annotations

import re


class CloserCache:
    """Remembers the answers to "where is the next one from here?" for one kind of closer.

    A closer found from one place is the next one from every place in between; none found
    means none from every place behind. Without this, a page of unclosed openers takes
    quadratic time. DokuWiki has the same memory for the closers of formatting, and what it
    remembers it does not look at again: that shows in its results, so here it must too.
    """

    __slots__ = ("_asked", "_found", "_nothing_from", "_nothing_until")

    def __init__(self) -> None:
        self._asked = self._found = -1
        self._nothing_from = self._nothing_until = -1

    def known(self, start: int) -> int | None:
        """Where the next closer from ``start`` is, -1 for nowhere, None if that must be looked up."""
        if self._asked <= start <= self._found:
            return self._found
        if self._nothing_from <= start < self._nothing_until:
            return -1
        return None

    def found(self, start: int, at: int) -> int:
        """Remember, and return, that the next one from ``start`` is ``at``."""
        self._asked, self._found = start, at
        return at

    def nothing(self, start: int, until: int) -> int:
        """Remember that there is none from ``start``, nor from any place before ``until``; return -1."""
        self._nothing_from, self._nothing_until = start, until
        return -1


class NextEnd:
    """Where the next closer of one kind ends: the same memory, for closers that nothing hides."""

    __slots__ = ("_asked", "_end", "_found", "_nothing_from", "_read", "_search")

    def __init__(self, pattern: re.Pattern[str], read: str) -> None:
        self._search = pattern.search
        self._read = read
        self._asked = self._found = self._end = -1
        self._nothing_from = len(read) + 1

    def from_(self, start: int) -> int:
        """The end of the next closer that begins at ``start`` or behind it, or -1."""
        if self._asked <= start <= self._found:
            return self._end
        if start >= self._nothing_from:
            return -1
        match = self._search(self._read, start)
        if match is None:
            self._nothing_from = start
            return -1
        self._asked = start
        self._found, self._end = match.span()
        return self._end
