"""The struct plugin's searches: what each line says, what the plugin itself makes of them, and what is wrong."""

import json
from pathlib import Path

import pytest
from plugin_cases import read

from dokuwiki_data.ids import clean_id
from dokuwiki_data.plugins.struct import StructSearch, StructValue
from dokuwiki_data.plugins.struct.search import SchemaColumn

SEARCHES = [
    json.loads(line) for line in Path(__file__).with_name("struct_searches.jsonl").read_text("utf-8").splitlines()
]


def search_in(text):
    (node,) = read(text, "struct").find_all(StructSearch, StructValue)
    return node


def as_the_plugin_has_it(search):
    """A search as the plugin's own configuration: lists filled up to the number of columns, special classes."""

    def filled(values):
        return [*values, *[None] * (len(search.columns) - len(values))]

    return {
        "limit": search.limit or 0,
        "dynfilters": search.dynfilters,
        "summarize": search.summarize,
        "rownumbers": search.rownumbers,
        "sepbyheaders": search.sepbyheaders,
        "target": clean_id(search.target),
        "align": filled(search.align),
        "headers": filled(search.headers),
        "cols": [column.name for column in search.columns],
        "widths": list(search.widths),
        "filter": [[one.column.name, one.operator, one.value, one.logic] for one in search.filters],
        "schemas": [[schema.name, schema.alias] for schema in search.schemas],
        "sort": [[sort.column.name, not sort.descending] for sort in search.sort],
        "csv": search.csv,
        "nesting": search.nesting,
        "index": search.index,
        "classes": [f"struct-custom-{name}" for name in search.classes],
        "actcol": search.action_column,
        "min": search.minimum,
    }


def with_our_names(config):
    """The plugin's configuration with one spelling for each operator, and what it leaves out."""
    spelled = {"<>": "!=", " IN ": "IN"}
    filters = [[name, spelled.get(operator, operator), *rest] for name, operator, *rest in config["filter"]]
    return {"rownumbers": False, "min": 0, **config, "filter": filters}


@pytest.mark.parametrize("case", SEARCHES, ids=lambda case: case["text"][:60])
def test_a_search_is_what_the_plugin_makes_of_it(case):
    node = search_in(case["text"])
    if case["config"] is None:
        assert node.problems
    else:
        said, recorded = as_the_plugin_has_it(node.search), with_our_names(case["config"])
        if getattr(node, "kind", "") in ("global", "lookup", "serial") and recorded["cols"] == ["*"]:
            # The plugin fills up before it takes all columns.
            said |= {"align": list(node.search.align), "headers": list(node.search.headers)}
        assert said == recorded
        assert [problem.kind for problem in node.problems] in ([], ["no-columns"])


def test_enough_of_them_are_recorded_and_some_are_refused():
    refused = [case for case in SEARCHES if case["config"] is None]
    assert len(SEARCHES) >= 150
    assert 20 <= len(refused) <= len(SEARCHES) / 2


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("---- struct table ----\nfrom: s\ncolour: red\n----", "unknown-option", "colour"),
        ("---- struct table ----\nfrom: s\nfilter: a in b\n----", "broken-filter", "a in b"),
        ("---- struct list ----\nwidths: 3\n----", "refused-option", "---- struct list ----\nwidths: 3\n----"),
        ("{{$a}}", "no-columns", "{{$a}}"),
        ("{{$a.b ? bogus: c}}", "unknown-option", "{{$a.b ? bogus: c}}"),
    ],
)
def test_what_makes_the_plugin_show_nothing_is_told_with_its_place(text, kind, place):
    page = read(f"é\r\n\r\n{text.replace(chr(10), chr(13) + chr(10))}\r\nb", "struct")
    (problem,) = page.diagnostics
    start, end = problem.span
    assert problem.kind == kind
    assert str(page)[start:end].replace("\r\n", "\n") == place
    (node,) = page.find_all(StructSearch, StructValue)
    assert node.problems == (problem,)


def test_problems_in_a_quotation_have_their_places_in_the_page():
    page = read("> ---- struct table ----\n> colour: red\n> ----\n", "struct")
    (problem,) = page.diagnostics
    assert str(page)[slice(*problem.span)] == "colour"


@pytest.mark.parametrize(
    ("name", "label", "schema"),
    [
        ("a", "a", ""),
        ("s.a", "a", "s"),
        ("s.a.b", "a.b", "s"),
        ("s.", "s", ""),
        ("%title%", "%title%", ""),
        (".", "", ""),
    ],
)
def test_a_column_is_a_label_with_or_without_a_schema(name, label, schema):
    assert SchemaColumn.parse(name) == SchemaColumn(name, label, schema)
    assert str(SchemaColumn.parse(name)) == name
