"""Make names for files and folders that every operating system accepts, and that differ for different contents.

They are used for all files that are named after something in a wiki. The files of a wiki itself have DokuWiki's names.
"""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata

#: Systems accept names of at most 255 bytes, and the caller may add a suffix.
_LONGEST = 200
_DIGEST = 32

_ASCII = frozenset(string.ascii_lowercase + string.digits + "_-")
#: Names that Windows reserves for devices, with any suffix.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)")


def portable_name(name: str, *, dots: bool = False) -> str:
    """Return a safe name for a file or folder. Different names give different results, even without regard to case.

    Small letters, digits, ``_`` and ``-`` are kept, and with ``dots`` also dots inside the name. Other characters
    become ``%`` and two hexadecimal digits for each byte of UTF-8, as in URLs. So do capital letters, letters that
    some systems equate with others, such as ``ß`` and ``ς``, and the first letter of a name that Windows reserves for
    a device, such as ``con`` or ``com1``.

    `urllib.parse.unquote` returns the original name, with two exceptions: an empty name becomes ``%``, and a name of
    more than 200 bytes is cut and followed by ``~`` and a digest of the whole name.

    >>> portable_name("role.v2"), portable_name("Con"), portable_name("con"), portable_name("a.png", dots=True)
    ('role%2Ev2', '%43on', '%63on', 'a.png')
    """
    stays = _ASCII | {character for character in {*name} if is_one_letter_anywhere(character)}
    if not _is_folded("".join(character if character in stays else " " for character in name)):
        stays = _ASCII  # some letters are composed to another one when they are adjacent
    inside = range(len(name) - len(name.lstrip(".")), len(name.rstrip(".")) if dots else 0)
    written = "".join(
        character if character in stays or (character == "." and at in inside) else _escaped(character)
        for at, character in enumerate(name)
    )
    if is_device(written):
        written = _escaped(written[0]) + written[1:]
    if len(written.encode()) > _LONGEST:
        digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:_DIGEST]
        return f"{written.encode()[: _LONGEST // 2].decode(errors='ignore')}~{digest}"
    return written or "%"


def is_device(name: str) -> bool:
    """Return whether Windows reserves a name for a device, such as ``con`` and ``com1.txt``."""
    return _DEVICE.match(name) is not None


def is_one_letter_anywhere(character: str) -> bool:
    """Return whether no system equates a letter or digit with another one."""
    return character.isalnum() and _is_folded(character) and folded(character.upper()) == character


def _is_folded(text: str) -> bool:
    return folded(text) == text


def folded(text: str) -> str:
    """Return the text that systems compare if they ignore case and the composition of accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))
