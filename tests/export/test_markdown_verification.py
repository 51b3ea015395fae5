"""Verification finds whatever is wrong in exported Markdown, and nothing where nothing is."""

from __future__ import annotations

import json
import lzma
from functools import cache
from pathlib import Path

import pytest
from exported import files, write_wiki
from helpers import read_yaml
from hypothesis import given, settings
from markup import PAGES as RANDOM_PAGES
from markup import examples

import dokuwiki_data as dw
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.exports.exporting import export
from dokuwiki_data.exports.targets import find_target
from dokuwiki_data.exports.verification import commonmark
from dokuwiki_data.exports.verification.comparison import ExportVerifier
from dokuwiki_data.writers.markdown import DIALECTS

pytest.importorskip("markdown_it")
pytest.importorskip("mdit_py_plugins")
pytest.importorskip("pymdownx")

CASES = read_yaml(Path(__file__).with_name("markdown_verification.yaml"))
SYNTAX = dw.Syntax().chosen(None, CASES["plugins"])
#: The targets of Markdown, of which some share a dialect.
TARGETS = (*DIALECTS, "github-wiki", "gitlab-wiki", "wikijs")
#: Random markup is read with the plugin data alone.
PLAIN = dw.Syntax(plugins=("data",))
#: One piece of random markup in so many is compared. ``explore`` asks all.
STEP = 1 if settings().max_examples > 100 else 16
PAGES = [ReadPage(dw.parse(text, page_id=page_id, syntax=SYNTAX), {}) for page_id, text in CASES["pages"].items()]


class Copy:
    """The wiki as a target wrote it."""

    def __init__(self, source, folder, name):
        self.target = find_target(name)
        beside = self.target.beside

        def seen(wiki):
            self.wiki = wiki
            return beside(wiki)

        self.target.beside = seen
        export(source, folder, self.target, syntax=SYNTAX)
        del self.target.beside
        self.folder, self.files = folder, files(folder)

    def differences(self):
        verifier = ExportVerifier(self.folder, self.wiki, self.target)
        others = [file for file in self.files if file not in self.wiki.places.pages.values()]
        return [str(one) for one in (*verifier(PAGES), *verifier.other_files(others))]


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_wiki(tmp_path_factory.mktemp("wiki"), CASES["pages"], CASES["media"])


@pytest.fixture(scope="module")
def copy_of(wiki, tmp_path_factory):
    return cache(lambda name: Copy(wiki, tmp_path_factory.mktemp(name), name))


@pytest.mark.parametrize(
    ("target", "fault"),
    [(target, fault) for target, faults in CASES["faults"].items() for fault in faults],
    ids=lambda one: one if isinstance(one, str) else one["fault"],
)
def test_a_fault_is_found(copy_of, target, fault):
    copy = copy_of(target)
    file, written = copy.folder / fault["file"], copy.files[fault["file"]]
    try:
        if "written" in fault:
            text = written.decode()
            assert fault["written"] in text
            file.write_bytes(text.replace(fault["written"], fault["now"], 1).encode())
        else:
            file.unlink()
        assert sorted(copy.differences()) == sorted(fault["found"])
    finally:
        file.write_bytes(written)


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_found_where_nothing_is_wrong(copy_of, tmp_path, target):
    assert copy_of(target).differences() == []
    assert dw.export("examples/wiki", tmp_path, to=target, verify=True, jobs=2).differences == []


def lines_of(path):
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def leaves(copy, page):
    """What a page should say, and what its Markdown says."""
    target = find_target(copy.target.name, data="table")  # no survey saw the types of its fields
    read, files = ReadPage(page, {}), target.verified(copy.wiki)
    file = copy.wiki.places.pages[page.page_id]
    written = target.page(copy.wiki, read).files[file].decode()
    return files.wanted(read)[0], files.written(file, written).leaves


@pytest.mark.parametrize("target", DIALECTS)
def test_random_markup_is_written_as_it_is(shared, copy_of, target):
    different = []
    for one in lines_of(shared / "corpus" / "fuzz-short.jsonl.xz")[::STEP]:
        wanted, written = leaves(copy_of(target), dw.parse(one["text"], page_id="b", syntax=PLAIN))
        if wanted != written:
            different.append(one["text"])
    assert different == []


@pytest.mark.parametrize("target", sorted(DIALECTS.keys() - {"mkdocs"}))
def test_random_pages_are_written_as_they_are(copy_of, target):
    @examples(0.15)
    @given(RANDOM_PAGES)
    def law(text):
        wanted, written = leaves(copy_of(target), dw.parse(text, page_id="b", syntax=PLAIN))
        assert wanted == written

    law()


@pytest.mark.parametrize("target", DIALECTS)
def test_entries_that_stand_in_the_front_matter_only_are_not_missed(wiki, tmp_path, target):
    assert export(wiki, tmp_path, target, data="front-matter", verify=True, syntax=SYNTAX).differences == []


def test_a_missing_library_is_told(wiki, tmp_path, monkeypatch):
    def missing(name):
        raise ImportError(name)

    commonmark.renderer_of.cache_clear()
    monkeypatch.setattr(commonmark, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"markdown-it-py.*dokuwiki-data\[markdown\]"):
        export(wiki, tmp_path, "gfm", verify=True)
    assert not list(tmp_path.iterdir())
