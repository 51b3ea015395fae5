"""What the entries of many pages answer to queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from types import NoneType
from typing import Any, NamedTuple, TypeVar

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.counting import evaluate_cloud, evaluate_related
from dokuwiki_data.engine.entries import EntryStore, WrittenField
from dokuwiki_data.engine.evaluation import evaluate_table
from dokuwiki_data.engine.index import Index, Record
from dokuwiki_data.engine.results import Result
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.stored import Storing
from dokuwiki_data.errors import QueryError
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.conditions import expect
from dokuwiki_data.query.queries import Query

Value = TypeVar("Value")

#: So many indexes are kept, one for each way in which the wiki's types and placeholders have been asked for.
KEPT_INDEXES = 4


class PageQuery(NamedTuple):
    """A query of a page; ``number`` counts those of the page from one."""

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
    """The entries, titles and queries of a wiki's pages. The pages themselves are not kept."""

    def __init__(
        self, pages: Iterable[Page | PageFacts] = (), lists: Callable[[str], bool] = lambda page_id: True
    ) -> None:
        """Of several pages with one id, and of several entries on a page, the last counts.

        ``lists`` says of a page, by its id, whether its entry and its title count at all; its queries are answered.
        """
        self._lists = lists
        self._entries = EntryStore()
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
        """What the plugin would store of each page with an entry under a context."""
        return self._records(Storing(context or Context()))

    def _records(self, storing: Storing) -> Iterator[Record]:
        for entry in self._entries:
            modified = "" if entry.modified is None else str(entry.modified)
            values = storing.values(entry.fields)
            yield Record(entry.page_id, storing.fill(entry.title), entry.class_name, modified, values)

    def index(self, context: Context | None = None) -> Index:
        """The index of the entries as the plugin would store them under a context; built once."""
        return self._index(context or Context())[0]

    def _index(self, context: Context) -> tuple[Index, bool]:
        """The index, and whether it has values that ask for the day."""
        for_all, for_this = (context.aliases,), (context.aliases, *context.filling)
        found = self._indexes.get(for_this) or self._indexes.get(for_all)
        if found is None:
            storing = Storing(context)
            found = Index(self._records(storing)), storing.undated
            while len(self._indexes) >= KEPT_INDEXES:
                del self._indexes[next(iter(self._indexes))]
            self._indexes[for_this if storing.filled else for_all] = found
        return found

    def evaluate(
        self,
        query: Query | DataQuery | str,
        *,
        page_id: str = "",
        context: Context | None = None,
        semantics: str | Semantics = "plugin",
        offset: int = 0,
    ) -> Result:
        """What a query shows on the page ``page_id``.

        ``semantics`` is ``"plugin"``, ``"intuitive"`` or a `Semantics`. ``offset`` rows are left out at the
        beginning.

        Raises `QueryError` for a filter whose operator compares nothing, and for no other query that is not a text;
        `ValueError` for semantics that do not exist and an offset below 0; `TypeError` for what is no query.
        """
        expect(context, (Context, NoneType), "context is who asks, a Context")
        expect(offset, int, "an offset is a whole number")
        if offset < 0:
            raise ValueError(f"an offset is at least 0: {offset}")
        query = asked(query)
        context = context or Context()
        reading = Semantics.of(semantics)
        index, undated = self._index(context)
        if not query.selected:
            return Result(query.kind, (), (), ())
        try:
            if query.kind in ("cloud", "taglist"):
                table = evaluate_cloud(query, index, context, reading, offset)
            elif query.kind == "related":
                table = evaluate_related(query, index, context, reading, page_id, offset)
            else:
                table = evaluate_table(query, index, context, reading, self._headings, offset)
        except QueryError as error:
            query.locate(error)
            raise
        if undated and context.today is None:
            found = query.diagnostic("no-today", "%now% in entries stays as it is: the context has no date")
            table = replace(table, diagnostics=(*table.diagnostics, found))
        return table


def asked(query: Query | DataQuery | str) -> Query:
    """A query, that of a node, or that which a text says.

    Raises `TypeError` for anything else, and what `Query.parse` raises.
    """
    if isinstance(query, Query):
        return query
    if isinstance(query, DataQuery):
        return query.query
    if isinstance(query, str):
        return Query.parse(query)
    raise TypeError(f"a query is a Query, a DataQuery of a page, or the text of one, not {query!r}")


def _set(values: dict[str, Value], page_id: str, value: Value) -> None:
    """Keep what a page has, if it is anything; of a page that comes again the place stays and the value changes."""
    if value:
        values[page_id] = value
    else:
        values.pop(page_id, None)
