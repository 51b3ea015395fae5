"""The calls of plugins' markup: each has the plugin's name, the state of DokuWiki's lexer and the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dokuwiki_data.nodes import blocks, data, inline, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.render.call_writer import CallWriter

#: DokuWiki's states of its lexer: an opening tag, text in the container, a closing tag, markup that is one piece.
_ENTER, _UNMATCHED, _EXIT, _SPECIAL = 1, 3, 4, 5


def _plugin(name: Callable[[Any], str]) -> Callable[[CallWriter, Node], None]:
    def render(writer: CallWriter, node: Node) -> None:
        source = writer.source.normalized[node.starts_at : node.ends_at]
        writer.block("plugin", [name(node), None, _SPECIAL, source], node.starts_at)

    return render


def _plugin_leaf(writer: CallWriter, node: plugins.PluginMarkup) -> None:
    start = getattr(node, "_matched", -1)
    start = node.starts_at if start < 0 else start
    arguments = [node.component, None, _SPECIAL, writer.source.normalized[start : node.ends_at]]
    if node.is_block:
        writer.block("plugin", arguments, start)
    else:
        writer.call("plugin", arguments, start)


def _plugin_container(writer: CallWriter, node: plugins.PluginContainer) -> None:
    if not node.content_starts_at:
        _plugin_leaf(writer, node)
        return
    read = writer.source.normalized
    around = writer.in_formatting
    if node.is_block:
        writer.end_paragraph(node.starts_at)
    # The paragraph at the start of a block is trimmed.
    trims = writer.trims and node.is_block and node.takes_text
    writer.call("plugin", [node.component, None, _ENTER, read[node.starts_at : node.content_starts_at]], node.starts_at)
    writer.trims = trims
    writer.in_formatting = 0 if node.is_block else around + 1
    if node.takes_text:
        _taken(writer, node, node.content)
    else:
        writer.nodes(node.content)
    writer.in_formatting = around
    if not node.closed:
        return
    if node.is_block:
        writer.end_paragraph(node.content_ends_at)
    writer.call(
        "plugin", [node.component, None, _EXIT, read[node.content_ends_at : node.ends_at]], node.content_ends_at
    )
    if node.is_block and writer.in_formatting and not writer.in_footnote:
        writer.begin_paragraph(node.content_ends_at)


def _taken(writer: CallWriter, container: plugins.PluginContainer, content: Iterable[Node]) -> None:
    """Write the content of a container whose plugin receives the text in it."""
    for node in content:
        if isinstance(node, blocks.Paragraph):
            writer.end_paragraph(node.opens_at)
            writer.begin_paragraph(node.opens_at)
            _taken(writer, container, node.content)
            writer.end_paragraph(node.closes_at)
        elif isinstance(node, inline.Text):
            _taken_text(writer, container, node)
        else:
            writer.node(node)


def _taken_text(writer: CallWriter, container: plugins.PluginContainer, text: inline.Text) -> None:
    """Write text for a plugin; DokuWiki handles the line ends in it."""
    at = text.starts_at
    for number, line in enumerate(text.text.split("\n") if container.keeps_line_ends else [text.text]):
        if number:
            at = writer.source.normalized.index("\n", at)
            if not writer.in_footnote:
                writer.call("cdata", ["\n"], at)
                writer.trims = not writer.in_paragraph
            at += 1
        if line:
            writer.call("plugin", [container.component, None, _UNMATCHED, line], at)


RENDERERS: dict[type[Node], Callable[[CallWriter, Any], None]] = {
    blocks.Info: _plugin(lambda node: "info"),
    data.DataEntry: _plugin(lambda node: getattr(node, "component", "data_entry")),
    data.DataQuery: _plugin(lambda node: getattr(node, "component", f"data_{node.kind}")),
    plugins.PluginMarkup: _plugin_leaf,
    plugins.PluginContainer: _plugin_container,
}  # fmt: skip
