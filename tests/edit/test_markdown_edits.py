"""Edits of pages of Markdown: what is written is Markdown, and the rest stays as it is to the byte."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markup import PIECES, examples

import dokuwiki_data as dw
from dokuwiki_data import edit
from dokuwiki_data.nodes import inline

CASES = yaml.safe_load((Path(__file__).parent / "markdown.yaml").read_text("utf-8"))
MARKDOWN = dw.Syntax(flavour="md")
PAGE = dw.parse(CASES["page"], syntax=MARKDOWN)


def node(kind: str, text: str) -> dw.nodes.Node:
    """The first node of a class whose source holds a text."""
    return next(found for found in PAGE.find_all(getattr(dw.nodes, kind)) if text in found.source)


def new_node(case: dict[str, Any]) -> dw.nodes.Node:
    """The node of a case: text or a cell, or what is first in DokuWiki's own markup."""
    if "text" in case:
        text = inline.Text(case["text"])
        return dw.nodes.TableCell((text,)) if case["node"][0] == "TableCell" else text
    first = dw.parse(case["new"]).content[0]
    return first.children[0] if isinstance(first, (dw.nodes.Section, dw.nodes.Paragraph)) else first


def changed_lines(page: dw.Page) -> str:
    lines = difflib.unified_diff(str(PAGE).splitlines(True), str(page).splitlines(True), n=0)
    return "".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["title"]) for case in CASES["edits"]])
def test_an_edit_writes_markdown(case: dict[str, Any]) -> None:
    page = edit.replace(PAGE, node(*case["node"]), new_node(case))
    assert changed_lines(page) == case["diff"]
    assert page.syntax == MARKDOWN


def test_items_and_rows_are_inserted_as_markdown() -> None:
    item = dw.nodes.ListItem(2, (inline.Text("new"),))
    three = next(found for found in PAGE.find_all(dw.nodes.ListItem) if found.plain_text() == "three")
    assert changed_lines(edit.insert_after(PAGE, three, item)) == "+  1. new\n"
    row = dw.nodes.TableRow(tuple(dw.nodes.TableCell((inline.Text(text),), align=align) for text, align in ROW))
    last = PAGE.tables[0].rows[1]
    assert changed_lines(edit.insert_after(PAGE, last, row)) == "+| 1 | 2 |\n"


ROW = (("1", None), ("2", "right"))


def test_what_markdown_cannot_say_is_refused() -> None:
    with pytest.raises(dw.EditError, match="md has no markup for this underline text"):
        edit.replace(PAGE, node("Emphasis", "emph"), inline.Underline((inline.Text("u"),)))


@pytest.mark.parametrize(("flavour", "written"), [("md", "*a*"), ("md+dw", "*a*"), ("dw+md", "//a//"), ("dw", "//a//")])
def test_a_node_is_written_in_a_flavour(flavour: str, written: str) -> None:
    assert dw.render.markup(inline.Emphasis((inline.Text("a"),)), flavour=flavour) == written


@examples(0.5)
@given(st.lists(PIECES | st.sampled_from(["*", "_", "`", "[a](b)", "- ", "&amp;", "\\"]), max_size=5).map("".join))
def test_text_is_read_as_text_or_refused_and_the_rest_stays(text: str) -> None:
    try:
        page = edit.replace(PAGE, node("Text", "Some"), inline.Text(text))
    except dw.EditError:
        return
    before, _, behind = str(PAGE).partition("Some ")
    assert str(page).startswith(before.rstrip())
    assert str(page).endswith(behind)
