"""The names of files that are written after something in a wiki."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokuwiki_data.portable_names import portable_name

WINDOWS_REFUSES = re.compile(r'[<>:"/\\|?*\0-\x1f]|[. ]\Z|\A(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\.|\Z)', re.I)

#: What is refused, reserved or compared without case somewhere, and what our own escapes are made of.
PIECES = [
    *"aAbcß%~._- :*?\\/|<>\"'0123\0\n\x7f\xa0", "é", "e\u0301", "É", "ς", "σ", "ı", "i", "I", "İ", "ſ", "K", "ﬁ",
    "ᄀ", "ᅡ", "가", "\udce9", "con", "CON", "aux", "nul", "com1", "com¹", "lpt9", "prn", ".txt", "%41", "..",
]  # fmt: skip
NAMES = st.lists(st.sampled_from(PIECES), max_size=5).map("".join) | st.text(max_size=8)


def compared(name):
    """What a system compares that knows neither case nor accents nor dots and blanks at the end of a name."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold().upper().casefold())
    return folded.rstrip(". ")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("start", "start"),
        ("role_2-b", "role_2-b"),
        ("größe", "grö%C3%9Fe"),
        ("日本語", "日本語"),
        ("con", "%63on"),
        ("aux", "%61ux"),
        ("nul", "%6Eul"),
        ("prn", "%70rn"),
        ("com1", "%63om1"),
        ("lpt¹", "%6Cpt¹"),
        ("console", "console"),
        ("com", "com"),
        ("com10", "com10"),
        ("Start", "%53tart"),
        ("START", "%53%54%41%52%54"),
        ("e\u0301", "e%CC%81"),
        ("v2.", "v2%2E"),
        (".htaccess", "%2Ehtaccess"),
        ("..", "%2E%2E"),
        ("a b", "a%20b"),
        ("a ", "a%20"),
        ("c:d", "c%3Ad"),
        ("a/b\\c", "a%2Fb%5Cc"),
        ('<>"|?*', "%3C%3E%22%7C%3F%2A"),
        ("a\0\n\x7f", "a%00%0A%7F"),
        ("100%", "100%25"),
        ("%41", "%2541"),
        ("~", "%7E"),
        ("", "%"),
        ("x" * 200, "x" * 200),
        ("x" * 201, "x" * 100 + "~" + "84a0678c90937f5dcf9994d5866668da"),
    ],
)
def test_names(name, written):
    assert portable_name(name) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("logo.png", "logo.png"),
        ("a.b.tar.gz", "a.b.tar.gz"),
        ("con.png", "%63on.png"),
        ("Logo.PNG", "%4Cogo.%50%4E%47"),
        ("v2.", "v2%2E"),
        ("..", "%2E%2E"),
        (".a.b.", "%2Ea.b%2E"),
        (".con", "%2Econ"),
        ("a..b", "a..b"),
    ],
)
def test_names_with_dots(name, written):
    assert portable_name(name, dots=True) == written


@given(NAMES, NAMES, st.booleans())
def test_names_are_harmless_and_different_whatever_is_compared(one, other, dots):
    written, as_well = portable_name(one, dots=dots), portable_name(other, dots=dots)
    assert not WINDOWS_REFUSES.search(written)
    assert not written.startswith((".", "-" if not one.startswith("-") else "."))
    assert (compared(written) == compared(as_well)) == (one == other)


@given(NAMES, st.booleans())
def test_names_can_be_read_back(name, dots):
    written = portable_name(name, dots=dots)
    assert 0 < len(written.encode()) <= 200
    if name and "~" not in written:
        assert unquote_to_bytes(written).decode(errors="surrogatepass") == name


def test_long_names_stay_short_and_different():
    names = {portable_name(start * 250 + end) for start in ("x", "É", "日", "\ud800") for end in "ab"}
    assert len(names) == 8
    assert max(len(name.encode()) for name in names) <= 200
