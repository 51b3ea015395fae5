"""How fast queries are answered, beside SQLite, how fast a wiki is indexed, and what its index takes.

    python benchmarks/queries.py WIKI [--dokuwiki FOLDER] [--pages N]

WIKI is a folder or a tar archive with a wiki's texts below ``data/pages``; all queries on its pages are asked.
SQLite gets what the data plugin would store, in tables and indexes as the plugin has them. With ``--dokuwiki`` it is
asked in the plugin's own words, as an installed DokuWiki says them; else in ours. Then come wikis of up to
``--pages`` generated pages. Ends with 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sqlite3
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sources import SHARED_BY, Text, generated, texts_of

import dokuwiki_data as dw
from dokuwiki_data.engine.query_engine import QueryEngine

HERE = Path(__file__).parent

TIMES_SQLITE = 40.0
MILLISECONDS = 5.0  # of a query of up to ROWS rows
ROWS = 100
GROWTH = 3.0  # of a query's time, when the wiki grows to ten times its size
MANY = 12.0  # of a query's time, for five times the comparisons and five times the pages (their product is 25)
VALUES_PER_SECOND = 200_000
TIMES_TEXT = 6.0  # memory of the index

#: The plugin's tables and indexes, and what its columns are called there and here.
SCHEMA = """
CREATE TABLE pages ({number} INTEGER PRIMARY KEY, page, title, class, {modified});
CREATE TABLE data ({row} INTEGER PRIMARY KEY, {of} INTEGER, key, value);
CREATE UNIQUE INDEX pages_by_page ON pages (page);
CREATE INDEX pages_by_class ON pages (class);
CREATE INDEX data_by_key ON data (key);
CREATE INDEX data_by_page ON data ({of});
"""
ITS_NAMES = {"number": "pid", "modified": "lastmod", "row": "eid", "of": "pid"}
OUR_NAMES = {"number": "id", "modified": "modified", "row": "position", "of": "page"}


class Question(NamedTuple):
    """A query on a page."""

    page_id: str
    block: str
    query: dw.Query


def parsed(text: Text) -> dw.Page:
    return dw.parse(text.text, page_id=text.page_id, modified=text.modified)


def seconds(work: Callable[[], Any]) -> float:
    """How long some work takes, in seconds of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


class Distinct:
    """The plugin's aggregate: different values, joined."""

    def __init__(self) -> None:
        self.values: dict[str, None] = {}
        self.separator = ","

    def step(self, value: Any, separator: str = ",") -> None:
        self.separator = separator
        if value is not None:
            self.values[value] = None

    def finalize(self) -> str | None:
        return self.separator.join(self.values) if self.values else None


def store(wiki: dw.Wiki, names: dict[str, str]) -> sqlite3.Connection:
    """What the plugin would store of a wiki, in its tables."""
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA.format(**names))
    for number, record in enumerate(wiki.stored()):
        database.execute("INSERT INTO pages VALUES (?, ?, ?, ?, ?)", (number, *record[:4]))
        rows = [(number, key, value) for key, values in record.values.items() for value in values]
        database.executemany("INSERT INTO data VALUES (NULL, ?, ?, ?)", rows)
    database.execute("ANALYZE")
    # Of the plugin's functions; what a value resolves to matters to few queries, and is left as it is.
    database.create_aggregate("GROUP_CONCAT_DISTINCT", 2, Distinct)  # type: ignore[arg-type]
    database.create_function("DATARESOLVE", 2, lambda value, column: value or "", deterministic=True)
    return database


def questions_of(texts: list[Text]) -> list[Question]:
    """The queries on pages that SQLite can be asked, too."""
    found = (Question(text.page_id, block.source, block.query) for text in texts for block in parsed(text).queries)
    return [question for question in found if question.query.columns and question.query.kind != "related"]


