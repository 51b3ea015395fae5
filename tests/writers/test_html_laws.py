"""What is true of the HTML of every page: it is well formed, keeps the text, and runs nothing."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import html5lib
import pytest
import yaml
from hypothesis import given, settings
from markup import PAGES, SYNTAXES

import dokuwiki_data as dw
from dokuwiki_data import plugins
from dokuwiki_data.nodes import inline
from dokuwiki_data.plugins.imgcaption import ImageCaption, TableCaption
from dokuwiki_data.plugins.vshare import Video
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.html.plugins import embedded_video
from dokuwiki_data.writers.site import Site

HERE = Path(__file__).parent

PAYLOADS = [line for line in HERE.joinpath("payloads.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
PLACES = yaml.safe_load(HERE.joinpath("places.yaml").read_text("utf-8"))

#: All that the writer writes.
ELEMENTS = frozenset("""
    a abbr audio blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 hr img li ol p pre
    source span strong sub summary sup table tbody td th thead tr ul video
""".split())  # fmt: skip
ATTRIBUTES = frozenset("""
    alt class colspan controls data-line data-wiki-id dir height hidden href id lang loading rel rowspan src style title
    type width
""".split())  # fmt: skip
#: What browsers take for the scheme of a program or a document of its own; they ignore what `IGNORED` matches.
UNSAFE_ADDRESS = re.compile("(?:javascript|vbscript|data|blob|filesystem|about):", re.IGNORECASE)
IGNORED = re.compile(r"^[\x00-\x20]+|[\t\r\n]+")
SAFE_STYLE = re.compile(
    r"(?:(?:color|background-color): [\w#(),.% -]+;|width: [\d.]+[a-z%]+;|max-width: 100%;| )*", re.ASCII
)


def parsed(html):
    """The tree of HTML and the errors in it, beside characters that HTML does not allow."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    return tree, [error for error in parser.errors if error[1] != "invalid-codepoint"]


def without_blanks(text):
    """Text without blanks and control characters, as it is written where it cannot be encoded."""
    return re.sub(r"[\s\0-\x1f]+", "", replace_surrogates(text))


def check_html(html):
    """Assert that HTML is well formed and runs nothing."""
    tree, errors = parsed(html)
    assert not errors
    for element in tree.iter():
        if element is tree:
            continue
        assert element.tag in ELEMENTS
        assert element.attrib.keys() <= ATTRIBUTES
        for name in ("href", "src"):
            assert not UNSAFE_ADDRESS.match(IGNORED.sub("", element.get(name, "")))
        assert SAFE_STYLE.fullmatch(element.get("style", ""))
    return tree


@settings(max_examples=150)
@given(PAGES, SYNTAXES)
def test_html_is_well_formed_and_keeps_the_text(text, syntax):
    page = dw.parse(text, syntax=syntax, page_id="a:page")
    losses = []
    tree = check_html(dw.render.html(page, on_loss=losses.append))
    shown = without_blanks("".join(tree.itertext()))
    # DokuWiki shows no text beside an image or table with a caption.
    left_out = [loss.span for loss in losses] + [node.span for node in page.find_all(ImageCaption, TableCaption)]
    for node in page.find_all(inline.Text):
        start, end = node.span
        if not any(begin <= start and end <= behind for begin, behind in left_out):
            assert without_blanks(node.text) in shown


def hostile_wiki(payload):
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
        pages={"page"}, media={"photo.jpg", "film.mp4", "pictures:a.png"},
    )  # fmt: skip
    aliases = (dw.TypeAlias("wiki", "wiki"), dw.TypeAlias("url", "url", payload, payload))
    site = Site.of(dw.Wiki.from_pages(pages), dw.Context(aliases=aliases))
    return dataclasses.replace(site, links=links, use_heading=True, image_title=lambda media_id: payload)


@pytest.mark.parametrize("release", ["2026-07-14", "2025-05-14"])
@pytest.mark.parametrize("place", PLACES)
def test_nothing_runs(place, release):
    syntax = dw.Syntax(release=release, plugins=tuple(plugins.known()), camelcase=True, typography=2)
    addresses = DokuWikiAddresses(live=release.startswith("2026"))
    for payload in PAYLOADS:
        page = dw.parse(place.replace("@", payload), page_id="start", syntax=syntax)
        check_html(dw.render.html(page, SITES[payload], addresses=addresses))


SITES = {payload: hostile_wiki(payload) for payload in PAYLOADS}


def test_embedded_films_are_those_of_known_sites():
    for payload in PAYLOADS:
        page = dw.parse(f"{{{{youtube>{payload}?{payload}|{payload}}}}}", syntax=dw.Syntax(plugins=("vshare",)))
        for video in page.find_all(Video):
            tree, errors = parsed(embedded_video(None, video))
            assert not errors
            (frame,) = tree
            assert frame.tag == "iframe"
            assert frame.attrib.keys() <= {"src", "class", "width", "height", "title", "loading"}
            assert frame.get("src").startswith("https://www.youtube-nocookie.com/embed/")
