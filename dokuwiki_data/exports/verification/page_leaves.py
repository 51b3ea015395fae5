"""The leaves of a page, made of its nodes and of what they mean in their wiki: what every written page has to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.verification.leaves import NO_MARKS, LeafBuilder, Marks
from dokuwiki_data.nodes import blocks, inline, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.addresses import outer_address
from dokuwiki_data.writers.resolved import ResolvedMedia, ResolvedPage, is_whole


class PageReader:
    """Reads the leaves of a page from its nodes.

    Attributes:
        page: The page with all that is known of its nodes.
        builder: Makes the leaves.
        ids: The anchors of the page so far.
        embeds: Whether films of other sites are shown in place.
        readers: What reads the nodes of each class.
    """

    def __init__(
        self, page: ResolvedPage, wiki: ExportedWiki, readers: dict[type[Node], NodeReader], embeds: bool = False
    ) -> None:
        self.page = page
        self.builder = LeafBuilder()
        self.ids: set[str] = set()
        self.embeds = embeds
        self._wiki = wiki
        self.readers = readers

    def read(self) -> None:
        """Read the whole page, and its notes."""
        self.nodes(self.page.page.content)
        self.builder.end()
        for note in self.page.notes:
            for at, number in enumerate(note.numbers):
                self.builder.text(" , " if at else "")
                self._number(number, "fnt__", "fn__", NO_MARKS)
            self.builder.end()
            self.nodes(note.content)
            self.builder.end()

    def nodes(self, nodes: Iterable[Node], marks: Marks = NO_MARKS) -> None:
        """Read nodes one after another, with the marks around them."""
        for node in nodes:
            kind = type(node)
            reader = self.readers.get(kind)
            if reader is None:  # that of the next class above it
                reader = self.readers[kind] = next(
                    self.readers[known] for known in kind.__mro__ if known in self.readers
                )
            reader(self, node, marks)

    def apart(self, nodes: Iterable[Node], marks: Marks = NO_MARKS) -> None:
        """Read nodes as a piece that begins and ends between other leaves."""
        self.builder.end()
        self.nodes(nodes, marks)
        self.builder.end()

    def container(self, name: str, nodes: Iterable[Node], marks: Marks = NO_MARKS) -> None:
        """Read nodes in a container."""
        self.builder.open(name)
        self.nodes(nodes, marks)
        self.builder.close()

    # ------------------------------------------------------------------------------------------- where things lead

    def page_meaning(self, page_id: str, query: str = "", anchor: str | None = None) -> str | None:
        """Return what the address of a page means; None if it is not written."""
        if page_id not in self._wiki.places.pages:
            return None
        return f"page:{page_id}{f'?{query}' if query else ''}{f'#{anchor}' if anchor else ''}"

    def media_meaning(self, found: ResolvedMedia) -> str | None:
        """Return what the address of an image or file means; None if there is nothing."""
        kind, target, _, _ = found.target
        if target is None or found.problem:
            return None
        if kind == "media":
            is_there = target in self._wiki.places.media or self._wiki.media_address
            return f"media:{target}" if is_there else None
        return self.page_meaning(target) if kind == "page" else self.outer_meaning(target)

    def outer_meaning(self, address: str) -> str:
        """Return what an address outside of the wiki means: the address, as it is written."""
        return outer_address(address)

    def link_meaning(self, node: inline.Link) -> str | None:
        """Return what the address of a link means; None if it leads nowhere."""
        found = self.page.link(node)
        kind, target, anchor, _ = found.target
        if isinstance(node, inline.LocalLink):
            return self.local_meaning(anchor)
        if isinstance(node, inline.EmailLink):
            return f"mailto:{node.target}"
        if isinstance(node, inline.WindowsShareLink):
            return self.outer_meaning("file:///" + node.target.replace("\\", "/"))
        if kind == "page":
            query = found.query if found.query.startswith("dataflt") else ""
            return None if found.problem else self.page_meaning(target or "", query, anchor)
        return None if target is None else self.outer_meaning(f"{target}#{anchor}" if anchor else target)

    def local_meaning(self, anchor: str | None) -> str:
        """Return what the address of a place of the page itself means."""
        return f"page:{self.page.page_id}#{anchor}"

    # ------------------------------------------------------------------------------------------------ references

    def note(self, node: inline.Footnote, marks: Marks) -> None:
        """Read the number of a note."""
        self._number(self.page.number(node), "fn__", "fnt__", marks)

    def _number(self, number: int, target: str, own: str, marks: Marks) -> None:
        self.ids.add(f"{own}{number}")
        self.builder.text(f"{number})", marks | {"sup", f"a:page:{self.page.page_id}#{target}{number}"})

    def link(self, node: inline.Link, marks: Marks) -> None:
        """Read a link."""
        found = self.page.link(node)
        meaning = self.link_meaning(node)
        if meaning is not None:
            marks |= {f"a:{meaning}"}
        elif found.target.kind == "page" and found.image is None:
            marks |= self.missing(found.target.target or "")
        if found.image is None:
            self.builder.text(found.label, marks)
        else:
            self.shown(found.image, self.page.media(found.image), marks)

    def missing(self, page_id: str) -> Marks:
        """Return the marks of a link to a page that is not written."""
        return frozenset({f"missing:{page_id}"})

    def media(self, node: inline.Media, marks: Marks) -> None:
        """Read an image or file."""
        found = self.page.media(node)
        meaning = self.media_meaning(found)
        if meaning is not None and found.is_link:
            anchor = f"#{found.target.anchor}" if found.target.anchor else ""
            marks |= {f"a:{meaning}{anchor}"}
        self.shown(node, found, marks)

    def shown(self, node: inline.Media, found: ResolvedMedia, marks: Marks) -> None:
        """Read what is shown of an image or file."""
        meaning, caption = self.media_meaning(found), found.caption or ""
        named = caption if caption not in ("", "0") else found.name
        folded = " ".join(caption.split())
        if found.shown_as == "image":
            if meaning is None:
                self.builder.text(folded or found.name, marks)
            else:
                size = f"{node.width or ''}x{node.height or ''}"
                self.builder.object(f"img:{meaning}|{'' if caption == '0' else folded}|{size}", marks)
        elif found.shown_as == "file" or meaning is None:
            self.builder.text(named, marks)
        else:
            self.builder.text(" ")
            self.builder.object(f"play:{meaning}", marks)
            self.builder.text(f" {named}", marks | {f"a:{meaning}"})
            self.builder.text(" ")


#: Reads a node with the marks around it; the first argument is the `PageReader`.
NodeReader = Callable[[Any, Any, Marks], None]


# ------------------------------------------------------------------------------------------------------------ blocks


def _section(reader: PageReader, node: blocks.Section, marks: Marks) -> None:
    reader.nodes((node.heading, *node.content), marks)
    reader.builder.end()


def _heading(reader: PageReader, node: blocks.Heading, marks: Marks) -> None:
    if anchor := reader.page.anchor(node):
        reader.ids.add(anchor)
        reader.builder.end()
        reader.builder.text(node.title)
        reader.builder.end(f"h{node.level}#{anchor}")


def _paragraph(reader: PageReader, node: blocks.Paragraph, marks: Marks) -> None:
    reader.apart(node.content, marks)


def _quoted_lines(reader: PageReader, node: blocks.QuotedLines, marks: Marks) -> None:
    reader.builder.end()
    inner = copy(reader)
    inner.readers = {**reader.readers, **_IN_QUOTATIONS}
    inner.nodes(node.content)
    reader.builder.end()


def _quoted_text(reader: PageReader, node: inline.Text, marks: Marks) -> None:
    for number, line in enumerate(node.text.split("\n")):
        if number:
            reader.builder.line_break()
        reader.builder.text(line, marks)


def _quoted_paragraph(reader: PageReader, node: blocks.Paragraph, marks: Marks) -> None:
    reader.builder.line_break()
    reader.nodes(node.content, marks)
    reader.builder.line_break()


def _list(reader: PageReader, node: blocks.List, marks: Marks) -> None:
    reader.builder.open("ol" if node.ordered else "ul")
    for item in node.items:
        reader.builder.open("li")
        reader.apart(item.content, marks)
        reader.nodes(item.lists, marks)
        reader.builder.close()
    reader.builder.close()


def _table(reader: PageReader, node: blocks.Table, marks: Marks) -> None:
    reader.builder.open("table")
    for row in node.rows:
        reader.builder.open("tr")
        for cell in row.cells:
            spans = f"[{max(cell.rowspan, 1)}x{max(cell.colspan, 1)}]"
            reader.container(("th" if cell.header else "td") + spans, cell.content, marks)
        for _ in range(node.columns - row.width):
            reader.container("td[1x1]", ())
        reader.builder.close()
    reader.builder.close()


def _code(reader: PageReader, node: blocks.Code, marks: Marks) -> None:
    if not node.filename:
        reader.builder.block("pre", node.text)
        return
    reader.builder.open("dl")
    reader.builder.open("dt")
    reader.builder.text(node.filename)
    reader.builder.close()
    reader.builder.open("dd")
    reader.builder.block("pre", node.text)
    reader.builder.close()
    reader.builder.close()


def _feed(reader: PageReader, node: blocks.Rss, marks: Marks) -> None:
    reader.builder.open("ul")
    reader.builder.open("li")
    reader.builder.text(node.target, frozenset({f"a:{node.target}"}) if is_whole(node.target) else NO_MARKS)
    reader.builder.close()
    reader.builder.close()


# ------------------------------------------------------------------------------------------------------ lines of text


def _marked(mark: str) -> NodeReader:
    own = {mark}

    def read(reader: PageReader, node: inline.Formatting, marks: Marks) -> None:
        reader.nodes(node.content, marks | own)

    return read


def _shown_text(shown: Callable[[PageReader, Any], str]) -> NodeReader:
    """Return a reader of nodes that are text."""

    def read(reader: PageReader, node: Node, marks: Marks) -> None:
        reader.builder.text(shown(reader, node), marks)

    return read


def nothing(reader: PageReader, node: Node, marks: Marks) -> None:
    """Read nothing of macros that only control DokuWiki."""


def unknown(reader: PageReader, node: Node, marks: Marks) -> None:
    """Read the source of markup of a plugin whose output is not known."""
    if node.is_block:
        reader.builder.block("pre", node.source)
    else:
        reader.builder.text(node.source, marks)


def container(reader: PageReader, node: Any, marks: Marks) -> None:
    """Read the content of markup that only changes how it looks."""
    if node.is_block:
        reader.apart(node.content)
    else:
        reader.nodes(node.content, marks)


READERS: dict[type[Node], NodeReader] = {
    Page: lambda reader, node, marks: reader.nodes(node.content, marks),
    blocks.Section: _section,
    blocks.Heading: _heading,
    blocks.Paragraph: _paragraph,
    blocks.HorizontalRule: lambda reader, node, marks: reader.builder.block("hr"),
    blocks.Rss: _feed,
    blocks.Info: lambda reader, node, marks: reader.builder.end(),
    blocks.List: _list,
    blocks.Table: _table,
    blocks.Quote: lambda reader, node, marks: reader.container("blockquote", node.content),
    blocks.QuotedLines: _quoted_lines,
    blocks.Preformatted: lambda reader, node, marks: reader.builder.block("pre", node.text),
    blocks.Code: _code,
    inline.Text: _shown_text(lambda reader, node: node.text),
    inline.Unformatted: _shown_text(lambda reader, node: node.text),
    inline.Smiley: _shown_text(lambda reader, node: node.text),
    inline.Acronym: _shown_text(lambda reader, node: node.text),
    inline.Entity: _shown_text(lambda reader, node: reader.page.site.typography.entity(node.text)),
    inline.QuotationMark: _shown_text(lambda reader, node: reader.page.site.typography.mark(node.kind)),
    inline.MultiplyEntity: _shown_text(lambda reader, node: f"{node.left}×{node.right}"),
    inline.LineBreak: lambda reader, node, marks: reader.builder.line_break(),
    inline.Strong: _marked("strong"),
    inline.Emphasis: _marked("em"),
    inline.Underline: _marked("u"),
    inline.Monospace: _marked("code"),
    inline.Subscript: _marked("sub"),
    inline.Superscript: _marked("sup"),
    inline.Deleted: _marked("del"),
    inline.Footnote: lambda reader, node, marks: reader.note(node, marks),
    inline.Link: lambda reader, node, marks: reader.link(node, marks),
    inline.Media: lambda reader, node, marks: reader.media(node, marks),
    inline.LoneCloser: nothing,
    inline.LooseMarkup: nothing,
    inline.Macro: nothing,
    plugins.PluginMarkup: unknown,
    plugins.PluginContainer: container,
    Node: unknown,
}

_IN_QUOTATIONS: dict[type[Node], NodeReader] = {
    inline.Text: _quoted_text,
    blocks.Paragraph: _quoted_paragraph,
}
