"""Characters that are unsafe in output: lone surrogates, and controls that a terminal would interpret."""

from __future__ import annotations

import json
import re
import string
from urllib.parse import quote

#: The characters that are never encoded (https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
_UNRESERVED = string.ascii_letters + string.digits + "_.-~"
_SURROGATES = re.compile(r"[\ud800-\udfff]")
#: Characters that JSON allows, but that a terminal interprets (C1 controls, bidirectional overrides) or that programs
#: treat as line ends.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_ASCII = bytes(range(128))
_UNSAFE_IN_TEXT = re.compile("[\x00-\x08\x0b-\x1f" + _UNSAFE_IN_JSON.pattern[1:])
#: A lone surrogate as ``repr`` shows it; an even number of backslashes before it is text.
_SHOWN_SURROGATE = re.compile(r"(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}")


def replace_surrogates(text: str) -> str:
    """Return the text with lone surrogates (bytes that were not UTF-8) as U+FFFD, so that it can be encoded."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def percent_encoded(text: str, safe: str = "/") -> str:
    """Return text as it stands in an address; bytes that are not UTF-8 are encoded as they are.

    Args:
        text: The text.
        safe: The characters that are kept, besides letters, digits and ``_.-~``.

    Example:
        >>> percent_encoded("a/b c")
        'a/b%20c'
    """
    if not text.rstrip(_UNRESERVED + safe):  # most ids: this takes a fifth of the time
        return text
    try:
        written = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that stands for no byte
        written = replace_surrogates(text).encode()
    return quote(written, safe=safe)


def as_json(value: object, indent: int | None = None) -> str:
    """Return a value as JSON that is valid Unicode and safe in a terminal; on one line if ``indent`` is None."""
    separators = (",", ":") if indent is None else (",", ": ")
    return safe_json(json.dumps(value, ensure_ascii=False, indent=indent, separators=separators))


def safe_json(text: str) -> str:
    """Return a JSON text made safe, see `as_json`."""
    return text if text.isascii() and "\x7f" not in text else encoded_json(text).decode()


def encoded_json(text: str) -> bytes:
    """Return a JSON text made safe, see `as_json`, in UTF-8."""
    try:
        encoded = text.encode()
        # All unsafe characters are unprintable, and one of them is in ASCII. To look at the other ones without those of
        # ASCII takes a third of the time; the expression takes longer still.
        others = b"" if text.isascii() else encoded.translate(None, _ASCII)
        if b"\x7f" not in encoded and others.decode().isprintable():
            return encoded
    except UnicodeEncodeError:
        pass
    return _UNSAFE_IN_JSON.sub(_escaped, replace_surrogates(text)).encode()


def for_terminal(text: str) -> str:
    """Return text of several lines with control characters as ``\\u001b`` and the like."""
    return _UNSAFE_IN_TEXT.sub(_escaped, replace_surrogates(text))


def on_one_line(text: str) -> str:
    """Return `for_terminal` of a text on one line, for messages that contain file names."""
    return for_terminal(text.replace("\n", "\\n"))


def tree_for_terminal(tree: str) -> str:
    """Return `for_terminal` of the output of `Node.pretty`, in which strings are written by ``repr``."""
    return for_terminal(_SHOWN_SURROGATE.sub("\\1\ufffd", tree))


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"
