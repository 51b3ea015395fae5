"""What is true of the HTML of every page: it is well formed, keeps the text, and runs nothing."""

from __future__ import annotations

import re

import html5lib
import pytest
from hostile import PAYLOADS, PLACES, RELEASES, hostile_html
from hypothesis import given
from markup import PAGES, SYNTAXES

import dokuwiki_data as dw
from dokuwiki_data.nodes import inline
from dokuwiki_data.plugins import BUILT_IN, DATA
from dokuwiki_data.plugins.imgcaption import ImageCaption, TableCaption
from dokuwiki_data.plugins.vshare import Video
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.writers.html.plugins import embedded_video
from dokuwiki_data.writers.markdown import DIALECTS

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


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_runs(place, release):
    for payload in PAYLOADS:
        check_html(hostile_html(payload, place, release))


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


#: Where pages write text that becomes part of an address, or of a heading that links lead to.
IN_ADDRESSES = (
    "{{tag>a%sb}}", "{{youtube>%s}}", "[[a%s|b]]", "[[#%s]]\n== %s ==", "[[wp>%s]]", "[[http://a.b/%s]]", "{{a%s.png}}",
    "[[\\\\a\\%s]]", "<a%s@b.org>", "~~REDIRECT>a%s~~", "{{page>a%s}}", "{{rss>http://a/%s}}",
    "<imgcaption %s|a>{{b.png}}</imgcaption> {{ref>%s}}", "---- dataentry ----\na_tag: %s\nb_url: http://a/%s\n----",
)  # fmt: skip


@pytest.mark.parametrize("markup", IN_ADDRESSES)
@pytest.mark.parametrize("odd", [chr(0xDCFF), chr(0xD800), chr(0xDC80) + chr(0xDFFF)], ids=ascii)
def test_bytes_that_are_no_text_are_written(markup, odd):
    page = dw.parse(markup.replace("%s", odd), syntax=dw.Syntax(plugins=(DATA, *BUILT_IN)))
    check_html(dw.render.html(page))
    for written in (dw.render.html(page), *(dw.render.markdown(page, dialect=dialect) for dialect in DIALECTS)):
        written.encode()  # is text
