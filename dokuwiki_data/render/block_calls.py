"""The calls of sections, paragraphs, lists, tables, quotations and other markup of whole lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.render.call_writer import Call, CallWriter
from dokuwiki_data.render.collected import joined, list_calls, quotation_calls
from dokuwiki_data.render.collected_tables import table_calls
from dokuwiki_data.syntax.block_markup import depth_of_marker

#: The state with which DokuWiki's lexer passes complete markup to a plugin.
_SPECIAL = 5
_MARKER = re.compile(r"[ \t]*\n[ \t]*[-*]")
#: The lowest level of headings whose sections can be edited in DokuWiki.
_EDITED = 3


def _paragraph(writer: CallWriter, node: blocks.Paragraph) -> None:
    # A paragraph that a block inside formatting began, if the formatting itself is in no paragraph.
    if writer.in_paragraph:
        writer.end_paragraph(node.opens_at)
    writer.begin_paragraph(node._start + node._to_opened)
    writer.nodes(node.content)
    writer.end_paragraph(node._start + node._to_closed)


def _section(writer: CallWriter, node: blocks.Section) -> None:
    heading = node.heading
    level, at = heading.level, writer.place(heading._start)
    writer.calls += (["header", [heading.title, level, at], at], ["section_open", [level], at])
    writer.trims = False
    writer.nodes(node.content)


def _heading(writer: CallWriter, node: blocks.Heading) -> None:
    """Write a heading in a container. It begins no section, which the plugin wrap reports to the section editor."""
    writer.block("header", [node.title, node.level, writer.place(node.starts_at)], node.starts_at)
    if node.title and node.level <= _EDITED:
        writer.block("plugin", ["wrap_closesection", None, _SPECIAL, ""], node.starts_at)


def _rule(writer: CallWriter, node: blocks.HorizontalRule) -> None:
    writer.block("hr", [], node.starts_at - 1)


def _preformatted(writer: CallWriter, node: blocks.Preformatted) -> None:
    writer.block("preformatted", [node.text], node.starts_at - 1)


def _code(writer: CallWriter, node: blocks.Code) -> None:
    arguments: list[Any] = [node.text, node.language, node.filename]
    writer.block(
        node.name, arguments if node.options is None else [*arguments, node.options or None], node.instruction_at
    )


def _rss(writer: CallWriter, node: blocks.Rss) -> None:
    parameters = {
        "max": 8 if node.limit is None else node.limit,
        "reverse": int(node.reverse), "author": int(node.author), "date": int(node.date),
        "details": int(node.details), "nosort": int(node.nosort), "refresh": node.refresh,
    }  # fmt: skip
    writer.block("rss", [node.target, parameters], node.starts_at)


def _list(writer: CallWriter, node: blocks.List) -> None:
    if writer.apart:
        _list_apart(writer, node)
        return
    writer.end_paragraph(node.opens_at)
    name = "listo" if node.ordered else "listu"
    if isinstance(node, blocks.NumberedList):
        writer.call(f"{name}_open_start", [node.start], node.opens_at)
    else:
        writer.call(f"{name}_open", [], node.opens_at)
    calls = writer.calls
    items, behind = node.items, node.closes_at
    # Items are texts of their own in Markdown, where DokuWiki counts from the line instead of the line end before.
    apart = writer.flavour.prefers_markdown
    write = writer.nest if apart else writer.nodes
    to_line = 0 if apart else 1
    at = writer.place(node.opens_at)
    for number, item in enumerate(items, start=1):
        lists = item.lists
        calls += (["listitem_open", [item.level, 1] if lists else [item.level], at], ["listcontent_open", [], at])
        if item.content:
            write(item.content)
        closed = items[number]._start - to_line if number < len(items) else behind
        inside = lists[0].opens_at if lists else closed
        if writer.in_paragraph:
            writer.end_paragraph(inside)
        calls.append(["listcontent_close", [], writer.place(inside)])
        writer.trims = False
        if lists:
            writer.nodes(lists)
        at = writer.place(closed)
        calls.append(["listitem_close", [], at])
    writer.call(f"{name}_close", [], node.closes_at)
    writer.behind_block(node.closes_at)


def _list_apart(writer: CallWriter, node: blocks.List) -> None:
    """Write a list that a footnote interrupted."""
    around, writer.calls = writer.calls, []
    _items_apart(writer, node, "list_open")
    if not node.is_unfinished:
        writer.call("list_close", [], node.closes_at)
    written, writer.calls = writer.calls, around
    around += list_calls(written, depth_of_marker, writer.release.item_level)


def _items_apart(writer: CallWriter, node: blocks.List, name: str) -> None:
    for number, item in enumerate(node.items):
        at = item.starts_at - 1 if number else node.opens_at
        marker = _MARKER.match(writer.source.normalized, at)
        more = [] if number or name != "list_open" else [node.outermost_level, item.level]
        writer.call("list_item" if number else name, [marker[0] if marker else "", *more], at)
        writer.nodes(item.content)
        for inner in item.lists:
            _items_apart(writer, inner, "list_item")


def _markdown_table(writer: CallWriter, node: blocks.Table) -> None:
    """Write a table of Markdown, all of whose calls are at its start, with its body between calls of its own."""
    at = node.opens_at
    head, *body = node.rows
    writer.call("table_open", [node.columns, len(node.rows), writer.source.byte(at)], at)
    for part, rows in (("tablethead", [head]), ("tabletbody", body)):
        if rows:
            writer.call(f"{part}_open", [], at)
        for row in rows:
            writer.call("tablerow_open", [], at)
            for number, above in enumerate(head.cells):
                name = "tableheader" if row is head else "tablecell"
                writer.call(f"{name}_open", [1, above.align, 1], at)
                if number < len(row.cells):
                    writer.nodes(row.cells[number].content)
                writer.end_paragraph(at)
                writer.call(f"{name}_close", [], at)
            writer.call("tablerow_close", [], at)
        if rows:
            writer.call(f"{part}_close", [], at)
    writer.call("table_close", [writer.source.byte(node.closes_at)], node.closes_at)
    writer.behind_block(node.closes_at)


def _table(writer: CallWriter, node: blocks.Table) -> None:
    writer.end_paragraph(node.opens_at)
    if node.is_markdown:
        _markdown_table(writer, node)
        return
    if node.written_rows is not None or node.is_unfinished:
        _written_table(writer, node, node.written_rows or node.rows)
        return
    writer.call("table_open", [node.columns, len(node.rows), writer.source.byte(node.opens_at) + 1], node.opens_at)
    if node.head_rows:
        writer.call("tablethead_open", [], node.opens_at)
    calls, rows = writer.calls, node.rows
    opened = node.opens_at
    for number, row in enumerate(rows, start=1):
        calls.append(["tablerow_open", [], writer.place(opened)])
        start = row._start
        for cell in row.cells:
            _cell(writer, cell, opened if cell._start == start else cell._start)
        opened = rows[number]._start - 1 if number < len(rows) else node.closes_at
        at = writer.place(opened)
        for _ in range(node.columns - row.width):
            calls += (["tablecell_open", [1, None, 1], at], ["cdata", [""], at], ["tablecell_close", [], at])
        calls.append(["tablerow_close", [], at])
        writer.trims = False
        if number == node.head_rows:
            calls.append(["tablethead_close", [], at])
    ended = node.ends_at < len(writer.source.normalized)
    writer.call("table_close", [writer.source.byte(node.closes_at)] if ended else [], node.closes_at)
    writer.behind_block(node.closes_at)


def _written_table(writer: CallWriter, node: blocks.Table, rows: Iterable[blocks.TableRow]) -> None:
    """Write a table that DokuWiki counts differently than it is written, or not at all."""
    around, writer.calls = writer.calls, []
    writer.call("table_start", [writer.source.byte(node.opens_at) + 1], node.opens_at)
    for number, row in enumerate(rows):
        opened = row.starts_at - 1 if number else node.opens_at
        if number:
            writer.call("table_row", [], opened)
        for cell in row.cells:
            at = opened if cell.starts_at == row.starts_at else cell.starts_at
            writer.call("tableheader" if cell.header else "tablecell", [], at)
            writer.nodes(cell.content)
            writer.end_paragraph(cell.ends_at)
    if not node.is_unfinished:
        ended = node.ends_at < len(writer.source.normalized)
        writer.call("table_end", [writer.source.byte(node.closes_at)] if ended else [], node.closes_at)
    written, writer.calls = writer.calls, around
    calls = table_calls(written)
    around += calls if writer.apart else joined(calls)
    if not node.is_unfinished:
        writer.behind_block(node.closes_at)


def _cell(writer: CallWriter, cell: blocks.TableCell, opened: int) -> None:
    calls = writer.calls
    name = "tableheader" if cell.header else "tablecell"
    calls.append([name + "_open", [cell.colspan, cell.align, cell.rowspan], writer.place(opened)])
    start = cell._start
    end = start + cell._to_end
    if blocks.has_content(cell):
        writer.nodes(cell.content)
    else:  # most cells; nodes are not made for the list
        writer.text(cell._source.normalized[start + 1 : end], start + 1)
    if writer.in_paragraph:
        writer.end_paragraph(end)
    if cell._lost:
        if cell._lost > 1:
            del calls[-2 if calls[-1][0] == "p_close" else -1]
        return
    calls.append([name + "_close", [], writer.place(end)])
    writer.trims = False


def _quote(writer: CallWriter, node: blocks.Quote) -> None:
    if writer.apart and node.depths:
        _quote_apart(writer, node)
        return
    writer.end_paragraph(node.opens_at)
    writer.call("quote_open", [], node.opens_at)
    before: Node | None = None
    if writer.flavour.prefers_markdown:
        _quoted_blocks(writer, node)
    for child in () if writer.flavour.prefers_markdown else node.content:
        if isinstance(before, blocks.Quote) and isinstance(child, blocks.QuotedLines) and not writer.in_footnote:
            writer.begin_paragraph(before.closes_at)
        writer.node(child)
        before = child
    writer.end_paragraph(node.closes_at)
    writer.call("quote_close", [], node.closes_at)
    writer.behind_block(node.closes_at)


def _quoted_blocks(writer: CallWriter, node: blocks.Quote) -> None:
    """Write a quotation whose lines are blocks: those of one depth are a text of their own."""
    before: Node | None = None
    for is_quote, parts in groupby(node.content, lambda part: isinstance(part, blocks.Quote)):
        children = list(parts)
        if is_quote:
            writer.nodes(children)
        else:
            if isinstance(before, blocks.Quote) and not writer.in_footnote:
                writer.begin_paragraph(before.closes_at)
            writer.nest(children)
        before = children[-1]


def _quote_apart(writer: CallWriter, node: blocks.Quote) -> None:
    """Write a quotation that a footnote interrupted."""
    around, writer.calls = writer.calls, []
    lines = iter(node.depths)
    writer.call("quote_start", [">" * next(lines)[1]], node.opens_at)
    line = next(lines, None)
    for part in _without_quotes(node):
        while line and line[0] <= part.starts_at:
            writer.call("quote_newline", [">" * line[1]], line[0])
            line = next(lines, None)
        if not isinstance(part, inline.LineBreak) or part.source_text.normalized[part.starts_at] != "\n":
            writer.node(part)
    for at, depth in (line, *lines) if line else ():
        writer.call("quote_newline", [">" * depth], at)
    if not node.is_unfinished:
        writer.call("quote_end", [], node.closes_at)
    written, writer.calls = writer.calls, around
    around += quotation_calls(written)


def _without_quotes(node: blocks.Quote) -> Iterator[Node]:
    """Yield the nodes in a quotation and in its inner quotations."""
    for part in node.content:
        if isinstance(part, blocks.Quote) and not part.depths:
            yield from _without_quotes(part)
        else:
            yield part


def _quoted_lines(writer: CallWriter, node: blocks.QuotedLines) -> None:
    if not node.content:
        return
    calls = list(_merged(_lines_broken(writer.nested(node.content, writer.place(node.starts_at)))))
    if calls:
        writer.calls.append(["nest", [calls], calls[0][2]])


def _lines_broken(calls: list[Call]) -> Iterable[Call]:
    """Replace the paragraphs of a quotation by line breaks, with a call for every line of text."""
    calls = [["linebreak", [], call[2]] if call[0] in ("p_open", "p_close") else call for call in calls]
    while calls and calls[0][0] == "linebreak":
        del calls[0]
    while calls and calls[-1][0] == "linebreak":
        del calls[-1]
    for call in calls:
        if call[0] != "cdata" or "\n" not in call[1][0]:
            yield call
            continue
        for number, line in enumerate(call[1][0].split("\n")):
            if number:
                yield ["linebreak", [], call[2]]
            if line:
                yield ["cdata", [line], call[2]]


def _merged(calls: Iterable[Call]) -> Iterable[Call]:
    before: Call | None = None
    for call in calls:
        if before is not None and before[0] == "cdata" == call[0]:
            before[1][0] += call[1][0]
            continue
        if before is not None:
            yield before
        before = call
    if before is not None:
        yield before


RENDERERS: dict[type[Node], Callable[[CallWriter, Any], None]] = {
    blocks.Paragraph: _paragraph,
    blocks.Section: _section,
    blocks.Heading: _heading,
    blocks.HorizontalRule: _rule,
    blocks.Preformatted: _preformatted,
    **dict.fromkeys((blocks.Code, blocks.File), _code),
    blocks.Rss: _rss,
    blocks.List: _list,
    blocks.Table: _table,
    blocks.Quote: _quote,
    blocks.QuotedLines: _quoted_lines,
}  # fmt: skip
