"""The target ``obsidian``: a vault of notes for Obsidian, whose links lead to headings by their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import QUERY_MODES
from dokuwiki_data.exports.bases.base import base_of
from dokuwiki_data.exports.bases.expressions import NotInBasesError
from dokuwiki_data.exports.bases.vault_entries import VaultEntries
from dokuwiki_data.exports.front_matter import FrontMatter, as_yaml
from dokuwiki_data.exports.properties import flat_properties
from dokuwiki_data.exports.target import ExportedWiki, PageAddresses
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.exports.verification.markdown_files import MarkdownFiles
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.writers.markdown import MarkdownRenderer, MarkdownWriter
from dokuwiki_data.writers.markdown.anchors import title_paths
from dokuwiki_data.writers.markdown.data import query as answered_query
from dokuwiki_data.writers.resolved import ResolvedPage

#: What a tag may not have (https://help.obsidian.md/tags).
_NOT_IN_TAG = re.compile(r"[^\w/-]+")
#: The headings of so many pages are kept for links from other pages.
_MOST_PAGES = 500

#: What links lead to headings by, by page and by anchor.
_Titles = dict[str, Mapping[str, str]]


@dataclass
class ObsidianTarget(MarkdownTarget):
    """A vault of Obsidian.

    Attributes:
        queries: What becomes of queries of the data plugin: they are ``answered``, or ``live`` in bases where Bases
            can say the same.
    """

    reserved: ClassVar[frozenset[str]] = frozenset({"_media", "redirects", "export.json"})
    queries: str = "answered"
    name: str = field(default="obsidian", init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.queries not in QUERY_MODES:
            raise OutputError(f"queries is one of {', '.join(QUERY_MODES)}, not {self.queries!r}")
        if self.queries == "live" and self.data == "table":
            raise OutputError("live queries ask for properties: choose the data as front-matter or both")
        self._titles: _Titles = {}
        self._entries: VaultEntries | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_titles": {}, "_entries": None}

    def renderers(
        self, wiki: ExportedWiki, page_id: str, beside: dict[str, bytes]
    ) -> dict[type[Node], MarkdownRenderer]:
        found = super().renderers(wiki, page_id, beside)
        if self.queries == "live" and wiki.answers is not None:
            if self._entries is None or self._entries.answers is not wiki.answers:
                self._entries = VaultEntries(wiki.answers, wiki.property_types, wiki.places.pages)
            found[DataQuery] = partial(_live_query, self._entries, note_path(wiki, page_id), beside)
        return found

    def verified(self, wiki: ExportedWiki) -> MarkdownFiles:
        if self.queries == "live":
            raise OutputError("what live queries show is known to Obsidian only: verify with answered queries")
        return super().verified(wiki)

    @property
    def asks_for_types(self) -> bool:
        return self.data != "table"

    def addresses(self, wiki: ExportedWiki, file: str) -> TitleAddresses:
        return TitleAddresses(wiki, wiki.addresses(file), self._titles)

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return the properties of a note: Obsidian knows no nested ones, so entries are flat.

        A property has one type in the whole vault (https://help.obsidian.md/properties).
        """
        return {
            "title": known.title,
            "aliases": known.aliases,
            "tags": tuple(dict.fromkeys(map(_tag, known.tags))),
            "description": known.description,
            "author": known.author,
            "created": _time(known.created),
            "modified": _time(known.modified),
            **self._flat(wiki, page_id, known),
        }

    def _flat(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        if self.data == "table":
            return {}
        return flat_properties(known.entries, wiki.property_types, lambda target: self.reference(wiki, page_id, target))

    def reference(self, wiki: ExportedWiki, page_id: str, target: str) -> str:
        """Return a link to a page as properties have it, from the root of the vault; a missing page is its id."""
        return f"[[{note_path(wiki, target)}]]" if target in wiki.places.pages else target


def note_path(wiki: ExportedWiki, page_id: str) -> str:
    """Return the path of a note as links between double brackets have it."""
    return wiki.places.pages[page_id].removesuffix(".md")


def _live_query(
    entries: VaultEntries, note: str, beside: dict[str, bytes], writer: MarkdownWriter, node: DataQuery
) -> str | None:
    """Write a query as a base that the note shows, or else its answer."""
    shown = writer.page.result(node)
    if shown is None or not shown.result.columns:
        return answered_query(writer, node)
    try:
        base = base_of(node, shown.result, writer.page.page_id, entries)
    except NotInBasesError as reason:
        writer.lose("live-query", str(reason), node)
        return answered_query(writer, node)
    path = f"{note}-{len(beside) + 1}.base"
    beside[path] = as_yaml(base).encode()
    writer.block(f"![[{path}]]")
    return None


def _tag(text: str) -> str:
    """Return a tag as Obsidian allows it: without blanks, and with something else than digits."""
    tag = _NOT_IN_TAG.sub("-", text)
    return f"y{tag}" if tag.isdecimal() else tag


def _time(time: datetime | None) -> datetime | None:
    return None if time is None else time.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class TitleAddresses:
    """The addresses in a note: a link to a heading ends with its text.

    Attributes:
        wiki: The wiki.
        source: The addresses of files.
        titles: The texts of headings that were looked up before.
    """

    wiki: ExportedWiki
    source: PageAddresses
    titles: _Titles

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        file = self.source.page(page_id)
        title = self._titles_of(page_id).get(anchor) if anchor and file is not None else None
        return self._explicit(f"{file}#{title}" if title else file)

    def media(self, media_id: str) -> str | None:
        return self._explicit(self.source.media(media_id))

    def _explicit(self, address: str | None) -> str | None:
        """Return an address that begins in the folder of the note as one that says so.

        Obsidian looks for others from the root of the vault (https://help.obsidian.md/links).
        """
        is_explicit = address is None or address.startswith("../") or "/" not in self.source.file or ":" in address
        return address if is_explicit else f"./{address}"

    def _titles_of(self, page_id: str) -> Mapping[str, str]:
        if page_id not in self.titles:
            if len(self.titles) >= _MOST_PAGES:
                self.titles.clear()
            self.titles[page_id] = _titles(self.wiki, page_id)
        return self.titles[page_id]


def _titles(wiki: ExportedWiki, page_id: str) -> Mapping[str, str]:
    """Return what links lead to the headings of a page by, by anchor."""
    page = wiki.site.page_of(page_id)
    headings = [] if page is None else ResolvedPage(page, wiki.site).headings
    return title_paths((heading.level, heading.title, anchor) for heading, anchor in headings)
