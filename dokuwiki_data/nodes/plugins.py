"""What plugins make: the nodes that the syntax of a plugin derives its own from."""

from __future__ import annotations

from dataclasses import field

from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.text import Diagnostic


@node
class PluginMarkup(Node):
    """Markup of a plugin that stands in a line of text."""

    @property
    def component(self) -> str:
        """What DokuWiki calls the part of the plugin that reads it: ``wrap_div``."""
        return ""

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What is odd about it; the page's diagnostics have it, too."""
        return ()

    def markup(self) -> str:
        """How it is written, made of its fields; nothing if only its plugin knows."""
        return ""

    def plain_text(self) -> str:
        return ""


@node
class PluginBlock(PluginMarkup):
    """Markup of a plugin that stands on lines of its own."""

    is_block = True


@node
class PluginContainer(PluginMarkup):
    """Markup of a plugin with other markup in it."""

    content: tuple[Node, ...]
    #: Whether the closing tag was found; if not, it runs to the end of its text.
    closed: bool = field(default=True, kw_only=True)
    #: Where what is inside begins and ends; markup without an inside has none.
    _inside: int = field(default=0, compare=False, kw_only=True)
    _stop: int = field(default=0, compare=False, kw_only=True)
    #: Whether DokuWiki leaves the text in it to the plugin, and whether it sees line ends there.
    _takes_text: bool = field(default=False, compare=False, kw_only=True)
    _lines_flow: bool = field(default=False, compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content

    def tags(self) -> tuple[str, str]:
        """The opening and the closing tag, made of its fields; nothing if only its plugin knows."""
        return "", ""

    def plain_text(self) -> str:
        return Node.plain_text(self)
