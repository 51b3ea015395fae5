"""Page ids: what DokuWiki makes of the name of a page under its default settings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dokuwiki_data.data.columns import lower

# Both tables were recorded from DokuWiki, character by character.
_ACCENTS = (
    "a=àáâãåāăą ae=äæ b=ḃ c=çćĉċč d=ďđḋ dh=ð e=èéêëēĕėęě f=ƒḟ g=ĝğġģ h=ĥħ i=ìíîïĩīįı j=ĵ k=ķ l=ĺļľł m=ṁ "
    "n=ñńņň o=òóôõøōőơ oe=ö p=ṗ r=ŕŗř s=śŝşšșṡ ss=ß t=ţťŧțṫ th=þ u=µùúûũūŭůűųư ue=ü w=ŵẁẃẅ y=ýÿŷỳ z=źżž"
)
_SEPARATORS = (
    r"\x01-\x2c\x2f\x3c-\x40\x5b-\x5e\x60\x7b-\xb4\xb6-\xbf\xd7\xf7\u02c7\u02d8-\u02dd\u0384\u0385"
    r"\u05b0-\u05b9\u05bb-\u05c3\u05f3\u05f4\u060c\u061b\u061f\u0640\u064b-\u0652\u066a\u0e3f\u200c-\u200f"
    r"\u2013-\u2015\u2017-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u20a7"
    r"\u20aa-\u20ac\u2116\u2118\u2122\u2135\u2190-\u2195\u21b5\u21d0-\u21d4\u2200\u2202\u2203\u2205-\u2209"
    r"\u220b\u220f\u2211\u2212\u2215\u2217\u2219\u221a\u221d\u221e\u2220\u2227-\u222b\u2234\u223c\u2245\u2248"
    r"\u2260\u2261\u2264\u2265\u2282-\u2284\u2286\u2287\u2295\u2297\u22a5\u22c5\u2310\u2320\u2321\u2469\u2500"
    r"\u2502\u250c\u2510\u2514\u2518\u251c\u2524\u252c\u2534\u253c\u2550-\u256c\u2580\u2584\u2588\u258c"
    r"\u2590-\u2593\u25a0\u25b2\u25bc\u25c6\u25ca\u25cf\u25d7\u2605\u260e\u261b\u261e\u2660\u2663\u2665\u2666"
    r"\u2701-\u2704\u2706-\u2709\u270c-\u2727\u2729-\u274b\u274d\u274f-\u2752\u2756\u2758-\u275e\u2761-\u2767"
    r"\u277f\u2789\u2793\u2794\u2798-\u27af\u27b1-\u27be\u3000-\u3003\u3008-\u3012\u3014-\u301b\u3036\uc2a0"
    r"\uf6d9-\uf6db\uf8d7-\uf8fe\ufe7c\ufe7d\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff65"
    r"\uffe0-\uffe6\uffe8-\uffee\U0001d6fc-\U0001d71b"
)

_WITHOUT_ACCENTS = {
    ord(character): letters
    for letters, _, characters in (pair.partition("=") for pair in _ACCENTS.split())
    for character in characters
}
_SEPARATED = re.compile(f"[_{_SEPARATORS}]+")


@lru_cache(maxsize=16384)
def clean_id(name: str) -> str:
    """The page id that a name stands for: ``Role:Sales Support!`` is ``role:sales_support``.

    Letters become lower case and lose their accents, other characters become ``_``, and ``:._-`` vanish
    from the ends of each part.
    """
    text = lower(name if name.isascii() else unicodedata.normalize("NFC", name)).replace(";", ":")
    if not text.isascii():
        text = text.translate(_WITHOUT_ACCENTS)
    text = _SEPARATED.sub("_", text)
    parts = (part.strip("._-") for part in text.split(":"))
    return ":".join(part for part in parts if part)
