"""Exports for pandoc: its syntax tree of every page or of a book, and the documents that it makes of them."""

import importlib
import io
import os
import re
import signal
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from exported import PIXEL, manifest, write_wiki
from pandoc_tree import anchors_in, checked, elements, shown

import dokuwiki_data as dw
from dokuwiki_data.errors import MissingExtraError, OutputError
from dokuwiki_data.exports.documents.program import Pandoc
from dokuwiki_data.exports.exporting import export

PAGES = {
    "start": "====== Home ======\n[[a:b#part|1]] [[a:c]] [[gone]] {{x.png|a picture}} {{y.pdf|a file}}",
    "a:start": "====== A ======\n[[b]] and [[:start]]",
    "a:b": "First\n===== Part =====\n[[#part]] [[#gone]]\n===== Part =====\n{{https://x.org/z.png|from afar}}",
    "a:c": "==== Deep ====\n== Deeper ==\n",
    "a:d:e": "no heading\n",
    "sidebar": "[[start]]\n  * [[a:c]]\n    * [[a:b]]\n",
}
MEDIA = ["x.png", "y.pdf"]


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_wiki(tmp_path_factory.mktemp("wiki"), PAGES, MEDIA) / "data"


def document(folder, file):
    return checked((folder / file).read_text("utf-8"))


def links(tree):
    return [one["c"][2][0] for one in elements(tree) if one.get("t") == "Link"]


# ------------------------------------------------------------------------------------------------------ the target


def test_every_page_is_a_document_whose_links_lead_to_others(wiki, tmp_path):
    export(wiki, tmp_path, "pandoc")
    made = manifest(tmp_path)
    assert {page_id: one["file"] for page_id, one in made["pages"].items()} == {
        "start": "index.json",
        "a:start": "a/index.json",
        "a:b": "a/b.json",
        "a:c": "a/c.json",
        "a:d:e": "a/d/e.json",
        "sidebar": "sidebar.json",
    }
    start = document(tmp_path, "index.json")
    assert shown(start["blocks"]) == (
        'Header 1 {#home} ["Home"]\n'
        'Para [Link ["1"] a/b.json#part, " ", Link ["c"] a/c.json, " gone ", Image ["a picture"] _media/x.png, " ", '
        'Link ["a file"] _media/y.pdf]\n'
    )
    assert [one["kind"] for one in made["pages"]["start"]["losses"]] == ["missing-page"]
    assert made["pages"]["a:b"]["losses"] == [], "links to anchors that are not there stay as they are"
    assert "https://x.org/z.png" in (tmp_path / "a/b.json").read_text("utf-8")


TOLD = """====== Tea ======
{{tag>hot}}
---- dataentry css ----
header-includes: <script>
bibliography: /etc/passwd
----
---- dataentry ----
template: x
----
"""


@pytest.mark.parametrize(("data", "has_data", "has_list"), [("both", 1, 1), ("front-matter", 1, 0), ("table", 0, 1)])
def test_metadata_is_told_and_no_field_steers_pandoc(tmp_path, data, has_data, has_list):
    wiki = write_wiki(tmp_path / "wiki", {"a": TOLD})
    changes = "1700000000\t127.0.0.1\tC\ta\tanna\tcreated\t\n1700000500\t127.0.0.1\tE\ta\tbert\t\t\n"
    (wiki / "data/meta/a.changes").write_text(changes)
    export(wiki / "data", tmp_path / "out", "pandoc", data=data, syntax=dw.Syntax().chosen(None, "+tag"))
    made = document(tmp_path / "out", "a.json")
    names = ["title", "page-id", "lang", "date", "tags", "keywords", *["data"] * has_data, "author", "created"]
    assert [*made["meta"]] == names
    assert made["meta"]["date"]["c"] == made["meta"]["created"]["c"] == "2023-11-14"
    assert made["meta"]["author"]["c"] == "anna"
    assert len([one for one in made["blocks"] if one["t"] == "Div"]) == 2 * has_list


# ------------------------------------------------------------------------------------------------------------ books


def test_a_book_has_the_pages_in_the_order_of_the_sidebar_with_headings_as_deep(wiki, tmp_path):
    done = export(wiki, tmp_path, "pandoc", book=True)
    assert done.pages == 6
    assert {one["file"] for one in manifest(tmp_path)["pages"].values()} == {"book.json"}
    book = document(tmp_path, "book.json")
    assert book["meta"]["title"]["c"] == "Home"
    headings = [line for line in shown(book["blocks"]).splitlines() if line.startswith("Header")]
    assert headings == [
        'Header 1 {#start} ["Home"]',
        'Header 1 {#a-c} ["Deep"]',
        'Header 3 {#a-c.deeper} ["Deeper"]',
        'Header 2 {#a-b} ["Part"]',
        'Header 2 {#a-b.part1} ["Part"]',
        'Header 1 {#a-start} ["A"]',
        'Header 2 ["d"]',
        'Header 3 {#a-d-e} ["a:d:e"]',
    ]


