"""`Wiki`, the mapping of page ids to pages, with links, queries, histories, media files and access rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.engine.entry_tables import EntryValues, WrittenEntries, classes_of, entry_table
from dokuwiki_data.engine.index import Index, Record
from dokuwiki_data.engine.query_engine import PageQuery, QueryEngine, as_query
from dokuwiki_data.engine.results import Result
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.nodes.inline import Link, Media
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.queries import Query
from dokuwiki_data.wiki.access import READ, AccessRules, read_access_rules
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.differences import DiffLine, line_differences
from dokuwiki_data.wiki.history import History, Revision, read_meta
from dokuwiki_data.wiki.link_graph import LinkGraph
from dokuwiki_data.wiki.link_targets import LinkContext, LinkTarget, resolve_node
from dokuwiki_data.wiki.pages import WikiPages
from dokuwiki_data.wiki.saving import Author
from dokuwiki_data.wiki.sources.opening import source_of_texts
from dokuwiki_data.wiki.sources.source import MediaFile, WikiSource
from dokuwiki_data.wiki.store import StoreComparison, compare_store, read_aliases, sorted_by_store
from dokuwiki_data.wiki.transforming import Transformation, transform

if TYPE_CHECKING:
    from pathlib import Path

    from dokuwiki_data.moving.moving import Moved
    from dokuwiki_data.reports.content import WikiReport
    from dokuwiki_data.reports.reporting import ReportFormat
    from dokuwiki_data.rewriting.wikis import RewrittenWiki


class Wiki(WikiPages):
    """The pages of a wiki by id: of a wiki in files (`open`), or of pages in memory (`from_pages`).

    The pages of an opened wiki are sorted by id. A page is read and parsed at each access, which raises
    `PageReadError` if it cannot be read. Queries and links need all pages: these are read once, and those that cannot
    be read are left out and added to ``lost``.
    """

    # ------------------------------------------------------------------------------- entries and queries

    @cached_property
    def aliases(self) -> tuple[TypeAlias, ...]:
        """The type aliases of the data plugin. Raises `StoreError` if they cannot be read."""
        return read_aliases(self.source)

    def context(self, user: str = "", groups: Collection[str] = (), today: date | None = None) -> Context:
        """Return the context for queries, with the type aliases and settings of the wiki.

        Args:
            user: The name of the user, for ``%user%``; empty for a guest.
            groups: The groups of the user, for ``%groups%``.
            today: The day for ``%now%``. With None, ``%now%`` is not replaced.

        Raises:
            StoreError: If the type aliases cannot be read.

        Example:
            >>> from datetime import date
            >>> wiki = Wiki.open("examples/wiki")
            >>> context = wiki.context("ann", ["staff"], date(2026, 11, 21))
            >>> len(wiki.evaluate("cols: name; filter: reviewed_dt < %now%", context=context))
            26
        """
        return self.settings.context(self.aliases, user=user, groups=tuple(groups), today=today)

    def read_all(self, on_page: Callable[[Page], None] = lambda page: None) -> None:
        """Read all pages now, instead of at the first query, and call ``on_page`` with each."""
        self._answers = QueryEngine(self._in_order(on_page), self.is_listed)

    def _in_order(self, on_page: Callable[[Page], None] = lambda page: None) -> Iterator[Page]:
        """Yield the pages in the order that decides between equal rows, which is that of the plugin's store."""
        files = list(self._files.values())
        self._written = WrittenEntries()
        for file in sorted_by_store(self.source, files) if self._pages is None else files:
            for page in self._readable(file.page_id):
                on_page(page)
                self._written.add(page)
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
        """Return the result of a query.

        Args:
            query: The query, its block on a page, or a text for `Query.parse`.
            page_id: The page that the query is on.
            context: The user, the day and the settings, see `context`; by default a guest, no day, and the settings and
                type aliases of the wiki.
            semantics: How filters are read: ``"plugin"``, ``"intuitive"`` or a `Semantics`.
            offset: The number of rows to skip.

        Raises:
            QueryError: If the text is not a query, or an operator is unknown.
            ValueError: If the semantics are unknown, or the offset is negative.
            StoreError: If the type aliases cannot be read.

        Example:
            >>> wiki = Wiki.open("examples/wiki")
            >>> wiki.evaluate("cols: name, owner; filter: type=tool; sort: name; limit: 1").to_dicts()
            [{'name': 'Discovery portal', 'owner': 'role:digital_collections_lead'}]
        """
        query = as_query(query)
        context = context or self.context()
        return self._answers.evaluate(query, page_id=page_id, context=context, semantics=semantics, offset=offset)

    def index(self, context: Context | None = None) -> Index:
        """Return the index of the entries as the plugin would store them under a context; it is cached."""
        return self._answers.index(context or self.context())

    def stored(self, context: Context | None = None) -> Iterator[Record]:
        """Yield what the plugin would store under a context, for each page with an entry."""
        return self._answers.stored(context or self.context())

    def entries(
        self,
        class_name: str | None = None,
        *,
        infer: bool = False,
        empty: bool = True,
        context: Context | None = None,
    ) -> Result:
        """Return a table of the entries of a class, or of all: a row for each entry, a column for each key.

        A page has as many rows as entries, in their order, although the plugin keeps only the last one. An entry of
        two classes is in the tables of both. The first columns are ``page_id``, ``page_title`` and ``entry_number``,
        which counts the entries of a page from one.

        Args:
            class_name: The class, a word after ``dataentry``; the empty text for entries without a class.
            infer: Whether columns without a type of the plugin get one, if all of their values are whole numbers,
                numbers, dates, or ``true`` and ``false``. None do of which one value would change, such as ``007``.
            empty: Whether a field without a value counts as an empty text, as in the plugin's store, or as missing.
            context: Who saves the pages, and when, as for `stored`.

        Raises:
            ValueError: There are entries, but none of this class.
            StoreError: The type aliases cannot be read.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.open("examples/wiki")
            >>> wiki.entries("process", infer=True).to_dicts()[0]["maturity"]
            3
        """
        context = context or self.context()
        return entry_table(self.stored_entries(context), class_name, context, infer=infer, empty=empty)

    @property
    def entry_classes(self) -> tuple[str, ...]:
        """The classes of all entries, sorted; the empty text is among them if an entry has none."""
        return classes_of(self.stored_entries(Context()))

    def stored_entries(self, context: Context) -> Iterator[EntryValues]:
        """Yield every entry of every page with its values as the plugin would store them under a context."""
        _ = self._answers  # reads the pages
        return self._written.stored(context, self.is_listed)

    def compare_store(self, context: Context | None = None) -> StoreComparison:
        """Compare the entries of the pages with the plugin's own store. Raises `StoreError` without a readable one."""
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
        """Call a function with every page, and save the pages that it changes, as DokuWiki saves a page.

        All changes are computed and checked before the first page is saved. If one page cannot be read or saved, or the
        function raises an error of the library, nothing is saved. Links and entries that this object has already read
        are not updated.

        Args:
            function: Returns the page to save, for each page; the page itself to keep it.
            dry_run: Whether to compute and check the changes only.
            partly: Whether to save the other pages if some fail.
            author: The author for the changelogs.

        Raises:
            SaveError: If the wiki is not in a folder.
            TypeError: If the function returns something else than a page; then nothing is saved.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.open("examples/wiki")
            >>> done = wiki.transform(lambda page: dw.edit.rename_field(page, "owner", "keeper"), dry_run=True)
            >>> len(done.changed), done.errors
            (18, ())
        """
        return transform(self.source, function, dry_run=dry_run, partly=partly, author=author)

    def rewrite(
        self,
        flavour: str,
        *,
        whole: bool = False,
        dry_run: bool = False,
        partly: bool = False,
        author: Author = Author(),
    ) -> RewrittenWiki:
        """Rewrite all pages in another flavour of markup, and save them as `transform` does.

        DokuWiki reads the same from the new pages, if its setting ``syntax`` names the flavour; the setting is not
        changed. What the flavour cannot say stays as it is where that still counts. Elsewhere it becomes the closest
        that the flavour can say, and is told as a loss.

        Args:
            flavour: The flavour: ``md``, ``md+dw``, ``dw+md`` or ``dw``.
            whole: Whether pages of which something would be lost stay as they are.
            dry_run: Whether to compute and check the changes only.
            partly: Whether to save the other pages if some fail.
            author: The author for the changelogs.

        Raises:
            DokuWikiDataError: The flavour is unknown, or the wiki's release of DokuWiki knows no flavours.
            SaveError: If the wiki is not in a folder.

        Example:
            >>> import dokuwiki_data as dw
            >>> done = dw.Wiki.open("examples/wiki").rewrite("md+dw", dry_run=True)
            >>> len(done.changes.changed), list(done.losses)
            (33, ['wiki:playground'])
        """
        from dokuwiki_data.rewriting.wikis import rewrite_wiki  # which reads and writes pages as they are written here

        return rewrite_wiki(self.source, flavour, whole=whole, dry_run=dry_run, partly=partly, author=author)

    def move(
        self,
        pages: Mapping[str, str] = {},
        *,
        media: Mapping[str, str] = {},
        redirects: bool = False,
        dry_run: bool = False,
        partly: bool = False,
        author: Author = Author(),
    ) -> Moved:
        """Move pages and media files with their histories, and rewrite what names them in all pages.

        Links, images, markup of plugins, values of page columns and filters get the new names; relative links stay
        relative. All files change or none: an interrupted move is ended by `continue_move` or taken back by
        `undo_move`. Open the wiki again afterwards, since this object keeps what it has read.

        Args:
            pages: New names of pages by old ones; those that end with a colon are namespaces.
            media: New names of media files, or namespaces of them.
            redirects: Whether to leave pages with ``~~REDIRECT>…~~`` under the old names.
            dry_run: Whether to compute and check the move only.
            partly: Whether to move although some pages cannot be read; links in these are not rewritten.
            author: The author for the changelogs.

        Raises:
            MoveError: If something to move does not exist, a new name is taken, a page cannot be read, a file cannot be
                moved, or another move is not finished. Then nothing is changed.
            SaveError: If the wiki is not in a folder, a file cannot be written, or somebody edits a page.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.open("examples/wiki")
            >>> found = wiki.move({"role:data_steward": "role:steward"}, dry_run=True)
            >>> len(found.changed), found.kept
            (10, ())
        """
        from dokuwiki_data.moving.moving import move

        return move(
            self, pages, media, redirects=redirects, dry_run=dry_run, partly=partly, author=author
        )  # fmt: skip

    def continue_move(self) -> None:
        """Do what is left of an interrupted move. Raises `MoveError` if there is none."""
        from dokuwiki_data.moving.moving import continue_move

        continue_move(self.source)

    def undo_move(self) -> None:
        """Take back the last move, finished or not. Raises `MoveError` if there is none, or files changed since."""
        from dokuwiki_data.moving.moving import undo_move

        undo_move(self.source)

    def report(
        self, *, targets: Collection[str] | None = None, verified: Path | None = None, jobs: int = 1
    ) -> WikiReport:
        """Return a report about the wiki: what is in it, what is broken in it, and what a migration would lose.

        Args:
            targets: The names of the targets of `export` whose losses are told; None for all.
            verified: The folder of an export that was verified, or its ``export.json``, whose result is told.
            jobs: The number of processes.

        Raises:
            DokuWikiDataError: If a target is unknown, or the export was not verified.
            WorkerError: If a worker died.

        Example:
            >>> import dokuwiki_data as dw
            >>> found = dw.Wiki.open("examples/wiki").report(targets=["gfm"])
            >>> found.table("broken_links").rows[0][:2]
            (ReportPlace(page_id='process:equipment_refresh', line=34, column=36), 'tool:label_printer')
        """
        from dokuwiki_data.reports.reporting import report_wiki

        return report_wiki(
            self._reported, targets=targets, verified=verified, jobs=lambda pages: jobs, report=self._lose
        )

    def write_report(self, report: WikiReport, folder: str | Path, *, format: ReportFormat = "html") -> None:
        """Write a report about the wiki into a folder of its own, as the command ``report`` does.

        A report that is there is replaced; files that no report wrote are not changed.

        Args:
            report: What `report` returned.
            folder: The folder; it is made if it is not there.
            format: ``html`` for pages and ``report.json``, or ``json`` for this file alone.

        Raises:
            MissingExtraError: If a library of the extra ``report`` is not installed, which HTML needs.
            OutputError: If the folder is in the wiki, cannot be written, or has files of others in the way.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.open("/srv/dokuwiki")  # doctest: +SKIP
            >>> wiki.write_report(wiki.report(), "report")  # doctest: +SKIP
        """
        from pathlib import Path

        from dokuwiki_data.reports.reporting import write_report

        write_report(self._reported, report, Path(folder), format=format)

    @property
    def _reported(self) -> WikiSource:
        """The files that a report is about: those of the wiki, or the pages that it was made from."""
        if self._pages is None:
            return self.source
        times = {page_id: page.modified for page_id, page in self._pages.items() if page.modified is not None}
        return source_of_texts({page_id: str(page) for page_id, page in self._pages.items()}, times)

    # ----------------------------------------------------------------------------------------------- links

    @cached_property
    def _graph(self) -> LinkGraph:
        return LinkGraph(self.readable_pages(), self.settings.link_rules, self.__contains__)

    @cached_property
    def _link_context(self) -> LinkContext:
        has_media = not self.source.layout.is_pages_only and bool(self.media)
        return self.settings.link_context(self._files.keys(), self.media.keys() if has_media else None)

    def resolve(self, node: Link | Media, page_id: str = "") -> LinkTarget:
        """Return the target of a link, an image or a file: id, anchor and existence, or the address elsewhere.

        Args:
            node: A node of a page, such as one of ``page.links``.
            page_id: The id of that page, which relative targets start at.

        Example:
            >>> wiki = Wiki.open("examples/wiki")
            >>> wiki.resolve(wiki["start"].links[0], "start")
            LinkTarget(kind='page', target='role:start', anchor=None, exists=True)
        """
        if not isinstance(node, Link | Media):
            raise TypeError(f"resolve() takes a link or media node of a page, not {node!r}")
        return resolve_node(node, page_id, self._link_context)

    def links(self, page_id: str) -> frozenset[str]:
        """Return the ids of the pages that a page links to, whether they exist or not.

        Example:
            >>> sorted(Wiki.open("examples/wiki").links("tool:start"))
            ['process:supplier_onboarding', 'role:head_of_systems']
        """
        return self._graph.pages.get(page_id, frozenset())

    def backlinks(self, page_id: str) -> list[str]:
        """Return the ids of the pages that link to a page, which need not exist.

        Example:
            >>> Wiki.open("examples/wiki").backlinks("role:data_steward")[:2]
            ['practice:pair_cataloguing', 'process:access_request']
        """
        return self._graph.backlinks.get(page_id, [])

    @property
    def wanted(self) -> dict[str, list[str]]:
        """The pages that are linked to but do not exist, with the pages that link to them."""
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
        """Return the changelog of a page, the oldest entry first. Raises `KeyError` if there is no such page."""
        return self.source.changes(self._files[page_id].path)

    def last_author(self, page_id: str) -> str | None:
        """Return the user, or else the address, that changed a page last; None if that is unknown."""
        changes = self.changes(page_id)
        return (changes[-1].user or changes[-1].ip) if changes else None

    def created(self, page_id: str) -> int | None:
        """Return the time of the oldest entry in a page's changelog, in Unix seconds."""
        changes = self.changes(page_id)
        return changes[0].time if changes else None

    def revisions(self, page_id: str) -> list[Revision]:
        """Return all revisions of a page in its changelog or the attic, the oldest first, the current one last."""
        return self._history.revisions(self._files[page_id])

    def at(self, page_id: str, revision: Revision) -> Page:
        """Return a page as it was in a revision. Raises `PageReadError` if its text is not kept."""
        if revision.path == self._files[page_id].path:
            return self[page_id]
        return self._parsed(self._history.read(page_id, revision), page_id, revision.time)

    def diff(self, page_id: str, old: Revision, new: Revision) -> list[DiffLine]:
        """Return the lines and words in which two revisions of a page differ.

        Args:
            page_id: The page.
            old: One of its `revisions`.
            new: Another one.

        Raises:
            KeyError: If there is no such page.
            PageReadError: If the text of a revision is not kept.
        """
        texts = (self._history.read(page_id, revision).decode("utf-8", "surrogateescape") for revision in (old, new))
        return line_differences(*texts)

    def meta(self, page_id: str) -> dict[str, Any]:
        """Return the metadata in a page's ``.meta`` file; empty without one. Raises `PageReadError` if damaged."""
        return read_meta(self.source, self._files[page_id])

    @cached_property
    def media(self) -> dict[str, MediaFile]:
        """The media files, by id."""
        return self.source.media(self._lose)

    def media_usage(self) -> dict[str, list[str]]:
        """Return the ids of the pages that show or link each media file, by its id; it need not exist."""
        return self._graph.media_usage

    # ---------------------------------------------------------------------------------------------- access

    @cached_property
    def access_rules(self) -> AccessRules | None:
        """The access rules; None if everybody may do everything."""
        return read_access_rules(self.source)

    def readable_by(self, user: str = "", groups: Collection[str] = ()) -> list[str]:
        """Return the ids of the pages that a user may read; an empty name is a guest."""
        rules = self.access_rules
        if rules is None:
            return list(self)
        level_of = rules.levels(user, groups)
        return [page_id for page_id in self if level_of(page_id) >= READ]
