"""Plugins whose markup is one piece: read as DokuWiki reads them, and without them as DokuWiki does without."""

import json

import pytest
from helpers import as_lines, check_page
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from plugin_cases import cases, read, said_by, syntax_with

import dokuwiki_data as dw
from dokuwiki_data.edit import EditError, replace
from dokuwiki_data.nodes.plugins import PluginMarkup

PLUGINS = ("tag", "include", "discussion", "redirect", "indexmenu", "gallery", "drawio", "vshare", "struct", "macros")

EVERY_CASE = [
    pytest.param(plugin, case, id=f"{plugin}: {case['title']}") for plugin in PLUGINS for case in cases(plugin)
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


@pytest.mark.parametrize(("plugin", "case"), EVERY_CASE)
def test_what_a_node_says_is_written_so_that_it_is_read_as_the_node(plugin, case):
    for node in read(case["input"], plugin).find_all(PluginMarkup):
        if written := node.markup():
            assert list(read(written, plugin).find_all(PluginMarkup)) == [node]


@pytest.mark.parametrize(
    ("text", "changes", "result"),
    [
        ("{{tag>a  b}}", {"tags": ("c", "d e")}, None),
        ("{{tag>a  b}}", {"tags": ("c", "d_e")}, "{{tag>c d_e}}"),
        ("{{page>a#b&noheader&nofooter}}", {"target": "ns:c"}, "{{page>ns:c#b&noheader&nofooter}}"),
        ("~~DISCUSSION~~", {"state": "closed", "title": "Over"}, "~~DISCUSSION:closed|Over~~"),
        ("#redirect a\n", {"target": "b"}, "~~REDIRECT>b~~"),
        ("{{indexmenu>a b#1|js}}", {"level": 2}, "{{indexmenu>a#2 b#1|js}}"),
        ("{{ youtube>a?small|T}}", {"align": "left", "width": "640", "height": "480"}, "{{youtube>a?640x480 |T}}"),
        ("{{gallery>a?80x60&crop}}", {"target": "b"}, "{{gallery>b?80x60&crop}}"),
    ],
)
def test_a_changed_copy_takes_its_place(text, changes, result):
    syntax = syntax_with(*PLUGINS)
    page = dw.parse(f"before\n\n{text}", syntax=syntax)
    (node,) = page.find_all(PluginMarkup)
    if result is None:
        with pytest.raises(EditError):
            replace(page, node, node.with_changes(**changes))
    else:
        edited = replace(page, node, node.with_changes(**changes))
        assert str(edited).rstrip("\n") == f"before\n\n{result}"


@pytest.mark.parametrize(("plugin", "case"), EVERY_CASE)
def test_the_record_is_as_the_schema_says(plugin, case):
    record = json.loads(json.dumps(dw.render.json(read(case["input"], plugin))))
    Draft202012Validator(dw.render.json_schema()).validate(record)


MARKUP = sorted({piece for _, case in (each.values for each in EVERY_CASE) for piece in case["input"].split(" ")})
OTHER = ["**", "//", "((", "))", "\n", "\n\n", "\n  * ", "\n| ", " |", "\n> ", "<code>", "</code>", "}}", "~~", " "]


@given(st.lists(st.sampled_from(MARKUP + OTHER), max_size=12).map("".join))
def test_whatever_a_page_holds_it_is_read_as_one(text):
    syntax = syntax_with("comments", "keywords", "description", *PLUGINS)
    check_page(dw.parse(text, syntax=syntax), syntax=syntax, lark=False)
