"""Print text so that it is read as text: an empty ``<nowiki>`` divides everything that would be markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.printers.printers import AS_IT_IS, BREAK, BROKEN_UP, OWN_LINE
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse

#: Signs that are part of a delimiter, next to one another or at an edge; the start of a line that could be a block.
_SIGNS = r"*/_'()\[\]{}\\%<>=~|^:@-"
_BETWEEN = re.compile(rf"(?<=[{_SIGNS}])(?=[{_SIGNS}])")
_EDGES = re.compile(rf"^(?=[{_SIGNS}])|(?<=[{_SIGNS}])$")
_LINE_START = re.compile(rf"(?<=\n)(?=[ \t{_SIGNS}])")

#: Places inside of text that would begin markup whose closer can be anywhere after it.
_FAR = re.compile(r"(?<=%)(?=%)|(?<=\[)(?=\[)|(?<=\{)(?=\{)|(?<=<)(?=nowiki>(?!</)|code\b|file\b)")

#: Text that every wiki reads as text, so that it need not be parsed.
_HARMLESS = re.compile(r"(?! )(?:[a-z ,\n]|\.(?!\.))*(?<! )|[ ,.]", re.ASCII)

#: The text before a text that is parsed, and the nodes that are not markup.
_BEFORE = ". "
_TEXT = (Page, blocks.Paragraph, inline.Text)

#: How often a text is parsed; each time, everything that is read as markup is divided.
_ATTEMPTS = 8


def plain(text: str, syntax: Syntax, care: int) -> str:
    """Return markup that is read as the text alone, as far as that is possible."""
    if care == AS_IT_IS or _HARMLESS.fullmatch(text):
        return text
    patterns = (_FAR, _BETWEEN, _EDGES, _LINE_START) if care == BROKEN_UP else (_FAR,)
    places = {match.start() for pattern in patterns for match in pattern.finditer(text)}
    text = _broken(text, sorted(places))
    for _ in range(_ATTEMPTS):
        found = _markup_in(text, syntax)
        if not found:
            break
        text = _broken(text, found)
    return text


def _broken(text: str, places: Sequence[int]) -> str:
    """Return the text with an empty ``<nowiki>`` or ``%%%%`` at some places."""
    parts = [text[start:end] for start, end in pairwise([0, *places, len(text)])]
    for number, part in enumerate(parts[:-1]):
        # << would be a delimiter of its own.
        parts[number] += "%%%%" if part.endswith("<") else BREAK
    return "".join(parts)


def _markup_in(text: str, syntax: Syntax) -> list[int]:
    """Return the places after the first character of each piece of the text that is not read as text."""
    page = parse(f"{_BEFORE}{text} .", syntax=syntax)
    found = []
    for node in page.walk():
        # Divide a block at its start, other markup after its first character.
        place = node.span.start - len(_BEFORE) + (not isinstance(node, OWN_LINE))
        if not isinstance(node, _TEXT) and 0 < place < len(text):
            found.append(place)
    return found
