"""The exceptions of the library, under one base class."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from dokuwiki_data.nodes.base import Node
    from dokuwiki_data.text import PageText, Position, Span


class DokuWikiDataError(Exception):
    """The base class of every exception that the library raises on purpose.

    The message is one line of text; that of a `QueryError` is followed by the line of the query.
    """

    __module__ = "dokuwiki_data"  # tracebacks show the name by which users import it


class QueryError(DokuWikiDataError):
    """A query cannot be read or evaluated. As a text, it shows the line of the query with carets under the place.

    Attributes:
        message: The reason, in one line.
        span: The place in the text that the query was read from, or None.
        position: The line and the column at which the span starts, or None.
        excerpt: The line of the place, and below it a line with carets; empty without a text.
    """

    __module__ = "dokuwiki_data"

    def __init__(self, message: str, span: Span | None = None, source: PageText | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.position: Position | None = None
        self.excerpt = ""
        if source is not None:
            self.locate(source)

    def locate(self, source: PageText) -> None:
        """Set `position` and `excerpt` from the text that the query was read from."""
        if self.span is not None:
            self.position, self.excerpt = source.page.position(self.span.start), source.page.excerpt(self.span)

    def __str__(self) -> str:
        if self.position is None:
            return self.message
        return f"{self.message} (line {self.position.line}, column {self.position.column})\n{self.excerpt}"

    def __reduce__(self) -> tuple[Any, ...]:
        return QueryError, (self.message, self.span), {"position": self.position, "excerpt": self.excerpt}


class EditError(DokuWikiDataError, ValueError):
    """A node cannot be written as markup, or not at the requested place.

    Attributes:
        node: The node.
        reason: The reason, in a few words.
    """

    __module__ = "dokuwiki_data"

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
        reason: The reason, in a few words.
    """

    __module__ = "dokuwiki_data"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    @property
    def is_missing(self) -> bool:
        """Whether the file does not exist. Archives report this with the words of the operating system."""
        return self.reason.startswith("no such file")

    @property
    def is_link(self) -> bool:
        """Whether the file is not read because a link leads out of the wiki."""
        return self.reason.startswith("not followed")

    def __reduce__(self) -> tuple[type[PageReadError], tuple[Path, str]]:
        return PageReadError, (self.path, self.reason)


class ArchiveError(DokuWikiDataError):
    """A file that should be an archive is not one, or is too damaged to be read."""


class SourceError(DokuWikiDataError):
    """There is no wiki at a path."""


class StoreError(DokuWikiDataError):
    """The database of a wiki's data plugin cannot be read."""


class WorkerError(DokuWikiDataError):
    """A worker process died."""


class OutputError(DokuWikiDataError):
    """A file cannot be written."""


class MoveError(DokuWikiDataError):
    """Pages or media files cannot be moved, or a move cannot be continued or undone."""

    __module__ = "dokuwiki_data"


class MissingExtraError(DokuWikiDataError, ImportError):
    """An optional library is not installed; the message names the extra that installs it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"this needs {library}: pip install 'dokuwiki-data[{extra}]'")


def reason_of(error: OSError) -> str:
    """Return the message of the operating system in lower case, without the error number and the file name."""
    if isinstance(error, FileExistsError):  # raised only by making a folder
        return "is not a folder"
    return (error.strerror or (os.strerror(error.errno) if error.errno else str(error))).lower()
