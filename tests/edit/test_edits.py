"""Editing a page: what goes where, which line ends it gets, what stays as it is, what is refused."""

import pytest

import dokuwiki_data as dw
from dokuwiki_data import edit
from dokuwiki_data.nodes import (
    Code,
    DataEntry,
    DataField,
    Emphasis,
    Heading,
    InternalLink,
    List,
    ListItem,
    Paragraph,
    QuotationMark,
    Strong,
    Table,
    TableCell,
    TableRow,
    Text,
    Unformatted,
)  # fmt: skip


def first(page, kind, number=0):
    return list(page.find_all(kind))[number]


def item(text, level=1):
    return ListItem(level, (Text(f" {text}"),))


def paragraph(text):
    return Paragraph((Text(text),))


def row(*texts):
    return TableRow(tuple(TableCell((Text(f" {text} "),)) for text in texts), len(texts))


#: The page, the class of the node, which one of it, what takes its place, and the page then.
REPLACED = [
    ("a **b** c", Strong, 0, "x", "a x c"),
    ("a **b** c", Strong, 0, "", "a  c"),
    ("a **b** c", Strong, 0, Emphasis((Text("x"),)), "a //x// c"),
    ("a **b** c", Text, 1, Text("x"), "a **x** c"),
    ("a **b** c", Text, 1, Text("x**y"), "a **x*<nowiki></nowiki>*y** c"),
    ("a **b** c", Text, 0, Text("**"), "****b** c"),
    ("a %%**%% c", Unformatted, 0, Text("**"), "a ** c"),
    ("a [[b]] c", InternalLink, 0, [Text("see "), InternalLink("x", "y")], "a see [[x|y]] c"),
    ("a\n\nb\n\nc", Paragraph, 1, Heading("x", 1), "a\n\n====== x ======\n\nc"),
    ("a\n\nb\n\nc", Paragraph, 1, [paragraph("x"), paragraph("y")], "a\n\nx\n\ny\n\nc"),
    ("a\n<code>b</code>\nc", Code, 0, paragraph("x"), "a\n\nx\n\nc"),
    ("a <code>b</code> c", Code, 0, List(False, (item("x"),)), "a \n  * x\n c"),
    (
        "    * a\n    * b\n", ListItem, 1, ListItem(1, (Text(" x"),), (List(True, (item("y", 2),)),)),
        "    * a\n    * x\n      - y\n",
    ),
    ("  - a\n  - b\n", ListItem, 0, item("x"), "  - x\n  - b\n"),
    ("| a | b |\n| c | d |\n", TableCell, 1, TableCell((Text(" x "),), header=True), "| a ^ x |\n| c | d |\n"),
    ("| a | b |\n| c | d |\n", TableRow, 1, row("x", "y"), "| a | b |\n| x | y |\n"),
    ("> a //b// c\n> d\n", Emphasis, 0, Strong((Text("x\ny"),)), "> a **x\n> y** c\n> d\n"),
    ("> a //b// c\n> d\n", Emphasis, 0, "x\ny", "> a x\n> y c\n> d\n"),
    (">> a //b\n>>c// d\n", Emphasis, 0, Emphasis((Text("x\ny"),)), ">> a //x\n>> y// d\n"),
    ("a\r\n\r\nb\r\n", Paragraph, 1, paragraph("x\ny"), "a\r\n\r\nx\r\ny\r\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "number", "new", "result"), REPLACED)
def test_something_takes_the_place_of_a_node(text, kind, number, new, result):
    page = dw.parse(text)
    changed = edit.replace(page, first(page, kind, number), new)
    assert str(changed) == result
    assert changed == dw.parse(result)
    assert str(page) == text


#: The page, the class of the node, which one, what comes before it or behind it, and the page then.
BEFORE = [
    ("a **b** c", Strong, 0, "x ", "a x **b** c"),
    ("a\n\nb", Paragraph, 1, paragraph("x"), "a\n\nx\n\nb"),
    ("a\n\nb", Paragraph, 0, "x", "x\n\na\n\nb"),
    ("a\n  * b\n", List, 0, paragraph("x"), "a\n\nx\n\n  * b\n"),
    ("  * a\n  * b\n", ListItem, 0, item("x"), "  * x\n  * a\n  * b\n"),
    ("| a |\n", TableRow, 0, row("x"), "| x |\n| a |\n"),
    ("| a | b |\n", TableCell, 1, TableCell((Text(" x "),)), "| a | x | b |\n"),
    ("> a\n>\n> b\n", Paragraph, 1, paragraph("x"), "> a\n>\n> x\n> \n> b\n"),
]
BEHIND = [
    ("a **b** c", Strong, 0, Text(" x"), "a **b** x c"),
    ("a\n\nb", Paragraph, 0, paragraph("x"), "a\n\nx\n\nb"),
    ("== a ==\nb", Heading, 0, paragraph("x"), "== a ==\n\nx\n\nb"),
    ("a  \n  * b\n", Paragraph, 0, Code("x"), "a  \n\n<code>x</code>\n\n  * b\n"),
    ("  * a\n    * b\n  * c\n", ListItem, 0, item("x"), "  * a\n    * b\n  * x\n  * c\n"),
    ("|a||\n", TableCell, 0, TableCell((Text("x"),)), "|a||x|\n"),
    ("---- dataentry ----\na : b # c\n----\n", DataField, 0, "x : y", "---- dataentry ----\na : b # c\nx : y\n----\n"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("insert", "text", "kind", "number", "new", "result"),
    [(edit.insert_before, *case) for case in BEFORE] + [(edit.insert_after, *case) for case in BEHIND],
)
def test_something_comes_beside_a_node(insert, text, kind, number, new, result):
    page = dw.parse(text)
    assert str(insert(page, first(page, kind, number), new)) == result


REMOVED = [
    ("a **b** c", Strong, 0, "a  c"),
    ("a\n\nb\n\nc", Paragraph, 1, "a\n\n\n\nc"),
    ("  * a\n  * b\n  * c\n", ListItem, 0, "  * b\n  * c\n"),
    ("  * a\n  * b\n  * c\n", ListItem, 2, "  * a\n  * b\n"),
    ("  * a\n    - b\n  * c\n", ListItem, 1, "  * a\n  * c\n"),
    ("| a |\n| b |\n", TableRow, 1, "| a |\n"),
    ("| a || b |\n", TableCell, 0, "| b |\n"),
    ("---- dataentry ----\n a: b\nc: d\n----\n", DataField, 0, "---- dataentry ----\nc: d\n----\n"),
    ("---- dataentry ----\na: b\n----\n", DataField, 0, "---- dataentry ----\n\n----\n"),
    ("> a //b\n> c// d\n", Emphasis, 0, "> a  d\n"),
]


@pytest.mark.parametrize(("text", "kind", "number", "result"), REMOVED)
def test_a_node_is_removed(text, kind, number, result):
    page = dw.parse(text)
    assert str(edit.remove(page, first(page, kind, number))) == result


# ------------------------------------------------------------------------------- only what differs is written


def test_of_a_changed_copy_only_what_differs_is_written():
    page = dw.parse("Some  ''odd''\n markup: [[ a |b]] and  www.a.example, **it** stays.\n")
    (found,) = page.find_all(Paragraph)
    content = tuple(part if not isinstance(part, Strong) else Strong((Text("they"),)) for part in found.content)
    changed = edit.replace(page, found, found.with_changes(content=content))
    assert str(changed) == str(page).replace("**it**", "**they**")


def test_items_are_added_moved_and_left_out_as_they_are_written():
    page = dw.parse("\t* a  //b//\n\t* c\n\t\t- d\n\t* e \n")
    (one, *_) = page.find_all(List)
    a, c, e = one.items
    assert str(edit.replace(page, one, one.with_changes(items=(a, e)))) == "\t* a  //b//\n\t* e \n"
    assert str(edit.replace(page, one, one.with_changes(items=(a, item("x"), c, e)))) == (
        "\t* a  //b//\n  * x\n\t* c\n\t\t- d\n\t* e \n"
    )


def test_rows_that_change_their_spans_are_written_anew():
    page = dw.parse("|a|b|\n|  c|d  |\n")
    (table,) = page.tables
    a, _ = table.rows[0].cells
    wide = table.rows[0].with_changes(cells=(a.with_changes(colspan=2),))
    assert str(edit.replace(page, table.rows[0], wide)) == "|a||\n|  c|d  |\n"
    changed = edit.replace(page, table, table.with_changes(rows=(wide, table.rows[1])))
    assert str(changed) == "|a||\n|  c|d  |\n"


def test_counts_that_nobody_gave_are_counted():
    page = dw.parse("a\n")
    table = Table((TableRow((TableCell((Text(" A "),), True),)), TableRow((TableCell((Text(" a "),)),))))
    changed = edit.insert_after(page, first(page, Paragraph), table)
    assert (changed.tables[0].columns, changed.tables[0].head_rows, changed.tables[0].rows[0].width) == (1, 1, 1)


def test_a_transformation_goes_from_the_outside_in_and_leaves_what_it_put_in():
    met = []

    def function(node):
        met.append(type(node).__name__)
        if isinstance(node, Strong):
            return Emphasis(node.content)
        return node.with_changes(text=node.text.upper()) if isinstance(node, Text) else node

    assert str(edit.transform(dw.parse("a **b** //c//\n"), function)) == "A //b// //C//\n"
    assert met == ["Paragraph", "Text", "Strong", "Text", "Emphasis", "Text"]


def test_a_transformation_removes_replaces_and_adds():
    page = dw.parse("  * a\n  * b\n  * c\n")
    answers = {"a": None, "b": [item("x"), "  * y"]}
    changed = edit.transform(page, lambda node: answers.get(node.plain_text(), node))
    assert str(changed) == "  * x\n  * y\n  * c\n"
    beside = edit.transform(page, lambda node: [item("x"), node] if isinstance(node, ListItem) else node)
    assert str(beside) == "  * x\n  * a\n  * x\n  * b\n  * x\n  * c\n"


def test_the_new_page_keeps_id_time_and_syntax():
    syntax = dw.Syntax(typography=0)
    page = dw.parse('a "b"', page_id="x:y", modified=5, syntax=syntax)
    changed = edit.replace(page, first(page, Text), Text('"c"'))
    assert (changed.page_id, changed.modified, str(changed)) == ("x:y", 5, '"c"')


def test_bytes_that_are_no_text_stay():
    page = dw.parse("\0a\udcff **b** \udcfe\r\n")
    assert str(edit.replace(page, first(page, Strong), "x")) == "\0a\udcff x \udcfe\r\n"


# ------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("text", "kind", "new", "reason"),
    [
        ("a", Text, Text('"'), "it would be read as"),
        ("a", Text, Text("b\n\nc"), "it would be read as"),
        ("|a|\n", TableCell, TableCell((Text("b|c"),)), "it would be read as"),
        ("|a|\n", TableCell, TableCell((Text("b\nc"),)), "it would be read as"),
        ("|a|\n", TableCell, TableCell((Text("b"),), align="right"), "it would be read as"),
        ("  * a\n", ListItem, ListItem(3, (Text(" b"),)), "it would be read as"),
        ("a **b** c", Strong, Strong((Text(" b "),)), "it would be read as"),
        ("a **b** c", Strong, Strong((Text("b"),), closed=False), "it would be read as"),
        ("a", Text, QuotationMark("apostrophe"), "it would be read as"),
        ("a", Text, InternalLink("http://b"), "it would be read as ExternalLink"),
        ("== a ==\n", Heading, Heading("b\nc", 1), "a title must not have a line end"),
    ],
)
def test_what_would_be_read_as_something_else_is_refused(text, kind, new, reason):
    page = dw.parse(text)
    with pytest.raises(edit.EditError, match=reason) as raised:
        edit.replace(page, first(page, kind), new)
    assert raised.value.node is new
    assert "\n" not in str(raised.value)


def test_formatting_that_stays_open_is_written_at_the_end_of_its_text_in_the_release_that_has_it():
    syntax = dw.Syntax(release="2025-05-14")
    page = dw.parse("a //b http://x// c", syntax=syntax)
    (found,) = page.find_all(Emphasis)
    assert found.closed is False
    changed = edit.replace(page, found, found.with_changes(content=(Text("x "), *found.content[1:])))
    assert str(changed) == "a //x http://x// c"


@pytest.mark.parametrize("change", [edit.replace, edit.insert_before, edit.insert_after])
def test_nodes_of_other_pages_are_refused(change):
    page, other = dw.parse("a **b**"), dw.parse("a **b**")
    for node in (first(other, Strong), Strong((Text("b"),)), first(page, Strong).with_changes()):
        with pytest.raises(edit.EditError, match="it is not a node of this page"):
            change(page, node, "x")


def test_a_line_without_a_node_is_not_lost():
    page = dw.parse("---- dataentry ----\n# one\na: b\n\n# two\nc: d\n----")
    (entry,) = page.find_all(DataEntry)
    changed = edit.replace(page, entry, entry.with_changes(fields=entry.fields[1:]))
    assert str(changed) == "---- dataentry ----\n# one\n\n# two\nc: d\n----"
