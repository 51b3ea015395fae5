"""Print the nodes of plugins by their own ``markup`` or ``tags``, or else as they were read."""

from __future__ import annotations

from dokuwiki_data.nodes import plugins
from dokuwiki_data.render.printers.printers import PRINTERS, PrintOptions, flow, inline, last_text, refuse
from dokuwiki_data.text import NOWHERE


def _leaf(node: plugins.PluginMarkup, options: PrintOptions) -> str:
    if written := node.markup():
        return written
    refuse(node, (node._source is NOWHERE, "only its plugin knows how it is written: write it as text"))
    return node._source.normalized[node._start : node._end]


def _container(node: plugins.PluginContainer, options: PrintOptions) -> str:
    opening, closing = node.tags()
    if not opening:
        refuse(node, (node._source is NOWHERE, "only its plugin knows how it is written: write it as text"))
        read = node._source.normalized
        opening, closing = read[node._start : node._inside], read[node._stop : node._end]
    closing = closing if node.closed else ""
    if not node.is_block or not any(part.is_block for part in node.content):
        return opening + inline(node.content, options) + closing
    first, last = node.content[0], node.content[-1]
    text = last_text(last)
    # A line end would become part of text that the plugin keeps, and the blanks before it would be dropped.
    goes_on = not last.is_block or (text is not None and (node._takes_text or text != text.rstrip(" \t")))
    begin, end = "\n" if first.is_block else "", "" if goes_on else "\n"
    return opening + begin + flow(node.content, options) + end + closing


PRINTERS |= {
    plugins.PluginMarkup: _leaf,
    plugins.PluginContainer: _container,
}
