"""Read the files of a folder, and of other folders that the caller names; links to anywhere else are not followed."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Collection, Iterable, Iterator
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
    """The files below a folder, by relative path, and below other named folders, by absolute path."""

    def __init__(self, root: Path, limits: Limits = DEFAULT_LIMITS, named: Iterable[Path] = ()) -> None:
        """Open the folders. Raises `FolderError` if one of them cannot be read."""
        self._root = root
        self._limits = limits
        self._allowed: list[str] = []
        #: The folder of the last file that was read, which is known to be allowed.
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
        """The real paths of the root and of the named folders."""
        return list(map(Path, self._allowed))

    def path(self, path: str) -> Path:
        """Return the place of a file, which need not exist."""
        return self._root / path

    def path_of(self, place: Path) -> str | None:
        """Return the path of a place, relative to the root or absolute below a named folder; None for other places."""
        place = Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links
        root = Path(os.path.abspath(self._root))  # noqa: PTH100
        if place.is_relative_to(root):
            found = place.relative_to(root).as_posix()
            return "" if found == "." else found
        return place.as_posix() if self.allows(place) else None

    def is_folder(self, path: str) -> bool:
        """Return whether a path is a folder that may be read."""
        place = self.path(path)
        return _is_folder(place) and self.allows(place)

    def allows(self, place: Path) -> bool:
        """Return whether the real path of a place is below the root or a named folder."""
        real = Path(os.path.realpath(place))
        return any(real.is_relative_to(folder) for folder in self._allowed)

    def link_out(self, path: str) -> Symlink | None:
        """Return the link in a path because of which it may not be read; None if it may be read."""
        if self.allows(self.path(path)):
            return None
        steps = path.split("/")
        for count in range(1, len(steps) + 1):
            place = self.path("/".join(steps[:count]))
            if place.is_symlink() and not self.allows(place):
                return Symlink(place, Path(os.path.realpath(place)))
        return None

    def names(self, folder: str) -> Names:
        """Return the names in a folder, without links that may not be followed."""
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
        """Yield all files below a folder whose names end with ``suffix``; report errors.

        Links to folders, and links that lead out of ``folder``, are not followed. Folders and devices with the name
        of a file are included, so that `read` reports them.
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
                        target = os.path.realpath(entry.path)
                        reason = f"not followed, since it is a link to {target}, outside of {start}"
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
        file = os.path.join(self._root, path)  # noqa: PTH118 - the methods of paths take as long as the files
        folder = path.rpartition("/")[0]
        # The last file was in the same folder in most cases, so that only links need to be checked.
        if (folder != self._inside or os.path.islink(file)) and not self.allows(Path(file)):  # noqa: PTH114
            link = self.link_out(path)
            what = f"{link.place} is a link to {link.target}" if link else "a link leads"
            raise PageReadError(Path(file), f"not followed, since {what}, outside of {self._root}")
        self._inside = folder
        return read_file(file, self._limits)

    def keeping(self, paths: Collection[str]) -> FolderFiles:
        return self


def read_file(path: Path | str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the content of a file. Raises `PageReadError` if it is not a regular file or may not be read."""
    try:
        status = os.stat(path)  # noqa: PTH116
        if stat.S_ISDIR(status.st_mode):
            raise PageReadError(Path(path), "is a folder")
        if not stat.S_ISREG(status.st_mode):  # reading a pipe might never end
            raise PageReadError(Path(path), "is not a regular file")
        if status.st_size > limits.file:
            raise PageReadError(Path(path), f"has more than {limits.file} bytes")
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        raise PageReadError(Path(path), reason_of(error)) from error


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
    except OSError:  # a folder above may not be read
        return False
