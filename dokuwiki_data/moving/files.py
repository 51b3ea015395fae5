"""The files that belong to a page or a media file, and where they are after a move."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.moving.renaming import IdMap
from dokuwiki_data.wiki.file_names import file_name
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.files_by_id import FilesById
from dokuwiki_data.wiki.sources.source import PAGE_SUFFIX, MediaFile, PageFile, WikiSource

#: What follows the name of a page in its files in the meta folder and in the attic.
_META, _ATTIC = re.compile(r"\.[^.]+"), re.compile(r"\.[0-9]+\.txt(?:\.gz|\.bz2)?")
#: The file by which users are subscribed to a namespace.
_SUBSCRIPTIONS = ".mlist"


class MovedFile(NamedTuple):
    """A file and its new place. Paths are below the root of the source."""

    old: str
    new: str


def page_path(source: WikiSource, page_id: str) -> str:
    """Return the path of a page's file."""
    return join_path(source.layout.pages, file_name(page_id, source.file_names) + PAGE_SUFFIX)


def files_of_page(source: WikiSource, file: PageFile, new: str) -> Iterator[MovedFile]:
    """Iterate over the files of a page besides its text: changelog, metadata, old states."""
    layout = source.layout
    if not layout.is_pages_only:
        yield from _beside(source, source.meta_files, layout.meta, file.page_id, new, _META)
        yield from _beside(source, source.attic_files, layout.attic, file.page_id, new, _ATTIC)


def files_of_media(source: WikiSource, file: MediaFile, new: str) -> Iterator[MovedFile]:
    """Iterate over the files of a media file: itself, its changelog, its old states."""
    layout, old = source.layout, file.media_id
    yield MovedFile(file.path, join_path(layout.media, file_name(new, source.file_names)))
    yield from _beside(source, _finder(source, layout.media_meta), layout.media_meta, old, new, _META)
    stem, dot, suffix = old.rpartition(".")
    new_stem = new.rpartition(".")[0]
    states = re.compile(rf"\.[0-9]+\.{re.escape(suffix)}") if dot else re.compile(r"\.[0-9]+\.?")
    attic = _finder(source, layout.media_attic)
    yield from _beside(source, attic, layout.media_attic, stem if dot else old, new_stem if dot else new, states)


def subscriptions(source: WikiSource, moves: IdMap) -> Iterator[MovedFile]:
    """Iterate over the lists of those who are subscribed to a namespace that moves."""
    meta = source.layout.meta
    for old, new in moves.namespaces.items() if not source.layout.is_pages_only else ():
        for path in source.meta_files.files(old.removesuffix(":")).get(_SUBSCRIPTIONS, ()):
            yield MovedFile(path, join_path(meta, file_name(new.removesuffix(":"), source.file_names), _SUBSCRIPTIONS))


def _finder(source: WikiSource, folder: str) -> FilesById:
    return FilesById(source.files, folder, source.file_names, source.has_mixed_names)


def _beside(
    source: WikiSource, found: FilesById, folder: str, old: str, new: str, behind: re.Pattern[str]
) -> Iterator[MovedFile]:
    """Iterate over the files of a folder whose names are that of an id and something behind it."""
    name = old.rpartition(":")[2]
    by_name: Mapping[str, tuple[str, ...]] = found.files(namespace_of(old))
    for file, paths in by_name.items():
        if file.startswith(name) and behind.fullmatch(file, len(name)):
            for path in paths:
                yield MovedFile(path, join_path(folder, file_name(new, source.file_names) + file[len(name) :]))


def folders_above(path: str, roots: tuple[str, ...]) -> Iterator[str]:
    """Iterate over the folders around a file that are below one of some folders, the deepest first."""
    folder = path.rpartition("/")[0]
    while folder and folder not in roots and any(not root or folder.startswith(f"{root}/") for root in roots):
        yield folder
        folder = folder.rpartition("/")[0]
