"""Files behind one protocol, wherever they are: what a source must offer, its listing, and files in memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
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

    def version(self, folder: str) -> object:
        """What becomes another when files are added to a folder or removed from it."""
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


def join_path(*steps: str) -> str:
    """A path of steps, of which some may be empty."""
    return "/".join(step for step in steps if step)


_UNKNOWN = -1 << 62


class Listing:
    """Files by path. Of several with one path the last counts.

    Wikis have many files: beside its path each takes 40 bytes here (as tuples in dictionaries it took 500).
    """

    def __init__(self) -> None:
        self._paths: list[str] = []
        #: By file: its time of change, its bytes, and where its content is kept.
        self._modified = array("q")
        self._sizes = array("q")
        self._positions = array("q")
        #: The numbers of the files in the order of their paths, as long as no other has come.
        self._order: array[int] | None = None

    def add(self, path: str, modified: int | None, size: int | None, position: int | None = None) -> None:
        """Add a file; ``position`` says where its content is, to whoever keeps it."""
        self._paths.append(path)
        for column, value in ((self._modified, modified), (self._sizes, size), (self._positions, position)):
            column.append(_UNKNOWN if value is None or not -_UNKNOWN > value > _UNKNOWN else value)
        self._order = None

    def __contains__(self, path: str) -> bool:
        return self._find(path) is not None

    def position(self, path: str) -> int | None:
        """Where the content of a file is kept; None if it is not, or if there is no such file."""
        number = self._find(path)
        return None if number is None else _optional(self._positions[number])

    def names(self, folder: str) -> Names:
        """What is directly in a folder."""
        above = folder + "/" if folder else ""
        order, at = self._sorted(), self._first(above)
        folders: set[str] = set()
        files: set[str] = set()
        while at < len(order) and self._paths[order[at]].startswith(above):
            name, slash, _ = self._paths[order[at]][len(above) :].partition("/")
            (folders if slash else files).add(name)
            at = self._first(f"{above}{name}0") if slash else at + 1  # 0 is the character behind the slash
        return Names(frozenset(folders), frozenset(files))

    def walk(self, folder: str, suffix: str) -> Iterator[FileEntry]:
        """Every file below a folder whose name ends with ``suffix``, by path."""
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
        """The place in the order of the first file that is not before a path."""
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
    """Files in memory: a mapping of paths to what they hold."""

    def __init__(self, content: Mapping[str, bytes | str], modified: Mapping[str, int] | None = None) -> None:
        """``modified``: when the files that it names changed last, in Unix seconds."""
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
        return None  # nothing changes here

    def walk(self, folder: str, suffix: str, report: Report) -> Iterator[FileEntry]:
        return self._listing.walk(folder, suffix)

    def read(self, path: str) -> bytes:
        if path not in self._listing:
            raise PageReadError(self.place / path, "no such file")
        return _bytes(self._content[path])


def _bytes(content: bytes | str) -> bytes:
    return content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
