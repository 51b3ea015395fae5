"""Markdown of real pages, rendered by others and compared with DokuWiki's own XHTML."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from recorded import SYNTAX, recorded_pages
from ruler import Files, equal_leaves, meaning, ruler

import dokuwiki_data as dw
from dokuwiki_data.writers.resolved import ResolvedPage

pytest.importorskip("lxml")

HERE = Path(__file__).parent
KNOWN = yaml.safe_load(HERE.joinpath("html_differences.yaml").read_text("utf-8"))
DIFFERENT = yaml.safe_load(HERE.joinpath("markdown_differences.yaml").read_text("utf-8"))

#: Every so manieth page is compared.
STEP = 3


def gfm():
    """GitHub's own renderer."""
    cmarkgfm = pytest.importorskip("cmarkgfm")
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE | cmarkgfm.cmark.Options.CMARK_OPT_FOOTNOTES
    extensions = ["table", "strikethrough", "autolink"]
    return lambda text: cmarkgfm.markdown_to_html_with_extensions(text, options=options, extensions=extensions)


@pytest.mark.slow
@pytest.mark.parametrize(("dialect", "renderer"), [("gfm", gfm)])
def test_pages_of_real_wikis(shared, dialect, renderer):
    leaves, render = ruler(shared), renderer()
    different, seen, total, equal = set(), set(), 0, 0
    for name, xhtml, page_id, text, site in recorded_pages(shared)[::STEP]:
        if re.search('dataplugin|class="rss', xhtml):
            continue
        seen.add(name)
        page = ResolvedPage(dw.parse(text, page_id=page_id, syntax=SYNTAX), site)
        markdown = dw.render.markdown(page, dialect=dialect, addresses=Files())
        theirs = leaves(xhtml, page_id, missing=lambda media: True)
        ours = leaves(render(markdown), page_id, dialect, meaning)
        total += len(theirs)
        equal += equal_leaves(ours, theirs)
        if ours != theirs:
            different.add(name)
    known = {name for names in (*KNOWN.values(), *DIFFERENT[dialect].values()) for name in names}
    assert different == known & seen
    assert equal / total > 0.998
