"""The dialects of Markdown that are known, by name."""

from __future__ import annotations

from collections.abc import Mapping

from dokuwiki_data.writers.markdown.dialect import Dialect
from dokuwiki_data.writers.markdown.escaping import COMMONMARK_TEXT, Escape

# GitHub Flavored Markdown (https://github.github.com/gfm/) with what GitHub adds to it
# (https://docs.github.com/en/get-started/writing-on-github): footnotes, boxes, links of bare addresses, anchors of
# headings. A heading to which a link leads by another anchor gets this one as well; GitHub keeps it as user-content-…,
# and leads there by its plain name.
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
    anchor='<a id="{anchor}"></a>{title}',
    keeps_anchors=False,
    callouts={
        **dict.fromkeys(("note", "info", "notice", "help", "download", "todo"), "NOTE"),
        **dict.fromkeys(("tip", "safety"), "TIP"),
        "important": "IMPORTANT",
        **dict.fromkeys(("alert", "warning"), "WARNING"),
        **dict.fromkeys(("caution", "danger"), "CAUTION"),
    },
)

DIALECTS: Mapping[str, Dialect] = {one.name: one for one in (_GFM,)}
