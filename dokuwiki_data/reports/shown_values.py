"""How values are shown to people: numbers, sizes, shares and times as text, and characters that would be invisible."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from dokuwiki_data.reports.content import ReportPlace, Value, ValueType

#: Characters that HTML forbids, that are invisible, or that change the order of those around them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "\U000e0000-\U000e007f]"
)
_SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB")


def visible(text: str) -> str:
    r"""Return a text in which each hidden character is replaced by its number.

    Example:
        >>> visible("exe.\u202egpj"), visible("a\0b")
        ('exe.[U+202E]gpj', 'a[U+0000]b')
    """
    return text if text.isascii() and text.isprintable() else _HIDDEN.sub(_number, text)


def shown(value: Value, of: ValueType) -> str:
    """Return a value as people read it; nothing is an empty text. Times are those of UTC.

    Example:
        >>> shown(1234567, "number"), shown(1234567, "bytes"), shown(0.125, "share"), shown(0, "time")
        ('1,234,567', '1.23 MB', '12.5 %', '1970-01-01 00:00')
        >>> shown(ReportPlace("wiki:start", 3, 1), "place")
        'wiki:start, line 3, column 1'
    """
    if value is None:
        return ""
    if isinstance(value, ReportPlace):
        return f"{value.page_id}, {position(value)}"
    if isinstance(value, str):
        return value
    if of == "bytes":
        return _size(value)
    if of == "share":
        return f"{value:.1%}".replace("%", " %")
    if of == "time":
        return _time(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def position(place: ReportPlace) -> str:
    """Return where in its page a place is."""
    return f"line {place.line}, column {place.column}"


def _size(size: float) -> str:
    """Return a number of bytes with three digits that count, as file managers show it."""
    power = 0
    while size >= 999.5 and power < len(_SIZES) - 1:
        size /= 1000
        power += 1
    digits = 0 if power == 0 or size >= 99.95 else 1 if size >= 9.995 else 2
    unit = "byte" if size == 1 and power == 0 else _SIZES[power]
    return f"{size:.{digits}f} {unit}"


def _time(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return f"{seconds:.0f} seconds"


def _number(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"
