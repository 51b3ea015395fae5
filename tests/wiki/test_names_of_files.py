"""Names of files in several encodings within one wiki: each folder and file is read by the one that it is in."""

from __future__ import annotations

import gzip
import json
import os
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.command.main import main
from dokuwiki_data.conversion import convert
from dokuwiki_data.ids import clean_id
from dokuwiki_data.wiki.file_names import file_name, id_of_path
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import source_of_files

FIRST, SECOND, NOW = 1_600_000_000, 1_600_000_100, 1_600_000_200


STATES = ("pages/a.txt", f"attic/a.{FIRST}.txt", f"attic/gone.{FIRST}.txt")


def apart(text: str) -> str:
    """As macOS writes it: letters and their marks apart."""
    return unicodedata.normalize("NFD", text)


#: How an id may be written; the last stands for a raw name that was copied from a Mac.
WRITE = {
    "url": lambda page_id: file_name(page_id, "url"),
    "safe": lambda page_id: file_name(page_id, "safe"),
    "utf-8": lambda page_id: file_name(page_id, "utf-8"),
    "apart": lambda page_id: apart(file_name(page_id, "utf-8")),
}


@pytest.mark.parametrize(
    ("path", "page_id"),
    [
        ("a/b_c", "a:b_c"),
        ("%C3%BC/%64]", "ü:ü"),
        ("ü/%C3%BC", "ü:ü"),
        ("%64]/ü/" + apart("ü") + "/x", "ü:ü:ü:x"),
        ("%E5%85%A8/全", "全:全"),
        ("%c3%bc", "%c3%bc"),
        ("100%", "100%"),
        ("a]", "a]"),
        ("%41", "%41"),
        ("caf\udce9", "caf\udce9"),
        ("A/Ünï Code", "A:Ünï Code"),
    ],
)
def test_each_folder_and_file_is_read_by_its_own_encoding(path: str, page_id: str) -> None:
    for encoding in ("url", "safe", "utf-8"):
        assert id_of_path(path, encoding) == page_id


@given(st.lists(st.tuples(st.text(), st.sampled_from(sorted(WRITE))), min_size=1, max_size=4))
def test_the_id_comes_back_however_its_parts_are_written(parts: list[tuple[str, str]]) -> None:
    names = [(name, how) for text, how in parts for name in [clean_id(text).replace(":", "_")] if name]
    names = [(name, how) for name, how in names if unicodedata.is_normalized("NFC", name) and max(name) < "\ud800"]
    path = "/".join(WRITE[how](name) for name, how in names)
    assert id_of_path(path) == ":".join(name for name, _ in names)


def history(*times: int) -> str:
    return "".join(f"{time}\t127.0.0.1\tE\tx\tjoe\tat {time}\t\t\n" for time in times)


@pytest.mark.parametrize(("pages", "rest"), list(product(WRITE, WRITE)))
def test_a_history_is_found_whatever_its_encoding(pages: str, rest: str) -> None:
    page_id = "übung:全_ä"
    files: dict[str, bytes | str] = {
        f"pages/{WRITE[pages](page_id)}.txt": "now",
        f"attic/{WRITE[rest](page_id)}.{FIRST}.txt": "first",
        f"attic/{WRITE[rest](page_id)}.{SECOND}.txt.gz": gzip.compress(b"second"),
        f"meta/{WRITE[rest](page_id)}.changes": history(FIRST, SECOND),
        f"media/{WRITE[rest](page_id)}.png": "",
    }
    source = source_of_files(MemoryFiles(files, {f"pages/{WRITE[pages](page_id)}.txt": NOW}))
    wiki = dw.Wiki(source)
    assert list(wiki) == [page_id]
    assert [str(wiki.at(page_id, one)) for one in wiki.revisions(page_id)] == ["first", "second", "now"]
    assert [change.summary for change in wiki.changes(page_id)] == [f"at {FIRST}", f"at {SECOND}"]
    assert list(wiki.media) == [page_id + ".png"]
    told = [(one["page_id"], one["deleted"], one["text"], one["author"]) for one in convert(source, revisions=True)]
    assert told == [(page_id, False, "first", "joe"), (page_id, False, "second", "joe"), (page_id, False, "now", None)]


