"""What is true of the Markdown of every page: it can be written, and text comes out as it went in."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES, PIECES, SYNTAXES, examples
from renderers import RENDERERS

import dokuwiki_data as dw
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.writers.markdown import DIALECTS

#: Pieces of markup as text, which ends at no line end and holds nothing that only shows what is beside it.
TEXTS = st.lists(PIECES | st.text(st.characters(codec="utf-8"), max_size=3), max_size=8).map("".join)


def shown(text):
    """What text shows: letters and signs."""
    return "".join(letter for letter in replace_surrogates(text) if letter.isprintable() and not letter.isspace())


@pytest.mark.parametrize("dialect", RENDERERS)
def test_text_comes_out_as_it_went_in(dialect):
    render = RENDERERS[dialect]()

    @examples(0.5)
    @given(TEXTS.filter(lambda text: "</nowiki>" not in text))
    def law(text):
        page = dw.parse(f"<nowiki>{text}</nowiki>")
        markdown = dw.render.markdown(page, dialect=dialect)
        assert shown(html.unescape(re.sub("<[^>]*>", "", render(markdown)))) == shown(text), markdown

    law()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_page_can_be_written(dialect):
    @examples(0.5)
    @given(PAGES, SYNTAXES)
    def law(text, syntax):
        dw.render.markdown(dw.parse(text, syntax=syntax), dialect=dialect).encode()

    law()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_escapes_are_looked_for_at_all_places_where_they_fit(dialect):
    lines = [getattr(DIALECTS[dialect], name) for name in ("paragraph", "heading", "cell", "label")]
    rules = {rules for line in lines for rules in (line.text, line.lines) if rules is not None}

    @examples(0.3)
    @given(TEXTS | st.text("a0_*~#|-+.:/@w\\[](){}<&! \n", max_size=20), st.sampled_from(sorted(rules, key=repr)))
    def law(text, rules):
        everywhere = re.compile("|".join(f"({rule.pattern})" for rule in rules.rules), re.MULTILINE)
        wanted = everywhere.sub(lambda found: found.expand(rules.rules[found.lastindex - 1].replacement), text)
        assert rules.escaped(text) == wanted

    law()
