"""Files of a folder, and of such others as somebody named. Nothing else is read, whatever links are in them."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.errors import FolderError, PageReadError, reason_of
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, FileEntry, Limits, Names, Report, join_path

_log = logging.getLogger(__name__)


class Symlink(NamedTuple):
    """A symbolic link: where it is, and where it leads."""

    place: Path
    target: Path


class FolderFiles:
    """The files below a folder of the disk, and below others that are ``named``, whose files have absolute paths."""

    def __init__(self, root: Path, limits: Limits = DEFAULT_LIMITS, named: Iterable[Path] = ()) -> None:
        """Raises `FolderError` if one of them is no folder, or one that may not be read."""
        self._root = root
        self._limits = limits
        self._allowed: list[str] = []
        #: The folder of the last file that was read, if it is inside.
        self._inside: str | None = None
        for folder in (root, *named):
            try:
                with os.scandir(folder):
                    self._allowed.append(os.path.realpath(folder))
            except OSError as error:
                raise FolderError(f"{folder}: {reason_of(error)}") from error

    @property
    def place(self) -> Path:
        return self._root

    @property
    def folders(self) -> list[Path]:
        """The root and the folders that were named, without links."""
        return list(map(Path, self._allowed))

    def path(self, path: str) -> Path:
        """Where a file of this path is, or would be."""
        return self._root / path

    def path_of(self, place: Path) -> str | None:
        """The path of a place, below the root or absolute below a folder that was named; None for any other place."""
        place = Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links
        root = Path(os.path.abspath(self._root))  # noqa: PTH100
        if place.is_relative_to(root):
            found = place.relative_to(root).as_posix()
            return "" if found == "." else found
        return place.as_posix() if self.allows(place) else None

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder that may be read."""
        place = self.path(path)
        return _is_folder(place) and self.allows(place)

    def allows(self, place: Path) -> bool:
        """Whether a place is below the root or a folder that was named, once all links are followed."""
        real = Path(os.path.realpath(place))
        return any(real.is_relative_to(folder) for folder in self._allowed)

    def link_out(self, path: str) -> Symlink | None:
        """The link on the way to a path that leads to where nothing is read; None if there is none."""
        if self.allows(self.path(path)):
            return None
        steps = path.split("/")
        for count in range(1, len(steps) + 1):
            place = self.path("/".join(steps[:count]))
            if place.is_symlink() and not self.allows(place):
                return Symlink(place, Path(os.path.realpath(place)))
        return None

    def names(self, folder: str) -> Names:
        """Links that lead to where nothing is read are not among them."""
        place = self.path(folder)
        if not self.allows(place):
            return Names(frozenset(), frozenset())
        folders: set[str] = set()
        files: set[str] = set()
        try:
            with os.scandir(place) as scanned:
                for entry in scanned:
                    is_link = entry.is_symlink()
                    if is_link and not self.allows(Path(entry.path)):
                        continue
                    is_there = _is_folder(Path(entry.path)) if is_link else entry.is_dir()
                    (folders if is_there else files).add(entry.name)
        except OSError:
            pass
        return Names(frozenset(folders), frozenset(files))

    def version(self, folder: str) -> object:
        try:
            return self.path(folder).stat().st_mtime_ns
        except OSError:
            return None

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        """Links to folders are not followed, nor are links that lead out of ``folder``.

        What has the name of a file but is none is among them too: `read` says what is wrong with it.
        """
        start = self.path(folder)
        waiting = [folder] if self.allows(start) else []
        while waiting:
            below = waiting.pop()
            try:
                with os.scandir(self.path(below)) as scanned:
                    entries = sorted(scanned, key=lambda entry: entry.name)
            except OSError as error:
                report(PageReadError(self.path(below), reason_of(error)))
                continue
            for entry in entries:
                is_wanted = entry.name.endswith(suffix)
                if entry.is_symlink() and (is_wanted or _is_folder(Path(entry.path))):
                    if not _leads_into(Path(entry.path), start):
                        reason = f"not followed, since the link leads out of {start}"
                        report(PageReadError(Path(entry.path), reason))
                        continue
                    if _is_folder(Path(entry.path)):
                        _log.info("%s: not followed, since it is a link to a folder of this wiki", entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(join_path(below, entry.name))
                    is_wanted = is_wanted and bool(suffix)
                if is_wanted:
                    yield _entry(join_path(below, entry.name), entry)

    def read(self, path: str) -> bytes:
        file = self.path(path)
        folder = path.rpartition("/")[0]
        # Most files are no links, and lie in the folder of the file before.
        if (folder != self._inside or file.is_symlink()) and not self.allows(file):
            raise PageReadError(file, f"not followed, since a link leads out of {self._root}")
        self._inside = folder
        return read_file(file, self._limits)


def read_file(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """What a file holds. Raises `PageReadError` where there is no regular file, or none that may be read."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PageReadError(path, "is a folder")
        if not stat.S_ISREG(status.st_mode):  # reading from a pipe could take for ever
            raise PageReadError(path, "is not a regular file")
        if status.st_size > limits.file:
            raise PageReadError(path, f"has more than {limits.file} bytes")
        return path.read_bytes()
    except OSError as error:
        raise PageReadError(path, reason_of(error)) from error


def _entry(path: str, found: os.DirEntry[str]) -> FileEntry:
    try:
        status = found.stat()
    except OSError:
        return FileEntry(path, None)
    return FileEntry(path, int(status.st_mtime // 1), status.st_size)


def _leads_into(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # on the way there something may not be read
        return False
