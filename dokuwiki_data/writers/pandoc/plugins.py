"""Renderers of plugins: boxes, folded blocks, captions, and what stands for other nodes."""

from __future__ import annotations

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
from dokuwiki_data.writers.common_renderers import expanded, gallery, video
from dokuwiki_data.writers.expansions.captions import caption_anchor, caption_text
from dokuwiki_data.writers.expansions.inclusion import IncludedPage
from dokuwiki_data.writers.html.plugins import RIGHT_TO_LEFT
from dokuwiki_data.writers.pandoc.blocks import heading
from dokuwiki_data.writers.pandoc.pieces import attributes, element, texts
from dokuwiki_data.writers.pandoc.writer import STRONG, PandocRenderer, PandocWriter, formatting, span

#: Classes of the plugin *wrap* and the boxes that writers of pandoc know by other names, such as that of AsciiDoc.
_BOXES = {
    **dict.fromkeys(("info", "help", "notice", "download", "todo"), "note"),
    **dict.fromkeys(("alert", "danger"), "warning"),
    "safety": "tip",
}
#: Classes of text in a line that pandoc has an element or a class for.
_MARKS = {"em": STRONG, "del": formatting("Strikeout"), "hi": span(("mark",))}


# ------------------------------------------------------------------------------------------------ boxes and colours


def _values(node: Wrap) -> list[tuple[str, str]]:
    values = [("width", node.width)] if node.width else []
    if node.language:
        direction = "rtl" if node.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
        values += [("lang", node.language), ("dir", direction)]
    return values


def _wrap(writer: PandocWriter, node: Wrap) -> None:
    if node.width:
        writer.lose("style", node.width, node)
    boxes = [_BOXES[name] for name in node.classes if name in _BOXES]
    classes = tuple(dict.fromkeys((*boxes[:1], *node.classes)))
    anchor = writer.own_anchor(writer.anchor_of(node.anchor)) if node.anchor else ""
    writer.division(attributes(anchor, classes, _values(node)), node.content)


def _inline_wrap(writer: PandocWriter, node: InlineWrap) -> None:
    if node.anchor:
        writer.anchor(writer.anchor_of(node.anchor))
    mark = next((_MARKS[name] for name in node.classes if name in _MARKS), None)
    if mark is None:
        values = _values(node)
        if not node.classes and not values:
            writer.nodes(node.content)
            return
        mark = span(node.classes, values)
    writer.formatted(mark, node.content)


def _note(writer: PandocWriter, node: Note) -> None:
    writer.division(attributes("", ({"classic": "note"}.get(node.kind, node.kind),)), node.content)


def _color(writer: PandocWriter, node: Color) -> None:
    """Write coloured text with a style, which only HTML shows."""
    writer.lose("style", " ".join(filter(None, (node.color, node.background))), node)
    styles = [f"color: {node.color};"] if node.color else []
    styles += [f"background-color: {node.background};"] if node.background else []
    if styles:
        writer.formatted(span((), (("style", " ".join(styles)),)), node.content)
    else:
        writer.nodes(node.content)


# ---------------------------------------------------------------------------------------------------- folded blocks


def _folded(writer: PandocWriter, node: Folded) -> None:
    title = element("Para", f"[{element('Strong', f'[{texts(node.title)}]')}]") if node.title else ""
    writer.block(element("Div", attributes("", ("folder",)), f"[{title}]"))
    writer.division(attributes("", ("folded",)), node.content)


def _inline_folded(writer: PandocWriter, node: InlineFolded) -> None:
    writer.text(f"{node.title} ")
    writer.formatted(span(("folded",)), node.content)


def _folded_heading(writer: PandocWriter, node: FoldedHeading) -> str:
    return heading(node.title, node.level + writer.place.shift)


# -------------------------------------------------------------------------------------------- captions of images


def _image_caption(writer: PandocWriter, node: ImageCaption) -> None:
    writer.anchor(writer.anchor_of(caption_anchor(node.name, "img")))
    writer.nodes(part for part in node.content if not isinstance(part, Text))
    writer.line_break()
    writer.text(caption_text(node, "img", writer.page))


def _table_caption(writer: PandocWriter, node: TableCaption) -> None:
    anchor = writer.own_anchor(writer.anchor_of(caption_anchor(node.name, "tab")))
    writer.division(attributes(anchor, node.classes), (part for part in node.content if not isinstance(part, Text)))
    writer.text(caption_text(node, "tab", writer.page))
    writer.end_paragraph()


# ------------------------------------------------------------------------------------- what stands for other nodes


def _included_page(writer: PandocWriter, node: IncludedPage) -> None:
    writer.end_paragraph()
    writer.within(node.content, apart=True)


RENDERERS: dict[type, PandocRenderer] = {
    Wrap: _wrap,
    InlineWrap: _inline_wrap,
    Note: _note,
    Color: _color,
    Folded: _folded,
    InlineFolded: _inline_folded,
    FoldedHeading: _folded_heading,
    ImageCaption: _image_caption,
    TableCaption: _table_caption,
    CaptionReference: expanded(),
    Diagram: expanded(),
    Tags: expanded(", "),
    TagPage: expanded(),
    Topic: expanded(),
    TagCount: expanded(),
    Include: expanded(missing="include"),
    IncludedPage: _included_page,
    IndexMenu: expanded(),
    Gallery: gallery,
    GalleryList: gallery,
    Video: video(expanded()),
    Redirect: expanded(),
}
