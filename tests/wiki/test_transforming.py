"""A whole wiki changed by a function: what is shown, what is saved and how, what is refused."""

import bz2
import gzip
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from saved_wiki import ENTRY, NOW, TIME, files, history, make, rename

import dokuwiki_data as dw
from dokuwiki_data import edit
from dokuwiki_data.errors import PageReadError, SourceError
from dokuwiki_data.wiki.saving import Author, SaveError
from dokuwiki_data.wiki.transforming import transform

ROOT = Path(__file__).parents[2]
ME = Author("me", "renamed\tthe\nfield")


@pytest.fixture
def wiki(tmp_path):
    return make(tmp_path / "data")


def test_a_dry_run_shows_a_diff_and_writes_nothing(wiki):
    before = files(wiki)
    result = transform(wiki, rename, dry_run=True)
    assert result.changed[0].diff == (
        "--- a/pages/a.txt\n+++ b/pages/a.txt\n"
        "@@ -1,3 +1,3 @@\n ---- dataentry ----\n-name : one  # kept\n+title : one  # kept\n ----\n"
    )
    assert result.diff == "".join(page.diff for page in result.changed)
    assert [(page.page_id, page.revision) for page in result.changed] == [("a", None), ("b", None)]
    assert files(wiki) == before


def test_a_page_is_saved_as_dokuwiki_saves_it(wiki):
    result = transform(wiki, rename, author=ME, now=NOW)
    assert [(page.page_id, page.revision) for page in result.changed] == [("a", NOW), ("b", NOW)]
    assert result.errors == ()
    page = wiki / "pages" / "a.txt"
    assert page.read_text() == ENTRY.format("one").replace("name", "title")
    assert page.stat().st_mtime == NOW
    kept = wiki / "attic" / f"a.{NOW}.txt.gz"
    assert gzip.decompress(kept.read_bytes()) == page.read_bytes()
    assert kept.stat().st_mtime == NOW
    assert history(wiki, "a")[1:] == [[str(NOW), "127.0.0.1", "E", "a", "me", "renamed the field", "", "1"]]
    assert history(wiki, "_dokuwiki")[0] == history(wiki, "a")[1]
    assert [path.name for path in (wiki / "pages").iterdir() if path.name.startswith(".")] == []
    assert (wiki / "pages" / "c.txt").stat().st_mtime == TIME


def test_the_library_reads_the_history_that_it_wrote(wiki):
    transform(wiki, rename, author=ME, now=NOW)
    opened = dw.Wiki.open(wiki)
    assert [str(opened.at("a", revision)) for revision in opened.revisions("a")] == [
        ENTRY.format("one"), ENTRY.format("one").replace("name", "title"),
    ]  # fmt: skip
    assert opened.last_author("a") == "me"


def test_what_something_else_has_written_is_kept_and_told(wiki):
    """As the reference does it: an edit from outside, a page made outside, a file that only got another time."""
    outside, touched = wiki / "pages" / "a.txt", wiki / "pages" / "b.txt"
    outside.write_text(ENTRY.format("from outside"))
    os.utime(outside, (TIME + 9, TIME + 9))
    os.utime(touched, (TIME + 9, TIME + 9))
    (wiki / "meta" / "c.changes").unlink()
    (wiki / "pages" / "c.txt").write_text(ENTRY.format("new"))
    os.utime(wiki / "pages" / "c.txt", (TIME + 5, TIME + 5))
    transform(wiki, rename, now=NOW)
    grown = len("from outside") - len("one")
    assert history(wiki, "a")[1] == [str(TIME + 9), "127.0.0.1", "E", "a", "", "external edit", "", str(grown)]
    assert gzip.decompress((wiki / "attic" / f"a.{TIME + 9}.txt.gz").read_bytes()).decode() == ENTRY.format(
        "from outside"
    )
    assert [row[0] for row in history(wiki, "b")] == [str(TIME), str(NOW)]
    size = str(len(ENTRY.format("new")))
    assert history(wiki, "c")[0] == [str(TIME + 5), "127.0.0.1", "C", "c", "", "created - external edit", "", size]


def test_a_file_older_than_its_history_gets_a_time_behind_it(wiki):
    page = wiki / "pages" / "a.txt"
    page.write_text(ENTRY.format("from outside"))
    os.utime(page, (TIME - 9, TIME - 9))
    transform(wiki, rename, now=NOW)
    assert [(row[0], row[5]) for row in history(wiki, "a")[1:]] == [
        (str(TIME + 1), "external edit (unknown date)"), (str(NOW), ""),
    ]  # fmt: skip


