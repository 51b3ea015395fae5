"""Entries as tables: which rows and columns there are, of which types; and nothing is lost on the way."""

import json
import lzma
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugin_view import context_of, wiki_of

import dokuwiki_data as dw
from dokuwiki_data.engine.context import Context


def wiki(*pages):
    return dw.Wiki.from_pages(dw.parse(text, page_id=f"p{number}") for number, text in enumerate(pages))


def entry(body, classes=""):
    return f"---- dataentry {classes} ----\n{body}\n----\n"


def column(result, label):
    return [row[label] for row in result.to_dicts()]


def values_in(result):
    """The values of each entry by key, from its table."""
    found = []
    for row in result:
        cells = zip(result.labels[3:], row.cells[3:], strict=True)
        found.append((row.page_id, *row.cells[2], {key: list(cell) for key, cell in cells if cell}))
    return found


def stored_values(pages, context):
    """The same from the store of a wiki in which each entry is alone on its page."""
    for page in pages.values():
        for number, found in enumerate(page.entries, start=1):
            alone = dw.parse(found.source + "\n", page_id=page.page_id)
            (record,) = dw.Wiki.from_pages([alone]).stored(context)
            yield page.page_id, number, {key: list(values) for key, values in record.values.items() if values}


def check(pages, context):
    expected = list(stored_values(pages, context))
    assert values_in(pages.entries(context=context)) == expected
    inferred = pages.entries(infer=True, context=context)
    assert values_in(inferred) == expected
    for row, values in zip(inferred, inferred.to_dicts(), strict=True):
        for label, cell in zip(inferred.labels[3:], row.cells[3:], strict=True):
            typed = values[label]
            written = [as_written(value) for value in (typed if isinstance(typed, list) else [typed][: len(cell)])]
            assert [text or cell[at] for at, text in enumerate(written)] == list(cell)


