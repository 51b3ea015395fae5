"""The JSON record of a page: everything of the tree, as the schema says, and valid UTF-8 whatever the page holds."""

import copy
import dataclasses
import json
from http import HTTPStatus
from pathlib import Path

import pytest
import yaml
from helpers import YAML
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import dokuwiki_data as dw
from dokuwiki_data.nodes import blocks, data, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.record import FORMAT, STREAMS, VERSION, json_line
from dokuwiki_data.syntax.configuration import RELEASES
from dokuwiki_data.text import Diagnostic, Position, Span

EXAMPLE = Path(__file__).parent.parent / "examples" / "wiki" / "pages"
SCHEMA = dw.render.json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

#: One page with a node of every type.
EVERYTHING = r"""====== Everything ======
~~NOTOC~~ ~~NOCACHE~~ ~~INFO:version~~
**bold** //italic// __under__ ''mono'' <sub>low</sub> <sup>high</sup> <del>gone</del> ((a note)) %%plain%% \\ broken
:-) HTML -> "quoted" 640x480 [[page|label]] [[#part]] https://example.org <joe@example.org> [[\\server\share]]
[[doku>wiki]] [[page|{{image.png?20x10|title}}]] {{https://example.org/a.png }}
{{rss>https://example.org/feed 5 author 1d}}
CamelCase

  preformatted

  * item
    - inner

^ head ^ cell |
| a | ::: |
> quoted
>> deeper
----
<code python file.py [enable_line_numbers="true", start_line_numbers_at="3", highlight_lines_extra="4,5"]>
x
</code>
<file>x</file>
---- dataentry role example ----
type         : role # what it is
level_number : 3
tags         : a, b
----
---- datatable dashboard ----
cols    : %pageid%, level, tags
headers : Page, "Level, if any"
filter  : type=role
or      : level>3
where   : =
sort    : ^level
max     : 10
----
"""

#: What the record says of a node beyond its fields.
FOUND_OUT = {
    "DataEntry": ["classes"],
    "DataField": ["column_span", "value_spans", "comment_span"],
    "DataOption": ["value_span"],
}

#: Pieces of which random pages are made.
MARKUP = "** // (( )) [[ ]] {{ }} | ^ ::: %% <code> </code> <sub> </sub> :-) -> 2x3 a http://a.b ~~INFO:x~~ ü 𝄞".split()
LINES = [
    "\n",
    "\n\n",
    "\r\n",
    "\n  * ",
    "\n    - ",
    "\n| ",
    " |\n",
    "\n> ",
    "\n>> ",
    "\n----\n",
    "\n==== h ====\n",
    " b ",
    "\\\\ ",
]
DATA = [
    "---- dataentry x ----\n",
    "---- datatable ----\n",
    "a_dts: 1, 2 # b\n",
    "cols: a,b\n",
    "filter: a<>b\n",
    "max: x\n",
]
ODD = ["\0", "\udcff", "\ud800", "\x85", "\u2028", "\ufeff", '"', "'", "\x1b[31m"]
PIECES = st.sampled_from([*MARKUP, *LINES, *DATA, *ODD])
PAGES = st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)


def everything():
    return dw.parse(EVERYTHING, page_id="ns:everything", modified=1, syntax=dw.Syntax(camelcase=True))


def types_of_nodes():
    """Every class of nodes that a page can hold, by its name."""
    abstract = {Node, blocks.Block, inline.Formatting, inline.Link, inline.Media, inline.Replaced, inline.Macro}
    named = {**vars(blocks), **vars(data), **vars(inline)}
    return {
        name: kind
        for name, kind in named.items()
        if isinstance(kind, type) and issubclass(kind, Node) and kind not in abstract
    }


def types_in(schema):
    """What the schema says of each type of node, by the type's name."""
    found = {}
    for definition in schema["$defs"].values():
        type_ = definition.get("properties", {}).get("type", {})
        if definition.get("additionalProperties") is False and ("const" in type_ or "enum" in type_):
            found |= dict.fromkeys(type_.get("enum", [type_.get("const")]), definition)
    return found


def objects_in(value):
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current


# ----------------------------------------------------------------------------------------- the schema


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["format"]["const"] == FORMAT
    assert SCHEMA["properties"]["version"]["const"] == VERSION


def test_the_schema_names_every_type_of_node_with_exactly_its_fields():
    described = types_in(SCHEMA)
    types = types_of_nodes()
    assert described.keys() == types.keys()
    for name, kind in types.items():
        names = [field.name for field in dataclasses.fields(kind) if not field.name.startswith("_")]
        assert list(described[name]["properties"]) == ["type", "span", *names, *FOUND_OUT.get(name, [])], name
        assert described[name]["required"] == list(described[name]["properties"]), name


