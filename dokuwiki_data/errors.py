"""The exceptions of the library, under one base class."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dokuwiki_data.nodes.base import Node
    from dokuwiki_data.text import Span


class DokuWikiDataError(Exception):
    """The base class of every exception that the library raises on purpose. Its message is one line of text."""


class QueryError(DokuWikiDataError):
    """A query cannot be evaluated.

    Attributes:
        message: Why.
        span: Where in the text that the query was read from, if it was read from one.
    """

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, Span | None]]:
        return QueryError, (self.message, self.span)


class EditError(DokuWikiDataError, ValueError):
    """A node cannot be written as markup, or not at the place where it is wanted.

    Attributes:
        node: The node.
        reason: Why, in a few words.
    """

    def __init__(self, node: Node, reason: str) -> None:
        super().__init__(f"{type(node).__name__}: {reason}")
        self.node = node
        self.reason = reason

    def __reduce__(self) -> tuple[type[EditError], tuple[Node, str]]:
        return EditError, (self.node, self.reason)


class FolderError(DokuWikiDataError):
    """A path that should be a folder of pages is not one."""


class PageReadError(DokuWikiDataError):
    """A file or folder of a wiki cannot be read.

    Attributes:
        path: The file or folder.
        reason: Why, in a few words.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    @property
    def is_missing(self) -> bool:
        """Whether there is no file of that name; archives report it in the words of the operating system."""
        return self.reason.startswith("no such file")

    def __reduce__(self) -> tuple[type[PageReadError], tuple[Path, str]]:
        return PageReadError, (self.path, self.reason)


class ArchiveError(DokuWikiDataError):
    """A file that should be an archive is not one, or is too damaged to be read."""


class SourceError(DokuWikiDataError):
    """A place holds no wiki."""


class StoreError(DokuWikiDataError):
    """The database of a wiki's data plugin cannot be read."""


class WorkerError(DokuWikiDataError):
    """A worker process died."""


class OutputError(DokuWikiDataError):
    """A file cannot be written."""


class MissingExtraError(DokuWikiDataError, ImportError):
    """An optional library is not installed; the message names the extra that installs it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"this needs {library}: pip install 'dokuwiki-data[{extra}]'")


def reason_of(error: OSError) -> str:
    """Return the message of the operating system in lower case, without the error number and the file name."""
    if isinstance(error, FileExistsError):  # raised only when a folder is made
        return "is no folder"
    return (error.strerror or (os.strerror(error.errno) if error.errno else str(error))).lower()
