"""What is true of the AST of every page: pandoc reads it, and the text is in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import PAGES, PIECES, SYNTAXES, examples
from pandoc_tree import checked, text_of

import dokuwiki_data as dw
from dokuwiki_data.nodes import inline
from dokuwiki_data.plugins.imgcaption import ImageCaption, TableCaption
from dokuwiki_data.render.characters import replace_surrogates

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def without_blanks(text):
    """Text as it can stand in XML, without blanks."""
    text = re.sub("[ \t\n\r\f\v]+", "", replace_surrogates(text))
    return "".join(NOT_IN_XML.sub("\ufffd", text).split())


TEXTS = st.lists(PIECES | st.text(st.characters(codec="utf-8"), max_size=3), max_size=8).map("".join)


@given(PAGES, SYNTAXES)
def test_the_tree_has_the_form_that_pandoc_wants_and_keeps_the_text(text, syntax):
    page = dw.parse(text, syntax=syntax, page_id="a:page")
    losses = []
    written = dw.render.pandoc(page, on_loss=losses.append)
    written.encode()
    shown = text_of(checked(written)["blocks"])
    # DokuWiki shows no text beside an image or table with a caption.
    left_out = [loss.span for loss in losses] + [node.span for node in page.find_all(ImageCaption, TableCaption)]
    for node in page.find_all(inline.Text):
        start, end = node.span
        if not any(begin <= start and end <= behind for begin, behind in left_out):
            assert without_blanks(node.text) in shown


@given(TEXTS.filter(lambda text: "</nowiki>" not in text))
def test_text_is_nothing_but_text(text):
    """Neither mathematics nor anything raw comes of it."""
    document = checked(dw.render.pandoc(dw.parse(f"<nowiki>{text}</nowiki>")))
    assert text_of(document["blocks"]) == without_blanks(text)
    for block in document["blocks"]:
        assert block["t"] == "Para"
        assert {one["t"] for one in block["c"]} <= {"Str", "Space", "SoftBreak"}


#: Programs, and the version of the AST that each reads.
PROGRAMS = {"of pypandoc-binary": (1, 23, 1), "of Debian 12": (1, 22)}


def program(name):
    """Where a pandoc is; the test is skipped without it."""
    if name == "of pypandoc-binary":
        return pytest.importorskip("pypandoc", reason="pypandoc-binary is not installed").get_pandoc_path()
    found = shutil.which("pandoc")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout if found else ""
    return found if "pandoc-types 1.22" in said else pytest.skip("pandoc 2.11 to 2.19 is not installed")


@pytest.mark.parametrize("name", PROGRAMS)
def test_pandoc_reads_every_page(name):
    command = [program(name), "--from", "json", "--to", "html", "--sandbox"]

    @examples(0.05)
    @given(st.lists(st.tuples(PAGES, SYNTAXES), min_size=10, max_size=20))
    def law(pages):
        written = [
            json.loads(dw.render.pandoc(dw.parse(text, syntax=syntax), api_version=PROGRAMS[name]))
            for text, syntax in pages
        ]
        blocks = [block for one in written for block in one["blocks"]]
        document = json.dumps({**written[0], "blocks": blocks})
        run = subprocess.run(command, input=document, capture_output=True, encoding="utf-8", check=False)
        assert run.returncode == 0, run.stderr

    law()
