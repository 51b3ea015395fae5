"""Plugins whose markup is one piece: read as DokuWiki reads them, and without them as DokuWiki does without."""

import pytest
from helpers import as_lines, check_page
from hypothesis import given
from hypothesis import strategies as st
from plugin_cases import CASES, cases, read, said_by, syntax_with

import dokuwiki_data as dw

PLUGINS = ("tag", "include", "discussion", "redirect", "indexmenu", "gallery", "vshare", "struct", "macros")

EVERY_CASE = [
    pytest.param(plugin, case, id=f"{plugin}: {case['title']}")
    for plugin in PLUGINS
    if (CASES / f"{plugin}.yaml").exists()
    for case in cases(plugin)
]


@pytest.mark.parametrize(("plugin", "case"), EVERY_CASE)
def test_a_page_reads_as_dokuwiki_reads_it_with_the_plugin(plugin, case):
    page = read(case["input"], plugin)
    if "calls" in case:
        assert as_lines(dw.render.instructions(page)) == case["calls"]
    assert said_by(page) == case["nodes"]
    check_page(page, syntax=syntax_with(plugin))


@pytest.mark.parametrize(("plugin", "case"), EVERY_CASE)
def test_without_the_plugin_it_reads_as_dokuwiki_does_without(plugin, case):
    page = dw.parse(case["input"], syntax=syntax_with())
    assert as_lines(dw.render.instructions(page)) == case["without"]
    assert said_by(page) == []


MARKUP = sorted({piece for _, case in (each.values for each in EVERY_CASE) for piece in case["input"].split(" ")})
OTHER = ["**", "//", "((", "))", "\n", "\n\n", "\n  * ", "\n| ", " |", "\n> ", "<code>", "</code>", "}}", "~~", " "]


@given(st.lists(st.sampled_from(MARKUP + OTHER), max_size=12).map("".join))
def test_whatever_a_page_holds_it_is_read_as_one(text):
    syntax = syntax_with("comments", "keywords", "description", *PLUGINS)
    check_page(dw.parse(text, syntax=syntax), syntax=syntax, lark=False)
