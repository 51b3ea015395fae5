"""The leaves of markup of plugins, and of the entries and queries of the data plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dokuwiki_data.exports.verification.leaves import NO_MARKS, Marks
from dokuwiki_data.exports.verification.page_leaves import NodeReader, PageReader, container, nothing
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.php import echoed
from dokuwiki_data.plugins.color import Color
from dokuwiki_data.plugins.comments import Comment
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.plugins.description import Description
from dokuwiki_data.plugins.discussion import Discussion, Threads
from dokuwiki_data.plugins.drawio import Diagram
from dokuwiki_data.plugins.folded import Folded, FoldedHeading, InlineFolded
from dokuwiki_data.plugins.gallery import Gallery, GalleryList
from dokuwiki_data.plugins.imgcaption import CaptionReference, ImageCaption, TableCaption
from dokuwiki_data.plugins.include import Include, IncludeOrder
from dokuwiki_data.plugins.indexmenu import IndexMenu, IndexMenuOrder
from dokuwiki_data.plugins.keywords import Keywords
from dokuwiki_data.plugins.note import Note
from dokuwiki_data.plugins.redirect import Redirect
from dokuwiki_data.plugins.tag import TagCount, TagPage, Tags, TagSearch, Topic
from dokuwiki_data.plugins.vshare import Video
from dokuwiki_data.plugins.wrap import Wrap
from dokuwiki_data.writers.data_output import ShownResult, ShownValue
from dokuwiki_data.writers.expansions.captions import caption_anchor, caption_text
from dokuwiki_data.writers.expansions.inclusion import IncludedPage
from dokuwiki_data.writers.expansions.video import video_address

#: Reads the result of a query, given the query and what it shows.
ResultReader = Callable[[Any, DataQuery, ShownResult], None]


def _wrap(reader: PageReader, node: Wrap, marks: Marks) -> None:
    if node.anchor:
        reader.ids.add(node.anchor)
    container(reader, node, marks)


def _folded(reader: PageReader, node: Folded, marks: Marks) -> None:
    reader.builder.open("details")
    reader.builder.text(node.title)
    reader.apart(node.content)
    reader.builder.close()


def _inline_folded(reader: PageReader, node: InlineFolded, marks: Marks) -> None:
    reader.builder.text(f"{node.title} ", marks)
    reader.nodes(node.content, marks)


def _folded_heading(reader: PageReader, node: FoldedHeading, marks: Marks) -> None:
    reader.builder.end()
    reader.builder.text(node.title)
    reader.builder.end(f"h{node.level}#")


def _captioned(kind: str) -> NodeReader:
    def read(reader: PageReader, node: ImageCaption | TableCaption, marks: Marks) -> None:
        marks = NO_MARKS if node.is_block else marks
        reader.ids.add(caption_anchor(node.name, kind))
        if node.is_block:
            reader.builder.end()
        reader.nodes((part for part in node.content if not isinstance(part, Text)), marks)
        if node.is_block:
            reader.builder.end()
        reader.builder.text(caption_text(node, kind, reader.page), marks)
        if node.is_block:
            reader.builder.end()

    return read


def _expanded(between: str = "") -> NodeReader:
    """Return a reader of markup that stands for other nodes, with a text between them."""

    def read(reader: PageReader, node: Node, marks: Marks) -> None:
        if node.is_block:
            reader.builder.end()
        for number, one in enumerate(reader.page.expanded(node) or ()):
            reader.builder.text(between if number else "")
            reader.nodes((one,), marks if one.is_block or not node.is_block else NO_MARKS)
        if node.is_block:
            reader.builder.end()

    return read


_READ_LINK = _expanded()


def _video(reader: PageReader, node: Video, marks: Marks) -> None:
    if reader.embeds:
        reader.builder.end()
        reader.builder.object(f"frame:{video_address(node, embedded=True)}")
        reader.builder.end()
    else:
        _READ_LINK(reader, node, marks)


def _gallery(reader: PageReader, node: Gallery | GalleryList, marks: Marks) -> None:
    reader.builder.end()
    switches = node.options.switches
    for image in reader.page.expanded(node) or ():
        reader.builder.open("figure")
        reader.nodes((image,))
        title = image.title or "" if "showtitle" in switches else ""  # type: ignore[attr-defined]
        name = reader.page.media(image).name if "showname" in switches else ""  # type: ignore[arg-type]
        if title or name:
            reader.builder.open("figcaption")
            reader.builder.text(title)
            if title and name:
                reader.builder.line_break()
            reader.builder.text(name)
            reader.builder.close()
        reader.builder.close()


def _left_out(reader: PageReader, node: Node, marks: Marks) -> None:
    """End the leaf before a block that exports leave out."""
    reader.builder.end()


# -------------------------------------------------------------------------------------------------- the data plugin


def values(reader: PageReader, shown: Iterable[ShownValue]) -> None:
    """Read values of a field, with commas between."""
    for number, value in enumerate(shown):
        reader.builder.text(", " if number else "")
        reader.nodes(value.nodes)


def _entry(reader: PageReader, node: DataEntry, marks: Marks) -> None:
    reader.builder.open("dl")
    for field in reader.page.entry(node).fields:
        reader.builder.open("dt")
        reader.builder.text(f"{field.title}: ")
        reader.builder.close()
        reader.builder.open("dd")
        values(reader, field.values)
        reader.builder.close()
    reader.builder.close()


def query_reader(kinds: Mapping[str, ResultReader]) -> NodeReader:
    """Return a reader of queries, given what reads their results by kind."""

    def read(reader: PageReader, node: DataQuery, marks: Marks) -> None:
        reader.builder.end()
        shown = reader.page.result(node)
        if shown is None:
            reader.builder.block("pre", node.source)
        elif shown.result.columns:
            kinds[node.kind](reader, node, shown)
        reader.builder.end()

    return read


def template_reader(without: NodeReader) -> NodeReader:
    """Return a reader of blocks that have a template, given what reads them without it."""

    def read(reader: PageReader, node: DataTemplateEntry | DataTemplateList, marks: Marks) -> None:
        nodes = reader.page.expanded(node)
        if nodes is None:
            without(reader, node, marks)
            return
        reader.builder.end()
        reader.apart(nodes)
        reader.builder.end()

    return read


def _cell(reader: PageReader, text: str, cell: str = "td[1x1]") -> None:
    reader.builder.open(cell)
    reader.builder.text(text)
    reader.builder.close()


def _headers(node: DataQuery, shown: ShownResult) -> tuple[str, ...]:
    return shown.result.labels + node.query.headers[len(shown.result.labels) :]


def _table(reader: PageReader, node: DataQuery, shown: ShownResult) -> None:
    query, result, builder = node.query, shown.result, reader.builder
    numbered = ["#"] if result.rownumbers else []
    headers = _headers(node, shown)
    builder.open("table")
    builder.open("tr")
    for text in numbered:
        _cell(reader, text, "th[1x1]")
    own = reader.page_meaning(reader.page.page_id)
    for at, text in enumerate(headers):
        builder.open("th[1x1]")
        if at >= len(result.columns):
            builder.text(text, frozenset({f"a:{own}"}))
        else:
            is_sorted = query.sort is not None and result.columns[at].key == query.sort.column.key
            arrow = ("↑ " if query.sort is not None and query.sort.descending else "↓ ") if is_sorted else ""
            builder.text(arrow + text)
        builder.close()
    builder.close()
    if query.dynfilters:
        builder.open("tr")
        for _ in (*numbered, *headers):
            _cell(reader, "", "th[1x1]")
        builder.close()
    if not shown.rows:
        builder.open("tr")
        _cell(reader, reader.page.site.words["none"], f"td[1x{len(result.columns)}]")
        builder.close()
    else:
        _rows(reader, node, shown)
    builder.close()


def _rows(reader: PageReader, node: DataQuery, shown: ShownResult) -> None:
    result, builder = shown.result, reader.builder
    for row in shown.rows:
        builder.open("tr")
        if result.rownumbers:
            _cell(reader, str(row.row.number))
        for cell in row.cells:
            builder.open("td[1x1]")
            values(reader, cell)
            builder.close()
        builder.close()
    if result.sums:
        builder.open("tr")
        if result.rownumbers:
            _cell(reader, "")
        for number in result.sums:
            _cell(reader, f"∑ {echoed(number)}" if number else "\xa0")
        builder.close()
        builder.open("tr")
        builder.close()
    if node.query.limit:
        builder.open("tr")
        more = reader.page.site.words["next"] if result.more else ""
        _cell(reader, f"\xa0{more}", f"th[1x{len(result.columns) + bool(result.rownumbers)}]")
        builder.close()


def _list(reader: PageReader, node: DataQuery, shown: ShownResult) -> None:
    builder = reader.builder
    if not shown.rows:
        builder.text(reader.page.site.words["none"])
        return
    is_numbered, between = bool(shown.result.rownumbers), node.query.sepbyheaders
    headers: Sequence[str] = (*_headers(node, shown), *("" for _ in shown.result.columns), "", "")
    builder.open("ul")
    for row in shown.rows:
        builder.open("li")
        builder.text(f"{row.row.number} " if is_numbered else headers[0] if between else "")
        for at, cell in enumerate(row.cells):
            values(reader, cell)
            builder.text(headers[at + 1 + is_numbered] if between else " ")
        builder.close()
    builder.close()


def _cloud(reader: PageReader, node: DataQuery, shown: ShownResult) -> None:
    reader.builder.open("ul")
    for row in shown.rows:
        reader.builder.open("li")
        values(reader, row.cells[0])
        if node.query.summarize:
            reader.builder.text(f"({row.row.cells[1][0]})", frozenset({"sub"}))
        reader.builder.close()
    reader.builder.close()


def _related(reader: PageReader, node: DataQuery, shown: ShownResult) -> None:
    if not shown.rows:
        return
    builder = reader.builder
    builder.open("dl")
    _cell(reader, node.query.title, "dt")
    builder.open("dd")
    builder.open("ul")
    for row in shown.rows:
        builder.open("li")
        values(reader, row.cells[0])
        builder.close()
    for _ in ("ul", "dd", "dl"):
        builder.close()


QUERY_KINDS: dict[str, ResultReader] = {
    "table": _table,
    "list": _list,
    "cloud": _cloud,
    "taglist": _cloud,
    "related": _related,
}

READERS: dict[type[Node], NodeReader] = {
    Wrap: _wrap,
    Note: container,
    Color: container,
    Folded: _folded,
    InlineFolded: _inline_folded,
    FoldedHeading: _folded_heading,
    ImageCaption: _captioned("img"),
    TableCaption: _captioned("tab"),
    CaptionReference: _expanded(),
    Diagram: _expanded(),
    Tags: _expanded(",\n"),
    TagPage: _expanded(),
    Topic: _expanded(),
    TagCount: _expanded(),
    TagSearch: _left_out,
    Include: _expanded(),
    IncludedPage: container,
    IncludeOrder: nothing,
    IndexMenu: _expanded(),
    IndexMenuOrder: nothing,
    Gallery: _gallery,
    GalleryList: _gallery,
    Video: _video,
    Redirect: _expanded(),
    Discussion: _left_out,
    Threads: _left_out,
    Comment: nothing,
    Keywords: nothing,
    Description: nothing,
    DataEntry: _entry,
    DataQuery: query_reader(QUERY_KINDS),
    DataTemplateEntry: template_reader(_entry),
    DataTemplateList: template_reader(query_reader(QUERY_KINDS)),
}
