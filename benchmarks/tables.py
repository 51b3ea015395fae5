"""How fast a wiki with many entries leaves as tables, and whether all of them give the same answers.

    python benchmarks/tables.py WIKI [--jobs N]

WIKI is a folder with the LEDE wiki, whose entries have the classes ``techdata`` and ``packages``. Each of twenty
questions is asked of the class tables of an SQLite database by SQL written here, of the same database by
``Query.to_sql``, of the evaluator, and of Parquet by DuckDB. Ends with 1 if an answer differs or a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

HERE = Path(__file__).parent

sys.path.insert(0, str(HERE.parent))

import dokuwiki_data as dw  # noqa: E402
from dokuwiki_data.command.main import main as command  # noqa: E402

DATABASE_SECONDS, FRAME_SECONDS = 12.0, 3.0

Made = TypeVar("Made")


class Question(NamedTuple):
    """A question: the pages of a class with a value in a column, as the data plugin and as SQL compare it."""

    class_name: str
    column: str
    operator: str
    value: str

    @property
    def key(self) -> str:
        return dw.parse(f"---- dataentry ----\n{self.column}: x\n----\n").entries[0].fields[0].column.key

    @property
    def query(self) -> dw.Query:
        return dw.Query.parse(
            f"cols: %pageid%, {self.column}; filter: %class% = {self.class_name};"
            f"filter: {self.column} {self.operator} {self.value}; sort: %pageid%"
        )


QUESTIONS = [
    Question("techdata", column, operator, value)
    for column, operator, value in [
        ("Brand", "=", "TP-Link"), ("Brand", "=", "Netgear"), ("Brand", "!=", "Asus"), ("Brand", ">", "X"),
        ("Device Type", "=", "Modem"), ("Device Type", "<=", "Router"), ("RAM MB", "=", "128"), ("RAM MB", ">=", "64"),
        ("Flash MBs", "=", "16"), ("Flash MBs", "<", "2"), ("USB portss", "=", "1x 3.0"), ("Target", "=", "ramips"),
        ("CPU", "=", "Atheros AR9331"), ("Versions", "=", "v1"), ("Switch", "!=", "-"), ("Subtarget", "=", ""),
    ]
] + [
    Question("packages", column, operator, value)
    for column, operator, value in [
        ("License", "=", "GPL-2.0"), ("Dependenciess", "=", "libc"), ("Categoriess", ">", "t"), ("Name", "<", "b"),
    ]
]  # fmt: skip


def quoted(text: str, mark: str = "'") -> str:
    return mark + text.replace(mark, mark * 2) + mark


def by_class_table(database: sqlite3.Connection, question: Question) -> list[str]:
    """The pages by SQL on the tables of the class."""
    ((many, name, table, own),) = database.execute(
        "SELECT many, column_name, columns.table_name, classes.table_name FROM columns JOIN classes USING (class_name)"
        " WHERE class_name = ? AND key = ?",
        [question.class_name, question.key],
    )
    own, test = quoted(own, '"'), f"{question.operator} {quoted(question.value)}"
    found = (
        f"block_id IN (SELECT block_id FROM {quoted(table, chr(34))} WHERE value {test})"
        if many else f"{quoted(name, chr(34))} {test}"
    )  # fmt: skip
    kept = "SELECT block_id FROM blocks WHERE is_kept"
    statement = f"SELECT page_id FROM {own} WHERE {found} AND block_id IN ({kept}) ORDER BY page_id"
    return [page_id for (page_id,) in database.execute(statement)]


def by_duckdb(dataset: dw.Dataset, question: Question) -> list[str]:
    """The pages by SQL of DuckDB on Parquet, where values are as the plugin stores them."""
    # A later line replaces an earlier one of a single-valued column.
    statement = (
        "SELECT DISTINCT page_id FROM (SELECT *, max(field) OVER (PARTITION BY page_id, entry, key) AS last"
        f" FROM entries WHERE is_last AND class_name = {quoted(question.class_name)} AND key = {quoted(question.key)})"
        f" WHERE (many OR (field = last AND coalesce(value_number, 1) = 1)) AND (stored <> '' OR NOT many)"
        f" AND coalesce(stored, '') {question.operator} {quoted(question.value)} ORDER BY page_id"
    )
    return [page_id for (page_id,) in dataset.connect().execute(statement).fetchall()]


def timed(label: str, make: Callable[[], Made], goal: float = 0.0) -> tuple[Made, bool]:
    """Call a function, print its seconds, and return its result and whether it missed the goal."""
    started = time.perf_counter()
    made = make()
    seconds = time.perf_counter() - started
    print(f"{label:50} {seconds:8.2f} s{f'   (goal {goal:.0f} s)' if goal else ''}")
    return made, bool(goal) and seconds > goal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wiki", type=Path)
    parser.add_argument("--jobs", default="2")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "wiki.db"
        how = ["convert", "-q", str(options.wiki), "--jobs", options.jobs]
        _, slow = timed("SQLite", lambda: command([*how, "-f", "sqlite", "-o", str(target)]), DATABASE_SECONDS)
        timed("Parquet", lambda: command([*how, "-f", "parquet", "-o", f"{folder}/parquet", "--wiki", "w"]))
        wiki = dw.Wiki.open(options.wiki)
        timed("reading the wiki", lambda: wiki.entry_classes)
        frame, slow_frame = timed("data frame of all entries", lambda: wiki.entries().to_pandas(), FRAME_SECONDS)
        print(f"{len(frame)} entries, {len(frame.columns)} columns")
        dataset, differences = dw.Dataset(Path(folder) / "parquet"), 0
        with closing(sqlite3.connect(target)) as database:
            values = database.execute("SELECT count(*) FROM entries").fetchone()[0]
            in_tables = 0
            for name, column, table in database.execute("SELECT many, column_name, table_name FROM columns").fetchall():
                counted = "value" if name else quoted(column, '"')
                in_tables += database.execute(f"SELECT count({counted}) FROM {quoted(table, chr(34))}").fetchone()[0]
            print(f"{values} values, {in_tables} in the tables of the classes")
            for question in QUESTIONS:
                answers = [
                    by_class_table(database, question),
                    [page_id for page_id, *_ in database.execute(question.query.to_sql(dialect="sqlite"))],
                    [row.page_id for row in wiki.evaluate(question.query)],
                    by_duckdb(dataset, question),
                ]
                if any(answer != answers[0] for answer in answers):
                    differences += 1
                    print("different:", question, list(map(len, answers)))
        print(f"{len(QUESTIONS)} questions, {differences} with different answers")
        return int(bool(differences) or values != in_tables or slow or slow_frame)


if __name__ == "__main__":
    sys.exit(main())
