"""Markdown of real pages, rendered by others and compared with DokuWiki's own XHTML."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from helpers import read_yaml
from hypothesis import settings
from recorded import SYNTAX, recorded_pages
from renderers import commonmark, docusaurus, gfm, hugo, mkdocs
from ruler import Files, equal_leaves, meaning, ruler

import dokuwiki_data as dw
from dokuwiki_data.writers.resolved import ResolvedPage

pytest.importorskip("lxml")

HERE = Path(__file__).parent
KNOWN = read_yaml(HERE.joinpath("html_differences.yaml"))
DIFFERENT = read_yaml(HERE.joinpath("markdown_differences.yaml"))

#: One page in so many is compared. ``explore`` asks all.
STEP = 1 if settings().max_examples > 100 else 6


@cache
def leaves_of_dokuwiki(shared, page_id, xhtml):
    """What every renderer's leaves of a page are compared with."""
    return ruler(shared)(xhtml, page_id, missing=lambda media: True)


def one_by_one(renderer):
    """A renderer of many texts made of one of a text."""

    def made(folder):
        render = renderer()
        return lambda texts: list(map(render, texts))

    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dialect", "renderer"),
    [
        ("gfm", one_by_one(gfm)),
        ("gfm", one_by_one(commonmark)),
        ("mkdocs", one_by_one(mkdocs)),
        ("hugo", hugo),
        ("docusaurus", docusaurus),
    ],
    ids=["gfm", "commonmark", "mkdocs", "hugo", "docusaurus"],
)
def test_pages_of_real_wikis(shared, tmp_path, dialect, renderer):
    leaves, render = ruler(shared), renderer(tmp_path)
    known = {name for names in KNOWN.values() for name in names}
    asked = [
        page
        for page in recorded_pages(shared)[::STEP]
        if page[0] not in known and not re.search('dataplugin|class="rss', page[1])
    ]
    pages = (ResolvedPage(dw.parse(text, page_id=page_id, syntax=SYNTAX), site) for _, _, page_id, text, site in asked)
    rendered = render([dw.render.markdown(page, dialect=dialect, addresses=Files()) for page in pages])
    different, seen, total, equal = set(), set(), 0, 0
    for (name, xhtml, page_id, _, _), html in zip(asked, rendered, strict=True):
        if html is None:
            continue
        seen.add(name)
        theirs = leaves_of_dokuwiki(shared, page_id, xhtml)
        ours = leaves(html, page_id, dialect, meaning)
        total += len(theirs)
        equal += equal_leaves(ours, theirs)
        if ours != theirs:
            different.add(name)
    assert different == {name for names in DIFFERENT[dialect].values() for name in names} & seen
    assert equal / total > 0.998
