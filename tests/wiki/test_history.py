"""The revisions of a page and the differences between them, in Python and by the command ``history``."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest
from program import run
from saved_wiki import make, put

import dokuwiki_data as dw
from dokuwiki_data.wiki.differences import DiffLine

FIRST, SECOND, LOST, LAST = 1_600_000_000, 1_600_000_100, 1_600_000_200, 1_600_000_300
CHANGES = f"""\
{FIRST}\t1.2.3.4\tC\ta\tann\tmade\t\t12
{SECOND}\t1.2.3.4\te\ta\t\t\t\t0
{LOST}\t1.2.3.4\tE\ta\tjoe\tnext\t\t-3
{LAST}\t1.2.3.4\tR\ta\tann\t\x1b[1mback\t{FIRST}\t4
"""


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    """A page with four revisions, of which the text of the third is lost."""
    put(make(tmp_path / "data"), a="a cat\nand a dog\nx\n", b="b\n")
    attic = tmp_path / "data/attic"
    (tmp_path / "data/meta/a.changes").write_text(CHANGES)
    for time, text in ((FIRST, "a cat\n"), (SECOND, "a cow\n"), (LAST, "a cat\nand a dog\nx\n")):
        (attic / f"a.{time}.txt.gz").write_bytes(gzip.compress(text.encode()))
    os.utime(tmp_path / "data/pages/a.txt", (LAST, LAST))
    return tmp_path / "data"


def test_the_difference_of_two_revisions(wiki: Path) -> None:
    opened = dw.Wiki.open(wiki)
    first, second, _, _ = opened.revisions("a")
    assert opened.diff("a", first, second) == [
        DiffLine("removed", (("a ", False), ("cat", True))),
        DiffLine("added", (("a ", False), ("cow", True))),
    ]


def test_a_lost_text_has_no_difference(wiki: Path) -> None:
    opened = dw.Wiki.open(wiki)
    first, _, lost, _ = opened.revisions("a")
    with pytest.raises(dw.PageReadError, match="the revision 1600000200 of the page a is not kept"):
        opened.diff("a", first, lost)


def test_the_list_of_revisions(wiki: Path) -> None:
    done = run("history", wiki, "a", "-q")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == (
        "2020-09-13 12:31:40  ann  reverted  +4  \\u001b[1mback\n"
        "2020-09-13 12:30:00  joe  edited  -3  next  text not kept\n"
        "2020-09-13 12:28:20  1.2.3.4  minor edit  +0\n"
        "2020-09-13 12:26:40  ann  created  +12  made\n"
    )


def test_the_words_that_differ(wiki: Path) -> None:
    done = run("history", wiki, "a", "-q", "--diff")
    assert done.stdout.decode() == (
        "2020-09-13 12:31:40  ann  reverted  +4  \\u001b[1mback\n"
        "  - a [-cow-]\n"
        "  + a {+cat+}\n"
        "  + and a dog\n"
        "  + x\n"
        "2020-09-13 12:30:00  joe  edited  -3  next  text not kept\n"
        "2020-09-13 12:28:20  1.2.3.4  minor edit  +0\n"
        "  - a [-cat-]\n"
        "  + a {+cow+}\n"
        "2020-09-13 12:26:40  ann  created  +12  made\n"
    )


def test_json_for_scripts(wiki: Path) -> None:
    newest, lost, second, _ = json.loads(run("history", wiki, "a", "-q", "--diff", "-f", "json").stdout)
    assert newest["revision"] == LAST
    assert newest["differences"][-1] == {"kind": "added", "parts": [{"text": "x", "differs": False}]}
    assert (lost["kept"], lost["differences"]) == (False, None)
    assert second == {
        "revision": SECOND, "time": "2020-09-13T12:28:20Z", "user": "", "ip": "1.2.3.4", "kind": "e", "summary": "",
        "size_change": 0, "kept": True,
        "differences": [
            {"kind": "removed", "parts": [{"text": "a ", "differs": False}, {"text": "cat", "differs": True}]},
            {"kind": "added", "parts": [{"text": "a ", "differs": False}, {"text": "cow", "differs": True}]},
        ],
    }  # fmt: skip


def test_a_page_that_is_not_there(wiki: Path) -> None:
    done = run("history", wiki, "nowhere", "-q")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == "dokuwiki-data: there is no page nowhere\n"
