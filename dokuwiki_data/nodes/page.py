"""A page: the root of the tree, and short ways to what is in it."""

from __future__ import annotations

from dataclasses import field

from dokuwiki_data.nodes import blocks, data, inline
from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.text import Diagnostic


@node
class Page(Node):
    """A page as DokuWiki reads it. ``str(page)`` is its source.

    ``modified`` is the time of the last change in Unix seconds, where it is known.
    """

    content: tuple[Node, ...]
    page_id: str = ""
    modified: int | None = None
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)
    between_blocks = "\n\n"

    #: Where DokuWiki's last instruction stands.
    _last: int = field(default=0, compare=False, kw_only=True)
    #: The `Syntax` that it was read with; None if it was made by hand.
    _syntax: object = field(default=None, compare=False, kw_only=True)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content

    def __str__(self) -> str:
        return self._source.text

    @property
    def first_heading(self) -> str | None:
        """The text of the first heading, also of one in the markup of a plugin; None if there is none."""
        return next((heading.title for heading in self.find_all(blocks.Heading)), None)

    @property
    def title(self) -> str:
        """The first heading, else the page's id. As in DokuWiki, a heading that is empty or ``0`` is none."""
        heading = self.first_heading
        return self.page_id if heading in (None, "", "0") else heading

    @property
    def sections(self) -> tuple[blocks.Section, ...]:
        """The headings with what follows each up to the next, in order."""
        return tuple(child for child in self.content if isinstance(child, blocks.Section))

    @property
    def headings(self) -> tuple[blocks.Heading, ...]:
        """The headings, in order; those in the markup of plugins begin no section."""
        return tuple(self.find_all(blocks.Heading))

    @property
    def links(self) -> tuple[inline.Link, ...]:
        """Every link of any kind."""
        return tuple(self.find_all(inline.Link))

    @property
    def media(self) -> tuple[inline.Media, ...]:
        """Every image and file, those in the labels of links included."""
        return tuple(self.find_all(inline.Media))

    @property
    def tables(self) -> tuple[blocks.Table, ...]:
        """Every table."""
        return tuple(self.find_all(blocks.Table))

    @property
    def entries(self) -> tuple[data.DataEntry, ...]:
        """Every entry of the data plugin."""
        return tuple(self.find_all(data.DataEntry))

    @property
    def queries(self) -> tuple[data.DataQuery, ...]:
        """Every query of the data plugin."""
        return tuple(self.find_all(data.DataQuery))
