"""The formats of documents that pandoc writes, and what their files end with."""

from __future__ import annotations

import subprocess
from functools import cache

from dokuwiki_data.errors import MissingExtraError, OutputError
from dokuwiki_data.exports.documents.program import pandoc_path

#: What files end with, if that is not the name of their format.
SUFFIXES = {
    "asciidoc": "adoc", "asciidoc_legacy": "adoc", "asciidoctor": "adoc", "beamer": "tex", "chunkedhtml": "zip",
    "commonmark": "md", "commonmark_x": "md", "context": "tex", "djot": "dj", "docbook": "xml", "docbook4": "xml",
    "docbook5": "xml", "dokuwiki": "txt", "dzslides": "html", "epub2": "epub", "epub3": "epub", "gfm": "md",
    "haddock": "hs", "html4": "html", "html5": "html", "jats": "xml", "jats_archiving": "xml",
    "jats_articleauthoring": "xml", "jats_publishing": "xml", "latex": "tex", "man": "1", "markdown": "md",
    "markdown_github": "md", "markdown_mmd": "md", "markdown_phpextra": "md", "markdown_strict": "md", "markua": "md",
    "mediawiki": "wiki", "opendocument": "xml", "plain": "txt", "revealjs": "html", "s5": "html", "slideous": "html",
    "slidy": "html", "tei": "xml", "texinfo": "texi", "typst": "typ", "vimdoc": "txt", "xwiki": "txt", "zimwiki": "txt",
}  # fmt: skip

#: Formats that are known to be pandoc's where it is not installed, besides those.
USUAL = frozenset({"docx", "epub", "odt", "org", "pptx", "rst", "rtf", "jira"})
#: Formats of pandoc that are none for pages: lists of literature, the AST itself, and one that needs another program.
_NOT_FOR_PAGES = frozenset({"biblatex", "bibtex", "csljson", "json", "pdf"})
#: Formats whose files hold all that they show, and cannot lead to files beside them.
CLOSED = frozenset({"chunkedhtml", "epub", "epub2", "epub3", "fb2"})


@cache
def known_formats() -> tuple[str, ...]:
    """Return the formats that pandoc itself lists, as far as pages can be written in them.

    Raises `MissingExtraError` if pandoc is not there, and `OutputError` if it does not run.
    """
    command = [pandoc_path(), "--list-output-formats"]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise OutputError(f"pandoc does not run: {error}") from error
    return tuple(name for name in run.stdout.split() if name not in _NOT_FOR_PAGES)


def is_format(name: str) -> bool:
    """Return whether pages can be written in a format of pandoc.

    Raises `MissingExtraError` for a format that pandoc has if it is not installed.
    """
    is_name = name.replace("_", "").isalnum() and name.isascii()  # extensions, and files of Lua, are none
    if not is_name:
        return False
    try:
        return name in known_formats()
    except MissingExtraError:
        if name in USUAL or name in SUFFIXES:
            raise
        return False