def test_a_revision_is_later_than_all_others(wiki):
    result = transform(wiki, rename, now=TIME - 100)
    assert {page.revision for page in result.changed} == {TIME + 1}


def test_a_page_without_text_is_removed(wiki):
    transform(wiki, lambda page: dw.parse(" \n") if page.page_id == "c" else page, now=NOW)
    assert not (wiki / "pages" / "c.txt").exists()
    assert gzip.decompress((wiki / "attic" / f"c.{NOW}.txt.gz").read_bytes()) == b"no entry\n"
    assert history(wiki, "c")[1] == [str(NOW), "127.0.0.1", "D", "c", "", "removed", "", "-9"]


def test_a_minor_change_is_told_as_one(wiki):
    transform(wiki, rename, author=Author(minor=True), now=NOW)
    assert history(wiki, "a")[1][2] == "e"


@pytest.mark.parametrize(
    ("setting", "name", "unpacked"),
    [("'bz2'", "txt.bz2", bz2.decompress), ("0", "txt", bytes), ("'gz'", "txt.gz", gzip.decompress)],
)
def test_old_revisions_are_packed_as_the_wiki_does_it(wiki, setting, name, unpacked):
    (wiki.parent / "conf").mkdir()
    (wiki.parent / "conf" / "dokuwiki.php").write_text(f"<?php\n$conf['compression'] = {setting};\n")
    transform(wiki, rename, now=NOW)
    assert unpacked((wiki / "attic" / f"a.{NOW}.{name}").read_bytes()) == (wiki / "pages" / "a.txt").read_bytes()


