"""Verification finds what a target leaves out, and nothing in what the built-in target writes."""

import pytest
from exported import write_wiki

import dokuwiki_data as dw
from dokuwiki_data.exports.exporting import export
from dokuwiki_data.exports.targets.html import HtmlTarget

PAGES = {
    "start": "====== Title ======\nSome plain words here. [[b#part]] [[gone]] {{x.png}}\n\n  some code\n\n  * an item",
    "b": "===== Part =====\nA note((with words in it)). [[start|back]] [[#nowhere]]",
}


@pytest.fixture
def wiki(tmp_path):
    return write_wiki(tmp_path / "wiki", PAGES, ["x.png"]) / "data"


class Careless(HtmlTarget):
    """A target that loses something."""

    def page(self, wiki, read):
        written = super().page(wiki, read)
        file, content = next(iter(written.files.items()))
        return written._replace(files={file: content.replace(*self.lost)})


@pytest.mark.parametrize(
    ("lost", "file", "what"),
    [
        ((b"<h1 id=", b"<h2 id="), "index.html", "the heading 'Title'"),
        ((b"plain", b""), "index.html", "the word 'plain'"),
        ((b"some code", b"some"), "index.html", "the word 'code'"),
        ((b'href="b.html#part"', b""), "index.html", "a link to b.html#part"),
        ((b'id="part"', b'id="other"'), "b.html", "the heading 'Part'"),
        ((b"_media/x.png", b"_media/y.png"), "index.html", "_media/y.png, which is not there"),
    ],
)
def test_what_is_lost_is_found(wiki, tmp_path, lost, file, what):
    target = Careless(search=False)
    target.lost = lost
    done = export(wiki, tmp_path / "site", target, verify=True)
    assert done.differences
    assert {one.file for one in done.differences} == {file}
    assert any(what in one.what for one in done.differences)


def test_what_is_whole_differs_nowhere(wiki, tmp_path):
    assert export(wiki, tmp_path / "site", search=False, verify=True).differences == []


def test_the_example_differs_nowhere(tmp_path):
    assert dw.export("examples/wiki", tmp_path, search=False, verify=True).differences == []
