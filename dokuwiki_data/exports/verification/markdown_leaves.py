"""The leaves of a page as Markdown shows them, where that differs from HTML by the conventions of a dialect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.verification import page_leaves, plugin_leaves
from dokuwiki_data.exports.verification.leaves import NO_MARKS, Marks
from dokuwiki_data.exports.verification.page_leaves import NodeReader, PageReader, container
from dokuwiki_data.exports.verification.written import canonical_address
from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.php import echoed
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.plugins.folded import FoldedHeading
from dokuwiki_data.plugins.gallery import Gallery, GalleryList
from dokuwiki_data.plugins.imgcaption import ImageCaption, TableCaption
from dokuwiki_data.plugins.note import Note
from dokuwiki_data.plugins.wrap import InlineWrap, Wrap
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.data_output import ShownResult, ShownValue
from dokuwiki_data.writers.expansions.captions import caption_anchor, caption_text
from dokuwiki_data.writers.markdown import Dialect
from dokuwiki_data.writers.resolved import ResolvedMedia, ResolvedPage


class MarkdownPageReader(PageReader):
    """Reads the leaves of a page as it stands in Markdown.

    Links to what is not written are text, images do not lead to themselves, and a note has a label.

    Attributes:
        dialect: The dialect.
        has_entries: Whether the entries of the data plugin are part of the text.
    """

    def __init__(
        self, page: ResolvedPage, wiki: ExportedWiki, dialect: Dialect, addresses: Addresses, has_entries: bool
    ) -> None:
        super().__init__(page, wiki, READERS)
        self.dialect = dialect
        self.has_entries = has_entries
        self._addresses = addresses
        self._linked = {*wiki.linked_anchors.get(page.page_id, ()), *page.linked_anchors}
        self._own_anchors: dict[str, int] = {}
        self._titles = {anchor: self._title(node) for node, anchor in page.headings}

    def _title(self, heading: blocks.Heading) -> str:
        return self.dialect.own_anchor(heading.title, {})

    def read(self) -> None:
        """Read the whole page, and its notes."""
        self.apart(self.page.page.content)
        for note in self.page.notes:
            self.container(f"aside[{note.numbers[0]}]", note.content)

    def heading(self, title: str, level: int, anchor: str = "") -> None:
        """Read a heading with the anchor that readers give it, and the one that links need."""
        own = self.dialect.own_anchor(" ".join(title.split()), self._own_anchors)
        self.builder.end()
        if self.dialect.keeps_anchors and not self.dialect.links_to_titles:
            own = anchor or own
        elif anchor in self._linked and anchor != own and not self.dialect.links_to_titles:
            self.builder.object(f"id:{anchor}")
        self.builder.text(title)
        self.builder.end(f"h{level}#{own}")

    def note(self, node: inline.Footnote, marks: Marks) -> None:
        """Read a note by its label."""
        self.builder.object(f"note:{self.page.note(node).numbers[0]}", marks)

    # ------------------------------------------------------------------------------------------- where things lead

    def link_meaning(self, node: inline.Link) -> str | None:
        """Return what the address of a link means; None if it leads nowhere."""
        meaning = super().link_meaning(node)
        return None if meaning is None else canonical_address(meaning)

    def outer_meaning(self, address: str) -> str:
        """Return what an address outside of the wiki means."""
        return canonical_address(address)

    def page_meaning(self, page_id: str, query: str = "", anchor: str | None = None) -> str | None:
        """Return what the address of a page means, in which there are no queries; None if it is not written."""
        if anchor and self.dialect.links_to_titles:
            address = self._addresses.page(page_id, anchor) or ""
            return super().page_meaning(page_id, "", unquote(address.partition("#")[2]))
        return super().page_meaning(page_id, "", anchor)

    def local_meaning(self, anchor: str | None) -> str:
        """Return what the address of a place of the page itself means."""
        place = self._titles.get(anchor or "", "") if self.dialect.links_to_titles else anchor
        return f"page:{self.page.page_id}{f'#{place}' if place else ''}"

    def missing(self, page_id: str) -> Marks:
        """Return no marks: a link to a page that is not written is text."""
        return NO_MARKS

    def media(self, node: inline.Media, marks: Marks) -> None:
        """Read an image, which leads nowhere, or a link to a file."""
        found = self.page.media(node)
        meaning = self.media_meaning(found)
        if meaning is not None and (found.shown_as != "image" or found.target.kind == "page"):
            is_link = found.is_link or found.shown_as != "file"
            anchor = f"#{found.target.anchor}" if found.target.anchor and found.shown_as != "image" else ""
            marks |= {f"a:{canonical_address(meaning + anchor)}"} if is_link else NO_MARKS
        self.shown(node, found, marks)

    def shown(self, node: inline.Media, found: ResolvedMedia, marks: Marks) -> None:
        """Read what is shown of an image or file."""
        meaning, caption = self.media_meaning(found), found.caption or ""
        folded = " ".join(caption.split())
        if meaning is None:
            self.builder.text(folded or found.name, marks)
        elif found.shown_as == "image":
            width, height = node.width or "", node.height or ""
            if not width and "{dimensions}" in self.dialect.sized_image:  # which knows no height alone
                height = ""
            text = "" if caption == "0" else folded
            self.builder.object(f"img:{canonical_address(meaning)}|{text}|{width}x{height}", marks)
        else:
            self.builder.text(caption if caption not in ("", "0") else found.name, marks)


# ------------------------------------------------------------------------------------------------- blocks and plugins


def _heading(reader: MarkdownPageReader, node: blocks.Heading, marks: Marks) -> None:
    if anchor := reader.page.anchor(node):
        reader.heading(node.title, node.level, anchor)


def _folded_heading(reader: MarkdownPageReader, node: FoldedHeading, marks: Marks) -> None:
    reader.heading(node.title, node.level)


def _code(reader: MarkdownPageReader, node: blocks.Code, marks: Marks) -> None:
    reader.builder.end()
    reader.builder.text(node.filename or "")
    reader.builder.block("pre", node.text)


def _wrap(reader: MarkdownPageReader, node: Wrap, marks: Marks) -> None:
    kinds = reader.dialect.callouts
    kind = next((kinds[name] for name in node.classes if name in kinds), None)
    if kind is None:
        container(reader, node, marks)
    else:
        _box(reader, kind, node.content)


def _note(reader: MarkdownPageReader, node: Note, marks: Marks) -> None:
    _box(reader, reader.dialect.callouts["note" if node.kind == "classic" else node.kind], node.content)


def _box(reader: MarkdownPageReader, kind: str, content: Iterable[Node]) -> None:
    reader.container(f"aside[{kind.lower()}]", content)


def _inline_wrap(reader: MarkdownPageReader, node: InlineWrap, marks: Marks) -> None:
    mark = next((reader.dialect.wraps[name] for name in node.classes if name in reader.dialect.wraps), None)
    reader.nodes(node.content, marks if mark is None else marks | {mark.tag})


def _image_caption(reader: MarkdownPageReader, node: ImageCaption, marks: Marks) -> None:
    reader.builder.object(f"id:{caption_anchor(node.name, 'img')}")
    reader.nodes((part for part in node.content if not isinstance(part, inline.Text)), marks)
    reader.builder.line_break()
    reader.builder.text(caption_text(node, "img", reader.page), marks)


def _table_caption(reader: MarkdownPageReader, node: TableCaption, marks: Marks) -> None:
    reader.apart(part for part in node.content if not isinstance(part, inline.Text))
    reader.builder.object(f"id:{caption_anchor(node.name, 'tab')}")
    reader.builder.text(caption_text(node, "tab", reader.page))
    reader.builder.end()


def _gallery(reader: MarkdownPageReader, node: Gallery | GalleryList, marks: Marks) -> None:
    for image in reader.page.expanded(node) or ():
        assert isinstance(image, inline.InternalMedia)
        reader.builder.end()
        reader.nodes((image,))
        switches = node.options.switches
        title = image.title if "showtitle" in switches else ""
        name = reader.page.media(image).name if "showname" in switches else ""
        for text in filter(None, (title, name)):
            reader.builder.line_break()
            reader.builder.text(text)
    reader.builder.end()


# ---------------------------------------------------------------------------------------------------- the data plugin


def _entry(reader: MarkdownPageReader, node: DataEntry, marks: Marks) -> None:
    reader.builder.end()
    fields = reader.page.entry(node).fields
    if not fields or not reader.has_entries:
        return
    reader.builder.open("table")
    _row(reader, "th", (node.class_name, ""))
    for field in fields:
        _row(reader, "td", (field.title, field.values))
    reader.builder.close()


def _row(reader: MarkdownPageReader, cell: str, cells: Iterable[str | Sequence[ShownValue]]) -> None:
    reader.builder.open("tr")
    for content in cells:
        reader.builder.open(f"{cell}[1x1]")
        if isinstance(content, str):
            reader.builder.text(content)
        else:
            plugin_leaves.values(reader, content)
        reader.builder.close()
    reader.builder.close()


def _table(reader: MarkdownPageReader, node: DataQuery, shown: ShownResult) -> None:
    result = shown.result
    is_numbered = bool(result.rownumbers)
    before = ("",) if is_numbered else ()
    reader.builder.open("table")
    _row(reader, "th", (*(("#",) if is_numbered else ()), *result.labels))
    for row in shown.rows:
        _row(reader, "td", (*((str(row.row.number),) if is_numbered else ()), *row.cells))
    if not shown.rows:
        width = len(before) + len(result.labels)
        _row(reader, "td", (reader.page.site.words["none"], *[""] * (width - 1)))
    if result.sums:
        _row(reader, "td", (*before, *(f"∑ {echoed(number)}" if number else "" for number in result.sums)))
    reader.builder.close()


def _cloud(reader: MarkdownPageReader, node: DataQuery, shown: ShownResult) -> None:
    if not shown.rows:
        return
    reader.builder.open("ul")
    for row in shown.rows:
        reader.builder.open("li")
        plugin_leaves.values(reader, row.cells[0])
        reader.builder.text(f" ({row.row.cells[1][0]})" if node.query.summarize else "")
        reader.builder.close()
    reader.builder.close()


def _related(reader: MarkdownPageReader, node: DataQuery, shown: ShownResult) -> None:
    if not shown.rows:
        return
    reader.builder.text(node.query.title)
    reader.builder.end()
    reader.builder.open("ul")
    for row in shown.rows:
        reader.builder.open("li")
        plugin_leaves.values(reader, row.cells[0])
        reader.builder.close()
    reader.builder.close()


_KINDS = {**plugin_leaves.QUERY_KINDS, "table": _table, "cloud": _cloud, "taglist": _cloud, "related": _related}

READERS: dict[type[Node], NodeReader] = {
    **page_leaves.READERS,
    **plugin_leaves.READERS,
    blocks.Heading: _heading,
    blocks.Code: _code,
    FoldedHeading: _folded_heading,
    Wrap: _wrap,
    InlineWrap: _inline_wrap,
    Note: _note,
    ImageCaption: _image_caption,
    TableCaption: _table_caption,
    Gallery: _gallery,
    GalleryList: _gallery,
    DataEntry: _entry,
    DataQuery: plugin_leaves.query_reader(_KINDS),
    DataTemplateEntry: plugin_leaves.template_reader(_entry),
    DataTemplateList: plugin_leaves.template_reader(plugin_leaves.query_reader(_KINDS)),
}
