"""What saving leaves alone and respects: owners, rights, locks, histories; and what it checks before the first page."""

import contextlib
import gzip
import hashlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from saved_wiki import ENTRY, NOW, TIME, files, history, make, rename

import dokuwiki_data as dw
from dokuwiki_data.wiki import writing
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.saving import Author, SaveError
from dokuwiki_data.wiki.transforming import transform

is_root = hasattr(os, "geteuid") and os.geteuid() == 0
only_root = pytest.mark.skipif(not is_root, reason="only root can give files to others")


@pytest.fixture
def wiki(tmp_path):
    return make(tmp_path / "data", "locks")


def refused(wiki, function=rename, **options):
    """The errors by page of a run that saves nothing; the dry run has the same."""
    before = files(wiki)
    shown = transform(wiki, function, dry_run=True, **options)
    result = transform(wiki, function, now=NOW, **options)
    assert files(wiki) == before
    assert [page.revision for page in result.changed] == [None] * len(result.changed)
    told = [(page_id, str(error)) for page_id, error in result.errors]
    assert told == [(page_id, str(error)) for page_id, error in shown.errors]
    assert shown.changed == result.changed
    return dict(result.errors)


# ------------------------------------------------------------------------- before the first page is saved


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDC7F, 0xDD00, 0xDFFF])
def test_a_text_that_no_file_can_hold_stops_all(wiki, code):
    def function(page):
        return dw.parse(f"é{chr(code)}", page_id="b") if page.page_id == "b" else rename(page)

    errors = refused(wiki, function)
    assert {page_id: error.reason for page_id, error in errors.items()} == {
        "b": f"its new text has a character that cannot be encoded: U+{code:04X} at 1"
    }


def test_bytes_that_are_not_utf_8_can_be_held(wiki):
    transform(wiki, lambda page: dw.parse("\udc80\udcff", page_id=page.page_id), now=NOW)
    assert (wiki / "pages" / "a.txt").read_bytes() == b"\x80\xff"


@pytest.mark.parametrize(
    ("name", "file_names"),
    [*((name, "url") for name in ("a%0Ab", "a%0Db", "a%09b", "a%00b", "a%7Fb", "")), ("%16n4]", "safe")],
)
def test_an_id_that_no_history_can_hold_stops_all(wiki, name, file_names):
    (wiki.parent / "conf").mkdir()
    (wiki.parent / "conf" / "dokuwiki.php").write_text(f"<?php $conf['fnencode'] = '{file_names}';")
    (wiki / "pages" / f"{name}.txt").write_text(ENTRY.format("x"))
    (error,) = refused(wiki).values()
    assert error.reason.startswith("a changelog cannot contain the id ")
    assert {page.page_id for page in transform(wiki, rename, partly=True, now=NOW).changed} == {"a", "b"}


# ------------------------------------------------------------------------------------- owners and rights


def rights(path):
    status = path.stat()
    return status.st_uid, status.st_gid, oct(stat.S_IMODE(status.st_mode))


@only_root
def test_all_stays_the_web_servers(wiki):
    """Root saves; the files are of the user 33, the folders of the group 44, as set-group-id has it."""
    (wiki / "pages" / "n").mkdir()
    (wiki / "pages" / "n" / "new.txt").write_text(ENTRY.format("new"))
    for path in [wiki, *wiki.rglob("*")]:
        os.chown(path, 33, 44)
        path.chmod(0o2770 if path.is_dir() else 0o660)
    before = set(wiki.rglob("*"))
    result = transform(wiki, rename, now=NOW)
    assert len(result.changed) == 3
    new = {str(path.relative_to(wiki)) for path in set(wiki.rglob("*")) - before}
    assert {"attic/n", "meta/n", "meta/n/new.changes", "meta/_dokuwiki.changes", f"attic/a.{NOW}.txt.gz"} < new
    for path in wiki.rglob("*"):
        assert rights(path) == (33, 44, "0o2770" if path.is_dir() else "0o660"), path


