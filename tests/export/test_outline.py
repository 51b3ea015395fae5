"""The archive for Outline: documents below documents, links and files as Outline finds them."""

import posixpath
import re
import zipfile
from urllib.parse import unquote

import pytest
from exported import PIXEL, files, manifest, write_wiki

import dokuwiki_data as dw
from dokuwiki_data.errors import OutputError

PAGES = {
    "start": "====== Welcome ======\n[[a:b#part|there]] [[a:]] {{a:x.png|a picture}} [[gone]]",
    "a:start": "====== Namespace ======\n[[b]] [[:start]]",
    "a:b": "no heading {{:y.png}}\n===== Part =====\n",
    "attachments:c": "in a folder that would be taken for files",
    "uploads:d": "likewise",
}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wiki")
    source = write_wiki(folder / "source", PAGES, ["a:x.png", "y.png"])
    dw.export(source, folder / "out", "outline")
    with zipfile.ZipFile(folder / "out" / "outline.zip") as archive:
        assert archive.testzip() is None
        return source, folder / "out", {name: archive.read(name) for name in archive.namelist()}


def test_a_document_is_below_the_one_of_its_namespace(done):
    assert set(done[2]) == {
        "Wiki/start.md", "Wiki/a.md", "Wiki/a/b.md", "Wiki/attachments_/c.md", "Wiki/uploads_/d.md",
        "Wiki/uploads/a/x.png", "Wiki/uploads/y.png",
    }  # fmt: skip
    assert done[2]["Wiki/uploads/y.png"] == PIXEL
    assert {page["file"] for page in manifest(done[1])["pages"].values()} < set(done[2])


def test_titles_are_first_headings_and_there_is_no_front_matter(done):
    starts = {path: text.decode().partition("\n")[0] for path, text in done[2].items() if path.endswith(".md")}
    assert starts["Wiki/start.md"] == "# Welcome"
    assert starts["Wiki/a.md"] == "# Namespace"
    assert not any(line.startswith("---") for line in starts.values())


def test_links_lead_to_documents_and_files_of_the_archive(done):
    """A link is relative to its document, and a file is named from the folder of uploads on."""
    found = {}
    for path, text in done[2].items():
        for address in re.findall(r"\]\(([^)]*)\)", text.decode()) if path.endswith(".md") else ():
            base = "Wiki" if address.startswith("uploads/") else posixpath.dirname(path)
            found[path, address] = posixpath.normpath(f"{base}/{unquote(address)}")
    assert found == {
        ("Wiki/start.md", "a/b.md"): "Wiki/a/b.md", ("Wiki/start.md", "a.md"): "Wiki/a.md",
        ("Wiki/start.md", "uploads/a/x.png"): "Wiki/uploads/a/x.png", ("Wiki/a.md", "a/b.md"): "Wiki/a/b.md",
        ("Wiki/a.md", "start.md"): "Wiki/start.md", ("Wiki/a/b.md", "uploads/y.png"): "Wiki/uploads/y.png",
    }  # fmt: skip


def test_the_same_wiki_makes_the_same_archive(done, tmp_path):
    dw.export(done[0], tmp_path, "outline", jobs=2)
    assert files(tmp_path) == files(done[1])
    dw.export(done[0], tmp_path, "outline")
    assert files(tmp_path) == files(done[1])


@pytest.mark.parametrize("options", [{"verify": True}, {"data": "front-matter"}])
def test_what_outline_does_not_offer_is_refused(done, tmp_path, options):
    with pytest.raises(OutputError):
        dw.export(done[0], tmp_path, "outline", **options)
