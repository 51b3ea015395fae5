"""The dialects of Markdown that are known, by name."""

from __future__ import annotations

from collections.abc import Mapping

from dokuwiki_data.writers.markdown.dialect import Dialect
from dokuwiki_data.writers.markdown.escaping import COMMONMARK_TEXT, Escape

# GitHub Flavored Markdown (https://github.github.com/gfm/) with what GitHub adds to it
# (https://docs.github.com/en/get-started/writing-on-github): footnotes and boxes. It makes links of bare addresses.
_GFM = Dialect(
    name="gfm",
    text=COMMONMARK_TEXT.and_before(
        Escape.exception(r"(?<=\s)~(?=\s)"),
        Escape("~"),
        Escape(r"\[(?=\^)"),
        Escape(r"(?<!\w)(?:https?|ftp)(?=://)", r"\g<0>\\"),
        Escape(r"(?<!\w)www(?=\.)", r"\g<0>\\"),
        Escape(r"(?<=[\w.+-])@(?=[\w-]+\.)", "<!-- -->@"),
    ),
    callouts={"note": "NOTE", "tip": "TIP", "important": "IMPORTANT", "warning": "WARNING", "alert": "CAUTION"},
)

DIALECTS: Mapping[str, Dialect] = {one.name: one for one in (_GFM,)}