def test_links_in_a_book_lead_to_its_anchors(wiki, tmp_path):
    export(wiki, tmp_path, "pandoc", book=True)
    book = document(tmp_path, "book.json")
    inner = [one[1:] for one in links(book["blocks"]) if one.startswith("#")]
    assert inner == ["a-b.part", "a-c", "a-b.part", "a-b", "start"]
    assert set(inner) <= set(anchors_in(book["blocks"]))
    losses = {page_id: [one["kind"] for one in page["losses"]] for page_id, page in manifest(tmp_path)["pages"].items()}
    assert losses["a:b"] == ["missing-anchor"]


def test_without_a_sidebar_a_book_is_in_the_order_of_namespaces(tmp_path):
    pages = {"b": "====== Bee ======", "a": "====== Ant ======", "n:x": "====== X ======", "n:start": "====== N ======"}
    wiki = write_wiki(tmp_path / "wiki", {**pages, "start": "====== S ======", "n:o:p": "====== P ======"})
    export(wiki / "data", tmp_path / "out", "pandoc", book=True)
    headings = re.findall(r"Header (\d) \{#([\w-]+)", shown(document(tmp_path / "out", "book.json")["blocks"]))
    assert headings == [("1", "start"), ("1", "a"), ("1", "b"), ("1", "n-start"), ("2", "n-x"), ("3", "n-o-p")]
    export(wiki / "data", tmp_path / "part", "pandoc", book=True, namespaces=["n"])
    part = document(tmp_path / "part", "book.json")
    assert part["meta"]["title"]["c"] == "N"
    assert re.findall(r"Header (\d) \{#([\w-]+)", shown(part["blocks"])) == [
        ("1", "n-start"),
        ("1", "n-x"),
        ("2", "n-o-p"),
    ]


def test_anchors_of_pages_with_one_name_differ(tmp_path):
    wiki = write_wiki(tmp_path / "wiki", {"a:b": "====== X ======", "a-b": "====== X ======\n[[a:b]]", "1": "[[a-b]]"})
    export(wiki / "data", tmp_path / "out", "pandoc", book=True)
    book = document(tmp_path / "out", "book.json")
    assert [one for one in anchors_in(book["blocks"]) if one] == ["page-1", "a-b", "a-b-2"]
    assert links(book["blocks"]) == ["#a-b", "#a-b-2"]


# -------------------------------------------------------------------------------------------- documents by pandoc


@pytest.fixture
def pypandoc():
    return pytest.importorskip("pypandoc", reason="pypandoc-binary is not installed")


def names_in(path):
    return zipfile.ZipFile(path).namelist()


def part_of(path, name):
    return zipfile.ZipFile(path).read(name).decode()


def test_a_document_of_word_has_its_title_and_images_and_links_to_others(pypandoc, wiki, tmp_path):
    export(wiki, tmp_path, "docx")
    start = tmp_path / "index.docx"
    assert any(name.startswith("word/media/") and name.endswith(".png") for name in names_in(start))
    text = part_of(start, "word/document.xml")
    assert re.search('<w:pStyle w:val="Title" />.*?<w:t[^>]*>Home</w:t>', text, re.DOTALL)
    assert text.count(">Home<") == 1
    assert 'Target="a/b.docx#part"' in part_of(start, "word/_rels/document.xml.rels")
    assert "_media/y.pdf" in part_of(start, "word/_rels/document.xml.rels")


def test_an_image_of_another_site_is_a_link(pypandoc, wiki, tmp_path):
    export(wiki, tmp_path, "html5")
    text = (tmp_path / "a/b.html").read_text("utf-8")
    assert '<a href="https://x.org/z.png">from afar</a>' in text
    assert "<img" not in text
    kinds = [one["kind"] for one in manifest(tmp_path)["pages"]["a:b"]["losses"]]
    assert kinds == ["missing-anchor", "outer-image"]


def test_an_epub_leads_to_nothing_beside_it(pypandoc, wiki, tmp_path):
    export(wiki, tmp_path / "alone", "epub")
    chapter = part_of(tmp_path / "alone/index.epub", "EPUB/text/ch001.xhtml")
    assert "<a " not in chapter
    kinds = [one["kind"] for one in manifest(tmp_path / "alone")["pages"]["start"]["losses"]]
    assert kinds == ["left-out-page", "left-out-page", "missing-page", "left-out-media"]
    export(wiki, tmp_path / "site", "epub", site_address="https://x.org/w")
    chapter = part_of(tmp_path / "site/index.epub", "EPUB/text/ch001.xhtml")
    assert re.findall('<a href="([^"]*)"', chapter) == ["https://x.org/w/a/b.epub#part", "https://x.org/w/a/c.epub"]


