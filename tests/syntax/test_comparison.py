"""What reads differently in two releases."""

import pytest
from hypothesis import given, settings
from markup import PAGES

import dokuwiki_data as dw
from dokuwiki_data.syntax.comparison import reads_differently

EARLIER, NEWEST = dw.Syntax(release="2025-05-14"), dw.Syntax(release="2026-07-14")

#: A page, the passages that read differently, and what they are.
CASES = {
    "blanks beside delimiters": ("a ** b ** c", [("** b **", "`**` is bold only in 2025-05-14")]),
    "over an empty line": ("**a\n\nb** c", [("**a\n\nb**", "`**` is bold only in 2025-05-14")]),
    "to the end": (
        "a // b\n\n  * c\n\nd **e**",
        [("// b\n\n  * c\n\nd **e**", "`//` is italic to the end of its text only in 2025-05-14")],
    ),
    "a heading behind text": ("a == b ==\nc", [(" == b ==", "`== b ==` is a heading only in 2025-05-14")]),
    "a rule behind a blank": (" ----\na", [(" ----", "`----` is a rule only in 2025-05-14")]),
    "a longer passage": ("**a ** b**", [("**a ** b**", "`**` is bold otherwise in 2026-07-14 than in 2025-05-14")]),
    "markers in what is formatted": (
        "> a **b\n> c** d",
        [("**b\n> c**", "`**` is bold otherwise in 2025-05-14 than in 2026-07-14")],
    ),
    "a list in a quotation": (
        ">   * a\n> b",
        [("  * a", "`* a` is a list only in 2026-07-14")],
    ),
    "an alignment": (
        "{{a?left}}",
        [("{{a?left}}", "`{{a?left}}` is media otherwise in 2025-05-14 than in 2026-07-14")],
    ),
    "two passages": (
        "a ** b ** c\n\nd __ e __ f",
        [
            ("** b **", "`**` is bold only in 2025-05-14"),
            ("__ e __", "`__` is underlined only in 2025-05-14"),
        ],
    ),
}
#: What an upgrade does not change for a reader.
ALIKE = [
    "", "a", "**a** //b// c", "a \n b", "  a\nb", "  * a\n    * b\n      * c", "> a\n>> b\n> c",
    "| a | **b** |\n^ c || d", "== a ==\n\nb\n\n----\n\nc", "<code a b >c</code>", "a((b))c",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_an_upgrade_changes(text, expected):
    found = reads_differently(text, EARLIER, NEWEST)
    assert [(text[start:end], what) for (start, end), _, what in found] == expected


@pytest.mark.parametrize("text", ALIKE)
def test_what_an_upgrade_leaves_alone(text):
    assert reads_differently(text, EARLIER, NEWEST) == []


def test_where_it_stands():
    (found,) = reads_differently("a\r\n日 ** b **", EARLIER, NEWEST)
    assert found.position == (2, 3)
    assert found.span == (5, 12)


def test_a_setting_is_compared_as_well():
    (found,) = reads_differently("a CamelCase b", dw.Syntax(), dw.Syntax(camelcase=True))
    assert found.what == "`CamelCase` is a link only in the other syntax"


@settings(max_examples=300)
@given(PAGES)
def test_passages_are_in_order_and_cover_what_differs(text):
    found = reads_differently(text, EARLIER, NEWEST)
    ends = [end for (_, end), _, _ in found]
    starts = [start for (start, _), _, _ in found]
    assert all(start <= end <= len(text) for start, end in zip(starts, ends, strict=True))
    assert starts == sorted(starts)
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    one, other = dw.parse(text, syntax=EARLIER), dw.parse(text, syntax=NEWEST)
    if not found:
        assert one.plain_text().split() == other.plain_text().split()


@given(PAGES)
def test_nothing_differs_from_itself(text):
    assert reads_differently(text, NEWEST, NEWEST) == []
