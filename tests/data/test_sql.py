"""SQL as a second implementation: SQLite answers what our evaluator answers."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from databases import database_of
from hypothesis import given
from hypothesis import strategies as st
from plugin_view import context_of, wiki_of
from test_semantics import BODIES, FILTERS, made

import dokuwiki_data as dw
from dokuwiki_data.engine import sql
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.queries import KINDS, Query

OURS = [json.loads(line) for line in (Path(__file__).parent / "wikis.jsonl").read_text("utf-8").splitlines()]


def store(index):
    database = sqlite3.connect(":memory:")
    database.executescript(sql.SCHEMA)
    pages, data = sql.rows(index)
    database.executemany("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", pages)
    database.executemany("INSERT INTO data VALUES (?, ?, ?, ?)", data)
    return database


def check(wiki, query, context, page_id):
    database = store(wiki.index(context))
    compare(database, wiki, query, context, page_id, "")
    database.close()


def compare(database, wiki, query, context, page_id, dialect):
    table = wiki.evaluate(query, context=context, page_id=page_id)
    answer = database.execute(query.to_sql(context=context, page_id=page_id, dialect=dialect)).fetchall()
    if query.kind in ("cloud", "taglist"):
        assert sorted(answer) == sorted((row.cells[0][0], row.cells[1][0]) for row in table)
    elif query.kind == "related":
        assert answer == [(row.page_id, row.cells[1][0]) for row in table]
    else:
        ours = [(row.page_id, *("\n".join(cell) if cell else None for cell in row.cells)) for row in table]
        assert [tuple(cell if cell is None else str(cell) for cell in row) for row in answer] == ours


@given(
    BODIES, FILTERS, st.sampled_from(KINDS), st.sampled_from(["", "sort: ^a", "sort: c", "sort: %title%"]),
    st.sampled_from(["", "limit: 2", "min: 2"]),
)  # fmt: skip
def test_sqlite_agrees(bodies, filters, kind, sort, rest):
    lines = [f"{'filter' if both else 'filteror'}: {key} {operator} {value}" for both, key, operator, value in filters]
    columns = "cols: cs" if kind in ("cloud", "taglist") else "cols: cs, a, %title%"
    query = Query.parse("\n".join([columns, *lines, sort, rest]), kind)
    check(made(bodies), query, Context(), "p0")


@pytest.mark.parametrize("recorded", OURS, ids=range(len(OURS)))
def test_sqlite_agrees_on_our_wikis(recorded):
    context = context_of(recorded, today=date(2026, 11, 21))
    wiki = wiki_of(recorded)
    for question in recorded["queries"]:
        query = dw.parse(question["text"]).queries[0].query
        titled = {"title"}  # patterns see the titles of pages there
        if not query.columns or any(context.type_of(filter_.column).base in titled for filter_ in query.filters):
            continue
        try:
            wiki.evaluate(query, context=context, page_id=question["page"])
        except QueryError:
            with pytest.raises(QueryError):
                query.to_sql(context=context)
        else:
            check(wiki, query, context, question["page"])


@pytest.mark.parametrize("recorded", OURS[::3], ids=range(len(OURS[::3])))
def test_the_database_of_a_wiki_answers_its_queries(recorded):
    compare_database(recorded)


def compare_database(recorded):
    """Compare all queries of a recorded wiki; return how many were answered."""
    context = context_of(recorded, today=date(2026, 11, 21))
    answered = 0
    pages = sorted(recorded["pages"], key=lambda page: page["id"].replace(":", "/") + ".txt")
    texts = {page["id"]: page["text"] for page in pages}
    times = {page["id"]: page["mtime"] for page in pages if page.get("mtime") is not None}
    wiki = wiki_of({**recorded, "pages": pages})
    with database_of(texts, context, times) as database:
        for question in recorded["queries"]:
            query = dw.parse(question["text"]).queries[0].query
            try:
                statement = query.columns and query.to_sql(context=context, dialect="sqlite")
            except QueryError:
                statement = ""
            if statement:
                compare(database, wiki, query, context, question["page"], "sqlite")
                answered += 1
    return answered


def test_patterns_are_compared_with_the_titles_of_pages():
    texts = {"a": "---- dataentry ----\nsee_title: b|The b\n----\n", "b": "====== Kettle ======\n"}
    wiki = dw.Wiki.from_pages(dw.parse(text, page_id=page_id) for page_id, text in texts.items())
    with database_of(texts) as database:
        for filter_ in ("see_title ~ *kettle", "see_title !~ *kettle", "see_title ~ b", "other_title ~ * "):
            query = Query.parse(f"cols: see_title; filter: {filter_}")
            compare(database, wiki, query, Context(), "", "sqlite")


def test_an_unknown_dialect_is_an_error():
    with pytest.raises(ValueError, match="unknown dialect 'oracle'; known: 'sqlite'"):
        Query.parse("cols: a").to_sql(dialect="oracle")


def test_hostile_values_stay_values():
    wiki = made([{"a": ["'; DROP TABLE pages; --"]}, {"a": ['"']}])
    for value in ("'; DROP TABLE pages; --", '"', "\\", "%'"):
        check(wiki, Query.parse(f"cols: a\nfilter: a = {value}\nsort: ' || x"), Context(), "")