def test_the_links_in_a_book_lead_to_anchors_in_its_files(pypandoc, wiki, tmp_path):
    export(wiki, tmp_path, "epub", book=True)
    book = zipfile.ZipFile(tmp_path / "book.epub")
    texts = {name.rpartition("/")[2]: book.read(name).decode() for name in book.namelist() if name.endswith("xhtml")}
    found = 0
    for name, text in texts.items():
        for target in re.findall('href="([^"]*#[^"]*)"', text):
            file, _, anchor = target.partition("#")
            assert f'id="{anchor}"' in texts[file.rpartition("/")[2] or name]
            found += 1
    assert found > 5


@pytest.mark.slow
def test_every_format_of_pandoc_can_be_written(pypandoc, tmp_path):
    from dokuwiki_data.exports.documents.formats import known_formats

    wiki = write_wiki(tmp_path / "wiki", {"start": PAGES["start"]}, MEDIA) / "data"
    assert {"docx", "odt", "latex", "typst", "epub", "asciidoc", "org", "rst", "jira", "html"} <= {*known_formats()}
    for name in known_formats():
        if name not in ("html", "gfm", "mediawiki"):  # these are targets of their own
            export(wiki, tmp_path / name, name)
            (file,) = {one["file"] for one in manifest(tmp_path / name)["pages"].values()}
            assert (tmp_path / name / file).stat().st_size > 20, name


def test_one_worker_and_two_write_the_same_and_write_it_again(pypandoc, wiki, tmp_path):
    for name, jobs in (("one", 1), ("two", 2), ("one", 1)):
        export(wiki, tmp_path / name, "docx", jobs=jobs)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.docx"))
    assert len(files) == 6
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_the_same_book_is_the_same_file(pypandoc, wiki, tmp_path):
    books = []
    for name in ("one", "two"):
        export(wiki, tmp_path / name, "epub", book=True)
        books.append((tmp_path / name / "book.epub").read_bytes())
    assert books[0] == books[1]


def test_a_cluster_is_refused(pypandoc, wiki, tmp_path):
    with ThreadPoolExecutor(1) as executor, pytest.raises(OutputError, match=r"^docx cannot be written on a cluster"):
        export(wiki, tmp_path / "out", "docx", executor=executor)
    assert not (tmp_path / "out").exists()


HOSTILE = """{"pandoc-api-version":[1,23,1],"meta":{},"blocks":[{"t":"Para","c":[
{"t":"Image","c":[["",[],[]],[{"t":"Str","c":"given"}],["in/x.png",""]]},
{"t":"Image","c":[["",[],[]],[{"t":"Str","c":"a-file"}],["/etc/passwd",""]]},
{"t":"Image","c":[["",[],[]],[{"t":"Str","c":"an-address"}],["http://127.0.0.1:9/x.png",""]]},
{"t":"Link","c":[["",[],[]],[{"t":"Str","c":"nowhere"}],["#nowhere",""]]}]}]}""".replace("\n", "")


def test_pandoc_opens_only_the_images_that_it_is_given(pypandoc, tmp_path):
    (tmp_path / "x.png").write_bytes(PIXEL)
    program = Pandoc("odt")
    made = program.written(HOSTILE, {"in/x.png": tmp_path / "x.png"})
    archive = zipfile.ZipFile(io.BytesIO(made))
    assert [name for name in archive.namelist() if name.startswith("Pictures/")] == ["Pictures/0.png"]
    text = archive.read("content.xml").decode()
    assert all(caption in text for caption in ("a-file", "an-address", "nowhere"))
    assert 'href="#nowhere' not in text
    program.close()


def test_what_pandoc_cannot_read_is_an_error_and_the_next_document_is_written(pypandoc):
    program = Pandoc("plain")
    with pytest.raises(OutputError, match=r"^pandoc: .*JSON"):
        program.written("{}", {})
    assert program.written(HOSTILE, {}) == b"given a-file an-address nowhere\n".replace(b" ", b"")
    program.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_a_document_that_takes_too_long_is_an_error(pypandoc, monkeypatch):
    program = Pandoc("plain")
    os.kill(program._started().pid, signal.SIGSTOP)  # it never answers
    monkeypatch.setattr("dokuwiki_data.exports.documents.program.LONGEST", 0.01)
    with pytest.raises(OutputError, match="it took more than 0 s, or was ended"):
        program.written(HOSTILE, {})


def test_without_pandoc_its_formats_need_an_extra(wiki, tmp_path, monkeypatch):
    formats = importlib.import_module("dokuwiki_data.exports.documents.formats")
    formats.known_formats.cache_clear()
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(MissingExtraError, match="pandoc"):
        export(wiki, tmp_path, "docx")
    with pytest.raises(ValueError, match="unknown target 'nonsense'"):
        export(wiki, tmp_path, "nonsense")
    export(wiki, tmp_path, "pandoc")


def test_old_states_are_refused(wiki, tmp_path):
    with pytest.raises(OutputError, match=r"^old states of pages cannot be written for pandoc, only for html$"):
        export(wiki, tmp_path / "out", "pandoc", revisions=True)
