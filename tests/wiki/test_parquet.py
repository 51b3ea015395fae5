"""Wikis as Parquet: nothing lost, several in one folder, each complete or as it was before."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from program import run_text as command

import dokuwiki_data as dw
from dokuwiki_data import strategies as dws
from dokuwiki_data.conversion import ConversionOptions, all_states, convert_pages, current_states, text_writer
from dokuwiki_data.dataset.folder import (
    CLASSES,
    name_of_wiki,
    partition_of,
    read_metadata,
    replacing_wiki,
    wiki_metadata,
    wikis_in,
)
from dokuwiki_data.dataset.tables import TABLES, names_of, schema_of
from dokuwiki_data.dataset.writing import write_dataset
from dokuwiki_data.engine.context import TypeAlias
from dokuwiki_data.errors import OutputError, SourceError
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import open_source, source_of_files, source_of_texts
from dokuwiki_data.wiki.sources.source import WikiSource

if importlib.util.find_spec("duckdb") is None or importlib.util.find_spec("pyarrow") is None:
    pytest.skip("needs the extras duckdb and parquet", allow_module_level=True)

import pyarrow.parquet

from dokuwiki_data.dataset.reading import Dataset

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "wiki"

ODD = {
    "a": "====== 0 ======\n---- dataentry x y ----\nname: one # said\nname: two\ntags_s: a, b,, a\nempty:\n----\n",
    "b:two": "---- dataentry ----\n\n----\n\n---- dataentry last ----\n"
    "w%user%_dt: 2026-02-30\nday_dt: 2026-2-3\nn: 1e3\n----\n",
    "b:bad": "====== \udcff ======\n[[a|\udcfe]] [[.:two#Part]] {{a.png}}\n---- dataentry ----\nname: \udcff\n----\n",
    "c": "no entry, [[nowhere]] and https://example.org/",
    "d": "",
}  # fmt: skip


def write(source: WikiSource, folder: Path, name: str = "w", **how: Any) -> None:
    files = source.pages(pytest.fail)
    states = how.pop("states", None) or current_states(files)
    options = ConversionOptions(pages=files, **how)
    for _ in write_dataset(source, states, folder, name, pytest.fail, options):
        pass


def tables(folder: Path, name: str = "w") -> dict[str, list[dict[str, Any]]]:
    """All rows, in the order of the files."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        parts = sorted((folder / table / partition_of(name)).glob("*.parquet"))
        found[table] = [
            row for part in parts for row in pyarrow.parquet.read_table(part, partitioning=None).to_pylist()
        ]
    return found


def test_the_tables_say_what_they_are(tmp_path: Path) -> None:
    write(source_of_texts(ODD), tmp_path)
    for table in TABLES:
        (part,) = (tmp_path / table / "wiki=w").iterdir()
        schema = pyarrow.parquet.read_schema(part)
        assert schema.names == names_of(table)
        assert schema.equals(schema_of(table))
        assert schema.metadata[b"format"] == b"dokuwiki-data/dataset"
        assert (schema.metadata[b"version"], schema.metadata[b"table"]) == (b"1", table.encode())


def test_pages_come_back_to_the_last_byte(tmp_path: Path) -> None:
    source = source_of_texts(ODD, {"a": 1_600_000_000, "c": 10**17, "d": -(10**11)})
    write(source, tmp_path)
    pages = [page for _, page in Dataset(tmp_path).pages()]
    assert [(page.page_id, str(page), page.modified) for page in pages] == [
        (file.page_id, ODD[file.page_id], file.modified) for file in source.pages(pytest.fail)
    ]
    assert Dataset(tmp_path).find("b:two") == {"w": dw.parse(ODD["b:two"], page_id="b:two")}


def test_a_name_that_is_not_utf8_comes_back(tmp_path: Path) -> None:
    texts = {"n" + character: f"---- dataentry ----\nname: {ord(character):x}\n----\n" for character in "\udcff\udcfe"}
    write(source_of_texts(texts), tmp_path)
    dataset = Dataset(tmp_path)
    assert {page.page_id: str(page) for _, page in dataset.pages()} == texts
    table = dataset.evaluate(dw.Query.parse("cols: %pageid%, name"))
    assert [row.cells for row in table] == [(("n\udcfe",), ("dcfe",)), (("n\udcff",), ("dcff",))]


