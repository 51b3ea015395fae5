"""Files of a folder. Nothing outside of it is read, whatever links are in it."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from dokuwiki_data.errors import FolderError, PageReadError, reason_of
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, FileEntry, Limits, Names, Report, joined

_log = logging.getLogger(__name__)


class FolderFiles:
    """The files below a folder of the disk; ``data``, if it lies elsewhere, stands for the folder of that name."""

    def __init__(self, root: Path, limits: Limits = DEFAULT_LIMITS, data: Path | None = None) -> None:
        """Raises `FolderError` if ``root`` is no folder, or one that may not be read."""
        self._root = root
        self._limits = limits
        self.data = data
        #: The folder of the last file that was read, if it is inside.
        self._inside: str | None = None
        try:
            with os.scandir(root):
                pass
        except OSError as error:
            raise FolderError(f"{root}: {reason_of(error)}") from error

    @property
    def place(self) -> Path:
        return self._root

    def path(self, path: str) -> Path:
        """Where a file of this path is, or would be."""
        first, _, rest = path.partition("/")
        return self._root / path if self.data is None or first != "data" else self.data / rest

    def names(self, folder: str) -> Names:
        """Links that lead out of the root are not among them."""
        folders: set[str] = {"data"} if self.data is not None and not folder else set()
        files: set[str] = set()
        root = self._root_of(folder)
        try:
            with os.scandir(self.path(folder)) as scanned:
                for entry in scanned:
                    if entry.is_symlink() and not _leads_into(Path(entry.path), root):
                        continue
                    (folders if _is_folder(Path(entry.path)) else files).add(entry.name)
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
        waiting = [folder]
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
                    waiting.append(joined(below, entry.name))
                    is_wanted = is_wanted and bool(suffix)
                if is_wanted:
                    yield _entry(joined(below, entry.name), entry)

    def read(self, path: str) -> bytes:
        file, root = self.path(path), self._root_of(path)
        folder = path.rpartition("/")[0]
        # Most files are no links, and lie in the folder of the file before.
        if (folder != self._inside or file.is_symlink()) and not _leads_into(file, root):
            raise PageReadError(file, f"not followed, since a link leads out of {root}")
        self._inside = folder
        return read_file(file, self._limits)

    def _root_of(self, path: str) -> Path:
        """What links to it or below it may not leave."""
        return self._root if self.data is None or path.partition("/")[0] != "data" else self.data


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
