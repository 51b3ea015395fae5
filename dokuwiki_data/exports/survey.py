"""The survey of an export: what must be known of all pages before any is written, put together for the target."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from dokuwiki_data.conversion import current_states, pages_in_store_order
from dokuwiki_data.conversion.states import PageState
from dokuwiki_data.conversion.worker import Converted, PageWriter
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.query_engine import QueryEngine
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.overview import (
    Answers,
    KnownAnchors,
    KnownTags,
    PageOverview,
    Texts,
    WikiOverview,
    overviews,
)
from dokuwiki_data.exports.places import Places
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.information import read_information
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource
from dokuwiki_data.writers.site import Site, with_own_address
from dokuwiki_data.writers.typography import Typography

#: Converts states of pages with a writer.
Run = Callable[[Iterable[PageState], PageWriter], Iterable[Converted]]


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found at the first look.

    Attributes:
        files: The pages that can be read.
        overview: What is known of each.
        answers: Answers their queries.
        links: Which pages and media files exist.
    """

    files: list[PageFile]
    overview: WikiOverview
    answers: Answers
    links: LinkContext


def survey(
    source: WikiSource,
    files: list[PageFile],
    media: Iterable[str] | None,
    context: Context,
    run: Run,
    *,
    with_types: bool = False,
) -> Survey:
    """Look at all pages.

    Args:
        source: The wiki.
        files: The pages that may be told of.
        media: The media files that may be told of; None if all count as existing.
        context: Who asks the queries.
        run: Reads pages.
        with_types: Whether something is to be known of properties.
    """
    states = current_states(pages_in_store_order(source, files))
    look = partial(overviews, _links(source, files, media), context if with_types else None)
    return survey_of(source, files, media, context, (page for part in run(states, look) for page in part.output))


def survey_of(
    source: WikiSource,
    files: list[PageFile],
    media: Iterable[str] | None,
    context: Context,
    seen: Iterable[PageOverview],
) -> Survey:
    """Put together what was seen of all pages, given in the order of the data plugin's store; see `survey`."""
    overview = WikiOverview()
    answers = Answers(QueryEngine(overview.read(seen), source.is_listed), context)
    files = [file for file in files if file.page_id in overview.titles]
    return Survey(files, overview, answers, _links(source, files, media))


def _links(source: WikiSource, files: Iterable[PageFile], media: Iterable[str] | None) -> LinkContext:
    media_ids = None if media is None else frozenset(media)
    return source.settings.link_context(frozenset(file.page_id for file in files), media_ids)


def exported_wiki(
    source: WikiSource,
    found: Survey,
    places: Places,
    syntax: Syntax,
    *,
    site_address: str = "",
    media_address: str = "",
    image_titles: Mapping[str, str],
    histories: Mapping[str, str],
    with_anchored: bool = False,
) -> ExportedWiki:
    """Return what every written page may tell of the wiki.

    Args:
        source: The wiki.
        found: The survey of its pages.
        places: The files of the pages and media files that are written.
        syntax: How pages are read.
        site_address: The address that the export will have: links to ``this>…`` lead there if it names a host, else to
            the address of the wiki.
        media_address: Where media files are shown from; empty if they are copied or left out.
        image_titles: The titles of JPEG files, by id.
        histories: The folders of the old states of pages, by id.
        with_anchored: Whether the site has the pages to whose headings others lead.
    """
    settings, overview, information = source.settings, found.overview, read_information(source)
    own_address = site_address if "://" in site_address else information.url
    site = Site(
        links=with_own_address(found.links, own_address),
        schemes=frozenset(map(str.lower, settings.syntax.names("schemes"))),
        settings=settings,
        syntax=syntax,
        typography=Typography.of(settings),
        context=found.answers.context,
        use_heading=found.answers.context.useheading,
        page_of=Texts(dict(_texts(source, found, places, with_anchored)), syntax),
        # A page without a heading has its id for a title, which is not shown in links.
        title_of={page_id: title for page_id, title in overview.titles.items() if title != page_id}.get,
        answer=found.answers,
        tags_of_pages=KnownTags(overview.tags),
        image_title=image_titles.get,
    )
    backlinks = {
        page_id: [one for one in pages if one in places.pages]
        for page_id, pages in overview.backlinks().items()
        if page_id in places.pages
    }
    return ExportedWiki(
        information,
        site,
        places,
        {page_id: overview.titles[page_id] for page_id in places.pages},
        backlinks,
        sidebar=_sidebar(source),
        media_address=media_address,
        moved=dict(_moved(overview, places)),
        histories=histories,
        anchors_of=KnownAnchors(
            {page_id: overview.anchors[page_id] for page_id in overview.linked_anchors if page_id in overview.anchors}
        ),
        linked_anchors=overview.linked_anchors,
        answers=found.answers,
        property_types=overview.property_types(places.pages, source.is_listed),
    )


def _texts(source: WikiSource, found: Survey, places: Places, with_anchored: bool) -> Iterator[tuple[str, str]]:
    """Iterate over the texts of pages that others show as part of themselves: included ones, and sidebars."""
    overview = found.overview
    sidebars = overview.sidebars(_sidebar(source))
    wanted = {*overview.included([*places.pages, *sidebars]), *sidebars}
    if with_anchored:
        wanted |= overview.linked_anchors.keys()
    for file in found.files:
        if file.page_id in wanted:
            with contextlib.suppress(PageReadError):  # it was read a moment ago
                yield file.page_id, source.read(file.path).decode("utf-8", "surrogateescape")


def _sidebar(source: WikiSource) -> str:
    return source.settings.text("sidebar", "sidebar")


def _moved(overview: WikiOverview, places: Places) -> Iterator[tuple[str, str]]:
    """Iterate over the pages that lead on, each with the page or address where they lead in the end."""
    for page_id in sorted(overview.redirects):
        found = overview.redirect_of(page_id)
        if page_id not in places.pages:
            continue
        if "://" in found:
            yield page_id, quote(found.encode("utf-8", "replace"), safe="%/:?#[]@!$&'()*+,;=~")
        elif found.partition("#")[0] in places.pages:
            yield page_id, found
