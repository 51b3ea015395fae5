"""HTML within Markdown: plain elements without the class names of DokuWiki, and without empty lines, which end HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.html import RENDERERS as HTML_RENDERERS
from dokuwiki_data.writers.html import HtmlWriter, Renderer
from dokuwiki_data.writers.html.writer import escaped
from dokuwiki_data.writers.losses import Report

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: What the built-in renderers of HTML say for DokuWiki's styles and for its scripts.
_DECORATION = re.compile(r' (?:class|rel|loading|title|data-wiki-id)="[^"]*"')
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+")


#: Stands for an empty line that is wanted. No text holds this character, which is no letter.
_EMPTY_LINE = "\ud800"


class EmbeddedWriter(HtmlWriter):
    """Writes HTML that may stand in Markdown.

    Attributes:
        markdown: Returns nodes as Markdown, for what HTML has no place for: notes are Markdown's.
    """

    markdown: Callable[[Iterable[Node]], str]


def embedded_html(
    node: Node,
    page: ResolvedPage,
    addresses: Addresses,
    report: Report,
    markdown: Callable[[Iterable[Node]], str],
) -> str:
    """Return a node as HTML that may stand in Markdown."""
    writer = EmbeddedWriter(page, addresses, _RENDERERS, report)
    writer.markdown = markdown
    writer.node(node)
    written = _EMPTY_LINES.sub("\n", "".join(writer.out)).strip("\n")
    return written.replace(f"{_EMPTY_LINE}\n", "\n")


def _table(writer: HtmlWriter, node: blocks.Table) -> None:
    writer.begin_block()
    writer.raw("<table>\n")
    if node.head_rows:
        writer.raw("<thead>\n")
    for number, row in enumerate(node.rows):
        if number == node.head_rows:
            writer.raw("</thead>\n<tbody>\n" if number else "<tbody>\n")
        writer.raw("<tr>")
        for cell in row.cells:
            tag = "th" if cell.header else "td"
            attributes = f' align="{cell.align}"' if cell.align in ("right", "center") else ""
            attributes += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
            attributes += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
            _cell(writer, cell, f"<{tag}{attributes}>", f"</{tag}>")
        writer.raw("<td></td>" * (node.columns - row.width) + "</tr>\n")
    writer.raw("</tbody>\n" if node.head_rows < len(node.rows) else "</thead>\n")
    writer.raw("</table>\n")
    writer.end_block()


def _cell(writer: HtmlWriter, cell: blocks.TableCell, opening: str, closing: str) -> None:
    if isinstance(writer, EmbeddedWriter) and cell.find(inline.Footnote) is not None:
        inside = writer.markdown(cell.content).replace("\n\n", f"\n{_EMPTY_LINE}\n")
        writer.raw(f"{opening}\n{_EMPTY_LINE}\n{inside}\n{_EMPTY_LINE}\n{closing}")
        return
    begin = len(writer.out)
    writer.inner(opening, cell.content, closing)
    inside = "".join(writer.out[begin + 1 : -1]).strip(" \n")
    writer.out[begin + 1 : -1] = [inside]


def _list(writer: HtmlWriter, node: blocks.List) -> None:
    tag = "ol" if node.ordered else "ul"
    writer.begin_block()
    writer.raw(f"<{tag}>\n")
    for item in node.items:
        writer.inner("<li>", item.content, "")
        writer.nodes(item.lists)
        writer.begin_block()
        writer.raw("</li>\n")
    writer.raw(f"</{tag}>\n")
    writer.end_block()


def _quote(writer: HtmlWriter, node: blocks.Quote) -> None:
    writer.begin_block()
    writer.raw("<blockquote>\n")
    writer.nodes(node.content)
    writer.begin_block()
    writer.raw("</blockquote>\n")
    writer.end_block()


def _preformatted(writer: HtmlWriter, node: blocks.Preformatted) -> str:
    return f"<pre>{_lines(node.text.strip(chr(10) + chr(13)))}</pre>\n"


def _code(writer: HtmlWriter, node: blocks.Code) -> str:
    text = _lines(node.text.removeprefix("\n").removesuffix("\n"))
    name = f"<p>{escaped(node.filename)}</p>\n" if node.filename else ""
    return f"{name}<pre>{text}</pre>\n"


def _lines(text: str) -> str:
    """Return lines of code as HTML: empty ones hold a line end that is written as a character."""
    first, *others = text.split("\n")
    return "".join((escaped(first), *(f"\n{escaped(line)}" if line.strip() else f"&#10;{line}" for line in others)))


def _text(writer: HtmlWriter, node: inline.Replaced) -> None:
    writer.text(node.text)


def _without_decoration(render: Renderer) -> Renderer:
    """Return a renderer that leaves out what another one writes for DokuWiki's styles."""

    def plain(writer: HtmlWriter, node: Node) -> str | None:
        html = render(writer, node)
        return None if html is None else _DECORATION.sub("", html)

    return plain


_LINKS = (inline.Link, inline.Media)

_RENDERERS: dict[type[Node], Renderer] = {
    **HTML_RENDERERS,
    **{kind: _without_decoration(HTML_RENDERERS[kind]) for kind in HTML_RENDERERS if issubclass(kind, _LINKS)},
    blocks.Table: _table,
    blocks.List: _list,
    blocks.Quote: _quote,
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    blocks.File: _code,
    inline.Smiley: _text,
    inline.Acronym: _text,
}
