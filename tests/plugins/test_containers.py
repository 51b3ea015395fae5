"""Plugins whose markup holds other markup: read as DokuWiki reads them, and without them as DokuWiki does without."""

import pytest
from helpers import as_lines, check_page, read_cases
from hypothesis import given
from hypothesis import strategies as st
from plugin_cases import DEVIATIONS, cases, read, said_by, syntax_with

import dokuwiki_data as dw
from dokuwiki_data.plugins import Container, InnerHeading, Leaf, Plugin, PluginContainer, PluginMarkup, node
from dokuwiki_data.plugins.folded import Folded, FoldedHeading
from dokuwiki_data.plugins.imgcaption import ImageCaption, TableCaption
from dokuwiki_data.plugins.wrap import InlineWrap, Wrap

PLUGINS = ("wrap", "note", "color", "folded", "imgcaption")

EVERY_CASE = [
    pytest.param(plugin, case, id=f"{plugin}: {case['title']}") for plugin in PLUGINS for case in cases(plugin)
]


@pytest.mark.parametrize(("plugin", "case"), EVERY_CASE)
def test_a_page_reads_as_dokuwiki_reads_it_with_the_plugin(plugin, case):
    page = read(case["input"], plugin)
    assert as_lines(dw.render.instructions(page)) == case["calls"]
    assert said_by(page) == case["nodes"]
    assert any(page.find_all(PluginContainer)) == ("tree" in case)
    assert page.pretty() + "\n" == case.get("tree", page.pretty() + "\n")
    check_page(page, syntax=syntax_with(plugin))


@pytest.mark.parametrize(("plugin", "case"), EVERY_CASE)
def test_without_the_plugin_it_reads_as_dokuwiki_does_without(plugin, case):
    others = syntax_with(*(other for other in PLUGINS if other != plugin))
    for syntax in (syntax_with(), others):
        page = dw.parse(case["input"], syntax=syntax)
        assert as_lines(dw.render.instructions(page)) == case["without"]
        assert said_by(page) == []


@pytest.mark.parametrize("case", [pytest.param(case, id=case["title"]) for case in read_cases(DEVIATIONS)])
def test_a_deviation_is_as_described(case):
    page = read(case["input"], case["plugin"])
    assert as_lines(dw.render.instructions(page)) == case["ours"]
    assert case["ours"] != case["reference"], "no longer a deviation"
    assert case["reason"]
    check_page(page, syntax=syntax_with(case["plugin"]))


# ---------------------------------------------------------------------------------------- laws of all

WELL_FORMED = [
    ("<WRAP left>", "</WRAP>"), ("\n<WRAP>\n", "\n</WRAP>\n"), ("<wrap>", "</wrap>"), ("<div>", "</div>"),
    ("<note tip>", "</note>"), ("\n<note>\n", "\n</note>\n"), ("<color red>", "</color>"), ("++++ a |", "++++"),
    ("++ a |", "++"), ("<imgcaption a|b>", "</imgcaption>"), ("<tabcaption a|b>", "</tabcaption>"),
]  # fmt: skip
OTHER = [
    "a", " ", "\n", "\n\n", "**", "//", "((", "))", "\n  * ", "\n    - ", "\n| ", " |", "\n> ", "\n  ", "== a ==\n",
    "<code>", "</code>", "%%", "{{i.png}}", "<WRAP clear/>", "<imgref a>", "<imgref>", "\n----\n",
]  # fmt: skip

pieces = st.sampled_from([*OTHER, *(tag for tags in WELL_FORMED for tag in tags)])
markup = st.recursive(
    st.lists(pieces, max_size=6).map("".join),
    lambda inner: st.tuples(st.sampled_from(WELL_FORMED), inner, inner).map(
        lambda drawn: drawn[0][0] + drawn[1] + drawn[0][1] + drawn[2]
    ),
    max_leaves=6,
)


