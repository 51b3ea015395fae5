"""Renderers of plugins: boxes, folded blocks, captions, galleries, tags, redirects, and what stands for other nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import InternalMedia, Link, Text
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
from dokuwiki_data.writers.common_renderers import expanded, gallery_texts, inline_folded, video
from dokuwiki_data.writers.expansions.captions import caption_anchor, caption_text
from dokuwiki_data.writers.expansions.inclusion import IncludedPage
from dokuwiki_data.writers.mediawiki.blocks import heading
from dokuwiki_data.writers.mediawiki.escaping import attribute
from dokuwiki_data.writers.mediawiki.pieces import MARKS, ONE_LINE, put_together
from dokuwiki_data.writers.mediawiki.titles import TitleRules
from dokuwiki_data.writers.mediawiki.writer import MediaWikiRenderer, MediaWikiWriter
from dokuwiki_data.writers.pieces import Mark

#: The boxes of MediaWiki's own styles by the classes of the plugin *wrap* and the kinds of *note*.
_BOXES: Mapping[str, str] = {
    **dict.fromkeys(("info", "help", "download", "todo", "round", "box", "classic"), "notice"),
    **dict.fromkeys(("important", "warning"), "warning"),
    **dict.fromkeys(("alert", "danger"), "error"),
    **dict.fromkeys(("tip", "safety"), "success"),
}
_WRAPS: Mapping[str, Mark] = {"em": MARKS["strong"], "hi": Mark("mark")}
#: Colours that are written; other text could be any style.
_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}|rgba?\([0-9., %]{1,40}\)")


def _wrap(writer: MediaWikiWriter, node: Wrap) -> None:
    kind = next((_BOXES[name] for name in node.classes if name in _BOXES), None)
    if kind is not None:
        _box(writer, node.content, kind)
        return
    if node.classes or node.width:
        writer.lose("style", " ".join(filter(None, (*node.classes, node.width))), node)
    _blocks(writer, node.content)


def _box(writer: MediaWikiWriter, nodes: tuple[Node, ...], kind: str) -> None:
    writer.boxed(nodes, f'<div class="mw-message-box mw-message-box-{kind}">')


def _blocks(writer: MediaWikiWriter, nodes: tuple[Node, ...]) -> None:
    """Write blocks of their own, without what is set apart."""
    writer.end_paragraph()
    writer.blocks += writer.within(nodes, apart=True)


def _inline_wrap(writer: MediaWikiWriter, node: InlineWrap) -> None:
    mark = next((_WRAPS[name] for name in node.classes if name in _WRAPS), None)
    if mark is not None:
        writer.formatted(mark, node.content)
        return
    if node.classes:
        writer.lose("style", " ".join(node.classes), node)
    writer.nodes(node.content)


def _note(writer: MediaWikiWriter, node: Note) -> None:
    _box(writer, node.content, _BOXES[node.kind])


def _color(writer: MediaWikiWriter, node: Color) -> None:
    colors = (("color", node.color), ("background-color", node.background))
    styles = [f"{name}:{value}" for name, value in colors if value and _COLOR.fullmatch(value)]
    if len(styles) < sum(bool(value) for _, value in colors):
        writer.lose("style", " ".join(filter(None, (node.color, node.background))), node)
    if styles:
        writer.formatted(Mark(f'span style="{";".join(styles)}"'), node.content)
    else:
        writer.nodes(node.content)


def _folded(writer: MediaWikiWriter, node: Folded) -> None:
    title = put_together((node.title,), ONE_LINE)
    opening = f'<div class="mw-collapsible mw-collapsed">\n{title}\n<div class="mw-collapsible-content">'
    writer.boxed(node.content, opening, "</div>\n</div>")


def _folded_heading(writer: MediaWikiWriter, node: FoldedHeading) -> None:
    heading(writer, node.title, node.level)


# -------------------------------------------------------------------------------------------- captions of images


def _image_caption(writer: MediaWikiWriter, node: ImageCaption) -> None:
    writer.raw(f'<span id="{attribute(caption_anchor(node.name, "img"))}"></span>')
    writer.nodes(part for part in node.content if not isinstance(part, Text))
    writer.line_break()
    writer.text(caption_text(node, "img", writer.page))


def _table_caption(writer: MediaWikiWriter, node: TableCaption) -> None:
    _blocks(writer, tuple(part for part in node.content if not isinstance(part, Text)))
    writer.raw(f'<span id="{attribute(caption_anchor(node.name, "tab"))}"></span>')
    writer.text(caption_text(node, "tab", writer.page))
    writer.end_paragraph()


# -------------------------------------------------------------------------------------------------- tags, redirects


def _tags(writer: MediaWikiWriter, node: Tags) -> None:
    """Put the page into the categories of its tags, which MediaWiki lists below it."""
    writer.end_paragraph()
    if writer.page.expanded(node):  # not those of an included page
        writer.categories |= dict.fromkeys(map(TitleRules.category, node.tags))


def _redirect(writer: MediaWikiWriter, node: Redirect) -> None:
    """Make the page lead on to another page; that it leads to an address elsewhere is said."""
    for part in writer.page.expanded(node) or ():
        target = writer.page.link(part).target if isinstance(part, Link) else None
        if target is not None and target.kind == "page" and target.exists is not False and not writer.redirect:
            writer.redirect = writer.addresses.page(target.target or "", target.anchor) or ""
    if not writer.redirect:
        _MOVED(writer, node)


# ------------------------------------------------------------------------------------- what stands for other nodes


_MOVED = expanded()


def _included_page(writer: MediaWikiWriter, node: IncludedPage) -> None:
    _blocks(writer, node.content)


def _gallery(writer: MediaWikiWriter, node: Gallery | GalleryList) -> None:
    lines = []
    with writer.made_for(node):
        for image in writer.page.expanded(node) or ():
            assert isinstance(image, InternalMedia)
            found = writer.page.media(image)
            name = writer.addresses.media(found.target.target or "") if not found.problem else None
            if name is None or "://" in name:
                writer.node(image)
                writer.end_paragraph()
                continue
            caption = "<br />".join(map(attribute, gallery_texts(writer, node, image)))
            alternative = f"|alt={attribute(image.title)}" if image.title else ""
            lines.append(f"File:{name}{alternative}{f'|{caption}' if caption else ''}")
    if lines:
        writer.block("\n".join(("<gallery>", *lines, "</gallery>")))


RENDERERS: dict[type, MediaWikiRenderer] = {
    Wrap: _wrap,
    InlineWrap: _inline_wrap,
    Note: _note,
    Color: _color,
    Folded: _folded,
    InlineFolded: inline_folded,
    FoldedHeading: _folded_heading,
    ImageCaption: _image_caption,
    TableCaption: _table_caption,
    CaptionReference: expanded(),
    Diagram: expanded(),
    Tags: _tags,
    TagPage: expanded(),
    Topic: expanded(),
    TagCount: expanded(),
    Include: expanded(missing="include"),
    IncludedPage: _included_page,
    IndexMenu: expanded(),
    Gallery: _gallery,
    GalleryList: _gallery,
    Video: video(_MOVED),
    Redirect: _redirect,
}