@only_root
def test_the_owner_of_a_page_may_be_another_than_its_folders(wiki):
    page, history = wiki / "pages" / "a.txt", wiki / "meta" / "a.changes"
    os.chown(page, 33, 44)
    os.chown(history, 34, 45)
    page.chmod(0o600)
    history.chmod(0o640)
    transform(wiki, rename, now=NOW)
    assert (rights(page), rights(history)) == ((33, 44, "0o600"), (34, 45, "0o640"))


def test_new_files_have_the_mode_of_others_in_their_folder(wiki):
    (wiki / "attic" / f"a.{TIME}.txt.gz").chmod(0o664)
    for path in (wiki / "attic").iterdir():
        path.chmod(0o664)
    (wiki / "meta").chmod(0o750)
    for path in (wiki / "meta").iterdir():
        path.unlink()
    transform(wiki, rename, now=NOW)
    assert rights(wiki / "attic" / f"a.{NOW}.txt.gz")[2] == "0o664"
    assert rights(wiki / "meta" / "a.changes")[2] == "0o640"


@pytest.fixture
def open_wiki():
    """A wiki in a folder that other users than this process's may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        if not all(parent.stat().st_mode & 0o001 for parent in Path(folder).parents):
            pytest.skip("no other user can enter the folder for temporary files")
        yield make(Path(folder) / "data", "locks")


@contextlib.contextmanager
def somebody(user, group):
    """Be another user for a while."""
    groups = os.getgroups()
    os.setgroups([])
    os.setresgid(group, group, 0)
    os.setresuid(user, user, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)


def as_somebody(wiki, user, group):
    """What goes wrong if another user saves."""
    with somebody(user, group):
        return {page_id: error.reason for page_id, error in transform(wiki, rename, now=NOW).errors}


@only_root
def test_who_cannot_leave_a_page_to_its_owner_does_not_save_it(open_wiki):
    for path in [open_wiki, *open_wiki.rglob("*")]:
        os.chown(path, 12345, 44)
        path.chmod(0o777 if path.is_dir() else 0o666)
    before = files(open_wiki)
    reason = "only 12345 or root can write it without changing its owner or group"
    assert as_somebody(open_wiki, 12346, 44) == {"a": reason, "b": reason}
    assert files(open_wiki) == before
    assert as_somebody(open_wiki, 12345, 44) == {}
    assert rights(open_wiki / "pages" / "a.txt") == (12345, 44, "0o666")


@only_root
@pytest.mark.parametrize("mode", [0o664, 0o644])
def test_a_group_that_cannot_be_given_matters_if_it_may_do_more_than_others(open_wiki, mode):
    for path in [open_wiki, *open_wiki.rglob("*")]:
        os.chown(path, 12345, 44)
        path.chmod(0o755 if path.is_dir() else mode)
    assert len(as_somebody(open_wiki, 12345, 12345)) == (2 if mode == 0o664 else 0)
    assert rights(open_wiki / "pages" / "a.txt")[1:] == ((44, "0o664") if mode == 0o664 else (12345, "0o644"))


@only_root
@pytest.mark.parametrize("place", ["pages", "attic", "meta", "meta/a.changes", "pages/a.txt"])
def test_what_may_not_be_written_is_met_before_anything_is(open_wiki, place):
    for path in [open_wiki, *open_wiki.rglob("*")]:
        os.chown(path, 12345, 12345)
    (open_wiki / place).chmod(0o555 if (open_wiki / place).is_dir() else 0o444)
    before = files(open_wiki)
    assert as_somebody(open_wiki, 12345, 12345)["a"].startswith("is not a f")
    assert files(open_wiki) == before


# ------------------------------------------------------------------------------------------------- locks


def lock(wiki, page_id="a", holder="ann", age=0):
    path = wiki / "locks" / (hashlib.md5(page_id.encode()).hexdigest() + ".lock")
    path.write_text(holder)
    os.utime(path, (time.time() - age,) * 2)
    return path


@pytest.mark.parametrize(("holder", "shown"), [("ann", "ann"), ("1.2.3.4\nsession", "1.2.3.4"), ("", "somebody")])
def test_a_page_that_somebody_is_editing_is_not_saved(wiki, holder, shown):
    path = lock(wiki, holder=holder)
    errors = refused(wiki, author=Author("me"))
    assert str(errors["a"]) == f"{wiki}/pages/a.txt: {shown} has locked it for editing, 900 seconds at most ({path})"
    assert path.read_text() == holder
    assert [page.page_id for page in transform(wiki, rename, partly=True, now=NOW).changed] == ["b"]


def test_ones_own_lock_hinders_nobody_and_stays(wiki):
    path = lock(wiki, holder="ann")
    assert transform(wiki, rename, author=Author("ann"), now=NOW).errors == ()
    assert path.read_text() == "ann"


@pytest.mark.parametrize(
    ("locktime", "age", "counts"),
    [("", 890, True), ("", 910, False), ("60", 70, False), ("60", 50, True), ("0", 0, False)],
)
def test_a_lock_counts_as_long_as_the_settings_say(wiki, locktime, age, counts):
    (wiki.parent / "conf").mkdir()
    setting = f"$conf['locktime'] = {locktime};" if locktime else "$conf['locktime'] = 15*60;"
    (wiki.parent / "conf" / "dokuwiki.php").write_text(f"<?php\n{setting}\n")
    lock(wiki, age=age)
    assert bool(transform(wiki, rename, now=NOW).errors) is counts


def test_the_lock_of_a_page_is_that_of_its_cleaned_id(wiki):
    (wiki / "pages" / "Copy of a.txt").write_text(ENTRY.format("copy"))
    lock(wiki, "copy_of_a")
    assert set(refused(wiki)) == {"Copy of a"}


@pytest.mark.parametrize("author", [Author("me"), Author(ip="::1")])
def test_a_page_is_locked_while_it_is_saved(wiki, monkeypatch, author):
    seen = []

    def replace_file(path, *arguments):
        seen.extend(sorted(found.read_text() if found.is_file() else "" for found in (wiki / "locks").iterdir()))
        return real(path, *arguments)

    real = writing.replace_file
    monkeypatch.setattr("dokuwiki_data.wiki.saving.replace_file", replace_file)
    transform(wiki, lambda page: rename(page) if page.page_id == "a" else page, author=author, now=NOW)
    # The folders lock the page's file and the two histories.
    assert seen[:4] == ["", "", "", author.user or f"{author.ip}\n"]
    assert list((wiki / "locks").iterdir()) == []


def test_a_lock_that_comes_after_the_check_counts(wiki):
    def function(page):
        if page.page_id == "c":
            lock(wiki)
        return rename(page)

    result = transform(wiki, function, now=NOW)
    assert [page_id for page_id, _ in result.errors] == ["a"]
    assert [page.page_id for page in result.changed] == ["b"]


def test_a_folder_of_locks_that_leads_out_is_not_used(wiki, tmp_path):
    (wiki / "locks").rmdir()
    (tmp_path / "outside").mkdir()
    (wiki / "locks").symlink_to(tmp_path / "outside")
    assert {type(error) for error in refused(wiki).values()} == {SaveError}


# --------------------------------------------------------------------------------------------- histories


@pytest.mark.parametrize("name", ["a", "_dokuwiki"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""), (b"\n", b"\n"), (b"1\tip\tC\ta", b"1\tip\tC\ta\n"), (b"1\tip\tC\ta\n", b"1\tip\tC\ta\n"),
        (b"1\tip\tC\ta\r\n", b"1\tip\tC\ta\r\n"), (b"1\tip\tC\ta\r\n2\tip\tE\ta", b"1\tip\tC\ta\r\n2\tip\tE\ta\r\n"),
    ],
)  # fmt: skip
def test_a_line_of_a_history_begins_a_line(wiki, name, before, after):
    log = wiki / "meta" / f"{name}.changes"
    log.write_bytes(before)
    os.utime(wiki / "pages" / "a.txt", (2, 2))
    transform(wiki, lambda page: rename(page) if page.page_id == "a" else page, now=NOW)
    written = log.read_bytes()
    line_end = b"\r\n" if b"\r\n" in before else b"\n"
    assert written.startswith(after)
    assert written.endswith(b"\tE\ta\t\t\t\t1" + line_end)
    assert written.removeprefix(after).count(b"\n") == written.removeprefix(after).count(line_end)


@given(st.builds(Author, user=st.text(), summary=st.text(), ip=st.text()))
def test_an_author_is_nothing_but_fields_of_a_line(author):
    line = Change(5, author.ip, "E", "a", author.user, author.summary, size_change=-3).line
    assert len(line.splitlines()) == 1
    assert len(line.split("\t")) == 8
    (change,) = parse_changes(line.encode().decode())
    assert (change.time, change.kind, change.page_id, change.size_change) == (5, "E", "a", -3)


def test_the_fields_of_an_author_are_cleaned(wiki):
    author = Author("me\t\n\x1b\0", "a\tsummary\r\nof two\x07 lines\ud800" + "x" * 300, ip="1.2.3.4\t\n5")
    transform(wiki, rename, author=author, now=NOW)
    (_, ip, _, _, user, summary, _, _) = history(wiki, "a")[1]
    assert (ip, user, summary[:34], len(summary)) == ("1.2.3.45", "me", "a summary of two lines\ufffdxxxxxxxxxxx", 255)


# ---------------------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("step", range(5))
def test_a_page_that_cannot_be_saved_whole_is_as_before(wiki, monkeypatch, step):
    """The disk is full when the attic, the page, the page's history or that of the wiki is written."""
    (wiki / "meta" / "_dokuwiki.changes").write_text("")
    before, steps = files(wiki), iter(range(100))

    def failing(real):
        def function(*arguments):
            if next(steps) == step:
                raise OSError(28, "No space left on device", str(arguments[0]))
            return real(*arguments)

        return function

    for name in ("replace_file", "append_line"):
        monkeypatch.setattr(f"dokuwiki_data.wiki.saving.{name}", failing(getattr(writing, name)))
    result = transform(wiki, lambda page: rename(page) if page.page_id == "a" else page, now=NOW)
    if step < 4:
        assert [error.reason for _, error in result.errors] == ["no space left on device"]
        assert files(wiki) == before
        assert (wiki / "pages" / "a.txt").stat().st_mtime == TIME
    else:
        assert result.errors == ()


