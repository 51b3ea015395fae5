"""The judge: does a page, read again, have the nodes in it that were to be written?"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from dokuwiki_data.nodes import blocks, data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.nodes.page import Page

#: Fields that follow from others: what they hold if nobody said.
_UNSAID: dict[type[Node], dict[str, object]] = {
    blocks.Table: {"columns": 0, "head_rows": 0},
    blocks.TableRow: {"width": 0},
    data.DataQuery: {"options": ()},
}

#: What may stand before a text without being part of it.
_NO_TRACE = re.compile(r"(?>\s|<nowiki></nowiki>|%%%%)*+")


class Reading:
    """The nodes of a page by where they start."""

    def __init__(self, page: Page) -> None:
        self._nodes = list(page.walk())
        self._starts = [node.span.start for node in self._nodes]
        self._text = str(page)

    def has(self, node: Node, start: int, end: int, *, alone: bool) -> bool:
        """Whether a node stands between two places of the text; ``alone`` if nothing else does."""
        if alone and isinstance(node, Text):
            return self._is_text(node, start, end)
        found = self._nodes[bisect_left(self._starts, start) : bisect_right(self._starts, end)]
        if isinstance(node, Text):
            # What stands before it may go on in it.
            found += self._nodes[max(bisect_left(self._starts, start) - 1, 0) : bisect_left(self._starts, start)]
            return any(isinstance(other, Text) and node.text.strip() in other.text for other in found)
        return any(type(other) is type(node) and same(node, other) for other in found)

    def _is_text(self, node: Text, start: int, end: int) -> bool:
        """Whether a place is part of a text: it may go on in that around it."""
        written = self._text[start:end].rstrip()
        end = start + len(written)
        start += len(_NO_TRACE.match(written)[0])  # type: ignore[index]  # it always does
        if start >= end:
            return not node.text.strip()
        found = self._nodes[bisect_right(self._starts, start) - 1]
        return isinstance(found, Text) and found.span.end >= end and node.text.strip() in found.text

    def instead(self, start: int, end: int) -> str:
        """What stands there, for people."""
        found = self._nodes[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        around = (Page, blocks.Paragraph)
        names = [type(node).__name__ for node in found if node.span.end <= end and not isinstance(node, around)]
        return ", ".join(names[:3]) or "part of something else"


def same(said: Node, read: Node) -> bool:
    """Whether two nodes say the same. Texts next to each other are one; what follows from the rest need not be said."""
    if said == read:
        return True
    if type(said) is not type(read):
        return False
    unsaid = _UNSAID.get(type(said), {})
    for field in dataclasses.fields(said):
        one, other = getattr(said, field.name), getattr(read, field.name)
        if not field.compare or one == other or (field.name in unsaid and _is_unsaid(said, field.name)):
            continue
        if isinstance(one, tuple) and isinstance(other, tuple):
            ones, others = _joined(one), _joined(other)
            if len(ones) != len(others) or not all(map(_same_part, ones, others)):
                return False
        elif not (isinstance(one, Node) and isinstance(other, Node) and same(one, other)):
            return False
    return True


def _is_unsaid(node: Node, name: str) -> bool:
    if isinstance(node, blocks.Table):
        return node.columns == 0  # no table has none, so nobody counted
    return bool(getattr(node, name) == _UNSAID[type(node)][name])


def _same_part(one: object, other: object) -> bool:
    if isinstance(one, Node) and isinstance(other, Node):
        return same(one, other)
    return one == other


def _joined(parts: Sequence[object]) -> list[object]:
    """Neighbouring texts as one, empty ones left out."""
    joined: list[object] = []
    for part in parts:
        if not isinstance(part, Text):
            joined.append(part)
        elif joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + part.text)
        elif part.text:
            joined.append(part)
    return joined
