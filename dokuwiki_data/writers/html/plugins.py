"""Renderers of plugins, with the class names that the plugins themselves write."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import InternalMedia, Text
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
from dokuwiki_data.writers.common_renderers import gallery_texts, video
from dokuwiki_data.writers.expansions.captions import caption_anchor, caption_text
from dokuwiki_data.writers.expansions.inclusion import IncludedPage
from dokuwiki_data.writers.expansions.video import video_address
from dokuwiki_data.writers.html.writer import HtmlWriter, Renderer, escaped

#: Languages that are written from right to left.
RIGHT_TO_LEFT = frozenset((
    "ar", "arc", "bcc", "bqi", "ckb", "dv", "fa", "glk", "he", "ku", "mzn", "pnb", "ps", "sd", "ug", "ur", "yi",
))  # fmt: skip


def _wrap_attributes(node: Wrap, more: str = "") -> str:
    names = " ".join([*(f"wrap_{name}" for name in node.classes), more]).strip()
    attributes = f' class="{escaped(names)}"' if names else ""
    attributes += f' id="{escaped(node.anchor)}"' if node.anchor else ""
    if node.width:
        limit = "" if node.width.endswith("%") else " max-width: 100%;"
        attributes += f' style="width: {escaped(node.width)};{limit}"'
    if node.language:
        direction = "rtl" if node.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
        attributes += f' lang="{escaped(node.language)}" dir="{direction}"'
    return attributes


def _wrap(writer: HtmlWriter, node: Wrap) -> None:
    writer.container(f"<div{_wrap_attributes(node, 'plugin_wrap')}>", node.content, "</div>\n")


def _inline_wrap(writer: HtmlWriter, node: InlineWrap) -> None:
    _formatted(writer, node.content, f"<span{_wrap_attributes(node)}>")


def _formatted(writer: HtmlWriter, nodes: tuple[Node, ...], opening: str) -> None:
    writer.begin_formatting(opening, "</span>")
    writer.nodes(nodes)
    writer.end_formatting()


def _note(writer: HtmlWriter, node: Note) -> None:
    writer.container(f'<div class="plugin_note note{node.kind}">', node.content, "\n</div>\n")


def _color(writer: HtmlWriter, node: Color) -> None:
    styles = [f"color: {node.color};"] if node.color else []
    styles += [f"background-color: {node.background};"] if node.background else []
    _formatted(writer, node.content, f'<span style="{escaped(" ".join(styles))}">' if styles else "<span>")


def _folded(writer: HtmlWriter, node: Folded) -> None:
    summary = f"<summary>{escaped(node.title)}</summary>"
    writer.container(f'<details class="folded">{summary}\n', node.content, "</details>\n")


def _inline_folded(writer: HtmlWriter, node: InlineFolded) -> None:
    # A line of text has no place for <details>, so both are shown.
    writer.raw(f'<span class="folder">{escaped(node.title)}</span> ')
    _formatted(writer, node.content, '<span class="folded">')


def _folded_heading(writer: HtmlWriter, node: FoldedHeading) -> str:
    return f"\n<h{node.level}>{escaped(node.title)}</h{node.level}>\n"


# -------------------------------------------------------------------------------------------- captions of images


def _under(writer: HtmlWriter, node: ImageCaption | TableCaption, kind: str) -> str:
    return f'<span class="undercaption">{escaped(caption_text(node, kind, writer.page))}</span>'


def _image_caption(writer: HtmlWriter, node: ImageCaption) -> None:
    names = escaped(" ".join(("imgcaption", *node.classes)))
    writer.begin_formatting(f'<span id="{escaped(caption_anchor(node.name, "img"))}" class="{names}">', "</span>")
    writer.nodes(part for part in node.content if not isinstance(part, Text))
    writer.raw(_under(writer, node, "img"))
    writer.end_formatting()


def _table_caption(writer: HtmlWriter, node: TableCaption) -> None:
    names = escaped(" ".join(("tabcaption", *node.classes)))
    anchor = escaped(caption_anchor(node.name, "tab"))
    opening = f'<div id="{anchor}" class="tabcaptionbox"><div class="{names}">'
    shown = (part for part in node.content if not isinstance(part, Text))
    writer.container(opening, shown, f"{_under(writer, node, 'tab')}</div></div>\n")


# ------------------------------------------------------------------------------------- what stands for other nodes


def _expanded(opening: str, closing: str, between: str = "", missing: str = "") -> Callable[[HtmlWriter, Node], None]:
    """Return a renderer of markup that stands for other nodes; ``missing`` is the kind of loss if there are none."""

    def render(writer: HtmlWriter, node: Node) -> None:
        nodes = writer.page.expanded(node)
        if node.is_block:
            writer.begin_block()
        if nodes:
            with writer.made_for(node):
                writer.raw(opening)
                for number, one in enumerate(nodes):
                    writer.raw(between if number else "")
                    writer.node(one)
                if node.is_block:
                    writer.end_paragraph()
                writer.raw(closing)
        elif nodes is None and missing:
            writer.lose(missing, getattr(node, "target", ""), node)
        if node.is_block:
            writer.end_block()

    return render


def _included_page(writer: HtmlWriter, node: IncludedPage) -> None:
    name = escaped(node.page_id)
    writer.container(f'<div class="plugin_include_content plugin_include__{name}">\n', node.content, "</div>\n")


def _gallery(writer: HtmlWriter, node: Gallery | GalleryList) -> str:
    parts = ['<div class="plugin-gallery"><div class="gallery-page">']
    with writer.made_for(node):
        for image in writer.page.expanded(node) or ():
            assert isinstance(image, InternalMedia)
            shown = "".join(writer.apart([image]))
            caption = "<br />".join(map(escaped, gallery_texts(writer, node, image)))
            caption = f"<figcaption>{caption}</figcaption>" if caption else ""
            parts.append(f'<figure class="gallery-image">{shown}{caption}</figure>')
    return "".join((*parts, "</div></div>\n"))


def embedded_video(writer: HtmlWriter, node: Video) -> str:
    """Write a film as its site shows it in other pages, which the site learns of; a renderer for those who want it."""
    size = "".join(
        f' {name}="{escaped(value)}"' for name, value in (("width", node.width), ("height", node.height)) if value
    )
    title = f' title="{escaped(node.title)}"' if node.title else ""
    address = escaped(video_address(node, embedded=True))
    return f'<iframe src="{address}" class="vshare vshare__{node.align}"{size}{title} loading="lazy"></iframe>\n'


RENDERERS: dict[type, Renderer] = {
    Wrap: _wrap,
    InlineWrap: _inline_wrap,
    Note: _note,
    Color: _color,
    Folded: _folded,
    InlineFolded: _inline_folded,
    FoldedHeading: _folded_heading,
    ImageCaption: _image_caption,
    TableCaption: _table_caption,
    CaptionReference: _expanded("", ""),
    Diagram: _expanded("", ""),
    Tags: _expanded('<div class="tags"><span>\n', "\n</span></div>\n", ",\n"),
    TagPage: _expanded("", ""),
    Topic: _expanded('<div class="pagelist">', "</div>\n"),
    TagCount: _expanded("", ""),
    Include: _expanded("", "", missing="include"),
    IncludedPage: _included_page,
    IndexMenu: _expanded('<div class="indexmenu_nojs">', "</div>\n"),
    Gallery: _gallery,
    GalleryList: _gallery,
    Video: video(_expanded('<p class="vshare">', "</p>\n")),
    Redirect: _expanded('<div class="notify">', "</div>\n"),
}
