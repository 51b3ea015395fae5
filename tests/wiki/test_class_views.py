"""Views of classes in DuckDB: rows of all wikis, with the names and types that they need."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import dokuwiki_data as dw

if importlib.util.find_spec("pyarrow") is None or importlib.util.find_spec("duckdb") is None:
    pytest.skip("needs the extras parquet and duckdb", allow_module_level=True)


def connected(folder: Path, **wikis: dict[str, str]):
    for name, texts in wikis.items():
        for page_id, text in texts.items():
            path = folder / "texts" / name / f"{page_id}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        dw.add_wiki(folder / "all", folder / "texts" / name, name)
    return dw.Dataset(folder / "all").connect()


def entry(class_name: str, *fields: str) -> str:
    return "\n".join([f"---- dataentry {class_name} ----", *fields, "----", ""])


def rows(connection, statement):
    result = connection.execute(statement)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_a_view_has_the_entries_of_all_wikis(tmp_path):
    connection = connected(
        tmp_path,
        one={"a": entry("tool", "name: A", "size: 7"), "b": entry("tool", "name: B", "size: 12", "colour: red")},
        two={"c": entry("tool", "name: C", "when_dt: 2026-01-31")},
    )
    found = rows(connection, 'SELECT wiki, page_id, name, size, colour, "when" FROM classes.tool ORDER BY page_id')
    assert [tuple(map(str, row.values())) for row in found] == [
        ("one", "a", "A", "7", "None", "None"),
        ("one", "b", "B", "12", "red", "None"),
        ("two", "c", "C", "None", "None", "2026-01-31"),
    ]
    assert rows(connection, "SELECT sum(size) AS s FROM classes.tool") == [{"s": 19}]


@pytest.mark.parametrize(
    ("one", "two", "shown"),
    [
        ("x: 1", "x: 2.5", [1, 2.5]),
        ("x: 1", "x: two", ["1", "two"]),
        ("x: 1", "xs: 2, 3", [[1], [2, 3]]),
        ("x: 1", "xs: a, b", [["1"], ["a", "b"]]),
        ("x_dt: 2026-01-31", "x: soon", ["2026-01-31", "soon"]),
        ("x:", "xs: a", [[""], ["a"]]),
    ],
)
def test_a_column_has_one_type_in_all_wikis(tmp_path, one, two, shown):
    connection = connected(tmp_path, one={"a": entry("c", one)}, two={"b": entry("c", two)})
    assert [row["x"] for row in rows(connection, "SELECT x FROM classes.c ORDER BY page_id")] == shown


def test_names_that_are_taken(tmp_path):
    texts = {
        "a": entry("pages", "wiki: mine", "x: 1"),
        "b": entry("Pages", "x: 2"),
        "c": entry("", "page_id: 3"),
        "d": entry("sqlite_master", 'a "quoted" key: 4', "'; DROP TABLE x: 5"),
    }
    connection = connected(tmp_path, one=texts)
    names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'classes' ORDER BY table_name"
    assert connection.execute(names).fetchall() == [("Pages",), ("no_class",), ("pages (2)",), ("sqlite_master",)]
    (found,) = rows(connection, 'SELECT * FROM classes."pages (2)"')
    assert (found["wiki"], found["wiki (2)"], found["x"]) == ("one", "mine", 1)
    (found,) = rows(connection, "SELECT * FROM classes.sqlite_master")
    assert (found['a "quoted" key'], found["'; drop table x"]) == (4, 5)
    assert len(rows(connection, "SELECT * FROM pages")) == 4


def test_a_dataset_without_entries_has_no_views(tmp_path):
    connection = connected(tmp_path, one={"a": "Nothing.\n"})
    assert connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'classes'"
    ).fetchall() == [(0,)]
