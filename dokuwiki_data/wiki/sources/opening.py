"""A wiki as a source of pages, wherever it lies: `open_source`."""

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
    """The file of a page: its path below the source's root, and its time of change in Unix seconds, if known."""

    page_id: str
    path: str
    modified: int | None


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of a wiki: its id, its path, its bytes and its time of change in Unix seconds, if they are known."""

    media_id: str
    path: str
    size: int | None
    modified: int | None
    _files: Files = field(repr=False, compare=False)

    def read(self) -> bytes:
        """Return what the file holds. Raises `PageReadError`."""
        return self._files.read(self.path)


@dataclass(frozen=True)
class WikiSource:
    """The files of a wiki, and how the wiki is laid out in them.

    ``file_names`` is the encoding of ids in file names; with ``has_mixed_names``, other encodings are read too. With
    ``has_given_pages``, all pages were given one by one, so all of them are listed, whatever their ids are.
    """

    files: Files
    layout: Layout
    settings: Settings
    file_names: Encoding
    has_mixed_names: bool = True
    has_given_pages: bool = False

    @property
    def description(self) -> str:
        """What it was taken for, in one line."""
        files = self.files
        pages = files.path(self.layout.pages) if isinstance(files, FolderFiles) else files.place / self.layout.pages
        beside = [name for name in files.names(self.layout.base).files if name.endswith(_SUFFIX)]
        left_out = f", without {len(beside)} texts beside" if beside and not self.layout.is_pages_only else ""
        return f"{self.layout}, pages in {pages}{left_out}, names of files {self.file_names}"

    def pages(self, report: Report) -> list[PageFile]:
        """The files of all pages, by page id in the order of code points.

        Every file named ``….txt`` counts (real wikis have a mere ``.txt`` too). Of two for one id the one that
        DokuWiki would read is taken; what is lost goes to ``report``.
        """
        walked = self.files.walk(self.layout.pages, _SUFFIX, report)
        found = sorted(PageFile(self.id_of(file.path), file.path, self._modified(file)) for file in walked)
        # All in one list, of which some are taken out, since a dictionary of large wikis took 5 MB more.
        at = 0
        for _, same in groupby(found, key=attrgetter("page_id")):
            kept, *lost = sorted(same, key=self._is_not_the_one)
            for file in lost:
                report(PageReadError(self.files.place / file.path, f"not read, {kept.path} is the same page"))
            found[at] = kept
            at += 1
        del found[at:]
        return found

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
                report(PageReadError(self.files.place / file.path, f"not listed, {other.path} is the same file"))
        return found

    def read(self, path: str) -> bytes:
        """What a file holds. Raises `PageReadError`."""
        return self.files.read(path)

    def id_of(self, path: str) -> str:
        """The id of the page with a file of this path, whether it is there or not.

        A name that DokuWiki would never write stays as it is.
        """
        return self.id_of_name(self.relative_name(path))

    def id_of_name(self, name: str) -> str:
        """The id that the path of a file below its folder stands for, without its ending."""
        return id_of_path(name, self.file_names, self.has_mixed_names)

    @property
    def is_listed(self) -> Callable[[str], bool]:
        """Whether DokuWiki's search finds a page by its id, see `is_listed`. It can travel (pickle)."""
        known = (self.settings.id_rules,) if self.layout.conf is not None else self.settings.possible_ids
        return partial(is_listed, rules=None if self.has_given_pages else known)

    @cached_property
    def meta_files(self) -> FilesById:
        """Finds what the wiki notes about its pages."""
        return self._finder(self.layout.meta)

    @cached_property
    def attic_files(self) -> FilesById:
        """Finds the old states of pages."""
        return self._finder(self.layout.attic)

    def _finder(self, folder: str) -> FilesById:
        return FilesById(
            self.files, None if self.layout.is_pages_only else folder, self.file_names, self.has_mixed_names
        )

    def meta_paths(self, path: str, ending: str) -> list[str]:
        """The paths of what the wiki notes about the page with a file of this path: the one of the same name first.

        That one need not be there; the others have names in other encodings.
        """
        if self.layout.is_pages_only:
            return []
        same = join_path(self.layout.meta, self.relative_name(path) + ending)
        return [same, *(found for found in self.meta_files.find(self.id_of(path), ending) if found != same)]

    def relative_name(self, path: str) -> str:
        """What the path of a page's file says of its id: without the folder of the pages and the ending."""
        return path[len(self.layout.pages) + 1 if self.layout.pages else 0 :].removesuffix(_SUFFIX)

    def changes(self, path: str) -> list[Change]:
        """The history of a page by the path of its file, oldest first; empty if there is none."""
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
    """The wiki at a path: a folder, a zip or a tar of any packing.

    What is there says what kind of wiki it is, how it writes the names of files, and how it reads pages, unless
    ``kind``, ``file_names``, ``release`` and ``plugins`` (see `dokuwiki_data.plugins.chosen`) say otherwise.
    ``settings`` override those of the wiki, by name: ``{"useslash": True, "plugin/data/rownumbers": 1}``.

    Nothing outside of ``path`` is read or written, whatever settings and links say, but of an opened data or pages
    folder what belongs to it beside, and ``savedir``: the folder of the wiki's data where it lies elsewhere, or one
    into which its settings or links lead. What leads elsewhere is options in `Layout.notes`, in a line each.

    Raises `FolderError` or `ArchiveError` if it cannot be read at all, `SourceError` if there is no wiki in it or a
    link leads out of it to the pages, `ValueError` for a kind, encoding, release or plugin that is not known and for
    a setting that is no plain value.
    """
    _check(kind, file_names, settings)
    options = LayoutOptions(settings or {}, savedir)
    found = _found(path, report, kind, limits, options)
    options = replace(options, base=found.base, pages=found.pages)
    source = _source(found.files, kind or found.kind, file_names, options)
    syntax = source.settings.syntax.chosen(release, plugins)
    return replace(source, settings=replace(source.settings, syntax=syntax))


