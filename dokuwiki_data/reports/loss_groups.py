"""Ways of writing pages whose losses are told, and the targets of an export that each of them stands for.

Most targets share a writer. A group is a way of writing with the targets whose losses it tells; some of them lose less,
by whole kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.exports import GIT, TARGETS, WHOLE
from dokuwiki_data.exports.documents.formats import CLOSED, SUFFIXES, USUAL
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Table
from dokuwiki_data.nodes.inline import Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.html import html
from dokuwiki_data.writers.losses import Report
from dokuwiki_data.writers.markdown import RENDERERS as MARKDOWN_RENDERERS
from dokuwiki_data.writers.markdown import MarkdownWriter, markdown
from dokuwiki_data.writers.mediawiki import mediawiki
from dokuwiki_data.writers.pandoc import Placement, blocks_of
from dokuwiki_data.writers.resolved import ResolvedLink, ResolvedMedia, ResolvedPage
from dokuwiki_data.writers.site import Site

#: The formats of pandoc whose documents can lead to files beside them, and those that cannot. Some have the name of a
#: target, which is meant then.
OPEN_DOCUMENTS = tuple(sorted({*SUFFIXES, *USUAL}.difference(CLOSED, TARGETS, WHOLE)))
CLOSED_DOCUMENTS = tuple(sorted(CLOSED))


class WatchedPage(ResolvedPage):
    """A resolved page that notes what writers ask of it, as far as groups differ in that.

    Attributes:
        pages: The pages to which it leads.
        has_files: Whether it leads to files, or shows a film or sound.
        has_heights: Whether it has an image with a height and no width.
        has_tables: Whether it has a table.
    """

    def __init__(self, page: Page, site: Site) -> None:
        self.pages: set[str] = set()
        self.has_files = self.has_heights = self.has_tables = False
        super().__init__(page, site)

    def link(self, node: Link) -> ResolvedLink:
        found = super().link(node)
        if found.target.kind == "page":
            self.pages.add(found.target.target or "")
        return found

    def media(self, node: Media) -> ResolvedMedia:
        found = super().media(node)
        if node.height and not node.width:
            self.has_heights = True
        if found.target.kind == "page":
            self.pages.add(found.target.target or "")
        elif found.shown_as != "image":
            self.has_files = True
        return found


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """Addresses that say only what has one, as losses do not depend on more.

    Attributes:
        pages: The pages that have one.
        files: The media files that have one.
    """

    pages: Container[str]
    files: Container[str]

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        return "page" if page_id in self.pages else None

    def media(self, media_id: str) -> str | None:
        return "file" if media_id in self.files else None


@dataclass(frozen=True, slots=True)
class ExportedParts:
    """What of a wiki is exported.

    Attributes:
        wiki: What is known of it; each page has its id for a place.
        files: The media files.
        book_of: The number of the book of each page, where namespaces become books.
    """

    wiki: ExportedWiki
    files: Collection[str]
    book_of: Mapping[str, int]

    def everything(self, page: WatchedPage) -> KnownAddresses:
        """Return the addresses where all pages are in one place."""
        return KnownAddresses(self.wiki.places.pages, self.files)

    def own_book(self, page: WatchedPage) -> KnownAddresses:
        """Return the addresses where a page can lead only to those of its book."""
        return KnownAddresses(_Book(self.book_of, self.book_of.get(page.page_id)), self.files)

    def own_page(self, page: WatchedPage) -> KnownAddresses:
        """Return the addresses where a page can lead to no other one."""
        return KnownAddresses((), self.files)


@dataclass(frozen=True, slots=True)
class _Book:
    book_of: Mapping[str, int]
    number: int | None

    def __contains__(self, page_id: object) -> bool:
        return page_id in self.book_of and self.book_of[page_id] == self.number  # type: ignore[index]


#: Writes a page, and tells what is lost.
_Write = Callable[[WatchedPage, Addresses, Report], object]


def _noted_table(writer: MarkdownWriter, node: Table) -> str | None:
    if isinstance(writer.page, WatchedPage):
        writer.page.has_tables = True
    return MARKDOWN_RENDERERS[Table](writer, node)


_NOTED: Mapping[type[Node], Any] = {Table: _noted_table}


def _markdown(dialect: str, page: WatchedPage, addresses: Addresses, report: Report) -> None:
    markdown(page, dialect=dialect, addresses=addresses, renderers=_NOTED, on_loss=report)


def _html(page: WatchedPage, addresses: Addresses, report: Report) -> None:
    html(page, addresses=addresses, on_loss=report)


def _mediawiki(page: WatchedPage, addresses: Addresses, report: Report) -> None:
    mediawiki(page, addresses=addresses, on_loss=report)


def _pandoc(place: Placement, page: WatchedPage, addresses: Addresses, report: Report) -> None:
    blocks_of(page, place, addresses=addresses, on_loss=report)


def _always(parts: ExportedParts, page: WatchedPage) -> bool:
    return True


def _has_tables(parts: ExportedParts, page: WatchedPage) -> bool:
    return page.has_tables


def _has_heights(parts: ExportedParts, page: WatchedPage) -> bool:
    return page.has_heights


def _leaves_book(parts: ExportedParts, page: WatchedPage) -> bool:
    inside = parts.own_book(page).pages
    return any(page_id not in inside for page_id in page.pages)


def _leads_on(parts: ExportedParts, page: WatchedPage) -> bool:
    return bool(page.pages) or page.has_files


@dataclass(frozen=True, slots=True)
class LossGroup:
    """A way of writing, and the targets whose losses it tells.

    Attributes:
        name: Its name: that of one of the targets.
        write: Writes a page.
        targets: The kinds that are no losses in each target, by name.
        addresses: Returns what has an address, as seen from a page.
        like: The name of a group before it that tells the same losses of most pages; empty if there is none.
        differs: Whether those of a page may be others, once it was written as in that group.
    """

    name: str
    write: _Write
    targets: Mapping[str, frozenset[str]]
    addresses: Callable[[ExportedParts, WatchedPage], KnownAddresses] = ExportedParts.everything
    like: str = ""
    differs: Callable[[ExportedParts, WatchedPage], bool] = _always


def _same(*names: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(names, frozenset())


_FINISHED = Placement(checks_anchors=True, is_finished=True)

#: All ways of writing. Targets that do not look whether pages have the anchors to which links lead tell nothing of
#: them, and the syntax tree may hold images of other sites.
GROUPS = (
    LossGroup(
        "gfm", partial(_markdown, "gfm"),
        _same("gfm", "docusaurus", "github-wiki", "gitlab-wiki", "hugo", "outline", "wikijs"),
    ),
    # In tables, some of which are HTML in one of both only, HTML keeps styles that Markdown does not.
    LossGroup("mkdocs", partial(_markdown, "mkdocs"), _same("mkdocs"), like="gfm", differs=_has_tables),
    LossGroup("obsidian", partial(_markdown, "obsidian"), _same("obsidian"), like="gfm", differs=_has_heights),
    LossGroup(
        "bookstack", partial(_markdown, "gfm"), _same("bookstack"), ExportedParts.own_book,
        like="gfm", differs=_leaves_book,
    ),
    LossGroup("html", _html, dict.fromkeys(("html", "confluence"), frozenset({"missing-anchor"}))),
    LossGroup(
        "docx", partial(_pandoc, _FINISHED),
        {**_same(*OPEN_DOCUMENTS), "pandoc": frozenset({"missing-anchor", "outer-image"})},
    ),
    LossGroup(
        "epub", partial(_pandoc, replace(_FINISHED, is_closed=True)), _same(*CLOSED_DOCUMENTS), ExportedParts.own_page,
        like="docx", differs=_leads_on,
    ),
    LossGroup("mediawiki", _mediawiki, _same("mediawiki")),
)  # fmt: skip

#: The group of each target.
GROUP_OF = {name: group for group in GROUPS for name in group.targets}
#: Targets that keep the texts of pages as they are.
LOSSLESS = (GIT,)


def group_of(name: str) -> LossGroup:
    """Return the group of a target. Raises `DokuWikiDataError` if none is known by the name."""
    if name not in GROUP_OF:
        known = ", ".join([*TARGETS, *WHOLE])
        raise DokuWikiDataError(f"no target is called {name!r}; known: {known}, and the formats of pandoc")
    return GROUP_OF[name]


def check_targets(names: Iterable[str]) -> None:
    """Raise `DokuWikiDataError` if a name is not that of a target whose losses can be told."""
    for name in names:
        if name not in LOSSLESS:
            group_of(name)
