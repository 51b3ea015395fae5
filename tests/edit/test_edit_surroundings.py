"""Of every edit: all that is not asked for is read as before, text included, or the edit is refused."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES, SYNTAXES, examples

import dokuwiki_data as dw
from dokuwiki_data import edit
from dokuwiki_data import strategies as dws
from dokuwiki_data.nodes import (
    Code,
    DataEntry,
    DataField,
    DataOption,
    DataQuery,
    Heading,
    List,
    ListItem,
    Page,
    Paragraph,
    QuotedLines,
    Section,
    Strong,
    TableCell,
    Text,
)  # fmt: skip
from dokuwiki_data.plugins import BUILT_IN, DATA
from dokuwiki_data.query.columns import Column

# ------------------------------------------------------------------------------------------ what a page says

#: Nodes and fields that follow from what is around.
CARRIERS = (Page, Section, Paragraph, QuotedLines, Text)
FLOWS = {"List", "Table", "TableRow"}
FOLLOWING = {"columns", "head_rows", "width", "level", "rowspan", "query", "page_id", "modified", "diagnostics"}


def said(node, instead=None):
    """What a page says, in order: letters, and nodes with what they say themselves; some of them say something else.

    ``instead``: by the identity of a node what is said in its place.
    """
    found = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, tuple):
            found.append(current)
        elif id(current) in (instead or {}):
            found += instead[id(current)]
        elif isinstance(current, Text):
            found += [letter for letter in current.text if letter not in " \t\n\r\f\v\0"]
        else:
            if not isinstance(current, CARRIERS):
                found.append((type(current).__name__, *own(current)))
                waiting.append(("end of", type(current).__name__))
            waiting += reversed(current.children)
    return without_empty(found)


def without_empty(found):
    """A list without items goes with the last of them; so do a table, a row, lines of a quotation."""
    kept = []
    for each in found:
        if each[0] == "end of" and each[1] in FLOWS and kept and kept[-1][0] == each[1]:
            kept.pop()
        else:
            kept.append(each)
    return kept


def own(node):
    names = [field.name for field in dataclasses.fields(node) if field.compare and not field.name.startswith("_")]
    if not isinstance(node, Heading):
        names = [name for name in names if name not in FOLLOWING]
    return [(name, repr(value)) for name in names if not holds_nodes(value := getattr(node, name))]


def holds_nodes(value):
    return isinstance(value, dw.nodes.Node) or (isinstance(value, tuple) and not any(isinstance(x, str) for x in value))


def check_around(page, node, side, changed):
    """What a page says besides a node is still said, in the same order, with something else in one place."""
    rest = said(page, {id(node): []} if side is None else None)
    now = said(changed)
    same = next((at for at, (a, b) in enumerate(zip(rest, now, strict=False)) if a != b), min(len(rest), len(now)))
    behind = len(rest) - same
    assert len(now) >= len(rest)
    assert now[len(now) - behind :] == rest[same:]


# ------------------------------------------------------------------------------------------------- examples

OLD, COMMENTS = dw.Syntax(release="2025-05-14"), dw.Syntax(release="2025-05-14", plugins=("data", "comments"))


def label(node):
    return node.with_changes(label="c**")


def to(**changes):
    return lambda node: node.with_changes(**changes)


#: The syntax, a page, the class of the node, and what it becomes.
REFUSED = [
    (OLD, "x **a [[b|c]] d\n\n  * item", "InternalLink", label),
    (COMMENTS, "**a**/* x */ b", "Comment", to(text="y")),
    (OLD, "x ''a %%b%% d", "Unformatted", to(text="c''")),
    (COMMENTS, "x * /* y */*a** b", "Comment", lambda node: "*"),
    (dw.Syntax(), "*%%x%%*a** b", "Unformatted", lambda node: None),
    (OLD, "a **b** c\n\n  * d\n", "Strong", lambda node: "//"),
    (dw.Syntax(), "a **b** c\n<code>d</code>", "Strong", lambda node: "<code>"),
    (dw.Syntax(), "a ''b'' c**d", "Monospace", lambda node: "**x"),
    (dw.Syntax(), "a\n\n  * b ((c))\n", "Paragraph", lambda node: "((x"),
    (dw.Syntax(), "|a|b|\n|:::|c|\n", "TableCell", lambda node: None if node.plain_text() == "a" else node),
]


@pytest.mark.parametrize(("syntax", "text", "kind", "change"), REFUSED)
def test_what_would_change_something_else_is_refused(syntax, text, kind, change):
    page = dw.parse(text, syntax=syntax)
    with pytest.raises(edit.EditError, match="would be read differently"):
        edit.transform(page, lambda node: change(node) if type(node).__name__ == kind else node)


#: The same for what is written with care: a page, the class of the node, what it becomes, and the page then.
SAFE = [
    (OLD, "x **a %%b%% c\n\n  * d", "Unformatted", Text("e** f"), "x **a e*<nowiki></nowiki>* f c\n\n  * d"),
    (dw.Syntax(), "*%%x%%*a** b", "Unformatted", Text("y"), "*y*a** b"),
]


@pytest.mark.parametrize(("syntax", "text", "kind", "new", "result"), SAFE)
def test_what_can_be_written_with_care_is(syntax, text, kind, new, result):
    page = dw.parse(text, syntax=syntax)
    (node,) = (found for found in page.walk() if type(found).__name__ == kind)
    assert str(edit.replace(page, node, new)) == result


def test_what_is_put_around_a_node_is_no_change_of_it():
    page = dw.parse("a //b// c\n\n  * d\n")
    around = {"Emphasis": ("**", "**"), "List": ("x\n", "\ny")}

    def function(node):
        before, behind = around.get(type(node).__name__, ("", ""))
        return [before, node, behind] if before else node

    assert edit.transform(page, function).pretty().count("Strong") == 1


# ----------------------------------------------------------------------------------------------------- laws

#: Nodes, and markup that may do anything.
NEW = st.sampled_from(
    [
        "", "word", "**", "//", "''", "<code>", "((", "]]", "</wrap>", "++", "*/", "\n", "\n\n  * a\n", "| a |",
        Text("a **b** c"), Text("**"), Text("//"), Text("a"), Text("%%"), Text("*/"), Strong((Text("a"),)),
        Paragraph((Text("a\nb"),)), Code("a\n"), Heading("a", 2), List(False, (ListItem(1, (Text(" a"),)),)),
        ListItem(1, (Text(" a//"),)), TableCell((Text(" a''"),)), DataField(Column.parse("n"), ("**",)),
        [Text("a"), "b"],
    ]
)  # fmt: skip
SYNTAX = (
    st.builds(
        dw.Syntax,
        release=st.sampled_from(["2026-07-14", "2025-05-14"]),
        plugins=st.sampled_from([(), (DATA,), (DATA, *BUILT_IN)]),
    )
    | SYNTAXES
)


def node_of(page, number):
    nodes = list(page.walk())[1:]
    return nodes[number % len(nodes)] if nodes else None


@given(PAGES, SYNTAX, NEW, st.integers(0, 10**6))
def test_a_change_leaves_the_reading_of_the_rest(text, syntax, new, number):
    page = dw.parse(text, syntax=syntax)
    if (node := node_of(page, number)) is None:
        return
    for change, side in ((edit.replace, None), (edit.insert_before, "before"), (edit.insert_after, "after")):
        try:
            changed = change(page, node, new)
        except edit.EditError:
            continue
        check_around(page, node, side, changed)


def variant(node, words):
    """A copy of a node with other words in it, if it has words of its own; else itself."""
    names = [field.name for field in dataclasses.fields(node) if field.name in ("text", "label", "title", "target")]
    return node.with_changes(**{names[0]: words}) if names else node


WORDS = st.sampled_from(["c**", "//", "''c", "y", "a|b", "%%", "<nowiki>", "\\\\", "))", "c\n", "  c", "*/", "__c__"])


@given(PAGES, SYNTAX, WORDS, st.integers(0, 10**6))
def test_a_changed_copy_leaves_the_reading_of_the_rest(text, syntax, words, number):
    page = dw.parse(text, syntax=syntax)
    nodes = [found for found in page.walk() if variant(found, words) is not found]
    if not nodes:
        return
    node = nodes[number % len(nodes)]
    try:
        changed = edit.replace(page, node, variant(node, words))
    except edit.EditError:
        return
    check_around(page, node, None, changed)


@given(PAGES, SYNTAX, st.integers(0, 10**6))
def test_a_removal_leaves_the_reading_of_the_rest(text, syntax, number):
    page = dw.parse(text, syntax=syntax)
    if (node := node_of(page, number)) is None:
        return
    try:
        changed = edit.remove(page, node)
    except edit.EditError:
        return
    assert said(changed) == said(page, {id(node): []})


@given(PAGES, SYNTAX, st.sampled_from([None, Text("word"), Text("**"), Text("x//")]), st.randoms(use_true_random=False))
def test_a_transformation_says_the_page_with_other_words(text, syntax, new, chance):
    page = dw.parse(text, syntax=syntax)
    instead = {}

    def function(node):
        if not node.is_block and not isinstance(node, (TableCell, DataOption)) and chance.random() < 0.3:
            instead[id(node)] = said(new) if new else []
            return new
        return node

    try:
        changed = edit.transform(page, function)
    except edit.EditError:
        return
    assert said(changed) == said(page, instead)


VALUES = st.sampled_from([("a",), (), ("a, b",), ("#",), ("a\\",), ("----",), ("*/",), ("**",), ("a", "b")])
ENTRIES = st.sampled_from(
    ["---- dataentry t ----\n{}\n----", "> ---- dataentry ----\n> {}\n> ----", "<wrap>---- dataentry ----\n{}\n----"]
)
INSIDE = st.lists(
    st.sampled_from(
        ["# note", "lost\\", "a: b # c", "tags : a, b", "", "  ", " b_dt: 2020-01-01", "0", "x&", ": a", "\tn  : #"]
    ),
    max_size=4,
)


@given(st.tuples(PAGES, PAGES), ENTRIES, INSIDE, st.booleans(), SYNTAX, VALUES, st.sampled_from(["a", "tags", "new_s"]))
def test_fields_change_and_nothing_else(around, entry, inside, returns, syntax, values, column):
    text = f"{around[0]}\n{entry.replace('{}', chr(10).join(inside))}\n{around[1]}"
    text = text.replace("\r", "").replace("\n", "\r\n") if returns else text
    page = dw.parse(text, syntax=syntax)
    for found in page.entries[:2]:
        check_fields(page, found, column, values)


@examples(0.3)
@given(dws.pages(), VALUES, st.sampled_from(["a", "tags", "new_s"]))
def test_fields_of_valid_pages_change_and_nothing_else(page, values, column):
    for found in page.entries:
        check_fields(page, found, column, values)


def check_fields(page, entry, column, values):
    key = Column.parse(column).key
    fields = [field for field in entry.fields if field.column.key == key]
    for change in (edit.set_field, edit.add_field):
        try:
            changed = change(page, entry, column, *values)
        except edit.EditError:
            continue
        (new,) = (each for each in changed.find_all(DataEntry) if each.span.start == entry.span.start)
        if fields:
            check_bytes(page, fields[0].span, changed)
            instead = fields[0].with_changes(values=values)
            assert said(changed) == said(page, {id(fields[0]): said(instead)})
        else:
            check_inserted(page, changed)
            assert new.fields == (*entry.fields, DataField(Column.parse(column), values))
            assert said(changed, {id(new): []}) == said(page, {id(entry): []})
    if fields:
        try:
            changed = edit.remove_field(page, entry, column)
        except edit.EditError:
            return
        assert said(changed) == said(page, {id(field): [] for field in fields})


@given(st.tuples(PAGES, PAGES), ENTRIES, INSIDE, SYNTAX, st.sampled_from(["b", "a_dts", "**", "a, b", "c=d"]))
def test_a_column_is_renamed_and_nothing_else(around, entry, inside, syntax, new):
    query = "---- datatable ----\ncols: a, tags\nfilter: a=1 # a\n# a\nlost\\\nsort: a\n----\n"
    text = f"{around[0]}\n{entry.replace('{}', chr(10).join(inside))}\n{query}{around[1]}"
    page = dw.parse(text, syntax=syntax)
    try:
        changed = edit.rename_field(page, "a", new, queries=True)
    except edit.EditError:
        return
    hidden = [{id(found): [] for found in each.find_all(DataQuery, DataField)} for each in (page, changed)]
    assert said(changed, hidden[1]) == said(page, hidden[0])
    assert len(hidden[0]) == len(hidden[1])


def check_bytes(page, span, changed):
    text, new = str(page), str(changed)
    assert new.startswith(text[: span.start])
    assert new.endswith(text[span.end :])


def check_inserted(page, changed):
    """All of the old text is there, and in one place something new."""
    text, new = str(page), str(changed)
    common = next((at for at, (a, b) in enumerate(zip(text, new, strict=False)) if a != b), min(len(text), len(new)))
    assert any(text[:at] + new[at : at + len(new) - len(text)] + text[at:] == new for at in range(common + 1))
