"""What verification calls identical says what DokuWiki's own XHTML of the page says."""

from __future__ import annotations

import json
import posixpath
import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import unquote

import pytest
from helpers import read_yaml
from hypothesis import settings
from recorded import SYNTAX, lines_of
from renderers import gfm, mkdocs
from ruler import ruler

import dokuwiki_data as dw

pytest.importorskip("lxml")
pytest.importorskip("mdit_py_plugins")

HERE = Path(__file__).parent
KNOWN = [
    read_yaml(HERE.joinpath("html_differences.yaml")),
    read_yaml(HERE.joinpath("markdown_differences.yaml"))["gfm"],
]

#: What the manifest of an export has, by the words of the ruler.
KINDS = (("page", "pages"), ("media", "media"))

#: Wikis with so many recorded pages are exported. ``explore`` asks all.
MOST_PAGES = 1000 if settings().max_examples > 100 else 30


def wikis(shared):
    """The recorded pages of small wikis: for each wiki its pages, with DokuWiki's XHTML."""
    pages = {page["id"]: page for page in lines_of(shared / "corpus" / "pages.jsonl.xz")}
    found = defaultdict(list)
    for one in lines_of(shared / "corpus" / "xhtml-2026-07-14.jsonl.xz"):
        found[pages[one["id"]]["wiki"]].append({**pages[one["id"]], **one})
    return {wiki: its for wiki, its in found.items() if len(its) <= MOST_PAGES}


def meaning_in(made, file):
    """What an address in a file of an export means to the ruler."""
    means = {its["file"]: f"{kind}:{name}" for kind, key in KINDS for name, its in made[key].items()}

    def meaning(address):
        path, _, anchor = address.partition("#")
        found = means.get(posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))) if path else None
        return found and found + (f"#{unquote(anchor)}" if anchor else "")

    return meaning


@pytest.mark.slow
@pytest.mark.parametrize(("target", "renderer"), [("gfm", gfm), ("mkdocs", mkdocs)])
def test_what_verification_calls_identical_is_identical(shared, tmp_path, target, renderer):
    leaves, render = ruler(shared), renderer()
    known = {name for names in KNOWN for its in names.values() for name in its}
    identical, different = 0, []
    for number, pages in enumerate(wikis(shared).values()):
        source, folder = tmp_path / f"{number}", tmp_path / f"{number}-{target}"
        for page in pages:
            file = source / "data" / "pages" / f"{page['page_id'].replace(':', '/')}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(page["text"].encode())
        done = dw.export(source, folder, to=target, syntax=SYNTAX, verify=True)
        differing = {difference.file for difference in done.differences}
        made = json.loads((folder / "export.json").read_text("utf-8"))
        for page in pages:
            file = made["pages"][page["page_id"]]["file"]
            if file in differing or page["id"] in known or re.search('dataplugin|class="rss', page["xhtml"]):
                continue
            identical += 1
            text = re.sub(r"\A---\n.*?\n---\n", "", (folder / file).read_text("utf-8"), flags=re.DOTALL)
            ours = leaves(render(text), page["page_id"], target, meaning_in(made, file))
            if ours != leaves(page["xhtml"], page["page_id"], missing=lambda media: True):
                different.append(page["id"])
    assert different == []
    assert identical > 50
