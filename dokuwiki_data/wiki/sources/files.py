"""The protocol for files in folders, archives and memory, a compact listing, and files in memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from dokuwiki_data.errors import PageReadError

#: Called with the error of each file or folder that cannot be read.
Report = Callable[[PageReadError], None]


def lost_into(lost: list[PageReadError], report: Report) -> Report:
    """Return a function that adds an error to what is lost, and reports it, unless one like it was added before."""
    known: set[str] = set()

    def lose(error: PageReadError) -> None:
        if str(error) not in known:
            known.add(str(error))
            lost.append(error)
            report(error)

    return lose


MEBIBYTE = 1 << 20


class FileEntry(NamedTuple):
    """A file.

    Attributes:
        path: Its path below the root, with ``/`` between folders.
        modified: The time of its last change in Unix seconds, if it is known.
        size: Its size in bytes, if it is known.
    """

    path: str
    modified: int | None
    size: int | None = None


class Names(NamedTuple):
    """The names of the folders and files directly in a folder."""

    folders: frozenset[str]
    files: frozenset[str]


class Files(Protocol):
    """Files below a root. Paths are relative to it; ``""`` is the root itself."""

    @property
    def place(self) -> Path:
        """The path of the root, for messages."""
        ...

    def names(self, folder: str) -> Names:
        """Return the names in a folder; none if it does not exist."""
        ...

    def version(self, folder: str) -> object:
        """Return a value that changes when files are added to a folder or removed from it."""
        ...

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        """Yield all files below a folder whose names end with ``suffix``, in any order; report errors."""
        ...

    def read(self, path: str) -> bytes:
        """Return the content of a file. Raises `PageReadError`."""
        ...

    def keeping(self, paths: Collection[str]) -> Files:
        """Return these files so that the named ones can be read.

        An archive that keeps texts only is read once more for that, others return themselves.
        """
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read, so that a small archive cannot fill the memory.

    Attributes:
        file: The size of one file in bytes.
        total: The unpacked size of an archive in bytes; None for 200 times its packed size, but at least 256 MiB.
    """

    file: int = 64 * MEBIBYTE
    total: int | None = None

    def total_for(self, archive_size: int) -> int:
        """Return the limit of the unpacked size for an archive of a packed size."""
        return max(200 * archive_size, 256 * MEBIBYTE) if self.total is None else self.total


DEFAULT_LIMITS = Limits()


def join_path(*steps: str) -> str:
    """Join the steps of a path, leaving out empty ones."""
    return "/".join(step for step in steps if step)


_UNKNOWN = -1 << 62


class Listing:
    """Files by path. Of several files with the same path, the last one counts.

    A file takes 40 bytes besides its path. (Tuples in dictionaries took 500 bytes.)
    """

    def __init__(self) -> None:
        self._paths: list[str] = []
        #: By file: its time of change, its size, and the position of its content.
        self._modified = array("q")
        self._sizes = array("q")
        self._positions = array("q")
        #: The numbers of the files in the order of their paths; None after a file was added.
        self._order: array[int] | None = None

    def add(self, path: str, modified: int | None, size: int | None, position: int | None = None) -> None:
        """Add a file; ``position`` is for the caller, to find the content."""
        self._paths.append(path)
        for column, value in ((self._modified, modified), (self._sizes, size), (self._positions, position)):
            column.append(_UNKNOWN if value is None or not -_UNKNOWN > value > _UNKNOWN else value)
        self._order = None

    def __contains__(self, path: str) -> bool:
        return self._find(path) is not None

    def position(self, path: str) -> int | None:
        """Return the position of a file's content; None if the content is not kept, or there is no such file."""
        number = self._find(path)
        return None if number is None else _optional(self._positions[number])

    def names(self, folder: str) -> Names:
        """Return the names in a folder."""
        above = folder + "/" if folder else ""
        order, at = self._sorted(), self._first(above)
        folders: set[str] = set()
        files: set[str] = set()
        while at < len(order) and self._paths[order[at]].startswith(above):
            name, slash, _ = self._paths[order[at]][len(above) :].partition("/")
            (folders if slash else files).add(name)
            at = self._first(f"{above}{name}0") if slash else at + 1  # 0 is the character after the slash
        return Names(frozenset(folders), frozenset(files))

    def walk(self, folder: str, suffix: str) -> Iterator[FileEntry]:
        """Yield all files below a folder whose names end with ``suffix``, by path."""
        above = folder + "/" if folder else ""
        order = self._sorted()
        for at in range(self._first(above), len(order)):
            number = order[at]
            path = self._paths[number]
            if not path.startswith(above):
                return
            if path.endswith(suffix):
                yield FileEntry(path, _optional(self._modified[number]), _optional(self._sizes[number]))

    def _find(self, path: str) -> int | None:
        order, at = self._sorted(), self._first(path)
        return order[at] if at < len(order) and self._paths[order[at]] == path else None

    def _first(self, path: str) -> int:
        """Return the place in the order of the first file that is not before a path."""
        return bisect_left(self._sorted(), path, key=self._paths.__getitem__)

    def _sorted(self) -> array[int]:
        if self._order is None:
            paths, order = self._paths, array("q")
            for number in sorted(range(len(paths)), key=paths.__getitem__):
                if order and paths[order[-1]] == paths[number]:
                    order[-1] = number
                else:
                    order.append(number)
            self._order = order
        return self._order


def _optional(value: int) -> int | None:
    return None if value == _UNKNOWN else value


class MemoryFiles:
    """Files in memory: a mapping of paths to contents."""

    def __init__(self, content: Mapping[str, bytes | str], modified: Mapping[str, int] | None = None) -> None:
        """Initialize; ``modified`` are the times of change in Unix seconds, by path."""
        self._content = content
        times = modified or {}
        self._listing = Listing()
        for path, text in content.items():
            self._listing.add(path, times.get(path), len(_bytes(text)))

    @property
    def place(self) -> Path:
        return Path("memory")

    def names(self, folder: str) -> Names:
        return self._listing.names(folder)

    def version(self, folder: str) -> object:
        return None  # it does not change

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        return self._listing.walk(folder, suffix)

    def read(self, path: str) -> bytes:
        if path not in self._listing:
            raise PageReadError(self.place / path, "no such file")
        return _bytes(self._content[path])

    def keeping(self, paths: Collection[str]) -> MemoryFiles:
        return self


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
