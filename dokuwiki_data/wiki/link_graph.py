"""The links of all pages as a graph: which pages and files each page leads to, and what leads to each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from dokuwiki_data.nodes.inline import CamelCaseLink, InternalLink, InternalMedia
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.wiki.links import LinkRules, PageExists, resolve_media, resolve_page


class LinkGraph:
    """The links of all pages: ``pages`` and ``media`` map the id of each page to the ids that it links to."""

    def __init__(self, pages: Iterable[Page], rules: LinkRules, exists: PageExists) -> None:
        self.pages: dict[str, frozenset[str]] = {}
        self.media: dict[str, frozenset[str]] = {}
        for page in pages:
            page_id = page.page_id
            links: set[str] = set()
            shown: set[str] = set()
            for node in page.find_all(InternalLink, CamelCaseLink, InternalMedia, PluginMarkup):
                if isinstance(node, InternalLink | CamelCaseLink):
                    target = resolve_page(node.target.partition("?")[0], page_id, rules, exists)
                    links.add(target.partition("#")[0])
                elif isinstance(node, InternalMedia):
                    shown.add(resolve_media(node.target.partition("#")[0], page_id, rules))
                elif isinstance(node, PluginMarkup):
                    shown.update(resolve_media(name, page_id, rules) for name in node.used_media)
            self.pages[page_id], self.media[page_id] = frozenset(links), frozenset(shown)

    @cached_property
    def backlinks(self) -> dict[str, list[str]]:
        """The pages that link to each id, whether the id exists or not."""
        return _inverted(self.pages)

    @cached_property
    def media_usage(self) -> dict[str, list[str]]:
        """The pages that use each media id, whether the file exists or not."""
        return _inverted(self.media)


def _inverted(links: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page_id, targets in links.items():
        for target in targets:
            found.setdefault(target, []).append(page_id)
    return found
