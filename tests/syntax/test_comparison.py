"""What reads differently in two releases."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES

import dokuwiki_data as dw
from dokuwiki_data.nodes import LineBreak, LoneCloser, Page, Paragraph, QuotedLines, Section, Text
from dokuwiki_data.nodes.words import BLANKS, words
from dokuwiki_data.plugins import BUILT_IN, DATA
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
    "text that only one shows": (
        "<WRAP a 50%>\n^ \n  | \n</WRAP>",
        [("</WRAP>", "`</WRAP>` is shown only in 2026-07-14")],
    ),
    "several lines of it": ("^ //\na b\nc", [("a b\nc", "`a b` is shown only in 2026-07-14")]),
    "text in another node": (
        ">\n  b c",
        [("  b c", "`b c` is in a quotation in 2025-05-14, in the text around in 2026-07-14")],
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


#: Both releases with the plugins of a wiki without any, and with all that are built in.
PLUGINS = st.sampled_from([(), (DATA,), (DATA, *BUILT_IN)])


@given(PAGES, PLUGINS)
def test_passages_are_in_order_and_cover_what_a_reader_sees(text, plugins):
    earlier, newest = dw.Syntax(release="2025-05-14", plugins=plugins), dw.Syntax(plugins=plugins)
    passages = [found.span for found in reads_differently(text, earlier, newest)]
    assert all(start < end <= len(text) for start, end in passages)
    assert all(one.end <= other.start for one, other in pairwise(passages))
    pages = [dw.parse(text, syntax=syntax) for syntax in (earlier, newest)]
    one, other = (sorted(place for place in shown(page) if not covered(place[0], passages)) for page in pages)
    assert one == other
    if not passages:
        one, other = map(nested, pages)
        assert one == other


def covered(place, passages):
    return any(start <= place < end for start, end in passages)


def shown(page):
    """The letters and nodes that a reader sees, with their places."""
    for node in page.walk():
        if isinstance(node, Text):
            yield from ((at + number, letter) for at, word in words(node) for number, letter in enumerate(word))
        elif is_seen(node):
            yield node.span.start, type(node).__name__


def nested(page):
    """The letters and nodes that a reader sees, and which are in which."""
    found, waiting = [], [page]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            found.append(node)
        elif isinstance(node, Text):
            found += list(node.text.translate(dict.fromkeys(map(ord, BLANKS))))
        else:
            if is_seen(node):
                found.append(type(node).__name__)
                waiting.append(f"end of {type(node).__name__}")
            waiting += reversed(node.children)
    return found


def is_seen(node):
    ends_a_line = isinstance(node, LineBreak) and not node.source.startswith("\\")
    return not ends_a_line and not isinstance(node, (Page, Section, Paragraph, QuotedLines, LoneCloser))


@given(PAGES)
def test_nothing_differs_from_itself(text):
    assert reads_differently(text, NEWEST, NEWEST) == []
