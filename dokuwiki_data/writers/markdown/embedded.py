"""HTML within Markdown: plain elements without the class names of DokuWiki, and without empty lines, which end HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.html import RENDERERS as HTML_RENDERERS
from dokuwiki_data.writers.html import HtmlWriter, Renderer
from dokuwiki_data.writers.html.writer import escaped

#: What the built-in renderers of HTML say for DokuWiki's styles and for its scripts.
_DECORATION = re.compile(r' (?:class|rel|loading|title|data-wiki-id)="[^"]*"')
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def embedded_html(writer: HtmlWriter, nodes: Iterable[Node]) -> str:
    """Return nodes as HTML that may stand in Markdown; the writer has the renderers `EMBEDDED`."""
    return _EMPTY_LINES.sub("\n", "".join(writer.apart(nodes))).strip(" \n")


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

#: Renderers of plain HTML. Tables are no part of it, see `dokuwiki_data.writers.markdown.tables`.
EMBEDDED: dict[type[Node], Renderer] = {
    **HTML_RENDERERS,
    **{kind: _without_decoration(HTML_RENDERERS[kind]) for kind in HTML_RENDERERS if issubclass(kind, _LINKS)},
    blocks.List: _list,
    blocks.Quote: _quote,
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    blocks.File: _code,
    inline.Smiley: _text,
    inline.Acronym: _text,
}
