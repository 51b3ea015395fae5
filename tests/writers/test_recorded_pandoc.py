"""Real pages as pandoc's AST, written as HTML by pandoc and compared with DokuWiki's own XHTML."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from helpers import read_yaml
from hypothesis import settings
from recorded import SYNTAX, recorded_pages
from ruler import Files, equal_leaves, meaning, ruler

import dokuwiki_data as dw
from dokuwiki_data.writers.resolved import ResolvedPage

pytest.importorskip("lxml")

HERE = Path(__file__).parent
KNOWN = read_yaml(HERE.joinpath("html_differences.yaml"))
DIFFERENT = read_yaml(HERE.joinpath("pandoc_differences.yaml"))
STEP = 1 if settings().max_examples > 100 else 10

#: What stands between pages, of which pandoc gets many at a time.
BORDER = "border-of-pages"


def rendered(documents):
    """The HTML that pandoc makes of documents, all in one run."""
    pypandoc = pytest.importorskip("pypandoc", reason="pypandoc-binary is not installed")
    read = [json.loads(document) for document in documents]
    border = {"t": "Para", "c": [{"t": "Str", "c": BORDER}]}
    blocks = [block for one in read for block in (*one["blocks"], border)]
    command = [pypandoc.get_pandoc_path(), "--from", "json", "--to", "html", "--wrap", "none", "--sandbox"]
    whole = json.dumps({**read[0], "blocks": blocks})
    html = subprocess.run(command, input=whole, capture_output=True, encoding="utf-8", check=True).stdout
    pages, _, notes = html.rpartition(f"<p>{BORDER}</p>")
    return [f"{page}{notes if 'footnote-ref' in page else ''}" for page in pages.split(f"<p>{BORDER}</p>")]


@pytest.mark.slow
def test_pages_of_real_wikis(shared):
    leaves = ruler(shared)
    known = {name for names in KNOWN.values() for name in names}
    chosen = [one for one in recorded_pages(shared)[::STEP] if one[0] not in known]
    documents = [
        dw.render.pandoc(ResolvedPage(dw.parse(text, page_id=page_id, syntax=SYNTAX), site), addresses=Files())
        for _, _, page_id, text, site in chosen
    ]
    different, total, equal = set(), 0, 0
    for (name, xhtml, page_id, _, _), html in zip(chosen, rendered(documents), strict=True):
        theirs = leaves(xhtml, page_id, missing=lambda media: True)
        # Underlined text is emphasis of the class u in DokuWiki's XHTML.
        ours = leaves(re.sub("<(/?)u>", r"<\1em>", html), page_id, "pandoc", meaning)
        if ours != theirs:
            different.add(name)
        if name not in DIFFERENT["a header among other cells"]:
            total += len(theirs)
            equal += equal_leaves(ours, theirs)
    seen = {one[0] for one in chosen}
    assert different == {name for names in DIFFERENT.values() for name in names} & seen
    assert equal / total > 0.998
