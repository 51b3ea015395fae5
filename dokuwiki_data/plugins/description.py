"""The plugin *description*: ``{{description>text}}`` says in a sentence what a page is about."""

from __future__ import annotations

from dokuwiki_data.nodes.base import node
from dokuwiki_data.nodes.plugins import PluginBlock
from dokuwiki_data.plugins.declaration import Leaf, Plugin


@node
class Description(PluginBlock):
    """What a page is about, for search engines."""

    text: str

    component = "description"


def _description(text: str) -> Description:
    return Description(text[len("{{description>") : -2])


PLUGIN = Plugin("description", (Leaf(r"\{\{description>.", _description, end=r"\}\}", sort=98),))
