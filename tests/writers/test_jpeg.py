"""The title of a JPEG file: of which field it is, and that broken files have none."""

from __future__ import annotations

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokuwiki_data.writers.jpeg import LONGEST, jpeg_title

XMP = b"http://ns.adobe.com/xap/1.0/\0"


def jpeg(*segments):
    """A JPEG file of segments, each a marker and its content."""
    parts = [b"\xff" + bytes([marker]) + pack(">H", len(content) + 2) + content for marker, content in segments]
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda\0\2image data"


def iptc(**fields):
    numbers = {"headline": 105, "caption": 120}
    found = [b"\x1c\2" + bytes([numbers[name]]) + pack(">H", len(text)) + text for name, text in fields.items()]
    return 0xED, b"Photoshop 3.0\x008BIM\4\4\0\0\0\0\0\0" + b"".join(found)


def xmp(title):
    text = f'<x><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></x>'
    return 0xE1, XMP + text.encode()


def exif(order, description, comment=b""):
    """EXIF of a description, and of a comment in a table of its own."""
    sign = {b"II": "<", b"MM": ">"}[order]
    texts = 8 + 2 + 2 * 12 + 4 + 2 + 12 + 4
    first = pack(f"{sign}H", 2) + pack(f"{sign}HHII", 0x010E, 2, len(description), texts)
    first += pack(f"{sign}HHII", 0x8769, 4, 1, 8 + 2 + 2 * 12 + 4) + pack(f"{sign}I", 0)
    second = pack(f"{sign}H", 1) + pack(f"{sign}HHII", 0x9286, 7, len(comment), texts + len(description))
    header = order + pack(f"{sign}HI", 42, 8)
    return 0xE1, b"Exif\0\0" + header + first + second + pack(f"{sign}I", 0) + description + comment


@pytest.mark.parametrize(
    ("segments", "title"),
    [
        ([], None),
        ([iptc(caption=b"Caption", headline=b"Headline"), xmp("XMP")], "Headline"),
        ([xmp("XMP &amp; more"), iptc(caption="Übung".encode())], "Übung"),
        ([xmp("XMP &amp; more"), exif(b"II", b"Description")], "XMP & more"),
        ([exif(b"II", b"Description\0")], "Description"),
        ([exif(b"MM", b"Description\0", b"ASCII\0\0\0Comment")], "Comment"),
        ([exif(b"MM", b"     \0", b"UNICODE\0" + "Kommentar".encode("utf-16"))], "Kommentar"),
        ([iptc(headline=b"\xdcbung")], "Übung"),
        ([iptc(headline=b"word " * 30)], "word " * 15 + "word..."),
    ],
)
def test_the_title_is_that_of_the_first_field(segments, title):
    assert jpeg_title(jpeg(*segments)) == title


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda content: jpeg((0xE1, b"Exif\0\0II" + content))))
def test_any_file_is_read(content):
    title = jpeg_title(content)
    assert title is None or 0 < len(title) <= LONGEST + len("...")