@settings(max_examples=25)
@given(dws.wiki_pages())
def test_entries_are_rebuilt_from_their_rows(pages: list[dw.Page]) -> None:
    texts = {page.page_id: str(page) for page in pages}
    with tempfile.TemporaryDirectory() as folder:
        write(source_of_texts(texts), Path(folder))
        rows = tables(Path(folder))["entries"]
    for page_id, text in texts.items():
        page = dw.parse(text, page_id=page_id)
        assert rebuilt([row for row in rows if row["page_id"] == page_id]) == [
            (entry.class_name, [(field.column.name, field.values, field.comment) for field in entry.fields])
            for entry in page.entries
        ]
        for row in rows:
            if row["page_id"] == page_id and row["value"] is not None:
                assert text[row["start"] : row["end"]].replace("\\#", "#") == row["value"]


def rebuilt(rows: list[dict[str, Any]]) -> list[tuple[str, list[tuple[str, tuple[str, ...], str | None]]]]:
    entries: dict[int, tuple[str, dict[int, tuple[str, list[str], str | None]]]] = {}
    for row in rows:
        fields = entries.setdefault(row["entry"], (row["class_name"], {}))[1]
        if row["field"] is not None:
            values = fields.setdefault(row["field"], (row["column"], [], row["comment"]))[1]
            values += [] if row["value"] is None else [row["value"]]
    return [
        (class_name, [(column, tuple(values), comment) for column, values, comment in fields.values()])
        for class_name, fields in entries.values()
    ]


def test_values_are_typed(tmp_path: Path) -> None:
    write(source_of_texts(ODD), tmp_path)
    rows = {(row["key"], row["value"]): row for row in tables(tmp_path)["entries"] if row["page_id"] == "b:two"}
    assert str(rows["day", "2026-2-3"]["date"]) == "2026-02-03"
    assert rows["day", "2026-2-3"]["stored"] == "2026-02-03"
    assert rows["w%user%", "2026-02-30"]["date"] is None
    assert rows["n", "1e3"]["number"] == 1000.0
    assert [row["is_last"] for row in rows.values()] == [False, True, True, True]


def test_links_say_where_they_lead(tmp_path: Path) -> None:
    write(source_of_texts(ODD), tmp_path)
    found = [
        (row["page_id"], row["kind"], row["target"], row["anchor"], row["exists"]) for row in tables(tmp_path)["links"]
    ]
    assert found == [
        ("b:bad", "page", "b:a", None, False),
        ("b:bad", "page", "b:two", "part", True),
        ("b:bad", "media", "b:a.png", None, None),
        ("c", "page", "nowhere", None, False),
        ("c", "external", "https://example.org/", None, None),
    ]


def history() -> WikiSource:
    """A page with an old state that is kept and one that is not, and a page that was deleted."""
    files = {
        "data/pages/a.txt": "now",
        "data/meta/a.changes": "100\t1.2.3.4\tC\ta\tann\tbegun\t\t7\n200\t::1\tE\ta\t\t\t\t-3\n"
        "300\t::1\te\ta\tbob\tall\t\n",
        "data/attic/a.100.txt": "---- dataentry ----\nname: old\n----\n",
        "data/attic/gone.50.txt": "gone \udcff",
        "conf/local.php": "<?php\n$conf['useheading'] = 1;\n",
    }  # fmt: skip
    return source_of_files(MemoryFiles(files, {"data/pages/a.txt": 300}))


def test_every_state_that_is_known_has_a_row(tmp_path: Path) -> None:
    write(history(), tmp_path)
    found = [
        (row["page_id"], row["time_seconds"], row["user"], row["ip"], row["kind"], row["size_change"], row["is_kept"])
        for row in tables(tmp_path)["revisions"]
    ]
    assert found == [
        ("a", 100, "ann", "1.2.3.4", "C", 7, True),
        ("a", 200, "", "::1", "E", -3, False),
        ("a", 300, "bob", "::1", "e", None, True),
    ]


