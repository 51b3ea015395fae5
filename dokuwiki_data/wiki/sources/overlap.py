"""Refuse output that would overwrite a file of the wiki that is read, under whatever name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from dokuwiki_data.errors import OutputError
from dokuwiki_data.wiki.sources.files import Files
from dokuwiki_data.wiki.sources.folder import FolderFiles

#: The start of records and reports of this library, which may be overwritten.
_OWN = re.compile(rb'(?:\[?\s*\{\s*"format": ?"dokuwiki-data/(?:page|report)"|---\nformat: dokuwiki-data/page\n)')
_PAGE = ".txt"


def refuse_file(files: Files, path: Path) -> None:
    """Raise `OutputError` for the path of a file of the source, also if it is a symbolic or hard link to one.

    Records and reports that an earlier run has written into the folder of the wiki may be overwritten.
    """
    real = Path(os.path.realpath(path))
    if not real.is_file():
        return
    is_inside = any(real.is_relative_to(folder) for folder in _folders(files)) and not _is_own(real)
    if is_inside or any(os.path.samestat(status, real.stat()) for status in _same_names(files, real)):
        raise OutputError(f"{path}: is a file of {files.place}, which is not overwritten")


def refuse_folder(files: Files, folder: Path, *, is_replaced: bool = False) -> None:
    """Raise `OutputError` for an output folder that is within the folder of the source.

    Args:
        files: The files of the source.
        folder: The output folder.
        is_replaced: Whether the whole folder is replaced, so that the source may not be within it, either.
    """
    real = Path(os.path.realpath(folder))
    holds_source = is_replaced and Path(os.path.realpath(files.place)).is_relative_to(real)
    if holds_source:
        raise OutputError(f"{folder}: would be replaced, and {files.place} is in it")
    if any(real.is_relative_to(place) for place in _folders(files)):
        raise OutputError(f"{folder}: is in {files.place}; nothing is written between the files of a wiki")


def _folders(files: Files) -> list[Path]:
    """Return the folders that the source is read from; none if it is an archive."""
    if isinstance(files, FolderFiles):
        return files.folders
    return [Path(os.path.realpath(files.place))] if files.place.is_dir() else []


def _same_names(files: Files, real: Path) -> Iterator[os.stat_result]:
    """Yield the status of all files of the source that may be the same as a given one."""
    if not files.place.is_dir():
        if files.place.exists():
            yield files.place.stat()
    elif real.stat().st_nlink > 1:
        for place in _folders(files):
            for folder, _, names in os.walk(place):
                for name in names:
                    try:
                        yield (Path(folder) / name).stat()
                    except OSError:  # a broken link
                        continue


def _is_own(path: Path) -> bool:
    try:
        with path.open("rb") as opened:
            return path.suffix != _PAGE and _OWN.match(opened.read(100)) is not None
    except OSError:
        return False
