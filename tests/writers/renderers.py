"""Other people's renderers of Markdown, as functions from text, or many texts, to HTML; tests skip what is missing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hugo_program import hugo_program

from dokuwiki_data.exports.exporting import export
from dokuwiki_data.exports.targets.mkdocs import EXTENSIONS

#: Links from a note of Docusaurus back to where it is referred to.
_BACK = re.compile(r" ?<a [^>]*data-footnote-backref[^>]*>.*?</a>")


def gfm():
    """GitHub's own renderer."""
    cmarkgfm = pytest.importorskip("cmarkgfm")
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE | cmarkgfm.cmark.Options.CMARK_OPT_FOOTNOTES
    extensions = ["table", "strikethrough", "autolink"]
    return lambda text: cmarkgfm.markdown_to_html_with_extensions(text, options=options, extensions=extensions)


def commonmark():
    """Another renderer of what GitHub shows, which knows no notes."""
    markdown_it = pytest.importorskip("markdown_it")
    renderer = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return lambda text: None if "[^" in text else renderer.render(text)


def mkdocs():
    """What MkDocs and Zensical use, with the extensions that are written into ``mkdocs.yml``."""
    markdown = pytest.importorskip("markdown")
    pytest.importorskip("pymdownx")
    names = [name for name in EXTENSIONS if name != "toc"]
    settings = {name: EXTENSIONS[name] for name in names}
    return lambda text: markdown.markdown(text, extensions=names, extension_configs=settings)


def hugo(folder):
    """What Hugo builds of many texts with the project that is written for it."""
    command = [hugo_program(), "--quiet", "-s", folder, "-d", folder / "site"]
    export("examples/wiki", folder, "hugo", include=["start"])

    def render(texts):
        for number, text in enumerate(texts):
            (folder / f"content/p{number}.md").write_text(f"---\ntitle: x\n---\n\n{text}", "utf-8")
        subprocess.run(command, check=True, capture_output=True)
        pages = [(folder / f"site/p{number}/index.html").read_text("utf-8") for number in range(len(texts))]
        return [re.search(r"<article>\n(.*)\n</article>", page, re.DOTALL)[1] for page in pages]

    return render


def docusaurus(folder):
    """What Docusaurus renders of many texts; the variable ``DOCUSAURUS`` names a project where npm installed it."""
    project, node = os.environ.get("DOCUSAURUS"), shutil.which("node")
    if not project or not node:
        pytest.skip("DOCUSAURUS names no project where npm installed Docusaurus")

    def render(texts):
        command = [node, Path(__file__).with_name("docusaurus.mjs"), project]
        done = subprocess.run(command, input=json.dumps(texts).encode(), capture_output=True, check=True)
        return [_BACK.sub("", html) for html in json.loads(done.stdout)]

    return render


#: A renderer of each dialect.
RENDERERS = {"gfm": gfm, "mkdocs": mkdocs}
