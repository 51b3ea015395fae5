"""Functions that behave as in PHP, where DokuWiki's results depend on it: blanks, case, numbers in texts, sorting.

PHP compares texts that are numbers as numbers. This order has cycles (``10`` < ``1e3`` < ``9a`` < ``10``), and the
result of a sort then depends on which pairs are compared. So `php_sort` compares the same pairs as PHP does. Without
such cycles its result is that of any stable sort.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

Item = TypeVar("Item")
Compare = Callable[[Item, Item], int]

#: The characters that PHP's ``trim()`` removes.
BLANKS = " \t\n\r\0\x0b"

#: The largest integer of PHP.
LARGEST = 2**63 - 1

#: The number of digits of a float that are shown (PHP's setting ``precision``).
_DIGITS = 14

_NUMBER = r"[ \t\n\r\x0b\f]*+([+-]?+(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)"
_LEADING_NUMBER = re.compile(_NUMBER, re.ASCII)
_NUMERIC = re.compile(_NUMBER + r"[ \t\n\r\x0b\f]*+", re.ASCII)


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def lower(text: str) -> str:
    """Return text in lower case as PHP 8 does: letter by letter, so that a capital sigma never becomes a final one."""
    return text.lower() if text.isascii() else text.replace("Σ", "σ").lower()


def ascii_lower(text: str) -> str:
    """Return text with the letters A to Z in lower case, and no others."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def integer(text: str) -> int:
    """Return the integer that a text begins with, at most the largest of PHP; 0 without one."""
    match = _LEADING_NUMBER.match(text)
    value = _value(match[1]) if match else 0
    return int(max(-LARGEST, min(LARGEST, value)))


def numeric(text: str) -> int | float | None:
    """Return the number that a whole text stands for, or None. An integer of more than 64 bits becomes a float."""
    match = _NUMERIC.fullmatch(text)
    return _value(match[1]) if match else None


def loosely(text: str) -> int | float | str:
    """Return a key that is equal for two texts if PHP's ``==`` holds for them, which compares numbers as numbers.

    Integers of more than 64 bits and numbers beyond the largest float are compared as texts.
    """
    number = numeric(text)
    if number is None or (number.__class__ is float and (math.isinf(number) or not _has_point(text))):
        return text
    return number


def added(one: int | float, other: int | float) -> int | float:
    """Return a sum; an integer of more than 64 bits becomes a float."""
    total = one + other
    return float(total) if isinstance(total, int) and abs(total) > LARGEST else total


def echoed(number: int | float) -> str:
    """Return a number as PHP prints it: a float with up to 14 digits, without a point if it is an integer."""
    if isinstance(number, int):
        return str(number)
    if not math.isfinite(number):
        return "NAN" if math.isnan(number) else "INF" if number > 0 else "-INF"
    digits, _, exponent = f"{number:.{_DIGITS - 1}e}".partition("e")
    if -5 < int(exponent) < _DIGITS:
        return f"{number:.{_DIGITS}g}"
    # If PHP drops a final 5, it keeps the zeros before it.
    if int(exponent) != _DIGITS or abs(number) % 100 != 5:
        digits = digits.rstrip("0")
    return f"{digits}{'0' * digits.endswith('.')}E{int(exponent):+d}"


def _value(number: str) -> int | float:
    if not _has_point(number) and len(number) < 24 and abs(int(number)) <= LARGEST:
        return int(number)
    return float(number)


def _has_point(number: str) -> bool:
    return any(character in number for character in ".eE")


#: Cached, since a sort compares each item many times.
_sorted_number = lru_cache(maxsize=1 << 16)(numeric)


def compare(one: str, other: str) -> int:
    """Compare two keys of an array as PHP does: as numbers if both are numbers, else as texts."""
    first, second = _sorted_number(one), _sorted_number(other)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    return (one > other) - (one < other)


#: Up to this many items are sorted by insertion.
SMALL = 16


def php_sort(items: Iterable[Item], compare: Compare[Item]) -> list[Item]:
    """Return the items sorted as PHP 8 sorts; equal items keep their order."""
    numbered = list(enumerate(items))
    _Sort(numbered, lambda one, other: (compare(one[1], other[1]) or one[0] - other[0]) > 0).sort(0, len(numbered))
    return [item for _, item in numbered]


class _Sort:
    """Sorts a list in place by quicksort; small pieces are sorted by insertion."""

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
        """Move smaller items before a pivot and larger ones after it; return the place of the pivot."""
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
        """Swap items that are on the wrong side of the pivot; return the place where both sides meet."""
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
        """Return the place of an item among the ones before it, searched one by one."""
        place = at - 1
        while place > start and self._greater(place - 1, at):
            place -= 1
        return place

    def _place_far(self, start: int, at: int) -> int:
        """Return the place of an item among the ones before it, searched in steps of two."""
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
        """Sort up to five items: the first three by a fixed scheme, each further one by swaps from the end."""
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
