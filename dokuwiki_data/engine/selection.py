"""Selecting the values of a column that match a comparison, by their order or by a search.

A value is identified by its rank, its place among the sorted values of the column, and a result is a set of ranks. The
first few comparisons test each value; for more, an order or an index is built, so that thousands of comparisons stay
cheap.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import Any

from dokuwiki_data.engine.bits import FEW, Bits, Prefixes, between, bits_of
from dokuwiki_data.php import ascii_lower, numeric

Test = Callable[[str], bool]
Ranges = Sequence[tuple[int, int]]

#: Up to this many comparisons test one value after the other.
TESTS = 4


class Selection:
    """The values of a column that match a comparison: as ranges of ranks, or by a test.

    Attributes:
        ranges: The ranges of matching ranks, or None.
        test: A function that tests one value, or None.
    """

    __slots__ = ("_find", "ranges", "test")

    def __init__(self, ranges: Ranges | None, test: Test | None = None, find: Callable[[], Bits] | None = None) -> None:
        """Initialize with ranges, or with a test and a function that finds the ranks of all values that pass it."""
        self.ranges = ranges
        self.test = test
        self._find = find

    @property
    def ranks(self) -> Bits:
        """The ranks of the matching values."""
        if self._find is not None:
            return self._find()
        return ranks_in(self.ranges or ())


class SortedRanks:
    """Some ranks in the order of a key, for comparisons with any key."""

    def __init__(self, ranks: Iterable[int], keys: Sequence[Any]) -> None:
        """Sort ranks by their keys."""
        order = sorted(zip(keys, ranks, strict=True))
        self._keys = [key for key, _ in order]
        self._prefixes = Prefixes(array("I", [rank for _, rank in order]))
        self.ranks = self._prefixes.first(len(order))

    def select(self, operator: str, key: Any) -> Bits:
        """Return the ranks whose keys compare with a key as an operator says."""
        first, keys = self._prefixes.first, self._keys
        low, high = bisect_left(keys, key), bisect_right(keys, key)
        if operator in ("=", "!="):
            equal = bits_of(self._prefixes.numbers[low:high])
            return equal if operator == "=" else self.ranks & ~equal
        if operator in ("<", "<="):
            return first(low if operator == "<" else high)
        return self.ranks & ~first(high if operator == ">" else low)


class NumericValues:
    """The values of a column, of which numbers compare with numbers as such, and all others as text."""

    def __init__(self, values: Sequence[str]) -> None:
        self._values = values
        numbers = list(map(numeric, values))
        ranks = [rank for rank, number in enumerate(numbers) if number is not None]
        self._numbers = SortedRanks(ranks, [number for number in numbers if number is not None])

    def select(self, operator: str, operands: Sequence[str]) -> Bits:
        """Return the ranks of the values that compare with any of some texts as an operator says."""
        if operator == "~~":
            found = 0
            for text in operands:
                found |= self.select("=", [text])
            return found
        (text,) = operands
        number, as_text = numeric(text), ranks_in(ranges(self._values, operator, text))
        if number is None:
            return as_text
        return self._numbers.select(operator, number) | as_text & ~self._numbers.ranks


class SearchIndex:
    """The values of a column, to be searched with patterns."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._searches = 0

    def select(self, pattern: str) -> Bits:
        """Return the ranks of the texts that look like a pattern, see `like`."""
        self._searches += 1
        test, needle = like(pattern), max(re.split("[%_]", ascii_lower(pattern)), key=len)
        if self._searches <= TESTS or not needle:
            return self._tested(test, range(len(self._texts)))
        candidates = self._with(needle)
        return self._tested(test, range(len(self._texts)) if candidates is None else candidates)

    def _tested(self, test: Test, ranks: Sequence[int]) -> Bits:
        texts = self._texts if len(ranks) == len(self._texts) else list(map(self._texts.__getitem__, ranks))
        return bits_of(list(compress(ranks, map(test, texts))))

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        """All texts in one, and the end of each."""
        lowered = list(map(ascii_lower, self._texts))
        return "".join(lowered), list(accumulate(map(len, lowered)))

    def _with(self, needle: str) -> list[int] | None:
        """Return the ranks of the texts that contain a text, or None if these are so many that a test is faster."""
        joined, ends = self._joined
        found: list[int] = []
        at = joined.find(needle)
        while at >= 0:
            rank = bisect_right(ends, at)
            if at + len(needle) <= ends[rank]:
                found.append(rank)
                if len(found) > FEW and len(found) * 4 > rank:
                    return None
                at = joined.find(needle, ends[rank])
            else:  # it starts in one text and ends in another
                at = joined.find(needle, at + 1)
        return found


def ranges(values: Sequence[str], operator: str, value: str) -> list[tuple[int, int]]:
    """Return the ranges of the values that compare with a value as text, by code point."""
    low, high = bisect_left(values, value), bisect_right(values, value)
    return {
        "=": [(low, high)],
        "!=": [(0, low), (high, len(values))],
        "<": [(0, low)],
        "<=": [(0, high)],
        ">": [(high, len(values))],
        ">=": [(low, len(values))],
    }[operator]


def ranks_in(ranges: Ranges) -> Bits:
    """Return the set of the ranks in some ranges."""
    found = 0
    for low, high in ranges:
        found |= between(low, high)
    return found


@lru_cache(maxsize=1024)
def like(pattern: str) -> Test:
    """Return a function that tests whether a text looks like a pattern, as LIKE does in SQLite.

    ``%`` stands for any text and ``_`` for any character. The case of the letters A to Z does not count. The test
    takes linear time for each piece between two ``%``.
    """
    lowered = ascii_lower(pattern)
    inside = lowered.strip("%")
    if "%" not in inside and "_" not in inside:
        starts, ends = not lowered.startswith("%"), not lowered.endswith("%")
        if starts and ends:
            return lambda text: ascii_lower(text) == inside
        if starts:
            return lambda text: ascii_lower(text).startswith(inside)
        if ends:
            return lambda text: ascii_lower(text).endswith(inside)
        return lambda text: inside in ascii_lower(text)
    # The first match of each piece is always right, so atomic groups rule out backtracking.
    first, *others = (re.escape(piece).replace("_", ".") for piece in lowered.split("%"))
    expression = first + "".join(f"(?>.*?{piece})" for piece in others[:-1] if piece)
    if others:
        expression += f".*{others[-1]}"
    fullmatch = re.compile(expression, re.DOTALL).fullmatch
    return lambda text: fullmatch(ascii_lower(text)) is not None
