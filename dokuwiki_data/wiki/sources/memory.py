"""Files in memory, for wikis that lie nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.wiki.sources.files import FileEntry, Names, Report
from dokuwiki_data.wiki.sources.listing import Listing


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
