"""Renderers of blocks: sections, paragraphs, lists, quotations, code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dokuwiki_data.nodes import blocks, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.common_renderers import unknown_container, unknown_node
from dokuwiki_data.writers.html.code import language_name, without_empty_lines_around
from dokuwiki_data.writers.pandoc.links import text_link
from dokuwiki_data.writers.pandoc.pieces import END, RULE, as_json_text, attributes, element, texts
from dokuwiki_data.writers.pandoc.writer import PandocRenderer, PandocWriter
from dokuwiki_data.writers.resolved import is_whole

_NO_LANGUAGE = re.compile(r"[^a-zA-Z0-9_+#.-]")

#: Greater numbers of items are none to programs.
_GREATEST = 999_999_999


def _page(writer: PandocWriter, node: Page) -> None:
    writer.nodes(node.content)
    writer.end_paragraph()


def _section(writer: PandocWriter, node: blocks.Section) -> None:
    writer.node(node.heading)
    writer.nodes(node.content)
    writer.end_paragraph()


def _heading(writer: PandocWriter, node: blocks.Heading) -> str:
    anchor = writer.page.anchor(node)
    if not anchor:
        return ""
    place, own = writer.place, writer.own_anchor(writer.anchor_of(anchor))
    if node is not place.title:
        return heading(node.title, node.level + place.shift, own)
    return element("Div", attributes(own), "[]") if anchor in place.linked else ""


def heading(title: str, level: int, anchor: str = "") -> str:
    """Return a heading."""
    return element("Header", str(level), attributes(anchor), f"[{texts(title.strip())}]")


def _paragraph(writer: PandocWriter, node: blocks.Paragraph) -> None:
    if writer.in_quotation:
        writer.line_break()
        writer.nodes(node.content)
        writer.line_break()
        return
    writer.end_paragraph()
    writer.nodes(node.content)
    writer.end_paragraph()


def _rule(writer: PandocWriter, node: blocks.HorizontalRule) -> str:
    return RULE


def _rss(writer: PandocWriter, node: blocks.Rss) -> str:
    writer.lose("feed", node.target, node)
    label = text_link(node.target, node.target) if is_whole(node.target) else texts(node.target)
    return element("Div", attributes("", ("rss",)), f"[{bullets([element('Plain', f'[{label}]')])}]")


# ------------------------------------------------------------------------------------------------ lists, quotations


def _list(writer: PandocWriter, node: blocks.List) -> None:
    writer.end_paragraph()
    if node.ordered:
        first = min(node.first_number, _GREATEST)
        writer.out.append(f'{{"t":"OrderedList","c":[[{first},{{"t":"Decimal"}},{{"t":"Period"}}],[')
    else:
        writer.out.append('{"t":"BulletList","c":[')
    for item in node.items:
        writer.out.append("[")
        writer.within((*item.content, *item.lists), plain=True)
        writer.out.append(f"]{END}")
    writer.out.append(f"]]}}{END}" if node.ordered else f"]}}{END}")


def bullets(items: Iterable[str]) -> str:
    """Return a list, given the blocks of its items."""
    return element("BulletList", f"[{''.join(f'[{item}]{END}' for item in items)}]")


def _quote(writer: PandocWriter, node: blocks.Quote) -> None:
    writer.end_paragraph()
    writer.out.append('{"t":"BlockQuote","c":[')
    writer.within(node.content)
    writer.out.append(f"]}}{END}")


def _quoted_lines(writer: PandocWriter, node: blocks.QuotedLines) -> None:
    writer.end_paragraph()
    writer.within(node.content, apart=True, quotation=True)


# ------------------------------------------------------------------------------------------------------------- code


def code_block(text: str, attributes: str = attributes()) -> str:
    """Return a block of code."""
    return element("CodeBlock", attributes, as_json_text(text))


def _preformatted(writer: PandocWriter, node: blocks.Preformatted) -> str:
    return code_block(node.text.strip("\n\r"))


def _code(writer: PandocWriter, node: blocks.Code) -> str:
    text = node.text.removeprefix("\n").removesuffix("\n")
    language = _NO_LANGUAGE.sub("", node.language or "")
    options = node.options or {}
    classes, values = [], []
    if language:
        text = without_empty_lines_around(text)
        classes.append(language_name(language))
        if options.get("enable_line_numbers"):
            classes.append("numberLines")
            values.append(("startFrom", str(options.get("start_line_numbers_at") or 1)))
    code = code_block(text, attributes("", classes, values))
    if not node.filename:
        return code
    name = element("Plain", f"[{texts(node.filename)}]")
    return element("Div", attributes("", (node.name,)), f"[{name}{code}]")


# ---------------------------------------------------------------------------------------- markup of unknown plugins


def _unknown(writer: PandocWriter, node: plugins.PluginMarkup) -> str | None:
    """Write markup of a plugin whose output is not known as it stands in the source."""
    writer.lose("plugin", node.component or type(node).__name__, node)
    if node.is_block:
        return code_block(node.source)
    writer.text(node.source)
    return None


RENDERERS: dict[type, PandocRenderer] = {
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
