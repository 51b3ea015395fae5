"""Addresses in HTML within Markdown, which the programs that build a site of the Markdown leave as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dokuwiki_data.exports.places import address, folder_of_page
from dokuwiki_data.exports.target import PageAddresses

#: What the place of a page has instead of its address: a file in the folder that the page becomes.
_BUILT = "index.html"


@dataclass(frozen=True)
class SourceAddresses:
    """The addresses in the Markdown of a page: those of its files, but in HTML those of the site that is built.

    Attributes:
        source: The addresses of the files.
        folder: The folder of the pages, which ends with a slash; each page of it becomes a folder of the site.
        static: The folder of the files that the site has as they are, likewise.
        index: The name of the files that stand for their folder.
    """

    source: PageAddresses
    folder: str
    static: str
    index: str

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        return self.source.page(page_id, anchor)

    def media(self, media_id: str) -> str | None:
        return self.source.media(media_id)

    @cached_property
    def in_html(self) -> BuiltAddresses:
        return BuiltAddresses(self)


@dataclass(frozen=True)
class BuiltAddresses:
    """The addresses of a site, as seen from the address of a page."""

    of: SourceAddresses

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        file = self.of.source.places.pages.get(page_id)
        return None if file is None else self._relative(self._built(file), anchor or "")

    def media(self, media_id: str) -> str | None:
        file = self.of.source.places.media.get(media_id)
        if file is None or self.of.source.media_address:
            return self.of.source.media(media_id)
        return self._relative(file.removeprefix(self.of.static), "")

    def _built(self, file: str) -> str:
        return f"{folder_of_page(file, self.of.folder, self.of.index)}{_BUILT}"

    def _relative(self, target: str, anchor: str) -> str:
        path, hash_, anchor = address(target, anchor, page=self._built(self.of.source.file)).partition("#")
        return f"{path.removesuffix(_BUILT) or './'}{hash_}{anchor}"
