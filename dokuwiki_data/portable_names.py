"""Names for files and folders that every system takes, and that no two contents share.

They are for all files that are named after something in a wiki, except those inside a wiki, whose names are DokuWiki's.
"""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata

#: Systems take at most 255 bytes for a name, and whoever writes the file may add something to it.
_LONGEST = 200
_DIGEST = 32

_ASCII = frozenset(string.ascii_lowercase + string.digits + "_-")
#: Names that Windows keeps for devices, whatever the ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)")


def portable_name(name: str, *, dots: bool = False) -> str:
    """A name for a file or folder: harmless, and different for different ``name``, whatever a system compares.

    Small letters, digits, ``_`` and ``-`` stay, and with ``dots`` also dots inside the name. Other characters become
    ``%`` and two hexadecimal digits for each byte of UTF-8, as in addresses. So do capital letters and others that
    systems may take for another letter, such as ``ß`` and ``ς``, so that names that differ by case do not meet; and
    the first letter of a name that Windows keeps for a device, such as ``con`` or ``com1``.

    `urllib.parse.unquote` gives the name back, unless it is empty, which becomes ``%``, or would be longer than
    200 bytes: then it is cut, and ``~`` and a digest of the whole follow.

    >>> portable_name("role.v2"), portable_name("Con"), portable_name("con"), portable_name("a.png", dots=True)
    ('role%2Ev2', '%43on', '%63on', 'a.png')
    """
    stays = _ASCII | {character for character in {*name} if is_one_letter_anywhere(character)}
    if not _is_folded("".join(character if character in stays else " " for character in name)):
        stays = _ASCII  # letters that become another one side by side
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
    """Whether Windows keeps a name, with any ending, for a device: ``con``, ``com1.txt``."""
    return _DEVICE.match(name) is not None


def is_one_letter_anywhere(character: str) -> bool:
    """Whether no system takes a letter or digit for another one."""
    return character.isalnum() and _is_folded(character) and folded(character.upper()) == character


def _is_folded(text: str) -> bool:
    return folded(text) == text


def folded(text: str) -> str:
    """What systems compare that take letters for equal whatever their case, and however their accents are written."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold())


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))