def test_old_states_have_their_texts_if_they_are_asked_for(tmp_path: Path) -> None:
    source = history()
    states = all_states(source, source.pages(pytest.fail), lambda page_id: True, pytest.fail)
    write(source, tmp_path, states=states, revisions=True)
    rows = tables(tmp_path)
    assert [(row["page_id"], row["time_seconds"], row["text"], row["text_bytes"]) for row in rows["revisions"]] == [
        ("a", 100, "---- dataentry ----\nname: old\n----\n", None),
        ("a", 200, None, None),
        ("a", 300, None, None),
        ("gone", 50, "gone \ufffd", b"gone \xff"),
    ]
    assert json.loads(rows["revisions"][0]["record"])["revision"] == 100
    assert [row["page_id"] for row in rows["pages"]] == ["a"]
    assert rows["entries"] == []


def test_settings_and_types_are_kept() -> None:
    context = dw.Context(aliases=(TypeAlias("t", "page", "a:"),), labels={"x": "X\udcff"}, useheading=True)
    syntax = dw.Syntax(camelcase=True, interwiki=(("wp", "https://example.org/{NAME}"),), smileys=())
    about = read_metadata(wiki_metadata(syntax, context))
    assert about.syntax == syntax
    assert dw.Context(**about.settings) == dw.Context(aliases=context.aliases, labels={"x": "X\ufffd"}, useheading=True)


def test_answers_follow_the_wikis_own_settings(tmp_path: Path) -> None:
    write(history(), tmp_path, "one")
    assert Dataset(tmp_path).context().useheading
    write(source_of_texts(ODD), tmp_path, "two")
    both = Dataset(tmp_path)
    assert not both.have_same_settings
    assert both.context() == dw.Context()


@pytest.mark.parametrize("how", ["one", "two", "threads", "archive"])
def test_the_order_of_rows_is_the_same_whoever_works(how: str, tmp_path: Path, many: Path) -> None:
    source = open_source(many, pytest.fail)
    expected = b""
    for done in convert_pages(
        source, current_states(source.pages(pytest.fail)), text_writer("jsonl", ("text", "ast")), pytest.fail
    ):
        expected += done.output
    if how == "threads":
        with ThreadPoolExecutor(3) as executor:
            write(source, tmp_path, executor=executor, jobs=3)
    elif how == "archive":
        subprocess.run(["tar", "-cf", tmp_path / "a.tar", "-C", many.parent, many.name], check=True)
        write(open_source(tmp_path / "a.tar", pytest.fail), tmp_path)
    else:
        write(source, tmp_path, jobs=1 + (how == "two"))
    rows = tables(tmp_path)
    assert "".join(row["record"] + "\n" for row in rows["pages"]).encode() == expected
    assert len(list((tmp_path / "pages" / "wiki=w").iterdir())) == 5
    for table in ("entries", "links", "revisions"):
        assert [row["page_id"] for row in rows[table]] == sorted(row["page_id"] for row in rows[table])
        assert len(rows[table]) >= 1100


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = tmp_path_factory.mktemp("many") / "pages"
    pages.mkdir()
    for number in range(1100):
        path = pages / f"p{number}.txt"
        path.write_text(f"[[a]]\n---- dataentry ----\nn: {number}\n----\n")
        os.utime(path, (0, number))
    return pages


