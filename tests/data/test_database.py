"""Wikis as SQLite databases: every value is there, under the right name, whatever the wiki calls it."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from databases import database_of, entries_in
from hypothesis import given, settings
from plugin_view import context_of, wiki_of
from program import run_text as command

import dokuwiki_data as dw
from dokuwiki_data import strategies as dws
from dokuwiki_data.engine.context import Context
from dokuwiki_data.query.columns import Column

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "wiki"
DOCUMENTED = (EXAMPLE.parent.parent / "docs" / "sqlite.md").read_text("utf-8")
OURS = [json.loads(line) for line in (Path(__file__).parent / "wikis.jsonl").read_text("utf-8").splitlines()]


def entry(body: str, classes: str = "") -> str:
    return f"---- dataentry {classes} ----\n{body}\n----\n"


def check(wiki: dw.Wiki, context: Context) -> None:
    """The tables of the classes, and the values one by one, are the entries of the wiki."""
    pages = [wiki[page_id] for page_id in wiki]
    times = {page.page_id: page.modified for page in pages if page.modified is not None}
    with database_of({page.page_id: str(page) for page in pages}, context, times) as database:
        assert tuple(name for (name,) in database.execute("SELECT class_name FROM classes")) == wiki.entry_classes
        for class_name in wiki.entry_classes:
            table = wiki.entries(class_name, context=context)
            expected = [
                (*(cell[0] for cell in row.cells[:3]),
                 {key: list(cell) for key, cell in zip(table.labels[3:], row.cells[3:], strict=True) if cell})
                for row in table
            ]  # fmt: skip
            assert sorted(entries_in(database, class_name), key=str) == sorted(expected, key=str)
        kept = "SELECT page_id, key, value FROM entries JOIN blocks USING (block_id, page_id) WHERE is_kept"
        stored = [
            (record.page_id, key, value)
            for record in wiki.stored(context) for key, values in record.values.items() for value in values
        ]  # fmt: skip
        assert sorted(database.execute(kept)) == sorted(stored)


@pytest.mark.parametrize("recorded", OURS[:12], ids=range(12))
def test_a_database_has_the_entries_of_a_wiki(recorded: dict[str, object]) -> None:
    check(wiki_of(recorded), context_of(recorded, today=date(2026, 11, 21)))


@settings(max_examples=20)
@given(dws.wikis())
def test_a_database_has_the_entries_of_any_wiki(wiki: dw.Wiki) -> None:
    check(wiki, Context())


@pytest.mark.parametrize(
    ("classes", "tables"),
    [
        (["tool"], ["tool"]),
        ([""], ["no_class"]),
        (["", "no_class"], ["no_class", "no_class (2)"]),
        (["Tool", "TOOL", "tool"], ["TOOL", "Tool (2)", "tool (3)"]),
        (["pages", "PAGES_FTS_DATA", "classes"], ["PAGES_FTS_DATA (2)", "classes (2)", "pages (2)"]),
        (["sqlite_master", "SQLite_x"], ["_SQLite_x", "_sqlite_master"]),
        (["tool_view", "tool_keywords", "tool"], ["tool", "tool_keywords", "tool_view"]),
        (["select", "table", "x" * 500], ["select", "table", "x" * 500]),
    ],
)
def test_a_class_gives_its_table_its_name_unless_it_is_taken(classes: list[str], tables: list[str]) -> None:
    texts = {f"p{number}": entry(f"keywords: {number}", name) for number, name in enumerate(classes)}
    with database_of(texts) as database:
        found = database.execute("SELECT class_name, table_name FROM classes").fetchall()
        assert [name for name, _ in found] == sorted(classes)
        assert [table for _, table in found] == tables
        for number, name in enumerate(classes):
            assert entries_in(database, name) == [(f"p{number}", f"p{number}", 1, {"keyword": [str(number)]})]


@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (["a", 'b"', "c'; DROP TABLE pages", "select", "ä", "Ä"], None),
        (["a\0b", "a\ufffdb"], ["a\ufffdb", "a\ufffdb (2)"]),
        (["rowid", "value", "%title%"], None),
        ([f"c{number}x" for number in range(300)], None),
    ],
)  # fmt: skip
def test_a_key_gives_its_column_its_name_unless_it_is_taken(names: list[str], columns: list[str] | None) -> None:
    body = "\n".join(f"{name}: value of {name}" for name in names)
    with database_of({"p": entry(body, "tool")}) as database:
        found = database.execute("SELECT key, column_name FROM columns ORDER BY position").fetchall()
        assert [column for _, column in found] == (columns or [key for key, _ in found])
        ((*_, values),) = entries_in(database, "tool")
        assert sorted(values) == sorted({Column.parse(name).key for name in names})
        assert all(Column.parse(text.removeprefix("value of ")).key == key for key, (text,) in values.items())


def test_the_table_of_names_says_which_table_has_a_column() -> None:
    with database_of({"p": entry("Size_cm: 1\nLink_pages: a, b", "tool"), "q": entry("size: 2", "tool")}) as database:
        assert list(database.execute("SELECT * FROM columns")) == [
            ("tool", 1, "size", "Size", "", 0, "integer", "size", "tool"),
            ("tool", 2, "link", "Link", "page", 1, "", "link", "tool_link"),
        ]


def test_the_view_joins_many_values_as_json() -> None:
    texts = {"a": entry('tags: x, "y"\nname: Kettle\nns: 1, 2', "tool"), "b": entry("name: Pot", "tool")}
    with database_of(texts) as database:
        rows = database.execute("SELECT page_id, tag, name, n FROM tool_view ORDER BY page_id").fetchall()
        assert rows == [("a", '["x","\\"y\\""]', "Kettle", "[1,2]"), ("b", None, "Pot", None)]


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        (["1", "2.5"], [1, 2.5]), (["9223372036854775807"], [2**63 - 1]), (["true"], [1]), (["007"], ["007"]),
        (["1e400"], ["1e400"]), (["1.50", "2"], ["1.50", "2"]), (["2026-01-02"], ["2026-01-02"]),
        (["", "1"], ["", "1"]),
    ],
)  # fmt: skip
def test_values_are_numbers_only_if_none_changes(values: list[str], stored: list[object]) -> None:
    texts = {f"p{number}": entry(f"a: {value}", "t") for number, value in enumerate(values)}
    with database_of(texts) as database:
        found = [value for (value,) in database.execute("SELECT a FROM t ORDER BY page_id")]
        assert found == stored
        assert list(map(type, found)) == list(map(type, stored))


def test_a_class_with_more_columns_than_sqlite_takes_is_told() -> None:
    said: list[str] = []
    body = "\n".join(f"c{number}x: {number}" for number in range(2000))
    with database_of({"p": entry(body, "wide"), "q": entry("a: 1", "tool")}, said=said) as database:
        assert said == ["no table is written for the class 'wide': it has 2000 columns, and SQLite takes 1996"]
        assert database.execute("SELECT count(*) FROM entries WHERE page_id = 'p'").fetchone() == (2000,)
        assert database.execute("SELECT table_name FROM classes").fetchall() == [("tool",), (None,)]


def test_bytes_that_are_not_utf8_are_kept_apart() -> None:
    ids = "a\udcfc", "a\udcf6", "a\ufffd"
    texts = dict(zip(ids, [entry("gr\udcf6: 1\ngr\udcfc: 2\udcff", "t"), "x\udcff", ""], strict=True))
    with database_of(texts) as database:
        pages = database.execute("SELECT page_id, page_id_bytes, text_bytes FROM pages ORDER BY page_id").fetchall()
        assert pages == [
            ("a\ufffd", None, None),
            ("a\ufffd (2)", b"a\xf6", b"x\xff"),
            ("a\ufffd (3)", b"a\xfc", texts[ids[0]].encode("utf-8", "surrogateescape")),
        ]
        assert entries_in(database, "t") == [
            ("a\ufffd (3)", "a\ufffd", 1, {"gr\ufffd": ["1"], "gr\ufffd (2)": ["2\ufffd"]})
        ]


def convert(*arguments: object) -> tuple[int, str]:
    done = command("convert", "-q", "-f", "sqlite", *arguments)
    return done.returncode, done.stderr


def test_the_command_writes_pages_links_media_and_revisions(tmp_path: Path) -> None:
    target = tmp_path / "wiki.db"
    assert convert(EXAMPLE, "-o", target) == (0, "")
    wiki = dw.Wiki.open(EXAMPLE)
    with sqlite3.connect(target) as database:
        pages = database.execute("SELECT page_id, title, text FROM pages ORDER BY page_id").fetchall()
        assert pages == sorted((page_id, wiki[page_id].title, str(wiki[page_id])) for page_id in wiki)
        links = "SELECT DISTINCT target FROM links WHERE kind = 'page' AND page_id = 'tool:start' AND target <> page_id"
        assert sorted(target for (target,) in database.execute(links)) == sorted(wiki.links("tool:start"))
        found = "SELECT page_id FROM pages WHERE page_number IN (SELECT rowid FROM pages_fts ('prüfung OR backups'))"
        assert database.execute(found).fetchall()
        assert database.execute("SELECT count(*) FROM revisions").fetchone() == (len(wiki),)
        (documented,) = re.findall(r"```sql\n(.*?)```", DOCUMENTED, re.DOTALL)
        for statement in documented.splitlines():
            assert database.execute(statement).fetchall(), statement
    database.close()


def test_a_database_replaces_the_one_before_or_leaves_it(tmp_path: Path) -> None:
    target = tmp_path / "wiki.db"
    target.write_bytes(b"before")
    (tmp_path / "wiki.db-wal").touch()
    code, message = convert(EXAMPLE, "-o", target)
    assert code == 2
    assert "wiki.db-wal shows that a program is writing to it" in message
    assert target.read_bytes() == b"before"
    (tmp_path / "wiki.db-wal").unlink()
    assert convert(EXAMPLE, "-o", target) == (0, "")
    assert target.read_bytes().startswith(b"SQLite format 3")
    assert [path.name for path in tmp_path.iterdir()] == ["wiki.db"]


def test_csv_has_a_file_for_each_class(tmp_path: Path) -> None:
    assert command("convert", "-q", "-f", "csv", EXAMPLE, "-o", tmp_path / "new" / "folder").returncode == 0
    files = {path.name: path.read_bytes().decode() for path in (tmp_path / "new" / "folder").iterdir()}
    wiki = dw.Wiki.open(EXAMPLE)
    assert files == {f"{name}.csv": wiki.entries(name).to_csv() for name in wiki.entry_classes}


def test_csv_is_guarded_and_named_apart(tmp_path: Path) -> None:
    (tmp_path / "wiki").mkdir()
    body = entry('=a: =1+1, x\nbs: -1, "') + entry("a: 1", "no_class CON con")
    (tmp_path / "wiki" / "p.txt").write_text(body)
    assert command("convert", "-q", "-f", "csv", tmp_path / "wiki", "-o", tmp_path / "csv").returncode == 0
    files = {path.name: path.read_bytes().decode() for path in (tmp_path / "csv").iterdir()}
    assert sorted(files) == ["%43%4F%4E.csv", "%63on.csv", "no_class%20%282%29.csv", "no_class.csv"]
    assert files["no_class.csv"] == 'page_id,page_title,entry_number,\'=a,b\r\np,p,1,"\'=1+1, x","\'-1, """\r\n'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the format sqlite requires --output, the file of a database"),
        (["-o", "/dev/null"], "/dev/null: not a file"),
        (["-o", "w.db", "--with", "ast"], "--with is for the parts of records"),
        (["-o", "."], "not a file"),
    ],
)
def test_wrong_use_is_an_error(arguments: list[str], message: str) -> None:
    code, errors = convert(EXAMPLE, *arguments)
    assert code == 2
    assert message in errors
    assert errors.count("\n") == 1


def test_the_tables_and_their_columns_are_documented() -> None:
    documented: dict[str, list[str]] = {}
    for line in DOCUMENTED.splitlines():
        if line.startswith("## "):
            columns = documented[line[3:]] = []
        elif line.startswith("| `"):
            columns.append(line.split("`")[1])
    with database_of({"p": entry("a: 1", "tool")}) as database:
        tables = [table for table, columns in documented.items() if columns]
        assert len(tables) == 8
        for table in tables:
            found = [row[1] for row in database.execute(f"PRAGMA table_info ({table})")]
            assert found == documented[table]
