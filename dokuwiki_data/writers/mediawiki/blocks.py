"""Renderers of blocks: sections, paragraphs, lists, quotations, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dokuwiki_data.nodes import blocks, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.common_renderers import unknown_container, unknown_node
from dokuwiki_data.writers.html.code import language_name, without_empty_lines_around
from dokuwiki_data.writers.line_writer import PARAGRAPH
from dokuwiki_data.writers.mediawiki.escaping import attribute, nowiki
from dokuwiki_data.writers.mediawiki.links import bare_link
from dokuwiki_data.writers.mediawiki.pieces import ONE_LINE, put_together
from dokuwiki_data.writers.mediawiki.writer import (
    CODE,
    HEADING,
    MediaWikiRenderer,
    MediaWikiWriter,
    WikitextBlock,
    joined,
    one_line,
    stands_on_line,
)

_NO_LANGUAGE = re.compile(r"[^a-zA-Z0-9_+#.-]")
#: What cannot stand in code that MediaWiki colours: nothing in it can be escaped.
_NOT_HIGHLIGHTED = re.compile(r"</\s*syntaxhighlight", re.IGNORECASE)
_END_OF_NOTE = re.compile(r"</\s*ref", re.IGNORECASE)


def _page(writer: MediaWikiWriter, node: Page) -> None:
    writer.nodes(node.content)
    writer.end_paragraph()


def _section(writer: MediaWikiWriter, node: blocks.Section) -> None:
    writer.node(node.heading)
    writer.nodes(node.content)
    writer.end_paragraph()


def _heading(writer: MediaWikiWriter, node: blocks.Heading) -> None:
    anchor = writer.page.anchor(node)
    if anchor:
        heading(writer, node.title, node.level, anchor)


def heading(writer: MediaWikiWriter, title: str, level: int, anchor: str = "") -> None:
    """Write a heading with an anchor if a link leads there: MediaWiki makes other anchors of the text."""
    signs = "=" * level
    own = f'<span id="{attribute(anchor)}"></span>' if anchor in writer.linked else ""
    writer.block(f"{signs} {own}{put_together((title,), ONE_LINE)} {signs}", HEADING)


def _paragraph(writer: MediaWikiWriter, node: blocks.Paragraph) -> None:
    if writer.in_quotation:
        writer.line_break()
        writer.nodes(node.content)
        writer.line_break()
        return
    writer.end_paragraph()
    writer.nodes(node.content)
    writer.end_paragraph()


def _rule(writer: MediaWikiWriter, node: blocks.HorizontalRule) -> str:
    return "----"


def _rss(writer: MediaWikiWriter, node: blocks.Rss) -> str:
    writer.lose("feed", node.target, node)
    return f"* {bare_link(node.target)}"


# ------------------------------------------------------------------------------------------------ lists, quotations


class _Item(NamedTuple):
    """An item of a list that is written: its blocks, and the lists below it."""

    content: Sequence[WikitextBlock]
    lists: Sequence[_Items]


class _Items(NamedTuple):
    """The items of a list that are written."""

    sign: str
    items: Sequence[_Item]


def _list(writer: MediaWikiWriter, node: blocks.List) -> None:
    writer.end_paragraph()
    _write_items(writer, _items(writer, node))


def _items(writer: MediaWikiWriter, node: blocks.List) -> _Items:
    items = [
        _Item(writer.within(item.content, line=ONE_LINE), [_items(writer, inner) for inner in item.lists])
        for item in node.items
    ]
    return _Items("#" if node.ordered else "*", items)


def write_list(writer: MediaWikiWriter, items: Iterable[Sequence[Node]]) -> None:
    """Write a list of which each item is some nodes."""
    writer.end_paragraph()
    _write_items(writer, _Items("*", [_Item(writer.within(item, line=ONE_LINE), ()) for item in items]))


def _write_items(writer: MediaWikiWriter, items: _Items) -> None:
    if items.items:
        lines: list[str] = []
        if _has_lines(items):
            _add_lines(items, "", lines)
        else:
            _add_tags(items, lines)
        writer.block("\n".join(lines))


def _has_lines(items: _Items) -> bool:
    """Return whether a line for each item says all of a list: there are no blocks, nor two lists of one kind."""
    for item in items.items:
        signs = [inner.sign for inner in item.lists]
        if not stands_on_line(item.content) or any(map(str.__eq__, signs, signs[1:])):
            return False
        if not all(map(_has_lines, item.lists)):
            return False
    return True


def _add_lines(items: _Items, around: str, lines: list[str]) -> None:
    prefix = around + items.sign
    for item in items.items:
        lines.append(f"{prefix} {one_line(item.content)}".rstrip(" "))
        for inner in item.lists:
            _add_lines(inner, prefix, lines)


def _add_tags(items: _Items, lines: list[str]) -> None:
    tag = "ul" if items.sign == "*" else "ol"
    lines.append(f"<{tag}>")
    for item in items.items:
        lines.append(f"<li>{_in_tags(item.content)}")
        for inner in item.lists:
            _add_tags(inner, lines)
        lines.append("</li>")
    lines.append(f"</{tag}>")


def _in_tags(content: Sequence[WikitextBlock]) -> str:
    """Return the blocks of an item between tags, where MediaWiki makes no paragraphs of lines."""
    if stands_on_line(content):
        return one_line(content)
    parts = (f"<p>{block.text}</p>" if block.kind == PARAGRAPH else block.text for block in content)
    return "\n" + "\n".join(parts)


def _quote(writer: MediaWikiWriter, node: blocks.Quote) -> None:
    found = joined(writer.within(node.content))
    writer.block(f"<blockquote>\n{found}\n</blockquote>" if found else "<blockquote></blockquote>")


def _quoted_lines(writer: MediaWikiWriter, node: blocks.QuotedLines) -> None:
    writer.end_paragraph()
    writer.blocks += writer.within(node.content, apart=True, quotation=True)


# ------------------------------------------------------------------------------------------------------------- code


def _preformatted(writer: MediaWikiWriter, node: blocks.Preformatted) -> None:
    writer.code(node.text.strip("\n\r"))


def _code(writer: MediaWikiWriter, node: blocks.Code) -> None:
    text = node.text.removeprefix("\n").removesuffix("\n")
    if node.filename:
        writer.block(put_together((node.filename,), ONE_LINE), PARAGRAPH)
    language = language_name(_NO_LANGUAGE.sub("", node.language or ""))
    if language:
        text = without_empty_lines_around(text)
    is_end = _NOT_HIGHLIGHTED.search(text) or (writer.in_note and _END_OF_NOTE.search(text))
    if not language or not text.strip() or is_end:
        writer.code(text)
        return
    writer.end_paragraph()
    opening = f'<syntaxhighlight lang="{language}"{_options(node)}>'
    written = f"{opening}\n{text}\n</syntaxhighlight>"
    writer.blocks.append(WikitextBlock(CODE, written, written))


def _options(node: blocks.Code) -> str:
    """Return the attributes for numbers of lines and for marked lines."""
    options = node.options or {}
    attributes = ""
    if options.get("enable_line_numbers"):
        first = int(options.get("start_line_numbers_at") or 1)
        attributes += f' line start="{first}"' if first != 1 else " line"
    if marked := options.get("highlight_lines_extra"):
        attributes += f' highlight="{",".join(str(int(number)) for number in marked)}"'
    return attributes


# ---------------------------------------------------------------------------------------- markup of unknown plugins


def _unknown(writer: MediaWikiWriter, node: plugins.PluginMarkup) -> None:
    """Write markup of a plugin whose output is not known as it stands in the source."""
    writer.lose("plugin", node.component or type(node).__name__, node)
    if node.is_block:
        writer.code(node.source)
    else:
        writer.raw(nowiki(" ".join(node.source.split("\n"))))


RENDERERS: dict[type, MediaWikiRenderer] = {
    Page: _page,
    blocks.Section: _section,
    blocks.Heading: _heading,
    blocks.Paragraph: _paragraph,
    blocks.HorizontalRule: _rule,
    blocks.Rss: _rss,
    blocks.List: _list,
    blocks.Quote: _quote,
    blocks.QuotedLines: _quoted_lines,
    blocks.Preformatted: _preformatted,
    blocks.Code: _code,
    plugins.PluginMarkup: _unknown,
    plugins.PluginContainer: unknown_container,
    Node: unknown_node,
}
