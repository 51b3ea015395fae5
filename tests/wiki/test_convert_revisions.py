"""`convert --revisions`: every state that the attic keeps is a record of its own, in the order of time."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from program import run

import dokuwiki_data as dw
from dokuwiki_data.command.main import main
from dokuwiki_data.conversion import PARTS, convert
from dokuwiki_data.wiki.sources.opening import open_source

COMMAND = [sys.executable, "-m", "dokuwiki_data", "convert"]
VALIDATOR = Draft202012Validator(dw.render.json_schema())

#: Times are in Unix seconds.
FIRST, SECOND, THIRD, NOW = 1_600_000_000, 1_600_000_100, 1_600_000_200, 1_600_000_300
CHANGES = "".join(
    f"{time}\t10.0.0.1\t{kind}\ta:page\t{user}\t{summary}\n"
    for time, kind, user, summary in [
        (FIRST, "C", "joe", "begun"), (SECOND, "E", "", "more"), (THIRD, "e", "ann", ""), (NOW, "R", "joe", "back"),
    ]
)  # fmt: skip


def write(path: Path, content: bytes, modified: int = NOW) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (0, modified))


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a history, one without, and one that was deleted."""
    root = tmp_path_factory.mktemp("data")
    write(root / "pages/a/page.txt", b"as it is now")
    write(root / "pages/a/alone.txt", b"alone")
    write(root / "meta/a/page.changes", CHANGES.encode())
    write(root / f"attic/a/page.{FIRST}.txt", b"plain")
    write(root / f"attic/a/page.{SECOND}.txt.gz", gzip.compress(b"with gzip"))
    write(root / f"attic/a/page.{THIRD}.txt.bz2", bz2.compress(b"with bzip2"))
    write(root / f"attic/a/page.{NOW}.txt.gz", gzip.compress(b"as it is now"))
    write(root / f"attic/a/gone.{FIRST}.txt", b"once")
    write(root / f"attic/a/gone.{SECOND}.txt", b"at last")
    write(root / "meta/a/gone.changes", f"{THIRD}\t10.0.0.1\tD\ta:gone\tann\trubbish\n".encode())
    write(root / "attic/a/page.txt", b"no revision")
    return root


