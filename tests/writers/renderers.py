"""Other people's renderers of Markdown, as functions from text to HTML; tests are skipped where one is missing."""

from __future__ import annotations

import pytest

from dokuwiki_data.exports.targets.mkdocs import EXTENSIONS


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


#: A renderer of each dialect.
RENDERERS = {"gfm": gfm, "mkdocs": mkdocs}
