"""What the queries of a wiki show: first all entries are gathered, then each page's queries are evaluated."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from dokuwiki_data.conversion.working import ReadPage
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.formats.cells import names
from dokuwiki_data.engine.formats.rows import json_rows, rows_as_json
from dokuwiki_data.engine.query_engine import QueryEngine
from dokuwiki_data.engine.results import Result
from dokuwiki_data.errors import QueryError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Heading, Section
from dokuwiki_data.nodes.data import DataEntry, DataField
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.queries import Query
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.stream import yaml_items
from dokuwiki_data.text import Span


class Asked(NamedTuple):
    """A query, and its place in the text of its page."""

    query: Query
    span: Span


class PageFacts(NamedTuple):
    """What a page tells and asks: its first heading, its last entry (class and fields), its queries."""

    page_id: str
    modified: int | None
    heading: str | None
    entry: tuple[str, list[tuple[str, tuple[str, ...]]]] | None
    queries: list[Asked]


def told(pages: Iterable[ReadPage]) -> list[PageFacts]:
    """What pages tell and ask; a worker returns that, since whole trees would take longer to send than to make."""
    return [facts_of(read.page) for read in pages]


def facts_of(page: Page) -> PageFacts:
    """What a page tells and asks."""
    entry: tuple[str, list[tuple[str, tuple[str, ...]]]] | None = None
    queries: list[Asked] = []
    if "data" in str(page):
        queries = [Asked(found.query, found.span) for found in page.queries]
        for last in page.entries[-1:]:
            entry = last.class_name, [(field.column.name, field.values) for field in last.fields]
    return PageFacts(page.page_id, page.modified, page.first_heading, entry, queries)


class PageAnswers:
    """The answers of a wiki to the queries of its pages."""

    def __init__(self, pages: Iterable[PageFacts], context: Context, lists: Callable[[str], bool]) -> None:
        """``lists``: whether the entry of a page counts, by its id."""
        self._context = context
        #: The queries by page.
        self._queries: dict[str, list[Asked]] = {}
        self._answers = QueryEngine(self._noting(pages), lists)

    def _noting(self, pages: Iterable[PageFacts]) -> Iterator[Page]:
        for page in pages:
            if page.queries:
                self._queries[page.page_id] = page.queries
            yield page_of_facts(page)

    def tables(self, page_id: str) -> list[dict[str, Any]]:
        """What each query of a page shows, in their order."""
        return [
            {**before, "rows": json_rows(table) if table is not None else [], **after}
            for before, table, after in map(partial(self._answer, page_id), self._queries.get(page_id, ()))
        ]

    def written(self, page_id: str, format_: str) -> Iterator[str]:
        """The same as text in a format of `dokuwiki_data.render.stream.STREAMS`, piece by piece."""
        asked = self._queries.get(page_id, ())
        if format_ == "yaml":
            yield from yaml_items(
                {**before, "rows": json_rows(table) if table is not None else [], **after}
                for before, table, after in map(partial(self._answer, page_id), asked)
            )
            return
        between = "["
        for one in asked:
            before, table, after = self._answer(page_id, one)
            yield f'{between}{as_json(before)[:-1]},"rows":['
            if table is not None:
                yield from rows_as_json(table)
            yield f"],{as_json(after)[1:]}"
            between = ","
        yield "]" if asked else "[]"

    def _answer(self, page_id: str, asked: Asked) -> tuple[dict[str, Any], Result | None, dict[str, Any]]:
        """What a query shows: what stands in front of its rows, the table, and what stands behind."""
        query = asked.query
        head: dict[str, Any] = {"span": list(asked.span), "kind": query.kind}
        try:
            table = self._answers.evaluate(query, page_id=page_id, context=self._context)
        except QueryError as error:
            return {**head, "labels": []}, None, {"sums": [], "more": False, "error": error.message}
        sums = [number if number is None or math.isfinite(number) else None for number in table.sums]
        return {**head, "labels": list(names(table))}, table, {"sums": sums, "more": table.more, "error": None}


def page_of_facts(told: PageFacts) -> Page:
    """A page that answers as the whole one would."""
    content: tuple[Node, ...] = ()
    if told.entry is not None:
        class_name, fields = told.entry
        content = (DataEntry(tuple(DataField(Column.parse(name), values) for name, values in fields), class_name),)
    if told.heading is not None:
        content = (Section(Heading(told.heading, 1), content),)
    return Page(content, told.page_id, told.modified)
