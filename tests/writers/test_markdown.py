"""Markdown: what DokuWiki's markup becomes in each dialect, case by case."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from helpers import read_yaml
from small_wiki import SITE

import dokuwiki_data as dw
from dokuwiki_data.render.escaping import Escape, Escapes
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.losses import KINDS
from dokuwiki_data.writers.markdown import DIALECTS

FOLDER = Path(__file__).parent / "markdown"


class Files:
    """Addresses of a copy beside the page ``start``."""

    def page(self, page_id, anchor=None):
        return f"{page_id.replace(':', '/')}.md{f'#{anchor}' if anchor else ''}"

    def media(self, media_id):
        return f"_media/{media_id.replace(':', '/')}"


def cases():
    for path in sorted(FOLDER.glob("*/*.yaml")):
        for case in read_yaml(path):
            yield pytest.param(path.parent.name, case, id=f"{path.parent.name} {path.stem}: {case['title']}")


def written(dialect, case, on_loss):
    """A case as Markdown."""
    syntax = dw.Syntax(plugins=("data", *case.get("plugins", ())))
    page = dw.parse(case["input"], page_id="start", syntax=syntax)
    return dw.render.markdown(page, SITE, dialect=dialect, addresses=Files(), on_loss=on_loss)


@pytest.mark.parametrize(("dialect", "case"), [*cases()])
def test_markup_as_markdown(dialect, case):
    losses = []
    assert written(dialect, case, losses.append) == case["markdown"]
    assert [loss.kind for loss in losses] == case.get("losses", [])
    assert {loss.kind for loss in losses} <= KINDS.keys()


RULES = {
    "a|b": r"\a\b c",
    "(?:a|b)(?= )": r"a\b c",
    "(?<=b) c": r"ab\ c",
    "[^ab]": r"ab\ \c",
    "c?b": r"a\b c",
}


@pytest.mark.parametrize(("pattern", "written"), RULES.items())
def test_rules_of_a_dialect_may_be_any_regular_expressions(pattern, written):
    for dialect in (DIALECTS["gfm"], DIALECTS["mkdocs"]):
        own = dataclasses.replace(dialect, text=dialect.text.and_before(Escape(pattern)))
        assert dw.render.markdown(dw.parse("ab c"), dialect=own) == f"{written}\n"


@pytest.mark.parametrize(
    ("pattern", "message"), [("(a)|b", "a group: write .* in '\\(a\\)|b'"), ("(a", "no regular expr")]
)
def test_rules_that_cannot_be_used_are_errors(pattern, message):
    own = dataclasses.replace(DIALECTS["gfm"], text=Escapes((Escape(pattern),)))
    with pytest.raises(ValueError, match=message):
        dw.render.markdown(dw.parse("ab c"), dialect=own)


def test_an_unknown_dialect_is_an_error():
    with pytest.raises(ValueError, match="known: gfm"):
        dw.render.markdown(dw.parse("x"), dialect="bbcode")


def test_renderers_can_be_replaced():
    marked = {dw.nodes.Strong: lambda writer, node: f"=={writer.inside(node)}=="}
    assert dw.render.markdown(dw.parse("**a //b//**"), renderers=marked) == "==a *b*==\n"


def test_addresses_are_those_of_dokuwiki_if_none_are_given():
    page = dw.parse("[[a:b|c]]")
    assert dw.render.markdown(page) == "[c](/doku.php?id=a:b)\n"
    assert (
        dw.render.markdown(page, addresses=DokuWikiAddresses("https://x.org/"))
        == "[c](https://x.org/doku.php?id=a:b)\n"
    )


def test_long_names_of_hosts_are_read_once():
    # All letters fit in two ways: a search that tried both for each of them would never end.
    page = dw.parse(f"[[http://{'a' * 5000}„x|y]]")
    assert dw.render.markdown(page, dialect="mkdocs").startswith('<a href="http://aaaa')
