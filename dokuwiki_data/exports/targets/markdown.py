"""What all targets of Markdown have in common: a file for each page, in the dialect of the target."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import DATA_MODES
from dokuwiki_data.exports.front_matter import FrontMatter, as_yaml, front_matter
from dokuwiki_data.exports.places import PlaceRules, folder_of_page
from dokuwiki_data.exports.properties import nested_data
from dokuwiki_data.exports.target import ExportedWiki, TargetBase, WrittenPage
from dokuwiki_data.exports.verification.markdown_files import MarkdownFiles
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.common_renderers import nothing
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.markdown import DIALECTS, MarkdownRenderer, markdown
from dokuwiki_data.writers.resolved import ResolvedPage


@dataclass
class MarkdownTarget(TargetBase):
    """Files of Markdown. A target says by `folder`, `index`, `properties` and `beside` how its program wants them.

    Attributes:
        data: What becomes of entries of the data plugin: properties in the ``front-matter``, a ``table``, or ``both``.
        site_address: The address that the site will have, or its path on the server; redirects lead there.
        embed: Whether films of other sites are shown in place.
        name: The name of the target.
    """

    #: The folder of the pages, and the name of a namespace's start page.
    folder: ClassVar[str] = ""
    index: ClassVar[str] = "index"
    #: The folder of the files that the site has as they are.
    site_folder: ClassVar[str] = ""
    #: The folder of the media files, and names at the root of the pages that no page may have.
    media_folder: ClassVar[str] = "_media/"
    reserved: ClassVar[frozenset[str]] = frozenset({"_media", "redirects", "export.json"})

    #: Names that no page may have in any folder, as a regular expression, and whether a page and a folder have one
    #: address.
    taken: ClassVar[str] = ""
    is_folder_address: ClassVar[bool] = False

    data: str = "both"
    site_address: str = "/"
    embed: bool = False
    name: str = field(default="", init=False)

    def __post_init__(self) -> None:
        if self.data not in DATA_MODES:
            raise OutputError(f"data is one of {', '.join(DATA_MODES)}, not {self.data!r}")
        self.site_address = self.site_address.rstrip("/") + "/"
        self._aliases: dict[str, list[str]] | None = None

    @property
    def dialect(self) -> str:
        """The name of the dialect."""
        return self.name

    @property
    def asks_for_headings(self) -> bool:
        return DIALECTS[self.dialect].links_to_titles

    @property
    def embeds(self) -> bool:
        return self.embed

    def place_rules(self, start_page: str) -> PlaceRules:
        return PlaceRules(
            suffix=".md",
            index=self.index,
            start_page=start_page,
            folder=self.folder,
            media_folder=self.media_folder,
            reserved=self.reserved,
            taken=self.taken,
            is_folder_address=self.is_folder_address,
        )

    def site_path(self, path: str) -> str:
        if not self.is_folder_address:
            return path
        if path.startswith(self.media_folder):
            return f"_media/{path.removeprefix(self.media_folder)}"
        return folder_of_page(path, self.folder, self.index)

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        file = wiki.places.pages[read.page.page_id]
        beside: dict[str, bytes] = {}
        text, losses = self.text(wiki, read, self.addresses(wiki, file), beside)
        return WrittenPage(read.page.page_id, {file: text.encode("utf-8", "replace"), **beside}, losses)

    def text(
        self, wiki: ExportedWiki, read: ReadPage, addresses: Addresses, beside: dict[str, bytes]
    ) -> tuple[str, tuple[Loss, ...]]:
        """Return the Markdown of a page with its front matter, and what it does not say.

        Args:
            wiki: The wiki.
            read: The page.
            addresses: The addresses of pages and media files in it.
            beside: Gets the files that it needs beside its own, by path.
        """
        losses: list[Loss] = []
        text = markdown(
            self.resolved(wiki, read.page),
            dialect=self.dialect,
            addresses=addresses,
            linked=wiki.linked_anchors.get(read.page.page_id, ()),
            renderers=self.renderers(wiki, read.page.page_id, beside),
            on_loss=losses.append,
        )
        known = front_matter(wiki, read, self._aliases_of(wiki, read.page.page_id))
        properties = self.properties(wiki, read.page.page_id, known)
        # The number 0 and false are values.
        properties = {name: value for name, value in properties.items() if value or isinstance(value, int | float)}
        if properties:
            text = f"---\n{as_yaml(properties)}---\n\n{text}"
        elif text.startswith("---\n"):
            text = f"***\n{text[4:]}"  # a line that would begin front matter
        return text, tuple(losses)

    def renderers(
        self, wiki: ExportedWiki, page_id: str, beside: dict[str, bytes]
    ) -> dict[type[Node], MarkdownRenderer]:
        """Return the renderers of a page in place of the built-in ones; they add files to those ``beside`` it."""
        return {DataEntry: nothing} if self.data == "front-matter" else {}

    def resolved(self, wiki: ExportedWiki, page: Page) -> ResolvedPage:
        """Return a page with all that is known of its nodes."""
        return ResolvedPage(page, replace(wiki.site, anchors_of=wiki.anchors_of))

    def verified(self, wiki: ExportedWiki) -> MarkdownFiles:
        return MarkdownFiles(wiki, self)

    def addresses(self, wiki: ExportedWiki, file: str) -> Addresses:
        """Return the addresses of pages and media files in the Markdown of a file."""
        return wiki.addresses(file)

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return the front matter of a page, by the names that the program knows; empty values are left out.

        The fields of entries stand below one name of their own, so that none of them steers the program.
        """
        return {
            "title": known.title,
            "description": known.description,
            "tags": known.tags,
            "author": known.author,
            "created": known.created,
            "modified": known.modified,
            "aliases": known.aliases,
            "data": self.nested_data(wiki, page_id, known),
        }

    def nested_data(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return the values of a page's entries, unless they are in tables only."""
        if self.data == "table":
            return {}
        return nested_data(known.entries, lambda target: self.reference(wiki, page_id, target))

    def reference(self, wiki: ExportedWiki, page_id: str, target: str) -> str:
        """Return what stands for a page, ``target``, in the front matter of another: an address, or else its id."""
        return wiki.addresses(wiki.places.pages[page_id]).page(target) or target

    def _aliases_of(self, wiki: ExportedWiki, page_id: str) -> list[str]:
        """Return the pages that lead on to a page."""
        if self._aliases is None:
            self._aliases = {}
            for alias, target in sorted(wiki.moved.items()):
                self._aliases.setdefault(target.partition("#")[0], []).append(alias)
        return self._aliases.get(page_id, [])