def test_pages_alone_get_no_history(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text(ENTRY.format("one"))
    os.utime(tmp_path / "pages" / "a.txt", (TIME, TIME))
    transform(tmp_path / "pages", rename, now=NOW)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.txt"]
    assert (tmp_path / "pages" / "a.txt").stat().st_mtime == NOW


def test_bytes_that_are_not_text_and_rights_stay(wiki):
    page = wiki / "pages" / "a.txt"
    page.write_bytes(b"\xff\0\r\n" + ENTRY.format("one").replace("\n", "\r\n").encode() + b"\xfe")
    page.chmod(0o640)
    transform(wiki, rename, now=NOW)
    assert (
        page.read_bytes()
        == b"\xff\0\r\n" + ENTRY.format("one").replace("\n", "\r\n").replace("name", "title").encode() + b"\xfe"
    )
    assert page.stat().st_mode & 0o777 == 0o640


# --------------------------------------------------------------------------------------- what goes wrong


def refusing(page):
    if page.page_id == "a":
        raise edit.EditError(page.entries[0], "no")
    return rename(page)


def test_if_one_page_refuses_nothing_is_saved(wiki):
    before = files(wiki)
    result = transform(wiki, refusing, now=NOW)
    assert [(page_id, str(error)) for page_id, error in result.errors] == [("a", "DataEntry: no")]
    assert [(page.page_id, page.revision) for page in result.changed] == [("b", None)]
    assert files(wiki) == before


def test_a_function_may_fail_with_any_error_of_the_library(wiki):
    before = files(wiki)
    result = transform(wiki, lambda page: dw.Query.parse("limit: x") and page, now=NOW)
    assert {type(error) for _, error in result.errors} == {dw.QueryError}
    assert (result.changed, files(wiki)) == ((), before)


def test_the_others_can_be_saved_all_the_same(wiki):
    result = transform(wiki, refusing, partly=True, now=NOW)
    assert [page_id for page_id, _ in result.errors] == ["a"]
    assert [(page.page_id, page.revision) for page in result.changed] == [("b", NOW)]
    assert "title" in (wiki / "pages" / "b.txt").read_text()


def test_a_page_that_cannot_be_read_is_told(wiki):
    (wiki / "pages" / "d.txt").mkdir()
    result = transform(wiki, rename, now=NOW)
    assert [type(error) for _, error in result.errors] == [PageReadError]
    assert [page.revision for page in result.changed] == [None, None]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.parametrize("what", [Path.mkdir, lambda path: os.mkfifo(path)], ids=["folder", "pipe"])
def test_a_history_that_is_no_file_is_met_before_anything_is_written(wiki, what):
    history = wiki / "meta" / "_dokuwiki.changes"
    history.unlink(missing_ok=True)
    what(history)
    pages = {path: path.read_bytes() for path in (wiki / "pages").iterdir()}
    attic = sorted((wiki / "attic").rglob("*"))
    result = transform(wiki, rename, now=NOW)
    assert {str(error) for _, error in result.errors} == {f"{history}: is not a file that can be written"}
    assert not result.changed
    assert {path: path.read_bytes() for path in pages} == pages
    assert sorted((wiki / "attic").rglob("*")) == attic


def test_a_page_that_was_changed_in_the_meantime_is_not_overwritten(wiki):
    def function(page):
        if page.page_id == "c":
            (wiki / "pages" / "a.txt").write_text("newer\n")
        return rename(page)

    result = transform(wiki, function, now=NOW)
    assert [(page_id, error.reason) for page_id, error in result.errors] == [("a", "was changed in the meantime")]
    assert (wiki / "pages" / "a.txt").read_text() == "newer\n"
    assert [page.page_id for page in result.changed] == ["b"]


def test_an_archive_is_refused(wiki, tmp_path):
    archive = tmp_path / "wiki.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("data/pages/a.txt", ENTRY.format("one"))
    with pytest.raises(SaveError, match="only a wiki in a folder can be changed"):
        transform(archive, rename)


def test_no_wiki_is_told(tmp_path):
    with pytest.raises(SourceError):
        transform(tmp_path, rename)


@pytest.mark.parametrize("place", ["attic", "meta", "attic/n", "meta/n", "meta/_dokuwiki.changes", "meta/n/a.changes"])
@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_written_through_links_that_lead_out(tmp_path, place, exists):
    root, outside = tmp_path / "data", tmp_path / "outside"
    for folder in ("pages/n", "meta", "attic"):
        (root / folder).mkdir(parents=True)
    (root / "pages" / "n" / "a.txt").write_text(ENTRY.format("one"))
    outside.mkdir()
    is_file = place.endswith(".changes")
    if (root / place).is_dir():
        (root / place).rmdir()
    (root / place).parent.mkdir(exist_ok=True)
    target = outside / "file" if is_file else outside if exists else outside / "none"
    if is_file and exists:
        target.write_text("")
    (root / place).symlink_to(target)
    before = files(outside)
    result = transform(root, rename, now=NOW)
    assert [type(error) for _, error in result.errors] == [SaveError]
    assert (root / "pages" / "n" / "a.txt").read_text() == ENTRY.format("one")
    assert files(outside) == before
    assert list(outside.iterdir()) == ([target] if is_file and exists else [])


def test_an_id_that_would_break_a_history_is_refused(wiki):
    (wiki / "pages" / "x\t1\nC.txt").write_text(ENTRY.format("one"))
    result = transform(wiki, rename, now=NOW)
    assert [error.reason for _, error in result.errors] == [r"a changelog cannot contain the id 'x\t1\nC'"]


@pytest.mark.parametrize("forgotten", [lambda page: None, str])
def test_a_function_that_returns_no_page_changes_nothing(wiki, forgotten):
    before = files(wiki)
    with pytest.raises(TypeError, match=r"^a: the function returned"):
        transform(wiki, forgotten, partly=True)
    assert files(wiki) == before


# ------------------------------------------------------------------------------------------- the example


def test_the_example_renames_a_field_over_a_wiki(tmp_path):
    wiki = tmp_path / "wiki"
    shutil.copytree(ROOT / "examples" / "wiki", wiki)

    def run(*arguments):
        command = [sys.executable, str(ROOT / "examples" / "rename_field.py"), str(wiki), "maturity", "readiness"]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)

    before = files(wiki)
    shown = run()
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "-maturity          : 5\n+readiness         : 5\n" in shown.stdout
    assert files(wiki) == before
    written = run("--write", "--user", "me")
    assert (written.returncode, written.stdout) == (0, shown.stdout)
    columns = {
        field.column.name for page in dw.Wiki.open(wiki).values() for entry in page.entries for field in entry.fields
    }
    assert "maturity" not in columns
    assert "readiness" in columns
    asked = {column.key for found in dw.Wiki.open(wiki).queries for column in found.query.query.columns}
    assert "maturity" not in asked
    assert run().stdout == ""
    shutil.rmtree(wiki)
    gone = run()
    assert (gone.returncode, gone.stderr) == (1, f"{wiki}: no such file or directory\n")
