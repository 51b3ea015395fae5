"""Hostile content: what people have tried to get run in pages of others, in every place where text can stand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from helpers import read_yaml

import dokuwiki_data as dw
from dokuwiki_data import plugins
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.site import Site

HERE = Path(__file__).parent

PAYLOADS = [line for line in HERE.joinpath("payloads.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
PLACES = read_yaml(HERE.joinpath("places.yaml"))
RELEASES = ("2026-07-14", "2025-05-14")


def _wiki(payload: str) -> Site:
    """A wiki with a payload in everything that pages tell of each other."""
    lines = [
        "---- dataentry x ----", f"a_url: {payload}", f"b_mail: me@x.org {payload}", f"c_page: {payload}",
        f"d_img: {payload}", f"e_img50: photo.jpg|{payload}", f"f_wiki: {payload}", f"g_tags: {payload}",
        f"h_title: page|{payload}", f"j: {payload}", "----",
    ]  # fmt: skip
    text = "\n".join([f"====== {payload} ======", *lines, f"{{{{tag>{payload}}}}}"])
    pages = [dw.parse(text, page_id="page", syntax=dw.Syntax(plugins=("data", "tag")))]
    links = LinkContext(
        interwiki={"doku": "https://www.dokuwiki.org/{NAME}", "run": "{NAME}"},
        pages={"page"},
        media={"photo.jpg", "film.mp4", "pictures:a.png"},
    )
    aliases = (dw.TypeAlias("wiki", "wiki"), dw.TypeAlias("url", "url", payload, payload))
    site = Site.of(dw.Wiki.from_pages(pages), dw.Context(aliases=aliases))
    return dataclasses.replace(site, links=links, use_heading=True, image_title=lambda media_id: payload)


_SYNTAXES = {
    release: dw.Syntax(release=release, plugins=tuple(plugins.known()), camelcase=True, typography=2)
    for release in RELEASES
}
_SITES = {payload: _wiki(payload) for payload in PAYLOADS}


def hostile_html(payload: str, place: str, release: str) -> str:
    """A payload in a place as HTML; in the older release as a copy has it, whose links to what is missing are none."""
    page = dw.parse(place.replace("@", payload), page_id="start", syntax=_SYNTAXES[release])
    return dw.render.html(page, _SITES[payload], addresses=DokuWikiAddresses(live=release == RELEASES[0]))
