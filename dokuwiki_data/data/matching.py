"""What a condition asks of an index: matchers that know how many pages they may find, and find them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from dokuwiki_data.data.index import ColumnIndex

#: Testing a page takes about as long as adding this many to a set.
TEST_COST = 8


class Matcher(Protocol):
    """Part of a condition."""

    @property
    def size(self) -> int:
        """About how many pages fit; never less."""

    def pages(self) -> set[int]:
        """The pages that fit."""

    def holds(self, page: int) -> bool:
        """Whether a page fits."""


class Everything:
    """Fits every page."""

    def __init__(self, total: int) -> None:
        self.size = total

    def pages(self) -> set[int]:
        return set(range(self.size))

    def holds(self, page: int) -> bool:
        return True


class Ranks:
    """Fits the pages of which any value of a column lies in one of several ranges of ranks."""

    def __init__(self, column: ColumnIndex | None, ranges: Sequence[tuple[int, int]]) -> None:
        self._column = column
        self._ranges = [(low, high) for low, high in ranges if low < high] if column else []
        self.size = sum(column.count_between(low, high) for low, high in self._ranges) if column else 0

    def pages(self) -> set[int]:
        if self._column is None:
            return set()
        return set().union(*(self._column.pages_between(low, high) for low, high in self._ranges))

    def holds(self, page: int) -> bool:
        if self._column is None:
            return False
        return any(low <= rank < high for rank in self._column.ranks_of(page) for low, high in self._ranges)


class Tested:
    """Fits the pages of which any value of a column passes a test; and, if ``missing``, those without a value."""

    def __init__(self, column: ColumnIndex | None, total: int, test: Callable[[str], bool], missing: bool) -> None:
        self._column = column
        self._total = total
        self._test = test
        self._missing = missing
        self.size = total if missing else len(column.pages) if column else 0

    def pages(self) -> set[int]:
        column, test = self._column, self._test
        if column is None:
            return set(range(self._total)) if self._missing else set()
        fitting = [rank for rank, value in enumerate(column.values) if test(value)]
        found: set[int] = set().union(*(column.pages_between(rank, rank + 1) for rank in fitting))
        if self._missing:
            found |= set(range(self._total)).difference(column.pages)
        return found

    def holds(self, page: int) -> bool:
        if self._column is None:
            return self._missing
        values = self._column.cell(page)
        return any(map(self._test, values)) if values else self._missing


class Not:
    """Fits the pages that another does not fit."""

    def __init__(self, other: Matcher, total: int) -> None:
        self._other = other
        self.size = self._total = total

    def pages(self) -> set[int]:
        return set(range(self._total)).difference(self._other.pages())

    def holds(self, page: int) -> bool:
        return not self._other.holds(page)


class AnyOf:
    """Fits the pages that one of several fits."""

    def __init__(self, parts: Iterable[Matcher]) -> None:
        self._parts = tuple(parts)
        self.size = sum(part.size for part in self._parts)

    def pages(self) -> set[int]:
        return set().union(*(part.pages() for part in self._parts))

    def holds(self, page: int) -> bool:
        return any(part.holds(page) for part in self._parts)


class AllOf:
    """Fits the pages that each of several fits; the one that finds fewest is asked first."""

    def __init__(self, parts: Iterable[Matcher], total: int) -> None:
        self._parts = sorted(parts, key=lambda part: part.size) or [Everything(total)]
        self.size = self._parts[0].size

    def pages(self) -> set[int]:
        first, *others = self._parts
        found = first.pages()
        for part in others:
            if not found:
                break
            if len(found) * TEST_COST < part.size:
                found = set(filter(part.holds, found))
            else:
                found &= part.pages()
        return found

    def holds(self, page: int) -> bool:
        return all(part.holds(page) for part in self._parts)


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
