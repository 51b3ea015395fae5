"""Renderers that serve several formats: of what is shown in none, and of what stands for other nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.plugins import PluginContainer
from dokuwiki_data.plugins.comments import Comment
from dokuwiki_data.plugins.description import Description
from dokuwiki_data.plugins.discussion import Discussion, Threads
from dokuwiki_data.plugins.include import IncludeOrder
from dokuwiki_data.plugins.indexmenu import IndexMenuOrder
from dokuwiki_data.plugins.keywords import Keywords
from dokuwiki_data.plugins.tag import TagSearch
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
