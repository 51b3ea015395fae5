"""Verify an export to HTML: what was written is read back and compared with the pages, and every link is followed.

The HTML of a page must have each heading of the page in order, with its level and anchor; each word of its text, each
line of its code; and a link or image for each that leads to something. What plugins show is not compared. Every
address in the folder must lead to a file, and its anchor, if the page has such a heading, to an element.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.writers.resolved import ResolvedPage

_OUTER = re.compile(r"[a-z][a-z0-9+.\-]*:|//", re.IGNORECASE)


class ExportDifference(NamedTuple):
    """Where an export does not say what the wiki says: the file, and what is missing in it."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


@dataclass(slots=True)
class WrittenContent:
    """What is in a file of an export.

    Attributes:
        ids: The anchors.
        addresses: Every address that is linked to or shown, in the whole file.
        headings: The headings in the article, as level, anchor and text.
        words: How often each word is in the article.
        linked: How often each address is linked to or shown in the article.
    """

    ids: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)
    linked: Counter[str] = field(default_factory=Counter)


class _Reader(HTMLParser):
    """Reads a file of an export."""

    def __init__(self) -> None:
        super().__init__()
        self.found = WrittenContent()
        self._in_article = False
        self._heading: tuple[int, str] | None = None
        self._pieces: list[str] = []
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if "id" in values:
            self.found.ids.add(values["id"])
        for name in ("href", "src"):
            if name in values:
                self.found.addresses.append(values[name])
                if self._in_article:
                    self.found.linked[values[name]] += 1
        if tag == "article":
            self._in_article = True
        elif self._in_article and re.fullmatch("h[1-6]", tag):
            self._heading, self._pieces = (int(tag[1]), values.get("id", "")), []
        self._text.append(" " if tag in _APART else "")
        self._text.append(values.get("alt", "") + " " if tag == "img" and self._in_article else "")

    def handle_endtag(self, tag: str) -> None:
        self._text.append(" " if tag in _APART else "")
        if tag == "article":
            self._in_article = False
        elif self._heading is not None and re.fullmatch("h[1-6]", tag):
            self.found.headings.append((*self._heading, _folded("".join(self._pieces))))
            self._heading = None

    def handle_data(self, text: str) -> None:
        if self._in_article:
            self._text.append(text)
            self._pieces.append(text)

    def close(self) -> None:
        super().close()
        self.found.words.update("".join(self._text).split())


_APART = frozenset(
    {"p", "div", "ul", "ol", "li", "table", "tr", "td", "th", "pre", "br", "dl", "dt", "dd", "blockquote", "hr"}
    | {f"h{level}" for level in range(1, 7)}
)


def read_written(text: str) -> WrittenContent:
    """Return what is in a file of HTML."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.found


def _folded(text: str) -> str:
    return " ".join(text.split())


class VerifiedPage(NamedTuple):
    """What was found of a page: the differences, its anchors, and the addresses that lead to files of the export."""

    file: str
    differences: list[ExportDifference]
    ids: frozenset[str]
    targets: frozenset[tuple[str, str]]


def verify_pages(root: Path, wiki: ExportedWiki, pages: Iterable[ReadPage]) -> list[VerifiedPage]:
    """Compare the files of pages with the pages. This is what a worker does."""
    return [_verify(root, wiki, read) for read in pages]


def _verify(root: Path, wiki: ExportedWiki, read: ReadPage) -> VerifiedPage:
    file = wiki.places.pages[read.page.page_id]
    try:
        written = read_written((root / file).read_text("utf-8"))
    except OSError:
        return VerifiedPage(file, [ExportDifference(file, "is not there")], frozenset(), frozenset())
    resolved = ResolvedPage(read.page, wiki.site)
    differences = [ExportDifference(file, what) for what in _missing(resolved, written, wiki, file)]
    return VerifiedPage(file, differences, frozenset(written.ids), frozenset(_targets(file, written.addresses)))


def _missing(page: ResolvedPage, written: WrittenContent, wiki: ExportedWiki, file: str) -> Iterator[str]:
    addresses = wiki.addresses(file)
    words: Counter[str] = Counter()
    linked: Counter[str] = Counter()
    headings = iter(written.headings)
    for node in _shown(page.page):
        if isinstance(node, blocks.Heading):
            if anchor := page.anchor(node):
                wanted = node.level, anchor, _folded(node.title)
                if wanted not in headings:
                    yield f"the heading {_folded(node.title)!r} is missing"
        elif isinstance(node, blocks.Code | blocks.Preformatted):
            words.update(node.text.split())
        elif isinstance(node, inline.Text | inline.Unformatted):
            # The first and the last word may be part of a longer one, with what is beside.
            words.update(node.text.split()[1:-1])
        elif isinstance(node, inline.Link):
            found = page.link(node)
            target = found.target
            if target.kind == "page" and not found.problem and target.target:
                href = f"#{target.anchor}" if isinstance(node, inline.LocalLink) else ""
                href = href or addresses.page(target.target, target.anchor) or ""
                if href:
                    linked[unquote(href)] += 1
    for word, count in (words - written.words).items():
        yield f"the word {word!r} is missing {count} times"
    there = Counter({unquote(href): 0 for href in written.linked})
    for href, count in written.linked.items():
        there[unquote(href)] += count
    for href, count in (linked - there).items():
        yield f"a link to {href} is missing {count} times"


def _shown(top: Node) -> Iterator[Node]:
    """Iterate over the nodes that are shown where they stand: not over what plugins make of theirs, nor over notes."""
    waiting: list[Node] = [top]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, PluginMarkup | inline.Footnote | DataEntry | DataQuery):
            waiting.extend(reversed(node.children))


def _targets(file: str, addresses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Iterate over the files that addresses lead to, each with an anchor or nothing."""
    for one in addresses:
        if _OUTER.match(one):
            continue
        path, _, anchor = one.partition("#")
        path = path.partition("?")[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path))) if path else file
        yield target, unquote(anchor)


def dead_links(root: Path, pages: Iterable[VerifiedPage]) -> Iterator[ExportDifference]:
    """Iterate over the links that lead to no file.

    An anchor that its page in the wiki does not have either was dead before; `verify_pages` finds those that are lost.
    """
    known: dict[str, bool] = {}
    for page in pages:
        for target, _ in sorted(page.targets):
            if target not in known:
                known[target] = (root / target).is_file()
            if not known[target]:
                yield ExportDifference(page.file, f"a link leads to {target}, which is not there")
