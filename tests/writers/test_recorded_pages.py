"""HTML of real pages and of the data plugin's output, compared with DokuWiki's own XHTML of them."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from helpers import read_yaml
from recorded import STEP, SYNTAX, lines_of, recorded_pages, site_of
from ruler import Files, equal_leaves, meaning, ruler

import dokuwiki_data as dw
from dokuwiki_data.writers.resolved import ResolvedPage
from dokuwiki_data.writers.site import Site

sys.path.insert(0, str(Path(__file__).parent.parent / "data"))
from plugin_view import context_of, wiki_of

pytest.importorskip("lxml")

DIFFERENT = read_yaml(Path(__file__).with_name("html_differences.yaml"))


@pytest.mark.slow
def test_pages_of_real_wikis(shared):
    leaves = ruler(shared)
    different, copied, different_in_copy, total, equal = set(), [], set(), 0, 0
    known = {name for names in DIFFERENT.values() for name in names}
    recorded = [page for number, page in enumerate(recorded_pages(shared)) if number % STEP == 0 or page[0] in known]
    for number, (name, xhtml, page_id, text, site) in enumerate(recorded):
        page = ResolvedPage(dw.parse(text, page_id=page_id, syntax=SYNTAX), site)
        theirs = leaves(xhtml, page_id, missing=lambda media: True, plugins=True)
        ours = leaves(dw.render.html(page), page_id, missing=lambda media: True, plugins=True)
        total += len(theirs)
        equal += equal_leaves(ours, theirs)
        if ours != theirs:
            different.add(name)
        if number % 4 == 0:  # all of them take long
            copied.append(name)
            if leaves(dw.render.html(page, addresses=Files()), page_id, "html", meaning, plugins=True) != theirs:
                different_in_copy.add(name)
    always = {name for reason, names in DIFFERENT.items() if not reason.startswith("in a copy") for name in names}
    assert different == always
    assert different_in_copy == known & set(copied)
    assert equal / total > 0.999
    assert len(different) / len(recorded) < 0.01 * STEP


@pytest.mark.slow
def test_output_of_the_data_plugin(shared):
    leaves = ruler(shared)
    pages = set()  # those of the wikis before were still there
    for recorded in lines_of(shared / "wikis" / "random.jsonl.xz"):
        context = context_of(recorded, today=date.fromisoformat(recorded["now"]))
        wiki = wiki_of(recorded, recorded["unreadable_entries"])
        pages |= {page["id"] for page in recorded["pages"]}
        site = site_of(Site.of(wiki, context), pages)
        for question, result in zip(recorded["queries"], recorded["results"], strict=True):
            if "xhtml" in result:
                page_id = question["page"]
                html = dw.render.html(dw.parse(question["text"], page_id=page_id), site, addresses=Files())
                theirs = leaves(result["xhtml"], page_id, missing=lambda media: True, plugins=True)
                assert leaves(html, page_id, "html", meaning, plugins=True) == theirs, question["text"]
