"""A small wiki: the pages and files that the cases of the writers are about."""

from __future__ import annotations

import dataclasses

import dokuwiki_data as dw
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.writers.site import Site

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
