"""Who may do what: the levels that DokuWiki gives, and the pages that follow from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dokuwiki_data as dw
from dokuwiki_data.wiki.access import AccessRules
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import source_of_files

#: Rules of ours, who asks, and the level that DokuWiki 2026-07-14 gives for each page.
RECORDED = [json.loads(line) for line in (Path(__file__).parent / "access.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", RECORDED, ids=[case["about"] for case in RECORDED])
def test_levels_are_those_of_dokuwiki(case: dict[str, Any]) -> None:
    rules = AccessRules.parse(case["acl"], case["superuser"])
    assert {page_id: rules.level(page_id, case["user"], case["groups"]) for page_id in case["levels"]} == case["levels"]


@pytest.mark.parametrize("case", RECORDED, ids=[case["about"] for case in RECORDED])
def test_a_wiki_tells_what_somebody_may_read(case: dict[str, Any]) -> None:
    files = {f"data/pages/{page_id.replace(':', '/')}.txt": "" for page_id in case["levels"]}
    files["conf/local.php"] = f"<?php $conf['useacl'] = 1; $conf['superuser'] = '{case['superuser']}';"
    files["conf/acl.auth.php"] = case["acl"]
    wiki = dw.Wiki(source_of_files(MemoryFiles(files)))
    assert set(wiki.readable_by(case["user"], case["groups"])) == {
        page_id for page_id, level in case["levels"].items() if level > 0
    }


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ["a"]),
        ({"conf/local.php": "<?php $conf['useacl'] = 0;", "conf/acl.auth.php": "* @ALL 0"}, ["a"]),
        ({"conf/local.php": "<?php $conf['useacl'] = 1;"}, []),  # without rules DokuWiki lets nobody in
    ],
)
def test_whether_rules_count(files: dict[str, str], expected: list[str]) -> None:
    wiki = dw.Wiki(source_of_files(MemoryFiles({"data/pages/a.txt": "", **files})))
    assert wiki.readable_by() == expected
