"""HTML: what DokuWiki's markup becomes, case by case."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import dokuwiki_data as dw
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.writers.losses import KINDS
from dokuwiki_data.writers.site import Site

CASES = yaml.safe_load(Path(__file__).with_name("html.yaml").read_text("utf-8"))

SITE = Site(
    links=LinkContext(
        interwiki={"doku": "https://www.dokuwiki.org/{NAME}", "user": ":user:{NAME}", "run": "javascript:{NAME}"},
        pages={"start", "a:page", "user:anna"},
        media={"photo.jpg", "film.mp4", "paper.pdf"},
    )
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_markup_as_html(case):
    losses = []
    page = dw.parse(case["input"], page_id="start", syntax=dw.Syntax(plugins=case.get("plugins", ("data",))))
    assert dw.render.html(page, SITE, on_loss=losses.append).split() == case["html"].split()
    assert [loss.kind for loss in losses] == case.get("losses", [])
    assert {loss.kind for loss in losses} <= KINDS.keys()
