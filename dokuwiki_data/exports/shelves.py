"""A wiki as books: each namespace at the root is a book, those in it are its chapters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dokuwiki_data.exports.navigation import Navigation, TreeNode
from dokuwiki_data.exports.target import ExportedWiki


@dataclass(frozen=True, slots=True)
class BookChapter:
    """A chapter: its name, its namespace, and its pages in their order, those of namespaces in it as well."""

    name: str
    namespace: str
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WikiBook:
    """A book: its name, its namespace (empty for that of the pages at the root), its own pages, and its chapters."""

    name: str
    namespace: str
    pages: tuple[str, ...]
    chapters: tuple[BookChapter, ...] = ()

    @property
    def all_pages(self) -> tuple[str, ...]:
        """Its own pages, and those of its chapters."""
        return (*self.pages, *(page_id for chapter in self.chapters for page_id in chapter.pages))


def books_of(wiki: ExportedWiki, one: bool = False) -> list[WikiBook]:
    """Return the books of a wiki; the pages at its root are one of their own, which comes first.

    The page that stands for a namespace is the first one of its book or chapter, and gives it its name.

    Args:
        wiki: The wiki.
        one: Whether the whole wiki is one book, and the namespaces at the root are its chapters.
    """
    tree = Navigation(wiki, "").whole("")
    # A page that stands for the root is among its pages.
    root = WikiBook(wiki.information.name or "Wiki", "", tuple(link.page_id for link in tree.pages))
    if one:
        return [replace(root, chapters=_chapters(tree))]
    books = [WikiBook(_name(folder), folder.namespace, _own(folder), _chapters(folder)) for folder in tree.folders]
    return [book for book in (root, *books) if book.all_pages]


def _chapters(tree: TreeNode) -> tuple[BookChapter, ...]:
    return tuple(BookChapter(_name(folder), folder.namespace, tuple(_all(folder))) for folder in tree.folders)


def _name(tree: TreeNode) -> str:
    return tree.link.title or tree.namespace


def _own(tree: TreeNode) -> tuple[str, ...]:
    first = (tree.link.page_id,) if tree.link.page_id else ()
    return (*first, *(link.page_id for link in tree.pages))


def _all(tree: TreeNode) -> Iterator[str]:
    yield from _own(tree)
    for folder in tree.folders:
        yield from _all(folder)
