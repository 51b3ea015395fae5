"""Wikitext of real pages, shown by MediaWiki and compared with DokuWiki's own XHTML, with the targets of links."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from helpers import read_yaml
from hypothesis import settings
from installed_mediawiki import installed_mediawiki
from recorded import SYNTAX, recorded_pages
from ruler import equal_leaves, ruler

import dokuwiki_data as dw
from dokuwiki_data.writers.mediawiki import RuledTitles

pytest.importorskip("lxml")

KNOWN = {name for names in read_yaml(Path(__file__).with_name("html_differences.yaml")).values() for name in names}
TITLES = RuledTitles()

#: One page in so many is compared. ``explore`` asks all.
STEP = 1 if settings().max_examples > 100 else 12


@pytest.mark.slow
def test_pages_of_real_wikis(shared, tmp_path):
    leaves, mediawiki = ruler(shared), installed_mediawiki(tmp_path)
    pages = [
        (xhtml, page_id, dw.render.mediawiki(dw.parse(text, page_id=page_id, syntax=SYNTAX), site))
        for name, xhtml, page_id, text, site in recorded_pages(shared)[::STEP]
        if name not in KNOWN and not re.search('dataplugin|class="rss', xhtml)
    ]
    # Each piece of code is highlighted by a process of its own, which takes a third of a second.
    pages = [page for page in pages if STEP == 1 or "<syntaxhighlight" not in page[2]]
    page_ids = {page_id for _, _, page_id, _, site in recorded_pages(shared) for page_id in site.links.pages}
    mediawiki.add_pages(map(TITLES.page, sorted(page_ids)))
    means = {TITLES.page(page_id).replace(" ", "_"): page_id for page_id in page_ids}

    def meaning(address):
        path, _, anchor = address.partition("#")
        page_id = means.get(unquote(path.removeprefix("/index.php/")))
        return page_id and f"page:{page_id}{f'#{unquote(anchor)}' if anchor else ''}"

    same = total = equal = 0
    shown = mediawiki.shown([(TITLES.page(page_id), wikitext) for _, page_id, wikitext in pages])
    for (xhtml, page_id, _), found in zip(pages, shown, strict=True):
        # MediaWiki's link of a page to itself has a class and no address.
        own = re.sub('(?<=<a )class="mw-selflink[^"]*"(?=>)', f'href="/index.php/{TITLES.page(page_id)}"', found)
        theirs = leaves(xhtml, page_id, missing=lambda media: True)
        ours = leaves(own, page_id, "mediawiki", meaning)
        same += ours == theirs
        total += len(theirs)
        equal += equal_leaves(ours, theirs)
    assert same / len(pages) > 0.95
    assert equal / total > 0.997
