"""The states of a page that a wiki has kept: what the history and the attic know, and what ``.meta`` notes."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dokuwiki_data.errors import MissingExtraError, PageReadError
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, joined
from dokuwiki_data.wiki.sources.opening import PageFile, Source

_REVISION = re.compile(r"(?P<name>.*)\.(?P<time>[0-9]{1,15})\.txt(?:\.(?P<packing>gz|bz2))?", re.DOTALL)
_UNPACKED: Mapping[str, Callable[[io.BytesIO], Any]] = {
    "gz": lambda packed: gzip.GzipFile(fileobj=packed),
    "bz2": bz2.BZ2File,
}


class Revision(NamedTuple):
    """A state of a page. ``change``: who made it and why, if the history tells; ``path``: its file, if it is kept."""

    time: int
    change: Change | None
    path: str | None


class History:
    """The revisions of a wiki's pages. One for many pages, since it knows the folder of the attic that it saw last."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._folder: str | None = None
        #: What is kept in that folder: paths by the name of the page and the time.
        self._kept: dict[str, dict[int, str]] = {}

    def revisions(self, file: PageFile) -> list[Revision]:
        """Every state of a page that the history or the attic knows, oldest first. The last is the page itself."""
        source = self._source
        kept: dict[int, str] = dict(self._kept_of(file))
        changes = {change.time: change for change in source.changes(file.path)}
        current = max(changes, default=file.modified) if source.layout.times == "changes" else file.modified
        if current is not None:
            kept[current] = file.path
        return [Revision(time, changes.get(time), kept.get(time)) for time in sorted(kept.keys() | changes.keys())]

    def _kept_of(self, file: PageFile) -> Mapping[int, str]:
        below, _, name = self._source.below_pages(file.path).rpartition("/")
        folder = joined(self._source.layout.attic, below)
        if folder != self._folder:
            self._folder, self._kept = folder, {}
            for found in sorted(self._source.files.names(folder).files, reverse=True):  # so that a plain one counts
                if match := _REVISION.fullmatch(found):
                    self._kept.setdefault(match["name"], {})[int(match["time"])] = joined(folder, found)
        return self._kept.get(name, {})

    def read(self, revision: Revision) -> bytes:
        """The text of a page as it was, unpacked. Raises `PageReadError` if it is not kept or cannot be read."""
        if revision.path is None:
            raise PageReadError(self._source.files.place, f"the revision {revision.time} is not kept")
        content = self._source.read(revision.path)
        packing = revision.path.rpartition(".")[2]
        if packing in _UNPACKED:
            place = self._source.files.place / revision.path
            try:
                with _UNPACKED[packing](io.BytesIO(content)) as stream:
                    content = stream.read(DEFAULT_LIMITS.file + 1)
            except (OSError, EOFError, ValueError, zlib.error) as error:
                raise PageReadError(place, str(error).lower()) from error
            if len(content) > DEFAULT_LIMITS.file:
                raise PageReadError(place, f"unpacks to more than {DEFAULT_LIMITS.file} bytes")
        return content


def read_meta(source: Source, file: PageFile) -> dict[str, Any]:
    """What DokuWiki noted about a page in its ``.meta`` file; empty if there is none.

    Raises `PageReadError` if it cannot be read, `MissingExtraError` without the extra ``meta``.
    """
    name = joined(source.layout.meta, source.below_pages(file.path) + ".meta")
    try:  # to look at what is in the folder would take a moment, and quadratic time for all its pages
        content = source.read(name)
    except PageReadError as error:
        if error.is_missing:
            return {}
        raise
    try:
        phpserialize = importlib.import_module("phpserialize")
    except ImportError:
        raise MissingExtraError("phpserialize", "meta") from None
    try:
        # Objects are refused, since there is no hook that would make them.
        found = phpserialize.loads(content, decode_strings=True, errors="surrogateescape")
    except (ValueError, RecursionError, TypeError, IndexError, OverflowError, MemoryError) as error:
        raise PageReadError(source.files.place / name, f"no metadata: {error}") from error
    return found if isinstance(found, dict) else {}