def statements(questions: list[Question], dokuwiki: Path) -> list[str]:
    """The queries in the plugin's own SQL."""
    asked = "".join(
        json.dumps({"page": question.page_id, "block": question.block + "\n"}) + "\n" for question in questions
    )
    command = ["php", str(HERE / "queries.php"), str(dokuwiki)]
    said = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    return [json.loads(line)["sql"] for line in said.splitlines()]


def beside_sqlite(texts: list[Text], said: list[str] | None) -> dict[str, Any]:
    """All queries of a wiki, here and by SQLite: seconds of both, and the pages on which the numbers of rows differ.

    SQLite is asked in the plugin's words, if they are given, else in ours.
    """
    asked = questions_of(texts)
    wiki = dw.Wiki.from_pages(map(parsed, texts))
    wiki.index()
    ours = min(seconds(lambda: [wiki.evaluate(one.query, page_id=one.page_id) for one in asked]) for _ in range(3))
    database = store(wiki, ITS_NAMES if said else OUR_NAMES)
    theirs, odd = 0.0, []
    said = said or [one.query.to_sql(page_id=one.page_id) for one in asked]
    for question, statement in zip(asked, said, strict=True):
        start = time.process_time()
        rows = database.execute(statement).fetchall()
        theirs += time.process_time() - start
        # The plugin asks for one row more than it shows.
        if len(wiki.evaluate(question.query, page_id=question.page_id)) != len(rows[: question.query.limit]):
            odd.append(question.page_id)
    return {"queries": len(asked), "ours": ours, "sqlite": theirs, "odd": odd}


def of_queries(texts: list[Text], dokuwiki: Path | None) -> list[str]:
    """All queries of a wiki beside SQLite; returns the goals missed."""
    found = beside_sqlite(texts, statements(questions_of(texts), dokuwiki) if dokuwiki else None)
    times = found["sqlite"] / found["ours"]
    version = sqlite3.sqlite_version
    print(f"{found['queries']} queries: {found['ours']:.2f} s, SQLite {version} {found['sqlite']:.2f} s")
    print(f"  {times:.0f} times as fast, wanted {TIMES_SQLITE:.0f}")
    missed = [f"other numbers of rows than SQLite on {', '.join(found['odd'])}"] if found["odd"] else []
    return missed + (["speed beside SQLite"] if times < TIMES_SQLITE else [])


def number_of_values(wiki: dw.Wiki) -> int:
    return sum(len(column.pages) for column in wiki.index().columns.values())


def indexing(name: str, pages: list[dw.Page]) -> list[str]:
    """From parsed pages to an index; returns the goals missed."""
    best = min(seconds(lambda: dw.Wiki.from_pages(pages).index()) for _ in range(3))
    values = number_of_values(dw.Wiki.from_pages(pages))
    print(f"indexing {name}: {values:,} values, {values / best:,.0f} a second, wanted {VALUES_PER_SECOND:,}")
    return [f"indexing of {name}"] if values / best < VALUES_PER_SECOND else []


def memory(texts: list[Text]) -> list[str]:
    """What a wiki and its index keep when the pages are gone; returns the goals missed."""
    wiki = QueryEngine(parsed(text) for text in texts[:100])
    wiki.index()  # what is loaded once is not the index
    tracemalloc.start()
    wiki = QueryEngine(map(parsed, texts))
    wiki.index()
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    said = sum(len(value.encode()) for record in wiki.stored() for values in record.values.values() for value in values)
    print(f"memory: {taken / 1e6:.1f} MB for {said / 1e6:.1f} MB of values")
    print(f"  {taken / said:.1f} times as much, at most {TIMES_TEXT:.0f} wanted")
    return ["memory"] if taken / said > TIMES_TEXT else []


def milliseconds(wiki: dw.Wiki, total: int, size: int) -> list[float]:
    """How long it takes to find the pages of a value, for twenty values (or less, if there are less)."""
    times = []
    for number in range(21):
        condition = dw.col(f"by {size}") == f"group {number % (total // size)}"
        query = dw.Query.select("name", "due_dt", "tags", "%title%", where=condition)
        start = time.process_time()
        table = wiki.evaluate(query)
        times.append(1000 * (time.process_time() - start))
        assert len(table) == size
    return times[1:]  # the first one loads


