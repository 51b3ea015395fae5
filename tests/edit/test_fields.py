"""Fields of entries: set, added, removed and renamed, with everything around as it was."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import examples

import dokuwiki_data as dw
from dokuwiki_data import edit
from dokuwiki_data import strategies as dws
from dokuwiki_data.query.columns import Column

PAGE = """Text before.
---- dataentry tool ----
Name        : Kettle   # what it is called
# a comment
 Tag_pages  : kitchen, steel
empty:
due_dt: 2026-01-01 #
----
---- datatable ----
cols    : %title%, name,tag , Tag_pages, named
headers : Name, "tag"
filter  : name ~ name # name
filteror: tags= tag
sort    : ^Name
----
Text behind.
"""


@pytest.fixture
def page():
    return dw.parse(PAGE)


def lines(before, after):
    """The lines of a page that are not those of another, and what they are there."""
    return [pair for pair in zip(before.split("\n"), str(after).split("\n"), strict=True) if pair[0] != pair[1]]


@pytest.mark.parametrize(
    ("column", "values", "line"),
    [
        ("name", ("Pot",), "Name        : Pot   # what it is called"),
        ("name", (), "Name        :    # what it is called"),
        ("NAME_x", ("a # b",), "Name        : a \\# b   # what it is called"),
        ("tags", ("a",), " Tag_pages  : a"),
        ("tag", ("a", "b"), " Tag_pages  : a, b"),
        ("empty", ("a\\",), "empty: a\\ "),
        ("due", ("2026-02-02",), "due_dt: 2026-02-02 #"),
    ],
)
def test_other_values(page, column, values, line):
    changed = edit.set_field(page, page.entries[0], column, *values)
    ((_, new),) = lines(PAGE, changed)
    assert new == line
    (number,) = [at for at, line in enumerate(PAGE.split("\n")) if line not in str(changed).split("\n")]
    assert changed.entries[0].fields[number - 2 - (number > 3)].values == values


def test_a_field_that_is_not_there_is_added_with_its_colon_below_the_others():
    page = dw.parse("---- dataentry ----\nname     : a\n----\n")
    changed = edit.set_field(page, page.entries[0], "tags", "x", "y")
    assert str(changed) == "---- dataentry ----\nname     : a\ntags     : x, y\n----\n"
    again = edit.add_field(changed, changed.entries[0], "due_dt", "2026-01-01", comment="soon")
    assert str(again) == "---- dataentry ----\nname     : a\ntags     : x, y\ndue_dt   : 2026-01-01 # soon\n----\n"


def test_the_first_field_of_an_entry():
    page = dw.parse("---- dataentry tool ----\n\n----\n")
    assert str(edit.add_field(page, page.entries[0], "a", "b")) == "---- dataentry tool ----\na : b\n----\n"


#: The lines of an entry without fields, and what they are when it gets one.
WITHOUT_FIELDS = [
    ("", "a : b"),
    ("  ", "  a : b"),
    ("# note", "# note\na : b"),
    ("lost\\", "lost\\\na : b"),
    ("# one\n\n# two", "# one\n\n# two\na : b"),
    ("# one\n", "# one\na : b"),
    ("0 # nothing", "0 # nothing\na : b"),
]


@pytest.mark.parametrize(("lines", "then"), WITHOUT_FIELDS)
@pytest.mark.parametrize(
    "form", ["---- dataentry t ----\n{}\n----\nx", "> ---- dataentry ----\n> {}\n> ----\n> x", "\r\n"]
)
@pytest.mark.parametrize("set_", [edit.set_field, edit.add_field])
def test_comments_and_lost_lines_of_an_entry_without_fields_stay(lines, then, form, set_):
    def written(inside):
        if form == "\r\n":
            return f"a\n---- dataentry ----\n{inside}\n----".replace("\n", "\r\n")
        return form.replace("{}", inside.replace("\n", "\n> ") if form[0] == ">" else inside)

    page = dw.parse(written(lines))
    (entry,) = page.entries
    assert not entry.fields
    assert str(set_(page, entry, "a", "b")) == written(then)
    one = dw.nodes.DataField(Column.parse("a"), ("b",))
    assert str(edit.replace(page, entry, entry.with_changes(fields=(one,)))) == written(then)


@pytest.mark.parametrize(
    ("head", "changes", "then"),
    [
        ("---- dataentry ----", {"class_name": "a b"}, "---- dataentry a b ----"),
        ("-----  dataentry a b---", {"class_name": ""}, "-----  dataentry ---"),
        ("---- dataentry a ----", {"class_name": "b", "fields": ()}, "---- dataentry b ----"),
    ],
)
def test_an_entry_of_another_class_keeps_its_lines(head, changes, then):
    lines = "\n# note\nx : y # z\nlost\\\n----\n"
    page = dw.parse(head + lines)
    changed = edit.replace(page, page.entries[0], page.entries[0].with_changes(**changes))
    assert str(changed) == then + (lines.replace("x : y # z\n", "\n") if "fields" in changes else lines)


def test_a_query_of_another_kind_keeps_its_lines():
    text = "---- datatable a ----\n# note\ncols: x # y\n----\n"
    page = dw.parse(text)
    (query,) = page.queries
    asked = dataclasses.replace(query.query, kind="list", classes=("b", "c"))
    changed = edit.replace(page, query, query.with_changes(query=asked))
    assert str(changed) == text.replace("datatable a", "datalist b c")


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb"])
def test_what_no_file_can_hold_is_refused(page, value):
    with pytest.raises(edit.EditError, match="half of a character and cannot be encoded"):
        edit.set_field(page, page.entries[0], "name", value)
    with pytest.raises(edit.EditError, match="half of a character"):
        edit.insert_after(page, page.entries[0], value)


def test_bytes_that_are_no_text_can_be_written(page):
    changed = edit.set_field(page, page.entries[0], "name", "\udcff")
    assert b"Name        : \xff" in str(changed).encode("utf-8", "surrogateescape")


def test_a_field_is_removed_with_its_line(page):
    changed = edit.remove_field(page, page.entries[0], "tag")
    assert str(changed) == PAGE.replace(" Tag_pages  : kitchen, steel\n", "")


def test_a_column_is_renamed_in_entries(page):
    changed = edit.rename_field(page, "name", "title")
    assert str(changed) == PAGE.replace("Name        : Kettle", "title       : Kettle")


def test_a_column_is_renamed_in_queries_but_not_in_headers_values_and_comments(page):
    changed = edit.rename_field(page, "name", "label", queries=True)
    assert lines(PAGE, changed)[1:] == [
        ("cols    : %title%, name,tag , Tag_pages, named", "cols    : %title%, label,tag , Tag_pages, named"),
        ("filter  : name ~ name # name", "filter  : label ~ name # name"),
        ("sort    : ^Name", "sort    : ^label"),
    ]


def test_a_type_that_is_written_otherwise_stays(page):
    changed = edit.rename_field(page, "tag_pages", "status_pages", queries=True)
    assert lines(PAGE, changed) == [
        (" Tag_pages  : kitchen, steel", " status_pages : kitchen, steel"),
        ("cols    : %title%, name,tag , Tag_pages, named", "cols    : %title%, name,status_ , status_pages, named"),
        ("filteror: tags= tag", "filteror: statuss= tag"),
    ]


def test_a_page_without_the_column_is_returned_as_it_is(page):
    assert edit.rename_field(page, "nothing", "something", queries=True) is page


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda page, entry: edit.set_field(page, entry, "name", "a", "b"), "only a column whose name ends in s"),
        (lambda page, entry: edit.set_field(page, entry, "tags", "a, b"), "a comma divides the values"),
        (lambda page, entry: edit.set_field(page, entry, "name", "a\nb"), "a line end ends it"),
        (lambda page, entry: edit.set_field(page, entry, "name", " a"), "it would be read as DataField"),
        (lambda page, entry: edit.add_field(page, entry, "NAME", "a"), "it has a field of the column 'NAME' already"),
        (lambda page, entry: edit.remove_field(page, entry, "nothing"), "it has no field of the column 'nothing'"),
        (lambda page, entry: edit.rename_field(page, "name", "tag_page"), "it has a field of the column 'tag_page'"),
        (lambda page, entry: edit.rename_field(page, "name", "a:b"), "a colon ends the name of a column"),
    ],
)
def test_what_cannot_be_written_is_refused(page, change, reason):
    with pytest.raises(edit.EditError, match=reason):
        change(page, page.entries[0])


def test_several_lines_of_a_column_are_not_guessed_at():
    page = dw.parse("---- dataentry ----\na: 1\nA_x: 2\n----\n")
    with pytest.raises(edit.EditError, match="2 fields of the column 'a'"):
        edit.set_field(page, page.entries[0], "a", "3")
    assert str(edit.remove_field(page, page.entries[0], "a")) == "---- dataentry ----\n\n----\n"


@examples(0.3)
@given(dws.pages(), st.data())
def test_a_field_that_is_set_has_the_values(page, data):
    for entry in page.entries:
        for field in entry.fields:
            values = tuple(data.draw(st.lists(dws.values(field.column), max_size=3 if field.column.many else 1)))
            changed = edit.set_field(page, entry, field.column.name, *values)
            (set_,) = changed.entries
            assert set_.fields == tuple(
                other if other is not field else field.with_changes(values=values) for other in entry.fields
            )
