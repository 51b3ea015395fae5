"""Results of queries as tables in HTML and Markdown whose cells are links, images and markup, not texts only."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from dokuwiki_data.engine.formats.cells import BETWEEN_VALUES, grid
from dokuwiki_data.engine.formats.grids import Grid, html_table
from dokuwiki_data.engine.results import Result
from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.data_output import ShownColumn
from dokuwiki_data.writers.html import RENDERERS, HtmlWriter
from dokuwiki_data.writers.losses import ignore
from dokuwiki_data.writers.resolved import ResolvedPage

#: What could begin or end markup in Markdown.
_MARKUP = re.compile(r"[\\`*_\[\]|~$<>&]")
_LINE_END = re.compile(r"\r\n|\r|\n")


def linked_html_table(result: Result, addresses: Addresses) -> str:
    """Return a result as an HTML table: head, body, and a foot if there are sums."""
    page = ResolvedPage(Page(()))
    writer = HtmlWriter(page, addresses, RENDERERS, ignore)
    return html_table(_grid(result, page, lambda nodes: "".join(writer.apart(nodes)), escape), write=str)


def linked_markdown_table(result: Result, addresses: Addresses) -> str:
    """Return a result as a Markdown table, in the form that GitHub and most others know."""
    page = ResolvedPage(Page(()))
    written = _grid(result, page, lambda nodes: _markdown(nodes, page, addresses), _markdown_text)
    if not written.header:
        return ""
    lines = [written.header, ["---"] * len(written.header), *written.body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _grid(
    result: Result, page: ResolvedPage, write: Callable[[Sequence[Node]], str], write_text: Callable[[str], str]
) -> Grid:
    """Return labels, cells and sums of a result, written."""
    header, texts, sums = grid(result)
    numbers = len(header) - len(result.labels)
    columns = [
        ShownColumn(column, type_, "", page.site) for column, type_ in zip(result.columns, result.types, strict=False)
    ]
    rows = []
    for row, its_texts in zip(result.rows, texts, strict=True):
        cells = [column.values(cell, row.page_id) for column, cell in zip(columns, row.cells, strict=False)]
        written = []
        for values in cells:
            page.resolve_values(values)
            written.append(BETWEEN_VALUES.join(write(value.nodes) for value in values))
        # Behind the columns of a count there is the number.
        rows.append(
            (*map(write_text, its_texts[:numbers]), *written, *map(write_text, its_texts[numbers + len(cells) :]))
        )
    return Grid(tuple(map(write_text, header)), tuple(rows), tuple(map(write_text, sums)))


def _markdown_text(text: str) -> str:
    return _LINE_END.sub("<br>", _MARKUP.sub(r"\\\g<0>", text))


def _markdown(nodes: Sequence[Node], page: ResolvedPage, addresses: Addresses) -> str:
    parts = []
    for node in nodes:
        if isinstance(node, inline.Link):
            link = page.link(node)
            parts.append(_link(link.label, _address(node, link.target.kind, link.target.target, addresses)))
        elif isinstance(node, inline.Media):
            media = page.media(node)
            address = _address(node, media.target.kind, media.target.target, addresses)
            sign = "!" if media.shown_as == "image" else ""
            parts.append(sign + _link(media.caption or media.name, address))
        else:
            parts.append(_markdown_text(node.plain_text()))
    return "".join(parts)


def _address(node: Node, kind: str, target: str | None, addresses: Addresses) -> str | None:
    if target is None or kind == "page":
        return None if target is None else addresses.page(target)
    if kind == "media":
        return addresses.media(target)
    return f"mailto:{target}" if kind == "email" else target


def _link(label: str, address: str | None) -> str:
    if address is None:
        return _markdown_text(label)
    # Blanks and brackets would end an address.
    return f"[{_markdown_text(label)}](<{re.sub('[<>|`]', lambda one: f'%{ord(one[0]):02X}', address)}>)"