def test_the_tables_of_a_page_are_text_as_soon_as_they_are_made(tmp_path: Path) -> None:
    """As values they would take twice the memory."""
    texts = {f"p{number}": f"---- dataentry ----\nname: name {number}\n----\n" for number in range(100)}
    texts["all"] = "---- datatable ----\ncols: %pageid%, name\n----\n" * 100
    source = source_of_texts(texts)
    write(source, tmp_path, parts=["tables"])  # so that nothing is imported or cached below
    tracemalloc.start()
    write(source, tmp_path, parts=["tables"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    record = next(row["record"] for row in tables(tmp_path)["pages"] if row["page_id"] == "all")
    assert len(json.loads(record)["tables"]) == len(json.loads(record)["tables"][0]["rows"]) == 100
    assert peak < 5 * len(record)


HOSTILE = ["a/b", "..", ".", "2024", "NULL", "é ü=%41", "a%2Fb", "x=y", 'it\'s "q"\n', "[a]*?", "wiki=x", "C:\\x", "-"]


def test_any_name_is_the_name_of_a_wiki(tmp_path: Path) -> None:
    folder = tmp_path / "od[d]*"
    for name in HOSTILE:
        write(source_of_texts({"p": f"---- dataentry ----\nname: {json.dumps(name)}\n----\n"}), folder, name)
    assert set(wikis_in(folder)) == set(HOSTILE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["od[d]*"]
    assert {path.parent.parent for path in folder.glob("*/*/*")} == {
        *(folder / table for table in TABLES),
        folder / CLASSES,
    }
    table = Dataset(folder).evaluate(dw.Query.parse("cols: %wiki%, name"))
    assert {json.loads(row.cells[1][0]): row.cells[0][0] for row in table} == {name: name for name in HOSTILE}


@pytest.mark.parametrize("name", ["", "__HIVE_DEFAULT_PARTITION__", "x" * 300])
def test_some_names_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError), replacing_wiki(tmp_path / "d", name):
        pytest.fail("refused before anything is made")
    assert not (tmp_path / "d").exists()


def test_a_wiki_is_called_as_its_place_is() -> None:
    places = {
        "/a/lede-dump.tar.xz": "lede-dump",
        "/a/wiki/data/pages": "wiki",
        "/srv/docs/": "docs",
        "/x/a.b.zip": "a.b",
    }
    assert {place: name_of_wiki(Path(place)) for place in places} == places


def test_a_second_run_replaces_its_own_wiki_alone(tmp_path: Path) -> None:
    write(source_of_texts({"a": "one"}), tmp_path, "one")
    write(source_of_texts({"a": "two", "b": "gone"}), tmp_path, "two")
    kept = tmp_path / "pages" / "wiki=one" / "part-00000.parquet"
    before = kept.stat()
    write(source_of_texts({"a": "again"}), tmp_path, "two")
    assert [(wiki, str(page)) for wiki, page in Dataset(tmp_path).pages()] == [("one", "one"), ("two", "again")]
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((*TABLES, CLASSES))


def test_an_unfinished_run_leaves_what_was_there(tmp_path: Path) -> None:
    write(source_of_texts({"a": "one"}), tmp_path)
    with pytest.raises(OutputError, match="no space left"), replacing_wiki(tmp_path, "w"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert [str(page) for _, page in Dataset(tmp_path).pages()] == ["one"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted((*TABLES, CLASSES))


def test_if_one_table_cannot_take_its_place_the_others_go_back(tmp_path: Path) -> None:
    write(source_of_texts({"a": "one"}), tmp_path)
    last = tmp_path / list(TABLES)[-1]
    (last / "wiki=w").rename(tmp_path / "elsewhere")
    last.rmdir()
    last.write_text("a file")
    with pytest.raises(OutputError):
        write(source_of_texts({"b": "two"}), tmp_path)
    last.unlink()
    last.mkdir()
    (tmp_path / "elsewhere").rename(last / "wiki=w")
    assert [str(page) for _, page in Dataset(tmp_path).pages()] == ["one"]


def test_no_link_to_another_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "entries").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="entries: not followed, since it is a link"):
        write(source_of_texts({"a": "one"}), tmp_path / "d")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert wikis_in(tmp_path / "d") == []


def test_what_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="contains no wikis as Parquet"):
        Dataset(tmp_path)
    write(source_of_texts({"a": "one"}), tmp_path)
    with pytest.raises(SourceError, match="has no wiki 'x'"):
        Dataset(tmp_path, ["x"])
    (part,) = (tmp_path / "pages" / "wiki=w").iterdir()
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), part)
    with pytest.raises(SourceError, match="was not written by this version"):
        Dataset(tmp_path)


