"""The folder that `struct` writes: schemas, values, assignments, changes and the report."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

import dokuwiki_data as dw
from dokuwiki_data.command.main import main
from dokuwiki_data.errors import OutputError
from dokuwiki_data.struct_export.given_schemas import StructExportError
from dokuwiki_data.struct_export.schemas import schema_name
from dokuwiki_data.struct_export.values import values_of

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "wiki"


def wiki_of(*entries: str, class_name: str = "tool") -> dw.Wiki:
    return dw.Wiki.from_pages(
        dw.parse(f"---- dataentry {class_name} ----\n{fields}\n----\n", page_id=f"p{number}")
        for number, fields in enumerate(entries)
    )


def exported(wiki: dw.Wiki):
    from dokuwiki_data.struct_export.schemas import schemas_of

    context = wiki.context()
    (schema,) = schemas_of((entry for entry in wiki.stored_entries(context) if entry.is_kept), context)
    return schema


def test_the_example(tmp_path):
    done = dw.struct(EXAMPLE, tmp_path)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert [schema["name"] for schema in report["schemas"]] == ["practice", "process", "role", "tool", "example"]
    assert done.states == {"exact": 32, "left": 7, "differs": 1}
    for schema in report["schemas"]:
        rows = list(csv.reader((tmp_path / "values" / f"{schema['name']}.csv").read_text("utf-8").splitlines()))
        assert rows[0] == ["pid", *schema["columns"]]
        assert len(rows) == schema["pages"] + 1
    assert done.changes.diff == (tmp_path / "pages.diff").read_text("utf-8")
    assert not done.changes.errors


def test_a_second_run_leaves_no_schema_of_the_first(tmp_path):
    dw.struct(EXAMPLE, tmp_path)
    dw.struct(EXAMPLE, tmp_path, schemas={"all": ["*"]})
    assert [path.name for path in (tmp_path / "schemas").iterdir()] == ["all.struct.json"]


def test_pages_are_saved_only_on_request(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "wiki")
    done = dw.struct(tmp_path / "wiki", tmp_path / "out")
    page = tmp_path / "wiki/pages/process/start.txt"
    assert "datatable" in page.read_text("utf-8")
    saved = dw.struct(tmp_path / "wiki", tmp_path / "out", save=True, remove_entries=True)
    assert "struct table" in page.read_text("utf-8")
    assert "datatable" not in page.read_text("utf-8")
    assert len(saved.changes.changed) > len(done.changes.changed)
    assert not dw.Wiki.open(tmp_path / "wiki").entry_classes


@pytest.mark.parametrize(
    ("field", "type_"),
    [
        ("a: x", "Text"),
        ("a_dt: 2026-01-31", "Date"),
        ("a_dt: 2026-02-31", "Text"),  # the data plugin keeps it, and struct refuses it
        ("a_page: Some page", "Page"),
        ("a_url: example.org", "Url"),
        ("a_mail: a@example.org", "Mail"),
        ("a_mail: a@example.org Ann", "Text"),
        ("a_img: wiki:logo.png", "Media"),
        ("a_img: wiki:logo.pdf", "Text"),
        ("a_tags: x, y", "Tag"),
        ("a_wiki: **x**", "Wiki"),
    ],
)
def test_types(field, type_):
    (column,) = exported(wiki_of(field)).columns
    assert column.type.name == type_


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("pid", "pid (data)"),
        ("PID", "PID (data)"),
        ("0", "0 (data)"),
        ("*", "* (data)"),
        ("a\\b", "a_b"),
        ("b.c", "b.c"),
    ],
)
def test_labels_that_struct_does_not_take_are_changed(key, label):
    (column,) = exported(wiki_of(f"{key}: 1")).columns
    assert column.label == label


@pytest.mark.parametrize(
    ("fields", "cell", "lost"),
    [
        ("a: x", "x", ""),
        ("a: x, y", '"x, y"', ""),
        ('a: say "hi"', '"say ""hi"""', ""),
        ('a: x\\"y', '"x\\"y"', ""),  # PHP keeps a backslash and the quote after it
        ('a: x\\\\"y', '"x\\\\""y"', ""),
        ("a: x\\ # a line that ends with a backslash is none", "x\\", ""),
        ("a: x, y\\ # likewise", "", "PHP reads a backslash before the closing quote in CSV as an escape"),
        ("as: x, y", '"x,y"', ""),
        ("as: x, [y", '"x,[y"', ""),
        ("as: [x], y", "[x]", "struct's import divides values at a comma before a bracket only"),
    ],
)
def test_values(fields, cell, lost):
    table, left_out = values_of(exported(wiki_of(fields)))
    assert table.splitlines()[1] == f"p0,{cell}"
    assert [value.reason[: len(lost)] for value in left_out if value.column] == ([lost] if lost else [])


@pytest.mark.parametrize(
    ("class_name", "name"),
    [("tool", "tool"), ("Tool x", "tool_x"), ("", ""), ("1st", "st"), ("sqlite_master", "sqlite_master"), ("Ä", "")],
)
def test_schemas_are_named_after_classes(class_name, name):
    assert schema_name(class_name) == name


def test_what_struct_cannot_hold_is_refused(tmp_path):
    wiki = wiki_of("\n".join(f"k{number}s: 1" for number in range(61)))
    with pytest.raises(StructExportError, match="61 of them with many values"):
        exported(wiki)
    with pytest.raises(StructExportError, match="no name of a schema"):
        dw.struct(EXAMPLE, tmp_path, schemas={'"; DROP': ["*"]})
    with pytest.raises(OutputError, match="nothing is written between the files of a wiki"):
        dw.struct(EXAMPLE, EXAMPLE / "pages" / "out")


