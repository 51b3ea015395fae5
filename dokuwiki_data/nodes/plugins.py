"""The base classes of the nodes of plugins."""

from __future__ import annotations

from dataclasses import field

from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.text import Diagnostic


@node
class PluginMarkup(Node):
    """Markup of a plugin that stands in a line of text."""

    @property
    def component(self) -> str:
        """Return DokuWiki's name of the plugin's component that reads it, such as ``wrap_div``."""
        return ""

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """Return the problems that the plugin would have with it; they are among the page's diagnostics."""
        return ()

    def markup(self) -> str:
        """Return the markup made of the node's fields, or ``""`` if the class cannot write it.

        A node that cannot be written this way is written as it was read, and a new one not at all.

        Raises:
            EditError: The fields hold something that the markup cannot express.
        """
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
    #: Whether the closing tag was found; without one, the content runs to the end of the text.
    closed: bool = field(default=True, kw_only=True)
    _inside: int = field(default=0, compare=False, kw_only=True)
    _stop: int = field(default=0, compare=False, kw_only=True)
    _takes_text: bool = field(default=False, compare=False, kw_only=True)
    _lines_flow: bool = field(default=False, compare=False, kw_only=True)

    @property
    def content_starts_at(self) -> int:
        """The offset in the normalized text at which the content starts."""
        return self._inside

    @property
    def content_ends_at(self) -> int:
        """The offset in the normalized text at which the content ends."""
        return self._stop

    @property
    def takes_text(self) -> bool:
        """Whether DokuWiki passes the text in it to the plugin."""
        return self._takes_text

    @property
    def keeps_line_ends(self) -> bool:
        """Whether line ends in it are DokuWiki's own text."""
        return self._lines_flow

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content

    def tags(self) -> tuple[str, str]:
        """Return the opening and the closing tag made of the node's fields, or two empty strings as in `markup`."""
        return "", ""

    def plain_text(self) -> str:
        return Node.plain_text(self)
