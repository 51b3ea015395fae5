"""The kinds of values that texts are: whole numbers, numbers, dates, booleans.

A text is of a kind only if the value is written as this very text, so that no value changes: ``007``, ``1.50`` and
``Yes`` stay texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

INTEGER, NUMBER, DATE, BOOLEAN = "integer", "number", "date", "boolean"

#: The kinds, the narrowest first, each with its bit.
_BITS = {BOOLEAN: 1, DATE: 2, INTEGER: 4, NUMBER: 8}
EVERY_KIND = sum(_BITS.values())

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
_FLOAT = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:e-?[0-9]{1,3})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Databases and data frames hold whole numbers of 64 bits, and floats hold those of 53 bits.
_LARGEST = 2**63 - 1
_LARGEST_IN_FLOAT = 2**53


@lru_cache(maxsize=1 << 14)
def kinds_of(text: str) -> int:
    """Return the kinds that a text is of, as bits of `EVERY_KIND`; 0 for a text of no kind, such as the empty one."""
    if text in ("true", "false"):
        return _BITS[BOOLEAN]
    if _INTEGER.fullmatch(text):
        size = abs(int(text))
        return (_BITS[INTEGER] if size <= _LARGEST else 0) | (_BITS[NUMBER] if size <= _LARGEST_IN_FLOAT else 0)
    if _FLOAT.fullmatch(text):
        # A whole number is written without a point, so 1.0 is none.
        number = float(text)
        return _BITS[NUMBER] if math.isfinite(number) and not number.is_integer() and repr(number) == text else 0
    return _BITS[DATE] if _DATE.fullmatch(text) and _is_date(text) else 0


def bit_of(kind: str) -> int:
    """Return the bit of a kind."""
    return _BITS[kind]


def kind_in(bits: int) -> str:
    """Return the narrowest of some kinds; an empty text if there is none."""
    return next((kind for kind, bit in _BITS.items() if bits & bit), "")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number(text: str) -> int | float:
    return int(text) if _INTEGER.fullmatch(text) else float(text)


#: The function that makes a value of a text, by its kind.
READERS: dict[str, Callable[[str], int | float | date]] = {
    INTEGER: int, NUMBER: _number, DATE: date.fromisoformat, BOOLEAN: lambda text: text == "true",
}  # fmt: skip
