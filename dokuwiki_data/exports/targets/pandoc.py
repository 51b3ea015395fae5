"""The target ``pandoc``: the AST of pandoc as JSON, of each page or of a book of all pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.engine.values import moment
from dokuwiki_data.errors import OutputError
from dokuwiki_data.exports import DATA_MODES
from dokuwiki_data.exports.documents.book import Book, BookAddresses, book_of, title_of
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.places import PlaceRules
from dokuwiki_data.exports.target import ExportedWiki, PageAddresses, TargetBase, WrittenPage
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.common_renderers import nothing
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.pandoc import PandocRenderer, Placement, blocks_of, document
from dokuwiki_data.writers.pandoc.blocks import heading
from dokuwiki_data.writers.pandoc.metadata import language_code, page_metadata
from dokuwiki_data.writers.resolved import ResolvedPage


class BookPart(NamedTuple):
    """A page as a part of a book.

    Attributes:
        blocks: Its blocks.
        images: The files of its images, below the folder of the export, by address.
    """

    blocks: str
    images: Mapping[str, str]


@dataclass
class PandocTarget(TargetBase):
    """Files of pandoc's AST.

    Attributes:
        data: What becomes of entries of the data plugin: metadata (``front-matter``), a ``table``, or ``both``.
        site_address: The address that the files will have, or their path on the server; redirects lead there.
        book: Whether all pages become one document.
        name: The name of the target.
    """

    data: str = "both"
    site_address: str = "/"
    book: bool = False
    name: str = field(default="pandoc", init=False)

    def __post_init__(self) -> None:
        if self.data not in DATA_MODES:
            raise OutputError(f"data is one of {', '.join(DATA_MODES)}, not {self.data!r}")
        self.site_address = self.site_address.rstrip("/") + "/"
        self._book: tuple[ExportedWiki, Book] | None = None
        self._parts: dict[str, BookPart] = {}
        self._wiki: ExportedWiki | None = None
        self._root = Path()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_book": None, "_parts": {}, "_wiki": None}

    @property
    def suffix(self) -> str:
        """What the names of files end with, behind a dot."""
        return "json"

    @property
    def is_finished(self) -> bool:
        """Whether the files are documents that nobody looks after, see `Placement`."""
        return False

    @property
    def is_closed(self) -> bool:
        """Whether links cannot lead to files beside a document."""
        return False

    def place_rules(self, start_page: str) -> PlaceRules:
        return PlaceRules(
            suffix=f".{self.suffix}",
            start_page=start_page,
            reserved=frozenset({"_media", "redirects", "export.json", "export"}),
            one_file=f"book.{self.suffix}" if self.book else "",
        )

    def begin(self, root: Path) -> None:
        self._root = root

    # ------------------------------------------------------------------------------------------------------- pages

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        losses: list[Loss] = []
        page_id = read.page.page_id
        file = wiki.places.pages[page_id]
        checks_anchors = self.is_finished or self.book
        site = replace(wiki.site, anchors_of=wiki.anchors_of) if checks_anchors else wiki.site
        page = ResolvedPage(read.page, site)
        addresses = UsedAddresses(self._addresses(wiki, file))
        if self.book:
            blocks = self._chapter(wiki, page, addresses, losses)
            return WrittenPage(page_id, {}, tuple(losses), part=BookPart(blocks, addresses.images(wiki)))
        place = self._place(page, wiki.linked_anchors.get(page_id, ()))
        blocks = self._blocks(page, place, addresses, losses)
        metadata = self.metadata(wiki, page, read)
        content = self.written(document(blocks, metadata), addresses.images(wiki), page_id)
        return WrittenPage(page_id, {file: content}, tuple(losses))

    def _addresses(self, wiki: ExportedWiki, file: str) -> Addresses:
        """Return the addresses in a file."""
        files = wiki.addresses(file)
        if self.book:
            return BookAddresses(self._book_of(wiki), files)
        return ClosedAddresses(files, self.site_address) if self.is_closed else files

    def _blocks(self, page: ResolvedPage, place: Placement, addresses: Addresses, losses: list[Loss]) -> str:
        renderers: dict[type[Node], PandocRenderer] = {DataEntry: nothing} if self.data == "front-matter" else {}
        return blocks_of(page, place, addresses=addresses, renderers=renderers, on_loss=losses.append)

    def _place(self, page: ResolvedPage, linked: Collection[str]) -> Placement:
        """Return how a page stands in a document of its own."""
        return Placement(is_finished=self.is_finished, is_closed=self.is_closed)

    def metadata(self, wiki: ExportedWiki, page: ResolvedPage, read: ReadPage) -> dict[str, Any]:
        """Return the metadata of the document of a page."""
        changes = [revision.change for revision in read.history if revision.change is not None]
        known = {
            **page_metadata(page),
            "author": next((change.user for change in changes if change.user), ""),
            "created": moment(changes[0].time) if changes and changes[0].kind == "C" else None,
        }
        if changes:
            known["date"] = moment(changes[-1].time)
        if self.data == "table":
            known.pop("data", None)
        return {name: value for name, value in known.items() if value}

    def written(self, document: str, images: Mapping[str, str], name: str, *, contents: bool = False) -> bytes:
        """Return the file of a document, given the files of its images below the folder of the export.

        ``name`` is what an error names, and ``contents`` says whether there is a table of contents.
        """
        return f"{document}\n".encode()

    # -------------------------------------------------------------------------------------------------------- books

    def _book_of(self, wiki: ExportedWiki) -> Book:
        if self._book is None or self._book[0] is not wiki:
            self._book = wiki, book_of(wiki)
        return self._book[1]

    def _chapter(self, wiki: ExportedWiki, page: ResolvedPage, addresses: Addresses, losses: list[Loss]) -> str:
        """Return the blocks of a page in the book; none of a page that is not in it."""
        book, page_id = self._book_of(wiki), page.page.page_id
        if page_id not in book.anchors:
            return ""
        title, _ = title_of(page)
        depth, anchor = book.depths[page_id], book.anchors[page_id]
        top = min((node.level for node, _ in page.headings), default=1)
        place = Placement(
            shift=depth + 1 - top + (title is None),  # below the title that is added
            prefix=f"{anchor}.",
            title=title,
            linked=frozenset(wiki.linked_anchors.get(page_id, ())) | page.linked_anchors,
            checks_anchors=True,
            is_finished=self.is_finished,
            is_closed=self.is_closed,
        )
        shown = wiki.titles[page_id] if title is None else title.title
        return heading(shown, depth + 1, anchor) + self._blocks(page, place, addresses, losses)

    def book_metadata(self, wiki: ExportedWiki, book: Book) -> dict[str, Any]:
        """Return the metadata of a book."""
        return {"title": book.title, "lang": language_code(wiki.site.typography.language)}

    def collect(self, page: WrittenPage) -> None:
        if isinstance(page.part, BookPart):
            self._parts[page.page_id] = page.part

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        self._wiki = wiki
        yield from ()

    def finish(self, folder: OutputFolder) -> None:
        """Write the book."""
        if not self.book or self._wiki is None or not self._parts:
            return
        book, blocks, images = self._book_of(self._wiki), list[str](), dict[str, str]()
        for chapter in book.chapters:
            if not chapter.page_id:
                blocks.append(heading(chapter.title, chapter.depth + 1))
            elif chapter.page_id in self._parts:
                part = self._parts.pop(chapter.page_id)
                blocks.append(part.blocks)
                images |= part.images
        metadata = self.book_metadata(self._wiki, book)
        file = f"book.{self.suffix}"
        folder.write(file, self.written(document("".join(blocks), metadata), images, file, contents=True))


@dataclass(slots=True)
class UsedAddresses:
    """Addresses that note which media files are asked for.

    Attributes:
        source: The addresses.
        media_ids: The address of each media file that was asked for, by id.
    """

    source: Addresses
    media_ids: dict[str, str] = field(default_factory=dict)

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        return self.source.page(page_id, anchor)

    def media(self, media_id: str) -> str | None:
        address = self.source.media(media_id)
        if address is not None:
            self.media_ids[media_id] = address
        return address

    def images(self, wiki: ExportedWiki) -> dict[str, str]:
        """Return the files of the media that were asked for, by address."""
        files = wiki.places.media
        return {address: files[media_id] for media_id, address in self.media_ids.items() if media_id in files}


@dataclass(frozen=True, slots=True)
class ClosedAddresses:
    """The addresses in a document that cannot lead to files beside it: those of the site, if it is known.

    Attributes:
        files: The addresses of files.
        site_address: The address of the site; a path, which names no host, leads nowhere.
    """

    files: PageAddresses
    site_address: str

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        if "://" not in self.site_address:
            return None
        address = PageAddresses(self.files.places, "").page(page_id, anchor)
        return None if address is None else self.site_address + address

    def media(self, media_id: str) -> str | None:
        return self.files.media(media_id)
