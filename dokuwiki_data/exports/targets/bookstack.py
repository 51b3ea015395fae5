"""The target ``bookstack``: an archive for each book, which BookStack imports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.front_matter import FrontMatter, front_matter
from dokuwiki_data.exports.places import PlaceRules, Places
from dokuwiki_data.exports.shelves import WikiBook, books_of
from dokuwiki_data.exports.target import ExportedWiki, WrittenPage
from dokuwiki_data.exports.targets.markdown import MarkdownTarget
from dokuwiki_data.exports.verification.markdown_files import MarkdownFiles
from dokuwiki_data.exports.zips import write_zip
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.writers.addresses import DokuWikiAddresses

#: The images that BookStack takes; other media files are attachments.
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
#: The longest names of pages, books and tags, and the longest values of tags, in characters. The format names no
#: limit; these are what the columns of BookStack's database have.
_LONGEST = 250
_PAGES, _MEDIA, _BOOKS = "pages/", "media/", "books/"


# https://github.com/BookStackApp/BookStack/blob/development/dev/docs/portable-zip-file-format.md: data.json has a book
# with its chapters and pages, files/ the files; [[bsexport:page:1]] leads to a page of the archive by its number, and
# images and attachments of a page are called by the names of their files. A page has Markdown, images, attachments and
# tags.
@dataclass
class BookstackTarget(MarkdownTarget):
    """Archives for BookStack, and the pages that are in them."""

    folder: ClassVar[str] = _PAGES
    site_folder: ClassVar[str] = ""
    media_folder: ClassVar[str] = _MEDIA
    reserved: ClassVar[frozenset[str]] = frozenset()
    #: Whether the whole wiki becomes one book, in which all links lead to pages.
    book: bool = False
    name: str = field(default="bookstack", init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._wiki: ExportedWiki | None = None
        self._books: list[WikiBook] = []
        self._numbers: dict[str, int] = {}
        #: The numbers of the pages in the book of each page.
        self._references: dict[str, dict[str, int]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_wiki": None}

    @property
    def dialect(self) -> str:
        return "gfm"

    def place_rules(self, start_page: str) -> PlaceRules:
        return replace(super().place_rules(start_page), suffix=".json")

    def properties(self, wiki: ExportedWiki, page_id: str, known: FrontMatter) -> dict[str, Any]:
        """Return nothing: what is known of a page is in its tags."""
        return {}

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        """Return the file of a page: what ``data.json`` has of it."""
        self._know(wiki)
        page_id = read.page.page_id
        addresses = ReferenceAddresses(self._references[page_id], wiki.places, wiki.media_address)
        text, losses = self.text(wiki, read, addresses, {})
        files = [{"name": media_id.rpartition(":")[2], "file": file} for media_id, file in addresses.used.items()]
        images = [file for file in files if file["file"].endswith(_IMAGES)]
        attachments = [file for file in files if file not in images]
        content = {
            "id": self._numbers[page_id],
            "name": (wiki.titles[page_id] or page_id)[:_LONGEST],
            "markdown": text,
            "images": images,
            "attachments": [{**file, "order": order} for order, file in enumerate(attachments)],
            "tags": [{**tag, "order": order} for order, tag in enumerate(self._tags(wiki, read))],
        }
        file = wiki.places.pages[page_id]
        return WrittenPage(page_id, {file: as_json(content, indent=1).encode()}, losses)

    def _tags(self, wiki: ExportedWiki, read: ReadPage) -> Iterator[dict[str, str]]:
        """Iterate over the tags of a page: those of the plugin tag, and the fields of entries with their values."""
        known = front_matter(wiki, read)
        for tag in known.tags:
            yield {"name": tag[:_LONGEST], "value": ""}
        for entry in known.entries if self.data != "table" else ():
            for column in entry.fields:
                for value in column.values:
                    if len(value) <= _LONGEST:  # the text has longer ones
                        yield {"name": column.title[:_LONGEST], "value": value}

    def _know(self, wiki: ExportedWiki) -> None:
        """Learn which page is in which book."""
        if self._wiki is not wiki:
            self._wiki = wiki
            self._books = books_of(wiki, self.book)
            self._numbers = {page_id: number for number, page_id in enumerate(wiki.places.pages, 1)}
            for book in self._books:
                numbers = {page_id: self._numbers[page_id] for page_id in book.all_pages}
                self._references |= dict.fromkeys(numbers, numbers)

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Learn the wiki; there are no files beside the pages."""
        self._know(wiki)
        yield from ()

    def verified(self, wiki: ExportedWiki) -> MarkdownFiles:
        """Raise `OutputError`: references are no addresses that can be followed."""
        raise OutputError("what was written for bookstack cannot be verified")

    def finish(self, folder: OutputFolder) -> None:
        """Write the archives."""
        assert self._wiki is not None
        places = Places(PlaceRules(".zip", folder=_BOOKS), [book.namespace or "start" for book in self._books])
        for book, path in zip(self._books, places.pages.values(), strict=True):
            write_zip(folder, path, _archive(book, self._wiki, folder))


def _archive(book: WikiBook, wiki: ExportedWiki, folder: OutputFolder) -> Iterator[tuple[str, str | bytes]]:
    """Iterate over the files of the archive of a book."""

    def pages(page_ids: tuple[str, ...]) -> list[dict[str, Any]]:
        found = []
        for priority, page_id in enumerate(page_ids):
            place = folder.root / wiki.places.pages[page_id]
            if place.is_file():  # one that could not be read has no file
                found.append({**json.loads(place.read_text("utf-8")), "priority": priority})
        return found

    chapters: list[dict[str, Any]] = [
        {
            "id": number,
            "name": chapter.name[:_LONGEST],
            "priority": len(book.pages) + number,
            "pages": pages(chapter.pages),
        }
        for number, chapter in enumerate(book.chapters, 1)
    ]
    own = pages(book.pages)
    content = {"id": 1, "name": book.name[:_LONGEST], "chapters": chapters, "pages": own}
    yield "data.json", as_json({"book": content}).encode()
    every = own + [page for chapter in chapters for page in chapter["pages"]]
    used = {one["file"] for page in every for one in (*page["images"], *page["attachments"])}
    for media_id, file in wiki.places.media.items():
        if file_name(media_id) in used:
            yield f"files/{file_name(media_id)}", file


def file_name(media_id: str) -> str:
    """Return the name of a media file in an archive."""
    name, dot, ending = media_id.rpartition(":")[2].rpartition(".")
    is_plain = name and ending.isascii() and ending.isalnum() and len(ending) < 10
    digest = hashlib.sha256(media_id.encode(errors="surrogatepass")).hexdigest()[:20]
    return f"{digest}{dot}{ending.lower()}" if is_plain else digest


@dataclass(slots=True)
class ReferenceAddresses:
    """The addresses in a page of a book: references to what is in its archive.

    Attributes:
        numbers: The numbers of the pages in the book.
        places: The files of the export.
        media_address: The address of the old wiki, if media files are shown from there.
        used: The media files to which there are references, with their names in the archive.
    """

    numbers: dict[str, int]
    places: Places
    media_address: str = ""
    used: dict[str, str] = field(default_factory=dict)

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        number = self.numbers.get(page_id)
        return None if number is None else f"[[bsexport:page:{number}]]"

    def media(self, media_id: str) -> str | None:
        if self.media_address:
            return DokuWikiAddresses(self.media_address).media(media_id)
        if media_id not in self.places.media:
            return None
        file = self.used.setdefault(media_id, file_name(media_id))
        return f"[[bsexport:{'image' if file.endswith(_IMAGES) else 'attachment'}:{file}]]"
