"""Find the next closer of markup as DokuWiki does, in linear time."""

from __future__ import annotations

import re


class CloserCache:
    """Caches the place of the next closer of one kind.

    A closer that was found from one place is the next one from every place in between. If none was found, there is none
    from any later place. Without this cache, a page of unclosed openers takes quadratic time. DokuWiki has the same
    cache for the closers of formatting and never updates it, which affects its results, so this one does the same.
    """

    __slots__ = ("_asked", "_found", "_nothing_from", "_nothing_until")

    def __init__(self) -> None:
        self._asked = self._found = -1
        self._nothing_from = self._nothing_until = -1

    def known(self, start: int) -> int | None:
        """Return the place of the next closer from ``start``, -1 if there is none, or None if it is not cached."""
        if self._asked <= start <= self._found:
            return self._found
        if self._nothing_from <= start < self._nothing_until:
            return -1
        return None

    def found(self, start: int, at: int) -> int:
        """Cache and return ``at`` as the place of the next closer from ``start``."""
        self._asked, self._found = start, at
        return at

    def nothing(self, start: int, until: int) -> int:
        """Cache that there is no closer from ``start`` or from any place before ``until``; return -1."""
        self._nothing_from, self._nothing_until = start, until
        return -1


class NextEnd:
    """Caches the end of the next closer of one kind, for closers that no other markup hides."""

    __slots__ = ("_asked", "_end", "_found", "_nothing_from", "_read", "_search")

    def __init__(self, pattern: re.Pattern[str], read: str) -> None:
        self._search = pattern.search
        self._read = read
        self._asked = self._found = self._end = -1
        self._nothing_from = len(read) + 1

    def from_(self, start: int) -> int:
        """Return the end of the next closer that begins at or after ``start``, or -1."""
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
