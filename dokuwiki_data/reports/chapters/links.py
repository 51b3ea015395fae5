"""The chapter about links: pages that are linked most, links that lead nowhere, and pages that nobody links to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.plugins.include import Include
from dokuwiki_data.reports.chapters.likely import LikelyAnchors, LikelyPages
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlace, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki, SeenPage
from dokuwiki_data.wiki.broken_links import LinkedParts, broken_anchors, linked_parts
from dokuwiki_data.wiki.links import resolve_page

#: The most pages in the table of the most linked ones.
_MOST = 100

_PLACE = ReportColumn("place", "Place", "place")


class PageLinks(NamedTuple):
    """The links of a page.

    Attributes:
        parts: Its anchors, and the links that may lead nowhere.
        targets: How many links lead to each page of the wiki, by id; pages that it includes count as well.
        elsewhere: The number of links to other sites.
    """

    parts: LinkedParts
    targets: dict[str, int]
    elsewhere: int


def _look(seen: SeenPage) -> PageLinks:
    rules = seen.setting.links.rules
    targets: Counter[str] = Counter()
    elsewhere = 0
    for _, found in seen.links:
        if found.kind == "page":
            targets[found.target or ""] += 1
        elif found.kind in ("external", "interwiki"):
            elsewhere += 1
    pages = seen.setting.links.pages or ()
    for node in seen.nodes:
        if isinstance(node, Include) and node.kind in ("page", "section"):
            targets[resolve_page(node.target, seen.page_id, rules, pages.__contains__)] += 1
    parts = linked_parts(seen.page_id, seen.nodes, seen.links, rules.id_rules)
    return PageLinks(parts, dict(targets), elsewhere)


def _make(wiki: ReportedWiki, seen: Mapping[str, PageLinks]) -> ReportChapter:
    links: Counter[str] = Counter()
    from_pages: Counter[str] = Counter()
    for page_id, page in seen.items():
        for target, count in page.targets.items():
            if target != page_id:
                links[target] += count
                from_pages[target] += 1
    known = sorted((target for target in links if target in wiki.files), key=lambda one: (-from_pages[one], one))
    likely = LikelyPages(wiki.files, wiki.setting.links.rules)
    wanted = [target for target in sorted(links) if target not in wiki.files]
    likely_of = {target: likely.of(target) for target in wanted}
    pages = tuple(_broken_pages(seen, likely_of))
    anchors = tuple(_broken_anchors(wiki, seen))
    orphaned = tuple(_orphaned(wiki, from_pages))
    likely_column = ReportColumn("likely", "Probably meant", "page")
    return ReportChapter(
        "links",
        "Links",
        "Links between the pages of the wiki: where most of them lead, which lead nowhere, and which pages nobody "
        "finds by a link. Links to other sites are counted, but not followed.",
        figures=(
            ReportFigure("internal_links", "Links to pages", sum(sum(page.targets.values()) for page in seen.values())),
            ReportFigure("links_elsewhere", "Links to other sites", sum(page.elsewhere for page in seen.values())),
            ReportFigure("broken_links", "Links to missing pages", len(pages)),
            ReportFigure("broken_anchors", "Links to missing headings", len(anchors)),
            ReportFigure("wanted_pages", "Missing pages", len(wanted)),
            ReportFigure("orphaned_pages", "Pages that no other page links to", len(orphaned)),
        ),
        tables=(
            ReportTable(
                "linked_pages",
                "Most linked pages",
                f"The pages to which most other pages link, or which they include; {_MOST} at most.",
                (
                    ReportColumn("page", "Page", "page"),
                    ReportColumn("pages", "Pages that link to it", "number"),
                    ReportColumn("links", "Links", "number"),
                ),
                tuple((target, from_pages[target], links[target]) for target in known[:_MOST]),
            ),
            ReportTable(
                "broken_links",
                "Links to missing pages",
                "Each link to a page that does not exist. A page with a similar name is probably the one that was "
                "meant.",
                (_PLACE, ReportColumn("missing", "Missing page", "page"), likely_column),
                pages,
                is_finding=True,
            ),
            ReportTable(
                "broken_anchors",
                "Links to missing headings",
                "Each link to a part of a page that has no such heading: readers come to the top of the page.",
                (
                    _PLACE,
                    ReportColumn("page", "Page", "page"),
                    ReportColumn("missing", "Missing heading", "code"),
                    ReportColumn("likely", "Probably meant", "code"),
                    ReportColumn("reason", "Reason"),
                ),
                anchors,
                is_finding=True,
            ),
            ReportTable(
                "wanted_pages",
                "Missing pages",
                "Pages that do not exist although others link to them: write them, or change the links.",
                (
                    ReportColumn("page", "Page", "page"),
                    ReportColumn("pages", "Pages that link to it", "number"),
                    ReportColumn("links", "Links", "number"),
                    likely_column,
                ),
                tuple((target, from_pages[target], links[target], likely_of[target]) for target in wanted),
                is_finding=True,
            ),
            ReportTable(
                "orphaned_pages",
                "Pages that no other page links to",
                "Readers find these pages only by a search, in the index, or in an answer to a query. Start pages, "
                "sidebars and hidden pages are left out.",
                (ReportColumn("page", "Page", "page"), ReportColumn("changed", "Last change", "time")),
                orphaned,
                is_finding=True,
            ),
        ),
    )


def _broken_pages(seen: Mapping[str, PageLinks], likely: Mapping[str, str | None]) -> Iterator[tuple[Value, ...]]:
    for page_id in sorted(seen):
        for link in seen[page_id].parts.broken:
            if link.kind == "page":
                yield ReportPlace(page_id, *link.position), link.target, likely.get(link.target)


def _broken_anchors(wiki: ReportedWiki, seen: Mapping[str, PageLinks]) -> Iterator[tuple[Value, ...]]:
    rules = wiki.setting.links.rules.id_rules
    anchors = {page_id: page.parts.anchors for page_id, page in seen.items()}
    links = (link for page_id in sorted(seen) for link in seen[page_id].parts.to_parts)
    likely = LikelyAnchors(anchors)
    for link in broken_anchors(links, anchors, rules):
        meant = likely.of(link.target, link.anchor)
        yield ReportPlace(link.page_id, *link.position), link.target, link.anchor, meant, link.reason or None


def _orphaned(wiki: ReportedWiki, from_pages: Mapping[str, int]) -> Iterator[tuple[Value, ...]]:
    settings = wiki.source.settings
    shown_anyway = {wiki.setting.links.rules.start_page, settings.text("sidebar", "sidebar")}
    for page_id in sorted(wiki.files):
        name = page_id.removeprefix(f"{namespace_of(page_id)}:")
        if not from_pages.get(page_id) and name not in shown_anyway and wiki.setting.is_listed(page_id):
            yield page_id, wiki.changed.get(page_id)


LINKS = ChapterMaker("links", ("broken_links", "broken_anchors", "wanted_pages", "orphaned_pages"), _make, _look)
