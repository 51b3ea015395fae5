"""The plugin datatemplate: its blocks are entries and queries of the data plugin, with a page that is the template."""

import pickle

import pytest
from helpers import check_page
from jsonschema import Draft202012Validator
from plugin_cases import read, syntax_with

import dokuwiki_data as dw
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList

ENTRY = (
    "---- datatemplateentry tool big ----\nname: Kettle # ours\ntemplate: :t:tool # see there\ntags: tea, red\n----\n"
)
LIST = "---- datatemplatelist wide ----\ncols: name, tags\nTemplate : t:row\nfilter: name ~ K*\nhead: A, B\n----\n"
SYNTAX = syntax_with("datatemplate")


def read_page(text, page_id="a"):
    return dw.parse(text, page_id=page_id, syntax=SYNTAX)


def wiki_of(**texts):
    return dw.Wiki.from_pages(read_page(text, page_id) for page_id, text in texts.items())


def test_an_entry_has_the_fields_but_for_its_template():
    (entry,) = read(ENTRY, "datatemplate").entries
    assert isinstance(entry, DataTemplateEntry)
    assert (entry.classes, entry.template_page) == (("tool", "big"), ":t:tool")
    assert [(field.column.name, field.values) for field in entry.fields] == [
        ("name", ("Kettle",)),
        ("tags", ("tea", "red")),
    ]
    assert [str(ENTRY[slice(*span)]) for span in entry.fields[1].value_spans] == ["tea", "red"]
    assert ENTRY[slice(*entry.template.value_spans[0])] == ":t:tool"


def test_a_list_is_a_query_with_the_rows_of_a_table():
    page = read(LIST, "datatemplate")
    (query,) = page.queries
    assert isinstance(query, DataTemplateList)
    assert (query.kind, query.classes, query.template_page, page.diagnostics) == ("table", ("wide",), "t:row", ())
    assert [LIST[slice(*span)] for span in query.query.column_spans] == ["name", "tags"]
    plain = LIST.replace("templatelist", "table").replace("Template : t:row\n", "")
    assert wiki_of(a=ENTRY).evaluate(query) == wiki_of(a=ENTRY).evaluate(dw.parse(plain).queries[0])


def test_other_unknown_options_are_told():
    page = read(LIST.replace("head:", "heat:"), "datatemplate")
    assert [(found.kind, found.span.start) for found in page.diagnostics] == [("unknown-option", LIST.index("head"))]


@pytest.mark.parametrize(
    ("text", "component"),
    [
        (f"Before\n{ENTRY}after", "datatemplate_entry"),
        (f"  * item\n{LIST}", "datatemplate_list"),
        ("---- datatemplateentry ----\n\n----\n", "datatemplate_entry"),
        ("---- datatemplatelist ----\ntemplate: a\ntemplate: b\n----\n", "datatemplate_list"),
        (ENTRY.replace("\n", "\r\n"), "datatemplate_entry"),
    ],
)
def test_pages_with_a_block_are_as_other_pages(text, component):
    page = read(text, "datatemplate")
    calls = [call for call in dw.render.instructions(page) if call[0] == "plugin"]
    assert [call[1][0] for call in calls] == [component]
    check_page(page, syntax=SYNTAX)
    record = dw.render.json(page)
    Draft202012Validator(dw.render.json_schema()).validate(record)
    (node,) = page.find_all(DataTemplateEntry, DataTemplateList)
    assert pickle.loads(pickle.dumps(node)) == node  # our own
    (again,) = read(f"{dw.render.markup(node, syntax=SYNTAX)}\n", "datatemplate").find_all(type(node))
    assert again == node


def test_without_the_plugin_the_blocks_are_text():
    page = dw.parse(ENTRY + LIST, syntax=syntax_with())
    assert (page.entries, page.queries) == ((), ())


def test_entries_are_in_queries_and_tables():
    wiki = wiki_of(a=ENTRY, b=LIST)
    assert [row.page_id for row in wiki.evaluate("cols: %pageid%; filter: tags = tea")] == ["a"]
    (found,) = wiki.entries("tool").to_dicts()
    assert found == {"page_id": "a", "page_title": "a", "entry_number": 1, "name": "Kettle", "tag": ["tea", "red"]}


def test_a_field_can_be_changed():
    page = read_page(ENTRY)
    changed = dw.edit.set_field(page, page.entries[0], "name", "Pot")
    assert str(changed) == ENTRY.replace("Kettle", "Pot")


@pytest.mark.parametrize("write", [dw.render.html, dw.render.markdown])
def test_values_are_shown_and_the_template_is_a_loss(write):
    losses = []
    shown = write(read_page(ENTRY), on_loss=losses.append)
    assert "Kettle" in shown
    assert "t:tool" not in shown
    assert [(loss.kind, loss.what, loss.position.line) for loss in losses] == [("template", ":t:tool", 1)]
