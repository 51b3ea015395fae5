"""Find the links of a wiki that lead to a page, a media file or a heading that does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dokuwiki_data.ids import anchor
from dokuwiki_data.nodes.blocks import Heading
from dokuwiki_data.nodes.inline import InternalMedia, Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.text import Position

if TYPE_CHECKING:
    from dokuwiki_data.wiki.collection import Wiki


class BrokenLink(NamedTuple):
    """A link that leads nowhere: where it stands, and what does not exist."""

    page_id: str
    position: Position
    missing: str

    def __str__(self) -> str:
        return f"{self.page_id}:{self.position.line}:{self.position.column}: {self.missing} does not exist"


class BrokenLinks:
    """The links of pages that are added one by one; the pages themselves are not kept."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._rules = wiki.settings.link_rules.id_rules
        self._broken: list[BrokenLink] = []
        #: The links to a part of a page: where each stands, the page and the anchor.
        self._to_parts: list[tuple[str, Position, str, str]] = []
        self._anchors: dict[str, frozenset[str]] = {}

    def add(self, page: Page) -> None:
        """Add the links and the anchors of a page."""
        anchors: dict[str, None] = {}
        for node in page.walk():
            if isinstance(node, Heading):
                anchors[anchor(node.title, self._rules, anchors)] = None
            elif isinstance(node, Link | Media):
                self._add_link(node, page.page_id)
            elif name := getattr(node, "anchor", None):  # of plugins such as wrap
                anchors[str(name)] = None
        self._anchors[page.page_id] = frozenset(anchors)

    def _add_link(self, node: Link | Media, page_id: str) -> None:
        found = self._wiki.resolve(node, page_id)
        if found.exists is False:
            what = "file" if isinstance(node, InternalMedia) else "page"
            self._broken.append(BrokenLink(page_id, node.position, f"the {what} {found.target}"))
        elif found.kind == "page" and found.target and found.anchor:
            self._to_parts.append((page_id, node.position, found.target, found.anchor))

    def broken(self) -> list[BrokenLink]:
        """Return the broken links of all pages that were added, by page and place.

        A link to a heading is broken if its page was added and has no such heading.
        """
        headings = (
            BrokenLink(page_id, position, f"the heading {part} of the page {target}")
            for page_id, position, target, part in self._to_parts
            if anchor(part, self._rules) not in self._anchors.get(target, (anchor(part, self._rules),))
        )
        return sorted([*self._broken, *headings])
