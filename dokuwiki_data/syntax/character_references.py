"""Decode the character references of HTML, such as ``&amp;`` and ``&#38;``, as DokuWiki does."""

from __future__ import annotations

import re
from html.entities import html5

_REFERENCE = re.compile(r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6})|[a-zA-Z][a-zA-Z0-9]{0,30});")
#: What stands for characters that cannot be: the byte order mark is dropped, and DokuWiki replaces what is empty.
_UNKNOWN = "\ufffd"
_NOT_CHARACTERS = frozenset((0, 0xFEFF, *range(0xD800, 0xE000)))


def decoded(reference: str) -> str:
    """Return the character that a reference stands for; an unknown name stands for itself.

    Example:
        >>> decoded("&copy;"), decoded("&#x41;"), decoded("&kettle;")
        ('©', 'A', '&kettle;')
    """
    name = reference[1:]
    if name[0] != "#":
        return html5.get(name, reference)
    digits = name[1:-1]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return _UNKNOWN if number in _NOT_CHARACTERS or number > 0x10FFFF else chr(number)


def all_decoded(text: str) -> str:
    """Return a text with all its references decoded."""
    return _REFERENCE.sub(lambda found: decoded(found[0]), text) if "&" in text else text


def last_reference(text: str, start: int, end: int) -> int:
    """Return the start of the reference with which a text ends at ``end``, but not before ``start``; -1 without one."""
    at = text.rfind("&", max(start, end - _LONGEST), end)
    return at if at >= 0 and _REFERENCE.fullmatch(text, at, end) else -1


#: The ``&``, the letters and the ``;``.
_LONGEST = 33
