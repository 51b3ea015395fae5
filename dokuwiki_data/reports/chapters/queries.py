"""The queries of the data plugin in a report: what each one answers, and where one may not mean what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.query_engine import QueryEngine
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.traps import traps
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.queries import Query
from dokuwiki_data.reports.content import ReportColumn, ReportPlace, ReportTable, Value
from dokuwiki_data.text import Position


class ReportedQuery(NamedTuple):
    """A query and its place on its page."""

    query: Query
    position: Position


class QueryTables(NamedTuple):
    """The tables about queries, and how many queries cannot be answered."""

    queries: ReportTable
    traps: ReportTable
    unanswered: int


def query_tables(queries: Mapping[str, Sequence[ReportedQuery]], engine: QueryEngine, context: Context) -> QueryTables:
    """Return the tables about queries.

    Args:
        queries: The queries by the id of their page.
        engine: Answers them.
        context: The user and the day.
    """
    rows: list[tuple[Value, ...]] = []
    found: list[tuple[Value, ...]] = []
    unanswered = 0
    for page_id in sorted(queries):
        for query, position in queries[page_id]:
            place = ReportPlace(page_id, *position)
            answer = _answer(query, page_id, engine, context)
            unanswered += answer.error is not None
            traps_here = list(_traps(query, page_id, engine, context))
            found += traps_here
            rows.append((place, query.kind, answer.rows, answer.more, len(traps_here), answer.error))
    return QueryTables(
        ReportTable(
            "queries",
            "Queries",
            "Each query of the data plugin, and how many rows it shows to a guest today.",
            (
                ReportColumn("place", "Place", "place"),
                ReportColumn("kind", "Kind"),
                ReportColumn("rows", "Rows", "number"),
                ReportColumn("more", "More than its limit"),
                ReportColumn("traps", "Doubtful places", "number"),
                ReportColumn("error", "Why there is no answer"),
            ),
            tuple(rows),
        ),
        ReportTable(
            "query_traps",
            "Doubtful places in queries",
            "Where a query may not mean what its author intended: names and values that no page has, comparisons as "
            "text, options that are not known.",
            (
                ReportColumn("place", "Place", "place"),
                ReportColumn("kind", "Kind", "code"),
                ReportColumn("message", "What may be wrong"),
            ),
            tuple(found),
            is_finding=True,
        ),
        unanswered,
    )


class _Answer(NamedTuple):
    """The number of rows of a query, whether there are more, and the reason if there is no answer."""

    rows: int | None
    more: str | None = None
    error: str | None = None


def _answer(query: Query, page_id: str, engine: QueryEngine, context: Context) -> _Answer:
    try:
        result = engine.evaluate(query, page_id=page_id, context=context)
    except QueryError as error:
        return _Answer(None, None, error.message)
    return _Answer(len(result.rows), "yes" if result.more else None)


def _traps(query: Query, page_id: str, engine: QueryEngine, context: Context) -> Iterator[tuple[Value, ...]]:
    for trap in traps(query, engine.index(context), context, Semantics()):
        yield ReportPlace(page_id, *trap.position), trap.kind, trap.message