def test_encodings_mixed_within_one_folder() -> None:
    files = {
        "pages/ü/ä.txt": "now",
        "pages/ü/ö.txt": "other",
        f"attic/%C3%BC/%C3%A4.{FIRST}.txt": "first",
        f"attic/ü/ä.{SECOND}.txt": "second",
        f"attic/%C3%BC/ö.{FIRST}.txt": "other first",
        f"attic/{apart('ü')}/%C3%B6.{SECOND}.txt": "other second",
        "meta/%C3%BC/%C3%A4.changes": history(FIRST),
        "meta/ü/ä.changes": history(FIRST, SECOND).rstrip("\n"),
    }
    source = source_of_files(MemoryFiles(files))
    wiki = dw.Wiki(source)
    assert [change.time for change in wiki.changes("ü:ä")] == [FIRST, SECOND]
    kept = {page_id: [one.path and files[one.path] for one in wiki.revisions(page_id)] for page_id in wiki}
    assert kept == {"ü:ä": ["first", "second"], "ü:ö": ["other first", "other second"]}
    assert [one["text"] for one in convert(source, revisions=True)] == [
        "first", "second", "now", "other first", "other second", "other",
    ]  # fmt: skip


def test_an_encoding_that_is_given_is_the_only_one() -> None:
    files = MemoryFiles({"pages/%C3%BC.txt": "", "pages/ä.txt": ""})
    assert list(dw.Wiki(source_of_files(files, file_names="utf-8"))) == ["%C3%BC", "ä"]
    assert list(dw.Wiki(source_of_files(files))) == ["ä", "ü"]


def test_two_files_of_one_medium() -> None:
    wiki = dw.Wiki(
        source_of_files(MemoryFiles({"data/pages/a.txt": "", "data/media/ü.png": "", "data/media/%C3%BC.png": "x"}))
    )
    assert list(wiki.media) == ["ü.png"]
    assert [error.path.name for error in wiki.lost] == ["ü.png"]


def test_what_is_no_state_of_a_page_is_reported_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*STATES, "attic/a.txt", "attic/x/b.1.txt.zip", "attic/_dummy"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    report = tmp_path / "report.json"
    assert main(["convert", str(tmp_path), "--revisions", "--report", str(report)]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert "2 files in the attic without a page, such as attic/a.txt" in lines[1]
    assert "1 page, 2 old revisions, 1 deleted page, 2 files without a page" in lines[-1]
    told = json.loads(report.read_text())
    assert (told["deleted"], told["of_no_page"], told["lost"]) == (1, ["attic/a.txt", "attic/x/b.1.txt.zip"], [])


def test_a_history_that_grows_is_seen(tmp_path: Path) -> None:
    for name in ("pages/a.txt", f"attic/a.{FIRST}.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    wiki = dw.Wiki.open(tmp_path)
    before = len(wiki.revisions("a"))
    (tmp_path / "attic" / f"a.{SECOND}.txt").write_text("text")
    assert len(wiki.revisions("a")) == before + 1


def test_a_page_that_is_saved_finds_its_old_states_in_any_encoding(tmp_path: Path) -> None:
    files = {
        "pages/ü.txt": "now",
        f"attic/%C3%BC.{FIRST}.txt": "now",
        "meta/%C3%BC.changes": history(FIRST),
        "meta/_dokuwiki.changes": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        os.utime(tmp_path / name, (FIRST, FIRST))
    wiki = dw.Wiki.open(tmp_path)
    (changed,) = wiki.transform(lambda page: dw.edit.replace(page, page, "new")).changed
    assert sorted(path.name for path in (tmp_path / "attic").iterdir()) == [
        f"%C3%BC.{FIRST}.txt", f"ü.{changed.revision}.txt.gz",
    ]  # fmt: skip
    assert [change.time for change in dw.Wiki.open(tmp_path).changes("ü")] == [FIRST, changed.revision]
