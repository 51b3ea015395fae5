"""Renderers of blocks: sections, paragraphs, lists, quotations, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dokuwiki_data.nodes import blocks, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.common_renderers import unknown_container, unknown_node
from dokuwiki_data.writers.html.code import language_name, without_empty_lines_around
from dokuwiki_data.writers.line_writer import PARAGRAPH
from dokuwiki_data.writers.markdown.dialect import Dialect
from dokuwiki_data.writers.markdown.links import attribute, bare_link, in_html
from dokuwiki_data.writers.markdown.pieces import put_together
from dokuwiki_data.writers.markdown.writer import (
    MarkdownBlock,
    MarkdownRenderer,
    MarkdownWriter,
    fence_around,
    indented,
)
from dokuwiki_data.writers.resolved import is_whole

_EMPTY_ITEM = re.compile(r"\S+(?:\n|\Z)")
#: What may not stand in the title of code.
_NO_TITLE = re.compile(r'["`{}\\\n]')
_NO_LANGUAGE = re.compile(r"[^a-zA-Z0-9_+#.-]")


def _page(writer: MarkdownWriter, node: Page) -> None:
    writer.nodes(node.content)
    writer.end_paragraph()


def _section(writer: MarkdownWriter, node: blocks.Section) -> None:
    writer.node(node.heading)
    writer.nodes(node.content)
    writer.end_paragraph()


def _heading(writer: MarkdownWriter, node: blocks.Heading) -> str:
    anchor = writer.page.anchor(node)
    return heading(writer, node.title, node.level, anchor) if anchor else ""


def heading(writer: MarkdownWriter, title: str, level: int, anchor: str = "") -> str:
    """Return a heading with an anchor, if readers make no such one of its title."""
    dialect = writer.dialect
    written = put_together((title,), dialect.heading)
    own = dialect.own_anchor(" ".join(title.split()), writer.anchors)
    if anchor and anchor != own and (dialect.keeps_anchors or anchor in writer.linked):
        written = dialect.anchor.format(anchor=attribute(anchor), title=written)
    return f"{'#' * level} {written}"


def _paragraph(writer: MarkdownWriter, node: blocks.Paragraph) -> None:
    if writer.in_quotation:
        writer.line_break()
        writer.nodes(node.content)
        writer.line_break()
        return
    writer.end_paragraph()
    writer.nodes(node.content)
    writer.end_paragraph()


def _rule(writer: MarkdownWriter, node: blocks.HorizontalRule) -> str:
    return "---"


def _rss(writer: MarkdownWriter, node: blocks.Rss) -> None:
    writer.lose("feed", node.target, node)
    shown = bare_link(writer, node.target) if is_whole(node.target) else writer.label(node.target)
    write_list(writer, [[MarkdownBlock(PARAGRAPH, shown)]])


# ------------------------------------------------------------------------------------------------ lists, quotations


def _list(writer: MarkdownWriter, node: blocks.List) -> None:
    contents = (writer.within((*item.content, *item.lists)) for item in node.items)
    write_list(writer, contents, ordered=node.ordered, first=node.first_number)


def write_list(
    writer: MarkdownWriter, items: Iterable[Sequence[MarkdownBlock]], *, ordered: bool = False, first: int = 1
) -> None:
    """Write a list, given the blocks of its items and the number of the first."""
    writer.end_paragraph()
    dialect = writer.dialect
    signs = dialect.numbers if ordered else dialect.bullets
    before = writer.blocks[-1].kind if writer.blocks else ""
    sign = signs[1] if before == signs[0] else signs[0]
    written = ""
    for number, found in enumerate(items, first):
        mark = f"{number}{sign}" if ordered else sign
        prefix = " " * (dialect.indent or len(mark) + 1)
        content = _item(found, dialect)
        item = indented(content, prefix, f"{mark} ") if content else mark
        # Behind an item of several blocks, readers such as Python-Markdown want an empty line.
        written += f"{item}\n\n" if "\n\n" in item else f"{item}\n"
    writer.block(written.rstrip("\n"), sign)


def _item(found: Sequence[MarkdownBlock], dialect: Dialect) -> str:
    """Return the blocks of an item; lists in it follow without an empty line."""
    if dialect.before_block and (not found or found[0].kind != PARAGRAPH):
        found = [MarkdownBlock(PARAGRAPH, dialect.before_block), *found]
    text = before = ""
    for number, block in enumerate(found):
        is_list = block.kind not in ("", PARAGRAPH, ">")
        if is_list and block.kind == before and dialect.between:
            text += f"\n\n{dialect.between}"
            is_list = False
        # A sign alone below text would underline it as a heading.
        is_close = is_list and _EMPTY_ITEM.match(block.text) is None
        text += ("" if not number else "\n" if is_close else "\n\n") + block.text
        before = block.kind
    return text


def _quote(writer: MarkdownWriter, node: blocks.Quote) -> None:
    found = writer.within(node.content)
    writer.block(indented(writer.joined(found), "> "), ">")


def _quoted_lines(writer: MarkdownWriter, node: blocks.QuotedLines) -> None:
    found = writer.within(node.content, apart=True, quotation=True)
    for block in found:
        writer.block(block.text, block.kind)


# ------------------------------------------------------------------------------------------------------------- code


def _preformatted(writer: MarkdownWriter, node: blocks.Preformatted) -> str:
    return fenced(writer, node.text.strip("\n\r"))


def _code(writer: MarkdownWriter, node: blocks.Code) -> str:
    text = node.text.removeprefix("\n").removesuffix("\n")
    language = _NO_LANGUAGE.sub("", node.language or "")
    information = language_name(language)
    if node.filename:
        if writer.dialect.code_title and not _NO_TITLE.search(node.filename):
            information = f"{information or 'text'} {writer.dialect.code_title.format(node.filename)}"
        else:
            writer.block(writer.label(node.filename))
    return fenced(writer, without_empty_lines_around(text) if language else text, information)


def fenced(writer: MarkdownWriter, text: str, information: str = "") -> str:
    """Return code between fences, or as HTML if something in it counted there."""
    if writer.dialect.counts_in_code(text):
        language = f' class="language-{information.partition(" ")[0]}"' if information else ""
        return f"<pre><code{language}>{in_html(text)}</code></pre>"
    fence = fence_around(text, "`")
    return f"{fence}{information}\n{text}\n{fence}" if text else f"{fence}{information}\n{fence}"


# ---------------------------------------------------------------------------------------- markup of unknown plugins


def _unknown(writer: MarkdownWriter, node: plugins.PluginMarkup) -> str | None:
    """Write markup of a plugin whose output is not known as it stands in the source."""
    writer.lose("plugin", node.component or type(node).__name__, node)
    if node.is_block:
        return fenced(writer, node.source)
    writer.text(node.source)
    return None


RENDERERS: dict[type, MarkdownRenderer] = {
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
