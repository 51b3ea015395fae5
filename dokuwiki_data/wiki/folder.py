"""A folder as a source of pages: which of its files are pages, what their ids are, and what they hold."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.errors import FolderError, PageReadError, reason_of

_SUFFIX = ".txt"

_log = logging.getLogger(__name__)


class PageText(NamedTuple):
    """What the file of a page holds: its text, and its time of modification in Unix seconds."""

    text: str
    modified: int


@dataclass(frozen=True, slots=True)
class PageFile:
    """The file of a page. ``page_id`` is its path as it is, nothing cleaned or decoded: ``a/b_c.txt`` is ``a:b_c``."""

    page_id: str
    path: Path

    def read(self) -> PageText:
        """The page's text and time; bytes that are not UTF-8 become lone surrogates.

        Raises `PageReadError` where there is no regular file, or none that may be read.
        """
        return read_page(self.path)


def read_page(path: Path) -> PageText:
    """What a page's file holds; see `PageFile.read`."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PageReadError(path, "is a folder")
        if not stat.S_ISREG(status.st_mode):  # reading from a pipe could take for ever
            raise PageReadError(path, "is not a regular file")
        text = decoded(path.read_bytes())
    except OSError as error:
        raise PageReadError(path, reason_of(error)) from error
    return PageText(text, int(status.st_mtime))


def decoded(content: bytes) -> str:
    """The text of a file, from which the same bytes can be made again: what is not UTF-8 becomes lone surrogates."""
    return content.decode("utf-8", "surrogateescape")


def pages_folder(source: Path) -> Path:
    """Where the pages of ``source`` are: in its ``pages``, if it is a wiki's ``data`` folder, else in itself.

    A folder is taken for a ``data`` folder if it has a folder ``pages`` and either no ``.txt`` of its own
    or a folder ``meta`` or ``attic`` as well.

    Raises `FolderError` if ``source`` is no folder, or one that may not be read.
    """
    try:
        has_pages_of_its_own = any(path.name.endswith(_SUFFIX) for path in source.iterdir())
    except OSError as error:
        raise FolderError(f"{source}: {reason_of(error)}") from error
    pages = source / "pages"
    if source.name == "pages" or not _is_folder(pages):
        return source
    is_data_folder = _is_folder(source / "meta") or _is_folder(source / "attic")
    return source if has_pages_of_its_own and not is_data_folder else pages


def find_pages(source: Path, report: Callable[[PageReadError], None]) -> list[PageFile]:
    """The files of all pages below ``source``, by page id in the order of code points.

    Every file named ``….txt`` counts (real wikis have a mere ``.txt`` too), whether it can be read or not:
    `PageFile.read` will say. Nothing outside of the folder is read: links to folders are not followed, nor
    are links that lead out of it. What is lost by that, and folders that may not be read, goes to ``report``.

    Raises `FolderError` if ``source`` is no folder.
    """
    root = pages_folder(source)
    real_root = os.path.realpath(root)
    found = []
    waiting = [(root, "")]
    while waiting:
        folder, namespace = waiting.pop()
        try:
            with os.scandir(folder) as scanned:
                entries = sorted(scanned, key=lambda entry: entry.name)
        except OSError as error:
            report(PageReadError(folder, reason_of(error)))
            continue
        for entry in entries:
            path = Path(entry.path)
            is_page = entry.name.endswith(_SUFFIX)
            if entry.is_symlink() and (is_page or _is_folder(path)):
                if not Path(os.path.realpath(path)).is_relative_to(real_root):
                    report(PageReadError(path, f"not followed, since the link leads out of {root}"))
                    continue
                if _is_folder(path):
                    _log.info("%s: not followed, since it is a link to a folder of this wiki", path)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append((path, f"{namespace}{entry.name}:"))
            if is_page:
                found.append(PageFile(namespace + entry.name.removesuffix(_SUFFIX), path))
    return sorted(found, key=lambda file: file.page_id)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # on the way there something may not be read
        return False
