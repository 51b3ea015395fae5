"""Open a wiki wherever it is, as a source of pages, media files and histories."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, get_args

from dokuwiki_data.errors import FolderError, SourceError, reason_of
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.wiki.conf import Literal
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.journals import JOURNAL, read_progress
from dokuwiki_data.wiki.settings import Settings, check_settings, read_settings
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, Files, Limits, MemoryFiles, Report, join_path
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.folder_settings import FOLDERS, LayoutOptions, has_settings
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
from dokuwiki_data.wiki.sources.source import PAGE_SUFFIX, WikiSource, read_text
from dokuwiki_data.wiki.sources.tars import TarFiles
from dokuwiki_data.wiki.sources.zips import zip_files

_log = logging.getLogger(__name__)


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
    flavour: str | None = None,
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
        flavour: The flavour of the syntax; by default that of the wiki, see `Syntax`.
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
    syntax = source.settings.syntax.chosen(release, plugins, flavour)
    return replace(source, settings=replace(source.settings, syntax=syntax))


def log_notes(source: WikiSource) -> WikiSource:
    """Log the notes about the layout of a source, and return the source."""
    for line in source.layout.notes:
        _log.warning("%s", line)
    return source


def source_of_texts(texts: Mapping[str, str], modified: Mapping[str, int] | None = None) -> WikiSource:
    """Return a wiki in memory, from texts and times of change by page id."""
    paths = {page_id: page_id.replace(":", "/") + PAGE_SUFFIX for page_id in texts}
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
        raise TypeError(f"limit must be a number of bytes, not {limits.total!r}")
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
                raise SourceError(f"{path}: savedir requires a folder, and this is an archive")
            if path.suffix.lower() == PAGE_SUFFIX:
                raise SourceError(
                    f"{path}: a single page; dokuwiki-data parse shows it, dokuwiki_data.read_page reads it"
                )
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
    layout = replace(layout, notes=(*layout.notes, *links_out(files, layout), *_interrupted(files, layout)))
    settings = _settings(files, layout, options.settings)
    encoding = file_names or layout.file_names or settings.file_names
    return WikiSource(files, layout, settings, encoding, has_mixed_names=file_names is None)


def _interrupted(files: Files, layout: Layout) -> Iterator[str]:
    """Iterate over a note about a move that was not finished, if there was one."""
    if isinstance(files, FolderFiles) and JOURNAL in files.names(layout.base).folders:
        progress = read_progress(files.path(layout.base))
        if progress is not None and not progress.is_finished:
            yield f"{files.path(layout.base)}: {progress}"


def _settings(files: Files, layout: Layout, given: Mapping[str, Literal]) -> Settings:
    conf = layout.conf
    if conf is None:
        return read_settings(lambda name: None, given=given) if given else Settings()
    versions = (text for home in layout.homes if (text := read_text(files, join_path(home, "VERSION"))))
    return read_settings(
        lambda name: read_text(files, join_path(conf, name)),
        next(versions, "").strip(),
        installed_plugins(files, layout),
        given,
    )


def installed_plugins(files: Files, layout: Layout) -> set[str]:
    """Return the names of the folders in ``lib/plugins``; none if the wiki's programs are not part of what is read."""
    return {name for home in layout.homes for name in files.names(join_path(home, "lib/plugins")).folders}
