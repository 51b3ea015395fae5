"""The targets that pandoc's own formats are: ``docx``, ``odt``, ``epub``, ``latex``, ``typst`` and dozens of others."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.documents.book import Book, title_of
from dokuwiki_data.exports.documents.formats import CLOSED, SUFFIXES
from dokuwiki_data.exports.documents.program import Pandoc, pandoc_path
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.target import ExportedWiki
from dokuwiki_data.exports.targets.pandoc import PandocTarget
from dokuwiki_data.writers.pandoc import Placement
from dokuwiki_data.writers.resolved import ResolvedPage


@dataclass
class PandocFormatTarget(PandocTarget):
    """Documents in one of pandoc's formats, see `dokuwiki_data.exports.documents.formats.known_formats`.

    The first heading of a page is the title of its document. If it is above all others, these are one level higher.
    Images are those of the export; images of other sites become links, since nothing is fetched.

    Attributes:
        format: The name of the format.
    """

    format: str = "docx"

    def __post_init__(self) -> None:
        super().__post_init__()
        pandoc_path()
        self.name = self.format
        self._pandoc = Pandoc(self.format)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_pandoc": Pandoc(self.format)}

    @property
    def suffix(self) -> str:
        return SUFFIXES.get(self.format, self.format)

    @property
    def is_finished(self) -> bool:
        return True

    @property
    def is_closed(self) -> bool:
        return self.format in CLOSED

    def _place(self, page: ResolvedPage, linked: Collection[str]) -> Placement:
        title, is_highest = title_of(page)
        return Placement(
            shift=-title.level if title is not None and is_highest else 0,
            title=title,
            linked=frozenset(linked) | page.linked_anchors,
            checks_anchors=True,
            is_finished=True,
            is_closed=self.is_closed,
        )

    def metadata(self, wiki: ExportedWiki, page: ResolvedPage, read: ReadPage) -> dict[str, Any]:
        return {**super().metadata(wiki, page, read), "identifier": _identifier(wiki, page.page_id)}

    def book_metadata(self, wiki: ExportedWiki, book: Book) -> dict[str, Any]:
        return {**super().book_metadata(wiki, book), "identifier": _identifier(wiki, " ".join(book.anchors))}

    def written(self, document: str, images: Mapping[str, str], name: str, *, contents: bool = False) -> bytes:
        files: dict[str, Path] = {address: self._root / file for address, file in images.items()}
        try:
            return self._pandoc.written(document, files, contents=contents)
        except OutputError as error:
            raise OutputError(f"{name}: cannot be written as {self.format}: {error}") from error

    def finish(self, folder: OutputFolder) -> None:
        super().finish(folder)
        self._pandoc.close()


def _identifier(wiki: ExportedWiki, name: str) -> str:
    """Return what identifies a document: without one, pandoc gives an EPUB a random one each time."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{wiki.information.url}/{name}").urn
