"""The plugin *keywords*: ``{{keywords>one, two}}`` gives the keywords of a page."""

from __future__ import annotations

from dokuwiki_data.errors import EditError
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node


@node
class Keywords(PluginBlock):
    """The keywords of a page, for search engines.

    Attributes:
        keywords: The keywords, without blanks around them.
    """

    keywords: tuple[str, ...]

    component = "keywords_keywords"

    def markup(self) -> str:
        words = ", ".join(self.keywords)
        if any("," in word for word in self.keywords):
            raise EditError(self, "a comma separates keywords")
        if "}}" in words:
            raise EditError(self, "}} ends it")
        return f"{{{{keywords>{words}}}}}"


def _keywords(text: str) -> Keywords:
    return Keywords(tuple(word.strip() for word in text[len("{{keywords>") : -2].split(",")))


PLUGIN = Plugin(
    "keywords",
    (Leaf(r"\{\{keywords>.", _keywords, end=r"\}\}", sort=110, outermost=True),),
)
