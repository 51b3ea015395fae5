"""Which of a column's values fit comparisons: by their order, or by a search, so that many comparisons stay cheap.

A value is its rank here, its place among the sorted values of the column, and what fits a comparison is a set of ranks.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate, compress
from typing import Any

from dokuwiki_data.engine.bits import FEW, Bits, Prefixes, between, bits_of
from dokuwiki_data.engine.like import matcher
from dokuwiki_data.php import ascii_lower, numeric

Test = Callable[[str], bool]
Ranges = Sequence[tuple[int, int]]

#: So many comparisons test one value after the other; for more of them something is prepared that is quicker.
TESTS = 4


class Order:
    """Some ranks in the order of a key, for comparisons with any value of the key."""

    def __init__(self, ranks: Iterable[int], keys: Sequence[Any]) -> None:
        """``keys``: of each rank."""
        order = sorted(zip(keys, ranks, strict=True))
        self._keys = [key for key, _ in order]
        self._prefixes = Prefixes(array("I", [rank for _, rank in order]))
        self.ranks = self._prefixes.first(len(order))

    def fitting(self, operator: str, wanted: Any) -> Bits:
        """The ranks whose keys compare with a key as an operator says."""
        first, keys = self._prefixes.first, self._keys
        low, high = bisect_left(keys, wanted), bisect_right(keys, wanted)
        if operator in ("=", "!="):
            equal = bits_of(self._prefixes.numbers[low:high])
            return equal if operator == "=" else self.ranks & ~equal
        if operator in ("<", "<="):
            return first(low if operator == "<" else high)
        return self.ranks & ~first(high if operator == ">" else low)


class Numbers:
    """A column's values, of which numbers compare with numbers as such, and all others as texts."""

    def __init__(self, values: Sequence[str]) -> None:
        self._values = values
        numbers = list(map(numeric, values))
        ranks = [rank for rank, number in enumerate(numbers) if number is not None]
        self._order = Order(ranks, [number for number in numbers if number is not None])

    def fitting(self, operator: str, wanted: Sequence[str]) -> Bits:
        """The ranks of the values that compare with any of some texts."""
        if operator == "~~":
            found = 0
            for value in wanted:
                found |= self.fitting("=", [value])
            return found
        (value,) = wanted
        number, as_text = numeric(value), ranks_in(ranges(self._values, operator, value))
        if number is None:
            return as_text
        return self._order.fitting(operator, number) | as_text & ~self._order.ranks


class Searched:
    """A column's values as patterns look at them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._asked = 0

    def fitting(self, pattern: str) -> Bits:
        """The ranks of the texts that look like a pattern, where ``%`` is any run of characters, ``_`` any one."""
        self._asked += 1
        fits, needle = matcher(pattern), max(re.split("[%_]", ascii_lower(pattern)), key=len)
        if self._asked <= TESTS or not needle:
            return self._tested(fits, range(len(self._texts)))
        candidates = self._with(needle)
        return self._tested(fits, range(len(self._texts)) if candidates is None else candidates)

    def _tested(self, fits: Test, ranks: Sequence[int]) -> Bits:
        texts = self._texts if len(ranks) == len(self._texts) else list(map(self._texts.__getitem__, ranks))
        return bits_of(list(compress(ranks, map(fits, texts))))

    @cached_property
    def _joined(self) -> tuple[str, list[int]]:
        """All texts in one, and where each ends."""
        lowered = list(map(ascii_lower, self._texts))
        return "".join(lowered), list(accumulate(map(len, lowered)))

    def _with(self, needle: str) -> list[int] | None:
        """The ranks of the texts in which a text stands; None if it stands in many, so that a search takes longer."""
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
            else:  # it begins in one text and ends in another
                at = joined.find(needle, at + 1)
        return found


class Fit:
    """Which values of a column fit a comparison."""

    __slots__ = ("_find", "ranges", "test")

    def __init__(self, ranges: Ranges | None, test: Test | None = None, find: Callable[[], Bits] | None = None) -> None:
        """As ranges of ranks, or by a test of one value and a function that finds all that pass it."""
        self.ranges = ranges
        self.test = test
        self._find = find

    @property
    def ranks(self) -> Bits:
        """The ranks of the values that fit."""
        if self._find is not None:
            return self._find()
        return ranks_in(self.ranges or ())


def ranges(values: Sequence[str], operator: str, value: str) -> list[tuple[int, int]]:
    """The ranks of the values that compare with a value as texts do, by code point."""
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
    """Ranges as a set."""
    found = 0
    for low, high in ranges:
        found |= between(low, high)
    return found
