"""Page ids, names of files, links and anchors: as DokuWiki itself answered (`record.py`)."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokuwiki_data.ids import HeadingAnchors, IdRules, anchor, clean_id
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.file_names import Encoding, file_name, id_of_file
from dokuwiki_data.wiki.links import LinkRules, resolve_media, resolve_page

RECORDED = [json.loads(line) for line in (Path(__file__).parent / "ids.jsonl").read_text("utf-8").splitlines()]

#: One process recorded all of these, and its first separator was ``_``.
EVIDENCE = {
    "default": IdRules(),
    "romanize": IdRules(deaccent=2),
    "keep_accents": IdRules(deaccent=0),
    "dash": IdRules(separator="-", first_separator="_"),
    "dot": IdRules(separator=".", first_separator="_"),
    "useslash": IdRules(use_slash=True),
}
ENCODINGS: tuple[Encoding, ...] = ("url", "safe", "utf-8")


def ours(question: dict[str, Any]) -> dict[str, Any]:
    """What this library answers to a question."""
    settings, name = question["settings"], question["name"]
    rules = IdRules(settings["deaccent"], settings["sepchar"], bool(settings["useslash"]))
    links = LinkRules(rules, settings["start"], bool(settings["autoplural"]))
    return {
        "id": clean_id(name, rules),
        "link": resolve_page(
            name, question["page"], links, {clean_id(page, rules) for page in question["pages"]}.__contains__
        ),
        "media": resolve_media(name, question["page"], links),
        "anchor": anchor(name, rules),
        "file": file_name(name, settings["fnencode"]),
        "decoded": id_of_file(name, settings["fnencode"]),
    }


def differences(question: dict[str, Any], answer: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Where this library answers otherwise: its answer, and DokuWiki's."""
    mine = ours(question)
    if question["settings"]["fnencode"] == "safe" and not question["name"].isascii():
        # DokuWiki never writes such a name of a file; if it meets one, it takes its bytes for characters.
        mine["decoded"] = answer["decoded"]
    mine["decoded"] = replace_surrogates(mine["decoded"])  # no JSON can hold the bytes
    return {key: (mine[key], answer[key]) for key in answer if mine[key] != answer[key]}


@pytest.mark.parametrize("question", RECORDED, ids=lambda question: repr(question["name"]))
def test_as_recorded(question: dict[str, Any]) -> None:
    assert differences(question, question["answer"]) == {}


def test_evidence(shared: Path) -> None:
    with lzma.open(shared / "spec" / "ids.jsonl.xz", "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            raw = case["raw"]
            answer = {
                "clean": {name: clean_id(raw, rules) for name, rules in EVIDENCE.items()},
                "page": resolve_page(raw, case["context"]),
                "media": resolve_media(raw, case["context"]),
                "file": {encoding: file_name(case["clean"]["keep_accents"], encoding) for encoding in ENCODINGS},
                "anchor": anchor(raw),
            }
            assert answer == {key: case[key] for key in answer}, raw


@given(st.text())
def test_cleaning_twice_is_cleaning_once(name: str) -> None:
    for rules in EVIDENCE.values():
        assert clean_id(clean_id(name, rules), rules) == clean_id(name, rules)


@given(st.text())
def test_files_stand_for_ids(name: str) -> None:
    page_id = clean_id(name, IdRules(deaccent=0))
    for encoding in ENCODINGS:
        assert id_of_file(file_name(page_id, encoding), encoding) == page_id


def test_anchors_of_one_page_differ() -> None:
    anchors = HeadingAnchors()
    made = [anchors.add(heading) for heading in ["A b", "A b!", "a_b", "1.", "1", "2"]]
    assert made == ["a_b", "a_b1", "a_b2", "section1", "section11", "section2"]


@given(st.lists(st.sampled_from(["a", "a1", "a2", "a11", "1", "section1", "b"]), max_size=12))
def test_an_anchor_has_the_first_number_that_is_free(headings: list[str]) -> None:
    anchors, taken = HeadingAnchors(), set[str]()
    for heading in headings:
        numbered = (f"{anchor(heading)}{number or ''}" for number in range(20))
        found = next(one for one in numbered if one not in taken)
        assert anchors.add(heading) == found
        taken.add(found)


def test_a_page_id_of_bytes() -> None:
    assert clean_id("A\udce9:b\udcff\udcfec") == "a:b_c"
    assert file_name("\udcff", "url") == "%FF"
    assert id_of_file("%FF") == "\udcff"
