"""A page that this library saved, in DokuWiki's eyes: its history, its texts, its locks; and DokuWiki saves it again.

The environment variable DOKUWIKI names the folder of an installed DokuWiki, or several as PATH does; PHP must be there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from saved_wiki import ENTRY, rename

import dokuwiki_data as dw
from dokuwiki_data.wiki.locks import Locks
from dokuwiki_data.wiki.saving import Author
from dokuwiki_data.wiki.transforming import transform

SCRIPT = Path(__file__).parent / "saving.php"
INSTALLED = [folder for folder in os.environ.get("DOKUWIKI", "").split(os.pathsep) if folder]
FOLDERS = "attic cache index locks log media media_attic media_meta meta pages tmp".split()
BEFORE, AFTER = ENTRY.format("one"), ENTRY.format("one").replace("name", "title")

pytestmark = pytest.mark.skipif(
    not INSTALLED or shutil.which("php") is None, reason="no DokuWiki is named by DOKUWIKI, or there is no PHP"
)


@pytest.fixture(params=INSTALLED or [""])
def dokuwiki(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture(params=["gz", "0"])
def wiki(tmp_path: Path, dokuwiki: Path, request: pytest.FixtureRequest) -> Path:
    """A wiki of its own, with the settings that DokuWiki comes with."""
    root = tmp_path / "wiki"
    shutil.copytree(dokuwiki / "conf", root / "conf")
    packing = request.param if request.param == "0" else f"'{request.param}'"
    (root / "conf" / "local.php").write_text(
        f"<?php\n$conf['savedir'] = '{root}/data';\n$conf['compression'] = {packing};\n$conf['useacl'] = 0;\n"
    )
    for name in FOLDERS:
        (root / "data" / name).mkdir(parents=True)
    return root


def ask(dokuwiki: Path, wiki: Path, page: str, *more: str) -> dict[str, Any]:
    done = subprocess.run(["php", SCRIPT, dokuwiki, wiki, page, *more], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def revisions(told: dict[str, Any]) -> list[tuple[str, str, str, str, int | None]]:
    """The revisions, oldest first: kind, user, summary, text, by how much the text grew."""
    names = ("type", "user", "sum", "text", "sizechange")
    return [tuple(found[name] for name in names) for found in reversed(told["revisions"])]  # type: ignore[misc]


@pytest.mark.parametrize("page", ["a", "n:s:страница"])
def test_dokuwiki_goes_on_with_what_was_saved(dokuwiki: Path, wiki: Path, page: str) -> None:
    ask(dokuwiki, wiki, page, BEFORE)
    made = ("C", "eve", "by DokuWiki", BEFORE, len(BEFORE))
    result = transform(wiki, rename, author=Author("me", "renamed\tit\n"))
    assert result.errors == ()
    told = ask(dokuwiki, wiki, page)
    changed = ("E", "me", "renamed it", AFTER, 1)
    assert (told["text"], revisions(told)) == (AFTER, [made, changed])
    assert told["revisions"][0]["date"] == result.changed[0].revision
    assert [change[1:] for change in told["recent"]] == [[page, "renamed it"]]
    time.sleep(max(told["revisions"][0]["date"] + 1 - time.time(), 0))  # no second has two revisions
    told = ask(dokuwiki, wiki, page, "later")
    later = ("E", "eve", "by DokuWiki", "later", len("later") - len(AFTER))
    assert (told["text"], revisions(told)) == ("later", [made, changed, later])
    opened = dw.Wiki.open(wiki)
    assert [str(opened.at(page, revision)) for revision in opened.revisions(page)] == [BEFORE, AFTER, "later"]


def test_a_page_from_outside_a_removed_one_and_one_in_a_broken_history(dokuwiki: Path, wiki: Path) -> None:
    pages, meta = wiki / "data" / "pages", wiki / "data" / "meta"
    (pages / "outside.txt").write_text(BEFORE)
    os.utime(pages / "outside.txt", (1_600_000_000, 1_600_000_000))
    ask(dokuwiki, wiki, "cut", BEFORE)
    (meta / "cut.changes").write_bytes((meta / "cut.changes").read_bytes().removesuffix(b"\n"))
    transform(wiki, rename)
    told = revisions(ask(dokuwiki, wiki, "outside"))
    assert [(kind, text) for kind, _, _, text, _ in told] == [("C", BEFORE), ("E", AFTER)]
    told = revisions(ask(dokuwiki, wiki, "cut"))
    assert [(kind, text) for kind, _, _, text, _ in told] == [("C", BEFORE), ("E", AFTER)]
    transform(wiki, lambda page: dw.parse("", page_id=page.page_id), author=Author("me"))
    answer = ask(dokuwiki, wiki, "cut")
    assert answer["text"] == ""
    assert [(kind, summary) for kind, _, summary, _, _ in revisions(answer)][-1] == ("D", "removed")
    assert not (pages / "cut.txt").exists()


def test_a_page_that_is_edited_in_dokuwiki_is_refused(dokuwiki: Path, wiki: Path) -> None:
    for page in ("a", "n:b"):
        ask(dokuwiki, wiki, page, BEFORE)
    ask(dokuwiki, wiki, "n:b", "", "ann")
    errors = dict(transform(wiki, rename).errors)
    assert str(errors["n:b"]).startswith(f"{wiki}/data/pages/n/b.txt: ann has locked it for editing")
    assert transform(wiki, rename, author=Author("ann")).errors == ()


def test_dokuwiki_sees_our_lock(dokuwiki: Path, wiki: Path) -> None:
    for user, ip in (("ann", "::1"), ("", "::1")):
        with Locks(wiki / "data" / "locks", 900, user, ip).lock_page("n:b"):
            assert ask(dokuwiki, wiki, "n:b")["locked"] == (user or ip)
        assert ask(dokuwiki, wiki, "n:b")["locked"] is False
