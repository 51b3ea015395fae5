"""Renderers that serve every format: of what is shown in none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
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
