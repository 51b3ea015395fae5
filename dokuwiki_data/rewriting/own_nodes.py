"""Nodes of Markdown as those that DokuWiki's own markup can say: items and quotations of lines, cells with blanks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeVar

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.render.printers.plain_text import plain
from dokuwiki_data.render.printers.printers import TRIED
from dokuwiki_data.syntax.configuration import Syntax

Kind = TypeVar("Kind", bound=Node)

#: What would end a cell.
_BARS = re.compile(r"([|^]+)")
#: What is replaced wherever it stands.
_QUOTATION_MARKS = re.compile('("+)')
#: The blanks before and behind the text of a cell, by its alignment.
_AROUND = {"left": (" ", " "), "center": ("  ", "  "), "right": ("  ", " "), None: (" ", " ")}
_DEEPEST_HEADING = 5


class Writing(NamedTuple):
    """How nodes are written: with a syntax, and what is told of losses: the node, their kind, and the reason."""

    syntax: Syntax
    lost: Callable[[Node, str, str], object]


def own_nodes(node: Node, writing: Writing) -> Node:
    """Return a block of Markdown as nodes that DokuWiki's own markup can say; what it cannot is lost."""
    made = _BLOCKS.get(type(node))
    if made is not None:
        return made(node, writing)
    return _with_content(node, _inline(getattr(node, "content", ()), writing, one_line=False))


def _with_content(node: Kind, content: Iterable[Node]) -> Kind:
    return node.with_changes(content=tuple(content)) if hasattr(node, "content") else node


def _heading(node: blocks.Heading, writing: Writing) -> Node:
    if node.level <= _DEEPEST_HEADING:
        return node
    writing.lost(node, "formatting", "DokuWiki's own headings have five levels")
    return replace(node, level=_DEEPEST_HEADING)


# ------------------------------------------------------------------------------------------------------------- lines


def _inline(content: Iterable[Node], writing: Writing, *, one_line: bool) -> Iterator[Node]:
    """Yield nodes within a line; ``one_line`` if it must not end."""
    for node in content:
        if isinstance(node, inline.Monospace):
            yield _monospace(node, writing.syntax, one_line=one_line)
        elif isinstance(node, inline.Text):
            text = " ".join(node.text.split("\n")) if one_line else node.text
            yield from _divided(replace(node, text=text), _QUOTATION_MARKS)
        elif isinstance(node, inline.ExternalLink) and node.label == node.target:
            yield node.with_changes(label=None)
        elif node.is_block:
            yield own_nodes(node, writing)
        else:
            yield _with_content(node, _inline(getattr(node, "content", ()), writing, one_line=one_line))


def _divided(text: inline.Text, signs: re.Pattern[str]) -> Iterator[Node]:
    """Yield text with some signs in it that are not parsed."""
    if not signs.search(text.text):
        yield text
        return
    for number, part in enumerate(signs.split(text.text)):
        if part:
            yield inline.Unformatted(part) if number % 2 else inline.Text(part)


def _monospace(node: inline.Monospace, syntax: Syntax, *, one_line: bool) -> inline.Monospace:
    """Return code in a line as monospaced text; what is not parsed needs no marks of its own if it is harmless."""
    content: list[Node] = []
    for part in node.content:
        if isinstance(part, inline.Unformatted):
            text = " ".join(part.text.split("\n")) if one_line else part.text
            is_plain = "''" not in text and '"' not in text and plain(text, syntax, TRIED) == text
            content.append(inline.Text(text) if is_plain else inline.Unformatted(text))
        else:
            content.append(part)
    return _with_content(node, content)


def _paragraphs(content: Iterable[Node], writing: Writing) -> Iterator[Node]:
    """Yield the nodes of a line, with two line breaks between paragraphs."""
    before: Node | None = None
    for node in content:
        if isinstance(node, blocks.Paragraph):
            if isinstance(before, blocks.Paragraph):
                yield from (inline.LineBreak(), inline.LineBreak())
            yield from _inline(node.content, writing, one_line=True)
        else:
            yield from _inline((node,), writing, one_line=True)
        before = node


# ------------------------------------------------------------------------------------------------- lists, quotations


def _list(node: blocks.List, writing: Writing) -> Node:
    start = getattr(node, "start", 1)
    if start != 1:
        writing.lost(node, "list", "DokuWiki's own lists begin with 1")
    items = []
    for item in node.items:
        content: list[Node] = []
        for part in _paragraphs(item.content, writing):
            if part.is_block and not isinstance(part, blocks.Code):
                writing.lost(item, "list", "items of DokuWiki's own have no such blocks")
                content.append(inline.Text(f" {' '.join(part.plain_text().split())}"))
            else:
                content.append(part)
        if content and not (isinstance(content[0], inline.Text) and content[0].text.startswith(" ")):
            content.insert(0, inline.Text(" "))
        lists = tuple(own for own in (_list(inner, writing) for inner in item.lists) if isinstance(own, blocks.List))
        items.append(replace(item, content=tuple(content), lists=lists))
    return replace(node, items=tuple(items)) if start == 1 else blocks.List(node.ordered, tuple(items))


def _quote(node: blocks.Quote, writing: Writing) -> Node:
    parts: list[Node] = []
    lines: list[Node] = []
    for part in (*node.content, None):
        if part is None or isinstance(part, (blocks.Quote, blocks.QuotedLines)):
            if lines:
                parts.append(blocks.QuotedLines(tuple(lines)))
                lines = []
            if part is not None:
                parts.append(own_nodes(part, writing))
        elif isinstance(part, blocks.Paragraph):
            lines.append(_with_content(part, _inline(part.content, writing, one_line=True)))
        else:
            lines.append(own_nodes(part, writing))
    return _with_content(node, parts)


# -------------------------------------------------------------------------------------------------------- tables, code


def _table(node: blocks.Table, writing: Writing) -> Node:
    rows = []
    for row in node.rows:
        cells = []
        for cell in row.cells:
            before, behind = _AROUND[cell.align]
            inside = tuple(_without_bars(_inline(cell.content, writing, one_line=True)))
            if inside and node.is_markdown:
                inside = (inline.Text(before), *inside, inline.Text(behind))
            cells.append(_with_content(cell, inside))
        rows.append(replace(row, cells=tuple(cells)))
    return replace(node, rows=tuple(rows))


def _without_bars(content: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes of a cell with bars that are not parsed."""
    for node in content:
        if isinstance(node, inline.Text):
            yield from _divided(node, _BARS)
        elif isinstance(node, (inline.Text, inline.Unformatted)):
            yield node
        else:
            yield _with_content(node, _without_bars(getattr(node, "content", ())))


def _code(node: blocks.Code, writing: Writing) -> Node:
    if f"</{node.name}>" in node.text:
        if node.language or node.filename:
            writing.lost(node, "code", "its text would end it")
        return blocks.Preformatted(node.text.removesuffix("\n"))
    return node if node.text.startswith("\n") else replace(node, text=f"\n{node.text}")


_BLOCKS: dict[type[Node], Callable[..., Node]] = {
    blocks.Heading: _heading,
    blocks.List: _list,
    blocks.NumberedList: _list,
    blocks.Quote: _quote,
    blocks.Table: _table,
    blocks.Code: _code,
    blocks.File: _code,
}
