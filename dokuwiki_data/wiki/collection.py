"""A wiki: its pages by id, what leads from one to another, and what its entries answer to queries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.engine.index import Index, Record
from dokuwiki_data.engine.query_engine import PageQuery, QueryEngine, asked
from dokuwiki_data.engine.results import Result
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.nodes.inline import Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.query.queries import Query
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.access import READ, AccessRules, read_access_rules
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.conf import Literal
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.history import History, Revision, read_meta
from dokuwiki_data.wiki.information import WikiInformation, read_information
from dokuwiki_data.wiki.link_targets import LinkContext, LinkTarget, resolve_node
from dokuwiki_data.wiki.links import LinkGraph
from dokuwiki_data.wiki.saving import Author
from dokuwiki_data.wiki.settings import Settings
from dokuwiki_data.wiki.sources.files import Limits, Report
from dokuwiki_data.wiki.sources.layouts import LayoutKind
from dokuwiki_data.wiki.sources.opening import MediaFile, PageFile, WikiSource, log_notes, open_source, source_of_texts
from dokuwiki_data.wiki.store import StoreComparison, compare_store, read_aliases, sorted_by_store
from dokuwiki_data.wiki.transforming import Transformation, transform


class Wiki(Mapping[str, Page]):
    """The pages of a wiki by id, of one that lies somewhere (`open`) or of pages at hand (`from_pages`).

    Of an opened one, the ids are sorted, and a page is read and parsed each time that it is asked for, which raises
    `PageReadError` if it cannot be read. What needs all pages (queries, links) reads them once and keeps what it
    found; pages that cannot be read are missing there and in ``lost``.
    """

    def __init__(
        self,
        source: WikiSource,
        lost: Iterable[PageReadError] = (),
        *,
        pages: Mapping[str, Page] | None = None,
        report: Report = lambda error: None,
    ) -> None:
        """The wiki of a source.

        ``lost`` was met on the way to it, ``report`` is told at once of what else cannot be read. ``pages`` are its
        pages, if they are at hand.
        """
        self.source = source
        self._lost = {(error.path, error.reason): error for error in lost}
        self._report = report
        self._pages = pages
        files = (
            source.pages(self._lose)
            if pages is None
            else [PageFile(page_id, "", page.modified) for page_id, page in pages.items()]
        )
        self._files = {file.page_id: file for file in files}

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        release: str | None = None,
        plugins: str | Iterable[str | Plugin] | None = None,
        settings: Mapping[str, Literal] | None = None,
        layout: LayoutKind | None = None,
        file_names: Encoding | None = None,
        limit: int | None = None,
        savedir: str | Path | None = None,
    ) -> Wiki:
        """The wiki at a path: a DokuWiki, its data or pages folder, a folder of texts, a crawl, or an archive.

        What is not given is found from what is there. ``release`` and ``plugins`` say how pages are read; plugins
        are named all, or as ``+name`` and ``-name`` for more and less than the wiki's own. ``settings`` override the
        wiki's own by name. ``layout`` says what is there (``installation``, ``data``, ``pages``, ``texts``,
        ``dumper``), ``file_names`` how ids are written (``url``, ``safe``, ``utf-8``), ``limit`` to how many bytes an
        archive may unpack. Nothing outside of ``path`` is read or written but ``savedir``, where the wiki's data lie if
        they lie elsewhere, or into which its settings or links lead; the log says what leads elsewhere. ::

            Wiki.open("wiki.zip", plugins="+wrap,-comments", settings={"useslash": True})

        Raises `FolderError` or `ArchiveError` if it cannot be read at all, `SourceError` if there is no wiki in it or
        a link leads out of it to the pages, `ValueError` for an argument that is none of what it may be.
        """
        lost: list[PageReadError] = []
        source = open_source(
            Path(path), lost.append, kind=layout, file_names=file_names, limits=Limits(total=limit),
            settings=settings, release=release, plugins=plugins, savedir=None if savedir is None else Path(savedir),
        )  # fmt: skip
        return cls(log_notes(source), lost)

    @classmethod
    def from_pages(cls, pages: Iterable[Page]) -> Wiki:
        """A wiki of pages, in their order; they are kept. Of several with one id the last counts."""
        return cls(source_of_texts({}), pages={page.page_id: page for page in pages})

    def __getitem__(self, page_id: str) -> Page:
        if self._pages is not None:
            return self._pages[page_id]
        file = self._files[page_id]
        return self._parsed(self.source.read(file.path), page_id, file.modified)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, page_id: object) -> bool:
        return page_id in self._files

    #: A wiki is itself, and no value.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __repr__(self) -> str:
        what = "pages at hand" if self._pages is not None else self.source.description
        return f"Wiki({what}: {len(self)} pages)"

    @property
    def lost(self) -> list[PageReadError]:
        """What could not be read so far."""
        return list(self._lost.values())

    def readable_pages(self) -> Iterator[Page]:
        """Every page that can be read; the others are added to ``lost``."""
        for page_id in self:
            yield from self._readable(page_id)

    def _readable(self, page_id: str) -> Iterator[Page]:
        try:
            yield self[page_id]
        except PageReadError as error:
            self._lose(error)

    @property
    def namespaces(self) -> list[str]:
        """Every namespace with a page in or below it, sorted; the root, which has no name, is not among them."""
        found: set[str] = set()
        for page_id in self:
            namespace = namespace_of(page_id)
            while namespace and namespace not in found:
                found.add(namespace)
                namespace = namespace_of(namespace)
        return sorted(found)

    def is_listed(self, page_id: str) -> bool:
        """Whether the entry of a page counts in queries: of an opened wiki, if DokuWiki's search finds the page.

        It passes over pages such as ``_template`` and those whose id is not clean; see `dokuwiki_data.ids.is_listed`.
        """
        return self._pages is not None or self.source.is_listed(page_id)

    @property
    def settings(self) -> Settings:
        """What the wiki's ``conf`` says."""
        return self.source.settings

    @cached_property
    def information(self) -> WikiInformation:
        """What the wiki says of itself: name, address, language, licence; and whether a crawl of it is complete."""
        return read_information(self.source)

    def _lose(self, error: PageReadError) -> None:
        if (error.path, error.reason) not in self._lost:
            self._lost[error.path, error.reason] = error
            self._report(error)

    def _parsed(self, content: bytes, page_id: str, modified: int | None) -> Page:
        text = content.decode("utf-8", "surrogateescape")
        return parse(text, page_id=page_id, modified=modified, syntax=self.settings.syntax)

    # ------------------------------------------------------------------------------- entries and queries

    @cached_property
    def aliases(self) -> tuple[TypeAlias, ...]:
        """The type aliases of the data plugin. Raises `StoreError` if its store cannot be read."""
        return read_aliases(self.source)

    def context(self, user: str = "", groups: Collection[str] = (), today: date | None = None) -> Context:
        """Who asks and when, with the wiki's type aliases and settings. Raises what ``aliases`` does."""
        return self.settings.context(self.aliases, user=user, groups=tuple(groups), today=today)

    def read_all(self, on_page: Callable[[Page], None] = lambda page: None) -> None:
        """Read all pages now; else the first question does it. ``on_page`` is told of each."""
        self._answers = QueryEngine(self._in_order(on_page), self.is_listed)

    def _in_order(self, on_page: Callable[[Page], None] = lambda page: None) -> Iterator[Page]:
        """The pages in the order that decides between equal rows: as at hand, or as the plugin met them."""
        files = list(self._files.values())
        for file in sorted_by_store(self.source, files) if self._pages is None else files:
            for page in self._readable(file.page_id):
                on_page(page)
                yield page

    @cached_property
    def _answers(self) -> QueryEngine:
        return QueryEngine(self._in_order(), self.is_listed)

    @property
    def queries(self) -> list[PageQuery]:
        """The queries of all pages, sorted by page."""
        return sorted(self._answers.queries, key=lambda found: found[:2])

    def evaluate(
        self,
        query: Query | DataQuery | str,
        *,
        page_id: str = "",
        context: Context | None = None,
        semantics: str | Semantics = "plugin",
        offset: int = 0,
    ) -> Result:
        """What a query shows on the page ``page_id``; it may be given as a text, which `Query.parse` reads.

        ``context`` is `context` if it is not given: nobody asks, on no day. ``semantics`` is ``"plugin"``,
        ``"intuitive"`` or a `Semantics`. ``offset`` rows are left out at the beginning.

        Raises `QueryError` for a filter whose operator compares nothing, and for no other query that is not a text;
        `ValueError` for semantics that do not exist and an offset below 0; `TypeError` for what is no query;
        `StoreError` if the wiki's type aliases cannot be read.
        """
        query = asked(query)
        context = context or self.context()
        return self._answers.evaluate(query, page_id=page_id, context=context, semantics=semantics, offset=offset)

    def index(self, context: Context | None = None) -> Index:
        """The index of the entries as the plugin would store them under a context; built once."""
        return self._answers.index(context or self.context())

    def stored(self, context: Context | None = None) -> Iterator[Record]:
        """What the plugin would store of each page with an entry under a context."""
        return self._answers.stored(context or self.context())

    def compare_store(self, context: Context | None = None) -> StoreComparison:
        """Compare the entries of the pages with what the plugin's own store says of them, value by value.

        A page that was never saved since the plugin came, or whose entry was made by another plugin, differs.

        Raises `StoreError` if the wiki has no store, or one that cannot be read.
        """
        return compare_store(self.source, self.stored(context))

    # --------------------------------------------------------------------------------------------- changes

    def transform(
        self,
        function: Callable[[Page], Page],
        *,
        dry_run: bool = False,
        partly: bool = False,
        author: Author = Author(),
    ) -> Transformation:
        """Give every page to a function, and save those that it returns changed as DokuWiki saves a page.

        See `dokuwiki_data.wiki.transforming.transform`. What this wiki knows of links and entries stays as it was.
        """
        return transform(self.source, function, dry_run=dry_run, partly=partly, author=author)

    # ----------------------------------------------------------------------------------------------- links

    @cached_property
    def _graph(self) -> LinkGraph:
        return LinkGraph(self.readable_pages(), self.settings.link_rules, self.__contains__)

    @cached_property
    def _link_context(self) -> LinkContext:
        has_media = not self.source.layout.is_pages_only and bool(self.media)
        return LinkContext(
            self.settings.link_rules, self.settings.syntax.addresses(), self._files.keys(),
            self.media.keys() if has_media else None,
        )  # fmt: skip

    def resolve(self, node: Link | Media, page_id: str = "") -> LinkTarget:
        """Return where a link, an image or a file leads: id, anchor, existence, or the address outside of the wiki.

        Args:
            node: A node of a page, such as one of ``page.links``.
            page_id: The id of the page on which it stands; relative targets start there.
        """
        return resolve_node(node, page_id, self._link_context)

    def links(self, page_id: str) -> frozenset[str]:
        """The ids of the pages to which a page's links lead, whether they exist or not."""
        return self._graph.pages.get(page_id, frozenset())

    def backlinks(self, page_id: str) -> list[str]:
        """The pages that link to a page, by id; it need not exist."""
        return self._graph.backlinks.get(page_id, [])

    @property
    def wanted(self) -> dict[str, list[str]]:
        """The pages that do not exist but are linked to, with those that link to them."""
        return {target: pages for target, pages in sorted(self._graph.backlinks.items()) if target not in self}

    @property
    def orphaned(self) -> list[str]:
        """The pages to which no other page links."""
        return [page_id for page_id in self if not set(self.backlinks(page_id)) - {page_id}]

    # ----------------------------------------------------------------------------------- history and media

    @cached_property
    def _history(self) -> History:
        return History(self.source)

    def changes(self, page_id: str) -> list[Change]:
        """The history of a page, oldest first. Raises `KeyError` if there is no such page."""
        return self.source.changes(self._files[page_id].path)

    def last_author(self, page_id: str) -> str | None:
        """Who changed a page last: the user, else the address; None if the history does not tell."""
        changes = self.changes(page_id)
        return (changes[-1].user or changes[-1].ip) if changes else None

    def created(self, page_id: str) -> int | None:
        """When a page was made, in Unix seconds, as far as the history goes back."""
        changes = self.changes(page_id)
        return changes[0].time if changes else None

    def revisions(self, page_id: str) -> list[Revision]:
        """Every state of a page that the history or the attic knows, oldest first. The last is the page itself.

        Raises `KeyError` if there is no such page.
        """
        return self._history.revisions(self._files[page_id])

    def at(self, page_id: str, revision: Revision) -> Page:
        """A page as it was. Raises `PageReadError` if that is not kept."""
        if revision.path == self._files[page_id].path:
            return self[page_id]
        return self._parsed(self._history.read(page_id, revision), page_id, revision.time)

    def meta(self, page_id: str) -> dict[str, Any]:
        """What DokuWiki noted about a page in its ``.meta`` file; empty if there is none.

        Raises `PageReadError` if it cannot be read, `MissingExtraError` without the extra ``meta``.
        """
        return read_meta(self.source, self._files[page_id])

    @cached_property
    def media(self) -> dict[str, MediaFile]:
        """The media files, by id."""
        return self.source.media(self._lose)

    def media_usage(self) -> dict[str, list[str]]:
        """The pages that show or link each media file, by its id; it need not exist."""
        return self._graph.media_usage

    # ---------------------------------------------------------------------------------------------- access

    @cached_property
    def access_rules(self) -> AccessRules | None:
        """Who may do what, None if the wiki lets everybody do everything."""
        return read_access_rules(self.source)

    def readable_by(self, user: str = "", groups: Collection[str] = ()) -> list[str]:
        """The ids of the pages that a user may read; an empty name is a guest."""
        rules = self.access_rules
        return [page_id for page_id in self if rules is None or rules.level(page_id, user, groups) >= READ]
