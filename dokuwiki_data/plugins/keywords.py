"""The plugin *keywords*: ``{{keywords>one, two}}`` says what a page is about."""

from __future__ import annotations

from dokuwiki_data.nodes.base import node
from dokuwiki_data.nodes.plugins import PluginBlock
from dokuwiki_data.plugins.declaration import Leaf, Plugin


@node
class Keywords(PluginBlock):
    """What a page is about, in words for search engines."""

    keywords: tuple[str, ...]

    component = "keywords_keywords"


def _keywords(text: str) -> Keywords:
    return Keywords(tuple(word.strip() for word in text[len("{{keywords>") : -2].split(",")))


PLUGIN = Plugin(
    "keywords",
    (Leaf(r"\{\{keywords>.", _keywords, end=r"\}\}", sort=110, outermost=True),),
)
