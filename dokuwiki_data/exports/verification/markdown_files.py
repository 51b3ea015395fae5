"""What the files of an export to Markdown have to say, and what they say."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import yaml

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.verification import commonmark, python_markdown
from dokuwiki_data.exports.verification.html_files import ids_by_file, old_media
from dokuwiki_data.exports.verification.leaves import LINE_BREAK, PageLeaf
from dokuwiki_data.exports.verification.markdown_leaves import MarkdownPageReader
from dokuwiki_data.exports.verification.written import (
    WrittenContent,
    canonical_address,
    is_outer,
    read_written,
    target_file,
)
from dokuwiki_data.writers.markdown import DIALECTS

if TYPE_CHECKING:
    from dokuwiki_data.exports.targets.markdown import MarkdownTarget

_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)?---\n", re.DOTALL)


class MarkdownFiles:
    """Reads pages and their files of Markdown.

    Args:
        wiki: What was written.
        target: The target that wrote it.
    """

    suffix = ".md"

    def __init__(self, wiki: ExportedWiki, target: MarkdownTarget) -> None:
        self._wiki = wiki
        self._target = target
        self._dialect = DIALECTS[target.dialect]
        self._ids = ids_by_file(wiki)
        self._files = {target.site_path(file): file for file in self._ids}
        _renderer(target.dialect)  # tells if a library is missing

    def wanted(self, read: ReadPage) -> tuple[list[PageLeaf], AbstractSet[str]]:
        """Return the leaves that the file of a page should have; its anchors are part of them."""
        addresses = self._target.addresses(self._wiki, self._wiki.places.pages[read.page.page_id])
        resolved = self._target.resolved(self._wiki, read.page)
        reader = MarkdownPageReader(resolved, self._wiki, self._dialect, addresses, self._target.data != "front-matter")
        reader.read()
        return _without_empty(reader.builder.leaves), reader.ids

    def written(self, file: str, text: str) -> WrittenContent:
        """Return what is in a file."""
        front_matter = _FRONT_MATTER.match(text)
        rendered = _renderer(self._target.dialect)(text[front_matter.end() :] if front_matter else text)
        targets: set[str] = set()
        in_html_too = getattr(self._target.addresses(self._wiki, file), "in_html", None) is None

        def meaning(address: str, in_html: bool) -> str:
            return canonical_address(self._meaning(file, address, in_html and not in_html_too, targets))

        leaves = _without_empty(read_written(f"<article>{rendered}</article>", meaning).leaves)
        faults = _faults(front_matter[1] or "") if front_matter else []
        addresses = {quote(target) for target in targets}
        return WrittenContent(leaves, addresses=addresses, has_base=True, faults=faults)

    def _meaning(self, file: str, address: str, is_published: bool, targets: set[str]) -> str:
        """Return what an address in a file means, and add the file to which it leads.

        Args:
            file: The file.
            address: The address.
            is_published: Whether it is an address of the site that is made of the files.
            targets: Gets the file.
        """
        if found := old_media(self._wiki, address):
            return found
        site = self._target.site_address
        if ("://" in site and address.startswith(site)) or (address[:1] == "/" and not is_outer(address)):
            address, is_published, file = address.removeprefix(site).removeprefix("/"), True, ""
        elif is_outer(address):
            return address
        path, _, anchor = address.partition("#")
        target = file if not path else target_file(file, path)
        if (path or not file) and (is_published or target not in self._ids):
            here = self._target.site_path(file) if file else ""
            there = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(path)))
            there = "" if there == "." else f"{there}/" if path.endswith("/") else there
            target = self._files.get(there, there if is_published else target)
        targets.add(target)
        return f"{self._ids.get(target, address)}{f'#{unquote(anchor)}' if anchor else ''}"


def _without_empty(leaves: list[PageLeaf]) -> list[PageLeaf]:
    """Return leaves without paragraphs of line breaks alone, which are none in Markdown."""
    return [leaf for leaf in leaves if leaf.kind != "p" or any(run.marks != LINE_BREAK for run in leaf.runs)]


def _renderer(name: str) -> Callable[[str], str]:
    """Return what renders the Markdown of a dialect: for mkdocs, what MkDocs itself uses."""
    return python_markdown.renderer() if name == "mkdocs" else commonmark.renderer_of(name)


def _faults(front_matter: str) -> list[str]:
    """Return what is wrong in front matter."""
    try:
        found = yaml.safe_load(front_matter)
    except (yaml.YAMLError, ValueError):
        return ["the front matter is no YAML"]
    return [] if isinstance(found, dict) else ["the front matter is no mapping"]
