"""What a target of an export must offer, and what it may know of the wiki."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from dokuwiki_data.conversion.worker import ReadPage
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.overview import Answers
from dokuwiki_data.exports.places import PlaceRules, Places, address
from dokuwiki_data.exports.properties import PropertyTypes
from dokuwiki_data.wiki.information import WikiInformation
from dokuwiki_data.writers.addresses import DokuWikiAddresses
from dokuwiki_data.writers.losses import Loss
from dokuwiki_data.writers.site import Site

if TYPE_CHECKING:
    from dokuwiki_data.exports.verification.leaves import PageLeaf
    from dokuwiki_data.exports.verification.written import WrittenContent


@dataclass(frozen=True)
class ExportedWiki:
    """What every written page may tell of its wiki: pages that somebody may not read are nowhere in it.

    Attributes:
        information: The wiki's name, language and address.
        site: What writers know of the wiki.
        places: The files of the pages and media that are written.
        titles: The titles of these pages, by id.
        backlinks: The written pages that link to each page, by id.
        sidebar: The name of the pages that are shown beside others; empty for none.
        media_address: Where media files are shown from, if they are not copied: the address of the old wiki.
        moved: Where pages lead on (``~~REDIRECT~~``), by id: a written page, with an anchor, or an address elsewhere.
        histories: The folders of the old states of pages that have any, by id; deleted pages are among them.
        anchors_of: Returns the anchors of a page to which links with an anchor lead, by id; None if they are not known.
        linked_anchors: The anchors of each page to which links lead, whether it has them or not.
        answers: Answers the queries of pages, and tells what they are answered from.
        property_types: What is known of the values of all pages for each property, if the target asks for it.
    """

    information: WikiInformation
    site: Site
    places: Places
    titles: Mapping[str, str]
    backlinks: Mapping[str, Sequence[str]]
    sidebar: str = ""
    media_address: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)
    histories: Mapping[str, str] = field(default_factory=dict)
    anchors_of: Callable[[str], Container[str] | None] = dict[str, Container[str]]().get
    linked_anchors: Mapping[str, Collection[str]] = field(default_factory=dict)
    answers: Answers | None = None
    property_types: PropertyTypes = field(default_factory=dict)

    def addresses(self, file: str) -> PageAddresses:
        """Return the addresses of pages and media files as seen from a file of the export."""
        return PageAddresses(self.places, file, self.media_address)

    def moved_to(self, page_id: str, file: str) -> str:
        """Return the address to which a page leads on, as seen from a file; empty if it does not."""
        target, _, anchor = self.moved.get(page_id, "").partition("#")
        if target in self.places.pages:
            return address(self.places.pages[target], anchor, page=file)
        return self.moved.get(page_id, "")


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """The addresses in a file of an export: relative ones to its files; what is not written has none."""

    places: Places
    file: str
    media_address: str = ""
    _known: dict[tuple[str, str | None], str | None] = field(default_factory=dict, repr=False, compare=False)

    def page(self, page_id: str, anchor: str | None = None) -> str | None:
        key = page_id, anchor
        if key not in self._known:
            file = self.places.pages.get(page_id)
            self._known[key] = None if file is None else address(file, anchor or "", page=self.file)
        return self._known[key]

    def media(self, media_id: str) -> str | None:
        if self.media_address:
            return DokuWikiAddresses(self.media_address).media(media_id)
        file = self.places.media.get(media_id)
        return None if file is None else address(file, page=self.file)


class StateNote(NamedTuple):
    """What is known of a state of a page: its time in Unix seconds, who made it, and why."""

    time: int
    author: str
    summary: str


class OldState(NamedTuple):
    """An old state of a page.

    Attributes:
        page_id: The page.
        note: Its time, author and summary.
        text: Its text.
        before: The text of the state before it; None for the first one that is kept.
        older: The time of that state.
        is_deleted: Whether the page is deleted.
    """

    page_id: str
    note: StateNote
    text: str
    before: str | None
    older: int | None
    is_deleted: bool


class WrittenPage(NamedTuple):
    """A page as its target has it.

    Attributes:
        page_id: Its id.
        files: Its finished files, by path.
        losses: What could not be said.
        digests: The digests of files that are in the folder already, by path.
        part: What it is in a document of all pages, see `DocumentTarget`.
    """

    page_id: str
    files: dict[str, bytes]
    losses: tuple[Loss, ...]
    digests: Mapping[str, str] = MappingProxyType({})
    part: object = None


class Target(Protocol):
    """A target of an export. It travels to workers (pickle), where `page` is called."""

    @property
    def name(self) -> str:
        """The name after ``--to``."""

    @property
    def site_address(self) -> str:
        """The address that the export will have, or its path on the server; it ends with a slash."""

    @property
    def site_folder(self) -> str:
        """The folder of the files that the site has as they are; empty, or ending with a slash."""

    @property
    def asks_for_headings(self) -> bool:
        """Whether pages say what the headings are to which they lead on other pages."""

    @property
    def asks_for_types(self) -> bool:
        """Whether properties of pages are told of, which must have one type in the whole wiki."""

    @property
    def embeds(self) -> bool:
        """Whether films of other sites are shown in place."""

    def place_rules(self, start_page: str) -> PlaceRules:
        """Return how files are named; ``start_page`` is the last part of the id of a start page."""

    def site_path(self, path: str) -> str:
        """Return the path of a page's or media file in the site, where redirects lead."""

    def page(self, wiki: ExportedWiki, read: ReadPage) -> WrittenPage:
        """Return the files of a page; the first of them is the page's own."""

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Iterate over the files beside the pages, each with its path. Their paths are reserved or begin with ``_``."""

    def finish(self, folder: OutputFolder) -> None:
        """Do what is to be done when all files are written, such as an index for search."""


class TargetBase:
    """What most targets are like: all files are as they are in the site, and nothing stands beside them."""

    @property
    def site_folder(self) -> str:
        return ""

    @property
    def asks_for_headings(self) -> bool:
        return False

    @property
    def asks_for_types(self) -> bool:
        return False

    @property
    def embeds(self) -> bool:
        return False

    def site_path(self, path: str) -> str:
        return path

    def beside(self, wiki: ExportedWiki) -> Iterator[tuple[str, bytes]]:
        """Iterate over the files beside the pages: there are none."""
        yield from ()

    def finish(self, folder: OutputFolder) -> None:
        """Do nothing: all is written."""


@runtime_checkable
class HistoryTarget(Target, Protocol):
    """A target that writes old states of pages as well."""

    def old_state(self, wiki: ExportedWiki, state: OldState) -> dict[str, bytes]:
        """Return the files of an old state of a page, by path."""

    def history(self, wiki: ExportedWiki, page_id: str, notes: Sequence[StateNote]) -> dict[str, bytes]:
        """Return the files that list the old states of a page, by path; ``notes`` are about the newest state first."""


class VerifiedFiles(Protocol):
    """Reads pages, and the files that were written of them. It travels to workers (pickle)."""

    @property
    def suffix(self) -> str:
        """What the names of such files end with."""

    def wanted(self, read: ReadPage) -> tuple[list[PageLeaf], AbstractSet[str]]:
        """Return the leaves and the anchors that the file of a page should have."""

    def written(self, file: str, text: str) -> WrittenContent:
        """Return what is in a file."""


@runtime_checkable
class VerifiedTarget(Target, Protocol):
    """A target whose files can be compared with the pages."""

    def verified(self, wiki: ExportedWiki) -> VerifiedFiles:
        """Return what reads the pages of the wiki and their files.

        Raises:
            MissingExtraError: If a library is missing that reads the files.
        """


@runtime_checkable
class DocumentTarget(Target, Protocol):
    """A target whose documents hold the media files of the export, or several pages."""

    def begin(self, root: Path) -> None:
        """Learn the folder of the export before pages are written; the media files are in it."""

    def collect(self, page: WrittenPage) -> None:
        """Take a page that was written, in any order, for a document that is written at the end."""
