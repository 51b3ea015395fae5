"""Answer the queries of a wiki's pages: collect the entries of all pages first, then evaluate page by page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entries import WrittenField
from dokuwiki_data.engine.formats.cells import names
from dokuwiki_data.engine.formats.rows import json_rows, rows_as_json
from dokuwiki_data.engine.query_engine import PageFacts, QueryEngine
from dokuwiki_data.engine.results import Result
from dokuwiki_data.errors import QueryError
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.queries import Query
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.record import yaml_items
from dokuwiki_data.text import Span


class PlacedQuery(NamedTuple):
    """A query and its place in the text of its page."""

    query: Query
    span: Span


#: The class of an entry, and its fields with their columns by name.
PackedEntry = tuple[str, list[tuple[str, tuple[str, ...]]]]


def packed_entry(entry: DataEntry | None) -> PackedEntry | None:
    """Return an entry in a form that is quick to pickle."""
    return None if entry is None else (entry.class_name, [(field.column.name, field.values) for field in entry.fields])


class PackedFacts(NamedTuple):
    """The facts and queries of a page in a form that is quick to pickle: columns by name, queries without nodes."""

    page_id: str
    modified: int | None
    heading: str | None
    entry: PackedEntry | None
    queries: list[PlacedQuery]

    @classmethod
    def of(cls, page: Page) -> PackedFacts:
        """Return the facts of a page."""
        entry: PackedEntry | None = None
        queries: list[PlacedQuery] = []
        if "data" in str(page):
            queries = [PlacedQuery(found.query, found.span) for found in page.queries]
            entry = packed_entry(next(iter(page.entries[-1:]), None))
        return cls(page.page_id, page.modified, page.first_heading, entry, queries)

    def unpack(self) -> PageFacts:
        """Return the facts without the queries."""
        entry: tuple[str, Sequence[WrittenField]] | None = None
        if self.entry is not None:
            class_name, fields = self.entry
            entry = class_name, [(Column.parse(name), values) for name, values in fields]
        return PageFacts(self.page_id, self.modified, self.heading, entry)


def pack_facts(pages: Iterable[ReadPage]) -> list[PackedFacts]:
    """Return the facts of pages. This runs in workers: sending whole trees would take longer than parsing."""
    return [PackedFacts.of(read.page) for read in pages]


class _Answer(NamedTuple):
    """The answer to a query: the keys of its object before the rows, the rows, and the keys after them."""

    before: dict[str, Any]
    result: Result | None
    after: dict[str, Any]

    @property
    def value(self) -> dict[str, Any]:
        """The whole object."""
        return {**self.before, "rows": json_rows(self.result) if self.result is not None else [], **self.after}


class PageAnswers:
    """The answers of a wiki to the queries of its pages, which the part ``tables`` of a record contains."""

    def __init__(self, pages: Iterable[PackedFacts], context: Context, is_listed: Callable[[str], bool]) -> None:
        """Collect the entries and queries of all pages.

        Args:
            pages: The facts of all pages.
            context: The user, the day and the settings.
            is_listed: Tells whether the entry of a page counts, by the id of the page.
        """
        self._context = context
        self._queries: dict[str, list[PlacedQuery]] = {}
        self._engine = QueryEngine((), is_listed)
        for page in pages:
            if page.queries:
                self._queries[page.page_id] = page.queries
            self._engine.add(page.unpack())

    def tables(self, page_id: str) -> list[dict[str, Any]]:
        """Return the answers to the queries of a page, in the order of the page."""
        return [answer.value for answer in self._answers(page_id)]

    def pieces(self, page_id: str, format_: str) -> Iterator[str]:
        """Yield `tables` as text in a format of `dokuwiki_data.render.record.STREAMS`; only one answer is in memory."""
        answers = self._answers(page_id)
        if format_ == "yaml":
            yield from yaml_items(answer.value for answer in answers)
            return
        separator = "["
        for before, result, after in answers:
            yield f'{separator}{as_json(before)[:-1]},"rows":['
            if result is not None:
                yield from rows_as_json(result)
            yield f"],{as_json(after)[1:]}"
            separator = ","
        yield "[]" if separator == "[" else "]"

    def _answers(self, page_id: str) -> Iterator[_Answer]:
        for query, span in self._queries.get(page_id, ()):
            yield self._answer(page_id, query, span)

    def _answer(self, page_id: str, query: Query, span: Span) -> _Answer:
        head: dict[str, Any] = {"span": list(span), "kind": query.kind}
        try:
            result = self._engine.evaluate(query, page_id=page_id, context=self._context)
        except QueryError as error:
            return _Answer({**head, "labels": []}, None, {"sums": [], "more": False, "error": error.message})
        sums = [number if number is None or math.isfinite(number) else None for number in result.sums]
        after = {"sums": sums, "more": result.more, "error": None}
        return _Answer({**head, "labels": list(names(result))}, result, after)
