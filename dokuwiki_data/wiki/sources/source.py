"""A wiki as a source: its pages, media files, changelogs and old states, wherever its files are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.ids import is_listed
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.file_names import Encoding, file_name, id_of_path
from dokuwiki_data.wiki.settings import Settings
from dokuwiki_data.wiki.sources.files import FileEntry, Files, Report, join_path
from dokuwiki_data.wiki.sources.files_by_id import FilesById
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.layouts import Layout

#: The ending of the files of pages.
PAGE_SUFFIX = ".txt"


class PageFile(NamedTuple):
    """The file of a page.

    Attributes:
        page_id: The id of the page.
        path: The path of the file below the root of the source.
        modified: The time of the last change in Unix seconds, if it is known.
    """

    page_id: str
    path: str
    modified: int | None


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A media file.

    Attributes:
        media_id: Its id.
        path: Its path below the root of the source.
        size: Its size in bytes, if it is known.
        modified: The time of the last change in Unix seconds, if it is known.
    """

    media_id: str
    path: str
    size: int | None
    modified: int | None
    _files: Files = field(repr=False, compare=False)

    def read(self) -> bytes:
        """Return the content of the file. Raises `PageReadError`."""
        return self._files.read(self.path)


@dataclass(frozen=True)
class WikiSource:
    """The files of a wiki, their layout, and the settings.

    Attributes:
        files: The files.
        layout: The paths of the wiki's folders.
        settings: The settings.
        file_names: The encoding of ids in file names.
        has_mixed_names: Whether names in other encodings are read, too.
        has_given_pages: Whether the pages were given one by one, so that all are listed, whatever their ids are.
    """

    files: Files
    layout: Layout
    settings: Settings
    file_names: Encoding
    has_mixed_names: bool = True
    has_given_pages: bool = False

    @property
    def description(self) -> str:
        """What the wiki was taken for, in one line."""
        files = self.files
        pages = files.path(self.layout.pages) if isinstance(files, FolderFiles) else files.place / self.layout.pages
        beside = [name for name in files.names(self.layout.base).files if name.endswith(PAGE_SUFFIX)]
        left_out = f", without {len(beside)} texts beside" if beside and not self.layout.is_pages_only else ""
        return f"{self.layout}, pages in {pages}{left_out}, names of files {self.file_names}"

    def pages(self, report: Report) -> list[PageFile]:
        """Return the files of all pages, sorted by page id.

        Every file named ``*.txt`` is a page, even ``.txt``. Of several files for one id, the one that DokuWiki would
        read is used, and the others are reported, as is everything that cannot be listed.
        """
        walked = self.files.walk(self.layout.pages, PAGE_SUFFIX, lambda error: report(self._with_page(error)))
        found = sorted(PageFile(self.id_of(file.path), file.path, self._modified(file)) for file in walked)
        # The list is changed in place: for large wikis, a dictionary took 5 MB more.
        at = 0
        for _, same in groupby(found, key=attrgetter("page_id")):
            kept, *lost = sorted(same, key=self._is_not_the_one)
            for file in lost:
                reason = f"not read, since {kept.path} is the page {file.page_id} as well"
                report(PageReadError(self.files.place / file.path, reason))
            found[at] = kept
            at += 1
        del found[at:]
        return found

    def _with_page(self, error: PageReadError) -> PageReadError:
        """Return the error with the id of the page if it is about a link in place of the page's file."""
        folder, path = f"{(self.files.place / self.layout.pages).as_posix()}/", error.path.as_posix()
        if not (error.is_link and path.startswith(folder) and path.endswith(PAGE_SUFFIX)):
            return error
        page_id = self.id_of_name(path.removeprefix(folder).removesuffix(PAGE_SUFFIX))
        return PageReadError(error.path, f"{error.reason} (the page {page_id})")

    def media(self, report: Report) -> dict[str, MediaFile]:
        """Return the media files by id; report what cannot be listed.

        Of several files for one id, the first by path is taken, and the others are reported.
        """
        folder = self.layout.media
        if self.layout.is_pages_only or not is_folder(self.files, folder):
            return {}
        files = (
            MediaFile(
                self.id_of_name(file.path.removeprefix(folder).lstrip("/")),
                file.path,
                file.size,
                file.modified,
                self.files,
            )
            for file in self.files.walk(folder, "", report)
        )
        found: dict[str, MediaFile] = {}
        for file in sorted(files, key=lambda file: (file.media_id, file.path)):
            if (other := found.setdefault(file.media_id, file)) is not file:
                reason = f"not listed, since {other.path} is the file {file.media_id} as well"
                report(PageReadError(self.files.place / file.path, reason))
        return found

    def read(self, path: str) -> bytes:
        """Return the content of a file. Raises `PageReadError`."""
        try:
            return self.files.read(path)
        except PageReadError as error:
            raise self._with_page(error) from error

    def id_of(self, path: str) -> str:
        """Return the id of the page whose file has, or would have, this path.

        A name that DokuWiki would never write is kept.
        """
        return self.id_of_name(self.relative_name(path))

    def id_of_name(self, name: str) -> str:
        """Return the id for the path of a file below its folder, without the ending."""
        return id_of_path(name, self.file_names, self.has_mixed_names)

    @property
    def is_listed(self) -> Callable[[str], bool]:
        """A picklable function that tells whether DokuWiki's search lists a page, by its id."""
        known = (self.settings.id_rules,) if self.layout.conf is not None else self.settings.possible_ids
        return partial(is_listed, rules=None if self.has_given_pages else known)

    @cached_property
    def meta_files(self) -> FilesById:
        """Finds changelogs and metadata of pages."""
        return self._finder(self.layout.meta)

    @cached_property
    def attic_files(self) -> FilesById:
        """Finds old states of pages."""
        return self._finder(self.layout.attic)

    def _finder(self, folder: str) -> FilesById:
        return FilesById(
            self.files, None if self.layout.is_pages_only else folder, self.file_names, self.has_mixed_names
        )

    def meta_paths(self, path: str, ending: str) -> list[str]:
        """Return the paths of metadata files of the page whose file has this path.

        The first one has the same name as the page's file, and need not exist; others have names in other encodings.
        """
        if self.layout.is_pages_only:
            return []
        same = join_path(self.layout.meta, self.relative_name(path) + ending)
        return [same, *(found for found in self.meta_files.find(self.id_of(path), ending) if found != same)]

    def relative_name(self, path: str) -> str:
        """Return the path of a page's file below the folder of the pages, without the ending."""
        return path[len(self.layout.pages) + 1 if self.layout.pages else 0 :].removesuffix(PAGE_SUFFIX)

    def changes(self, path: str) -> list[Change]:
        """Return the changelog of the page whose file has this path, the oldest entry first."""
        texts = [
            text for found in self.meta_paths(path, ".changes") if (text := read_text(self.files, found)) is not None
        ]
        changes = parse_changes("\n".join(texts))
        return changes if len(texts) < 2 else list(dict.fromkeys(changes))

    def _modified(self, file: FileEntry) -> int | None:
        if self.layout.times == "files":
            return file.modified
        changes = self.changes(file.path)
        return changes[-1].time if changes else None

    def _is_not_the_one(self, file: PageFile) -> tuple[bool, str]:
        return self.relative_name(file.path) != file_name(file.page_id, self.file_names), file.path


def read_text(files: Files, path: str) -> str | None:
    """Return the text of a file; None if it cannot be read."""
    try:
        return files.read(path).decode("utf-8", "surrogateescape")
    except PageReadError:
        return None
