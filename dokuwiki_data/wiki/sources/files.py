"""The protocol behind which every place that a wiki may lie in looks the same: files by path, that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from dokuwiki_data.errors import PageReadError

#: Told about everything that cannot be read.
Report = Callable[[PageReadError], None]

MEBIBYTE = 1 << 20


class FileEntry(NamedTuple):
    """A file below the root: its path with ``/`` between folders; its time of change in Unix seconds and its bytes."""

    path: str
    modified: int | None
    size: int | None = None


class Names(NamedTuple):
    """What is directly in a folder."""

    folders: frozenset[str]
    files: frozenset[str]


class Files(Protocol):
    """Files below a root, wherever it is. Paths are relative to it; ``""`` is the root itself."""

    @property
    def place(self) -> Path:
        """Where the root is, for messages."""
        ...

    def names(self, folder: str) -> Names:
        """What is directly in a folder; nothing, if there is no such folder."""
        ...

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        """Every file below a folder whose name ends with ``suffix``, in any order; what is lost goes to ``report``."""
        ...

    def read(self, path: str) -> bytes:
        """What a file holds. Raises `PageReadError`."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read at most, so that a small archive cannot fill the memory. Both are numbers of bytes.

    ``file``: of one file. ``total``: of everything in an archive, once unpacked; None: 200 times the archive's own
    size and at least 256 MiB.
    """

    file: int = 64 * MEBIBYTE
    total: int | None = None

    def total_for(self, archive_size: int) -> int:
        """The limit for an archive of so many bytes."""
        return max(200 * archive_size, 256 * MEBIBYTE) if self.total is None else self.total


DEFAULT_LIMITS = Limits()


class Listing:
    """The files of a place that can only be listed as a whole, found by folder."""

    def __init__(self, files: Iterable[FileEntry]) -> None:
        self._files: dict[str, FileEntry] = {file.path: file for file in files}
        self._folders: dict[str, tuple[set[str], set[str]]] = {"": (set(), set())}
        for path in self._files:
            folder, _, name = path.rpartition("/")
            self._of(folder)[1].add(name)

    def _of(self, folder: str) -> tuple[set[str], set[str]]:
        missing = []
        while folder not in self._folders:
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        for made in reversed(missing):
            above, _, name = made.rpartition("/")
            self._folders[above][0].add(name)
            self._folders[made] = (set(), set())
        return self._folders[missing[0] if missing else folder]

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def names(self, folder: str) -> Names:
        """What is directly in a folder."""
        folders, files = self._folders.get(folder, ((), ()))
        return Names(frozenset(folders), frozenset(files))

    def walk(self, folder: str, suffix: str) -> Iterator[FileEntry]:
        """Every file below a folder whose name ends with ``suffix``."""
        above = folder + "/" if folder else ""
        return (file for path, file in self._files.items() if path.startswith(above) and path.endswith(suffix))


class MemoryFiles:
    """Files in memory: a mapping of paths to what they hold."""

    def __init__(self, content: Mapping[str, bytes | str], modified: Mapping[str, int] | None = None) -> None:
        """``modified``: when the files that it names changed last, in Unix seconds."""
        self._content = content
        times = modified or {}
        self._listing = Listing(FileEntry(path, times.get(path), len(_bytes(content[path]))) for path in content)

    @property
    def place(self) -> Path:
        return Path("memory")

    def names(self, folder: str) -> Names:
        return self._listing.names(folder)

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        return self._listing.walk(folder, suffix)

    def read(self, path: str) -> bytes:
        if path not in self._listing:
            raise PageReadError(self.place / path, "no such file")
        return _bytes(self._content[path])


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content


def joined(*steps: str) -> str:
    """A path of steps, of which some may be empty."""
    return "/".join(step for step in steps if step)
