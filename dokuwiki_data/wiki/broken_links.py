"""Find links that lead to a page, a media file or a heading that does not exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from dokuwiki_data.ids import HeadingAnchors, anchor
from dokuwiki_data.nodes.blocks import Heading
from dokuwiki_data.nodes.inline import InternalMedia, Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.text import Position

if TYPE_CHECKING:
    from dokuwiki_data.wiki.collection import Wiki


#: The anchors that DokuWiki gives to footnotes. No link leads to them: it cleans ``fn__1`` to ``fn_1`` in links.
_FOOTNOTE = re.compile(r"(?:^|#)(fnt?__[0-9]+)$")


class BrokenLink(NamedTuple):
    """A link that leads nowhere.

    Attributes:
        page_id: The page with the link.
        position: The place of the link.
        missing: What does not exist.
        reason: Why, if that needs to be said.
    """

    page_id: str
    position: Position
    missing: str
    reason: str = ""

    def __str__(self) -> str:
        place = f"{self.page_id}:{self.position.line}:{self.position.column}"
        return f"{place}: {self.missing} does not exist{self.reason and f', since {self.reason}'}"


class _AnchorLink(NamedTuple):
    """A link to a part of a page, and the footnote that it was meant for, if it was."""

    page_id: str
    position: Position
    target: str
    anchor: str
    footnote: str


class BrokenLinks:
    """Collects the broken links of pages that are added one by one. The pages themselves are not kept."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._rules = wiki.settings.link_rules.id_rules
        self._broken: list[BrokenLink] = []
        self._to_parts: list[_AnchorLink] = []
        self._anchors: dict[str, frozenset[str]] = {}

    def add(self, page: Page) -> None:
        """Add the links and the anchors of a page."""
        anchors: set[str] = set()
        headings = HeadingAnchors(self._rules)
        for node in page.walk():
            if isinstance(node, Heading):
                anchors.add(headings.add(node.title))
            elif isinstance(node, Link | Media):
                self._add_link(node, page.page_id)
            elif name := getattr(node, "anchor", None):  # of plugins such as wrap
                anchors.add(str(name))
        self._anchors[page.page_id] = frozenset(anchors)

    def _add_link(self, node: Link | Media, page_id: str) -> None:
        found = self._wiki.resolve(node, page_id)
        if found.exists is False:
            what = "file" if isinstance(node, InternalMedia) else "page"
            self._broken.append(BrokenLink(page_id, node.position, f"the {what} {found.target}"))
        elif found.kind == "page" and found.target and found.anchor:
            footnote = _FOOTNOTE.search(node.target)
            self._to_parts.append(
                _AnchorLink(page_id, node.position, found.target, found.anchor, footnote[1] if footnote else "")
            )

    def broken(self) -> list[BrokenLink]:
        """Return the broken links of all pages that were added, by page and place.

        A link to a heading is broken if its page was added and has no such heading.
        """
        anchors = (
            _broken_anchor(link)
            for link in self._to_parts
            if (name := anchor(link.anchor, self._rules)) not in self._anchors.get(link.target, (name,))
        )
        return sorted([*self._broken, *anchors])


def _broken_anchor(link: _AnchorLink) -> BrokenLink:
    if not link.footnote:
        return BrokenLink(link.page_id, link.position, f"the heading {link.anchor} of the page {link.target}")
    missing = f"the anchor {link.anchor} of the page {link.target}"
    return BrokenLink(link.page_id, link.position, missing, f"DokuWiki cleans {link.footnote} in links")
