"""Find links that lead to a page, a media file or a heading that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from dokuwiki_data.ids import HeadingAnchors, IdRules, anchor
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Heading
from dokuwiki_data.nodes.inline import InternalMedia, Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.text import Position
from dokuwiki_data.wiki.link_targets import LinkTarget

if TYPE_CHECKING:
    from dokuwiki_data.wiki.collection import Wiki


#: The anchors that DokuWiki gives to footnotes. No link leads to them: it cleans ``fn__1`` to ``fn_1`` in links.
_FOOTNOTE = re.compile(r"(?:^|#)(fnt?__[0-9]+)$")

#: The markup ``{{anchor:name:label}}`` of the plugin anchor, which is read as a media file of this name.
_ANCHOR_MARKUP = re.compile(r"anchor:(?P<name>[^:|]+)")


class BrokenLink(NamedTuple):
    """A link that leads nowhere.

    Attributes:
        page_id: The page with the link.
        position: The place of the link.
        kind: What does not exist: the ``page``, the ``file``, or the ``heading`` or other ``anchor`` of a page.
        target: The id of the page or file.
        anchor: The heading or anchor; empty if its page does not exist.
        reason: Why it does not exist, if that needs to be said.
    """

    page_id: str
    position: Position
    kind: Literal["page", "file", "heading", "anchor"]
    target: str
    anchor: str = ""
    reason: str = ""

    def __str__(self) -> str:
        place = f"{self.page_id}:{self.position.line}:{self.position.column}"
        missing = f"{self.anchor} of the page {self.target}" if self.anchor else self.target
        return f"{place}: the {self.kind} {missing} does not exist{self.reason and f', since {self.reason}'}"


class AnchorLink(NamedTuple):
    """A link to a part of a page, and the footnote that it was meant for, if it was."""

    page_id: str
    position: Position
    target: str
    anchor: str
    footnote: str


class LinkedParts(NamedTuple):
    """What a page contributes to the broken links of a wiki. It can travel (pickle).

    Attributes:
        anchors: The anchors of the page.
        broken: The links to pages and files that do not exist.
        to_parts: The links to parts of pages that exist.
    """

    anchors: frozenset[str]
    broken: tuple[BrokenLink, ...]
    to_parts: tuple[AnchorLink, ...]


def linked_parts(
    page_id: str, nodes: Iterable[Node], links: Iterable[tuple[Link | Media, LinkTarget]], rules: IdRules
) -> LinkedParts:
    """Return what a page contributes to the broken links of a wiki.

    Args:
        page_id: The id of the page.
        nodes: Its nodes in order.
        links: Its links, images and files with their targets.
        rules: The settings that anchors depend on.
    """
    anchors: set[str] = set()
    headings = HeadingAnchors(rules)
    for node in nodes:
        if isinstance(node, Heading):
            anchors.add(headings.add(node.title))
        elif name := getattr(node, "anchor", None):  # of plugins such as wrap
            anchors.add(str(name))
    broken, to_parts = [], []
    for link, found in links:
        if name := anchor_of_markup(link):
            anchors.add(anchor(name, rules))
        elif found.exists is False:
            kind: Literal["file", "page"] = "file" if isinstance(link, InternalMedia) else "page"
            broken.append(BrokenLink(page_id, link.position, kind, found.target or ""))
        elif found.kind == "page" and found.target and found.anchor:
            footnote = _FOOTNOTE.search(link.target)
            to_parts.append(
                AnchorLink(page_id, link.position, found.target, found.anchor, footnote[1] if footnote else "")
            )
    return LinkedParts(frozenset(anchors), tuple(broken), tuple(to_parts))


def anchor_of_markup(link: Link | Media) -> str:
    """Return the name of an anchor that the plugin anchor makes of a link, ``{{anchor:name}}``; else an empty text."""
    markup = _ANCHOR_MARKUP.match(link.target) if isinstance(link, InternalMedia) else None
    return markup["name"] if markup else ""


def broken_anchors(
    links: Iterable[AnchorLink], anchors: Mapping[str, frozenset[str]], rules: IdRules
) -> Iterator[BrokenLink]:
    """Yield the links to headings and other anchors that do not exist, of pages whose anchors are known."""
    for link in links:
        if (name := anchor(link.anchor, rules)) in anchors.get(link.target, (name,)):
            continue
        reason = f"DokuWiki cleans {link.footnote} in links" if link.footnote else ""
        kind: Literal["anchor", "heading"] = "anchor" if link.footnote else "heading"
        yield BrokenLink(link.page_id, link.position, kind, link.target, link.anchor, reason)


class BrokenLinks:
    """Collects the broken links of pages that are added one by one. The pages themselves are not kept."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._rules = wiki.settings.link_rules.id_rules
        self._broken: list[BrokenLink] = []
        self._to_parts: list[AnchorLink] = []
        self._anchors: dict[str, frozenset[str]] = {}

    def add(self, page: Page) -> None:
        """Add the links and the anchors of a page."""
        nodes = list(page.walk())
        links = [(node, self._wiki.resolve(node, page.page_id)) for node in nodes if isinstance(node, Link | Media)]
        parts = linked_parts(page.page_id, nodes, links, self._rules)
        self._anchors[page.page_id] = parts.anchors
        self._broken += parts.broken
        self._to_parts += parts.to_parts

    def broken(self) -> list[BrokenLink]:
        """Return the broken links of all pages that were added, by page and place.

        A link to a heading is broken if its page was added and has no such heading.
        """
        return sorted([*self._broken, *broken_anchors(self._to_parts, self._anchors, self._rules)])
