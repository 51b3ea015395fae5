"""How a wiki writes the ids of its pages and media as names of files, in each of DokuWiki's three ways."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from typing import Literal
from urllib.parse import quote_plus, unquote_to_bytes

#: DokuWiki's setting ``fnencode``.
Encoding = Literal["url", "safe", "utf-8"]

_AS_IT_IS = re.compile(r"[a-zA-Z0-9/_.%-]+\n?")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: What stands for itself in the way called safe. All else is ``%`` and a number; ``]`` ends a run of numbers.
_SAFE_ITSELF = frozenset("-./[_]" + _DIGITS)
#: The numbers of the way called safe are those of the code points from here on.
_SAFE_ZERO = ord(" ")
#: So many digits are more than a code point has, which need not be known to the last one.
_MANY_DIGITS = 8
_SAFE_PIECE = re.compile(r"%(?P<number>[^%\]]*)|(?P<text>\]?[^%\]]+|\])")


def file_name(page_id: str, encoding: Encoding = "url") -> str:
    """The path of an id's file, without an ending: ``a:é`` is ``a/%C3%A9``, ``a/%5l]`` or ``a/é``."""
    path = page_id.replace(":", "/")
    if encoding == "utf-8" or _AS_IT_IS.fullmatch(path):
        return path
    if encoding == "safe":
        return _safe(path)
    return quote_plus(path.encode("utf-8", "surrogateescape"), safe="/").replace("~", "%7E")


def id_of_file(path: str, encoding: Encoding = "url") -> str:
    """The id that a file's path below its folder stands for, `file_name` backwards; nothing is cleaned."""
    if encoding == "url" and ("%" in path or "+" in path):
        written = path.replace("+", " ").encode("utf-8", "surrogateescape")
        path = unquote_to_bytes(written).decode("utf-8", "surrogateescape")
    elif encoding == "safe":
        path = _unsafe(path) if "%" in path or "]" in path else path.lower()
    return path.replace("/", ":").strip(":")


def id_of_path(path: str, encoding: Encoding = "url", is_mixed: bool = True) -> str:
    """The id that a file's path below its folder stands for, where some names may not be of DokuWiki's making.

    Each folder and file is read by the encoding that it is in: ``encoding`` or, if they ``is_mixed``, any other.
    A name that DokuWiki would never write in any of them stays as it is, and letters and their marks (as macOS has
    them apart) become one character.
    """
    if path.isascii() and "%" not in path and "]" not in path:
        return path.replace("/", ":")
    encodings = (encoding, "url", "safe") if is_mixed else (encoding,)
    return ":".join(_meaning(name, encodings) for name in path.split("/"))


@lru_cache(maxsize=4096)
def _meaning(name: str, encodings: tuple[Encoding, ...]) -> str:
    if "%" in name or "]" in name:
        for encoding in encodings:
            meant = id_of_file(name, encoding)
            if encoding != "utf-8" and file_name(meant, encoding) == name:
                return meant
    return unicodedata.normalize("NFC", name)


def _safe(path: str) -> str:
    pieces, in_numbers = [], False
    for character in path:
        if character in _SAFE_ITSELF:
            pieces.append("]" + character if in_numbers else character)
            in_numbers = False
        else:
            pieces.append("%" if character == "%" else "%" + _base_36(abs(ord(character) - _SAFE_ZERO)))
            in_numbers = True
    return "".join(pieces) + ("]" if in_numbers else "")


def _unsafe(path: str) -> str:
    pieces, in_numbers = [], False
    for piece in _SAFE_PIECE.finditer(path.lower()):
        number = piece["number"]
        if number is None:
            text = piece["text"]
            pieces.append(text[1:] if in_numbers else text)
            in_numbers = False
        else:
            digits = "".join(digit for digit in number if digit in _DIGITS).lstrip("0")
            code = _SAFE_ZERO + int(digits[:_MANY_DIGITS] or "0", 36)
            pieces.append("%" if not number else chr(code) if code <= sys.maxunicode else "")
            in_numbers = True
    return "".join(pieces)


def _base_36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
