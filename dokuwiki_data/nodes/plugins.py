"""The base classes of nodes of plugins."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.text import Diagnostic


@node
class PluginMarkup(Node):
    """Markup of a plugin within a line of text."""

    #: DokuWiki's name of the plugin's component that reads the markup, such as ``wrap_div``. A class whose component
    #: depends on its fields may define a property.
    component: ClassVar[str] = ""

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """The problems that the plugin has with the markup; they are among the page's diagnostics."""
        return ()

    @property
    def used_media(self) -> tuple[str, ...]:
        """The names of media files that it shows, as written; see `Wiki.media_usage`."""
        return ()

    def markup(self) -> str:
        """Return the node as markup, or ``""`` if the class does not support this.

        Without it, nodes that were read are written as they were read, and new nodes cannot be written.

        Raises:
            EditError: The markup cannot express the node's fields.
        """
        return ""

    def plain_text(self) -> str:
        return ""


@node
class PluginBlock(PluginMarkup):
    """Markup of a plugin that takes lines of its own."""

    is_block = True


@node
class PluginContainer(PluginMarkup):
    """Markup of a plugin with other markup in it.

    Attributes:
        content: The nodes in it.
        closed: Whether it has a closing tag; without one, it continues to the end of the text.
    """

    content: tuple[Node, ...]
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
        """Whether line ends in it are separate instructions, which the plugin does not get."""
        return self._lines_flow

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content

    def tags(self) -> tuple[str, str]:
        """Return the opening and the closing tag of the node as markup, or two empty texts; see `markup`."""
        return "", ""

    def plain_text(self) -> str:
        return Node.plain_text(self)