@given(markup, st.sampled_from(["2026-07-14", "2025-05-14"]))
def test_whatever_containers_hold_it_is_read_as_one_page(text, release):
    syntax = dw.Syntax(release, plugins=("data", "comments", "keywords", *PLUGINS))
    page = dw.parse(text, syntax=syntax)
    check_page(page, syntax=syntax)
    left_open = {found.span.start for found in page.diagnostics if found.kind == "left-open"}
    assert left_open >= {held.span.start for held in page.find_all(PluginContainer) if not held.closed}


@given(st.sampled_from(WELL_FORMED), st.lists(st.sampled_from("ab é,;"), max_size=9).map("".join))
def test_plain_text_in_a_container_is_its_content(tags, text):
    page = dw.parse(tags[0] + text + tags[1], syntax=syntax_with(*PLUGINS))
    (container,) = page.find_all(PluginContainer)
    inside = container if not container.content or not container.content[0].children else container.content[0]
    assert "".join(part.text for part in inside.children).strip() == text.strip()
    assert container.closed
    assert not page.diagnostics


def test_each_container_is_a_piece_of_the_page_from_its_opening_to_its_closing_tag():
    syntax = syntax_with(*PLUGINS)
    for opening, closing in WELL_FORMED:
        page = dw.parse(f"x{opening}{{{{a.png}}}}{closing}y", syntax=syntax)
        (container,) = page.find_all(PluginContainer)
        assert container.source == (opening + "{{a.png}}" + closing).strip("\n")
        assert [part.source for part in container.find_all(dw.nodes.InternalMedia)] == ["{{a.png}}"]


# ------------------------------------------------------------------------------------- what goes wrong


def test_what_is_left_open_is_told():
    page = read("a <WRAP>b %%</WRAP>%%", "wrap")
    (wrap,) = page.find_all(Wrap)
    assert not wrap.closed
    assert [(found.kind, found.span) for found in page.diagnostics] == [("left-open", (2, 8))]


@pytest.mark.parametrize("tags", WELL_FORMED[:6], ids=lambda tags: tags[0].strip())
def test_what_is_nested_too_deep_is_text(tags):
    page = dw.parse(tags[0] * 100 + "a" + tags[1] * 100, syntax=syntax_with(*PLUGINS))
    assert "too-deep" in {found.kind for found in page.diagnostics}
    assert len(list(page.find_all(PluginContainer))) < 64


def test_lists_around_a_container_count_for_the_depth_in_it():
    deep = "".join(f"\n{'  ' * depth}* a" for depth in range(1, 21))
    page = dw.parse((deep + "<WRAP>") * 9 + "</WRAP>", syntax=syntax_with("wrap"))
    assert "too-deep" in {found.kind for found in page.diagnostics}
    dw.render.instructions(page)
    dw.render.json(page)


# ------------------------------------------------------------------------------------ what nodes can do


def test_headings_in_a_block_are_headings_but_those_of_a_fold_are_none_of_the_page():
    page = dw.parse("<WRAP>\n== a ==\n</WRAP>\n++++ b |\n== c ==\n++++\n", syntax=syntax_with("wrap", "folded"))
    assert [heading.title for heading in page.headings] == ["a"]
    assert page.title == "a"
    assert [heading.title for heading in page.find_all(FoldedHeading)] == ["c"]
    assert not page.sections


def test_plain_text():
    page = dw.parse(
        "a <wrap>b</wrap> <WRAP>c\n\nd</WRAP> ++ e | f ++ ++++ g |\n== h ==\ni++++\n"
        "<imgcaption j|k>l{{m.png}}</imgcaption> <tabcaption n|o>\n| p |\nq</tabcaption>",
        syntax=syntax_with(*PLUGINS),
    )
    assert page.plain_text() == "a b \n\nc\nd\n\ne  f  \n\ng\nh\ni\n\nk \n\no\np"


