"""What each target of an export would lose: the losses that its writer tells, found without writing a file.

They are those that an export of all pages with the default options notes in ``export.json``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from dokuwiki_data.conversion import current_states, pages_in_store_order
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.media import opened_media, shown_media
from dokuwiki_data.exports.overview import PageOverview, overviews
from dokuwiki_data.exports.places import PlaceRules, Places
from dokuwiki_data.exports.shelves import books_of
from dokuwiki_data.exports.survey import Run, exported_wiki, survey_of
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.reports.loss_groups import GROUP_OF, GROUPS, LOSSLESS, ExportedParts, WatchedPage
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.sources.files import Files, Report
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.source import MediaFile, PageFile, WikiSource
from dokuwiki_data.writers.losses import Loss


class PlacedLoss(NamedTuple):
    """A loss as ``export.json`` has it."""

    kind: str
    what: str
    line: int
    column: int


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
