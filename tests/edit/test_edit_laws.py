"""What is true of every edit, whatever stands in the page."""

import json
import lzma
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES, SYNTAXES

import dokuwiki_data as dw
from dokuwiki_data import edit
from dokuwiki_data.edit.tree import Tree
from dokuwiki_data.edit.verification import ReadNodes
from dokuwiki_data.edit.writing import LEVELS, Spliced, Writer
from dokuwiki_data.nodes import (
    Code,
    DataField,
    DataOption,
    Heading,
    List,
    ListItem,
    Paragraph,
    Strong,
    TableCell,
    TableRow,
    Text,
)  # fmt: skip

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pages.jsonl.xz"
LINES = (ListItem, TableRow, TableCell, DataField, DataOption, List)

#: What may be put into a page: words, markup that is not closed, and nodes.
NEW = st.sampled_from(
    [
        "", "word", "**", "<code>", "\n\n  * a\n", "a\nb", "]]", Text("a **b** c"), Text("a"), Strong((Text("a"),)),
        Paragraph((Text("a\nb"),)), Code("a\n"), Heading("a", 2), List(False, (ListItem(1, (Text(" a"),)),)),
        [Text("a"), "b"],
    ]
)  # fmt: skip


def node_of(page, number):
    """One of the nodes inside of a page, if there is any."""
    nodes = list(page.walk())[1:]
    return nodes[number % len(nodes)] if nodes else None


def check_untouched(page, node, changed):
    """Nothing but the node has changed: not a byte of what stands before it and behind."""
    text, new = str(page), str(changed)
    start, end = node.span
    assert len(new) >= start + len(text) - end
    assert new.startswith(text[:start])
    assert new.endswith(text[end:])


@given(PAGES, PAGES, SYNTAXES, NEW, st.integers(0, 10**6))
def test_what_stands_around_a_node_is_untouched(one, other, syntax, new, number):
    page = dw.parse(f"{one}\n{other}", page_id="a", modified=1, syntax=syntax)
    if (node := node_of(page, number)) is None:
        return
    for change in (edit.replace, edit.insert_before, edit.insert_after):
        try:
            changed = change(page, node, new)
        except edit.EditError:
            continue
        check_parsed(changed, syntax)
        if change is edit.replace:
            check_untouched(page, node, changed)
        else:
            check_inserted(page, node, changed)


def check_parsed(changed, syntax):
    assert changed == dw.parse(str(changed), page_id="a", modified=1, syntax=syntax)
    assert (changed.page_id, changed.modified) == ("a", 1)


def check_inserted(page, node, changed):
    """All of the old text is there, and in one place something new."""
    text, new = str(page), str(changed)
    common = next((at for at, (a, b) in enumerate(zip(text, new, strict=False)) if a != b), min(len(text), len(new)))
    assert any(text[:at] + new[at : at + len(new) - len(text)] + text[at:] == new for at in range(common + 1))


@given(PAGES, SYNTAXES, st.integers(0, 10**6))
def test_removing_a_node_removes_its_source_and_no_more_than_a_line_end(text, syntax, number):
    page = dw.parse(text, page_id="a", modified=1, syntax=syntax)
    if (node := node_of(page, number)) is None:
        return
    try:
        changed = edit.remove(page, node)
    except edit.EditError:
        return
    check_parsed(changed, syntax)
    if isinstance(node, LINES):
        assert len(str(changed)) <= len(text) - len(node.source)
    else:
        start, end = node.span
        assert str(changed) == text[:start] + text[end:]


@given(PAGES, SYNTAXES)
def test_a_transformation_that_changes_nothing_returns_the_page_itself(text, syntax):
    page = dw.parse(text, syntax=syntax)
    met = []
    assert edit.transform(page, lambda node: met.append(node) or node) is page
    assert [id(node) for node in met] == [id(node) for node in page.walk()][1:]


@given(PAGES, SYNTAXES, st.randoms(use_true_random=False))
def test_a_transformation_is_many_replacements(text, syntax, chance):
    page = dw.parse(text, syntax=syntax)
    chosen = {}

    def function(node):
        if chance.random() < 0.2:
            chosen[id(node)] = node
            return "word"
        return node

    try:
        changed = edit.transform(page, function)
    except edit.EditError:
        return
    parts, at = [], 0
    for start, end in sorted(node.span for node in chosen.values()):
        if start >= at:
            parts += [text[at:start], "word"]
            at = end
    assert str(changed) == "".join([*parts, text[at:]])


@given(PAGES, SYNTAXES, st.integers(0, 10**6))
def test_a_copy_of_a_node_takes_its_place_without_a_trace(text, syntax, number):
    page = dw.parse(text, syntax=syntax)
    if (node := node_of(page, number)) is not None:
        assert str(edit.replace(page, node, node.with_changes())) == text
        assert str(edit.replace(page, node, node)) == text


# ------------------------------------------------------------------------------------- of real pages


@cache
def pages():
    if not CORPUS.exists():
        pytest.skip(f"{CORPUS.parent.name}/{CORPUS.name} is not there")
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


#: How something is written of which nothing is kept.
ANEW = [level for level in LEVELS if not level.keeps]


def is_written(page, tree, node, level, syntax):
    """Whether a node that is written anew, with nothing kept, is read in its place as what it says."""
    pieces = Writer(tree, syntax, level).replace(node, [node.with_changes()])
    spliced = Spliced(page, pieces)
    new = dw.parse(spliced.text, syntax=syntax)
    start, end = node.span
    return ReadNodes(new).has(node, spliced.start(start), spliced.end(end), alone=True)


def test_every_node_of_a_real_page_is_written_as_what_it_says():
    """A sample: of all 192,823 nodes of these pages none is refused."""
    syntax = dw.Syntax(plugins=("data",))
    chance = random.Random(1)
    for text in chance.sample(pages(), 100):
        page = dw.parse(text, syntax=syntax)
        tree = Tree(page)
        for node in chance.sample(list(page.walk()), min(5, len(list(page.walk())))):
            if node is not page:
                assert any(is_written(page, tree, node, level, syntax) for level in ANEW), (
                    node,
                    node.source,
                )


def test_every_real_page_is_written_as_what_it_says():
    syntax = dw.Syntax(plugins=("data",))
    for text in random.Random(2).sample(pages(), 100):
        page = dw.parse(text, syntax=syntax)
        assert dw.parse(dw.render.markup(page, syntax=syntax), syntax=syntax) == page
