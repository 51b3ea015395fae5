"""What can go wrong with a query that somebody asks."""

from __future__ import annotations

from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.text import Span


class QueryError(DokuWikiDataError):
    """A query that cannot be evaluated: ``message`` says why, ``span`` where, in the text it was read from."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