def test_every_type_of_node_is_tested():
    record = dw.render.json(everything())
    VALIDATOR.validate(record)
    nodes = [found for found in objects_in(record["content"]) if found.keys() >= {"type", "span"}]
    # Only a footnote in a footnote makes two of those that are left, and only Markdown the third.
    assert {found["type"] for found in nodes} == types_of_nodes().keys() - {"LoneCloser", "LooseMarkup", "NumberedList"}
    numbered = dw.render.json(dw.parse("7. a\n   1. b\n", syntax=dw.Syntax(flavour="md")))
    VALIDATOR.validate(numbered)
    assert (numbered["content"][0]["type"], numbered["content"][0]["start"]) == ("NumberedList", 7)
    notes = dw.render.json(dw.parse("((\n  * a **b ((c)) d** e\n)) f", syntax=dw.Syntax(release="2025-05-14")))
    VALIDATOR.validate(notes)
    assert {"LoneCloser", "LooseMarkup"} <= {found.get("type") for found in objects_in(notes)}


@pytest.mark.parametrize("path", sorted(EXAMPLE.rglob("*.txt")), ids=lambda path: path.stem)
def test_every_page_of_the_example_wiki_is_as_the_schema_says(path):
    VALIDATOR.validate(dw.render.json(dw.parse(path.read_text("utf-8"), page_id=path.stem)))


@pytest.mark.parametrize("release", RELEASES)
@given(text=PAGES)
@example(text="> a\n>> b **c**\n> ----\n")
def test_every_page_is_as_the_schema_says(text, release):
    VALIDATOR.validate(dw.render.json(dw.parse(text, syntax=dw.Syntax(release=release))))


def delete(record, *path):
    del at(record, *path[:-1])[path[-1]]


def put(record, *path):
    at(record, *path[:-2])[path[-2]] = path[-1]


def at(record, *path):
    for step in path:
        record = record[step]
    return record


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (delete, ["title"]),
        (put, ["version", 2]),
        (put, ["modified", "yesterday"]),
        (put, ["summary", "not known"]),
        (delete, ["content", 0, "span"]),
        (put, ["content", 0, "span", [1]]),
        (put, ["content", 0, "span", [-1, 0]]),
        (put, ["content", 0, "type", "Chapter"]),
        (put, ["content", 0, "heading", "level", 7]),
        (put, ["content", 0, "heading", None]),
        (put, ["content", 0, "content", 0, "type", "ListItem"]),
        (put, ["content", 0, "content", 0, "type", "Strong"]),
        (put, ["content", 0, "content", 0, "content", 0, "colour", "red"]),
        (put, ["diagnostics", [{"kind": "odd"}]]),
    ],
)
def test_the_schema_refuses_what_is_no_record(change, path):
    record = copy.deepcopy(dw.render.json(everything()))
    change(record, *path)
    assert not VALIDATOR.is_valid(record)


# ----------------------------------------------------------------------------------------- the record


def test_a_record_whole():
    page = dw.parse("====== Hi ======\nA **b** [[c|d]]\n", page_id="x:y", modified=12)
    text = {"type": "Text", "span": [17, 19], "text": "A "}
    bold = {"type": "Text", "span": [21, 22], "text": "b"}
    strong = {"type": "Strong", "span": [19, 24], "content": [bold], "closed": True}
    blank = {"type": "Text", "span": [24, 25], "text": " "}
    link = {"type": "InternalLink", "span": [25, 32], "target": "c", "label": "d"}
    paragraph = {"type": "Paragraph", "span": [17, 32], "content": [text, strong, blank, link]}
    heading = {"type": "Heading", "span": [0, 16], "title": "Hi", "level": 1}
    assert dw.render.json(page) == {
        "format": "dokuwiki-data/page",
        "version": 1,
        "page_id": "x:y",
        "title": "Hi",
        "modified": 12,
        "text": "====== Hi ======\nA **b** [[c|d]]\n",
        "content": [{"type": "Section", "span": [0, 32], "heading": heading, "content": [paragraph]}],
        "diagnostics": [],
    }


@given(PAGES)
def test_the_record_holds_the_whole_tree_in_its_order(text):
    page = dw.parse(text)
    expected = [(type(node).__name__, list(node.span)) for node in page.walk() if node is not page]

    def walk(value):
        if isinstance(value, dict):
            if "type" in value and "span" in value:
                yield value["type"], value["span"]
            for part in value.values():
                yield from walk(part)
        elif isinstance(value, list):
            for part in value:
                yield from walk(part)

    assert list(walk(dw.render.json(page)["content"])) == expected


