"""The page: the root of the tree."""

from __future__ import annotations

from dataclasses import field

from dokuwiki_data.nodes import blocks, data, inline
from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.text import Diagnostic


@node
class Page(Node):
    """A page as DokuWiki reads it. ``str(page)`` is its source.

    Attributes:
        content: The sections, and the blocks before the first heading.
        page_id: The id of the page, ``""`` if it was parsed without one.
        modified: The time of the last change in Unix seconds, if it is known.
        diagnostics: Problems of the page, with their places.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("====== Kettle ======\\nSee [[tool:start|tools]].\\n", page_id="kettle")
        >>> page
        Page(page_id='kettle', title='Kettle', characters=47, sections=1)
        >>> [link.target for link in page.links]
        ['tool:start']
    """

    content: tuple[Node, ...]
    page_id: str = ""
    modified: int | None = None
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)
    between_blocks = "\n\n"

    _last: int = field(default=0, compare=False, kw_only=True)
    _syntax: object = field(default=None, compare=False, kw_only=True)

    @property
    def last_instruction_at(self) -> int:
        """The offset in the normalized text of DokuWiki's last instruction."""
        return self._last

    @property
    def syntax(self) -> object:
        """The `Syntax` that the page was read with, or None for a page that was not parsed."""
        return self._syntax

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content

    def __str__(self) -> str:
        return self._source.text

    def __repr__(self) -> str:
        parts = [f"page_id={self.page_id!r}", f"title={self.title[:60]!r}", f"characters={len(str(self))}"]
        numbers = {name: len(getattr(self, name)) for name in ("sections", "entries", "queries", "diagnostics")}
        parts += [f"{name}={number}" for name, number in numbers.items() if number]
        return f"Page({', '.join(parts)})"

    def to_json(self) -> str:
        """Return the page as a JSON object on one line; `dokuwiki_data.render.json` returns it as a dictionary.

        Example:
            >>> import dokuwiki_data as dw, json
            >>> json.loads(dw.parse("**Hi**", page_id="start").to_json())["content"][0]["content"][0]["type"]
            'Strong'
        """
        from dokuwiki_data.render.record import json_line

        return json_line(self)

    @property
    def first_heading(self) -> str | None:
        """The text of the first heading, including those inside the markup of plugins; None without any heading."""
        for child in self.content:
            if isinstance(child, data.DataEntry):  # no headings in its lines, of which there can be many
                continue
            heading = child.heading if isinstance(child, blocks.Section) else _first_heading(child)
            if heading is not None:
                return heading.title
        return None

    @property
    def title(self) -> str:
        """The first heading, or else the page id. As in DokuWiki, a heading that is empty or ``0`` does not count."""
        heading = self.first_heading
        return self.page_id if heading in (None, "", "0") else heading

    @property
    def sections(self) -> tuple[blocks.Section, ...]:
        """The sections in order: each is a heading with the blocks up to the next heading."""
        return tuple(child for child in self.content if isinstance(child, blocks.Section))

    @property
    def headings(self) -> tuple[blocks.Heading, ...]:
        """All headings in order, including those inside the markup of plugins, which begin no section."""
        return tuple(self.find_all(blocks.Heading))

    @property
    def links(self) -> tuple[inline.Link, ...]:
        """All links of any kind."""
        return tuple(self.find_all(inline.Link))

    @property
    def media(self) -> tuple[inline.Media, ...]:
        """All images and files, including those in the labels of links."""
        return tuple(self.find_all(inline.Media))

    @property
    def tables(self) -> tuple[blocks.Table, ...]:
        """All tables."""
        return tuple(self.find_all(blocks.Table))

    @property
    def entries(self) -> tuple[data.DataEntry, ...]:
        """All entries of the data plugin."""
        return tuple(self.find_all(data.DataEntry))

    @property
    def queries(self) -> tuple[data.DataQuery, ...]:
        """All queries of the data plugin."""
        return tuple(self.find_all(data.DataQuery))


def _first_heading(block: Node) -> blocks.Heading | None:
    """Return the first heading at or below a node, without making the rows and cells that contain only text.

    Long tables on pages without a heading took a twentieth of the time to write a wiki's records.
    """
    waiting: list[Node] = [block]
    while waiting:
        found = waiting.pop()
        if isinstance(found, blocks.Heading):
            return found
        if isinstance(found, blocks.TableRow):
            if blocks.has_cells(found):
                waiting += [cell for cell in reversed(found.cells) if blocks.has_content(cell)]
        else:
            waiting += found.children[::-1]
    return None
