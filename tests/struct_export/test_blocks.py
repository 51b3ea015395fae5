"""Queries become blocks of the plugin struct, and the report says whether they show the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import dokuwiki_data as dw
from dokuwiki_data.plugins.struct.reader import read_search
from dokuwiki_data.struct_export.blocks import translate
from dokuwiki_data.struct_export.schemas import schemas_of

CASES = yaml.safe_load(Path(__file__).with_name("blocks.yaml").read_text("utf-8"))

ENTRIES = {
    "tools:saw": "name: Saw\nkind: saw\nsize: 7\nowner_page: staff:Ann B",
    "tools:fret": "name: fretsaw\nkind: saw\nsize: 3\nowner_page: staff:bob",
    "tools:jig": "name: Jigsaw\nkind: saw\nsize: 9",
    "tools:awl": "name: Awl\nkind: awl\nsize: 1\nowner_page: staff:ann b",
}


@pytest.fixture(scope="module")
def wiki():
    return dw.Wiki.from_pages(
        dw.parse(f"---- dataentry tool ----\n{fields}\n----\n", page_id=page_id) for page_id, fields in ENTRIES.items()
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


@pytest.mark.parametrize("name", ["a.b", "%pageid", "-a", 'say "hi"', "a, b", "#1", "ä", "*"])
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
