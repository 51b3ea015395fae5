"""The text that nodes within a line show, for the formats that write it as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.node_writer import NodeWriter


def _text(writer: NodeWriter, node: inline.Text | inline.Unformatted | inline.Replaced) -> str:
    return node.text


def _entity(writer: NodeWriter, node: inline.Entity) -> str:
    return writer.page.site.typography.entity(node.text)


def _mark(writer: NodeWriter, node: inline.QuotationMark) -> str:
    return writer.page.site.typography.mark(node.kind)


def _product(writer: NodeWriter, node: inline.MultiplyEntity) -> str:
    return f"{node.left}×{node.right}"


_SHOWN: dict[type, Callable[[Any, Any], str]] = {
    inline.Text: _text,
    inline.Unformatted: _text,
    inline.Smiley: _text,
    inline.Acronym: _text,
    inline.Entity: _entity,
    inline.QuotationMark: _mark,
    inline.MultiplyEntity: _product,
}


def text_within(writer: NodeWriter, node: Node) -> str | None:
    """Return the text in a node; None if there is more than text."""
    parts = []
    for child in node.children:
        show = _SHOWN.get(child.__class__)
        if show is None:
            return None
        parts.append(show(writer, child))
    return "".join(parts)


def _as_text(show: Callable[[Any, Any], str]) -> Callable[[Any, Any], None]:
    def render(writer: NodeWriter, node: Node) -> None:
        writer.text(show(writer, node))

    return render


#: Renderers of what is shown as text.
RENDERERS: dict[type[Node], Callable[[Any, Any], str | None]] = {kind: _as_text(show) for kind, show in _SHOWN.items()}
