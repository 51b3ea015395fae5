"""What each target of an export would lose: the losses that its writer tells, found without writing a file.

Most targets share a writer. A group is a way of writing with the targets whose losses it tells; some of them lose less,
by whole kinds. What a group tells is what an export of all pages with the default options notes in ``export.json``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

from dokuwiki_data.conversion import current_states, pages_in_store_order
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.exports import GIT, TARGETS, WHOLE
from dokuwiki_data.exports.documents.formats import CLOSED, SUFFIXES, USUAL
from dokuwiki_data.exports.media import opened_media, shown_media
from dokuwiki_data.exports.overview import PageOverview, overviews
from dokuwiki_data.exports.places import PlaceRules, Places
from dokuwiki_data.exports.shelves import books_of
from dokuwiki_data.exports.survey import Run, exported_wiki, survey_of
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Table
from dokuwiki_data.nodes.inline import Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.sources.files import Files, Report
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.source import MediaFile, PageFile, WikiSource
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.html import html
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.losses import Report as LossReport
from dokuwiki_data.writers.markdown import RENDERERS as MARKDOWN_RENDERERS
from dokuwiki_data.writers.markdown import MarkdownWriter, markdown
from dokuwiki_data.writers.mediawiki import mediawiki
from dokuwiki_data.writers.pandoc import Placement, blocks_of
from dokuwiki_data.writers.resolved import ResolvedLink, ResolvedMedia, ResolvedPage

#: The formats of pandoc whose documents can lead to files beside them, and those that cannot. Some have the name of a
#: target, which is meant then.
OPEN_DOCUMENTS = tuple(sorted({*SUFFIXES, *USUAL}.difference(CLOSED, TARGETS, WHOLE)))
CLOSED_DOCUMENTS = tuple(sorted(CLOSED))


class PlacedLoss(NamedTuple):
    """A loss as ``export.json`` has it."""

    kind: str
    what: str
    line: int
    column: int


class WatchedPage(ResolvedPage):
    """A resolved page that notes what writers ask of it, as far as groups differ in that.

    Attributes:
        has_tables: Whether it has a table; only a writer notes that.
        has_heights: Whether it has an image with a height and no width.
        pages: The pages to which it leads.
        has_files: Whether it leads to files, or shows anything from outside.
    """

    has_tables = has_heights = has_files = False

    @cached_property
    def pages(self) -> set[str]:
        return set()

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
_Write = Callable[[WatchedPage, Addresses, LossReport], object]


def _noted_table(writer: MarkdownWriter, node: Table) -> str | None:
    if isinstance(writer.page, WatchedPage):
        writer.page.has_tables = True
    return MARKDOWN_RENDERERS[Table](writer, node)


_NOTED: Mapping[type[Node], Any] = {Table: _noted_table}


def _markdown(dialect: str, page: WatchedPage, addresses: Addresses, report: LossReport) -> None:
    markdown(page, dialect=dialect, addresses=addresses, renderers=_NOTED, on_loss=report)


def _html(page: WatchedPage, addresses: Addresses, report: LossReport) -> None:
    html(page, addresses=addresses, on_loss=report)


def _mediawiki(page: WatchedPage, addresses: Addresses, report: LossReport) -> None:
    mediawiki(page, addresses=addresses, on_loss=report)


def _pandoc(place: Placement, page: WatchedPage, addresses: Addresses, report: LossReport) -> None:
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


class PageLosses(NamedTuple):
    """The losses of a page by group, in the order of the groups that were asked for."""

    page_id: str
    losses: tuple[tuple[PlacedLoss, ...], ...]


@dataclass(frozen=True, slots=True)
class LossFinder:
    """Writes pages as each group does, and keeps what it tells. This is what a worker does."""

    groups: Sequence[str]
    parts: ExportedParts

    def __call__(self, pages: Iterable[ReadPage]) -> list[PageLosses]:
        """Return the losses of pages."""
        wiki = self.parts.wiki
        site = replace(wiki.site, anchors_of=wiki.anchors_of)
        known: dict[Any, Any] = {}  # equal losses are sent once
        return [self._losses(WatchedPage(read.page, site), known) for read in pages]

    def _losses(self, page: WatchedPage, known: dict[Any, Any]) -> PageLosses:
        found: dict[str, tuple[PlacedLoss, ...]] = {}
        for name in self.groups:
            group = GROUP_OF[name]
            if group.like in found and not group.differs(self.parts, page):
                found[name] = found[group.like]
                continue
            told: list[Loss] = []
            group.write(page, group.addresses(self.parts, page), told.append)
            losses = tuple(_shared(PlacedLoss(one.kind, one.what, *one.position), known) for one in told)
            found[name] = _shared(losses, known)
        return PageLosses(page.page_id, tuple(found.values()))


def _shared(value: Any, known: dict[Any, Any]) -> Any:
    return known.setdefault(value, value)


@dataclass(slots=True)
class TargetLosses:
    """The losses of a wiki.

    Attributes:
        groups: The names of the groups that were asked for.
        pages: The losses of each page by group, by id.
    """

    groups: tuple[str, ...]
    pages: dict[str, tuple[tuple[PlacedLoss, ...], ...]] = field(default_factory=dict)

    def of(self, target: str) -> dict[str, tuple[PlacedLoss, ...]]:
        """Return the losses of each page in a target, by id.

        Raises:
            KeyError: If the target is not among those that were asked for.
        """
        if target in LOSSLESS:
            return dict.fromkeys(self.pages, ())
        group = GROUP_OF[target]
        at, without = self.groups.index(group.name), group.targets[target]
        if not without:
            return {page_id: losses[at] for page_id, losses in self.pages.items()}
        return {
            page_id: tuple(one for one in losses[at] if one.kind not in without)
            for page_id, losses in self.pages.items()
        }


def find_losses(files: Mapping[str, PageFile], parts: ExportedParts, groups: Iterable[str], run: Run) -> TargetLosses:
    """Return the losses that exports of a whole wiki would tell.

    Args:
        files: The files of its pages, by id.
        parts: What of it is exported.
        groups: The names of groups.
        run: Reads pages.
    """
    wanted = frozenset(groups)
    found = TargetLosses(tuple(group.name for group in GROUPS if group.name in wanted))
    known: dict[Any, Any] = {}
    states = current_states([files[page_id] for page_id in parts.wiki.places.pages])
    for part in run(states, LossFinder(found.groups, parts)):
        for page in part.output:
            found.pages[page.page_id] = _shared(page.losses, known)
    return found


def overview_of(page: Page, links: LinkContext) -> PageOverview:
    """Return what must be known of a page before losses are looked for. This is what a worker does.

    Args:
        page: The page.
        links: How links are resolved.
    """
    return overviews(links, None, [ReadPage(page, {})])[0]


def exported_parts(
    source: WikiSource, seen: Mapping[str, PageOverview], context: Context, report: Report, syntax: Syntax | None = None
) -> ExportedParts:
    """Return what is exported of a whole wiki.

    Args:
        source: The wiki.
        seen: What is known of each page that can be read, by id.
        context: Who asks the queries, and when.
        report: Called with the error of what cannot be read.
        syntax: How pages are read; by default as the wiki's settings say.
    """
    media = source.media(report)
    files = [file for file in source.pages(report) if file.page_id in seen]
    overview = (seen[file.page_id] for file in pages_in_store_order(source, files))
    survey = survey_of(source, files, media, context, overview)
    places = Places(PlaceRules())
    places.pages = {file.page_id: file.page_id for file in files}
    syntax = syntax or source.settings.syntax
    wiki = exported_wiki(source, survey, places, syntax, image_titles={}, histories={})
    book_of = {page_id: number for number, book in enumerate(books_of(wiki)) for page_id in book.all_pages}
    copied = shown_media(media, None)
    return ExportedParts(wiki, frozenset(_readable(source.files, copied)), book_of)


def _readable(files: Files, media: Mapping[str, MediaFile]) -> Iterable[str]:
    """Iterate over the media files that can be read; of an archive it is not known before they are."""
    for media_id, file in media.items():
        if isinstance(files, FolderFiles):
            try:
                opened_media(files, file.path).close()
            except PageReadError:
                continue
        yield media_id
