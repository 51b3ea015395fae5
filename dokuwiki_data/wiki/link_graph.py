"""Where the links of a wiki's pages lead, and from where they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from dokuwiki_data.nodes.inline import InternalLink, InternalMedia
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.wiki.links import Exists, LinkRules, resolve_media, resolve_page


class LinkGraph:
    """The links of pages: ``pages`` and ``media`` are the ids to which they lead, by the page on which they stand."""

    def __init__(self, pages: Iterable[Page], rules: LinkRules, exists: Exists) -> None:
        self.pages: dict[str, frozenset[str]] = {}
        self.media: dict[str, frozenset[str]] = {}
        for page in pages:
            page_id = page.page_id
            targets = (link.target.partition("?")[0] for link in page.find_all(InternalLink))
            found = (resolve_page(target, page_id, rules, exists) for target in targets)
            self.pages[page_id] = frozenset(target.partition("#")[0] for target in found)
            shown = (one.target.partition("#")[0] for one in page.find_all(InternalMedia))
            self.media[page_id] = frozenset(resolve_media(target, page_id, rules) for target in shown)

    @cached_property
    def backlinks(self) -> dict[str, list[str]]:
        """The pages that link to a page, by its id; it need not exist."""
        return _turned(self.pages)

    @cached_property
    def media_usage(self) -> dict[str, list[str]]:
        """The pages that show or link a media file, by its id; it need not exist."""
        return _turned(self.media)


def _turned(links: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page_id, targets in links.items():
        for target in targets:
            found.setdefault(target, []).append(page_id)
    return found
