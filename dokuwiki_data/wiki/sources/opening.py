"""Open a wiki wherever it is, as a source of pages, media files and histories."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, get_args

from dokuwiki_data.errors import FolderError, PageReadError, SourceError, reason_of
from dokuwiki_data.ids import is_listed
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.conf import Literal
from dokuwiki_data.wiki.file_names import Encoding, file_name, id_of_path
from dokuwiki_data.wiki.settings import Settings, check_settings, read_settings
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, FileEntry, Files, Limits, MemoryFiles, Report, join_path
from dokuwiki_data.wiki.sources.files_by_id import FilesById
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.folder_settings import FOLDERS, LayoutOptions, has_settings, is_folder
from dokuwiki_data.wiki.sources.layouts import (
    DATA_FOLDERS,
    DESCRIPTIONS,
    Layout,
    LayoutKind,
    find_layout,
    links_out,
    pages_only_layout,
)
from dokuwiki_data.wiki.sources.seven_zips import SevenZipFiles, crawl_in_archives
from dokuwiki_data.wiki.sources.tars import TarFiles
from dokuwiki_data.wiki.sources.zips import zip_files

_SUFFIX = ".txt"

_log = logging.getLogger(__name__)


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
        beside = [name for name in files.names(self.layout.base).files if name.endswith(_SUFFIX)]
        left_out = f", without {len(beside)} texts beside" if beside and not self.layout.is_pages_only else ""
        return f"{self.layout}, pages in {pages}{left_out}, names of files {self.file_names}"

    def pages(self, report: Report) -> list[PageFile]:
        """Return the files of all pages, sorted by page id.

        Every file named ``*.txt`` is a page, even ``.txt``. Of several files for one id, the one that DokuWiki would
        read is used, and the others are reported, as is everything that cannot be listed.
        """
        walked = self.files.walk(self.layout.pages, _SUFFIX, lambda error: report(self._with_page(error)))
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
        if not (error.is_link and path.startswith(folder) and path.endswith(_SUFFIX)):
            return error
        page_id = self.id_of_name(path.removeprefix(folder).removesuffix(_SUFFIX))
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
        return path[len(self.layout.pages) + 1 if self.layout.pages else 0 :].removesuffix(_SUFFIX)

    def changes(self, path: str) -> list[Change]:
        """Return the changelog of the page whose file has this path, the oldest entry first."""
        texts = [text for found in self.meta_paths(path, ".changes") if (text := _text(self.files, found)) is not None]
        changes = parse_changes("\n".join(texts))
        return changes if len(texts) < 2 else list(dict.fromkeys(changes))

    def _modified(self, file: FileEntry) -> int | None:
        if self.layout.times == "files":
            return file.modified
        changes = self.changes(file.path)
        return changes[-1].time if changes else None

    def _is_not_the_one(self, file: PageFile) -> tuple[bool, str]:
        return self.relative_name(file.path) != file_name(file.page_id, self.file_names), file.path


def open_source(
    path: Path,
    report: Report,
    *,
    kind: LayoutKind | None = None,
    file_names: Encoding | None = None,
    limits: Limits = DEFAULT_LIMITS,
    settings: Mapping[str, Literal] | None = None,
    release: str | None = None,
    plugins: str | Iterable[str | Plugin] | None = None,
    savedir: Path | None = None,
) -> WikiSource:
    """Open the wiki at a path.

    Nothing outside of the path and ``savedir`` is read or written, whatever settings and links say. Exception: if a
    data or pages folder is opened, the installation around it is used. `Layout.notes` tells what leads elsewhere.

    Args:
        path: A folder, or a zip, tar or 7z archive.
        report: Called with the error of each part that cannot be read.
        kind: The kind of layout; by default it is detected.
        file_names: The encoding of file names; by default as the settings say, and other encodings are read, too.
        limits: The most that is read.
        settings: Settings that override those of the wiki, such as ``{"useslash": True}``.
        release: The release whose syntax is used; by default that of the wiki.
        plugins: The plugins whose syntax is used, see `dokuwiki_data.plugins.chosen`; by default those of the wiki.
        savedir: The folder of the wiki's data if it is elsewhere, or a folder that settings or links lead to.

    Raises:
        FolderError: If the folder cannot be read.
        ArchiveError: If the archive cannot be read.
        SourceError: If there is no wiki, or its pages are behind a link that may not be followed.
        ValueError: If an argument has an unknown value.
    """
    _check(kind, file_names, limits, settings)
    options = LayoutOptions(settings or {}, savedir)
    found = _found(path, report, kind, limits, options)
    options = replace(options, base=found.base, pages=found.pages)
    source = _source(found.files, kind or found.kind, file_names, options)
    syntax = source.settings.syntax.chosen(release, plugins)
    return replace(source, settings=replace(source.settings, syntax=syntax))


def log_notes(source: WikiSource) -> WikiSource:
    """Log the notes about the layout of a source, and return the source."""
    for line in source.layout.notes:
        _log.warning("%s", line)
    return source


def source_of_texts(texts: Mapping[str, str], modified: Mapping[str, int] | None = None) -> WikiSource:
    """Return a wiki in memory, from texts and times of change by page id."""
    paths = {page_id: page_id.replace(":", "/") + _SUFFIX for page_id in texts}
    files = MemoryFiles(
        {paths[page_id]: text for page_id, text in texts.items()},
        {paths[page_id]: time for page_id, time in (modified or {}).items() if page_id in paths},
    )
    return WikiSource(files, pages_only_layout("texts"), Settings(), "utf-8", has_given_pages=True)


def source_of_files(files: Files, kind: LayoutKind | None = None, file_names: Encoding | None = None) -> WikiSource:
    """Return the wiki in some files. Raises `SourceError` if there is none."""
    return _source(files, kind, file_names)


def _check(kind: str | None, file_names: str | None, limits: Limits, settings: Mapping[str, Literal] | None) -> None:
    if not isinstance(limits.total, int | None):
        raise TypeError(f"limit is a number of bytes, not {limits.total!r}")
    for what, given, known in (("layout", kind, DESCRIPTIONS), ("file_names", file_names, get_args(Encoding))):
        if given is not None and given not in known:
            raise ValueError(f"unknown {what} {given!r}; known: {', '.join(known)}")
    check_settings(settings or {})


class _Found(NamedTuple):
    """The files at a path.

    Attributes:
        files: The files.
        kind: The kind of layout, if the path tells it.
        base: The path of the wiki's data, if that folder was opened.
        pages: The path of the pages, if that folder was opened.
    """

    files: Files
    kind: LayoutKind | None = None
    base: str | None = None
    pages: str | None = None


def _found(path: Path, report: Report, kind: LayoutKind | None, limits: Limits, options: LayoutOptions) -> _Found:
    try:
        if path.is_dir():
            return _found_in_folder(path, report, kind, limits, options)
        if path.is_file():
            if options.savedir is not None:
                raise SourceError(f"{path}: savedir goes with a folder, and this is an archive")
            if path.suffix.lower() == _SUFFIX:
                raise SourceError(f"{path}: a single page; dokuwiki-data parse shows it, dokuwiki_data.parse reads it")
            is_crawl = re.fullmatch(r".*-[0-9]{8}-pages\.7z", path.name) is not None
            return _Found(_open_archive(path, report, limits), kind="dumper" if is_crawl else None)
        path.stat()
    except OSError as error:
        raise FolderError(f"{path}: {reason_of(error)}") from error
    raise FolderError(f"{path}: neither a folder nor an archive")


def _open_archive(path: Path, report: Report, limits: Limits) -> Files:
    """Open an archive; its content decides on the format. Raises `ArchiveError` if nothing can be read."""
    with path.open("rb") as file:
        start = file.read(6)
    if start.startswith((b"PK\3\4", b"PK\5\6")):
        return zip_files(path, report, limits)
    if start == b"7z\xbc\xaf\x27\x1c":
        return SevenZipFiles([path], path, report, limits)
    return TarFiles(path, report, limits)


def _found_in_folder(
    path: Path, report: Report, kind: LayoutKind | None, limits: Limits, options: LayoutOptions
) -> _Found:
    if not (path / "pages").is_dir() and (crawl := crawl_in_archives(path, report, limits)):
        return _Found(crawl, kind="dumper")
    named = [options.savedir] if options.savedir is not None else []
    given = [options.settings.get(name) for name in ("savedir", *FOLDERS.values())]
    named += [place for way in given if isinstance(way, str) and way and (place := path / way).is_dir()]
    if kind not in ("texts", "dumper"):
        real = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link, and `..` has no name
        if part := _part_of_more(real):
            root, base, pages = part
            return _Found(FolderFiles(root, limits, [real, *named]), None, base, pages)
    return _Found(FolderFiles(path, limits, named))


def _part_of_more(opened: Path) -> tuple[Path, str, str | None] | None:
    """Return the folder around an opened data or pages folder if what is beside belongs to the same wiki, else None.

    With it come the paths of the data and, if they were opened, of the pages.
    """
    is_pages = opened.name == "pages" and not any((opened / name).is_dir() for name in DATA_FOLDERS)
    if (opened / "pages").is_dir() and not is_pages:
        return (opened.parent, opened.name, None) if has_settings(opened.parent / "conf") else None
    if opened.name != "pages":
        return None
    data = opened.parent
    if not has_settings(data / "conf") and has_settings(data.parent / "conf"):
        return data.parent, data.name, join_path(data.name, "pages")
    return (data, "", "pages") if any((data / name).is_dir() for name in DATA_FOLDERS) else None


def _source(
    files: Files,
    kind: LayoutKind | None,
    file_names: Encoding | None = None,
    options: LayoutOptions = LayoutOptions(),
) -> WikiSource:
    # A folder ``pages`` within a folder ``pages`` is a namespace, unless the outer one contains a whole wiki.
    folders = files.names("").folders
    is_pages = files.place.name == "pages" and not ("pages" in folders and folders & DATA_FOLDERS)
    if kind in (None, "pages", "data") and is_pages:
        layout: Layout | None = pages_only_layout(kind or "pages")
    else:
        layout = find_layout(files, kind, options)
    if layout is None:
        if kind is None:
            raise SourceError(f"{files.place}: contains no pages (.txt)")
        raise SourceError(f"{files.place}: contains no wiki of the layout {kind} ({DESCRIPTIONS[kind]})")
    layout = replace(layout, notes=(*layout.notes, *links_out(files, layout)))
    settings = _settings(files, layout, options.settings)
    encoding = file_names or layout.file_names or settings.file_names
    return WikiSource(files, layout, settings, encoding, has_mixed_names=file_names is None)


def _settings(files: Files, layout: Layout, given: Mapping[str, Literal]) -> Settings:
    conf = layout.conf
    if conf is None:
        return read_settings(lambda name: None, given=given) if given else Settings()
    versions = (text for home in layout.homes if (text := _text(files, join_path(home, "VERSION"))))
    installed = {name for home in layout.homes for name in files.names(join_path(home, "lib/plugins")).folders}
    return read_settings(lambda name: _text(files, join_path(conf, name)), next(versions, "").strip(), installed, given)


def _text(files: Files, path: str) -> str | None:
    try:
        return files.read(path).decode("utf-8", "surrogateescape")
    except PageReadError:
        return None
