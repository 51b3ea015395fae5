"""Write nodes as DokuWiki's own instruction list: name, arguments and byte position of every call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes import blocks, data, inline, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.collected import joined, list_calls, quotation_calls
from dokuwiki_data.render.collected_tables import table_calls
from dokuwiki_data.syntax.block_markup import depth_of_marker
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS
from dokuwiki_data.syntax.releases import RELEASES
from dokuwiki_data.text import PageText

Call = list[Any]

#: The states with which DokuWiki's lexer passes a match to a plugin: unmatched is text, special is complete markup.
_ENTER, _UNMATCHED, _EXIT, _SPECIAL = 1, 3, 4, 5
#: Calls that open a block, whose text follows.
_BLOCK_OPENINGS = frozenset({
    "listu_open", "listo_open", "listitem_open", "listcontent_open", "quote_open",
    "table_open", "tablethead_open", "tablerow_open", "tablecell_open", "tableheader_open",
})  # fmt: skip
_MARKER = re.compile(r"[ \t]*\n[ \t]*[-*]")
#: Calls with their source as an argument.
_WITH_SOURCE = frozenset({"list_item", "quote_newline", "rowspan", "table_align"})
#: The lowest level of headings whose sections can be edited in DokuWiki.
_EDITED = 3


def instructions(page: Page) -> list[Call]:
    """Return the instruction list that DokuWiki's parser makes of a page.

    Each call is ``[name, [arguments…], position]``. Positions count the bytes of ``"\\n" + text``, in which ``\\r\\n``
    is replaced by ``\\n``. Calls of plugins are ``["plugin", [name, None, 5, source], position]``, without the data
    that the plugin makes itself. Python's garbage collector is disabled meanwhile, also for other threads.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.render.instructions(dw.parse("Hi"))[2:4]
        [['cdata', ['Hi'], 1], ['p_close', [], 1]]
    """
    # The list contains no cycles, and searching for them takes two thirds of the time on a page of 1 MB.
    with gc_paused():
        return _calls(page)


def _calls(page: Page) -> list[Call]:
    writer = _Writer(page._source, 0)
    if isinstance(page._syntax, Syntax):
        writer.release = RELEASES[page._syntax.release]
    writer.call("document_start", [], 0)
    last = page._last
    previous: blocks.Section | None = None
    for child in page.content:
        if isinstance(child, blocks.Section):
            if previous is not None:
                writer.call("section_close", [], child._start)
            previous = child
        writer.node(child)
    # A paragraph in markup that is left open.
    writer.end_paragraph(-1 if previous is None else last)
    if previous is not None:
        writer.call("section_close", [], last)
    writer.calls.append(["document_end", [], writer.calls[-1][2]])
    return writer.calls


class _Writer:
    """Collects the calls of one text; ``base`` is the position at which the text begins."""

    def __init__(self, source: PageText, base: int) -> None:
        self.source = source
        self.base = base
        self.calls: list[Call] = []
        #: Whether a paragraph is open. Besides the paragraphs of the tree, DokuWiki closes one before a block inside
        #: formatting, and opens another after it.
        self.in_paragraph = False
        self.in_formatting = 0
        self.in_footnote = False
        #: Whether lists, tables and quotations are written as the lexer's calls, since a footnote interrupted some.
        self.apart = False
        self.release = RELEASES["2026-07-14"]
        #: Whether blanks at the start of the next text are dropped: after a line end outside of a paragraph.
        self.trims = False

    def call(self, name: str, arguments: list[Any], at: int) -> None:
        """Write a call at a place of the text as read; a negative place is that of the call before."""
        self.calls.append([name, arguments, self.place(at)])
        self.trims = self.trims and name in _BLOCK_OPENINGS

    def place(self, at: int) -> int:
        if at < 0:
            return int(self.calls[-1][2])
        return self.base + self.source.byte(at)

    def node(self, node: Node) -> None:
        _renderer(type(node))(self, node)

    def nodes(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            _renderer(type(node))(self, node)

    def text(self, text: str, at: int) -> None:
        """Write text, joined with a text before it."""
        if self.trims:
            text = text.lstrip(" \t")
        if self.calls and self.calls[-1][0] == "cdata":
            self.calls[-1][1][0] += text
        else:
            self.call("cdata", [text], at)

    def block(self, name: str, arguments: list[Any], at: int) -> None:
        """Write a block without children."""
        self.end_paragraph(at)
        self.call(name, arguments, at)
        self.behind_block(at)

    def behind_block(self, at: int) -> None:
        """Continue a paragraph after a block inside formatting."""
        if self.in_formatting and not self.in_footnote:
            self.begin_paragraph(at)

    def begin_paragraph(self, at: int) -> None:
        self.call("p_open", [], at)
        self.in_paragraph = True

    def end_paragraph(self, at: int) -> None:
        if not self.in_paragraph:
            return
        self.in_paragraph = False
        calls = self.calls
        first = len(calls)
        while calls[first - 1][0] == "cdata":
            first -= 1
        if calls[first - 1][0] == "p_open" and not "".join(call[1][0] for call in calls[first:]).strip(PHP_BLANKS):
            del calls[first - 1 :]
            return
        if calls[-1][0] == "cdata":
            calls[-1][1][0] = calls[-1][1][0].rstrip("\n")
        self.call("p_close", [], at)


def _text(writer: _Writer, node: inline.Text) -> None:
    writer.text(node.text, node._start)


def _formatting(writer: _Writer, node: inline.Formatting) -> None:
    writer.call(f"{node.name}_open", [], node._start)
    writer.in_formatting += 1
    writer.nodes(node.content)
    writer.in_formatting -= 1
    if node.closed:
        writer.call(f"{node.name}_close", [], node._end - len(node.closing))


def _footnote(writer: _Writer, node: inline.Footnote) -> None:
    inner = _Writer(writer.source, 0)
    inner.in_footnote, inner.apart, inner.release = True, node._apart, writer.release
    inner.call("footnote_open", [], node._start)
    inner.nodes(node.content)
    if not node._unfinished:
        inner.call("footnote_close", [], node._closed)
    writer.call("nest", [joined(inner.calls) if inner.apart else inner.calls], node._start)


def _lone_closer(writer: _Writer, node: inline.LoneCloser) -> None:
    writer.call(f"{node.formatting}_close", [], node._start)


def _loose(writer: _Writer, node: inline.LooseMarkup) -> None:
    if node.instruction == "eol" and writer.in_paragraph:  # an empty line in formatting
        writer.end_paragraph(node._at)
        writer.begin_paragraph(node._at)
        return
    source = writer.source.normalized[node._start : node._end]
    arguments: list[Any] = []
    if node.instruction == "plugin":
        arguments = [node._component, None, _EXIT, source]
    elif node.instruction == "table_end":
        arguments = [writer.place(node._at)]
    elif node.instruction in _WITH_SOURCE:
        arguments = [source]
    writer.call(node.instruction, arguments, node._at)


def _unformatted(writer: _Writer, node: inline.Unformatted) -> None:
    opening = 2 if writer.source.normalized[node._start] == "%" else len("<nowiki>")
    writer.call("unformatted", [node.text], node._start + opening)


def _line_break(writer: _Writer, node: inline.LineBreak) -> None:
    writer.call("linebreak", [], node._start)


def _media(writer: _Writer, node: inline.Media) -> None:
    arguments = [node.target, node.title, node.align, node.width, node.height, node.cache, node.linking]
    writer.call(node.name, arguments, node._start)


def _link(writer: _Writer, node: inline.Link) -> None:
    writer.call(node.name, [node.target, _label(node.label)], node._start)


def _interwiki_link(writer: _Writer, node: inline.InterwikiLink) -> None:
    writer.call(node.name, [node.target, _label(node.label), node.wiki, node.reference], node._start)


def _label(label: str | inline.Media | None) -> Any:
    if not isinstance(label, inline.Media):
        return label
    return {
        "type": label.name, "src": label.target, "title": label.title, "align": label.align,
        "width": label.width, "height": label.height, "cache": label.cache, "linking": label.linking,
    }  # fmt: skip


def _word(writer: _Writer, node: inline.Replaced | inline.CamelCaseLink) -> None:
    writer.call(node.name, [node.target if isinstance(node, inline.Link) else node.text], node._start)


def _quotation_mark(writer: _Writer, node: inline.QuotationMark) -> None:
    writer.call(node.kind, [], node._start)


def _multiply(writer: _Writer, node: inline.MultiplyEntity) -> None:
    writer.call("multiplyentity", [node.left, node.right], node._start)


def _macro(writer: _Writer, node: inline.Macro) -> None:
    writer.call(node.name, [], node._start)


def _paragraph(writer: _Writer, node: blocks.Paragraph) -> None:
    # A paragraph that a block inside formatting began, if the formatting itself is in no paragraph.
    writer.end_paragraph(node._opened)
    writer.begin_paragraph(node._opened)
    writer.nodes(node.content)
    writer.end_paragraph(node._closed)


def _section(writer: _Writer, node: blocks.Section) -> None:
    heading = node.heading
    writer.call("header", [heading.title, heading.level, writer.place(heading._start)], heading._start)
    writer.call("section_open", [heading.level], heading._start)
    writer.nodes(node.content)


def _heading(writer: _Writer, node: blocks.Heading) -> None:
    """Write a heading in a container. It begins no section, which the plugin wrap reports to the section editor."""
    writer.block("header", [node.title, node.level, writer.place(node._start)], node._start)
    if node.title and node.level <= _EDITED:
        writer.block("plugin", ["wrap_closesection", None, _SPECIAL, ""], node._start)


def _rule(writer: _Writer, node: blocks.HorizontalRule) -> None:
    writer.block("hr", [], node._start - 1)


def _preformatted(writer: _Writer, node: blocks.Preformatted) -> None:
    writer.block("preformatted", [node.text], node._start - 1)


def _code(writer: _Writer, node: blocks.Code) -> None:
    arguments = [node.text, node.language, node.filename]
    writer.block(node.name, arguments if node.options is None else [*arguments, node.options or None], node._at)


def _rss(writer: _Writer, node: blocks.Rss) -> None:
    parameters = {
        "max": 8 if node.limit is None else node.limit,
        "reverse": int(node.reverse), "author": int(node.author), "date": int(node.date),
        "details": int(node.details), "nosort": int(node.nosort), "refresh": node.refresh,
    }  # fmt: skip
    writer.block("rss", [node.target, parameters], node._start)


def _plugin(name: Callable[[Any], str]) -> Callable[[_Writer, Node], None]:
    def render(writer: _Writer, node: Node) -> None:
        source = writer.source.normalized[node._start : node._end]
        writer.block("plugin", [name(node), None, _SPECIAL, source], node._start)

    return render


def _plugin_leaf(writer: _Writer, node: plugins.PluginMarkup) -> None:
    start = getattr(node, "_matched", -1)
    start = node._start if start < 0 else start
    arguments = [node.component, None, _SPECIAL, writer.source.normalized[start : node._end]]
    if node.is_block:
        writer.block("plugin", arguments, start)
    else:
        writer.call("plugin", arguments, start)


def _plugin_container(writer: _Writer, node: plugins.PluginContainer) -> None:
    if not node._inside:
        _plugin_leaf(writer, node)
        return
    read = writer.source.normalized
    around = writer.in_formatting
    if node.is_block:
        writer.end_paragraph(node._start)
    # The paragraph at the start of a block is trimmed.
    trims = writer.trims and node.is_block and node._takes_text
    writer.call("plugin", [node.component, None, _ENTER, read[node._start : node._inside]], node._start)
    writer.trims = trims
    writer.in_formatting = 0 if node.is_block else around + 1
    if node._takes_text:
        _taken(writer, node, node.content)
    else:
        writer.nodes(node.content)
    writer.in_formatting = around
    if not node.closed:
        return
    if node.is_block:
        writer.end_paragraph(node._stop)
    writer.call("plugin", [node.component, None, _EXIT, read[node._stop : node._end]], node._stop)
    if node.is_block and writer.in_formatting and not writer.in_footnote:
        writer.begin_paragraph(node._stop)


def _taken(writer: _Writer, container: plugins.PluginContainer, content: Iterable[Node]) -> None:
    """Write the content of a container whose plugin receives the text in it."""
    for node in content:
        if isinstance(node, blocks.Paragraph):
            writer.end_paragraph(node._opened)
            writer.begin_paragraph(node._opened)
            _taken(writer, container, node.content)
            writer.end_paragraph(node._closed)
        elif isinstance(node, inline.Text):
            _taken_text(writer, container, node)
        else:
            writer.node(node)


def _taken_text(writer: _Writer, container: plugins.PluginContainer, text: inline.Text) -> None:
    """Write text for a plugin; DokuWiki handles the line ends in it."""
    at = text._start
    for number, line in enumerate(text.text.split("\n") if container._lines_flow else [text.text]):
        if number:
            at = writer.source.normalized.index("\n", at)
            if not writer.in_footnote:
                writer.call("cdata", ["\n"], at)
                writer.trims = not writer.in_paragraph
            at += 1
        if line:
            writer.call("plugin", [container.component, None, _UNMATCHED, line], at)


def _list(writer: _Writer, node: blocks.List) -> None:
    if writer.apart:
        _list_apart(writer, node)
        return
    writer.end_paragraph(node._opened)
    name = "listo" if node.ordered else "listu"
    writer.call(f"{name}_open", [], node._opened)
    places = [node._opened, *(item._start - 1 for item in node.items[1:]), node._closed]
    for item, (opened, closed) in zip(node.items, pairwise(places), strict=True):
        writer.call("listitem_open", [item.level, 1] if item.lists else [item.level], opened)
        writer.call("listcontent_open", [], opened)
        writer.nodes(item.content)
        inside = item.lists[0]._opened if item.lists else closed
        writer.end_paragraph(inside)
        writer.call("listcontent_close", [], inside)
        writer.nodes(item.lists)
        writer.call("listitem_close", [], closed)
    writer.call(f"{name}_close", [], node._closed)
    writer.behind_block(node._closed)


def _list_apart(writer: _Writer, node: blocks.List) -> None:
    """Write a list that a footnote interrupted."""
    around, writer.calls = writer.calls, []
    _items_apart(writer, node, "list_open")
    if not node._unfinished:
        writer.call("list_close", [], node._closed)
    written, writer.calls = writer.calls, around
    around += list_calls(written, depth_of_marker, writer.release.item_level)


def _items_apart(writer: _Writer, node: blocks.List, name: str) -> None:
    for number, item in enumerate(node.items):
        at = item._start - 1 if number else node._opened
        marker = _MARKER.match(writer.source.normalized, at)
        more = [] if number or name != "list_open" else [node._outermost, item.level]
        writer.call("list_item" if number else name, [marker[0] if marker else "", *more], at)
        writer.nodes(item.content)
        for inner in item.lists:
            _items_apart(writer, inner, "list_item")


def _table(writer: _Writer, node: blocks.Table) -> None:
    writer.end_paragraph(node._opened)
    if node._written is not None or node._unfinished:
        _written_table(writer, node, node._written or node.rows)
        return
    writer.call("table_open", [node.columns, len(node.rows), writer.source.byte(node._opened) + 1], node._opened)
    if node.head_rows:
        writer.call("tablethead_open", [], node._opened)
    places = [node._opened, *(row._start - 1 for row in node.rows[1:]), node._closed]
    for number, (row, (opened, closed)) in enumerate(zip(node.rows, pairwise(places), strict=True), start=1):
        writer.call("tablerow_open", [], opened)
        for cell in row.cells:
            _cell(writer, cell, opened if cell._start == row._start else cell._start)
        for _ in range(node.columns - row.width):
            writer.call("tablecell_open", [1, None, 1], closed)
            writer.call("cdata", [""], closed)
            writer.call("tablecell_close", [], closed)
        writer.call("tablerow_close", [], closed)
        if number == node.head_rows:
            writer.call("tablethead_close", [], closed)
    ended = node._end < len(writer.source.normalized)
    writer.call("table_close", [writer.source.byte(node._closed)] if ended else [], node._closed)
    writer.behind_block(node._closed)


def _written_table(writer: _Writer, node: blocks.Table, rows: Iterable[blocks.TableRow]) -> None:
    """Write a table that DokuWiki counts differently than it is written, or not at all."""
    around, writer.calls = writer.calls, []
    writer.call("table_start", [writer.source.byte(node._opened) + 1], node._opened)
    for number, row in enumerate(rows):
        opened = row._start - 1 if number else node._opened
        if number:
            writer.call("table_row", [], opened)
        for cell in row.cells:
            at = opened if cell._start == row._start else cell._start
            writer.call("tableheader" if cell.header else "tablecell", [], at)
            writer.nodes(cell.content)
            writer.end_paragraph(cell._end)
    if not node._unfinished:
        ended = node._end < len(writer.source.normalized)
        writer.call("table_end", [writer.source.byte(node._closed)] if ended else [], node._closed)
    written, writer.calls = writer.calls, around
    calls = table_calls(written)
    around += calls if writer.apart else joined(calls)
    if not node._unfinished:
        writer.behind_block(node._closed)


def _cell(writer: _Writer, cell: blocks.TableCell, opened: int) -> None:
    name = "tableheader" if cell.header else "tablecell"
    writer.call(f"{name}_open", [cell.colspan, cell.align, cell.rowspan], opened)
    writer.nodes(cell.content)
    writer.end_paragraph(cell._end)
    if cell._lost > 1:
        del writer.calls[-2 if writer.calls[-1][0] == "p_close" else -1]
    if not cell._lost:
        writer.call(f"{name}_close", [], cell._end)


def _quote(writer: _Writer, node: blocks.Quote) -> None:
    if writer.apart and node._lines:
        _quote_apart(writer, node)
        return
    writer.end_paragraph(node._opened)
    writer.call("quote_open", [], node._opened)
    before: Node | None = None
    for child in node.content:
        if isinstance(before, blocks.Quote) and isinstance(child, blocks.QuotedLines) and not writer.in_footnote:
            writer.begin_paragraph(before._closed)
        writer.node(child)
        before = child
    writer.end_paragraph(node._closed)
    writer.call("quote_close", [], node._closed)
    writer.behind_block(node._closed)


def _quote_apart(writer: _Writer, node: blocks.Quote) -> None:
    """Write a quotation that a footnote interrupted."""
    around, writer.calls = writer.calls, []
    lines = iter(node._lines)
    writer.call("quote_start", [">" * next(lines)[1]], node._opened)
    line = next(lines, None)
    for part in _without_quotes(node):
        while line and line[0] <= part._start:
            writer.call("quote_newline", [">" * line[1]], line[0])
            line = next(lines, None)
        if not isinstance(part, inline.LineBreak) or part._source.normalized[part._start] != "\n":
            writer.node(part)
    for at, depth in (line, *lines) if line else ():
        writer.call("quote_newline", [">" * depth], at)
    if not node._unfinished:
        writer.call("quote_end", [], node._closed)
    written, writer.calls = writer.calls, around
    around += quotation_calls(written)


def _without_quotes(node: blocks.Quote) -> Iterator[Node]:
    """Yield the nodes in a quotation and in its inner quotations."""
    for part in node.content:
        if isinstance(part, blocks.Quote) and not part._lines:
            yield from _without_quotes(part)
        else:
            yield part


def _quoted_lines(writer: _Writer, node: blocks.QuotedLines) -> None:
    if not node.content:
        return
    inner = _Writer(node.content[0]._source, writer.place(node.starts_at))
    inner.release = writer.release
    inner.call("document_start", [], 0)  # dropped later; open places are counted from it
    inner.nodes(node.content)
    inner.end_paragraph(-1)
    calls = list(_merged(_lines_broken(inner.calls[1:])))
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


_RENDERERS: dict[type[Node], Callable[[_Writer, Any], None]] = {
    inline.Text: _text,
    **dict.fromkeys(
        (inline.Strong, inline.Emphasis, inline.Underline, inline.Monospace,
         inline.Subscript, inline.Superscript, inline.Deleted),
        _formatting,
    ),
    inline.Footnote: _footnote,
    inline.LoneCloser: _lone_closer,
    inline.LooseMarkup: _loose,
    inline.Unformatted: _unformatted,
    inline.LineBreak: _line_break,
    **dict.fromkeys((inline.InternalMedia, inline.ExternalMedia), _media),
    **dict.fromkeys(
        (inline.InternalLink, inline.LocalLink, inline.ExternalLink, inline.EmailLink, inline.WindowsShareLink),
        _link,
    ),
    inline.InterwikiLink: _interwiki_link,
    **dict.fromkeys((inline.CamelCaseLink, inline.Smiley, inline.Acronym, inline.Entity), _word),
    inline.QuotationMark: _quotation_mark,
    inline.MultiplyEntity: _multiply,
    **dict.fromkeys((inline.NoToc, inline.NoCache), _macro),
    blocks.Paragraph: _paragraph,
    blocks.Section: _section,
    blocks.Heading: _heading,
    blocks.HorizontalRule: _rule,
    blocks.Preformatted: _preformatted,
    **dict.fromkeys((blocks.Code, blocks.File), _code),
    blocks.Rss: _rss,
    blocks.Info: _plugin(lambda node: "info"),
    blocks.List: _list,
    blocks.Table: _table,
    blocks.Quote: _quote,
    blocks.QuotedLines: _quoted_lines,
    data.DataEntry: _plugin(lambda node: "data_entry"),
    data.DataQuery: _plugin(lambda node: f"data_{node.kind}"),
    plugins.PluginMarkup: _plugin_leaf,
    plugins.PluginContainer: _plugin_container,
}  # fmt: skip


def _renderer(kind: type[Node]) -> Callable[[_Writer, Any], None]:
    """Return the function that writes nodes of a class; classes of plugins use that of their base class."""
    return _RENDERERS.get(kind) or next(_RENDERERS[known] for known in kind.__mro__ if known in _RENDERERS)
