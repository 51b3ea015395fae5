"""What plugins make, as markup: only the plugin knows how, so it is what was written, with the content made anew."""

from __future__ import annotations

from dokuwiki_data.nodes import plugins
from dokuwiki_data.render.printing.printers import PRINTERS, Manner, flow, inline, refuse
from dokuwiki_data.source import NOWHERE


def _leaf(node: plugins.PluginMarkup, manner: Manner) -> str:
    refuse(node, (node._source is NOWHERE, "only its plugin knows how it is written: write it as text"))
    return node._source.read[node._start : node._end]


def _container(node: plugins.PluginContainer, manner: Manner) -> str:
    refuse(node, (node._source is NOWHERE, "only its plugin knows how it is written: write it as text"))
    read = node._source.read
    opening, closing = read[node._start : node._inside], read[node._stop : node._end]
    if not any(part.is_block for part in node.content):
        return opening + inline(node.content, manner) + closing
    return f"{opening}\n{flow(node.content, manner)}\n{closing}"


PRINTERS |= {plugins.PluginMarkup: _leaf, plugins.PluginContainer: _container}
