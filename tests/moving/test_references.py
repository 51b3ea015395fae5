"""What names a page or a file gets the new name, in the manner in which it was written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import dokuwiki_data as dw
from dokuwiki_data.moving.names import Situation
from dokuwiki_data.moving.references import rewritten
from dokuwiki_data.moving.renaming import IdMap, Renaming, id_map
from dokuwiki_data.wiki.links import DEFAULT_LINK_RULES, no_page_exists, resolve_media, resolve_page

CASES = yaml.safe_load(Path(__file__).with_name("moves.yaml").read_text("utf-8"))
PLUGINS = "include redirect imgcaption indexmenu tag gallery drawio datatemplate"
SYNTAX = dw.Syntax().chosen(None, ",".join(f"+{name}" for name in PLUGINS.split()))


def situation(pages: IdMap, media: IdMap) -> Situation:
    return Situation(Renaming(pages, media), DEFAULT_LINK_RULES, SYNTAX, dw.Context(), no_page_exists, no_page_exists)


def is_file(case: dict[str, object], name: str) -> bool:
    return name.endswith((".png", ".svg")) or "media" in case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_text_after_a_move(case: dict[str, object]) -> None:
    moves = case["move"]
    pages = id_map({old: new for old, new in moves.items() if not is_file(case, old)}, (), DEFAULT_LINK_RULES.id_rules)
    media = id_map({old: new for old, new in moves.items() if is_file(case, old)}, (), DEFAULT_LINK_RULES.id_rules)
    page = dw.parse(case["before"], page_id=case["page"], syntax=SYNTAX)
    found = rewritten(page, situation(pages, media))
    assert (found.text, found.kept) == (case["after"], ())


def test_a_value_that_cannot_be_written_is_kept_and_told() -> None:
    page = dw.parse("---- dataentry ----\nrole_nspage: ann\n----\n", page_id="start")
    found = rewritten(page, situation(IdMap({"role:ann": "people:ann"}), IdMap()))
    (kept,) = found.kept
    assert found.text == str(page)
    assert (kept.name, kept.reason) == ("ann", "its type adds text that its new name does not have")
    assert str(page)[slice(*kept.span)] == "ann"


# ----------------------------------------------------------------------------------------- the plugin move

PLUGIN = next(
    (root for root in os.environ.get("DOKUWIKI", "").split(":") if Path(root, "lib/plugins/move").is_dir()), None
)
NAMESPACES, NAMES = ("", "a:", "b:", "a:b:", "ns:a:"), ("a", "b", "start", "a_b")
IDS = [f"{namespace}{name}" for namespace in NAMESPACES for name in NAMES]
WRITTEN = [
    *IDS, "b:", ":a", ":b:", ".:a", ".a", "..:b", "..b", "..:..:a", ":a:b:", ".:", "..:", "A B", "Ns:A:Start",
    "missing", "..:a:missing", "a/b", ".a:b", "a:..:b",
]  # fmt: skip


@pytest.mark.skipif(not PLUGIN or not shutil.which("php"), reason="needs PHP and a DokuWiki with the plugin move")
def test_the_plugin_move_writes_the_same() -> None:
    """Links without blanks or labels, which the plugin drops, and from pages in a namespace."""
    asked = [
        {"id": page, "origin": origin, "pages": [[old, new] for old, new in moves.items()], "media": [], "text": text}
        for page, origin, moves in [
            ("b:x", "b:x", {"a:b": "b:z", "b:a": "ns:a:z", "b:start": "a:b:start"}),
            ("a:b:x", "a:x", {"a:x": "a:b:x", "a:a": "a:b:z"}),
            ("ns:a:x", "a:b:x", {"a:b:x": "ns:a:x", "b:b": "ns:a:b:z", "a:start": "ns:start"}),
        ]
        for text in (form.format(written) for written in WRITTEN for form in ("[[{}]]", "{{{{{}.png}}}}"))
        # The plugin drops a colon at the start, which is kept here.
        if not text.startswith(("[[:", "{{:"))
    ]
    script = Path(__file__).with_name("move_plugin.php")
    lines = "\n".join(map(json.dumps, asked))
    done = subprocess.run(["php", script, PLUGIN], input=lines, capture_output=True, text=True, check=True)
    for one, theirs in zip(asked, map(json.loads, done.stdout.splitlines()), strict=True):
        known = situation(IdMap(dict(one["pages"])), IdMap())
        ours = rewritten(dw.parse(one["text"], page_id=one["origin"], syntax=SYNTAX), known).text
        assert ours == theirs, one
        assert targets(ours, one["id"]) == targets(theirs, one["id"])


def targets(text: str, page_id: str) -> list[str]:
    page = dw.parse(text, page_id=page_id)
    links = [resolve_page(link.target, page_id) for link in page.find_all(dw.nodes.InternalLink)]
    return links + [resolve_media(one.target, page_id) for one in page.find_all(dw.nodes.InternalMedia)]
