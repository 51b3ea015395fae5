"""A book: the pages of a wiki as the chapters and sections of one document, in the order of the sidebar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dokuwiki_data.exports.navigation import Navigation, TreeNode
from dokuwiki_data.exports.target import ExportedWiki, PageAddresses
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Heading, ListItem
from dokuwiki_data.nodes.inline import Link
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.resolved import ResolvedPage

#: What may stand in the anchor of a page: it is one in XML, LaTeX and Typst, and has none of the dots behind it.
_NOT_IN_ANCHOR = re.compile(r"[^\w-]")
_FIRST = re.compile(r"[^\W\d]")


class Chapter(NamedTuple):
    """A page in a book, or the title of a namespace that has no page.

    Attributes:
        page_id: The page; empty for the title of a namespace.
        title: Its title.
        depth: How deep it stands in the book, from 0.
    """

    page_id: str
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class Book:
    """The pages of a book.

    Attributes:
        title: The title of the book.
        chapters: Its chapters and sections in order.
        anchors: The anchor of each page in it, by id.
        depths: How deep each page stands in it, by id.
    """

    title: str
    chapters: tuple[Chapter, ...]
    anchors: Mapping[str, str]
    depths: Mapping[str, int]


def book_of(wiki: ExportedWiki) -> Book:
    """Return the book of all pages that are written.

    First come the pages to which the wiki's own sidebar leads, as deep as they stand in its lists, then those that it
    does not name, by namespaces. The start page comes first if the sidebar does not name it. The sidebar itself is not
    part of the book.
    """
    navigation = Navigation(wiki, "")
    tree = navigation.whole("")
    while not tree.link.page_id and not tree.pages and len(tree.folders) == 1:
        tree = tree.folders[0]  # the namespace that all pages are in
    rest = list(_chapters_below(tree))
    rest = [one for one in rest if not _is_sidebar(one.page_id, wiki)]
    some_page = next((one.page_id for one in rest if one.page_id), "")
    first = tree.link.page_id or (rest[0].page_id if rest else "")
    named = list(_named(navigation.sidebar(first or some_page), wiki))
    start = [one for one in rest[:1] if one.page_id == first and first not in {name.page_id for name in named}]
    found: dict[str, Chapter] = {}
    for one in (*start, *named):
        found.setdefault(one.page_id, one)
    left = [one for one in rest if not one.page_id or one.page_id not in found]
    chapters = (*found.values(), *_without_empty(left))
    title = wiki.titles.get(tree.link.page_id) or tree.link.title or wiki.information.name or "Wiki"
    pages = [one for one in chapters if one.page_id]
    depths = {one.page_id: one.depth for one in pages}
    return Book(title, chapters, _anchors(depths), depths)


def _is_sidebar(page_id: str, wiki: ExportedWiki) -> bool:
    return bool(wiki.sidebar) and page_id.rpartition(":")[2] == wiki.sidebar


def _chapters_below(tree: TreeNode, depth: int = 0) -> Iterator[Chapter]:
    """Iterate over the pages of the namespace of a book, and of those in it."""
    if tree.link.page_id:
        yield Chapter(tree.link.page_id, tree.link.title, depth)
    yield from (Chapter(link.page_id, link.title, depth) for link in tree.pages if link.page_id != tree.link.page_id)
    for folder in tree.folders:
        yield from _section(folder, depth)


def _section(tree: TreeNode, depth: int) -> Iterator[Chapter]:
    """Iterate over a namespace: the page that stands for it, or its name, and below it its pages."""
    yield Chapter(tree.link.page_id, tree.link.title, depth)
    yield from (Chapter(link.page_id, link.title, depth + 1) for link in tree.pages)
    for folder in tree.folders:
        yield from _section(folder, depth + 1)


def _without_empty(chapters: list[Chapter]) -> Iterator[Chapter]:
    """Iterate over chapters without titles of namespaces that no page follows."""
    for number, one in enumerate(chapters):
        deeper = chapters[number + 1].depth > one.depth if number + 1 < len(chapters) else False
        if one.page_id or deeper:
            yield one


def _named(sidebar: Page | None, wiki: ExportedWiki) -> Iterator[Chapter]:
    """Iterate over the pages to which a sidebar leads."""
    if sidebar is None:
        return
    page = ResolvedPage(sidebar, wiki.site)
    waiting: list[tuple[Node, int]] = [(sidebar, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, ListItem):
            depth = node.level - 1
        if isinstance(node, Link):
            target = page.link(node).target
            page_id = target.target or "" if target.kind == "page" else ""
            if page_id in wiki.places.pages and not _is_sidebar(page_id, wiki):
                yield Chapter(page_id, wiki.titles[page_id], depth)
        inside = page.expanded(node) or node.children
        waiting += [(child, depth) for child in reversed(inside)]


def _anchors(page_ids: Iterable[str]) -> dict[str, str]:
    """Return an anchor for each page: its id as far as an anchor may have it, and a number if another has the same."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for page_id in page_ids:
        name = _NOT_IN_ANCHOR.sub("-", page_id)
        name = name if _FIRST.match(name) else f"page-{name}"
        anchor, number = name, 2
        while anchor in taken:
            anchor, number = f"{name}-{number}", number + 1
        taken.add(anchor)
        found[page_id] = anchor
    return found


def title_of(page: ResolvedPage) -> tuple[Heading | None, bool]:
    """Return the heading that is the title of a page in a document, and whether it is above all others.

    It is the first heading, which DokuWiki takes for the title, unless another one is above it.
    """
    if not page.headings:
        return None, False
    first = page.headings[0][0]
    others = [node.level for node, _ in page.headings[1:]]
    lowest = min(others, default=9)
    return (first, first.level < lowest) if first.level <= lowest else (None, False)


@dataclass(frozen=True, slots=True)
class BookAddresses:
    """The addresses in a book: anchors of its pages, and files beside it.

    Attributes:
        book: The book.
        files: The addresses of files, as seen from that of the book.
    """

    book: Book
    files: PageAddresses

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        name = self.book.anchors.get(page_id)
        if name is None:
            return None
        return f"#{name}.{anchor}" if anchor else f"#{name}"

    def media(self, media_id: str) -> str | None:
        return self.files.media(media_id)
