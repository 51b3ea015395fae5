"""The words of a text, each with its place in the page's source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokuwiki_data.nodes.inline import Text

#: What divides words, and may come and go at the end of a line.
BLANKS = " \t\n\r\f\v\0"

_WORD = re.compile(f"[^{BLANKS}]+")
_NOTHING = dict.fromkeys(map(ord, BLANKS))
#: Markup that may stand in a text and leaves no trace in it.
_NO_TRACE = re.compile(r"<nowiki></nowiki>|%%%%|\{\{tag>[ \t\n]*+\}\}")


def words(node: Text) -> Iterator[tuple[int, str]]:
    """The words of a text with the offsets at which they start in the page's source, counted in characters.

    A word goes up to a blank, the end of a line, or markup that leaves no trace.
    """
    offset, start = node._source.offset, node._start
    written = node._source.normalized[start : node._end]
    if _solid(written) != (said := _solid(node.text)):
        written = _NO_TRACE.sub(lambda found: " " * len(found[0]), written)
        if _solid(written) != said:
            yield offset(start), said
            return
    for found in _WORD.finditer(written):
        yield offset(start + found.start()), found[0]


def _solid(text: str) -> str:
    return text.translate(_NOTHING)
