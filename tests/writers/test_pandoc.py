"""Pandoc's AST: what DokuWiki's markup becomes, case by case; and the metadata of a document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers import read_yaml
from pandoc_tree import checked, shown
from small_wiki import SITE, WIKI

import dokuwiki_data as dw
from dokuwiki_data.writers.losses import KINDS

FOLDER = Path(__file__).parent / "pandoc"


class Files:
    """Addresses of a copy beside the page ``start``."""

    def page(self, page_id, anchor=None):
        return f"{page_id.replace(':', '/')}.json{f'#{anchor}' if anchor else ''}"

    def media(self, media_id):
        return f"_media/{media_id.replace(':', '/')}"


def cases():
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in read_yaml(path):
            yield pytest.param(case, id=f"{path.stem}: {case['title']}")


@pytest.mark.parametrize("case", [*cases()])
def test_markup_as_pandocs_tree(case):
    losses = []
    syntax = dw.Syntax(plugins=("data", *case.get("plugins", ())))
    page = dw.parse(case["input"], page_id="start", syntax=syntax)
    written = checked(dw.render.pandoc(page, SITE, addresses=Files(), on_loss=losses.append))
    assert shown(written["blocks"]) == case["tree"]
    assert [loss.kind for loss in losses] == case.get("losses", [])
    assert {loss.kind for loss in losses} <= KINDS.keys()


TOLD = """====== Tea ======
{{tag>hot green_tea}} {{keywords>drink,hot}} {{description>All of
it}}
---- dataentry tea ----
brewed_dt: 2026-01-20
kinds: green, 7
----
---- dataentry ----
title: not the title
----
---- dataentry ----
title: another
----
"""


def simple(value):
    """A value of metadata without the names of its types."""
    content = value["c"]
    if value["t"] == "MetaMap":
        return {name: simple(one) for name, one in content.items()}
    return [simple(one) for one in content] if value["t"] == "MetaList" else content


def metadata(page, *arguments, **options):
    written = checked(dw.render.pandoc(page, *arguments, **options))
    return {name: simple(value) for name, value in written["meta"].items()}


def test_a_document_has_what_its_page_tells_as_metadata():
    syntax = dw.Syntax(plugins=("data", "tag", "keywords", "description"))
    page = dw.parse(TOLD, page_id="drinks:tea", modified=1_768_908_600, syntax=syntax)
    assert metadata(page, WIKI) == {
        "title": "Tea",
        "page-id": "drinks:tea",
        "lang": "en",
        "date": "2026-01-20",
        "tags": ["hot", "green tea"],
        "keywords": ["hot", "green tea", "drink"],
        "description": "All of it",
        "data": {
            "tea": {"brewed": "2026-01-20", "kind": ["green", "7"]},
            "entry": [{"title": "not the title"}, {"title": "another"}],
        },
    }


def test_metadata_may_be_given():
    assert metadata(dw.parse("====== Tea ======"), metadata={"title": "Coffee", "toc": True, "n": 3}) == {
        "title": "Coffee",
        "toc": True,
        "n": "3",
    }


def test_the_version_of_the_tree_is_told_and_may_be_chosen():
    page = dw.parse("x")
    assert json.loads(dw.render.pandoc(page))["pandoc-api-version"] == [1, 23, 1]
    assert json.loads(dw.render.pandoc(page, api_version=(1, 22)))["pandoc-api-version"] == [1, 22]


def test_renderers_can_be_replaced():
    def marked(writer, node):
        return f'{{"t":"Span","c":[["",["mark"],[]],[{writer.inside(node)}]]}}'

    written = checked(dw.render.pandoc(dw.parse("a **b //c//** d"), renderers={dw.nodes.Strong: marked}))
    assert shown(written["blocks"]) == 'Para ["a ", Span {.mark} ["b ", Emph ["c"]], " d"]\n'


def test_templates_of_entries_are_filled():
    syntax = dw.Syntax(plugins=("data", "datatemplate"))
    pages = {
        "row": "**@@name@@**\n",
        "a": "---- datatemplateentry tool ----\nname: Kettle\ntemplate: row\n----\n",
        "b": "---- datatemplateentry tool ----\nname: Kettle\ntemplate: gone\n----\n",
    }
    wiki = dw.Wiki.from_pages(dw.parse(text, page_id=page_id, syntax=syntax) for page_id, text in pages.items())
    losses = []
    filled, left = (dw.render.pandoc(wiki[name], wiki, on_loss=losses.append) for name in "ab")
    assert shown(checked(filled)["blocks"]) == 'Div {.datatemplateentry .tool}\n  Para [Strong ["Kettle"]]\n'
    assert 'DefinitionList\n    ["name"]\n      Plain ["Kettle"]\n' in shown(checked(left)["blocks"])
    assert [(loss.kind, loss.what) for loss in losses] == [("template", "gone")]


def test_lists_of_markdown_begin_with_their_number():
    page = dw.parse("3. three\n4. four\n\n> - quoted\n", syntax=dw.Syntax(flavour="md"))
    tree = shown(checked(dw.render.pandoc(page))["blocks"])
    assert tree.startswith('OrderedList from 3\n  -\n    Plain ["three"]\n')
    assert tree.endswith('BlockQuote\n  BulletList\n    -\n      Plain ["quoted"]\n')
