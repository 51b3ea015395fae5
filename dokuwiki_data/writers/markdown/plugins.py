"""Renderers of plugins: boxes, folded blocks, captions, and what stands for other nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.plugins.color import Color
from dokuwiki_data.plugins.drawio import Diagram
from dokuwiki_data.plugins.folded import Folded, FoldedHeading, InlineFolded
from dokuwiki_data.plugins.gallery import Gallery, GalleryList
from dokuwiki_data.plugins.imgcaption import CaptionReference, ImageCaption, TableCaption
from dokuwiki_data.plugins.include import Include
from dokuwiki_data.plugins.indexmenu import IndexMenu
from dokuwiki_data.plugins.note import Note
from dokuwiki_data.plugins.redirect import Redirect
from dokuwiki_data.plugins.tag import TagCount, TagPage, Tags, Topic
from dokuwiki_data.plugins.vshare import Video
from dokuwiki_data.plugins.wrap import InlineWrap, Wrap
from dokuwiki_data.writers.common_renderers import expanded, gallery, inline_folded, video
from dokuwiki_data.writers.expansions.captions import caption_anchor, caption_text
from dokuwiki_data.writers.expansions.inclusion import IncludedPage
from dokuwiki_data.writers.markdown.blocks import heading
from dokuwiki_data.writers.markdown.links import attribute
from dokuwiki_data.writers.markdown.writer import MarkdownRenderer, MarkdownWriter


def _wrap(writer: MarkdownWriter, node: Wrap) -> None:
    kinds = writer.dialect.callouts
    kind = next((kinds[name] for name in node.classes if name in kinds), None)
    if kind is not None:
        writer.boxed(node.content, writer.dialect.callout, kind=kind)
        return
    if node.classes or node.width:
        writer.lose("style", " ".join(filter(None, (*node.classes, node.width))), node)
    _blocks(writer, node.content)


def _blocks(writer: MarkdownWriter, nodes: Iterable[Node]) -> None:
    """Write blocks of their own, without what is set apart."""
    writer.end_paragraph()
    for block in writer.within(nodes, apart=True):
        writer.block(block.text, block.kind)


def _inline_wrap(writer: MarkdownWriter, node: InlineWrap) -> None:
    mark = next((writer.dialect.wraps[name] for name in node.classes if name in writer.dialect.wraps), None)
    if mark is not None:
        writer.formatted(mark, node.content)
        return
    if node.classes:
        writer.lose("style", " ".join(node.classes), node)
    writer.nodes(node.content)


def _note(writer: MarkdownWriter, node: Note) -> None:
    kind = {"classic": "note"}.get(node.kind, node.kind)
    writer.boxed(node.content, writer.dialect.callout, kind=writer.dialect.callouts[kind])


def _color(writer: MarkdownWriter, node: Color) -> None:
    writer.lose("style", " ".join(filter(None, (node.color, node.background))), node)
    writer.nodes(node.content)


def _folded(writer: MarkdownWriter, node: Folded) -> None:
    writer.boxed(node.content, writer.dialect.folded, title=writer.title(node.title, writer.dialect.folded))


def _folded_heading(writer: MarkdownWriter, node: FoldedHeading) -> str:
    return heading(writer, node.title, node.level)


# -------------------------------------------------------------------------------------------- captions of images


def _image_caption(writer: MarkdownWriter, node: ImageCaption) -> None:
    writer.raw(f'<a id="{attribute(caption_anchor(node.name, "img"))}"></a>')
    writer.nodes(part for part in node.content if not isinstance(part, Text))
    writer.line_break()
    writer.text(caption_text(node, "img", writer.page))


def _table_caption(writer: MarkdownWriter, node: TableCaption) -> None:
    _blocks(writer, (part for part in node.content if not isinstance(part, Text)))
    writer.raw(f'<a id="{attribute(caption_anchor(node.name, "tab"))}"></a>')
    writer.text(caption_text(node, "tab", writer.page))
    writer.end_paragraph()


# ------------------------------------------------------------------------------------- what stands for other nodes


def _expanded(between: str = "", missing: str = "") -> Callable[[MarkdownWriter, Node], None]:
    """Return a renderer of markup that stands for other nodes, see `expanded`."""
    return expanded(between, missing, _apart)


def _apart(writer: MarkdownWriter, node: Node, nodes: Sequence[Node]) -> AbstractContextManager[None]:
    """Keep text that stands for a block apart from the formatting around."""
    is_apart = node.is_block and not any(one.is_block for one in nodes)
    return writer.unformatted() if is_apart else nullcontext()


def _included_page(writer: MarkdownWriter, node: IncludedPage) -> None:
    _blocks(writer, node.content)


RENDERERS: dict[type, MarkdownRenderer] = {
    Wrap: _wrap,
    InlineWrap: _inline_wrap,
    Note: _note,
    Color: _color,
    Folded: _folded,
    InlineFolded: inline_folded,
    FoldedHeading: _folded_heading,
    ImageCaption: _image_caption,
    TableCaption: _table_caption,
    CaptionReference: _expanded(),
    Diagram: _expanded(),
    Tags: _expanded(", "),
    TagPage: _expanded(),
    Topic: _expanded(),
    TagCount: _expanded(),
    Include: _expanded(missing="include"),
    IncludedPage: _included_page,
    IndexMenu: _expanded(),
    Gallery: gallery,
    GalleryList: gallery,
    Video: video(_expanded()),
    Redirect: _expanded(),
}
