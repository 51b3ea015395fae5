"""The first look at all pages of a wiki: what must be known of each before any of them can be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dokuwiki_data import ids
from dokuwiki_data.conversion.page_answers import PackedFacts, packed_entry
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.index import Index
from dokuwiki_data.engine.query_engine import PageFacts, QueryEngine
from dokuwiki_data.engine.results import Result
from dokuwiki_data.errors import QueryError
from dokuwiki_data.exports.properties import PropertyType, PropertyTypes, page_entries, property_types
from dokuwiki_data.nodes.blocks import Heading, Table
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.inline import Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.plugins.imgcaption import ImageCaption, TableCaption
from dokuwiki_data.plugins.include import Include
from dokuwiki_data.plugins.redirect import Redirect
from dokuwiki_data.plugins.tag import Tags
from dokuwiki_data.query.conditions import Comparison
from dokuwiki_data.query.queries import Query
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.link_targets import LinkContext, resolve_node
from dokuwiki_data.wiki.links import resolve_page
from dokuwiki_data.writers.expansions.captions import caption_anchor
from dokuwiki_data.writers.resolved import link_anchor


class PageOverview(NamedTuple):
    """What is known of a page: what it tells and asks, and the ids of what it leads to, shows and includes.

    ``redirect`` is the page or address that it leads on to, with an anchor; empty for most pages. ``includes`` are ids
    of pages; those that end with a colon are namespaces. ``anchors`` are those of the page, one a line; None if it
    shows parts of other pages with theirs. ``linked_anchors`` are those to which it leads, behind the page and ``#``.
    ``properties`` is what it tells of its properties, if that is asked for.
    """

    facts: PackedFacts
    links: tuple[str, ...]
    media: tuple[str, ...]
    redirect: str
    includes: tuple[str, ...]
    tags: tuple[str, ...]
    anchors: str | None
    linked_anchors: tuple[str, ...]
    properties: PropertyTypes


def overviews(context: LinkContext, types: Context | None, pages: Iterable[ReadPage]) -> list[PageOverview]:
    """Return what is known of pages. This is what a worker does.

    Args:
        context: How links are resolved.
        types: What the types of the data plugin mean, if something is to be known of properties.
        pages: The pages.
    """
    return [_overview(read.page, context, types) for read in pages]


#: The nodes that the overview of a page is made of.
_TOLD = (
    DataTemplateEntry, DataTemplateList, Link, Media, Heading, Table, ImageCaption, TableCaption, DataEntry, Redirect,
    Tags, Include,
)  # fmt: skip


def _overview(page: Page, context: LinkContext, types: Context | None) -> PageOverview:
    links: dict[str, None] = {}
    media: dict[str, None] = {}
    includes: dict[str, None] = {}
    tags: dict[str, None] = {}
    redirect = ""
    entries: list[DataEntry] = []
    anchors: dict[str, None] = {}
    heading_anchors = ids.HeadingAnchors(context.rules.id_rules)
    linked_anchors: dict[str, None] = {}
    for node in page.walk():
        if not isinstance(node, _TOLD):  # as most are not
            continue
        if isinstance(node, DataTemplateEntry | DataTemplateList) and node.template_page:
            includes[_resolved(node.template_page.partition("#")[0], page.page_id, context)] = None
        if isinstance(node, (Link, Media)):
            found = resolve_node(node, page.page_id, context)
            if found.kind == "page" and found.target:
                links[found.target] = None
                if isinstance(node, Link) and (anchor := link_anchor(node, found, context.rules)):
                    linked_anchors[f"{found.target}#{anchor}"] = None
            elif found.kind == "media" and found.target:
                media[found.target] = None
        elif isinstance(node, Heading):
            if node.title.strip(BLANKS):
                anchors[heading_anchors.add(node.title)] = None
        elif isinstance(node, Table):
            heading_anchors.add_table()
        elif isinstance(node, ImageCaption | TableCaption):
            anchors[caption_anchor(node.name, "img" if isinstance(node, ImageCaption) else "tab")] = None
        elif isinstance(node, DataEntry):
            entries.append(node)
        elif isinstance(node, Redirect):
            redirect = redirect or _redirect(node.target, page.page_id, context)
        elif isinstance(node, Tags):
            tags.update(dict.fromkeys(node.tags))
        elif isinstance(node, Include):
            end = ":" if node.kind == "namespace" and not node.target.endswith(":") else ""
            includes[_resolved(node.target + end, page.page_id, context)] = None
    last = packed_entry(entries[-1] if entries else None)
    facts = PackedFacts(page.page_id, page.modified, page.first_heading, last, [])
    if "#" in redirect and "://" not in redirect:
        linked_anchors[redirect] = None
    packed = None if includes else "\n".join(anchors)
    properties = property_types(list(page_entries(entries, types))) if types is not None and entries else {}
    return PageOverview(
        facts,
        tuple(links),
        tuple(media),
        redirect,
        tuple(includes),
        tuple(tags),
        packed,
        tuple(linked_anchors),
        properties,
    )


def _redirect(target: str, page_id: str, context: LinkContext) -> str:
    if "://" in target:
        return target if target.lower().startswith(("http://", "https://")) else ""
    return _resolved(target, page_id, context)


def _resolved(target: str, page_id: str, context: LinkContext) -> str:
    pages = context.pages if context.pages is not None else ()
    found = resolve_page(target, page_id, context.rules, pages.__contains__)
    return f"{found}:" if target.endswith(":") and "#" not in target and found not in pages else found


class Answers:
    """Answers the queries of pages: the ``answer`` of a `dokuwiki_data.writers.site.Site`. It can travel (pickle)."""

    def __init__(self, engine: QueryEngine, context: Context) -> None:
        self._engine = engine
        self.context = context

    def __call__(self, query: DataQuery, page_id: str) -> Result | None:
        """Return what a query shows on a page; None if it cannot be answered."""
        try:
            return self._engine.evaluate(query, page_id=page_id, context=self.context)
        except QueryError:
            return None

    def index(self) -> Index:
        """Return the entries as the plugin stores them."""
        return self._engine.index(self.context)

    def rows(self, query: Query, page_id: str) -> list[str]:
        """Return the pages of a table or list, also those behind its limit."""
        found = self._engine.evaluate(replace(query, limit=None), page_id=page_id, context=self.context)
        return [row.page_id for row in found.rows]

    def matching(self, comparison: Comparison) -> tuple[frozenset[str], bool]:
        """Return the values of a column that match a comparison, and whether a page without the column matches."""
        return self._engine.matching(comparison, self.context)


@dataclass(frozen=True, slots=True)
class KnownTags:
    """The tags of pages, by id: the ``tags_of_pages`` of a site."""

    tags: Mapping[str, tuple[str, ...]]

    def __call__(self) -> Mapping[str, tuple[str, ...]]:
        """Return the tags."""
        return self.tags


@dataclass(frozen=True, slots=True)
class KnownAnchors:
    """The anchors of pages, by id, one a line: the ``anchors_of`` of a site."""

    packed: Mapping[str, str]
    _read: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, page_id: str) -> frozenset[str] | None:
        """Return the anchors of a page; None if they are not known."""
        if page_id not in self.packed:
            return None
        if page_id not in self._read:
            self._read[page_id] = frozenset(self.packed[page_id].split("\n"))
        return self._read[page_id]


@dataclass(frozen=True, slots=True)
class Texts:
    """Pages that others show as part of themselves or ask for headings, as texts: the ``page_of`` of a site."""

    texts: Mapping[str, str]
    syntax: Syntax

    def __call__(self, page_id: str) -> Page | None:
        """Return a page; None if it is not one of them."""
        text = self.texts.get(page_id)
        return None if text is None else parse(text, page_id=page_id, syntax=self.syntax)


@dataclass(slots=True)
class WikiOverview:
    """What is known of all pages that may be told of, in the order of the data plugin's store.

    Attributes:
        titles: The title of each page, by id.
        links: The ids that each page links to.
        media: The ids of the media files that each page shows.
        redirects: Where pages lead on to.
        includes: What pages include, and the templates that they fill.
        tags: The tags of pages.
        anchors: The anchors of pages, one a line, as far as they are known.
        linked_anchors: The anchors of each page to which links lead.
        properties: What pages tell of their properties.
    """

    titles: dict[str, str] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    media: dict[str, tuple[str, ...]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    includes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    linked_anchors: dict[str, set[str]] = field(default_factory=dict)
    properties: dict[str, PropertyTypes] = field(default_factory=dict)

    def read(self, pages: Iterable[PageOverview]) -> Iterator[PageFacts]:
        """Note pages one by one, and yield what the engine for queries needs of each."""
        known: dict[str, str] = {}  # one text for each id, since many pages lead to the same
        for page in pages:
            page_id = page.facts.page_id
            heading = page.facts.heading
            self.titles[page_id] = page_id if heading in (None, "", "0") else heading or ""
            self.links[page_id] = tuple(known.setdefault(one, one) for one in page.links)
            if page.media:
                self.media[page_id] = tuple(known.setdefault(one, one) for one in page.media)
            if page.redirect:
                self.redirects[page_id] = page.redirect
            if page.includes:
                self.includes[page_id] = page.includes
            if page.tags:
                self.tags[page_id] = page.tags
            if page.anchors is not None:
                self.anchors[page_id] = page.anchors
            if page.properties:
                self.properties[page_id] = page.properties
            for linked in page.linked_anchors:
                target, _, anchor = linked.partition("#")
                self.linked_anchors.setdefault(target, set()).add(anchor)
            yield page.facts.unpack()

    def property_types(self, page_ids: Iterable[str], is_listed: Callable[[str], bool]) -> PropertyTypes:
        """Return what is known of the properties of some pages; ``is_listed`` is whether queries find a page."""
        found: dict[str, PropertyType] = {}
        for page_id in page_ids:
            for name, type_ in self.properties.get(page_id, {}).items():
                known = type_ if is_listed(page_id) else type_._replace(is_found=False)
                found[name] = known if name not in found else found[name].with_others(known)
        return found

    def backlinks(self) -> dict[str, list[str]]:
        """Return the pages that link to each page, sorted by id; a page's links to itself do not count."""
        found: dict[str, list[str]] = {}
        for page_id in sorted(self.links):
            for target in self.links[page_id]:
                if target != page_id and target in self.titles:
                    found.setdefault(target, []).append(page_id)
        return found

    def included(self, page_ids: Iterable[str]) -> set[str]:
        """Return the pages that some pages include, and those that these include."""
        waiting, found = list(page_ids), set[str]()
        while waiting:
            for one in self.includes.get(waiting.pop(), ()):
                name = one.partition("#")[0]
                is_namespace = name.endswith(":")
                ids = [page_id for page_id in self.titles if page_id.startswith(name)] if is_namespace else [name]
                new = {page_id for page_id in ids if page_id in self.titles} - found
                found |= new
                waiting += new
        return found

    def sidebars(self, name: str) -> list[str]:
        """Return the pages of a name, which are shown beside others."""
        return [page_id for page_id in self.titles if name and page_id.rpartition(":")[2] == name]

    def redirect_of(self, page_id: str) -> str:
        """Return where a page leads on to in the end: a page with an anchor, or an address; empty if to itself."""
        seen, found = {page_id}, self.redirects.get(page_id, "")
        while "://" not in found and (then := self.redirects.get(found.partition("#")[0])):
            target = found.partition("#")[0]
            if target in seen:
                return ""
            seen.add(target)
            found = then
        return "" if found.partition("#")[0] == page_id else found
