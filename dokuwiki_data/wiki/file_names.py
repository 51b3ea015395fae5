"""Convert page and media ids to file names and back, in each of DokuWiki's three encodings (``fnencode``)."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Literal
from urllib.parse import quote_plus, unquote_to_bytes

#: DokuWiki's setting ``fnencode``.
Encoding = Literal["url", "safe", "utf-8"]

_UNCHANGED = re.compile(r"[a-zA-Z0-9/_.%-]+\n?")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Characters that the encoding ``safe`` keeps. All others become ``%`` and a number; ``]`` ends a run of numbers.
_SAFE_ITSELF = frozenset("-./[_]" + _DIGITS)
#: The code point that the encoding ``safe`` writes as 0.
_SAFE_ZERO = ord(" ")
#: More digits than any code point has; further digits are ignored.
_MAX_DIGITS = 8
_SAFE_PIECE = re.compile(r"%(?P<number>[^%\]]*)|(?P<text>\]?[^%\]]+|\])")


def file_name(page_id: str, encoding: Encoding = "url") -> str:
    """Return the path of an id's file, without its suffix.

    Example:
        >>> [file_name("a:é", encoding) for encoding in ("url", "safe", "utf-8")]
        ['a/%C3%A9', 'a/%5l]', 'a/é']
    """
    path = page_id.replace(":", "/")
    if encoding == "utf-8" or _UNCHANGED.fullmatch(path):
        return path
    if encoding == "safe":
        return _encode_safe(path)
    return quote_plus(path.encode("utf-8", "surrogateescape"), safe="/").replace("~", "%7E")


def id_of_file(path: str, encoding: Encoding = "url") -> str:
    """Return the id for a file's path below its folder, the inverse of `file_name`. The id is not cleaned."""
    if encoding == "url" and ("%" in path or "+" in path):
        written = path.replace("+", " ").encode("utf-8", "surrogateescape")
        path = unquote_to_bytes(written).decode("utf-8", "surrogateescape")
    elif encoding == "safe":
        path = _decode_safe(path) if "%" in path or "]" in path else path.lower()
    return path.replace("/", ":").strip(":")


def id_of_path(path: str, encoding: Encoding = "url", has_mixed_names: bool = True) -> str:
    """Return the id for a file's path below its folder, even if DokuWiki did not write some of its names.

    Each step of the path is decoded from ``encoding`` or, if ``has_mixed_names``, from any encoding that fits.
    A name that DokuWiki would never write in any of them is kept, normalized to NFC, as macOS decomposes names.
    """
    if path.isascii() and "%" not in path and "]" not in path:
        return path.replace("/", ":")
    encodings = (encoding, "url", "safe") if has_mixed_names else (encoding,)
    return ":".join(_decoded_name(name, encodings) for name in path.split("/"))


@lru_cache(maxsize=4096)
def _decoded_name(name: str, encodings: tuple[Encoding, ...]) -> str:
    if "%" in name or "]" in name:
        for encoding in encodings:
            page_id = id_of_file(name, encoding)
            if encoding != "utf-8" and file_name(page_id, encoding) == name:
                return page_id
    return unicodedata.normalize("NFC", name)


def _encode_safe(path: str) -> str:
    pieces, in_numbers = [], False
    for character in path:
        if character in _SAFE_ITSELF:
            pieces.append("]" + character if in_numbers else character)
            in_numbers = False
        else:
            pieces.append("%" if character == "%" else "%" + _base_36(abs(ord(character) - _SAFE_ZERO)))
            in_numbers = True
    return "".join(pieces) + ("]" if in_numbers else "")


def _decode_safe(path: str) -> str:
    pieces, in_numbers = [], False
    for piece in _SAFE_PIECE.finditer(path.lower()):
        number = piece["number"]
        if number is None:
            text = piece["text"]
            pieces.append(text[1:] if in_numbers else text)
            in_numbers = False
        else:
            digits = "".join(digit for digit in number if digit in _DIGITS).lstrip("0")
            code = _SAFE_ZERO + int(digits[:_MAX_DIGITS] or "0", 36)
            pieces.append("%" if not number else chr(code) if code <= sys.maxunicode else "")
            in_numbers = True
    return "".join(pieces)


def _base_36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
