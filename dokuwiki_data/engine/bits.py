"""Sets of small numbers (pages, ranks of values) as integers with one bit for each number.

Union and intersection of such sets take 64 numbers at a time, and a number takes an eighth of a byte. So a condition
of thousands of comparisons over thousands of pages stays cheap, however many pages each comparison matches.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import compress

#: A set of numbers: bit ``n`` is set if ``n`` is in the set.
Bits = int

#: Sets of at most this many numbers are built and listed number by number, which is faster.
FEW = 32

_ONE = ord("1")
#: Translate the digits of a binary number into false and true.
_AS_FLAGS = bytes.maketrans(b"01", b"\0\1")


def full(total: int) -> Bits:
    """Return the set of all numbers below ``total``."""
    return (1 << total) - 1


def between(low: int, high: int) -> Bits:
    """Return the set of the numbers from ``low`` to ``high - 1``."""
    return (1 << high) - (1 << low) if low < high else 0


def bits_of(numbers: Sequence[int]) -> Bits:
    """Return the set of some numbers."""
    if len(numbers) <= FEW:
        found = 0
        for number in numbers:
            found |= 1 << number
        return found
    most = max(numbers)
    digits = bytearray(b"0") * (most + 1)
    for number in numbers:
        digits[most - number] = _ONE
    return int(digits, 2)


def members(bits: Bits) -> list[int]:
    """Return the numbers of a set in ascending order."""
    if bits.bit_count() > FEW:
        return list(compress(range(bits.bit_length()), flags(bits)))
    return list(_one_by_one(bits))


def flags(bits: Bits) -> bytes:
    """Return a byte for each number up to the largest of a set: 1 if the number is in the set, else 0."""
    return bin(bits)[:1:-1].encode().translate(_AS_FLAGS)


def _one_by_one(bits: Bits) -> Iterator[int]:
    at = 0
    while bits:
        step = (bits & -bits).bit_length()
        at += step
        yield at - 1
        bits >>= step


class Prefixes:
    """The sets of the first one, two, three … of some different numbers.

    Some of these sets are cached, and the others are computed from the nearest cached one.
    """

    _KEPT = 64
    _LEAST_STEP = 256

    def __init__(self, numbers: array[int]) -> None:
        self.numbers = numbers
        self._step = max(self._LEAST_STEP, len(numbers) // self._KEPT)
        self._kept: list[Bits] = [0]

    def first(self, count: int) -> Bits:
        """Return the set of the first ``count`` numbers."""
        step, kept = self._step, self._kept
        while len(kept) <= count // step:
            start = (len(kept) - 1) * step
            kept.append(kept[-1] | bits_of(self.numbers[start : start + step]))
        start = count // step * step
        return kept[count // step] | bits_of(self.numbers[start:count])