def as_written(value):
    """A value of an inferred kind as a wiki writes it; None for others, which are typed by the plugin."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | date) else None


def test_each_entry_of_a_class_is_a_row():
    pages = wiki(
        "====== Title ======\n" + entry("a: 1", "tool") + entry("b: 2", "tool other"), entry("c: 3"), "no entry"
    )
    assert pages.entry_classes == ("", "other", "tool")
    assert pages.entries("tool").to_dicts() == [
        {"page_id": "p0", "page_title": "Title", "entry_number": 1, "a": "1", "b": None},
        {"page_id": "p0", "page_title": "Title", "entry_number": 2, "a": None, "b": "2"},
    ]
    assert column(pages.entries("other"), "b") == ["2"]
    assert column(pages.entries(""), "c") == ["3"]
    assert column(pages.entries(), "entry_number") == [1, 2, 1]
    assert len(pages.evaluate("cols: b")) == 2  # the plugin keeps one entry of a page


def test_an_unknown_class_is_an_error_that_names_the_others():
    with pytest.raises(ValueError, match="no entry has the class 'tol'; known: 'tool'"):
        wiki(entry("a: 1", "tool")).entries("tol")
    assert len(wiki("no entry").entries("tool")) == 0


@pytest.mark.parametrize(
    ("bodies", "typed"),
    [
        (["a_dt: 2026-1-5", "a_dt: 2026-02-03"], [date(2026, 1, 5), date(2026, 2, 3)]),
        (["a_dt: 2026-1-5", "a: 2026-1-5"], ["2026-01-05", "2026-1-5"]),
        (["a: x", "as: y, z"], [["x"], ["y", "z"]]),
        (["a: x", "b: y"], ["x", None]),
        (["status: x", "b: y"], [["x"], []]),
    ],
)  # fmt: skip
def test_a_column_has_the_type_that_all_entries_give_it(bodies, typed):
    result = wiki(*map(entry, bodies)).entries()
    assert column(result, result.labels[3]) == typed


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1", "-20", "0"], [1, -20, 0]),
        (["1", "2.5", "-0.125"], [1, 2.5, -0.125]),
        (["true", "false"], [True, False]),
        (["2026-02-28", "0001-01-01"], [date(2026, 2, 28), date(1, 1, 1)]),
        (["9223372036854775807"], [2**63 - 1]),
        *((texts, texts) for texts in (
            ["007"], ["1.50"], ["1.0"], ["+1"], ["-0"], ["1e5"], ["nan"], ["inf"], ["1e999"], ["1,5"], ["١"],
            ["9223372036854775808"], ["9007199254740993", "0.5"], ["0.1000000000000000055"], ["1", "x"], ["1", ""],
            ["True"], ["yes"], ["true", "1"], ["2026-02-30"], ["2026-2-3"], ["2026-02-03", "2026"], [""],
        )),
    ],
)  # fmt: skip
def test_a_type_is_inferred_if_no_value_changes(texts, values):
    pages = wiki(*(entry(f"a: {text}") for text in texts))
    assert column(pages.entries(infer=True), "a") == values
    assert [type(value) for value in column(pages.entries(infer=True), "a")] == list(map(type, values))
    assert column(pages.entries(), "a") == texts


def test_many_values_are_inferred_too_and_empty_ones_can_be_left_out():
    pages = wiki(entry("as: 1, 2\nb:\nc_page: 5"), entry("as: 3\nb: 4\nc_page: 6"))
    assert column(pages.entries(infer=True), "a") == [[1, 2], [3]]
    assert column(pages.entries(infer=True), "b") == ["", "4"]
    assert column(pages.entries(infer=True, empty=False), "b") == [None, 4]
    assert column(pages.entries(infer=True), "c") == ["5", "6"]


def test_frames_have_the_inferred_types():
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    bodies = ["n: 1\nf: 1\nb: true\nd: 2026-01-02\nls: 1, 2\nt: x", "f: 2.5\nls: 3", f"n: {2**60 + 1}"]
    result = wiki(*map(entry, bodies)).entries(infer=True)
    frame = result.to_pandas()
    assert [str(frame[name].dtype) for name in "nfb"] == ["Int64", "Float64", "boolean"]
    assert frame["n"].tolist()[2] == 2**60 + 1
    assert frame["l"].tolist() == [[1, 2], [3], []]
    assert [str(result.to_arrow().schema.field(name).type) for name in "nfbdlt"] == [
        "int64", "double", "bool", "date32[day]", "list<item: int64>", "string",
    ]  # fmt: skip
    assert json.loads(result.to_json())[0] == {
        "page_id": "p0", "page_title": "p0", "entry_number": 1,
        "n": 1, "f": 1, "b": True, "d": "2026-01-02", "l": [1, 2], "t": "x",
    }  # fmt: skip
    assert len(wiki("none").entries().to_pandas()) == wiki("none").entries().to_arrow().num_rows == 0


def test_polars_has_all_lists():
    pytest.importorskip("polars")
    frame = wiki(entry("as: 1, 2\nb: x"), entry("b: y")).entries(infer=True).to_polars()
    assert frame["a"].to_list() == [[1, 2], []]
    assert frame["b"].to_list() == ["x", "y"]


def test_labels_that_meet_are_told_apart():
    pages = wiki(entry("%user%: 1\nb: 2"))
    result = pages.entries(context=Context(user="page_id"))
    assert list(result.to_dicts()[0]) == ["page_id", "page_title", "entry_number", "page_id (2)", "b"]


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "a: 1",
                    "a: x",
                    "a:",
                    "as: 1, 2, 1",
                    "as: ,",
                    "b_dt: 2026-1-2",
                    "b_dt: no",
                    "b: true",
                    "c: 1.5",
                    "c: %user%",
                    "d_mails: a@b.c x, y",
                    "e_img: x|t",
                    "%lang%: 7",
                    "f_url: x",
                    "x y_nspages: A B, c",
                ]
            ),
            max_size=6,
        ),
        max_size=5,
    )
)
def test_tables_give_the_entries_back(bodies):
    check(wiki(*(entry("\n".join(body), "k") + entry("z: 1") for body in bodies)), Context(user="ann", groups=("g",)))


def test_random_wikis_come_back(shared):
    with lzma.open(shared / "wikis" / "random.jsonl.xz", "rt", encoding="utf-8") as lines:
        for recorded in map(json.loads, lines):
            check(wiki_of(recorded), context_of(recorded, today=date.fromisoformat(recorded["now"])))