@pytest.mark.parametrize("table", TABLES)
def test_files_that_are_broken_or_missing_are_one_line(table: str, tmp_path: Path) -> None:
    write(source_of_texts(ODD), tmp_path)
    (part,) = (tmp_path / table / "wiki=w").iterdir()
    part.write_bytes(part.read_bytes()[:-20])
    asked = dw.Query.parse("cols: name")
    with pytest.raises(SourceError, match=r"part-00000\.parquet"):
        Dataset(tmp_path).evaluate(asked)
    part.unlink()
    with pytest.raises(SourceError, match=r"no wikis|some tables of .* are missing"):
        Dataset(tmp_path)


def test_the_command_converts_and_asks(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert command("convert", EXAMPLE, "-f", "parquet", "-o", tmp_path, "--wiki", name).returncode == 0
    asked = "cols: name; filter: maturity >= 4; sort: name"
    alone = command("query", EXAMPLE, asked, "-f", "csv").stdout.splitlines()
    one = command("query", tmp_path, asked, "-f", "csv", "--wiki", "one")
    assert (one.returncode, one.stdout.splitlines()) == (0, alone)
    both = command("query", tmp_path, asked, "-f", "csv")
    assert both.stdout.splitlines()[0] == "name,%wiki%"
    assert sorted(both.stdout.splitlines()[1:]) == sorted(
        f"{row},{name}" for row in alone[1:] for name in ("one", "two")
    )
    assert "Condition: maturity" in command("query", tmp_path, asked, "--explain").stdout
    page = command("query", tmp_path, "--page", "start", "--wiki", "two", "-f", "csv").stdout
    assert page == command("query", EXAMPLE, "--page", "start", "-f", "csv").stdout
    assert page == command("query", tmp_path, "--page", "Start", "--wiki", "two", "-f", "csv").stdout
    assert "several wikis have this page" in command("query", tmp_path, "--page", "start").stderr
    for arguments in (["convert", tmp_path], ["check", tmp_path], ["tables", tmp_path, "-o", tmp_path / "out"]):
        done = command(*arguments)
        line = f"dokuwiki-data: {tmp_path}: contains wikis as Parquet, which only query can read\n"
        assert (done.returncode, done.stderr) == (2, line)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["convert", EXAMPLE, "-f", "parquet"], "requires --output"),
        (["convert", EXAMPLE, "--wiki", "a"], "--wiki requires the format parquet"),
        (["convert", EXAMPLE, "-f", "parquet", "-o", __file__], "test_parquet.py: is not a folder"),
        (["query", EXAMPLE, "cols: a", "--wiki", "a"], "--wiki requires a folder of wikis"),
    ],
)
def test_wrong_use_is_one_line(arguments: list[object], message: str) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert message in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("library", "extra", "arguments"),
    [
        ("pyarrow", "parquet", ["convert", EXAMPLE, "-q", "-f", "parquet", "-o", "OUTPUT"]),
        ("duckdb", "duckdb", ["query", "DATASET", "cols: a"]),
        ("distributed", "dask", ["convert", EXAMPLE, "-q", "--scheduler", "tcp://127.0.0.1:1"]),
    ],
)
def test_a_missing_extra_is_said(library: str, extra: str, arguments: list[object], tmp_path: Path) -> None:
    write(source_of_texts({"a": "one"}), tmp_path / "dataset")
    places = {"OUTPUT": str(tmp_path / "output"), "DATASET": str(tmp_path / "dataset")}
    chosen = [places.get(str(argument), str(argument)) for argument in arguments]
    code = (
        f"import sys; sys.modules[{library!r}] = None; "
        f"from dokuwiki_data.command.main import main; sys.exit(main({chosen!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == f"dokuwiki-data: this needs {library}: pip install 'dokuwiki-data[{extra}]'\n"
    assert not (tmp_path / "output").exists()
