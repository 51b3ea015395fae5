"""Renderers of blocks: sections, paragraphs, lists, tables, quotations."""

from __future__ import annotations

from dokuwiki_data.nodes import blocks, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.html.links import anchor_tag
from dokuwiki_data.writers.html.writer import BREAK, LINE_END, HtmlWriter, Renderer, escaped
from dokuwiki_data.writers.resolved import is_whole


def _page(writer: HtmlWriter, node: Page) -> None:
    writer.nodes(node.content)
    writer.end_paragraph()


def _section(writer: HtmlWriter, node: blocks.Section) -> None:
    level = node.heading.level
    writer.node(node.heading)
    writer.raw(f'<div class="level{level}">\n')
    writer.nodes(node.content)
    writer.end_paragraph()
    writer.raw("\n</div>\n")


def _heading(writer: HtmlWriter, node: blocks.Heading) -> str:
    anchor = writer.page.anchor(node)
    return f'\n<h{node.level} id="{escaped(anchor)}">{escaped(node.title)}</h{node.level}>\n' if anchor else ""


def _paragraph(writer: HtmlWriter, node: blocks.Paragraph) -> None:
    writer.end_paragraph()
    writer.begin_paragraph()
    writer.nodes(node.content)
    writer.end_paragraph()


def _rule(writer: HtmlWriter, node: blocks.HorizontalRule) -> str:
    return "<hr />\n"


def _rss(writer: HtmlWriter, node: blocks.Rss) -> str:
    writer.lose("feed", node.target, node)
    link = anchor_tag(node.target, "urlextern", node.target, escaped(node.target)) if is_whole(node.target) else ""
    return f'<ul class="rss"><li><div class="li">{link or escaped(node.target)}</div></li></ul>'


def _list(writer: HtmlWriter, node: blocks.List) -> None:
    tag = "ol" if node.ordered else "ul"
    start = f' start="{node.first_number}"' if node.first_number != 1 else ""
    writer.begin_block()
    writer.out.append(f"<{tag}{start}>\n")
    for item in node.items:
        opening = f'<li class="level{item.level}{" node" if item.lists else ""}"><div class="li">'
        writer.inner(opening, item.content, "</div>\n")
        if item.lists:
            writer.nodes(item.lists)
            writer.begin_block()
        writer.out.append("</li>\n")
    writer.out.append(f"</{tag}>\n")
    writer.end_block()


def _table(writer: HtmlWriter, node: blocks.Table) -> None:
    writer.begin_block()
    writer.out.append('<div class="table"><table class="inline">\n')
    if node.head_rows:
        writer.out.append("\t<thead>\n")
    for number, row in enumerate(node.rows):
        if number == node.head_rows:
            writer.out.append("\t</thead>\n\t<tbody>\n" if number else "\t<tbody>\n")
        _row(writer, row, number, node)
    writer.out.append("\t</tbody>\n" if node.head_rows < len(node.rows) else "\t</thead>\n")
    writer.out.append("</table></div>\n")
    writer.end_block()


def _row(writer: HtmlWriter, row: blocks.TableRow, number: int, table: blocks.Table) -> None:
    writer.out.append(f'\t<tr class="row{number}">\n\t\t')
    column = 0
    for cell in row.cells:
        tag = "th" if cell.header else "td"
        spans = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
        if cell.rowspan > 1:
            spans += f' rowspan="{cell.rowspan}"'
        writer.inner(f'<{tag} class="col{column}{_align(cell)}"{spans}>', cell.content, f"</{tag}>")
        column += cell.colspan
    head = table.rows[0].cells if table.is_markdown else ()  # the alignments of Markdown are those of columns
    for at in range(column, column + table.columns - row.width):
        writer.out.append(f'<td class="col{at}{_align(head[at]) if head else ""}"></td>')
    writer.out.append("\n\t</tr>\n")


def _align(cell: blocks.TableCell) -> str:
    return f" {cell.align}align" if cell.align else ""


def _quote(writer: HtmlWriter, node: blocks.Quote) -> None:
    writer.begin_block()
    writer.raw('<blockquote><div class="no">\n')
    writer.nodes(node.content)
    writer.begin_block()
    writer.raw("</div></blockquote>\n")
    writer.end_block()


def _quoted_lines(writer: HtmlWriter, node: blocks.QuotedLines) -> None:
    pieces = writer.apart(node.content, quotation=True)
    breaks = (BREAK, LINE_END)
    while pieces and pieces[0] in breaks:
        del pieces[0]
    while pieces and pieces[-1] in breaks:
        del pieces[-1]
    writer.raw("".join(pieces))


def _unknown(writer: HtmlWriter, node: plugins.PluginMarkup) -> str:
    """Write markup of a plugin whose output is not known as it stands in the source."""
    writer.lose("plugin", node.component or type(node).__name__, node)
    return f"<pre>{escaped(node.source)}</pre>\n" if node.is_block else escaped(node.source)


def _unknown_container(writer: HtmlWriter, node: plugins.PluginContainer) -> None:
    writer.lose("plugin", node.component or type(node).__name__, node)
    if node.is_block:
        writer.container("", node.content, "")
    else:
        writer.nodes(node.content)


def _unknown_node(writer: HtmlWriter, node: Node) -> str:
    writer.lose("plugin", type(node).__name__, node)
    return escaped(node.source)


RENDERERS: dict[type, Renderer] = {
    Page: _page,
    blocks.Section: _section,
    blocks.Heading: _heading,
    blocks.Paragraph: _paragraph,
    blocks.HorizontalRule: _rule,
    blocks.Rss: _rss,
    blocks.List: _list,
    blocks.Table: _table,
    blocks.Quote: _quote,
    blocks.QuotedLines: _quoted_lines,
    plugins.PluginMarkup: _unknown,
    plugins.PluginContainer: _unknown_container,
    Node: _unknown_node,
}
