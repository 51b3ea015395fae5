"""What one does with a tree: look for nodes, ask where they are, compare, change, print."""

import html
import json
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from helpers import assert_same, check_page
from rich.console import Console

import dokuwiki_data as dw
from dokuwiki_data.nodes import blocks, inline

TEXT = """\
====== The Quay ======
A **bold //and italic//** word, [[harbour:start|the harbour]] and {{quay.png|The quay}}.

===== Tolls =====
  * one [[tolls|{{coin.png}}]]
    - two

^ Ship ^ Toll ^
| Ada  | 3    |

---- dataentry place ----
name : The Quay
----
---- datalist ----
cols : name
----
"""


@pytest.fixture
def page():
    return dw.parse(TEXT, page_id="harbour:quay", modified=1_700_000_000)


def test_short_ways(page):
    assert (page.page_id, page.modified, page.title) == ("harbour:quay", 1_700_000_000, "The Quay")
    assert [heading.title for heading in page.headings] == ["The Quay", "Tolls"]
    assert [section.heading for section in page.sections] == list(page.headings)
    assert [link.target for link in page.links] == ["harbour:start", "tolls"]
    assert [medium.target for medium in page.media] == ["quay.png", "coin.png"]
    assert [table.columns for table in page.tables] == [2]
    assert [entry.class_name for entry in page.entries] == ["place"]
    assert [query.kind for query in page.queries] == ["list"]
    assert page.queries[0].source == "---- datalist ----\ncols : name\n----"
    check_page(page)


def test_a_page_without_a_heading_is_called_by_its_id():
    assert dw.parse("a", page_id="b:c").title == "b:c"


def test_find_all_looks_for_classes_in_the_order_of_the_source(page):
    assert [node.source for node in page.find_all(inline.Strong, inline.Emphasis)] == [
        "**bold //and italic//**",
        "//and italic//",
    ]
    assert [node.target for node in page.find_all(inline.Media)] == ["quay.png", "coin.png"]
    (bold,) = page.find_all(inline.Strong)
    assert list(bold.find_all(inline.Strong)) == [bold]


def test_find_returns_the_first_node_of_a_class_or_none(page):
    assert page.find(inline.Media) is page.media[0]
    assert page.find(inline.Emphasis, inline.Strong).source == "**bold //and italic//**"
    assert page.find(dw.Page) is page
    assert page.find(inline.Footnote) is None


def test_to_json_is_the_record_on_one_line(page):
    assert json.loads(page.to_json()) == dw.render.json(page)
    assert "\n" not in page.to_json()


def test_a_page_shows_itself_in_one_line(page):
    assert repr(page) == (
        f"Page(page_id='harbour:quay', title='The Quay', characters={len(TEXT)}, sections=2, entries=1, queries=1)"
    )
    assert repr(dw.parse("")) == "Page(page_id='', title='', characters=0)"


def test_nodes_show_themselves_in_one_short_line(page):
    assert repr(page.find(inline.Strong)) == "Strong(closed=True) with 2 children"
    assert repr(page.find(inline.Emphasis)) == "Emphasis(closed=True) with 1 child"
    text = dw.parse("a\n" + "b" * 10_000).find(inline.Text)
    assert len(repr(text)) == 100
    assert repr(text).endswith("bbb…)")
    assert repr(page.entries[0]) == "DataEntry(class_name='place', name='The Quay')"
    assert repr(page.queries[0]) == "DataQuery(kind='list', columns='name') with 1 child"


def test_notebooks_show_the_tree_escaped():
    page = dw.parse("<script> & **x**", page_id="<b>")
    shown = page._repr_html_()
    assert shown.startswith("<pre>Page(page_id=&#x27;&lt;b&gt;&#x27;")
    assert "Text(text=&#x27;&lt;script&gt; &amp; &#x27;)" in shown
    assert shown.count("<") == 2
    assert html.unescape(shown) == f"<pre>{page.pretty()}</pre>"


def test_notebooks_show_the_start_of_a_large_tree():
    page = dw.parse("**x** " * 1000)
    lines = html.unescape(page._repr_html_()).split("\n")
    assert lines[:300] == f"<pre>{page.pretty()}".split("\n")[:300]
    assert lines[300:] == [f"… and {len(page.pretty().splitlines()) - 300} more</pre>"]


