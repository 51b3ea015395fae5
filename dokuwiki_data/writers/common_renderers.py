"""Renderers that serve several formats: of what is shown in none, and of what stands for other nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.nodes.inline import InternalMedia
from dokuwiki_data.nodes.plugins import PluginContainer
from dokuwiki_data.plugins.comments import Comment
from dokuwiki_data.plugins.description import Description
from dokuwiki_data.plugins.discussion import Discussion, Threads
from dokuwiki_data.plugins.folded import InlineFolded
from dokuwiki_data.plugins.gallery import Gallery, GalleryList
from dokuwiki_data.plugins.include import IncludeOrder
from dokuwiki_data.plugins.indexmenu import IndexMenuOrder
from dokuwiki_data.plugins.keywords import Keywords
from dokuwiki_data.plugins.tag import TagSearch
from dokuwiki_data.plugins.vshare import Video
from dokuwiki_data.writers.data_output import ShownResult, lose_template
from dokuwiki_data.writers.node_writer import NodeWriter


def nothing(writer: NodeWriter, node: Node) -> None:
    """Write nothing for macros that only control DokuWiki."""


def _lost(kind: str) -> Callable[[NodeWriter, Node], str]:
    """Return a renderer that shows nothing and tells a loss."""

    def render(writer: NodeWriter, node: Node) -> str:
        writer.lose(kind, type(node).__name__, node)
        return ""

    return render


def _discussion(writer: NodeWriter, node: Discussion) -> str:
    if node.state != "off":
        writer.lose("discussion", writer.page.page_id, node)
    return ""


def _info(writer: NodeWriter, node: blocks.Info) -> str:
    writer.lose("plugin", f"info {node.name}", node)
    return ""


def expanded(
    between: str = "",
    missing: str = "",
    around: Callable[[Any, Node, Sequence[Node]], AbstractContextManager[None]] = lambda *_: nullcontext(),
) -> Callable[[Any, Node], None]:
    """Return a renderer of markup that stands for other nodes, for a writer that has paragraphs.

    Args:
        between: The text between the nodes.
        missing: The kind of loss if the nodes cannot be found; empty for none.
        around: Returns what holds while the nodes are written, of the writer, the node and the nodes.
    """

    def render(writer: Any, node: Node) -> None:
        nodes = writer.page.expanded(node)
        if node.is_block:
            writer.end_paragraph()
        if nodes:
            with writer.made_for(node), around(writer, node, nodes):
                for number, one in enumerate(nodes):
                    if number and between:
                        writer.text(between)
                    writer.node(one)
        elif nodes is None and missing:
            writer.lose(missing, getattr(node, "target", ""), node)
        if node.is_block:
            writer.end_paragraph()

    return render


def unknown_container(writer: Any, node: PluginContainer) -> None:
    """Write what is in markup of a plugin whose output is not known, for a writer that has paragraphs."""
    writer.lose("plugin", node.component or type(node).__name__, node)
    if node.is_block:
        writer.end_paragraph()
    writer.nodes(node.content)
    if node.is_block:
        writer.end_paragraph()


def unknown_node(writer: Any, node: Node) -> None:
    """Write a node of a class that has no renderer as it stands in the source."""
    writer.lose("plugin", type(node).__name__, node)
    writer.text(node.source)


def interwiki_link(
    page_link: Callable[[Any, Any], str | None], outer_link: Callable[[Any, Any], str | None]
) -> Callable[[Any, inline.InterwikiLink], str | None]:
    """Return a renderer of links by a shortcut, which may stand for a page of this wiki or an address elsewhere."""

    def render(writer: NodeWriter, node: inline.InterwikiLink) -> str | None:
        is_page = writer.page.link(node).target.kind == "page"
        return (page_link if is_page else outer_link)(writer, node)

    return render


def video(link: Callable[[Any, Any], str | None]) -> Callable[[Any, Video], str | None]:
    """Return a renderer of films as links to them, which ``link`` writes."""

    def render(writer: NodeWriter, node: Video) -> str | None:
        writer.lose("video", node.video, node)
        return link(writer, node)

    return render


def inline_folded(writer: NodeWriter, node: InlineFolded) -> None:
    """Write folded text as its title and what is in it."""
    writer.text(f"{node.title} ")
    writer.nodes(node.content)


def gallery_texts(writer: NodeWriter, node: Gallery | GalleryList, image: InternalMedia) -> list[str]:
    """Return what stands below an image of a gallery: its title, its name, or nothing."""
    title = image.title if "showtitle" in node.options.switches else ""
    name = writer.page.media(image).name if "showname" in node.options.switches else ""
    return [text for text in (title, name) if text]


def gallery(writer: Any, node: Gallery | GalleryList) -> None:
    """Write the images of a gallery as paragraphs, for a writer that has paragraphs."""
    writer.end_paragraph()
    with writer.made_for(node):
        for image in writer.page.expanded(node) or ():
            writer.node(image)
            for text in gallery_texts(writer, node, image):
                writer.line_break()
                writer.text(text)
            writer.end_paragraph()


def answer_of(writer: NodeWriter, node: DataQuery) -> ShownResult | None:
    """Return the answer to a query; None if it has none, which is told, as is the template that is not shown."""
    shown = writer.page.result(node)
    if shown is None:
        writer.lose("query", node.kind, node)
    else:
        lose_template(writer.lose, node)
    return shown


def lose_more_rows(writer: NodeWriter, node: DataQuery, shown: ShownResult | None) -> None:
    """Tell that there are more rows than are shown, if so."""
    if shown is not None and shown.result.more:
        writer.lose("more-rows", node.kind, node)


RENDERERS: dict[type[Node], Callable[[Any, Any], str | None]] = {
    inline.LoneCloser: nothing,
    inline.LooseMarkup: nothing,
    inline.Macro: nothing,
    blocks.Info: _info,
    Comment: nothing,
    Description: nothing,
    Discussion: _discussion,
    IncludeOrder: nothing,
    IndexMenuOrder: nothing,
    Keywords: nothing,
    TagSearch: _lost("form"),
    Threads: _lost("discussion"),
}
