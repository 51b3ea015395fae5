"""`convert --with`: the parts of a record, each as the schema says, from every container and by any worker."""

from __future__ import annotations

import json
import os
import sqlite3
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from helpers import YAML
from hypothesis import given
from jsonschema import Draft202012Validator
from program import run

import dokuwiki_data as dw
from dokuwiki_data import strategies
from dokuwiki_data.conversion import PARTS, convert
from dokuwiki_data.conversion.parts import data
from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.engine.formats.rows import json_rows, rows_as_json
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.record import json_line
from dokuwiki_data.wiki.link_targets import LinkContext, link_records
from dokuwiki_data.wiki.links import LinkRules

VALIDATOR = Draft202012Validator(dw.render.json_schema())
ALWAYS = {"format", "version", "page_id", "title", "modified", "diagnostics"}
KEYS = {part: "content" if part == "ast" else part for part in PARTS}

KETTLE = """====== Kettle ======
See [[start]], [[:none|nothing]], {{pot.png|a pot}} and [[doku>wiki:syntax|there]].
---- dataentry tool ----
name: Kettle
bought_dt: 2024-1-2
odd_dt: yesterday
price_euro: 12
tags: b, a
----
---- datatable ----
cols: %pageid%, name, tags, bought_dt
sort: name
----
---- datatable ----
cols: name
filter: name<<x
----
"""
CHANGES = "1600000000\t1.2.3.4\tC\ttool:kettle\tjoe\tmade it\n1600000500\t1.2.3.5\tE\ttool:kettle\t\tmended\n"
META = (
    'a:2:{s:7:"current";a:0:{}s:10:"persistent";a:4:{s:4:"date";a:1:{s:7:"created";i:1600000000;}s:4:"user";s:3:"joe";'
    's:7:"creator";s:10:"Joe Potter";s:11:"contributor";a:1:{s:3:"ann";s:3:"Ann";}}}'
)


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wiki with histories, media, a store with an alias, and settings."""
    root = tmp_path_factory.mktemp("installation")
    files = {
        "conf/dokuwiki.php": "<?php\n$conf['start'] = 'home';",
        "conf/interwiki.conf": "doku https://www.dokuwiki.org/{NAME}\n",
        "data/pages/tool/kettle.txt": KETTLE,
        "data/pages/tool/start.txt": "---- dataentry tool ----\nname: Another\n----\n[[.:]] [[kettle#top]]",
        "data/pages/tool/home.txt": "nothing",
        "data/media/tool/pot.png": "",
        "data/meta/tool/kettle.changes": CHANGES,
        "data/meta/tool/kettle.meta": META,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (0, 1_600_000_500))
    with closing(sqlite3.connect(root / "data/meta/data.sqlite3")) as store:
        store.execute("CREATE TABLE aliases (name, type, prefix, postfix, enum)")
        store.execute("INSERT INTO aliases VALUES ('euro', 'number', '', ' EUR', '')")
        store.commit()
    return root


def records(source: Path, **options: Any) -> dict[str, dict[str, Any]]:
    return {record["page_id"]: record for record in convert(source, **options)}


@pytest.fixture(scope="module")
def everything(wiki: Path) -> dict[str, dict[str, Any]]:
    return records(wiki, parts=PARTS)


def choices() -> Iterator[tuple[str, ...]]:
    for count in range(len(PARTS) + 1):
        yield from combinations(PARTS, count)


def test_a_record_has_the_parts_that_are_asked_for_and_is_as_the_schema_says(wiki: Path) -> None:
    for parts in choices():
        for record in convert(wiki, parts=reversed(parts)):
            VALIDATOR.validate(record)
            assert record.keys() == ALWAYS | {KEYS[part] for part in parts}


def test_without_a_word_a_record_is_the_page(wiki: Path, everything: dict[str, dict[str, Any]]) -> None:
    for page_id, record in records(wiki).items():
        page = dw.parse(record["text"], page_id=page_id, modified=record["modified"])
        assert record == dw.render.json(page)
        assert record.items() <= everything[page_id].items()


def test_no_other_part(wiki: Path) -> None:
    with pytest.raises(ValueError, match="unknown part 'html'"):
        next(convert(wiki, parts=["text", "html"]))
    done = run("convert", wiki, "--with", "text,html")
    assert done.returncode == 2
    assert b"unknown part 'html'; known: text, ast, data, links, meta, tables" in done.stderr
    with pytest.raises(ValueError, match="parts are a list of names, not the text 'data'"):
        next(convert(wiki, parts="data"))


def test_containers_and_workers_change_nothing(
    wiki: Path, everything: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    with tarfile.open(tmp_path / "wiki.tar.gz", "w:gz") as tar:
        tar.add(wiki, "dokuwiki")
    for source in (wiki, tmp_path / "wiki.tar.gz"):
        assert records(source, parts=PARTS, jobs=2) == everything
        with ThreadPoolExecutor(2) as executor:
            assert records(source, parts=PARTS, executor=executor) == everything


# ---------------------------------------------------------------------------------------------- data


def test_data_is_what_the_plugin_stores(everything: dict[str, dict[str, Any]]) -> None:
    (entry,) = everything["tool:kettle"]["data"]["entries"]
    assert entry["classes"] == ["tool"]
    assert [(field["column"]["key"], field["type"], field["values"]) for field in entry["fields"]] == [
        ("name", "", ["Kettle"]),
        ("bought", "dt", ["2024-01-02"]),
        ("odd", "dt", []),
        ("price", "number", ["12"]),  # as the wiki's alias says
        ("tag", "", ["b", "a"]),
    ]
    queries = everything["tool:kettle"]["data"]["queries"]
    assert [[column["name"] for column in query["query"]["columns"]] for query in queries] == [
        ["%pageid%", "name", "tags", "bought_dt"],
        ["name"],
    ]
    assert everything["tool:home"]["data"] == {"entries": [], "queries": []}


def test_times_are_as_in_iso_8601() -> None:
    page = dw.parse("---- dataentry ----\nat_when: 0\n----\n")
    context = Context(aliases=(TypeAlias("when", "timestamp"),))
    assert data(page, context)["entries"][0]["fields"][0]["values"] == ["1970-01-01T00:00:00Z"]


# --------------------------------------------------------------------------------------------- links


def test_links_lead_where_the_wiki_says(everything: dict[str, dict[str, Any]]) -> None:
    def found(page_id: str) -> list[tuple[object, ...]]:
        names = ("kind", "target", "anchor", "exists", "label", "written")
        return [tuple(link[name] for name in names) for link in everything[page_id]["links"]]

    assert found("tool:kettle") == [
        ("page", "tool:start", None, True, None, "start"),
        ("page", "none", None, False, "nothing", ":none"),
        ("media", "tool:pot.png", None, True, "a pot", "pot.png"),
        ("interwiki", "https://www.dokuwiki.org/wiki:syntax", None, None, "there", "doku>wiki:syntax"),
    ]
    # The wiki's start pages are called home.
    assert found("tool:start") == [
        ("page", "tool:home", None, True, None, ".:"),
        ("page", "tool:kettle", "top", True, None, "kettle#top"),
    ]


AROUND = LinkContext(
    LinkRules(),
    {"go": "https://x.example/?q=", "w": "https://w.example/{NAME}", "u": "https://u.example/{URL}/end",
     "user": ":user:{NAME}", "parts": "{SCHEME}+{HOST}+{PORT}+{PATH}+{QUERY}"},
    frozenset(["user:joe", "a:b"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "kind", "target", "anchor", "exists"),
    [
        ("[[b]]", "page", "a:b", None, True),
        ("[[b?do=edit]]", "page", "a:b", None, True),
        ("[[#Part two]]", "page", "a:page", "part_two", False),
        ("[[go>a b/c#Part]]", "interwiki", "https://x.example/?q=a%20b%2Fc", "Part", None),
        ("[[w>a b|c]]", "interwiki", "https://w.example/a b", None, None),
        ("[[w>50%]]", "interwiki", "https://w.example/50%25", None, None),
        ("[[u>a/b]]", "interwiki", "https://u.example/a%2Fb/end", None, None),
        ("[[user>Joe]]", "page", "user:joe", None, True),
        ("[[parts>http://h.example:8/p?q]]", "interwiki", "http+h.example+8+/p+q", None, None),
        ("[[parts>http://[bad]]", "interwiki", "++80+http://[bad+", None, None),
        ("[[nowiki>x]]", "interwiki", None, None, None),
        ("https://a.example", "external", "https://a.example", None, None),
        ("<a@b.example>", "email", "a@b.example", None, None),
        (r"[[\\host\share]]", "share", r"\\host\share", None, None),
        ("{{:c.png}}", "media", "c.png", None, None),
        ("{{https://a.example/b.png}}", "external-media", "https://a.example/b.png", None, None),
    ],
)
def test_a_link_of_every_kind(
    markup: str, kind: str, target: str | None, anchor: str | None, exists: bool | None
) -> None:
    (link,) = link_records(dw.parse(markup, page_id="a:page"), AROUND)
    assert (link["kind"], link["target"], link["anchor"], link["exists"]) == (kind, target, anchor, exists)
    assert link["span"] == [0, len(markup)]


def test_an_image_in_a_link_is_there_beside_it() -> None:
    found = link_records(dw.parse("[[b|{{c.png|pot}}]]", page_id="a:page"), AROUND)
    assert [(link["kind"], link["label"]) for link in found] == [("page", "pot"), ("media", "pot")]


# ---------------------------------------------------------------------------------------------- meta


def test_meta_is_what_the_history_and_the_meta_file_say(everything: dict[str, dict[str, Any]]) -> None:
    assert everything["tool:kettle"]["meta"] == {
        "created": 1_600_000_000,
        "modified": 1_600_000_500,
        "author": "1.2.3.5",
        "creator": "joe",
        "creator_name": "Joe Potter",
        "contributors": ["joe", "1.2.3.5", "ann"],
        "summary": "mended",
    }
    assert everything["tool:home"]["meta"] == {
        "created": None, "modified": 1_600_000_500, "author": None, "creator": None, "creator_name": None,
        "contributors": [], "summary": None,
    }  # fmt: skip


def test_a_damaged_meta_file_is_reported_and_the_page_is_there(tmp_path: Path) -> None:
    for name, text in (("pages/a.txt", "a"), ("meta/a.meta", "a:1:{"), ("meta/a.changes", CHANGES)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    lost: list[Exception] = []
    (record,) = convert(tmp_path, parts=["meta"], report=lost.append)
    assert record["meta"]["created"] == 1_600_000_000
    assert ["a.meta: no metadata" in str(error) for error in lost] == [True]


# -------------------------------------------------------------------------------------------- tables


def test_tables_are_what_queries_show_over_the_whole_wiki(everything: dict[str, dict[str, Any]]) -> None:
    first, second = everything["tool:kettle"]["tables"]
    assert first["labels"] == ["Title", "name", "tag", "bought"]
    assert first["rows"] == [
        {"Title": "tool:start", "name": "Another", "tag": [], "bought": None},
        {"Title": "tool:kettle", "name": "Kettle", "tag": ["b", "a"], "bought": "2024-01-02"},
    ]
    assert KETTLE[slice(*first["span"])].startswith("---- datatable ----\ncols: %pageid%")
    assert (second["rows"], second["error"]) == ([], "unknown operator '<<'")
    assert everything["tool:home"]["tables"] == []


def test_tables_hold_nothing_of_pages_that_may_not_be_read(tmp_path: Path) -> None:
    entry = "---- dataentry ----\nname: {}\n----\n"
    for name, text in (
        ("conf/dokuwiki.php", "<?php $conf['useacl'] = 1;"),
        ("conf/acl.auth.php", "*\t@ALL\t1\nsecret\t@ALL\t0\n"),
        ("data/pages/secret.txt", entry.format("treasure")),
        ("data/pages/open.txt", entry.format("cup") + "---- datatable ----\ncols: name\n----\n[[secret]]"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    options = ["--with", "links,tables", "--readable-by", "@ALL", "--report", tmp_path / "report.json"]
    done = run("convert", tmp_path, *options)
    assert done.returncode == 0
    (record,) = map(json.loads, done.stdout.splitlines())
    assert record["tables"][0]["rows"] == [{"name": "cup"}]
    assert [link["exists"] for link in record["links"]] == [False]
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["pages"], report["left_out"], report["not_readable"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("rules", "who", "found"),
    [
        ("*\t@ALL\t1\nshut:*\t@ALL\t0\n", "@ALL", [True, False, False]),
        ("*\t@ALL\t1\nshut:*\t@ALL\t0\nshut:*\tann\t1\n", "ann", [True, True, True]),
        ("*\t@ALL\t1\nshut:*\t@ALL\t0\nshut:in:*\t@ALL\t1\n", "@ALL", [True, False, True]),
        ("*\t@ALL\t0\na\t@ALL\t1\nshut:*\t@ALL\t1\nshut:in:*\t@ALL\t0\n", "@ALL", [False, True, False]),
        ("*\t@ALL\t1\nshut:x.png\t@ALL\t0\n", "@ALL", [True, True, True]),  # a file has no rule of its own
    ],
)
def test_media_of_a_closed_namespace_are_not_there(tmp_path: Path, rules: str, who: str, found: list[bool]) -> None:
    """For records and for tables of Parquet; links to closed pages and deleted ones are the same."""
    media = ("x.png", "shut:x.png", "shut:in:x.png")
    for name, text in (
        ("conf/dokuwiki.php", "<?php $conf['useacl'] = 1;"),
        ("conf/acl.auth.php", rules),
        ("data/pages/a.txt", "".join(f"{{{{:{name}}}}} {{{{:{name}?linkonly}}}}" for name in media)),
        *((f"data/media/{name.replace(':', '/')}", "") for name in media),
    ):
        (tmp_path / "wiki" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "wiki" / name).write_text(text)
    options = [tmp_path / "wiki", "--readable-by", who]
    done = run("convert", *options, "--with", "links")
    assert done.returncode == 0
    (record,) = map(json.loads, done.stdout.splitlines())
    assert [link["exists"] for link in record["links"]] == [exists for exists in found for _ in range(2)]
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    assert run("convert", *options, "-f", "parquet", "-o", tmp_path / "out").returncode == 0
    rows = duckdb.execute(f"SELECT target, \"exists\" FROM '{tmp_path}/out/links/*/*.parquet'").fetchall()
    assert dict(rows) == dict(zip(media, found, strict=True))


ODD = """---- dataentry ----
name: b“é
made_timestamp: 1600000000
many: x\x9b, 2, \udcff
page_pages: a:b
----
---- datatable ----
cols: name, name_, made_timestamp, many, page_pages, %lastmod%
----
---- datacloud ----
cols: many
----
---- datarelated ----
cols: many
----
---- datatable ----
cols: name
filter: name = nothing
----
"""


def test_every_format_has_the_same_tables(tmp_path: Path) -> None:
    """The tables of text formats are written as they are made; those of Parquet come with the record."""
    yaml, parquet = pytest.importorskip("yaml"), pytest.importorskip("pyarrow.parquet")
    for name, text in {"b": ODD, "a": ODD.replace("2,", "3,"), "none": "no query"}.items():
        (tmp_path / "pages").mkdir(exist_ok=True)
        (tmp_path / "pages" / f"{name}.txt").write_bytes(text.encode("utf-8", "surrogateescape"))
    written = {
        format_: run("convert", tmp_path / "pages", "--with", "tables", "--format", format_).stdout
        for format_ in ("jsonl", "json", "yaml")
    }
    run("convert", tmp_path / "pages", "--with", "tables", "--format", "parquet", "-o", tmp_path / "set")
    records = [json.loads(line) for line in written["jsonl"].splitlines()]
    assert [len(record["tables"]) for record in records] == [4, 4, 0]
    assert [as_json(record).encode() for record in records] == written["jsonl"].splitlines()
    assert json.loads(written["json"]) == records
    assert list(yaml.load_all(written["yaml"].decode(), YAML)) == records
    assert list(convert(tmp_path / "pages", parts=["tables"])) == records
    (file,) = tmp_path.glob("set/pages/**/*.parquet")
    assert list(map(json.loads, parquet.read_table(file)["record"].to_pylist())) == records


@given(strategies.wikis_with_queries())
def test_rows_are_written_as_the_values_that_they_are(made: tuple[tuple[dw.Page, ...], dw.Query]) -> None:
    pages, query = made
    table = dw.Wiki.from_pages(pages).evaluate(query)
    assert f"[{''.join(rows_as_json(table))}]" == as_json(json_rows(table))


# ------------------------------------------------------------------------ the quick way to the same JSON


@given(strategies.pages())
def test_lines_are_those_of_the_record(page: dw.Page) -> None:
    more = {"data": data(page, Context()), "links": link_records(page, AROUND), "number": 1.5, "odd": "\udcff\x9b"}
    for parts in ((), ("text",), ("ast",)):
        assert json_line(page, parts, more) == as_json(dw.render.json(page, parts, more))
