"""What plugins make, as markup: what is written if the node is of a page, since only the plugin knows how.

A plugin that can say it does so in its nodes' ``markup``.
"""

from __future__ import annotations

from dokuwiki_data.nodes import plugins
from dokuwiki_data.plugins.comments import Comment
from dokuwiki_data.plugins.keywords import Keywords
from dokuwiki_data.render.printing.printers import PRINTERS, Manner, flow, inline, refuse
from dokuwiki_data.source import NOWHERE


def _leaf(node: plugins.PluginMarkup, manner: Manner) -> str:
    if written := node.markup():
        return written
    refuse(node, (node._source is NOWHERE, "only its plugin knows how it is written: write it as text"))
    return node._source.read[node._start : node._end]


def _container(node: plugins.PluginContainer, manner: Manner) -> str:
    refuse(node, (node._source is NOWHERE, "only its plugin knows how it is written: write it as text"))
    read = node._source.read
    opening, closing = read[node._start : node._inside], read[node._stop : node._end]
    if not any(part.is_block for part in node.content):
        return opening + inline(node.content, manner) + closing
    return f"{opening}\n{flow(node.content, manner)}\n{closing}"


def _comment(node: Comment, manner: Manner) -> str:
    refuse(node, ("*/" in node.text, "*/ ends it"))
    return f"/* {node.text} */"


def _keywords(node: Keywords, manner: Manner) -> str:
    words = ", ".join(node.keywords)
    refuse(
        node, (any("," in word for word in node.keywords), "a comma divides keywords"), ("}}" in words, "}} ends it")
    )
    return f"{{{{keywords>{words}}}}}"


PRINTERS |= {
    plugins.PluginMarkup: _leaf,
    plugins.PluginContainer: _container,
    Comment: _comment,
    Keywords: _keywords,
}
