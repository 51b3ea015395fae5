"""The recorded pages of the evidence, with what is known of their wikis."""

from __future__ import annotations

import dataclasses
import json
import lzma
from collections import defaultdict
from functools import cache

from hypothesis import settings

import dokuwiki_data as dw
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.writers.site import Site

SYNTAX = dw.Syntax(plugins=("data",))

#: One page in so many is written and compared, besides those that are known to differ. ``explore`` asks all.
STEP = 1 if settings().max_examples > 100 else 3


def lines_of(path):
    """The records of a compressed file of JSON lines."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def site_of(site, pages):
    """A site of these pages without any media."""
    return dataclasses.replace(site, links=LinkContext(interwiki=SYNTAX.addresses(), pages=pages, media=()))


@cache
def recorded_pages(shared):
    """The names of the pages, DokuWiki's XHTML of each, their ids and texts, and their sites."""
    pages = {page["id"]: page for page in lines_of(shared / "corpus" / "pages.jsonl.xz")}
    recorded = {one["id"]: one["xhtml"] for one in lines_of(shared / "corpus" / "xhtml-2026-07-14.jsonl.xz")}
    ids = defaultdict(set)
    for name in recorded:
        ids[pages[name]["wiki"]].add(pages[name]["page_id"])
    no_entries = dw.Wiki.from_pages([])
    without = Site(answer=lambda query, page_id: no_entries.evaluate(query, page_id=page_id))
    sites = {wiki: site_of(without, found) for wiki, found in ids.items()}
    return [
        (name, xhtml, pages[name]["page_id"], pages[name]["text"], sites[pages[name]["wiki"]])
        for name, xhtml in recorded.items()
    ]
