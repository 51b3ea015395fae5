"""Numbers in texts as PHP reads them, where the plugin's results depend on it."""

from __future__ import annotations

import math
import re
from functools import lru_cache

LARGEST = 2**63 - 1

#: So many digits of a float are shown, which is PHP's setting ``precision``.
_DIGITS = 14

_NUMBER = r"[ \t\n\r\x0b\f]*+([+-]?+(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)"
_LEADING_NUMBER = re.compile(_NUMBER, re.ASCII)
_NUMERIC = re.compile(_NUMBER + r"[ \t\n\r\x0b\f]*+", re.ASCII)


def integer(text: str) -> int:
    """The whole number that a text begins with, 0 where there is none; too large ones are the largest."""
    match = _LEADING_NUMBER.match(text)
    value = _value(match[1]) if match else 0
    return int(max(-LARGEST, min(LARGEST, value)))


def numeric(text: str) -> int | float | None:
    """The number that a text is as a whole, else None. What is beyond 64 bits is a float."""
    match = _NUMERIC.fullmatch(text)
    return _value(match[1]) if match else None


def loosely(text: str) -> int | float | str:
    """What two texts have in common if PHP's ``==`` takes them for equal: numbers are compared as numbers.

    Whole numbers beyond 64 bits and those beyond the largest float are compared as texts.
    """
    number = numeric(text)
    if number is None or (number.__class__ is float and (math.isinf(number) or not _has_point(text))):
        return text
    return number


def added(one: int | float, other: int | float) -> int | float:
    """A sum; what is beyond 64 bits is a float."""
    total = one + other
    return float(total) if isinstance(total, int) and abs(total) > LARGEST else total


def echoed(number: int | float) -> str:
    """A number as PHP shows it: a float with up to 14 digits, without a point where it is whole."""
    if isinstance(number, int):
        return str(number)
    if not math.isfinite(number):
        return "NAN" if math.isnan(number) else "INF" if number > 0 else "-INF"
    digits, _, exponent = f"{number:.{_DIGITS - 1}e}".partition("e")
    if -5 < int(exponent) < _DIGITS:
        return f"{number:.{_DIGITS}g}"
    # Where a last 5 is dropped, PHP keeps the zeros before it.
    if int(exponent) != _DIGITS or abs(number) % 100 != 5:
        digits = digits.rstrip("0")
    return f"{digits}{'0' * digits.endswith('.')}E{int(exponent):+d}"


def _value(number: str) -> int | float:
    if not _has_point(number) and len(number) < 24 and abs(int(number)) <= LARGEST:
        return int(number)
    return float(number)


def _has_point(number: str) -> bool:
    return any(character in number for character in ".eE")


#: What is sorted is looked at many times.
_sorted_number = lru_cache(maxsize=1 << 16)(numeric)


def compare(one: str, other: str) -> int:
    """How PHP compares two keys of an array: as numbers if both are numbers, else as texts."""
    first, second = _sorted_number(one), _sorted_number(other)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    return (one > other) - (one < other)
