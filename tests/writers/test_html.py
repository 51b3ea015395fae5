"""HTML: what DokuWiki's markup becomes, case by case."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from helpers import read_yaml
from small_wiki import SITE

import dokuwiki_data as dw
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.losses import KINDS

HERE = Path(__file__).parent


def cases(name):
    found = read_yaml(HERE.joinpath(f"{name}.yaml"))
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
