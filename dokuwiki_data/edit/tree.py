"""The tree of a page with parents: where a node stands, and the print options for that place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes import blocks, data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.printers.printers import PrintOptions, counts_from_first
from dokuwiki_data.render.printers.table_markup import covered
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.text import PageText

_IN_LISTS = (blocks.List, blocks.ListItem)


class Tree:
    """The nodes of a page, each with its parent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        #: The parent of each node, all children of that, and which of them it is.
        self._around: dict[int, tuple[Node, Sequence[Node], int]] = {
            id(child): (node, children, number)
            for node in page.walk()
            for children in (node.children,)
            for number, child in enumerate(children)
        }
        # Cached, since every row of a table and every item of adjacent lists can change.
        self._covered: dict[int, list[frozenset[int]]] = {}
        self._indents: dict[int, int] = {}

    def has(self, node: Node) -> bool:
        """Return whether this very node, not just an equal one, is part of the page."""
        return node is self.page or id(node) in self._around

    def parent(self, node: Node) -> Node | None:
        """Return the parent of a node; None for the page."""
        return self._around[id(node)][0] if id(node) in self._around else None

    def siblings(self, node: Node) -> Sequence[Node]:
        """Return all children of the node's parent in order, including the node."""
        return self._around[id(node)][1] if id(node) in self._around else (node,)

    def parents(self, node: Node) -> Iterator[Node]:
        """Iterate over the parent, its parent and so on."""
        around = self.parent(node)
        while around is not None:
            yield around
            around = self.parent(around)

    def expect(self, node: Node) -> None:
        """Raise `EditError` for a node that is not part of this page."""
        if not self.has(node):
            raise EditError(node, "it is not a node of this page, but a copy, or from another page or another parse")

    def existing(self, node: Node) -> str | None:
        """Return the source of a node of this page if it can be reused at another place, else None."""
        if not self.has(node) or isinstance(node, _NOT_KEPT):
            return None
        return node._source.normalized[node._start : node._end]

    def print_options(self, node: Node, syntax: Syntax) -> PrintOptions:
        """Return the options for printing nodes at the place of a node."""
        around = self.parent(node)
        return PrintOptions(
            syntax,
            pairs=self._pairs(node, counts_from_first(syntax)),
            ordered=isinstance(around, blocks.List) and around.ordered,
            quotations=self._quotations(node),
            name_width=_name_width(node) if isinstance(node, data.DataField) else 0,
            covered=self._reached(around, node) if isinstance(around, blocks.Table) else frozenset(),
        )

    def _quotations(self, node: Node) -> int:
        depth = 0
        for around in self.parents(node):
            if isinstance(around, blocks.QuotedLines):
                break  # its lines are read without their markers
            depth += isinstance(around, blocks.Quote)
        return depth

    def _reached(self, table: blocks.Table, row: Node) -> frozenset[int]:
        if id(table) not in self._covered:
            self._covered[id(table)] = covered(table)
        return self._covered[id(table)][self._around[id(row)][2]]

    def _pairs(self, node: Node, counts_from_first: bool) -> int:
        """Return the indent of the first level of the lists around, in pairs of blanks.

        If levels are not counted from the first item, only the first item is not indented by its level.
        """
        outermost: Node | None = node if isinstance(node, _IN_LISTS) else None
        for around in self.parents(node):
            if not isinstance(around, _IN_LISTS):
                break
            outermost = around
        if outermost is None:
            return 1
        is_first = isinstance(node, blocks.ListItem) and node._start == outermost._start
        return self._indent(outermost) if counts_from_first or is_first else 1

    def _indent(self, outermost: Node) -> int:
        """Return the indent of a list: that of the first one in a run of adjacent lists."""
        _, siblings, number = self._around[id(outermost)]
        passed = [outermost]
        while id(passed[-1]) not in self._indents:
            before = siblings[number - 1] if number else None
            if not isinstance(before, blocks.List) or not _adjoin(before, passed[-1]):
                self._indents[id(passed[-1])] = _pairs_before(passed[-1]._source, passed[-1]._start)
                break
            number -= 1
            passed.append(before)
        indent = self._indents[id(passed[-1])]
        self._indents.update((id(found), indent) for found in passed)
        return indent


#: Nodes whose markup depends on their place.
_NOT_KEPT = (Page, blocks.ListItem, blocks.List, blocks.Quote, blocks.QuotedLines, blocks.TableRow, blocks.TableCell)


def _name_width(field: data.DataField) -> int:
    """Return the distance of a field's colon from the start of its name; 0 if no blank is before the colon."""
    written = field._source.normalized[field._start : field._value_start]
    name = written.rstrip().removesuffix(":")
    return len(name) - 1 if name.endswith(" ") else 0


def _adjoin(one: Node, other: Node) -> bool:
    """Return whether two lists are adjacent, in which case DokuWiki counts their levels together."""
    return one._source is other._source and one._end + 1 == other._start


def _pairs_before(source: PageText, start: int) -> int:
    """Return the pairs of blanks before a list, including those at the end of the line before."""
    read = source.normalized
    before = start - 1
    while before > 0 and read[before - 1] in " \t":
        before -= 1
    end = start
    while read[end] in " \t":
        end += 1
    return read[before:end].replace("\t", "  ").count("  ")