def growth(most: int) -> list[str]:
    """Generated wikis of a tenth of so many pages, and of all; returns the goals missed."""
    missed: list[str] = []
    before: dict[int, float] = {}
    print("\nequality, milliseconds: median (worst of 20)")
    print("pages".rjust(9) + "".join(f"{size:,} rows".rjust(18) for size in SHARED_BY))
    for total in (most // 10, most):
        pages = [parsed(text) for text in generated(total)]
        if total == most:
            missed += indexing(f"{total:,} generated pages", pages)
        wiki = dw.Wiki.from_pages(pages)
        del pages
        gc.collect()
        times = {size: milliseconds(wiki, total, size) for size in SHARED_BY}
        shown = [f"{median(times[size]):.2f} ({max(times[size]):.2f})" for size in SHARED_BY]
        print(f"{total:,}".rjust(9) + "".join(text.rjust(18) for text in shown))
        missed += [
            f"{size} rows of {total:,} pages" for size in SHARED_BY if size <= ROWS and max(times[size]) > MILLISECONDS
        ]
        missed += [
            f"{size} rows take longer in a larger wiki"
            for size, earlier in before.items()
            if median(times[size]) > GROWTH * earlier
        ]
        before = {size: median(times[size]) for size in SHARED_BY}
    return missed


#: Lines of a condition, each with a number in it, and the kind of query that has them.
LINES = {
    "or !=": ("table", "or: name != name {}"), "and !=": ("table", "and: name != name {}"),
    "or <": ("table", "or: name < name {}"), "and !~": ("table", "and: name !~ *x{}y*"),
    "or ~": ("table", "or: name ~ *x{}y*"), "one of": ("table", "and: by 10 ~~ group 1, group 2, group {}"),
    "mixed": ("table", "or: by 10 = group 1\nand: name != name {}"),
    "cloud or !=": ("cloud", "or: name != name {}"),
    "cloud mixed": ("cloud", "or: by 10 = group {0}\nand: name = name {0}"),
}  # fmt: skip


def many_comparisons(total: int) -> list[str]:
    """Conditions of as many comparisons as there are pages, for a fifth of the pages and all; returns goals missed."""
    missed: list[str] = []
    before: dict[str, float] = {}
    print("\nas many comparisons as pages, seconds")
    print("pages".rjust(9) + "".join(name.rjust(13) for name in LINES))
    for size in (total // 5, total):
        wiki = dw.Wiki.from_pages(map(parsed, generated(size)))
        wiki.index()
        times = {}
        for name, (kind, line) in LINES.items():
            text = "\n".join(["cols: tags", *(line.format(number) for number in range(size))])
            query = dw.Query.parse(text, kind)  # type: ignore[arg-type]
            times[name] = seconds(partial(wiki.evaluate, query))
        print(f"{size:,}".rjust(9) + "".join(f"{times[name]:.2f}".rjust(13) for name in LINES))
        missed += [f"many comparisons: {name}" for name, time_ in before.items() if times[name] > MANY * time_ + 0.5]
        before = times
    return missed


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("wiki", type=Path, metavar="WIKI")
    arguments.add_argument("--dokuwiki", type=Path, metavar="FOLDER", help="ask SQLite in the plugin's own words")
    arguments.add_argument("--pages", type=int, default=100_000, help="size of the generated wiki (%(default)s)")
    arguments.add_argument("--comparisons", type=int, default=10_000, help="of the longest condition (%(default)s)")
    given = arguments.parse_args()
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.2f}\n")
    texts = texts_of(given.wiki)
    missed = of_queries(texts, given.dokuwiki)
    missed += indexing(given.wiki.name, [parsed(text) for text in texts])
    missed += memory(texts)
    missed += growth(given.pages)
    missed += many_comparisons(given.comparisons)
    if missed:
        print(f"\nmissed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
