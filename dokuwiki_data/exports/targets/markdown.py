"""Targets that write Markdown: a file for each page, as a dialect and a program for sites have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.places import PlaceRules
from dokuwiki_data.exports.target import ExportedWiki, WrittenPage
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.markdown import markdown
from dokuwiki_data.writers.resolved import ResolvedPage


@dataclass
class MarkdownTarget:
    """Files of Markdown, as GitHub shows them.

    Attributes:
        site_address: The address that the files will have; redirects lead there.
        embed: Whether films of other sites are shown in place.
    """

    site_address: str = "/"
    embed: bool = False
    name: str = field(default="gfm", init=False)

    @property
    def embeds(self) -> bool:
        return self.embed

    def place_rules(self, start_page: str) -> PlaceRules:
        return PlaceRules(
            suffix=".md",
            index="README",
            start_page=start_page,
            reserved=frozenset({"_media", "redirects", "export.json"}),
        )

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        losses: list[Loss] = []
        file = wiki.places.pages[read.page.page_id]
        resolved = ResolvedPage(read.page, wiki.site)
        text = markdown(resolved, dialect=self.name, addresses=wiki.addresses(file), on_loss=losses.append)
        return WrittenPage(read.page.page_id, {file: text.encode("utf-8", "replace")}, tuple(losses))

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        yield from ()

    def finish(self, folder: OutputFolder) -> None:
        """Do nothing: all is written."""
