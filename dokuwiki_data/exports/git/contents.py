"""The contents of pages and media files in a wiki, at any time: their texts, and files of any size in pieces."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.media import opened_media
from dokuwiki_data.wiki.history import History, Revision
from dokuwiki_data.wiki.sources.files import Files
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.timeline import Effect, WikiEvent

_PIECE = 1 << 20


class OpenedContent(NamedTuple):
    """The content of a media file: the open file, and its size in bytes."""

    opened: IO[bytes]
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Iterate over the content. Of a file that shrinks meanwhile, what is missing is NUL bytes."""
        left = self.size
        while left:
            piece = self.opened.read(min(left, _PIECE)) or bytes(min(left, _PIECE))
            left -= len(piece)
            yield piece


class SourceContents:
    """Reads contents.

    Args:
        source: The wiki.
        files: Where media files are read; an archive keeps those that were named.
    """

    def __init__(self, source: WikiSource, files: Files) -> None:
        self._source = source
        self._files = files
        self._history = History(source)

    def text(self, event: WikiEvent) -> bytes:
        """Return the text of a page after a change. Raises `PageReadError`."""
        if event.is_old:
            return self._history.read(event.id, Revision(event.time, None, event.path))
        return self._source.read(event.path)

    @contextmanager
    def opened(self, event: WikiEvent) -> Iterator[OpenedContent]:
        """Open a media file as it was after a change. Raises `PageReadError`."""
        with opened_media(self._files, event.path) as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(0)
            yield OpenedContent(opened, size)

    def digest(self, event: WikiEvent) -> str | None:
        """Return the digest of the content after a change; empty for a deletion, None if it cannot be read."""
        if event.effect is Effect.DELETED:
            return ""
        try:
            if event.kind == "page":
                return digest_of(self.text(event))
            with self.opened(event) as content:
                digest = hashlib.sha256()
                for piece in content.pieces():
                    digest.update(piece)
                return digest.hexdigest()
        except PageReadError:
            return None


def digest_of(content: bytes) -> str:
    """Return the digest of a content."""
    return hashlib.sha256(content).hexdigest()
