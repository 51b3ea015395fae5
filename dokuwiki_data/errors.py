"""What can go wrong outside of a page's text: every exception of the library, under one base class."""

from __future__ import annotations

import os
from pathlib import Path


class DokuWikiDataError(Exception):
    """The base of every exception that the library raises on purpose. Its text is one line for people."""


class FolderError(DokuWikiDataError):
    """A place that should be a folder of pages is none."""


class PageReadError(DokuWikiDataError):
    """A file or folder of a wiki that cannot be read: ``path``, and the ``reason`` in a few words."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing of that name: the words are the operating system's, which archives use too."""
        return self.reason.startswith("no such file")

    def __reduce__(self) -> tuple[type[PageReadError], tuple[Path, str]]:
        return PageReadError, (self.path, self.reason)


class ArchiveError(DokuWikiDataError):
    """A file that should be an archive is none, or one that cannot be read at all."""


class SourceError(DokuWikiDataError):
    """A place in which no wiki can be found."""


class StoreError(DokuWikiDataError):
    """The data plugin's own store of a wiki cannot be read."""


class WorkerError(DokuWikiDataError):
    """A process that worked for us died."""


class OutputError(DokuWikiDataError):
    """A file that cannot be written."""


class MissingExtraError(DokuWikiDataError, ImportError):
    """A library is not installed that something optional needs; the message names the extra that brings it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"this needs {library}: pip install 'dokuwiki-data[{extra}]'")


def reason_of(error: OSError) -> str:
    """What the operating system says, without the number and the name of the file."""
    if isinstance(error, FileExistsError):  # met only where a folder is made
        return "is no folder"
    return (error.strerror or (os.strerror(error.errno) if error.errno else str(error))).lower()
