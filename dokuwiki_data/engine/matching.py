"""Matchers: the parts of a condition over an index. Each estimates how many pages match, and finds them.

A matcher can find all matching pages at once, or test single pages, whichever is cheaper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, compress
from typing import Protocol

from dokuwiki_data.engine.bits import Bits, bits_of, flags, full, members
from dokuwiki_data.engine.index import ColumnIndex
from dokuwiki_data.engine.selection import Selection

#: The time to test one page, in units of the time to set one bit.
TEST_COST = 8

#: A set that holds, or lacks, at most one in this many values of a column is processed value by value.
SPARSE = 16

#: The number of comparisons of a column whose results are kept.
KEPT = 4


class Matcher(Protocol):
    """A part of a condition."""

    @property
    def size(self) -> int:
        """An upper bound of the number of matching pages."""

    @property
    def tests(self) -> int:
        """The number of comparisons that a test of one page takes."""

    def pages(self) -> Bits:
        """Return the matching pages."""

    def matches(self, page: int) -> bool:
        """Return whether a page matches."""

    def can_test(self, cost: int) -> bool:
        """Return whether tests of this cost, added to earlier tests, are cheaper than finding all pages."""


class KnownPages:
    """Matches given pages."""

    tests = 0

    def __init__(self, pages: Bits) -> None:
        self._pages = pages
        self.size = pages.bit_count()

    def pages(self) -> Bits:
        return self._pages

    def matches(self, page: int) -> bool:
        return bool(self._pages >> page & 1)

    def can_test(self, cost: int) -> bool:
        return False


class ColumnPages:
    """Finds the pages of sets of a column's values."""

    def __init__(self, column: ColumnIndex, total: int) -> None:
        self.column = column
        self.total = total
        self.all_ranks = full(len(column.values))
        #: The cost of the single tests of this column's values so far.
        self.test_cost = 0
        self._last: dict[Bits, Bits] = {}

    @cached_property
    def all_pages(self) -> Bits:
        """The pages that have the column."""
        return bits_of(self.column.pages)

    @property
    def missing(self) -> Bits:
        """The pages that do not have the column."""
        return full(self.total) & ~self.all_pages

    def pages(self, ranks: Bits) -> Bits:
        """Return the pages with a value of one of some ranks."""
        if not ranks:
            return 0
        if ranks == self.all_ranks:
            return self.all_pages
        if ranks not in self._last:
            while len(self._last) >= KEPT:
                del self._last[next(iter(self._last))]
            self._last[ranks] = self._found(ranks)
        return self._last[ranks]

    def _found(self, ranks: Bits) -> Bits:
        column, count = self.column, ranks.bit_count()
        low, high = (ranks & -ranks).bit_length() - 1, ranks.bit_length()
        if high - low == count and count * SPARSE <= len(column.values) * (SPARSE - 1):
            return bits_of(column.pages_between(low, high))
        if count * SPARSE <= len(column.values):
            return bits_of(self._rows(ranks))
        others = self.all_ranks ^ ranks
        if others.bit_count() * SPARSE <= len(column.values):
            is_other = flags(others | 1 << len(column.values))
            only_others = [
                page for page in set(self._rows(others)) if all(map(is_other.__getitem__, column.ranks_of(page)))
            ]
            return self.all_pages & ~bits_of(only_others)
        selected = flags(ranks | 1 << len(column.values))
        return bits_of(list(compress(column.pages, map(selected.__getitem__, column.ranks))))

    def _rows(self, ranks: Bits) -> list[int]:
        """Return the page of each row of some ranks."""
        return list(chain.from_iterable(self.column.pages_between(rank, rank + 1) for rank in members(ranks)))


class AnyValue:
    """Matches the pages with a selected value in a column.

    Attributes:
        column_pages: The pages of the column's values.
        missing: Whether pages without the column match too.
        keeps: Whether to cache the matching pages, since the same comparison occurs again.
    """

    tests = 1

    def __init__(self, column_pages: ColumnPages, selection: Selection, missing: bool) -> None:
        self.column_pages = column_pages
        self.missing = missing
        self._selection = selection
        self.keeps = False
        self._kept: Bits | None = None
        column, known = column_pages.column, selection.ranges
        rows = len(column.pages) if known is None else sum(column.count_between(low, high) for low, high in known)
        self.size = column_pages.total if missing else rows

    @property
    def ranks(self) -> Bits:
        """The ranks of the selected values."""
        return self._selection.ranks

    def pages(self) -> Bits:
        return self.pages_of(self.ranks) if self._kept is None else self._kept

    def pages_of(self, ranks: Bits) -> Bits:
        """Return the matching pages, given the ranks of the selected values."""
        if self._kept is not None:
            return self._kept
        found = self.column_pages.pages(ranks) | (self.column_pages.missing if self.missing else 0)
        if self.keeps:
            self._kept = found
        return found

    def matches(self, page: int) -> bool:
        column, selection = self.column_pages.column, self._selection
        ranks = column.ranks_of(page)
        if not ranks:
            return self.missing
        if selection.ranges is not None:
            return any(low <= rank < high for rank in ranks for low, high in selection.ranges)
        assert selection.test is not None
        return any(map(selection.test, map(column.values.__getitem__, ranks)))

    def can_test(self, cost: int) -> bool:
        cost += self.column_pages.test_cost
        if cost < self.size:
            self.column_pages.test_cost = cost
        return cost < self.size


