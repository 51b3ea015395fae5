"""Verification finds whatever is wrong in the files of an export, and nothing where nothing is."""

import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from exported import files, write_wiki
from helpers import read_yaml
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES as RANDOM_PAGES
from markup import SYNTAXES, examples

import dokuwiki_data as dw
from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.exporting import export
from dokuwiki_data.exports.targets.html import HtmlTarget
from dokuwiki_data.exports.verification.comparison import ExportVerifier
from dokuwiki_data.exports.verification.leaves import LeafBuilder
from dokuwiki_data.exports.verification.written import read_written
from dokuwiki_data.writers.html import html
from dokuwiki_data.writers.resolved import ResolvedPage

CASES = read_yaml(Path(__file__).with_name("verification.yaml"))
SYNTAX = dw.Syntax().chosen(None, CASES["plugins"])
PAGES = [ReadPage(dw.parse(text, page_id=page_id, syntax=SYNTAX), {}) for page_id, text in CASES["pages"].items()]


class Spoiled(HtmlTarget):
    """A target whose files are spoiled before they are verified."""

    def beside(self, wiki):
        self.wiki = wiki
        return super().beside(wiki)

    def finish(self, folder):
        super().finish(folder)
        page = folder.root / "b.html"
        page.write_text(page.read_text("utf-8").replace("First", "Last"), "utf-8")


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    return write_wiki(tmp_path_factory.mktemp("wiki"), CASES["pages"], CASES["media"])


class Copy:
    """A wiki that was exported."""

    def __init__(self, source, folder):
        target = Spoiled(search=False)
        export(source, folder, target, syntax=SYNTAX)
        export(source, folder, "html", search=False, syntax=SYNTAX)
        self.folder, self.files, self.wiki = folder, files(folder), target.wiki

    def differences(self, pages=PAGES):
        verifier = ExportVerifier(self.folder, self.wiki, HtmlTarget(search=False))
        others = [file for file in self.files if file not in self.wiki.places.pages.values()]
        return [str(one) for one in (*verifier(pages), *verifier.other_files(others))]


@pytest.fixture(scope="module")
def copy(wiki, tmp_path_factory):
    return Copy(wiki, tmp_path_factory.mktemp("copy"))


@pytest.mark.parametrize("fault", CASES["faults"], ids=lambda fault: fault["fault"])
def test_a_fault_is_found(copy, fault):
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


def test_nothing_is_found_where_nothing_is_wrong(copy, tmp_path):
    assert copy.differences() == []
    assert dw.export("examples/wiki", tmp_path, search=False, verify=True).differences == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_export_tells_the_differences(wiki, tmp_path, jobs):
    done = export(wiki, tmp_path, Spoiled(search=False), verify=True, jobs=jobs, syntax=SYNTAX)
    assert [one.file for one in done.differences] == ["b.html", "b.html"]
    assert "First line" in done.differences[0].what


@examples(0.4)
@given(RANDOM_PAGES, SYNTAXES)
def test_random_pages_are_written_as_they_are(copy, text, syntax):
    page = dw.parse(text, page_id="b", syntax=syntax)
    content = html(ResolvedPage(page, copy.wiki.site), addresses=copy.wiki.addresses("b.html"))
    (copy.folder / "b.html").write_bytes(f"<article>\n{content}\n</article>".encode())
    found = copy.differences([ReadPage(page, {})])
    (copy.folder / "b.html").write_bytes(copy.files["b.html"])
    assert found == []


# ------------------------------------------------------------------------------------------------- laws of leaves


@cache
def example_articles():
    """What stands in the articles of the example wiki."""
    with tempfile.TemporaryDirectory() as folder:
        dw.export("examples/wiki", folder, search=False)
        texts = [path.read_text("utf-8") for path in sorted(Path(folder).rglob("*.html"))]
    found = (re.search("<article.*</article>", text, re.DOTALL) for text in texts)
    return [one[0] for one in found if one]


def leaves(article):
    return read_written(article, lambda address, in_html: address).leaves


@given(st.data())
def test_no_text_no_formatting_and_no_container_can_vanish(data):
    article = data.draw(st.sampled_from(example_articles()))
    parts = [*re.finditer(r"(?<=>)[^<]*[^<\s][^<]*(?=<)|<(?:strong|em|code|tr|li|ul|ol|pre|dd)\b[^>]*>", article)]
    part = data.draw(st.sampled_from(parts))
    assert leaves(article[: part.start()] + article[part.end() :]) != leaves(article)


RUNS = st.lists(
    st.tuples(st.text(" ab\n", max_size=4), st.frozensets(st.sampled_from(["strong", "em"]), max_size=1)), max_size=5
)


@given(RUNS, st.data())
def test_leaves_do_not_depend_on_how_a_text_is_cut(runs, data):
    whole, cut = LeafBuilder(), LeafBuilder()
    for text, marks in runs:
        whole.text(text, marks)
        at = data.draw(st.integers(0, len(text)))
        cut.text(text[:at], marks)
        cut.text(text[at:], marks)
    whole.end()
    cut.end()
    assert cut.leaves == whole.leaves
    shown = "".join(run.text for leaf in whole.leaves for run in leaf.runs)
    assert shown.split() == "".join(text for text, _ in runs).split()
