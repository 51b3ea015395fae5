"""What a condition asks of an index: matchers that know how many pages they may find, and find them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, compress
from typing import Protocol

from dokuwiki_data.engine.bits import Bits, bits_of, flags, full, members
from dokuwiki_data.engine.fitting import Fit
from dokuwiki_data.engine.index import ColumnIndex

#: Testing a page takes about as long as setting this many bits.
TEST_COST = 8

#: A set of so few, or all but so few, of a column's values is looked at value by value.
SPARSE = 16


#: Of so many comparisons of a column is remembered what they found.
REMEMBERED = 4


class Matcher(Protocol):
    """Part of a condition."""

    @property
    def size(self) -> int:
        """About how many pages fit; never less."""

    @property
    def tests(self) -> int:
        """How many comparisons are made to test a page."""

    def pages(self) -> Bits:
        """The pages that fit."""

    def holds(self, page: int) -> bool:
        """Whether a page fits."""

    def spend(self, price: int) -> bool:
        """Whether tests of such a price cost less, with those before, than to find all pages."""


class Known:
    """Fits pages that are known."""

    tests = 0

    def __init__(self, pages: Bits) -> None:
        self._pages = pages
        self.size = pages.bit_count()

    def pages(self) -> Bits:
        return self._pages

    def holds(self, page: int) -> bool:
        return bool(self._pages >> page & 1)

    def spend(self, price: int) -> bool:
        return False


class LookedAt:
    """A column that comparisons look at: from sets of its values to sets of pages."""

    def __init__(self, column: ColumnIndex, total: int) -> None:
        self.column = column
        self.total = total
        self.all_ranks = full(len(column.values))
        #: What single tests of this column's values have cost so far.
        self.spent = 0
        self._last: dict[Bits, Bits] = {}

    @cached_property
    def all_pages(self) -> Bits:
        """The pages with a value."""
        return bits_of(self.column.pages)

    @property
    def missing(self) -> Bits:
        """The pages without a value."""
        return full(self.total) & ~self.all_pages

    def pages(self, ranks: Bits) -> Bits:
        """The pages of which any value is one of some ranks."""
        if not ranks:
            return 0
        if ranks == self.all_ranks:
            return self.all_pages
        if ranks not in self._last:
            while len(self._last) >= REMEMBERED:
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
        fits = flags(ranks | 1 << len(column.values))
        return bits_of(list(compress(column.pages, map(fits.__getitem__, column.ranks))))

    def _rows(self, ranks: Bits) -> list[int]:
        """The page of each row of some ranks."""
        return list(chain.from_iterable(self.column.pages_between(rank, rank + 1) for rank in members(ranks)))


class AnyValue:
    """Fits the pages of which any value of a column fits; and, if ``missing``, those without a value."""

    tests = 1

    def __init__(self, looked: LookedAt, fit: Fit, missing: bool) -> None:
        self.looked = looked
        self.missing = missing
        self._fit = fit
        #: Whether what was found once is kept, since it will be asked for again.
        self.keeps = False
        self._kept: Bits | None = None
        column, known = looked.column, fit.ranges
        rows = len(column.pages) if known is None else sum(column.count_between(low, high) for low, high in known)
        self.size = looked.total if missing else rows

    @property
    def ranks(self) -> Bits:
        """The values that fit."""
        return self._fit.ranks

    def pages(self) -> Bits:
        return self.pages_of(self.ranks) if self._kept is None else self._kept

    def pages_of(self, ranks: Bits) -> Bits:
        """The pages that fit, if ``ranks`` are the values that do."""
        if self._kept is not None:
            return self._kept
        found = self.looked.pages(ranks) | (self.looked.missing if self.missing else 0)
        if self.keeps:
            self._kept = found
        return found

    def holds(self, page: int) -> bool:
        column, fit = self.looked.column, self._fit
        ranks = column.ranks_of(page)
        if not ranks:
            return self.missing
        if fit.ranges is not None:
            return any(low <= rank < high for rank in ranks for low, high in fit.ranges)
        assert fit.test is not None
        return any(map(fit.test, map(column.values.__getitem__, ranks)))

    def spend(self, price: int) -> bool:
        spent = self.looked.spent + price
        if spent < self.size:
            self.looked.spent = spent
        return spent < self.size


class _Joined:
    """Several parts."""

    def __init__(self, parts: Sequence[Matcher], total: int) -> None:
        self._parts = list(parts)
        self._total = total
        self.tests = sum(part.tests for part in self._parts)

    size: int

    def spend(self, price: int) -> bool:
        return bool(self._parts) and self._parts[0].spend(price)


class Not(_Joined):
    """Fits the pages that another does not fit."""

    def __init__(self, other: Matcher, total: int) -> None:
        super().__init__([other], total)
        (self._other,) = self._parts
        self.size = total

    def pages(self) -> Bits:
        return full(self._total) & ~self._other.pages()

    def holds(self, page: int) -> bool:
        return not self._other.holds(page)


class AnyOf(_Joined):
    """Fits the pages that one of several fits."""

    def __init__(self, parts: Sequence[Matcher], total: int) -> None:
        super().__init__(parts, total)
        self.size = min(total, sum(part.size for part in self._parts))

    def pages(self) -> Bits:
        """Comparisons of one column are joined before their pages are looked for."""
        of_columns: dict[LookedAt, list[AnyValue]] = {}
        others: list[Matcher] = []
        for part in self._parts:
            if isinstance(part, AnyValue):
                of_columns.setdefault(part.looked, []).append(part)
            else:
                others.append(part)
        everything, found = full(self._total), 0
        for looked, parts in of_columns.items():
            found |= _of_column(looked, parts)
        for part in others:
            if found == everything:
                break
            found |= part.pages()
        return found

    def holds(self, page: int) -> bool:
        return any(part.holds(page) for part in self._parts)


def _of_column(looked: LookedAt, parts: Sequence[AnyValue]) -> Bits:
    """The pages that any of several comparisons of a column fits."""
    if len(parts) == 1:
        return parts[0].pages()
    ranks = 0
    for part in parts:
        ranks |= part.ranks
        if ranks == looked.all_ranks:
            break
    return looked.pages(ranks) | (looked.missing if any(part.missing for part in parts) else 0)


class AllOf(_Joined):
    """Fits the pages that each of several fits; the one that finds fewest is asked first."""

    def __init__(self, parts: Sequence[Matcher], total: int) -> None:
        super().__init__(parts, total)
        self._parts.sort(key=lambda part: part.size)
        self.size = self._parts[0].size if self._parts else total

    def pages(self) -> Bits:
        if not self._parts:
            return full(self._total)
        found, narrower = -1, dict[LookedAt, list[Bits]]()
        for part in self._parts:
            if not found:
                break
            if found > 0 and part.spend(found.bit_count() * TEST_COST * part.tests):
                found &= bits_of(list(filter(part.holds, members(found))))
            elif isinstance(part, AnyValue) and not part.missing:
                ranks, before = part.ranks, narrower.setdefault(part.looked, [])
                # What fewer values have said need not be asked of more: of a thousand bounds the tightest counts.
                if all(one & ~ranks for one in before):
                    found &= part.pages_of(ranks)
                    if len(before) < REMEMBERED:
                        before.append(ranks)
            else:
                found &= part.pages()
        return found

    def holds(self, page: int) -> bool:
        return all(part.holds(page) for part in self._parts)


def any_of(parts: Iterable[Matcher], total: int) -> Matcher:
    """What fits the pages that one of several fits."""
    different = list(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else AnyOf(different, total)


def all_of(parts: Iterable[Matcher], total: int) -> Matcher:
    """What fits the pages that each of several fits: all, if there are none."""
    different = list(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else AllOf(different, total)