def test_blocks_and_pieces_of_lines_are_told_apart():
    page = read("<WRAP>a</WRAP><wrap>b</wrap><block/><span/>", "wrap")
    assert [type(wrap) for wrap in page.find_all(Wrap)] == [Wrap, InlineWrap, Wrap, InlineWrap]
    assert [wrap.is_block for wrap in page.find_all(Wrap)] == [True, False, True, False]


def test_nodes_can_be_made_without_a_page():
    text = dw.nodes.Text("a")
    assert Wrap((text,), "WRAP", ("tip",)).component == "wrap_divwrap"
    assert Folded((text,), "b").plain_text() == "b\na"
    assert ImageCaption((text,), "b", "c").plain_text() == "c"
    assert TableCaption((), "b", "c").plain_text() == "c"


@node
class Box(PluginContainer):
    """A container of one's own."""

    component = "box"


@node
class Star(PluginMarkup):
    """What counts in a box only."""

    component = "star"


# Pages are pickled with how they were read, so what makes nodes is a function of a module.
def a_box(tag, content):
    return Box(content)


def a_star(text):
    return Star()


OWN = Plugin(
    "box",
    (
        Container("<box", "</box>", a_box, 150, start_end=">", own=(
            Leaf(r"\*", a_star, 60), InnerHeading(dw.nodes.Heading, 50),
        )),
        Container("<raw>", "</raw>", a_box, 150, contains=()),
    ),
)  # fmt: skip


def test_a_container_of_ones_own():
    syntax = dw.Syntax(plugins=(OWN,))
    page = dw.parse("* <box>*a**b== c ==\n//*//</box> **<raw>**</raw>** * == d ==", syntax=syntax)
    outer, raw = page.find_all(Box)
    kinds = [type(part).__name__ for part in outer.content]
    assert kinds == ["Star", "Text", "Star", "Star", "Text", "Heading", "Text", "Emphasis"]
    assert raw.content == (dw.nodes.Text("**"),), "what is without markup hides the closer of what is around it"
    assert len(list(page.find_all(Star))) == 3
    check_page(page, syntax=syntax)


CHANGES = [
    (
        "a <WRAP left 50%>b</WRAP> c",
        {"classes": ("tip", "x"), "language": "en"},
        "a <WRAP tip x 50% :en>\nb\n</WRAP> c",
    ),
    ("a <wrap>b</wrap> c", {"anchor": "here"}, "a <wrap #here>b</wrap> c"),
    ("<note>a</note>", {"kind": "warning"}, "<note warning>a</note>"),
    ("<color red>a</color>", {"color": None, "background": "#fff"}, "<color /#fff>a</color>"),
    ("++++ a |\nb\n++++", {"title": "c"}, "++++ c |\nb\n++++"),
    ("++ a | b ++", {"title": "c d"}, "++ c d | b ++"),
    (
        "<imgcaption a>{{i.png}}</imgcaption>",
        {"caption": "b", "classes": ("c",)},
        "<imgcaption a c|b>{{i.png}}</imgcaption>",
    ),
    ("<tabcaption a|b>\n| c |\n</tabcaption>", {"name": "d"}, "<tabcaption d|b>\n| c |\n</tabcaption>"),
    ("see <imgref a>", {"page": "b"}, "see <imgref b#a>"),
]


@pytest.mark.parametrize(("text", "changes", "result"), CHANGES)
def test_a_changed_copy_is_written(text, changes, result):
    syntax = syntax_with(*PLUGINS)
    page = dw.parse(text, syntax=syntax)
    found = next(page.find_all(PluginMarkup))
    assert str(dw.edit.replace(page, found, found.with_changes(**changes))) == result


@pytest.mark.parametrize(("plugin", "case"), EVERY_CASE)
def test_a_copy_takes_the_place_of_the_node_without_a_trace(plugin, case):
    page = read(case["input"], plugin)
    for found in page.find_all(PluginMarkup):
        again = dw.edit.replace(page, found, found.with_changes())
        assert again == page
