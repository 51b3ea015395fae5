"""Blocks of the plugin datatemplate: the page of a template, filled in, as the plugin itself shows it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

import dokuwiki_data as dw
from dokuwiki_data.writers.expansions.data_templates import filled

CASES = yaml.safe_load(Path(__file__).with_name("data_templates.yaml").read_text("utf-8"))
SYNTAX = dw.Syntax(plugins=("data", "datatemplate"))


class Shown(HTMLParser):
    """What is shown: words, with the elements around them, and where links lead."""

    def __init__(self, html):
        super().__init__()
        self.around, self.shown = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "img":
            self.shown.append((tag, found["title"], found["width"]))
        elif tag == "a":
            mail = "mailto" if found["href"].startswith("mailto:") else ""
            self.around.append(found.get("data-wiki-id") or mail or found["href"].replace("detail", "fetch")[-14:])
        else:
            self.around.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag):
        self.around.pop()

    def handle_data(self, data):
        around = tuple(tag for tag in self.around if tag != "div")
        self.shown += [(word, *around) for word in data.split()]


def wiki_of(pages):
    return dw.Wiki.from_pages(dw.parse(text, page_id=page_id, syntax=SYNTAX) for page_id, text in pages.items())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_the_plugin_shows_the_same(case):
    wiki, losses = wiki_of(case["pages"]), []
    html = dw.render.html(wiki[case["page"]], wiki, on_loss=losses.append)
    assert Shown(html).shown == Shown(case["xhtml"]).shown
    assert ('<div class="nodiv">' in html, losses) == (False, [])


ENTRY = "---- datatemplateentry ----\nname: Kettle\ntemplate: row\n----\n"
LIST = "---- datatemplatelist ----\ncols: name\ntemplate: row\n----\n"


@pytest.mark.parametrize("write", [dw.render.html, dw.render.markdown])
@pytest.mark.parametrize("block", [ENTRY, LIST], ids=["entry", "list"])
def test_without_its_template_a_block_shows_the_values(write, block):
    losses = []
    wiki = wiki_of({"a": block, "b": ENTRY})
    assert "Kettle" in write(wiki["a"], wiki, on_loss=losses.append)
    assert [(loss.kind, loss.what) for loss in losses] == [("template", "row")]


@pytest.mark.parametrize("block", [ENTRY, LIST], ids=["entry", "list"])
def test_a_template_that_shows_itself_ends(block):
    wiki = wiki_of({"a": ENTRY, "row": f"Once @@name@@.\n{block}"})
    html = dw.render.html(wiki["a"], wiki)
    assert html.count("Once Kettle.") == 1


def test_markdown_has_the_template():
    wiki = wiki_of({"a": ENTRY, "b": LIST, "row": "**@@name@@** of\n"})
    for page_id in ("a", "b"):
        assert dw.render.markdown(wiki[page_id], wiki) == "**Kettle** of\n"


def test_a_list_has_a_limit_of_its_size():
    losses = []
    pages = {f"p{number}": ENTRY for number in range(70)}
    wiki = wiki_of({**pages, "row": "@@name@@" + "x" * 100_000, "asks": LIST})
    dw.render.html(wiki["asks"], wiki, on_loss=losses.append)
    assert [loss.kind for loss in losses] == ["template"]


def test_placeholders_in_values_are_not_replaced_again():
    assert filled("@@a@@", {"a": "@@b@@@@b@@", "b": "@@a@@"}, {}) == "@@b@@@@b@@"


@pytest.mark.parametrize("target", ["html", "gfm"])
def test_exports_have_the_template_too(tmp_path, target):
    case = CASES[0]
    for page_id, text in case["pages"].items():
        path = tmp_path / "wiki" / (page_id.replace(":", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    done = dw.export(tmp_path / "wiki", tmp_path / "out", target, syntax=SYNTAX, verify=True)
    assert "template" not in done.losses
    assert done.differences == []
    (written,) = (tmp_path / "out").glob("kettle.*")
    assert "Old kettle" in written.read_text("utf-8")
