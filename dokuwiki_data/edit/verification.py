"""Verify an edited page after it was parsed again: the new nodes are there, and all others are as before."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from dokuwiki_data.edit.tree import Tree
from dokuwiki_data.edit.writing import Spliced
from dokuwiki_data.nodes import blocks, data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import Monospace, Text, Unformatted
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.nodes.words import BLANKS, words

# ---------------------------------------------------------------------------------------------- new nodes

#: Fields that are derived from others, with their values where they are not set.
_DERIVED: dict[type[Node], dict[str, object]] = {
    blocks.Table: {"columns": 0, "head_rows": 0},
    blocks.TableRow: {"width": 0},
    data.DataQuery: {"options": ()},
}

#: Markup and blanks that may precede a text without being part of it.
_NO_TRACE = re.compile(r"(?>\s|<nowiki></nowiki>|%%%%)*+")


class ReadNodes:
    """The nodes of a page, searchable by their places."""

    def __init__(self, page: Page) -> None:
        self._nodes = list(page.walk())
        self._starts = [node.span.start for node in self._nodes]
        self._text = str(page)

    def has(self, node: Node, start: int, end: int, *, alone: bool) -> bool:
        """Return whether an equal node is between two places of the text; ``alone``: nothing else should be there."""
        if alone and isinstance(node, Text):
            return self._is_text(node, start, end)
        found = self._nodes[bisect_left(self._starts, start) : bisect_right(self._starts, end)]
        if isinstance(node, Text):
            # The text may continue a text before it.
            found += self._nodes[max(bisect_left(self._starts, start) - 1, 0) : bisect_left(self._starts, start)]
            return any(isinstance(other, Text) and node.text.strip() in other.text for other in found)
        return any(type(other) is type(node) and same(node, other) for other in found)

    def _is_text(self, node: Text, start: int, end: int) -> bool:
        """Return whether a part of the text was read as text, alone or together with the text around it."""
        written = self._text[start:end].rstrip()
        end = start + len(written)
        start += len(_NO_TRACE.match(written)[0])  # type: ignore[index]  # it always does
        if start >= end:
            return not node.text.strip()
        found = self._nodes[bisect_right(self._starts, start) - 1]
        return isinstance(found, Text) and found.span.end >= end and node.text.strip() in found.text

    def instead(self, start: int, end: int) -> str:
        """Return the names of the nodes between two places, for messages."""
        found = self._nodes[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        around = (Page, blocks.Paragraph)
        names = [type(node).__name__ for node in found if node.span.end <= end and not isinstance(node, around)]
        return ", ".join(names[:3]) or "part of something else"


def same(expected: Node, read: Node) -> bool:
    """Return whether two nodes are equal when adjacent texts are joined and unset derived fields are ignored."""
    if expected == read:
        return True
    if type(expected) is not type(read):
        return False
    derived = _DERIVED.get(type(expected), {})
    for field in dataclasses.fields(expected):
        one, other = getattr(expected, field.name), getattr(read, field.name)
        if not field.compare or one == other or (field.name in derived and _is_unset(expected, field.name)):
            continue
        if isinstance(one, tuple) and isinstance(other, tuple):
            ones, others = _joined(expected, one), _joined(expected, other)
            if len(ones) != len(others) or not all(map(_same_part, ones, others)):
                return False
        elif not (isinstance(one, Node) and isinstance(other, Node) and same(one, other)):
            return False
    return True


def _is_unset(node: Node, name: str) -> bool:
    if isinstance(node, blocks.Table):
        return node.columns == 0  # tables that are read have columns
    return bool(getattr(node, name) == _DERIVED[type(node)][name])


def _same_part(one: object, other: object) -> bool:
    if isinstance(one, Node) and isinstance(other, Node):
        return same(one, other)
    return one == other


def _joined(around: Node, parts: Sequence[object]) -> list[object]:
    """Return the parts of a node with adjacent texts joined and empty ones left out.

    Markdown does not parse monospaced text, and drops blanks around the text of a cell.
    """
    joined: list[object] = []
    for part in parts:
        if isinstance(part, Unformatted) and isinstance(around, Monospace):
            part = Text(part.text)
        if not isinstance(part, Text):
            joined.append(part)
        elif joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + part.text)
        elif part.text:
            joined.append(part)
    if joined and isinstance(around, blocks.TableCell):
        if isinstance(joined[0], Text):
            joined[0] = Text(joined[0].text.lstrip(BLANKS))
        if isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text.rstrip(BLANKS))
    return [part for part in joined if part != Text("")]


# -------------------------------------------------------------------------------------------- other nodes

#: Nodes that begin with the first node inside them, which identifies them.
_FLOWS = (blocks.Paragraph, blocks.List, blocks.Table, blocks.TableRow, blocks.QuotedLines)
#: Nodes that are ignored as parents, since headings can be inserted and removed.
_UNBOUND = (Page, blocks.Section)
#: Fields that follow from the nodes around or inside, and are not compared.
_FOLLOWING: dict[type[Node], set[str]] = {
    blocks.ListItem: {"level"},
    blocks.Table: {"columns", "head_rows"},
    blocks.TableRow: {"width"},
    data.DataQuery: {"query"},
}

#: The cached results of `_compared_fields`.
_COMPARED_FIELDS: dict[tuple[type[Node], bool], tuple[str, ...]] = {}


class Gap(NamedTuple):
    """A part of the old text that changes.

    Attributes:
        start: Its start in characters.
        end: Its end in characters.
        node: The node that is replaced, if one is.
    """

    start: int
    end: int
    node: Node | None = None


class _Item(NamedTuple):
    """A node or a word that is compared.

    Attributes:
        place: Its place in the new text.
        word: The word; empty for a node.
        node: The node, or the text node with the word.
        around: The node around it, if it is compared.
    """

    place: int
    word: str
    node: Node
    around: Node | None


def first_disturbed(tree: Tree, gaps: Sequence[Gap], spliced: Spliced, new: Page) -> Node | None:
    """Return the first node outside of all gaps that is not read as before; None if all are.

    Blanks are ignored, and so are the ends of paragraphs beside a gap.

    Args:
        tree: The old page.
        gaps: The parts of its text that change.
        spliced: The new text.
        new: The new page.
    """
    regions = _Regions(gaps, spliced)
    pairs = _Pairs(tree, gaps, spliced, regions)
    last: Node = tree.page
    for before, after in zip_longest(_old_items(tree.page, gaps, spliced), regions.items(new)):
        last = before.node if before else last
        if before is None or after is None or before[:2] != after[:2] or not pairs.match(before, after):
            return last
    return None


def _old_items(page: Page, gaps: Sequence[Gap], spliced: Spliced) -> Iterator[_Item]:
    """Yield the nodes and words of the old page outside of the gaps, parents first."""
    replaced = {id(gap.node) for gap in gaps if gap.node is not None}
    waiting: list[tuple[Node, Node | None]] = [(page, None)]
    while waiting:
        node, around = waiting.pop()
        if id(node) in replaced:
            continue
        if isinstance(node, Text):
            for at, word in words(node):
                yield _Item(spliced.end(at), word, node, around)
            continue
        if not isinstance(node, (*_FLOWS, *_UNBOUND)):
            yield _Item(spliced.end(node.span.start), "", node, around)
        inside = around if isinstance(node, _UNBOUND) else node
        waiting.extend((child, inside) for child in reversed(node.children))


class _Regions:
    """The inserted regions of the new text, and what is outside of them."""

    def __init__(self, gaps: Sequence[Gap], spliced: Spliced) -> None:
        #: The start and the end of the first region, of the second one, and so on.
        self._bounds: list[int] = []
        for start, end in sorted((spliced.start(gap.start), spliced.end(gap.end)) for gap in gaps):
            if self._bounds and start < self._bounds[-1]:
                self._bounds[-1] = max(self._bounds[-1], end)
            else:
                self._bounds += (start, end)
        #: The compared parent of each node, by the identity of the node.
        self.around: dict[int, Node | None] = {}

    def items(self, page: Page) -> Iterator[_Item]:
        """Yield the nodes and words of the new page outside of the regions, parents first."""
        waiting: list[tuple[Node, Node | None]] = [(page, None)]
        while waiting:
            node, around = waiting.pop()
            if isinstance(node, Text):
                for at, word in words(node):
                    for start, part in self._outside(at, word):
                        yield _Item(start, part, node, around)
                continue
            inside = around
            if not isinstance(node, _UNBOUND):
                start, end = node.span
                if self._contains(start, end):
                    continue
                inside = node
                self.around[id(node)] = around
                if not isinstance(node, _FLOWS) and not self.may_surround(node):
                    yield _Item(start, "", node, around)
            waiting.extend((child, inside) for child in reversed(node.children))

    def may_surround(self, node: Node) -> bool:
        """Return whether a node starts and ends in regions, so that it may have been put around existing nodes."""
        start, end = node.span
        return bisect_right(self._bounds, start) % 2 == 1 and bisect_left(self._bounds, end) % 2 == 1

    def _contains(self, start: int, end: int) -> bool:
        number = bisect_right(self._bounds, start)
        return number % 2 == 1 and end <= self._bounds[number]

    def _outside(self, at: int, word: str) -> Iterator[tuple[int, str]]:
        """Yield the parts of a word outside of regions; an empty region divides it, too."""
        start, end = at, at + len(word)
        while start < end:
            number = bisect_right(self._bounds, start)
            stop = min(end, self._bounds[number]) if number < len(self._bounds) else end
            if number % 2 == 0:
                yield start, word[start - at : stop - at]
            start = stop


class _Pairs:
    """Pairs the nodes of the old page with those of the new one."""

    def __init__(self, tree: Tree, gaps: Sequence[Gap], spliced: Spliced, regions: _Regions) -> None:
        self._tree = tree
        self._spliced = spliced
        self._regions = regions
        self._starts = sorted(gap.start for gap in gaps)
        self._ends = sorted(gap.end for gap in gaps)
        #: Tables that lose or gain rows, so that the row spans of their cells may change.
        self._reshaped = {id(tree.parent(gap.node)) for gap in gaps if isinstance(gap.node, blocks.TableRow)}
        self._new: dict[int, Node] = {}
        self._old: dict[int, Node] = {}

    def match(self, before: _Item, after: _Item) -> bool:
        """Return whether two items are equal and are inside the same nodes, except nodes that were put around."""
        if not before.word and not self._alike(before.node, after.node):
            return False
        one, other = before.around, after.around
        while one is not None or other is not None:
            if one is not None and other is not None and self._new.get(id(one)) is other:
                return True
            if one is not None and other is not None and self._pair(one, other):
                one, other = self._around(one), self._regions.around[id(other)]
            elif other is not None and self._regions.may_surround(other):
                other = self._regions.around[id(other)]
            else:
                return False
        return True

    def _pair(self, one: Node, other: Node) -> bool:
        """Pair two nodes around equal items; return False if they cannot be the same node."""
        if not self._alike(one, other):
            return False
        if not isinstance(one, _FLOWS) and self._spliced.end(one.span.start) != other.span.start:
            return False
        if not (isinstance(one, blocks.Paragraph) and self._is_beside_gap(one)):
            if self._new.get(id(one), other) is not other or self._old.get(id(other), one) is not one:
                return False
            self._old[id(other)] = one
        self._new[id(one)] = other
        return True

    def _alike(self, one: Node, other: Node) -> bool:
        if type(one) is not type(other):
            return False
        names = _compared_fields(type(one), isinstance(one, blocks.TableCell) and self._is_reshaped(one))
        return all(_without_nodes(getattr(one, name)) == _without_nodes(getattr(other, name)) for name in names)

    def _is_reshaped(self, cell: Node) -> bool:
        row = self._tree.parent(cell)
        return row is not None and id(self._tree.parent(row)) in self._reshaped

    def _around(self, node: Node) -> Node | None:
        around = self._tree.parent(node)
        while isinstance(around, _UNBOUND):
            around = self._tree.parent(around)
        return around

    def _is_beside_gap(self, node: Node) -> bool:
        text = str(self._tree.page)
        start, end = node.span
        while start > 0 and text[start - 1] in BLANKS:
            start -= 1
        while end < len(text) and text[end] in BLANKS:
            end += 1
        return bisect_right(self._starts, end) > bisect_left(self._ends, start)


def _compared_fields(kind: type[Node], is_reshaped: bool) -> tuple[str, ...]:
    """Return the fields of a class of nodes that are compared."""
    key = kind, is_reshaped
    if key not in _COMPARED_FIELDS:
        following = _FOLLOWING.get(kind, set()) | ({"rowspan"} if is_reshaped else set())
        _COMPARED_FIELDS[key] = tuple(
            field.name for field in dataclasses.fields(kind) if field.compare and field.name not in following
        )
    return _COMPARED_FIELDS[key]


def _without_nodes(value: object) -> object:
    """Return the value of a field without nodes, which are compared separately."""
    if isinstance(value, tuple):
        return tuple(part for part in value if not isinstance(part, Node))
    return None if isinstance(value, Node) else value
