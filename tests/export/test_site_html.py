"""Every file of the exported site is valid HTML, with each anchor once and nothing from elsewhere."""

import re
from html import unescape
from html.parser import HTMLParser

import html5lib
import pytest
from exported import addresses

import dokuwiki_data as dw


class _Ids(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name == "id"]


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """The files of the site of the example wiki by path."""
    folder = tmp_path_factory.mktemp("site")
    dw.export("examples/wiki", folder, search=False)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.html"))}


def test_no_file_has_an_error(texts):
    assert len(texts) == 35
    for text in texts.values():
        html5lib.HTMLParser(strict=True).parse(text)


def test_no_anchor_is_there_twice(texts):
    for path, text in texts.items():
        parser = _Ids()
        parser.feed(text)
        assert sorted(set(parser.found)) == sorted(parser.found), path


def test_nothing_is_loaded_from_elsewhere_or_stands_in_the_page(texts):
    for text in texts.values():
        head = text.partition("</head>")[0]
        assert not [one for one in addresses(head) if "//" in one]
        assert "<script>" not in text
        policy = unescape(re.search('Content-Security-Policy" content="(.*?)"', head)[1])
        scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src "))
        assert scripts == "script-src 'self' file:"


def test_the_tree_of_pages_begins_with_the_start_page(texts):
    for path, first in (("index.html", "index.html"), ("tool/index.html", "../index.html")):
        assert addresses(texts[path].partition('<ul class="tree">')[2])[0] == first
