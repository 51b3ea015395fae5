"""What all targets of Markdown have in common: a file for each page, in the dialect of the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.places import PlaceRules
from dokuwiki_data.exports.target import ExportedWiki, WrittenPage
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.markdown import markdown
from dokuwiki_data.writers.resolved import ResolvedPage


@dataclass
class MarkdownTarget:
    """Files of Markdown. A target says by `folder`, `index` and `beside` how its program wants the files.

    Attributes:
        site_address: The address that the site will have, or its path on the server; redirects lead there.
        embed: Whether films of other sites are shown in place.
        name: The name of the target and of its dialect.
    """

    #: The folder of the pages, and the name of a namespace's start page.
    folder: ClassVar[str] = ""
    index: ClassVar[str] = "index"
    #: The folder of the media files, and names at the root of the pages that no page may have.
    media_folder: ClassVar[str] = "_media/"
    reserved: ClassVar[frozenset[str]] = frozenset({"_media", "redirects", "export.json"})

    site_address: str = "/"
    embed: bool = False
    name: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.site_address = self.site_address.rstrip("/") + "/"

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
        )

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        losses: list[Loss] = []
        file = wiki.places.pages[read.page.page_id]
        resolved = ResolvedPage(read.page, wiki.site)
        text = markdown(resolved, dialect=self.name, addresses=wiki.addresses(file), on_loss=losses.append)
        return WrittenPage(read.page.page_id, {file: text.encode("utf-8", "replace")}, tuple(losses))

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Iterate over the files beside the pages: there are none."""
        yield from ()

    def finish(self, folder: OutputFolder) -> None:
        """Do nothing: all is written."""
