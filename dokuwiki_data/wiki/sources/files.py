"""The protocol behind which every place that a wiki may lie in looks the same: files by path, that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def joined(*steps: str) -> str:
    """A path of steps, of which some may be empty."""
    return "/".join(step for step in steps if step)
