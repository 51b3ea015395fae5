"""The plugin *description*: ``{{description>text}}`` describes a page in a sentence."""

from __future__ import annotations

from dokuwiki_data.errors import EditError
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, node


@node
class Description(PluginBlock):
    """The description of a page, for search engines.

    Attributes:
        text: The description.
    """

    text: str

    component = "description"

    def markup(self) -> str:
        if not self.text:
            raise EditError(self, "a description must not be empty")
        if f"{self.text}}}}}".find("}}", 1) < len(self.text):
            raise EditError(self, "}} ends it")
        return f"{{{{description>{self.text}}}}}"


def _description(text: str) -> Description:
    return Description(text[len("{{description>") : -2])


PLUGIN = Plugin("description", (Leaf(r"\{\{description>.", _description, end=r"\}\}", sort=98),))
