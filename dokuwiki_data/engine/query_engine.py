"""Evaluate queries over the entries of many pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from types import NoneType
from typing import Any, NamedTuple, TypeVar

from dokuwiki_data.engine.bits import members
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.counting import evaluate_cloud, evaluate_related
from dokuwiki_data.engine.entries import EntryCleaner, PackedEntries, WrittenEntry, WrittenField
from dokuwiki_data.engine.entry_tables import KeyColumns, stored_entry
from dokuwiki_data.engine.evaluation import evaluate_table, matching_pages
from dokuwiki_data.engine.filtering import FilterCompiler, column_index
from dokuwiki_data.engine.index import Index, Record
from dokuwiki_data.engine.matching import AnyValue
from dokuwiki_data.engine.results import Result
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.wishes import ALL, with_all_columns, with_days
from dokuwiki_data.errors import QueryError
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.conditions import Comparison, expect
from dokuwiki_data.query.queries import Query

Value = TypeVar("Value")

#: The number of indexes that are kept: one for each set of type aliases and replacements of placeholders.
KEPT_INDEXES = 4


class PageQuery(NamedTuple):
    """A query of a page; ``number`` counts the queries of the page from one."""

    page_id: str
    number: int
    query: DataQuery


class PageFacts(NamedTuple):
    """What a page contributes to the answers of queries.

    Attributes:
        page_id: The id of the page.
        modified: The time of its last change in Unix seconds, if it is known.
        heading: Its first heading, if it has one.
        entry: The class and the fields of its last entry, if it has one.
        queries: Its queries.
    """

    page_id: str
    modified: int | None
    heading: str | None
    entry: tuple[str, Sequence[WrittenField]] | None = None
    queries: Sequence[DataQuery] = ()

    @classmethod
    def of(cls, page: Page) -> PageFacts:
        """Return the facts of a page."""
        entry: DataEntry | None = None
        queries: list[DataQuery] = []
        for node in page.walk():
            if isinstance(node, DataEntry):
                entry = node
            elif isinstance(node, DataQuery):
                queries.append(node)
        written = (
            None if entry is None else (entry.class_name, [(field.column, field.values) for field in entry.fields])
        )
        return cls(page.page_id, page.modified, page.first_heading, written, queries)

    @property
    def title(self) -> str:
        """The title of the page, see `Page.title`."""
        return self.page_id if self.heading in (None, "", "0") else self.heading


class QueryEngine:
    """Evaluates queries over the entries of a wiki's pages. It does not keep the pages."""

    def __init__(
        self, pages: Iterable[Page | PageFacts] = (), lists: Callable[[str], bool] = lambda page_id: True
    ) -> None:
        """Add pages. Of several pages with one id, and of several entries on a page, the last counts.

        Args:
            pages: The pages, or their facts.
            lists: Returns whether the entry and the title of a page count, given its id. Its queries always do.
        """
        self._lists = lists
        self._entries = PackedEntries()
        self._headings: dict[str, str] = {}
        self._queries: dict[str, list[DataQuery]] = {}
        self._indexes: dict[Any, tuple[Index, bool]] = {}
        for page in pages:
            self.add(page if isinstance(page, PageFacts) else PageFacts.of(page))

    def add(self, facts: PageFacts) -> None:
        """Add a page by its facts; they replace those of a page with the same id."""
        page_id = facts.page_id
        is_listed = self._lists(page_id)
        _set(self._headings, page_id, (facts.heading or "") if is_listed else "")
        _set(self._queries, page_id, list(facts.queries))
        if facts.entry is None or not is_listed:
            self._entries.remove(page_id)
        else:
            class_name, fields = facts.entry
            self._entries.add(page_id, facts.title, class_name, facts.modified, fields)

    @property
    def queries(self) -> list[PageQuery]:
        """The queries of all pages, in the order of the pages."""
        return [
            PageQuery(page_id, number, query)
            for page_id, queries in self._queries.items()
            for number, query in enumerate(queries, start=1)
        ]

    def stored(self, context: Context | None = None) -> Iterator[Record]:
        """Yield what the plugin stores of each page with an entry under a context."""
        return self._records(EntryCleaner(context or Context()))

    def _records(self, cleaner: EntryCleaner) -> Iterator[Record]:
        for entry in self._entries:
            modified = "" if entry.modified is None else str(entry.modified)
            values = cleaner.values(entry.fields)
            yield Record(entry.page_id, cleaner.fill(entry.title), entry.class_name, modified, values)

    def index(self, context: Context | None = None) -> Index:
        """Return the index of the entries as the plugin stores them under a context. It is built once."""
        return self._index(context or Context())[0]

    def _index(self, context: Context) -> tuple[Index, bool]:
        """Return the index, and whether an entry has the placeholder ``%now%``."""
        # Without placeholders in the entries, one index serves all contexts with the same type aliases.
        for_all, for_this = (context.aliases,), (context.aliases, *context.filling)
        found = self._indexes.get(for_this) or self._indexes.get(for_all)
        if found is None:
            cleaner = EntryCleaner(context)
            found = Index(self._records(cleaner)), cleaner.undated
            while len(self._indexes) >= KEPT_INDEXES:
                del self._indexes[next(iter(self._indexes))]
            self._indexes[for_this if cleaner.filled else for_all] = found
        return found

    def matching(self, comparison: Comparison, context: Context | None = None) -> tuple[frozenset[str], bool]:
        """Return the values of a column that match a comparison, and whether a page without the column matches.

        Raises:
            QueryError: The operator is unknown.
        """
        index, context = self.index(context), context or Context()
        matcher = FilterCompiler(index, context, Semantics(), self._headings).matcher(comparison)
        column = column_index(index, comparison.column, context)
        if column is None or not isinstance(matcher, AnyValue):
            return frozenset(), matcher.size > 0
        return frozenset(column.values[rank] for rank in members(matcher.ranks)), matcher.missing

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
            query: The query, the node of a query, or the text of one.
            page_id: The page that the query stands on.
            context: The user, the day and the settings; by default no user, no day and DokuWiki's settings.
            semantics: ``"plugin"``, ``"intuitive"`` or a `Semantics`.
            offset: The number of rows to leave out at the beginning.

        Raises:
            QueryError: A filter has an unknown operator, or the text is not a query.
            TypeError: An argument has the wrong type.
            ValueError: The semantics are unknown, or the offset is negative.
        """
        expect(context, (Context, NoneType), "context must be a Context")
        expect(offset, int, "offset must be an integer")
        if offset < 0:
            raise ValueError(f"offset must be at least 0: {offset}")
        query = as_query(query)
        context = context or Context()
        reading = Semantics.of(semantics)
        index, undated = self._index(context)
        if not query.selected:
            return Result(query.kind, (), (), ())
        try:
            if reading.dates == "relative":
                query = with_days(query, context)
            if query.kind in ("cloud", "taglist"):
                table = evaluate_cloud(query, index, context, reading, offset)
            elif query.kind == "related":
                table = evaluate_related(query, index, context, reading, page_id, offset)
            else:
                if reading.columns == "all" and any(column.key == ALL for column in query.columns):
                    query = self._with_all_columns(query, index, context, reading)
                table = evaluate_table(query, index, context, reading, self._headings, offset)
        except QueryError as error:
            query.locate(error)
            raise
        if undated and context.today is None:
            found = query.diagnostic("no-today", "%now% in entries is not replaced: the context has no date")
            table = replace(table, diagnostics=(*table.diagnostics, found))
        return table

    def _with_all_columns(self, query: Query, index: Index, context: Context, semantics: Semantics) -> Query:
        pages = matching_pages(query, index, context, semantics, self._headings)
        cleaner, columns = EntryCleaner(context), KeyColumns()
        for entry in self._written_entries():
            columns.add(stored_entry(entry, 1, True, cleaner))
        known = {key: found.column for key, found in columns.items()}
        return with_all_columns(query, known, index, context, pages)

    def _written_entries(self) -> Iterable[WrittenEntry]:
        """Return the entries that count."""
        return self._entries


def as_query(query: Query | DataQuery | str) -> Query:
    """Return a query as it is, the query of a node, or the query in a text; see `Query.parse`.

    Raises:
        QueryError: The text is not a query.
        TypeError: The argument is none of these.
    """
    if isinstance(query, Query):
        return query
    if isinstance(query, DataQuery):
        return query.query
    if isinstance(query, str):
        return Query.parse(query)
    raise TypeError(f"query must be a Query, a DataQuery of a page, or the text of a query, not {query!r}")


def _set(values: dict[str, Value], page_id: str, value: Value) -> None:
    """Set the value of a page, replacing a former one, or remove it if the value is empty."""
    if value:
        values[page_id] = value
    else:
        values.pop(page_id, None)