class _Joined:
    """Several matchers joined."""

    def __init__(self, parts: Sequence[Matcher], total: int) -> None:
        self._parts = list(parts)
        self._total = total
        self.tests = sum(part.tests for part in self._parts)

    size: int

    def can_test(self, cost: int) -> bool:
        return bool(self._parts) and self._parts[0].can_test(cost)


class Not(_Joined):
    """Matches the pages that another matcher does not match."""

    def __init__(self, other: Matcher, total: int) -> None:
        super().__init__([other], total)
        (self._other,) = self._parts
        self.size = total

    def pages(self) -> Bits:
        return full(self._total) & ~self._other.pages()

    def matches(self, page: int) -> bool:
        return not self._other.matches(page)


class AnyOf(_Joined):
    """Matches the pages that one of several matchers matches."""

    def __init__(self, parts: Sequence[Matcher], total: int) -> None:
        super().__init__(parts, total)
        self.size = min(total, sum(part.size for part in self._parts))

    def pages(self) -> Bits:
        # Join the values of all comparisons of a column before finding their pages.
        of_columns: dict[ColumnPages, list[AnyValue]] = {}
        others: list[Matcher] = []
        for part in self._parts:
            if isinstance(part, AnyValue):
                of_columns.setdefault(part.column_pages, []).append(part)
            else:
                others.append(part)
        everything, found = full(self._total), 0
        for column_pages, parts in of_columns.items():
            found |= _pages_of_any(column_pages, parts)
        for part in others:
            if found == everything:
                break
            found |= part.pages()
        return found

    def matches(self, page: int) -> bool:
        return any(part.matches(page) for part in self._parts)


def _pages_of_any(column_pages: ColumnPages, parts: Sequence[AnyValue]) -> Bits:
    """Return the pages that any of several comparisons of a column matches."""
    if len(parts) == 1:
        return parts[0].pages()
    ranks = 0
    for part in parts:
        ranks |= part.ranks
        if ranks == column_pages.all_ranks:
            break
    return column_pages.pages(ranks) | (column_pages.missing if any(part.missing for part in parts) else 0)


class AllOf(_Joined):
    """Matches the pages that all of several matchers match. The matcher with the fewest pages is tested first."""

    def __init__(self, parts: Sequence[Matcher], total: int) -> None:
        super().__init__(parts, total)
        self._parts.sort(key=lambda part: part.size)
        self.size = self._parts[0].size if self._parts else total

    def pages(self) -> Bits:
        if not self._parts:
            return full(self._total)
        found, narrower = -1, dict[ColumnPages, list[Bits]]()
        for part in self._parts:
            if not found:
                break
            if found > 0 and part.can_test(found.bit_count() * TEST_COST * part.tests):
                found &= bits_of(list(filter(part.matches, members(found))))
            elif isinstance(part, AnyValue) and not part.missing:
                ranks, before = part.ranks, narrower.setdefault(part.column_pages, [])
                # Skip a comparison that a narrower one implies, so of a thousand bounds only the tightest counts.
                if all(one & ~ranks for one in before):
                    found &= part.pages_of(ranks)
                    if len(before) < KEPT:
                        before.append(ranks)
            else:
                found &= part.pages()
        return found

    def matches(self, page: int) -> bool:
        return all(part.matches(page) for part in self._parts)


def any_of(parts: Iterable[Matcher], total: int) -> Matcher:
    """Return a matcher of the pages that one of several matchers matches."""
    different = list(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else AnyOf(different, total)


def all_of(parts: Iterable[Matcher], total: int) -> Matcher:
    """Return a matcher of the pages that all of several matchers match; without matchers, of all pages."""
    different = list(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else AllOf(different, total)
