"""Expansions of the plugin *drawio*: the media file of a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.plugins.drawio import Diagram
from dokuwiki_data.writers.expansions.expansion import Expand

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage


def _diagram(node: Diagram, page: ResolvedPage) -> tuple[Node, ...]:
    linking = "linkonly" if node.linkonly else "direct"
    return (
        inline.InternalMedia(node.media_target, node.title, None, node.width, node.height, "cache", linking),
    )  # fmt: skip


EXPANSIONS: dict[type, Expand] = {Diagram: _diagram}