def test_the_command(tmp_path, capsys):
    shared = tmp_path / "schemas.yaml"
    shared.write_text('all: ["*"]\n')
    assert main(["struct", str(EXAMPLE), str(tmp_path / "out"), "--schemas", str(shared)]) == 0
    assert "1 schema, 40 blocks (6 differs, 33 exact, 1 left), 0 values left out" in capsys.readouterr().err
    shared.write_text("- nothing\n")
    assert main(["struct", str(EXAMPLE), str(tmp_path / "out"), "--schemas", str(shared)]) == 2
    assert "must hold schemas by name, each with its classes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["tool"], "must hold schemas by name, each with its classes"),
        ({1: ["tool"]}, "a name of a schema must be a text, not 1"),
        ({"tool": "tool"}, "schema tool: classes must be a list of texts"),
        ({"tool": [1]}, "schema tool: a class must be a text, not 1"),
        ({"tool": {"class": ["tool"]}}, "schema tool: unknown 'class'; known: classes, columns"),
        ({"tool": {"columns": ["name"]}}, "schema tool: columns must be types or settings by name"),
        ({"tool": {"columns": {"name": 1}}}, "column tool.name: must be a type or a mapping"),
        ({"tool": {"columns": {"name": "Lookup"}}}, "column tool.name: 'Lookup' is no type; known: Checkbox, Color,"),
        ({"tool": {"columns": {"name": {"prefix": "x"}}}}, "column tool.name, which has no type: unknown 'prefix'"),
        ({"tool": {"columns": {"name": {"type": "Text", "min": 1}}}}, "tool.name, Text: unknown 'min'; known: prefix,"),
        ({"tool": {"columns": {"name": {"type": "Text", "prefix": [1]}}}}, "prefix must be a text, a number or a"),
        ({"tool": {"columns": {"name": {"label": 5}}}}, "column tool.name: label must be a text, not 5"),
        ({"tool": {"columns": {"nome": "Text"}}}, "schema tool: no entry has the column 'nome'"),
        ({"all": ["tool", "tol"]}, "schema all: no entry has the class 'tol'"),
        ({"Tool x": ["tool"]}, "'Tool x' is no name of a schema"),
    ],
)
def test_schemas_that_cannot_be_given(tmp_path, given, message):
    with pytest.raises(StructExportError) as caught:
        dw.struct(EXAMPLE, tmp_path, schemas=given)
    assert message in str(caught.value)


def test_given_names_and_types(tmp_path):
    (tmp_path / "wiki").mkdir()
    for number, fields in enumerate(["size: 7\nname: a", "size: 12\nname: b", "size: big\nname: c"]):
        (tmp_path / "wiki" / f"p{number}.txt").write_text(f"---- dataentry tool ----\n{fields}\n----\n")
    asks = "---- datatable ----\ncols: name\nsort: {}\n----\n"
    (tmp_path / "wiki" / "asks.txt").write_text(asks.format("size") + asks.format("name"))
    given = {"inventory": {"classes": ["tool"], "columns": {"size": {"type": "Decimal", "label": "Size (cm)"}}}}
    done = dw.struct(tmp_path / "wiki", tmp_path / "out", schemas=given)
    (schema,) = done.schemas
    assert (schema.name, [(c.label, c.type.name) for c in schema.columns]) == (
        "inventory", [("Size (cm)", "Decimal"), ("name", "Text")]
    )  # fmt: skip
    assert [(lost.page_id, lost.value, lost.reason) for lost in done.lost] == [
        ("p2", "big", "Decimal does not take it")
    ]
    sizes = [
        row["Size (cm)"] for row in csv.DictReader((tmp_path / "out/values/inventory.csv").read_text().splitlines())
    ]
    assert sizes == ["7", "12", ""]
    assert [report.block.state for report in done.blocks] == ["differs", "exact"]
    assert "struct compares and sorts Size (cm) as Decimal" in done.blocks[0].block.differences


TEMPLATES = {
    "tools:saw": "---- dataentry tool ----\nname: Saw\n----\n",
    "tools:start": "What we have.\n",
    "tools:hand:axe": "---- dataentry tool ----\nname: Axe\n----\n",
    "people:ann": "---- dataentry person ----\nname: Ann\n----\n",
    "tools:__template": "---- dataentry tool ----\nname: @!PAGE@\nstate: new\n----\n",
    "tools:lent:_template": "---- dataentry loan ----\nwho: @USER@\n----\n",
    "people:_template": "---- dataentry person ----\nname: @!PAGE@\n----\n",
}


@pytest.mark.parametrize("removes", [False, True])
def test_templates_of_pages(tmp_path, removes):
    for page_id, text in TEMPLATES.items():
        path = tmp_path / "wiki" / (page_id.replace(":", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = dw.struct(tmp_path / "wiki", tmp_path / "out", remove_entries=removes, save=True)
    assert {report.template.page_id: (report.pattern, len(report.how)) for report in done.templates} == {
        "tools:__template": (r"/^:tools:(?!(?:start|lent:[^:]+)$).+$/", 1 + removes),
        "tools:lent:_template": ("", 1),
        "people:_template": ("people:*", 1),
    }
    assert {report.pattern for report in done.templates if report.pattern} <= {name for name, _ in done.assignments}
    assert not done.left_entries
    with_entry = {page_id for page_id, page in dw.Wiki.open(tmp_path / "wiki").items() if page.entries}
    everywhere = {page_id for page_id, text in TEMPLATES.items() if "dataentry" in text}
    assert with_entry == ({"tools:lent:_template"} if removes else everywhere)
