"""The title in the metadata of a JPEG file, which DokuWiki shows for an image without a caption."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from html import unescape

from dokuwiki_data.php import BLANKS

#: DokuWiki shortens titles to so many characters.
LONGEST = 80

_XMP, _PHOTOSHOP, _EXIF = b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0", b"Exif\0\0"
_XMP_TITLE = re.compile(rb"<dc:title>(?:(?!</dc:title>).)*?<rdf:li[^>]*>([^<]*)</rdf:li>", re.DOTALL)
#: Numbers of fields: in IPTC headline and caption, in EXIF the comment, the description, and where more fields are.
_HEADLINE, _CAPTION, _COMMENT, _DESCRIPTION, _MORE_FIELDS = 105, 120, 0x9286, 0x010E, 0x8769
_APP1, _APP13, _START_OF_IMAGE_DATA = 0xE1, 0xED, 0xDA


def jpeg_title(content: bytes) -> str | None:
    """Return the title of a JPEG file; None without one, and for what is no such file.

    That is, in this order: headline and caption in IPTC, the title in XMP, comment and description in EXIF. A long one
    is cut between words.
    """
    iptc: dict[int, bytes] = {}
    exif: dict[int, bytes] = {}
    xmp = b""
    for marker, segment in _segments(content):
        if marker == _APP13 and segment.startswith(_PHOTOSHOP):
            iptc = dict(_iptc_fields(segment)) | iptc
        elif marker == _APP1 and segment.startswith(_XMP) and (found := _XMP_TITLE.search(segment)):
            xmp = xmp or unescape(found[1].decode("utf-8", "replace")).encode()
        elif marker == _APP1 and segment.startswith(_EXIF):
            exif = dict(_exif_fields(segment[len(_EXIF) :])) | exif
    candidates = (
        iptc.get(_HEADLINE),
        iptc.get(_CAPTION),
        xmp,
        _comment(exif.get(_COMMENT, b"")),
        exif.get(_DESCRIPTION),
    )
    for raw in candidates:
        if raw and (title := _decoded(raw).strip(BLANKS)):
            return _shortened(title)
    return None


def _shortened(title: str) -> str:
    if len(title) <= LONGEST:
        return title
    return (title[: LONGEST + 1].rpartition(" ")[0] or title[:LONGEST]) + "..."


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Iterate over the segments before the image itself, each with its marker."""
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != _START_OF_IMAGE_DATA:
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        yield content[at + 1], content[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def _iptc_fields(segment: bytes) -> Iterator[tuple[int, bytes]]:
    """Iterate over the fields of IPTC's record 2 by their numbers, the last of a number first."""
    found = []
    at = segment.find(b"\x1c\x02")
    while 0 <= at <= len(segment) - 5 and segment[at : at + 2] == b"\x1c\x02":
        length = int.from_bytes(segment[at + 3 : at + 5], "big")
        found.append((segment[at + 2], segment[at + 5 : at + 5 + length]))
        at += 5 + length
    return reversed(found)


def _exif_fields(tiff: bytes) -> Iterator[tuple[int, bytes]]:
    """Iterate over the fields of EXIF that are texts, by their numbers."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return
    waiting, seen = [struct.unpack_from(f"{order}I", tiff, 4)[0]], set[int]()
    while waiting:
        start = waiting.pop()
        if start in seen or start + 2 > len(tiff):
            continue
        seen.add(start)
        for number in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
            try:
                field, _, count, value = struct.unpack_from(f"{order}HHII", tiff, start + 2 + 12 * number)
            except struct.error:
                break
            if field == _MORE_FIELDS:
                waiting.append(value)
            elif field in (_COMMENT, _DESCRIPTION):
                place = value if count > 4 else start + 10 + 12 * number
                yield field, tiff[place : place + count]


def _comment(raw: bytes) -> bytes:
    """Return a comment of EXIF without the name of its encoding."""
    name, text = raw[:8], raw[8:]
    return text.decode("utf-16", "replace").encode() if name == b"UNICODE\0" else text
