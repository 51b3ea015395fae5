"""Build nodes from tokens: one method for each rule of the grammar, called while the tokens are parsed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node, placed
from dokuwiki_data.syntax.cells import AnyCell, Cell, Row
from dokuwiki_data.syntax.diagnostics import Diagnostics
from dokuwiki_data.syntax.paragraphs import Cells, Rows, Run, Token
from dokuwiki_data.syntax.tables import build, holds_table
from dokuwiki_data.text import PageText

#: The parts of a rule: tokens, runs of leaves, and the results of other rules.
Parts = list[Any]


def contents(leaves: Sequence[Node], parts: Parts) -> tuple[Node, ...]:
    """Return the children of a node: the leaves of its opening token, then its parts, with runs flattened."""
    if not parts:
        return tuple(leaves)
    if len(parts) == 1 and not leaves and isinstance(first := parts[0], Run):
        return tuple(first.nodes)
    children = list(leaves)
    for part in parts:
        if isinstance(part, Run):
            children += part.nodes
            part.nodes = []  # there can be a million of them
        else:
            children.append(part)
    return tuple(children)


def _end_of(nodes: tuple[Node, ...]) -> int:
    """Return the place where the last of some nodes ends. The property of that name takes longer."""
    last = nodes[-1]
    return last._start + last._to_end


def _ended(at: int, place: int | None) -> tuple[int, bool]:
    """Return the place where DokuWiki closes a block, and whether it never does. The block ends at ``at`` here."""
    return (at, True) if place is None else (place, False)


class TreeBuilder:
    """Builds the nodes of one text at a time, which is `source`."""

    def __init__(self) -> None:
        self.source = PageText("")
        self.diagnostics = Diagnostics()

    def page(self, parts: Parts) -> tuple[tuple[Node, ...], int]:
        """Return the content, and the place of the last instruction."""
        return contents((), parts[:-1]), parts[-1].at

    def section(self, parts: Parts) -> blocks.Section:
        heading: blocks.Heading = parts[0].detail
        children = contents(parts[0].run, parts[1:])
        end = heading._start + heading._to_end
        if children:
            end = max(end, _end_of(children))
        return blocks.Section.at(self.source, heading._start, end, heading, children)

    def paragraph(self, parts: Parts) -> blocks.Paragraph:
        children = contents(parts[0].run, parts[1:-1])
        return blocks.Paragraph.at(
            self.source, children[0]._start, _end_of(children), children, parts[0].at, parts[-1].at
        )

    def list(self, parts: Parts) -> blocks.List:
        opening, *items, closing = parts
        ordered, *nesting, start = opening.detail
        places = opening.at, *_ended(closing.at, closing.detail), *nesting
        if start != 1:
            return blocks.NumberedList.at(
                self.source, items[0]._start, closing.at, ordered, tuple(items), *places, start
            )
        return blocks.List.at(self.source, items[0]._start, closing.at, ordered, tuple(items), *places)

    def item(self, parts: Parts) -> blocks.ListItem:
        marker, *rest = parts
        inner = len(rest)
        while inner and type(rest[inner - 1]) is blocks.List and rest[inner - 1]._nested:
            inner -= 1
        content = contents(marker.run, rest[:inner])
        lists: tuple[blocks.List, ...] = tuple(rest[inner:])
        end = _end_of(lists) if lists else _end_of(content) if content else self._marker_end(marker.at + 1)
        return blocks.ListItem.at(self.source, marker.at + 1, end, marker.detail, content, lists)

    def markdown_item(self, parts: Parts) -> blocks.ListItem:
        level, end, content = parts[0].detail
        lists: tuple[blocks.List, ...] = tuple(parts[1:])
        return blocks.ListItem.at(self.source, parts[0].at, _end_of(lists) if lists else end, level, content, lists)

    def _marker_end(self, at: int) -> int:
        while self.source.normalized[at] in " \t":
            at += 1
        return at + 1

    def cell(self, parts: Parts) -> AnyCell:
        opening: Token = parts[0]
        cell = opening.detail
        assert isinstance(cell, Cell)
        content = contents(opening.run, parts[1:])
        cell.holds_table = holds_table(content)
        return cell.finished(self.source, content)

    def row(self, parts: Parts) -> Row:
        at, first = parts[0].at + 1, parts[1]
        if len(parts) == 2 and isinstance(first, Cells):
            return Row(at, tuple(first.cells))
        cells: list[AnyCell] = []
        for part in parts[1:]:
            if isinstance(part, Cells):
                cells += part.cells
                part.cells = []  # there can be a million of them
            else:
                cells.append(part)
        return Row(at, tuple(cells))

    def table(self, parts: Parts) -> blocks.Table:
        opening, closing = parts[0], parts[-1]
        rows: list[Row | blocks.TableRow] = []
        for part in parts[1:-1]:
            if isinstance(part, Rows):
                rows += part.rows
                part.rows = []  # there can be a million of them
            else:
                rows.append(part)
        parts.clear()  # so that rows are freed when their nodes are made
        for row in rows:
            if isinstance(row, Row) and closing.detail is not None and (dropped := row.text_behind(self.source)):
                message = "DokuWiki does not show what stands behind the last bar of a row"
                self.diagnostics.note(self.source, "dropped", message, *dropped)
        return build(self.source, rows, opening.at, closing.at, opening.detail, closing.detail)

    def markdown_cell(self, parts: Parts) -> tuple[int, tuple[Node, ...]]:
        return parts[0].at, contents(parts[0].run, parts[1:])

    def markdown_row(self, parts: Parts) -> tuple[int, Parts]:
        return parts[0].at, parts[1:]

    def markdown_table(self, parts: Parts) -> blocks.Table | inline.Text:
        from dokuwiki_data.syntax.markdown_rows import build as build_markdown  # few wikis need it

        opening, *rows, closing = parts
        place, _ = _ended(closing.at, closing.detail)
        return build_markdown(self.source, rows, opening.at, closing.at, place)

    def plugin(self, parts: Parts) -> Node:
        opening, closing = parts[0], parts[-1]
        make, hidden = opening.detail
        stop, closed = closing.detail
        node: Node = make(self.source.normalized[opening.at : hidden["_inside"]], contents(opening.run, parts[1:-1]))
        return placed(node, self.source, opening.at, closing.at, closed=closed, _stop=stop, **hidden)

    def quote(self, parts: Parts) -> blocks.Quote:
        opening, closing = parts[0], parts[-1]
        return blocks.Quote.at(
            self.source, opening.at, closing.at, contents(opening.run, parts[1:-1]), opening.detail,
            *_ended(closing.at, closing.detail[0]), closing.detail[1],
        )  # fmt: skip

    def footnote(self, parts: Parts) -> inline.Footnote:
        opening, closing = parts[0], parts[-1]
        closed, place, apart = closing.detail
        content = contents(opening.run, parts[1:-1])
        return inline.Footnote.at(
            self.source, opening.at, closing.at, content, closed, *_ended(closing.at, place), apart
        )


def _formatting(kind: type[inline.Formatting]) -> Callable[[TreeBuilder, list[Any]], Node]:
    def build_node(self: TreeBuilder, parts: Parts) -> Node:
        opening, closing = parts[0], parts[-1]
        return kind.at(self.source, opening.at, closing.at, contents(opening.run, parts[1:-1]), closing.detail)

    return build_node


for _kind in (
    inline.Strong, inline.Emphasis, inline.Underline, inline.Monospace,
    inline.Subscript, inline.Superscript, inline.Deleted,
):  # fmt: skip
    setattr(TreeBuilder, _kind.name, _formatting(_kind))