@given(PAGES)
def test_a_span_finds_its_piece_of_the_source_in_the_text_of_the_record(text):
    page = dw.parse(text)
    shown = dw.render.json(page)["text"]
    assert len(shown) == len(text)
    for found in page.walk():
        start, end = found.span
        assert all(
            here == there or (here == "\ufffd" and "\ud800" <= there <= "\udfff")
            for here, there in zip(shown[start:end], found.source, strict=True)
        )


def test_a_field_of_an_entry():
    text = "---- dataentry role x ----\nWorks_pages : a, b # why\n----\n"
    (entry,) = dw.render.json(dw.parse(text))["content"]
    (field,) = entry["fields"]
    assert (entry["type"], entry["classes"]) == ("DataEntry", ["role", "x"])
    assert field == {
        "type": "DataField",
        "span": [27, 51],
        "column": {"name": "Works_pages", "key": "works", "title": "Works", "type": "page", "many": True},
        "values": ["a", "b"],
        "comment": "why",
        "column_span": [27, 38],
        "value_spans": [[41, 42], [44, 45]],
        "comment_span": [46, 51],
    }


def test_a_query():
    text = "---- datalist ----\ncols: a\nor: b>1\nsort: ^a\nmax: 3\nfoo: 1\n----\n"
    (found,) = dw.render.json(dw.parse(text))["content"]
    query = found["query"]
    assert (found["type"], query["kind"], query["limit"]) == ("DataQuery", "list", 3)
    assert [column["name"] for column in query["columns"]] == ["a"]
    assert query["sort"] == {"column": query["columns"][0], "descending": True, "span": [42, 43]}
    (comparison,) = query["filters"]
    assert (comparison["column"]["key"], comparison["operator"], comparison["value"]) == ("b", ">", "1")
    assert (comparison["logic"], comparison["span"]) == ("OR", [31, 34])
    assert [option["option"] for option in found["options"]] == ["columns", "filter_or", "sort", "limit", "unknown"]
    assert [option["value_span"] for option in found["options"]][:2] == [[25, 26], [31, 34]]


def test_markup_of_a_plugin_says_whose_it_is():
    record = dw.render.json(dw.parse("a /* note */ b"))
    VALIDATOR.validate(record)
    comment = record["content"][0]["content"][1]
    assert comment == {"type": "Comment", "span": comment["span"], "text": "note", "component": "comment"}
    del comment["component"]
    assert not VALIDATOR.is_valid(record)


def test_diagnostics_have_their_place():
    found = Diagnostic("odd", "this is \udcff odd", Span(4, 6), Position(2, 3))
    record = dw.render.json(dw.parse("one\ntwo").with_changes(diagnostics=(found,)))
    VALIDATOR.validate(record)
    assert record["diagnostics"] == [
        {"kind": "odd", "message": "this is \ufffd odd", "span": [4, 6], "line": 2, "column": 3}
    ]


@given(PAGES, st.sampled_from(sorted(STREAMS)))
def test_every_format_gives_the_record_back(text, form):
    record = dw.render.json(dw.parse(text, page_id=text[:5]))
    written = "".join(STREAMS[form]([record, record])).encode().decode()
    if form == "jsonl":
        read = [json.loads(line) for line in written.splitlines()]
    else:
        read = json.loads(written) if form == "json" else list(yaml.load_all(written, YAML))
    assert read == [record, record]


def test_trees_made_by_hand_may_be_of_any_depth():
    tree = inline.Text("x")
    for _ in range(20_000):
        tree = inline.Strong((tree,))
    found = dw.render.json(Page((tree,)))["content"][0]
    depth = 0
    while found["type"] == "Strong":
        found, depth = found["content"][0], depth + 1
    assert (depth, found["text"]) == (20_000, "x")


class Word(str):
    """A string of a user's own class."""


class Own(inline.Strong):
    """Formatting of a user's own class."""


@pytest.mark.parametrize(
    "node",
    [
        inline.Text(Word("a\u2028")),
        inline.Strong([inline.Text("a")]),
        Own((inline.Text("a"),), closed=False),
        blocks.TableCell([inline.Text("a")], align=Word("justify"), colspan=HTTPStatus.OK),
        blocks.TableRow([blocks.TableCell((), align="\x7f")]),
    ],
)
def test_nodes_made_by_hand_may_have_lists_and_values_of_other_classes(node):
    page = Page((node,))
    assert json_line(page) == as_json(dw.render.json(page))


@pytest.mark.parametrize("opening", ["**a ", "((a //b ", "[[a {{b ", "> ", ">", "  * a\n", "| (("])
def test_the_deepest_page_fits_into_every_format(opening):
    deep = "".join("  " * depth + "* a\n" for depth in range(1, 200)) + "\n" + opening * 500 + "\n\n" + "a** " * 500
    record = dw.render.json(dw.parse(deep))
    VALIDATOR.validate(record)
    for stream in STREAMS.values():
        assert "".join(stream([record]))