def test_a_history_that_cannot_be_written_whole_is_as_before(wiki):
    resource = pytest.importorskip("resource")
    log = wiki / "meta" / "a.changes"
    log.write_text("x" * 5000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5010, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            writing.append_line(log, b"y" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert log.read_text() == "x" * 5000


def test_a_file_is_on_the_disk_before_it_takes_its_place(wiki, monkeypatch):
    """Each file is flushed, moved, and then its folder is flushed."""
    steps = []
    real = os.fsync

    def fsync(descriptor):
        status = os.fstat(descriptor)
        steps.append("folder" if stat.S_ISDIR(status.st_mode) else f"{status.st_size} bytes")
        return real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    page = wiki / "pages" / "a.txt"
    replace = type(page).replace
    monkeypatch.setattr(type(page), "replace", lambda self, target: steps.append(target.name) or replace(self, target))
    writing.replace_file(page, b"12345", NOW)
    assert steps == ["5 bytes", "a.txt", "folder"]


def test_a_removed_wiki_is_told(wiki):
    def function(page):
        shutil.rmtree(wiki, ignore_errors=True)
        return rename(page)

    result = transform(wiki, function, now=NOW)
    assert result.errors
    assert result.changed == ()


def test_old_states_are_readable(wiki):
    transform(wiki, rename, now=NOW)
    assert gzip.decompress((wiki / "attic" / f"a.{NOW}.txt.gz").read_bytes()).startswith(b"---- dataentry")
