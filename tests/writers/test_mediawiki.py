"""Wikitext: what DokuWiki's markup becomes, case by case, and what is true of every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers import read_yaml
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES, PIECES, SYNTAXES, examples
from small_wiki import SITE

import dokuwiki_data as dw
from dokuwiki_data.writers.losses import KINDS
from dokuwiki_data.writers.mediawiki import RuledTitles, TitleRules
from dokuwiki_data.writers.mediawiki.escaping import CELL, LABEL, LINES, TEXT

FOLDER = Path(__file__).parent / "mediawiki"
CASES = [(path.stem, case) for path in sorted(FOLDER.glob("*.yaml")) for case in read_yaml(path)]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{name}: {case['title']}") for name, case in CASES])
def test_markup_as_wikitext(case):
    losses = []
    syntax = dw.Syntax(plugins=("data", *case.get("plugins", ())))
    page = dw.parse(case["input"], page_id="start", syntax=syntax)
    assert dw.render.mediawiki(page, SITE, on_loss=losses.append) == case["wikitext"]
    assert [loss.kind for loss in losses] == case.get("losses", [])
    assert {loss.kind for loss in losses} <= KINDS.keys()


def test_renderers_can_be_replaced():
    marked = {dw.nodes.Strong: lambda writer, node: f"{{{{big|{writer.inside(node)}}}}}"}
    assert dw.render.mediawiki(dw.parse("**a //b//**"), renderers=marked) == "{{big|a ''b''}}\n"


def test_links_to_missing_pages_are_kept_if_that_is_asked_for():
    page = dw.parse("[[a:missing|gone]]", page_id="start")
    assert dw.render.mediawiki(page, SITE, addresses=RuledTitles(live=True)) == "[[A/missing|gone]]\n"


def test_a_note_in_a_note_stands_in_brackets():
    syntax = dw.Syntax(plugins=("include",))
    pages = [dw.parse(text, page_id=name, syntax=syntax) for name, text in (("a", "a(({{page>b}}))"), ("b", "b((c))"))]
    losses = []
    written = dw.render.mediawiki(pages[0], dw.Wiki.from_pages(pages), on_loss=losses.append)
    assert written == "a<ref>b&#91;c&#93;</ref>\n\n<references />\n"
    assert [loss.kind for loss in losses] == ["note"]


def test_characters_that_mediawiki_does_not_store_are_losses():
    losses = []
    assert dw.render.mediawiki(dw.parse("a\x7fb\n\x01"), on_loss=losses.append) == "a\ufffdb\n\ufffd\n"
    assert [(loss.kind, loss.what, *loss.position) for loss in losses] == [
        ("character", "U+007F", 1, 2),
        ("character", "U+0001", 2, 1),
    ]


@pytest.mark.parametrize(
    ("page_id", "subpages", "namespaces"),
    [
        ("start", "Start", "Start"),
        ("a:b_c:d", "A/b c/d", "A:B c/d"),
        ("talk:x", "Talk/x", "Talk/x"),
        ("übung:größe", "Übung/größe", "Übung:Größe"),
        ("a:..:b", "A/~5ec1f7e700/b", "A:~5ec1f7e700/b"),
        ("C#%41", "C--41~804cfc216b", "C--41~804cfc216b"),
    ],
)
def test_titles_of_pages(page_id, subpages, namespaces):
    assert (TitleRules().page(page_id), TitleRules("namespaces").page(page_id)) == (subpages, namespaces)


def test_long_titles_are_cut_and_stay_different():
    first, second = (TitleRules().page("ä" * 200 + end) for end in "xy")
    assert first != second
    assert max(len(title.encode()) for title in (first, second)) <= 255


TEXTS = st.lists(PIECES | st.text(st.characters(codec="utf-8"), max_size=3), max_size=8).map("".join)


@examples(0.5)
@given(PAGES, SYNTAXES)
def test_every_page_can_be_written(text, syntax):
    dw.render.mediawiki(dw.parse(text, syntax=syntax)).encode()


@examples(0.3)
@given(
    TEXTS | st.text("a0_*~#|-+.:/@\\[](){}<&!'= \n\x01«»％", max_size=20),
    st.sampled_from([TEXT, CELL, LABEL, LINES]),
)
def test_escapes_are_looked_for_at_all_places_where_they_fit(text, rules):
    everywhere = re.compile("|".join(f"({rule.pattern})" for rule in rules.rules), re.MULTILINE)
    assert rules.escaped(text) == everywhere.sub(
        lambda found: found.expand(rules.rules[found.lastindex - 1].replacement), text
    )
