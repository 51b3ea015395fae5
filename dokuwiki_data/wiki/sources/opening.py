"""A wiki as a source of pages, wherever it lies: `open_source`."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.errors import FolderError, PageReadError, SourceError, reason_of
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.file_names import Encoding, file_name, id_of_file
from dokuwiki_data.wiki.settings import SETTINGS_FILES, Settings, read_settings
from dokuwiki_data.wiki.sources.archives import TarFiles, ZipFiles, is_zip
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, FileEntry, Files, Limits, MemoryFiles, Report, joined
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.layouts import Kind, Layout, find_layout

_SUFFIX = ".txt"


class PageFile(NamedTuple):
    """The file of a page: its path below the source's root, and its time of change in Unix seconds, if known."""

    page_id: str
    path: str
    modified: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A wiki's files, and how the wiki lies in them."""

    files: Files
    layout: Layout
    settings: Settings
    file_names: Encoding

    @property
    def description(self) -> str:
        """What it was taken for, in one line."""
        pages = self.files.place / self.layout.pages
        return f"{self.layout}, pages in {pages}, names of files {self.file_names}"

    def pages(self, report: Report) -> list[PageFile]:
        """The files of all pages, by page id in the order of code points.

        Every file named ``….txt`` counts (real wikis have a mere ``.txt`` too). Of two for one id the one that
        DokuWiki would read is taken; what is lost goes to ``report``.
        """
        found: dict[str, FileEntry] = {}
        for file in self.files.walk(self.layout.pages, _SUFFIX, report):
            page_id = self.id_of(file.path)
            other = found.get(page_id)
            if other is not None:
                kept, lost = sorted((other, file), key=partial(self._is_not_the_one, page_id))
                report(PageReadError(self.files.place / lost.path, f"not read, {kept.path} is the same page"))
                file = kept
            found[page_id] = file
        return [PageFile(page_id, file.path, self._modified(file)) for page_id, file in sorted(found.items())]

    def read(self, path: str) -> bytes:
        """What a file holds. Raises `PageReadError`."""
        return self.files.read(path)

    def id_of(self, path: str) -> str:
        """The id of the page with a file of this path, whether it is there or not.

        A name that DokuWiki would never write stays as it is.
        """
        name = self.below_pages(path)
        if self.file_names == "utf-8":
            return unicodedata.normalize("NFC", name).replace("/", ":")
        page_id = id_of_file(name, self.file_names)
        written_by_dokuwiki = ("%" in name or "]" in name) and file_name(page_id, self.file_names) == name
        return page_id if written_by_dokuwiki else name.replace("/", ":")

    def below_pages(self, path: str) -> str:
        """What the path of a page's file says of its id: without the folder of the pages and the ending."""
        return path[len(self.layout.pages) + 1 if self.layout.pages else 0 :].removesuffix(_SUFFIX)

    def changes(self, path: str) -> list[Change]:
        """The history of a page by the path of its file, oldest first; empty if there is none."""
        try:
            content = self.files.read(joined(self.layout.meta, self.below_pages(path) + ".changes"))
        except PageReadError:
            return []
        return parse_changes(content.decode("utf-8", "surrogateescape"))

    def _modified(self, file: FileEntry) -> int | None:
        if self.layout.times == "files":
            return file.modified
        changes = self.changes(file.path)
        return changes[-1].time if changes else None

    def _is_not_the_one(self, page_id: str, file: FileEntry) -> tuple[bool, str]:
        return self.below_pages(file.path) != file_name(page_id, self.file_names), file.path


def open_source(
    path: Path,
    report: Report,
    *,
    kind: Kind | None = None,
    file_names: Encoding | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Source:
    """The wiki at a path: a folder, a zip or a tar of any packing.

    What it is is found from what is there, unless ``kind`` and ``file_names`` say it.

    Raises `FolderError` or `ArchiveError` if it cannot be read at all, `SourceError` if there is no wiki in it.
    """
    files, around = _files(path, report, limits)
    return _source(files, kind, file_names, around)


def source_of_texts(texts: Mapping[str, str], modified: Mapping[str, int] | None = None) -> Source:
    """A wiki in memory: texts, and if known times of change, by page id."""
    paths = {page_id: page_id.replace(":", "/") + _SUFFIX for page_id in texts}
    files = MemoryFiles(
        {paths[page_id]: text for page_id, text in texts.items()},
        {paths[page_id]: time for page_id, time in (modified or {}).items() if page_id in paths},
    )
    return Source(files, Layout("texts", "", ""), Settings(), "utf-8")


def source_of_files(files: Files, kind: Kind | None = None, file_names: Encoding | None = None) -> Source:
    """The wiki in files of any kind. Raises `SourceError` if there is none."""
    return _source(files, kind, file_names, "")


def _files(path: Path, report: Report, limits: Limits) -> tuple[Files, str]:
    """The files at a path, and the folder among them that was meant, since a data folder lies in an installation."""
    try:
        if path.is_dir():
            real = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a link, and `..` has no name
            if (real.parent / "conf" / SETTINGS_FILES[0]).is_file() and (real / "pages").is_dir():
                return FolderFiles(real.parent, limits), real.name
            return FolderFiles(path, limits), ""
        if path.is_file():
            return (ZipFiles if is_zip(path) else TarFiles)(path, report, limits), ""
        path.stat()
    except OSError as error:
        raise FolderError(f"{path}: {reason_of(error)}") from error
    raise FolderError(f"{path}: neither a folder nor an archive")


def _source(files: Files, kind: Kind | None, file_names: Encoding | None, meant: str) -> Source:
    if meant and kind in (None, "data", "installation"):
        layout: Layout | None = Layout("installation", meant, joined(meant, "pages"), "conf")
    elif kind is None and files.place.name == "pages":
        layout = Layout("pages", "", "")
    else:
        layout = find_layout(files, kind)
    if layout is None:
        what = "no pages (.txt) in it" if kind is None else f"no such layout in it: {kind}"
        raise SourceError(f"{files.place}: {what}")
    settings = _settings(files, layout)
    return Source(files, layout, settings, file_names or layout.file_names or settings.file_names)


def _settings(files: Files, layout: Layout) -> Settings:
    if layout.conf is None:
        return Settings()
    version = _text(files, joined(layout.conf.rpartition("/")[0], "VERSION")) or ""
    return read_settings(lambda name: _text(files, joined(layout.conf or "", name)), version.strip())


def _text(files: Files, path: str) -> str | None:
    try:
        return files.read(path).decode("utf-8", "surrogateescape")
    except PageReadError:
        return None
