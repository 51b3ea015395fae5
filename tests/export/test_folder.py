"""An export writes into its folder alone, replaces and removes only its own files, and is finished or not."""

import json
import os

import pytest

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.folder import JOURNAL, OutputFolder


def exported(root, files, said=None):
    """Write files as an export does, by path."""
    folder = OutputFolder(root, (said if said is not None else []).append)
    folder.begin(files)
    for path, content in files.items():
        folder.write(path, content)
    with folder.manifest() as output:
        output.write('{"format": "dokuwiki-data/export"}')


def found(root):
    """Every file below a folder but the two that keep account."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name not in (JOURNAL, "export.json")
    }


def test_files_are_written_with_their_folders(tmp_path):
    exported(tmp_path / "new" / "site", {"index.html": b"1", "a/b/c.html": b"2"})
    assert found(tmp_path / "new" / "site") == {"index.html": b"1", "a/b/c.html": b"2"}


def test_a_second_export_updates_and_removes_what_is_gone(tmp_path):
    exported(tmp_path, {"a/b.html": b"1", "c.html": b"2", "d": b"3"})
    (tmp_path / "own.txt").write_bytes(b"mine")
    exported(tmp_path, {"c.html": b"new", "d/e.html": b"4"})
    assert found(tmp_path) == {"c.html": b"new", "d/e.html": b"4", "own.txt": b"mine"}
    assert not (tmp_path / "a").exists()


def test_what_is_the_same_is_not_written_again(tmp_path):
    exported(tmp_path, {"a.html": b"1"})
    os.utime(tmp_path / "a.html", (1, 1))
    exported(tmp_path, {"a.html": b"1"})
    assert (tmp_path / "a.html").stat().st_mtime == 1


def test_a_file_that_somebody_changed_is_left_when_its_page_is_gone(tmp_path):
    exported(tmp_path, {"a.html": b"1", "b.html": b"2"})
    (tmp_path / "a.html").write_bytes(b"changed")
    said = []
    exported(tmp_path, {"b.html": b"2"}, said)
    assert found(tmp_path) == {"a.html": b"changed", "b.html": b"2"}
    assert len(said) == 1
    assert "a.html" in said[0]


@pytest.mark.parametrize("name", ["a.html", "export.json"])
def test_files_that_no_export_wrote_are_not_overwritten(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(OutputError, match="was not written by an export"):
        exported(tmp_path, {"a.html": b"1"})
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"mine"


def test_an_export_is_finished_only_at_its_end(tmp_path):
    exported(tmp_path, {"a.html": b"1"})
    folder = OutputFolder(tmp_path, print)
    folder.begin(["a.html"])
    assert not (tmp_path / "export.json").exists()
    folder.write("b/c.html", b"2")
    exported(tmp_path, {"d.html": b"3"})  # the interrupted one is cleared away
    assert found(tmp_path) == {"d.html": b"3"}
    assert (tmp_path / "export.json").exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_nothing_is_written_or_removed_through_a_link(tmp_path, kind):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.html").write_bytes(b"other")
    site = tmp_path / "site"
    exported(site, {"a/b.html": b"1"})
    if kind == "folder":
        (site / "a" / "b.html").unlink()
        (site / "a").rmdir()
        (site / "a").symlink_to(outside)
        with pytest.raises(OutputError, match="link"):
            exported(site, {"a/b.html": b"2"})
    else:
        (site / "a" / "b.html").unlink()
        (site / "a" / "b.html").symlink_to(outside / "b.html")
        exported(site, {"a/b.html": b"2"})
        assert not (site / "a" / "b.html").is_symlink()
    exported(site, {}, [])
    assert found(outside) == {"b.html": b"other"}


@pytest.mark.parametrize(
    "line", ['["../outside.txt", "0"]', "no json", '["/etc/passwd", "0"]', "[1, 2]", '["a/../../x", ""]']
)
def test_a_journal_that_somebody_else_wrote_leads_nowhere(tmp_path, line):
    (tmp_path / "outside.txt").write_bytes(b"other")
    site = tmp_path / "site"
    site.mkdir()
    (site / JOURNAL).write_text(line + "\n", "utf-8")
    exported(site, {"a.html": b"1"})
    assert [json.loads(line)[0] for line in (site / JOURNAL).read_text("utf-8").splitlines()] == ["a.html"]
    assert (tmp_path / "outside.txt").read_bytes() == b"other"


def test_an_open_file_is_copied_with_its_time(tmp_path):
    (tmp_path / "source").write_bytes(b"media")
    folder = OutputFolder(tmp_path / "site", print)
    folder.begin(["m"])
    with (tmp_path / "source").open("rb") as opened:
        folder.copy("m", opened, 1_700_000_000)
    assert (tmp_path / "site" / "m").read_bytes() == b"media"
    assert (tmp_path / "site" / "m").stat().st_mtime == 1_700_000_000
