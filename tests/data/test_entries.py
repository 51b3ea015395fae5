"""Entries: what the plugin reads and stores, recorded case by case; places; laws."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugin_view import context_of, stored, wiki_of

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context

RECORDED = json.loads((Path(__file__).parent / "entries.json").read_text("utf-8"))
#: The day on which the cases were recorded shows in them.
TODAY = next(
    value for case in RECORDED["cases"] if case["body"] == "a: %title% %pageid% %now%" for _, value in case["stored"]
)


def entry(body):
    return dw.parse(f"---- dataentry ----\n{body}\n----\n").entries[0]


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: ascii(case["body"]))
def test_an_entry_is_stored_as_the_plugin_stores_it(case):
    context = context_of(RECORDED["context"], today=date.fromisoformat(TODAY.split()[-1]))
    wiki = wiki_of({"pages": [{"id": "p", "text": f"---- dataentry ----\n{case['body']}\n----\n"}]})
    rows = [[key, value] for *_, key, value in stored(wiki, context) if key is not None]
    assert rows == case["stored"]


def test_every_part_of_a_field_has_its_place():
    page = dw.parse("---- dataentry a  b ----\nname : x # y\n  Tags_pages: one, , two\\#3 ,\t four  \n----\n")
    (found,) = page.entries
    assert found.classes == ("a", "b")
    name, tags = found.fields
    text = str(page)
    assert name.source == "name : x # y"
    assert text[slice(*name.column_span)] == "name"
    assert [text[slice(*span)] for span in name.value_spans] == ["x"]
    assert (name.comment, text[slice(*name.comment_span)]) == ("y", "# y")
    assert tags.source == "Tags_pages: one, , two\\#3 ,\t four"
    assert tags.values == ("one", "two#3", "four")
    assert [text[slice(*span)] for span in tags.value_spans] == ["one", "two\\#3", "four"]
    assert (tags.column.key, tags.column.title, tags.column.type, tags.column.many) == ("tags", "Tags", "page", True)
    assert tags.comment is None
    assert tags.comment_span is None


def test_a_single_column_that_is_many_valued_later_keeps_both():
    # The reference stops here with a type error.
    wiki = wiki_of({"pages": [{"id": "p", "text": "---- dataentry ----\na: 5\nas: 6, 5.0\n----\n"}]})
    assert [row[-2:] for row in stored(wiki, Context())] == [("a", "5"), ("a", "6")]


def test_an_address_that_is_none_stays():
    # The reference stops here, too.
    wiki = wiki_of({"pages": [{"id": "p", "text": "---- dataentry ----\na_mail: Joe  Doe\n----\n"}]})
    assert [row[-2:] for row in stored(wiki, Context())] == [("a", "Joe Doe")]


def test_a_lost_line_is_reported_with_its_place():
    page = dw.parse("---- dataentry ----\na: 1\nb: 2\\\n----\n")
    (problem,) = page.entries[0].problems
    assert problem.kind == "lost-line"
    assert str(page)[slice(*problem.span)] == "b: 2\\"
    assert problem.position == (3, 1)


def test_of_several_entries_the_last_counts():
    text = "---- dataentry a ----\nx: 1\n----\n---- dataentry b ----\ny: 2\n----\n"
    wiki = wiki_of({"pages": [{"id": "p", "text": text}]})
    assert stored(wiki, Context()) == [("p", "p", "b", "", "y", "2")]


LINES = st.lists(st.text(alphabet='ab:_s,#\\& 0\t\0\f\r"é', max_size=12), max_size=6)


@given(LINES)
def test_spans_cover_what_they_name(lines):
    page = dw.parse("---- dataentry ----\n" + "\n".join(lines) + "\n----\n")
    text = str(page)
    for field in page.find_all(dw.nodes.data.DataField):
        assert len(field.value_spans) == len(field.values)
        for value, span in zip(field.values, field.value_spans, strict=True):
            assert text[slice(*span)].replace("\\#", "#") == value
        assert text[slice(*field.span)] == field.source
        assert field.source in text.split("\n---")[0] or "\n" not in field.source
        name = text[slice(*field.column_span)].replace("\\#", "#")
        assert name.strip(" \t\r\f\x0b\0") == field.column.name.strip(" \t\r\f\x0b\0")
