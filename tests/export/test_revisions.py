"""Old states of pages: a plain page for each, with what changed, for those who may read the page."""

import gzip

import pytest
from exported import addresses, article, files, manifest, write_wiki
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.exports.exporting import export
from dokuwiki_data.wiki.differences import line_differences

CONF = {
    "local.php": "<?php\n$conf['useacl'] = 1;\n$conf['superuser'] = '@admin';\n",
    "acl.auth.php": "* @ALL 1\nsecret:* @ALL 0\nsecret:* @staff 1\n",
}
STATES = {
    ("a:b", 1600000000): "first line\nsecond line\n",
    ("a:b", 1600000100): "first line\n**second** line\n[[gone]]\n",
    ("a:index.html:1600000000", 1600000000): "a page named like a state",
    ("deleted", 1600000200): "was here",
    ("secret:page", 1600000300): "marker7x then",
    ("secret:deleted", 1600000400): "marker7x and deleted",
}
CHANGES = "1600000000\t127.0.0.1\tC\ta:b\tann\tcreated\t\t3\n1600000100\t127.0.0.1\tE\ta:b\tjim\tbold <b>\t\t3\n"


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    pages = {"start": "[[a:b]] [[deleted]]", "a:b": "third", "secret:page": "marker7x"}
    pages["a:index.html:1600000000"] = "x"
    folder = write_wiki(tmp_path_factory.mktemp("wiki"), pages, conf=CONF)
    for (page_id, time), text in STATES.items():
        path = folder / "data" / "attic" / f"{page_id.replace(':', '/')}.{time}.txt.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()))
    (folder / "data" / "meta" / "a").mkdir()
    (folder / "data" / "meta" / "a" / "b.changes").write_text(CHANGES, "utf-8")
    return folder


@pytest.fixture(scope="module")
def done(wiki, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    return export(wiki, folder, search=False, revisions=True, verify=True), folder


def test_every_state_that_is_kept_has_a_page(done):
    states = {path for path in files(done[1]) if path.startswith("_history/")}
    assert states == {
        "_history/a/b.html/index.html", "_history/a/b.html/1600000000.html", "_history/a/b.html/1600000100.html",
        "_history/a/index.html_/1600000000.html/index.html", "_history/a/index.html_/1600000000.html/1600000000.html",
        "_history/deleted.html/index.html", "_history/deleted.html/1600000200.html",
        "_history/secret/page.html/index.html", "_history/secret/page.html/1600000300.html",
        "_history/secret/deleted.html/index.html", "_history/secret/deleted.html/1600000400.html",
    }  # fmt: skip
    assert done[0].states == len(STATES)
    assert done[0].differences == []
    assert set(manifest(done[1])["pages"]) == {"start", "a:b", "secret:page", "a:index.html:1600000000"}


def test_a_page_leads_to_its_states(done):
    assert "../_history/a/b.html/index.html" in addresses((done[1] / "a/b.html").read_text("utf-8"))
    assert "_history" not in (done[1] / "index.html").read_text("utf-8")
    listed = (done[1] / "_history/a/b.html/index.html").read_text("utf-8")
    assert "<td>jim</td><td>bold &lt;b&gt;</td>" in listed
    assert listed.index("1600000100.html") < listed.index("1600000000.html")


def test_a_state_says_what_it_was_and_what_changed(done):
    text = (done[1] / "_history/a/b.html/1600000100.html").read_text("utf-8")
    assert "<strong>second</strong> line" in text
    assert '<tr class="removed"><td>−</td><td>second line</td></tr>' in text
    assert '<tr class="added"><td>+</td><td><ins>**</ins>second<ins>**</ins> line</td></tr>' in text
    assert '<tr class="added"><td>+</td><td>[[gone]]</td></tr>' in text
    assert '<tr class="same"><td></td><td>first line</td></tr>' in text
    assert "1600000000.html" in addresses(text)
    assert "../../../a/b.html" in addresses(text)
    assert "What changed" not in (done[1] / "_history/a/b.html/1600000000.html").read_text("utf-8")


def test_deleted_pages_are_in_the_index_alone(done):
    index = (done[1] / "_site/pages.html").read_text("utf-8")
    assert "../_history/deleted.html/index.html" in addresses(index)
    assert addresses(article(done[1], manifest(done[1]), "start")) == ["a/b.html"]


def test_states_of_closed_pages_do_not_exist(wiki, tmp_path):
    export(wiki, tmp_path, search=False, revisions=True, readable_by=["@ALL"])
    for path, content in files(tmp_path).items():
        assert b"marker7x" not in content
        assert "secret" not in path
        assert b"secret" not in content
    done = export(wiki, tmp_path / "staff", search=False, revisions=True, readable_by=["ann", "@staff"])
    assert done.states == len(STATES)


def test_pages_are_chosen_with_their_states(wiki, tmp_path):
    assert dw.export(wiki, tmp_path, search=False, revisions=True, include=["a:b"]).states == 2


def test_several_processes_write_the_same(wiki, done, tmp_path):
    export(wiki, tmp_path, search=False, revisions=True, verify=True, jobs=2)
    assert files(tmp_path) == files(done[1])


def test_a_second_export_without_states_removes_them(wiki, tmp_path):
    export(wiki, tmp_path, search=False, revisions=True)
    export(wiki, tmp_path, search=False)
    assert not (tmp_path / "_history").exists()


# -------------------------------------------------------------------------------------------------- differences


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("a", "a", ["skipped 1"]),
        ("", "a", ["+a"]),
        ("a\nb", "a", [" a", "-b"]),
        ("one two", "one three", ["-one [two]", "+one [three]"]),
        ("a b\nc", "a x\nc", ["-a [b]", "+a [x]", " c"]),
        ("1\n2\n3\n4\n5\nx", "1\n2\n3\n4\n5\ny", ["skipped 3", " 4", " 5", "-[x]", "+[y]"]),
        ("x\n1\n2\n3\n4\n5", "y\n1\n2\n3\n4\n5", ["-[x]", "+[y]", " 1", " 2", "skipped 3"]),
    ],
)
def test_differences_are_lines_and_words(before, after, found):
    shown = []
    for line in line_differences(before, after):
        text = "".join(f"[{part}]" if differs else part for part, differs in line.parts)
        mark = {"same": " ", "removed": "-", "added": "+"}.get(line.kind)
        shown.append(f"skipped {line.skipped}" if mark is None else mark + text)
    assert shown == found


TEXTS = st.lists(st.sampled_from(["a", "b", "a b", "", "c!"]), max_size=8).map("\n".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_their_differences(before, after):
    lines = line_differences(before, after)
    for text, kind in ((before, "removed"), (after, "added")):
        left = text.splitlines()
        for line in lines:
            if line.kind == "skipped":
                del left[: line.skipped]
            elif line.kind in ("same", kind):
                assert left.pop(0) == "".join(part for part, _ in line.parts)
        assert left == []
