"""Pages that nobody means well by: deep nesting, unclosed markup without end, characters that do not belong there."""

import pytest
from helpers import check_page
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.nodes import inline
from dokuwiki_data.plugins import BUILT_IN, DATA
from dokuwiki_data.syntax.configuration import RELEASES

#: More than Python's own limit of recursion. Lists are not as deep, since each level makes its lines longer.
DEPTH = 1_500

NESTED = {
    "quotation": ">" * DEPTH + "a",
    "quotation that grows": "\n".join(">" * depth for depth in range(1, 300)),
    "list": "\n".join("\t" * depth + "* a" for depth in range(1, 1000)),
    "list in two kinds": "\n".join("  " * depth + "*-"[depth % 2] + " a" for depth in range(1, 1000)),
}

#: What is not as deep as it looks: formatting does not nest in itself, nor a note in a note.
FLAT = {
    "list that leaps": "\t* a\n" + "\t" * DEPTH + "* b",
    "bold and italic": "**//" * (DEPTH // 2) + "a" + "//**" * (DEPTH // 2),
    "formatting": "<sub><sup>" * (DEPTH // 2) + "a" + "</sup></sub>" * (DEPTH // 2),
    "footnotes": "((" * DEPTH + "a" + "))" * DEPTH,
    "links": "[[" * DEPTH + "a" + "]]" * DEPTH,
    "media": "{{" * DEPTH + "a" + "}}" * DEPTH,
    "code": "<code>" * DEPTH + "a" + "</code>" * DEPTH,
    "lists in notes": "((\n  * " * (DEPTH // 3) + "a" + "))" * (DEPTH // 3),
    "notes in quotations": "".join(f"{'>' * (number % 70)} ((a\n" for number in range(DEPTH // 3)),
    "tables in notes": "((\n| " * (DEPTH // 3) + "a" + " |\n))" * (DEPTH // 3),
}

OPENERS = [
    "**a ", "//a ", "__a ", "''a ", "<sub>a ", "<sup>a ", "<del>a ", "((a ", "[[a ", "[[a|", "{{a ", "{{a|", "{{rss>a ",
    "<nowiki>a ", "%%a ", "<code>a ", "<code [a=", "<file>a ", "<html>a ", "http://", "http://a", "www.", "ftp.",
    "a@b.", "<a@b.", "\\\\a\\", "\\\\", "^|", "| a ", ":::", "|:::", "\n|:::|", "====", "== ", "\n== a", "-", "----",
    "\n----",
    "----\n", ">>>>", "\n> a", "\n>> a\n> b", "  * a\n", "\n  * ", "\n\t- a", "\n  a", "\n\n", " \n", "\n ", "\r\n",
    "---- dataentry ----\n", "\n---- dataentry ----\na: b", "---- datatable\n", "1x", "x1", "\"a", "'a ", "~~NOTOC",
    "~~INFO:a", ":-", "FIX", "A.", "<-", "(t", "\0", "\udc80", "\ud800", "\ufeff", "𝄞", "//a http://x// ", "[[a|{{b",
    "**a\n", "((\n  * a", "\n|**a", "\n> ((a", "{{a}} }", "((a)", "<sub>a</sub", "%% %", "]]", "))", "}}", "**//__",
]  # fmt: skip


of_each_release = pytest.mark.parametrize("syntax", [dw.Syntax(release) for release in RELEASES], ids=RELEASES)


@of_each_release
@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_deep_nesting_is_cut_and_nothing_is_lost(text, syntax):
    page = dw.parse(text, syntax=syntax)
    assert {found.kind for found in page.diagnostics} == {"too-deep"}
    check_page(page, syntax=syntax)


@of_each_release
@pytest.mark.parametrize("text", FLAT.values(), ids=FLAT)
def test_what_only_looks_nested(text, syntax):
    page = dw.parse(text, syntax=syntax)
    assert max(len(line) - len(line.lstrip()) for line in page.pretty().split("\n")) < 2 * 100
    check_page(page, syntax=syntax)


@of_each_release
@pytest.mark.parametrize(
    "text", ["((\n>> ((<sup>a((</sup>\n))", "((a\n  * ((b **c((** ))", "((a **b\n| ((c | //d (( | e// ))"]
)
def test_notes_in_notes_among_blocks(text, syntax):
    check_page(dw.parse(text, syntax=syntax), syntax=syntax)


@of_each_release
@pytest.mark.parametrize("opener", OPENERS)
def test_markup_that_is_never_closed(opener, syntax):
    text = opener * (5_000 // len(opener))
    assert str(dw.parse(text, syntax=syntax)) == text
    check_page(dw.parse(text[:500], syntax=syntax), syntax=syntax, lark=False)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a\n**b [[c**d]] e", [(2, 1)]),
        ("a // b\n\n  * c __d %%__%%", [(1, 3), (3, 7)]),
        ("  * __c //d %%__%%", [(1, 5), (1, 9)]),
        ("((a **//b ((c)) d// e** f)) g", [(1, 5), (1, 7)]),
    ],
)
def test_formatting_that_stays_open_is_told_with_its_place(text, places):
    syntax = dw.Syntax(release="2025-05-14")
    page = dw.parse(text, syntax=syntax)
    assert [(found.kind, found.position) for found in page.diagnostics] == [("left-open", place) for place in places]
    assert sum(not node.closed for node in page.find_all(inline.Formatting)) == len(places)
    check_page(page, syntax=syntax)


@pytest.mark.parametrize(
    ("text", "kind", "line", "column"),
    [
        ("a\n\0b", "control-character", 2, 1),
        ("a \udcff\udcfe", "undecodable", 1, 3),
        ("a \ud800", "undecodable", 1, 3),
        ("\ufeff== a ==", "byte-order-mark", 1, 1),
        ("a <nowiki>b", "unclosed", 1, 3),
        ("a\n\n<code>b", "unclosed", 3, 1),
        ("<file>", "unclosed", 1, 1),
        ("\n---- dataentry ----\na: b", "unclosed", 2, 1),
        ("| a | b", "dropped", 1, 6),
    ],
)
def test_what_is_odd_is_said_with_its_place(text, kind, line, column):
    page = dw.parse(text)
    (found,) = page.diagnostics
    assert (found.kind, *found.position) == (kind, line, column)
    check_page(page)


@pytest.mark.parametrize("number", ["9" * 5000, "0" * 5000 + "1", "1e999", "-1e999", "nan", "²"], ids=lambda n: n[-6:])
@pytest.mark.parametrize(
    "text",
    [
        "{{{{rss>a {}d}}}}", "{{{{a.png?{0}x{0}}}}}", "{}x{}", "<code [start_line_numbers_at={}]>a</code>",
        "<code [highlight_lines_extra={}]>a</code>", "---- datatable ----\nmax: {}\n----\n",
        "{{{{threads>a&count={}}}}}", "{{{{indexmenu>a#{}}}}}", "{{{{gallery>a?{0}&={0}&+{0}&{0}x{0}}}}}",
        "{{{{youtube>a?{0}x{0}}}}}", "---- struct table ----\nschema: a\nlimit: {0}\nnesting: {0}\n----\n",
    ],
)  # fmt: skip
def test_numbers_beyond_all_bounds(text, number):
    syntax = dw.Syntax(plugins=(DATA, *BUILT_IN))
    check_page(dw.parse(text.format(number, number), syntax=syntax), syntax=syntax)


def test_a_page_without_oddities_has_no_diagnostics():
    assert dw.parse("== a ==\nb **c**\n| d |\n  * e\n").diagnostics == ()


@given(st.binary(max_size=200))
def test_bytes_that_are_not_utf_8_can_be_written_back(content):
    page = dw.parse(content.decode(errors="surrogateescape"))
    check_page(page)
    assert str(page).encode(errors="surrogateescape") == content
