"""Navigation of a site: the tree of its namespaces, breadcrumbs, the sidebar of a page, lists of links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from dokuwiki_data.exports.places import address
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.resolved import ResolvedPage

#: The number of pages of a namespace that are shown beside a page; the others are in the index.
MOST_PAGES = 40


class PageLink(NamedTuple):
    """A link to a page of the site, or to a namespace in the index of all pages."""

    title: str
    address: str | None
    page_id: str


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A namespace in a tree: its start page or name, its id, what is in it, and how many pages are not shown.

    ``anchor`` is that of the namespace in the index of all pages, ``index`` its address there.
    """

    link: PageLink
    anchor: str
    index: str
    namespace: str = ""
    pages: tuple[PageLink, ...] = ()
    folders: tuple[TreeNode, ...] = ()
    more: int = 0
    is_open: bool = False


@dataclass(slots=True)
class _Namespace:
    folders: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    in_order: list[str] | None = None


class Navigation:
    """Makes the links from a page to others that are written: breadcrumbs, trees and lists."""

    def __init__(self, wiki: ExportedWiki, index: str) -> None:
        """Take the wiki, and the file of the index of all its pages."""
        self._wiki = wiki
        self._index = index
        self._start = wiki.site.links.rules.start_page
        self._namespaces: dict[str, _Namespace] = {"": _Namespace()}
        for page_id in sorted(wiki.places.pages):
            namespace = namespace_of(page_id)
            self._add(namespace)
            self._namespaces[namespace].pages.append(page_id)
        self._orders: dict[str, dict[str, int]] = {}
        self._sidebars = lru_cache(maxsize=64)(self._read_sidebar)

    def _add(self, namespace: str) -> None:
        while namespace not in self._namespaces:
            self._namespaces[namespace] = _Namespace()
            above = namespace_of(namespace)
            self._add(above)
            self._namespaces[above].folders.append(namespace)

    def _start_page(self, namespace: str) -> str | None:
        """Return the page that stands for a namespace, as DokuWiki finds it; None if there is none."""
        name = namespace.rpartition(":")[2]
        candidates = (f"{namespace}:{self._start}", f"{namespace}:{name}", namespace) if namespace else (self._start,)
        return next((page_id for page_id in candidates if page_id in self._wiki.places.pages), None)

    def link(self, page_id: str, file: str) -> PageLink:
        """Return the link to a page from a file."""
        return PageLink(self._wiki.titles[page_id], address(self._wiki.places.pages[page_id], page=file), page_id)

    def links(self, page_ids: Iterable[str], file: str) -> list[PageLink]:
        """Return the links to pages from a file, by title."""
        return sorted(
            (self.link(page_id, file) for page_id in page_ids), key=lambda link: (link.title.lower(), link[2])
        )

    def breadcrumbs(self, page_id: str, file: str) -> list[PageLink]:
        """Return the namespaces around a page, from the root: their start pages, or their names."""
        steps = page_id.split(":")[:-1]
        found = []
        for depth in range(len(steps) + 1):
            namespace = ":".join(steps[:depth])
            link = self._link_of(namespace, file)
            if link.page_id != page_id and (namespace or link.address is not None):
                found.append(link)
        return found

    def _link_of(self, namespace: str, file: str) -> PageLink:
        start = self._start_page(namespace)
        if start is not None:
            return self.link(start, file)
        place = self._index_of(namespace, file) if namespace else None
        return PageLink(namespace.rpartition(":")[2], place, "")

    def _index_of(self, namespace: str, file: str) -> str:
        """Return the address of a namespace in the index."""
        return address(self._index, _anchor(namespace) if namespace else "", page=file)

    def tree(self, page_id: str, file: str) -> TreeNode:
        """Return the tree of the pages with the way to a page open, at most `MOST_PAGES` in each namespace."""
        around = {""}
        namespace = namespace_of(page_id)
        while namespace:
            around.add(namespace)
            namespace = namespace_of(namespace)
        return self._node("", file, around, page_id, MOST_PAGES)

    def whole(self, file: str) -> TreeNode:
        """Return the tree of all pages."""
        return self._node("", file, None, "", None)

    def _node(self, namespace: str, file: str, around: set[str] | None, page_id: str, most: int | None) -> TreeNode:
        link = self._link_of(namespace, file)
        if around is not None and namespace not in around:
            return TreeNode(link, _anchor(namespace), self._index_of(namespace, file), namespace)
        pages = self._pages(namespace)
        shown = pages if most is None else pages[:most]
        if len(shown) < len(pages) and namespace_of(page_id) == namespace and page_id not in shown:
            shown = [*shown, page_id] if page_id in pages else shown
        return TreeNode(
            link,
            _anchor(namespace),
            self._index_of(namespace, file),
            namespace,
            tuple(self.link(one, file) for one in shown),
            tuple(self._node(folder, file, around, page_id, most) for folder in self._namespaces[namespace].folders),
            len(pages) - len(shown),
            is_open=True,
        )

    def _pages(self, namespace: str) -> list[str]:
        """Return the pages of a namespace by title, without those that stand for it or for a namespace in it.

        The start page of the wiki stands for nothing else in the tree; it comes first.
        """
        here = self._namespaces[namespace]
        if here.in_order is None:
            start = self._start_page(namespace)
            starts = {self._start_page(folder) for folder in here.folders} | ({start} if namespace else set())
            titles = self._wiki.titles
            left = [one for one in here.pages if one not in starts]
            here.in_order = sorted(left, key=lambda one: (one != start, titles[one].lower(), one))
        return here.in_order

    def sidebar(self, page_id: str) -> Page | None:
        """Return the wiki's own page that is shown beside a page: the nearest one of that name, or None."""
        return self._sidebars(namespace_of(page_id)) if self._wiki.sidebar else None

    def sidebar_order(self, namespace: str) -> Mapping[str, int]:
        """Return the places of pages in the sidebar of a namespace, by id; there are none without a sidebar."""
        sidebar = self._sidebars(namespace) if self._wiki.sidebar else None
        if sidebar is None:
            return {}
        if sidebar.page_id not in self._orders:
            linked = ResolvedPage(sidebar, self._wiki.site).linked_pages
            self._orders[sidebar.page_id] = {page_id: place for place, page_id in enumerate(linked)}
        return self._orders[sidebar.page_id]

    def _read_sidebar(self, namespace: str) -> Page | None:
        while True:
            page = self._wiki.site.page_of(f"{namespace}:{self._wiki.sidebar}" if namespace else self._wiki.sidebar)
            if page is not None or not namespace:
                return page
            namespace = namespace_of(namespace)


def _anchor(namespace: str) -> str:
    return f"site__{namespace}"