def test_walk_meets_parents_first(page):
    (lists,) = page.sections[1].content[:1]
    assert [type(node).__name__ for node in lists.walk()] == [
        "List", "ListItem", "Text", "InternalLink", "InternalMedia", "List", "ListItem", "Text",
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_are_lines_and_columns_from_one(end):
    page = dw.parse(f"== a =={end}{end}é **b** 𝄞 [[c]]{end}")
    (bold,) = page.find_all(inline.Strong)
    assert bold.position == (3, 3)
    assert page.links[0].position == (3, 11)
    assert page.links[0].source == "[[c]]"


def test_places_in_quotations_are_those_of_the_page():
    page = dw.parse("a\n> b\n>> c [[d]]\n>> [[e]]\n")
    assert [(link.source, link.position) for link in page.links] == [("[[d]]", (3, 6)), ("[[e]]", (4, 4))]


def test_a_return_at_the_end_of_a_quoted_line_moves_no_place():
    (bold,) = dw.parse("> a\r\r\n> b **c**").find_all(inline.Strong)
    assert (bold.source, bold.position) == ("**c**", (2, 5))


def test_nodes_are_equal_if_they_say_the_same_wherever_they_stand():
    one, other = dw.parse("a **b** a **b** **c**").find_all(inline.Strong), dw.parse("**b**").find_all(inline.Strong)
    first, second, third = one
    assert first == second == next(other)
    assert first.span != second.span
    assert first != third
    assert len({first, second, third}) == 2


def test_nodes_are_made_by_hand_and_equal_those_that_were_read():
    (paragraph,) = dw.parse("a **b** [[c|d]]").content
    assert paragraph == blocks.Paragraph(
        (inline.Text("a "), inline.Strong((inline.Text("b"),)), inline.Text(" "), inline.InternalLink("c", "d"),
         inline.Text(""))
    )  # fmt: skip


def test_with_changes_is_a_copy_at_the_same_place(page):
    link = page.links[0]
    changed = link.with_changes(target="sea")
    assert (changed.target, changed.label, changed.span) == ("sea", "the harbour", link.span)
    assert link.target == "harbour:start"
    with pytest.raises(TypeError):
        link.with_changes(colour="red")


def test_nodes_can_be_matched(page):
    match page.headings[0]:
        case blocks.Heading(title, 1):
            assert title == "The Quay"
        case other:
            pytest.fail(f"{other!r} is no heading of level 1")


def test_plain_text_is_what_a_reader_sees(page):
    shown = page.plain_text()
    for words in ("The Quay", "A bold and italic word, the harbour and The quay.", "one", "two", "Ship", "Ada"):
        assert words in shown
    assert "**" not in shown
    assert "[[" not in shown


@pytest.mark.parametrize("text", [TEXT, "a [bold]b[/bold] :warning: \\[red]c", "[/]", "[link=a]b"])
def test_a_tree_is_printed_with_rich_as_it_is(text):
    shown = StringIO()
    page = dw.parse(text)
    Console(file=shown, width=1000).print(page)
    assert shown.getvalue().rstrip("\n") == page.pretty()


def test_threads_do_not_disturb_one_another():
    texts = [f"{TEXT}\n> {number}\n> **a**\n" * 3 for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(dw.parse, texts))
    for text, page in zip(texts, together, strict=True):
        assert_same(page, dw.parse(text))


@pytest.mark.parametrize(
    "settings", [{"release": "2019-01-01"}, {"plugins": ("data", "nothing")}, {"typography": 3}], ids=str
)
def test_a_syntax_that_is_not_known_is_refused(settings):
    with pytest.raises(ValueError, match=r"unknown|typography"):
        dw.Syntax(**settings)


def test_without_the_data_plugin_its_blocks_are_text():
    page = dw.parse(TEXT, syntax=dw.Syntax(plugins=()))
    assert not page.entries
    assert not page.queries
    check_page(page, syntax=dw.Syntax(plugins=()))
