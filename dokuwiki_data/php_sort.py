"""PHP's sort, step by step.

PHP compares texts that are numbers as numbers, so that its order has circles (``10`` < ``1e3`` < ``9a`` < ``10``),
and what comes out depends on which pairs are compared. Where there are no circles this is any stable sort.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Compare = Callable[[Item, Item], int]

#: Up to this many items are sorted by insertion.
SMALL = 16


def php_sort(items: Iterable[Item], compare: Compare[Item]) -> list[Item]:
    """The items sorted as PHP 8 sorts; those that compare as equal keep their order."""
    numbered = list(enumerate(items))
    _Sort(numbered, lambda one, other: (compare(one[1], other[1]) or one[0] - other[0]) > 0).sort(0, len(numbered))
    return [item for _, item in numbered]


class _Sort:
    """Sorts a list in place: quicksort down to small pieces, which are sorted by insertion."""

    def __init__(
        self, items: list[tuple[int, Item]], greater: Callable[[tuple[int, Item], tuple[int, Item]], bool]
    ) -> None:
        self._items = items
        self._compare = greater

    def _greater(self, one: int, other: int) -> bool:
        return self._compare(self._items[one], self._items[other])

    def _swap(self, one: int, other: int) -> None:
        self._items[one], self._items[other] = self._items[other], self._items[one]

    def sort(self, start: int, end: int) -> None:
        pieces = [(start, end)]
        while pieces:
            start, end = pieces.pop()
            if end - start <= SMALL:
                self._sort_small(start, end)
            else:
                middle = self._divide(start, end)
                pieces += [(start, middle), (middle + 1, end)]

    def _divide(self, start: int, end: int) -> int:
        """Put the items around a pivot; returns its place."""
        half = (end - start) // 2
        pivot = start + half
        if end - start >= 1024:
            quarter = half // 2
            self._chain(start, start + quarter, pivot, pivot + quarter, end - 1)
        else:
            self._chain(start, pivot, end - 1)
        self._swap(start + 1, pivot)
        pivot = start + 1
        left = self._meet(pivot, pivot + 1, end - 1)
        self._swap(pivot, left - 1)
        return left - 1

    def _meet(self, pivot: int, left: int, right: int) -> int:
        """Swap from both sides what is on the wrong one; returns where they meet."""
        while True:
            while self._greater(pivot, left):
                left += 1
                if left == right:
                    return left
            right -= 1
            if right == left:
                return left
            while self._greater(right, pivot):
                right -= 1
                if right == left:
                    return left
            self._swap(left, right)
            left += 1
            if left == right:
                return left

    def _sort_small(self, start: int, end: int) -> None:
        if end - start <= 5:
            self._chain(*range(start, end))
            return
        for at in range(start + 1, end):
            if self._greater(at - 1, at):
                place = self._place_near(start, at) if at < start + 6 else self._place_far(start, at)
                self._items.insert(place, self._items.pop(at))

    def _place_near(self, start: int, at: int) -> int:
        """Where an item belongs among those before it, searched one by one."""
        place = at - 1
        while place > start and self._greater(place - 1, at):
            place -= 1
        return place

    def _place_far(self, start: int, at: int) -> int:
        """The same in steps of two."""
        place = at - 1
        while True:
            place -= 2
            if not self._greater(place, at):
                place += 1
                return place if self._greater(place, at) else place + 1
            if place == start:
                return place
            if place == start + 1:
                return start + 1 if self._greater(at, start) else start

    def _chain(self, *places: int) -> None:
        """Sort up to five items: three by their own scheme, each further one swapped down from the end."""
        if len(places) == 2 and self._greater(*places):
            self._swap(*places)
        if len(places) < 3:
            return
        first, second, third, *others = places
        if not self._greater(first, second):
            if self._greater(second, third):
                self._swap(second, third)
                if self._greater(first, second):
                    self._swap(first, second)
        elif self._greater(second, third):
            self._swap(first, third)
        else:
            self._swap(first, second)
            if self._greater(second, third):
                self._swap(second, third)
        for number, _ in enumerate(others, start=3):
            while number and self._greater(places[number - 1], places[number]):
                self._swap(places[number - 1], places[number])
                number -= 1
