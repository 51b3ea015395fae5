"""Queries become blocks of the plugin struct, and the report says whether they show the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import dokuwiki_data as dw
from dokuwiki_data.plugins.struct.reader import read_search
from dokuwiki_data.struct_export.blocks import translate
from dokuwiki_data.struct_export.given_schemas import given_schemas
from dokuwiki_data.struct_export.schemas import schemas_of

CASES = yaml.safe_load(Path(__file__).with_name("blocks.yaml").read_text("utf-8"))

ENTRIES = {
    "tools:saw": "name: Saw\nkind: saw\nsize: 7\nowner_page: staff:Ann B",
    "tools:fret": "name: fretsaw\nkind: saw\nsize: 3\nowner_page: staff:bob",
    "tools:jig": "name: Jigsaw\nkind: saw\nsize: 9\nstate:",
    "tools:awl": "name: Awl\nkind: awl\nsize: 1\nowner_page: staff:ann b",
}


@pytest.fixture(scope="module")
def wiki():
    return dw.Wiki.from_pages(
        dw.parse(f"====== Tool ======\n---- dataentry tool ----\n{fields}\n----\n", page_id=page_id)
        for page_id, fields in ENTRIES.items()
    )


def translated(wiki, query):
    context = wiki.context()
    schemas = list(schemas_of(wiki.stored_entries(context), context))
    return translate(query, schemas, context, lambda query: wiki.evaluate(query, context=context))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_a_query_becomes_a_block(wiki, case):
    block = translated(wiki, dw.Query.parse(case["query"], case.get("kind", "table")))
    assert (block.state, block.text) == (case["state"], case.get("block"))
    assert "; ".join(block.differences) == case.get("how", "")
    assert block.reason == case.get("why", "")


@pytest.mark.parametrize("case", [case for case in CASES if "struct_shows" in case], ids=lambda case: case["title"])
def test_exact_blocks_show_what_the_query_shows(wiki, case):
    shown = [row.page_id for row in wiki.evaluate(case["query"])]
    assert (case["struct_shows"] == shown) == (case["state"] == "exact")


def test_the_rows_of_a_block_must_be_in_one_schema():
    pages = [dw.parse(f"---- dataentry {name} ----\na: 1\n----\n", page_id=name) for name in ("x", "y")]
    block = translated(dw.Wiki.from_pages(pages), dw.Query.parse("cols: a"))
    assert block.reason == "its rows are in several schemas: x, y"


@pytest.mark.parametrize("name", ["a.b", "%pageid", "-a", 'say "hi"', "a, b", "#1", "ä", "*a"])
def test_a_column_keeps_its_meaning_whatever_its_name(name):
    pages = [dw.parse(f"---- dataentry x ----\n{name.replace('#', chr(92) + '#')}: 1\nb: 2\n----\n", page_id="p")]
    wiki = dw.Wiki.from_pages(pages)
    (field, _) = wiki["p"].entries[0].fields
    query = dw.Query(columns=(field.column,))
    block = translated(wiki, query)
    assert block.state == "exact"
    search, problems = read_search(block.text, block.text.index("\n") + 1)
    assert not problems
    assert str(search.columns[0]).removeprefix("x.") == field.column.title.replace('"', "_")


def wiki_with(*entries):
    return dw.Wiki.from_pages(
        dw.parse(f"====== x ======\n---- dataentry x ----\n{fields}\n----\n", page_id=f"p{number}")
        for number, fields in enumerate(entries)
    )


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("cols: kind; filter: sizes != 1; filter: sizes != 2", r"size =* ^(?!1$)(?!2$)(?!$)"),
        ("cols: kind; filter: sizes = 1.5; filter: sizes !~ 2*", r"size =* ^(?=1\.5$)(?!(?i:2.*)$)"),
        ("cols: kind; filter: sizes ~~ 1,4; filter: sizes *~ 4", r"size =* ^(?=(?:1|4)$)(?=(?i:.*4.*)$)"),
    ],
)
def test_one_value_passes_all_filters_of_a_column(query, written):
    wiki = wiki_with("kind: a\nsizes: 1, 2, 3", "kind: a\nsizes: 3, 4, 1.5, 1", "kind: b\nsizes: 1", "kind: b")
    block = translated(wiki, dw.Query.parse(query, "cloud"))
    assert (block.state, block.text.splitlines()[3]) == ("exact", f"filter  : {written}")


def test_clouds_have_a_least_count_instead_of_a_limit():
    wiki = wiki_with("kind: a", "kind: a", "kind: a", "kind: b", "kind: b", "kind: c", "kind: d")
    block = translated(wiki, dw.Query.parse("cols: kind; limit: 2", "cloud"))
    assert (block.state, block.text.splitlines()[3]) == ("exact", "min     : 2")
    block = translated(wiki, dw.Query.parse("cols: kind; limit: 3", "cloud"))
    assert (block.state, block.text.splitlines()[3]) == ("differs", "min     : 1")
    assert block.differences == ("struct also shows the values that are as frequent as the last one in the limit",)


def test_an_empty_value_of_a_cloud_is_a_note():
    block = translated(wiki_with("kind: a", "kind:\nname: x"), dw.Query.parse("cols: kind", "cloud"))
    assert (block.state, len(block.notes)) == ("exact", 1)


def test_a_title_has_no_namespace_without_a_heading():
    pages = [dw.parse("---- dataentry x ----\na: 1\n----\n", page_id=page_id) for page_id in ("p", "n:p")]
    block = translated(dw.Wiki.from_pages(pages), dw.Query.parse("cols: %title%, a"))
    assert block.differences == ("a page without a heading has no namespace in its title, as n:p",)


def test_a_schema_of_several_classes_has_a_column_with_the_class():
    pages = [dw.parse(f"---- dataentry {name} ----\na: 1\n----\n", page_id=name) for name in ("x", "y", "z")]
    wiki = dw.Wiki.from_pages(pages)
    context = wiki.context()
    schemas = list(schemas_of(wiki.stored_entries(context), context, given_schemas({"all": ["*"]})))
    query = dw.Query.parse("cols: a, %class%; filter: %class% != y; sort: ^%class%")
    block = translate(query, schemas, context, lambda query: wiki.evaluate(query, context=context))
    assert (block.state, block.text.splitlines()[2:6]) == (
        "exact",
        ["cols    : a, Class", 'headers : "a", "Page Class"', "filter  : Class != y", "sort    : ^Class"],
    )
    assert [column.values(entry) for column in schemas[0].columns for entry in schemas[0].entries.values()][3:] == [
        ["x"], ["y"], ["z"],
    ]  # fmt: skip
