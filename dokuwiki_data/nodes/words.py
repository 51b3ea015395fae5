"""The words of a text node with their places in the page's source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokuwiki_data.nodes.inline import Text

#: The characters that separate words. DokuWiki may drop them at line ends.
BLANKS = " \t\n\r\f\v\0"

_WORD = re.compile(f"[^{BLANKS}]+")
_NOTHING = dict.fromkeys(map(ord, BLANKS))
#: Markup within a text that leaves no trace.
_NO_TRACE = re.compile(r"<nowiki></nowiki>|%%%%|\{\{tag>[ \t\n]*+\}\}")


def words(node: Text) -> Iterator[tuple[int, str]]:
    """Yield the words of a text, each after its offset in the page's source in characters.

    A word ends at a blank, a line end, or markup that leaves no trace.
    """
    offset, start = node.source_text.offset, node.starts_at
    written = node.normalized_source
    if _without_blanks(written) != (text := _without_blanks(node.text)):
        written = _NO_TRACE.sub(lambda found: " " * len(found[0]), written)
        if _without_blanks(written) != text:
            yield offset(start), text
            return
    for found in _WORD.finditer(written):
        yield offset(start + found.start()), found[0]


def _without_blanks(text: str) -> str:
    return text.translate(_NOTHING)