def told(records: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    names = ("page_id", "revision", "modified", "deleted", "author", "summary", "change", "text")
    return [tuple(record[name] for name in names) for record in records]


EXPECTED = [
    ("a:alone", None, NOW, False, None, None, None, "alone"),
    ("a:gone", FIRST, FIRST, True, None, None, None, "once"),
    ("a:gone", SECOND, SECOND, True, None, None, None, "at last"),
    ("a:page", FIRST, FIRST, False, "joe", "begun", "C", "plain"),
    ("a:page", SECOND, SECOND, False, "10.0.0.1", "more", "E", "with gzip"),
    ("a:page", THIRD, THIRD, False, "ann", "", "e", "with bzip2"),
    ("a:page", None, NOW, False, "joe", "back", "R", "as it is now"),
]


def test_old_states_come_before_the_page_and_deleted_pages_are_there(wiki: Path) -> None:
    found = list(convert(wiki, revisions=True))
    assert told(found) == EXPECTED
    for record in found:
        VALIDATOR.validate(record)


def test_without_them_nothing_says_so(wiki: Path) -> None:
    found = list(convert(wiki))
    assert [record["page_id"] for record in found] == ["a:alone", "a:page"]
    assert not any({"revision", "deleted", "author"} & record.keys() for record in found)


def test_parts_that_are_about_the_page_now_are_not_told_of_old_states(wiki: Path) -> None:
    for record in convert(wiki, parts=PARTS, revisions=True):
        VALIDATOR.validate(record)
        assert ({"meta", "tables"} <= record.keys()) == (record["revision"] is None)
        assert {"text", "content", "data", "links"} <= record.keys()


def test_containers_and_workers_change_nothing(wiki: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "wiki.tar.gz", "w:gz") as tar:
        tar.add(wiki, "data")
    for source in (wiki, tmp_path / "wiki.tar.gz"):
        for jobs in (1, 2):
            assert told(list(convert(source, revisions=True, jobs=jobs))) == EXPECTED


def test_a_crawl_has_its_history_too(tmp_path: Path) -> None:
    write(tmp_path / "dumpMeta/info.json", b"{}")
    write(tmp_path / "pages/a/page.txt", b"now", 1_700_000_000)
    write(tmp_path / "meta/a/page.changes", CHANGES.encode())
    write(tmp_path / f"attic/a/page.{SECOND}.txt", b"then")
    found = told(list(convert(tmp_path, revisions=True)))
    assert [(state[1], state[2], state[-1]) for state in found] == [(SECOND, SECOND, "then"), (None, NOW, "now")]


def test_a_wiki_without_an_attic_has_only_its_pages(tmp_path: Path) -> None:
    write(tmp_path / "pages/a.txt", b"now")
    lost: list[Exception] = []
    assert [record["text"] for record in convert(tmp_path, revisions=True, report=lost.append)] == ["now"]
    assert lost == []


def test_among_mere_texts_an_attic_is_a_namespace(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"now")
    write(tmp_path / f"attic/a.{FIRST}.txt", b"a page")
    source = open_source(tmp_path, print, kind="texts")
    found = [(record["page_id"], record["revision"]) for record in convert(source, revisions=True)]
    assert found == [("a", None), (f"attic:a.{FIRST}", None)]


def test_of_several_copies_of_a_state_the_plain_one_counts(tmp_path: Path) -> None:
    write(tmp_path / "pages/a.txt", b"now")
    write(tmp_path / f"attic/a.{FIRST}.txt.gz", b"damaged")
    write(tmp_path / f"attic/a.{FIRST}.txt", b"then")
    assert [record["text"] for record in convert(tmp_path, revisions=True)] == ["then", "now"]


def test_a_damaged_state_is_reported_and_the_others_are_there(tmp_path: Path) -> None:
    write(tmp_path / "pages/a.txt", b"now")
    write(tmp_path / f"attic/a.{FIRST}.txt.gz", b"damaged")
    write(tmp_path / f"attic/a.{SECOND}.txt.gz", gzip.compress(b"x" * 100)[:-20])
    write(tmp_path / f"attic/a.{THIRD}.txt", b"then")
    done = run("convert", tmp_path, "--revisions", "--quiet")
    assert done.returncode == 1
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["then", "now"]
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(("arguments", "count"), [(["--exclude", "*:gone"], 5), (["--include", "a:gone"], 2)])
def test_states_are_chosen_by_the_id_of_their_page(wiki: Path, arguments: list[str], count: int) -> None:
    done = run("convert", wiki, "--revisions", *arguments)
    assert done.stdout.count(b"\n") == count


def test_they_are_counted(wiki: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = run("convert", wiki, "--revisions", "--report", report)
    assert b": 2 pages, 5 old revisions, " in done.stderr.splitlines()[-1]
    found = json.loads(report.read_text())
    assert (found["pages"], found["revisions"]) == (2, 5)


@pytest.fixture(scope="module")
def long_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("data")
    for number in range(40):
        write(root / f"pages/p{number}.txt", b"====== now ======\n" * 20)
        for revision in range(20):
            write(root / f"attic/p{number}.{FIRST + revision}.txt.gz", gzip.compress(b"====== then ======\n" * 20))
    return root


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_is_gone_on_with(long_history: Path, tmp_path: Path, jobs: int) -> None:
    options = ["--revisions", "--with", "text,links", "--jobs", str(jobs)]
    expected = run("convert", long_history, *options).stdout
    output, part = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.part"
    process = subprocess.Popen([*COMMAND, long_history, *options, "-o", output], stderr=subprocess.DEVNULL)
    while process.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    output.unlink(missing_ok=True)
    done = subprocess.run([*COMMAND, long_history, *options, "-o", output, "--resume"], capture_output=True)
    assert (done.returncode, output.read_bytes()) == (0, expected)
    assert b": 40 pages, 800 old revisions, " in done.stderr.splitlines()[-1]


def test_what_was_written_with_other_parts_is_written_again(wiki: Path, tmp_path: Path) -> None:
    output, part = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.part"
    written = {}
    for options in ((), ("--revisions",), ("--with", "text"), ("--revisions", "--with", "text,ast,meta")):
        assert main(["convert", str(wiki), "-q", *options, "-o", str(output)]) == 0
        written[options] = output.read_bytes()
    for before in written.values():
        for options, after in written.items():
            part.write_bytes(before)
            assert main(["convert", str(wiki), "-q", *options, "-o", str(output), "--resume"]) == 0
            assert output.read_bytes() == after