def log_notes(source: WikiSource) -> WikiSource:
    """The source, after what people should know about where it lies is in the log."""
    for line in source.layout.notes:
        _log.warning("%s", line)
    return source


def source_of_texts(texts: Mapping[str, str], modified: Mapping[str, int] | None = None) -> WikiSource:
    """A wiki in memory: texts, and if known times of change, by page id."""
    paths = {page_id: page_id.replace(":", "/") + _SUFFIX for page_id in texts}
    files = MemoryFiles(
        {paths[page_id]: text for page_id, text in texts.items()},
        {paths[page_id]: time for page_id, time in (modified or {}).items() if page_id in paths},
    )
    return WikiSource(files, pages_only_layout("texts"), Settings(), "utf-8", has_given_pages=True)


def source_of_files(files: Files, kind: LayoutKind | None = None, file_names: Encoding | None = None) -> WikiSource:
    """The wiki in files of any kind. Raises `SourceError` if there is none."""
    return _source(files, kind, file_names)


def _check(kind: str | None, file_names: str | None, settings: Mapping[str, Literal] | None) -> None:
    for what, options, known in (("layout", kind, DESCRIPTIONS), ("file_names", file_names, get_args(Encoding))):
        if options is not None and options not in known:
            raise ValueError(f"unknown {what} {options!r}; known: {', '.join(known)}")
    check_settings(settings or {})


class _Found(NamedTuple):
    """The files at a path, what kind of wiki they are, if that is known, and where in them what was opened lies."""

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
    """The files of an archive, whatever it is called. Raises `ArchiveError` if nothing of it can be read."""
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
    """The folder around one that was opened, if what is beside counts too: around a wiki's data, or around its pages.

    With it come the paths of the data and, if they were opened, of the pages. None: nothing beside counts.
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
    # A folder ``pages`` with another one in it has a namespace of that name, unless it holds a whole wiki.
    folders = files.names("").folders
    is_pages = files.place.name == "pages" and not ("pages" in folders and folders & DATA_FOLDERS)
    if kind in (None, "pages", "data") and is_pages:
        layout: Layout | None = pages_only_layout(kind or "pages")
    else:
        layout = find_layout(files, kind, options)
    if layout is None:
        what = "no pages (.txt) in it" if kind is None else f"no such layout in it: {kind}"
        raise SourceError(f"{files.place}: {what}")
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
