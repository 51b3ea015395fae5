"""A table in DokuWiki's own markup."""

from __future__ import annotations

import re
from functools import lru_cache

from dokuwiki_data.engine.formats.cells import grid
from dokuwiki_data.engine.results import Result
from dokuwiki_data.nodes import blocks, inline, page
from dokuwiki_data.syntax.parser import parse

#: Words with at most one mark between two: nothing that could begin markup and end it in another cell.
_WORDS = re.compile(r"[^\W_]++(?>(?:[,:] |[ ,_.:-])[^\W_]++)*+")
#: ``%%…%%`` holds any text that has none of its own, and ``<nowiki>…</nowiki>`` what is left.
_MARKS = re.compile(r"(%+)")


def wiki_table(table: Result) -> str:
    """A line for the labels and one for each row; a text that is markup stands in ``%%…%%``, so that none is read."""
    header, rows, sums = grid(table)
    if not header:
        return ""
    lines = [_line("^", header), *(_line("|", row) for row in rows)]
    if sums:
        lines.append(_line("|", sums))
    return "\n".join(lines) + "\n"


def _line(mark: str, cells: tuple[str, ...]) -> str:
    return mark + "".join(f" {unformatted(cell)} {mark}" if cell else f" {mark}" for cell in cells)


@lru_cache(maxsize=4096)
def unformatted(text: str) -> str:
    """Markup inside of a line that DokuWiki shows as this very text."""
    if _is_plain(text):
        return text
    if "%" not in text:
        return f"%%{text}%%"
    if "</nowiki>" not in text:
        return f"<nowiki>{text}</nowiki>"
    return "".join(
        f"<nowiki>{part}</nowiki>" if part.startswith("%") else f"%%{part}%%" for part in _MARKS.split(text) if part
    )


def _is_plain(text: str) -> bool:
    """Whether DokuWiki reads the text as text: it also knows words, such as ``640x480`` and ``FIXME``."""
    if not _WORDS.fullmatch(text):
        return False
    kinds = [type(node) for node in parse(text).walk()]
    return kinds == [page.Page, blocks.Paragraph, inline.Text]
