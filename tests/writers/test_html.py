"""HTML: what DokuWiki's markup becomes, case by case."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import yaml

import dokuwiki_data as dw
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.losses import KINDS
from dokuwiki_data.writers.site import Site

HERE = Path(__file__).parent

PAGES = {
    "start": "====== Start ======",
    "a:page": "====== A page ======\nTo [[other]] and this one.\n===== Part =====\nOf a page.\n{{tag>red}}",
    "a:other": "====== Other ======\n{{tag>red small}}\n",
    "tag:red": "====== Red ======",
    "user:anna": "",
}
WIKI = dw.Wiki.from_pages(
    dw.parse(text, page_id=page_id, syntax=dw.Syntax(plugins=("tag", "include"))) for page_id, text in PAGES.items()
)
LINKS = LinkContext(
    interwiki={"doku": "https://www.dokuwiki.org/{NAME}", "user": ":user:{NAME}", "run": "javascript:{NAME}"},
    pages=PAGES.keys() - {"user:anna"},
    media={"photo.jpg", "film.mp4", "paper.pdf", "pictures:my_cat.png", "pictures:dog.gif"},
)
SITE = dataclasses.replace(Site.of(WIKI), links=LINKS)


def cases(name):
    found = yaml.safe_load(HERE.joinpath(f"{name}.yaml").read_text("utf-8"))
    return [pytest.param(case, id=f"{name}: {case['title']}") for case in found]


def pieces(html):
    """The tags and words of HTML; how it is laid out does not count."""
    return re.sub("(<[^>]*>)", r" \1 ", html).split()


@pytest.mark.parametrize("case", [*cases("html"), *cases("data"), *cases("plugins")])
def test_markup_as_html(case):
    losses = []
    page = dw.parse(case["input"], page_id="start", syntax=dw.Syntax(plugins=("data", *case.get("plugins", ()))))
    site = dataclasses.replace(SITE, use_heading=case.get("use_heading", False))
    addresses = DokuWikiAddresses(live=case.get("live", False))
    html = dw.render.html(page, site, addresses=addresses, on_loss=losses.append)
    assert pieces(html) == pieces(case["html"])
    assert [loss.kind for loss in losses] == case.get("losses", [])
    assert {loss.kind for loss in losses} <= KINDS.keys()
