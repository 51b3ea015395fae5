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
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS
from dokuwiki_data.wiki.sources.finding import Found
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource

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
    """The revisions of a wiki's pages. One for many pages, since it knows the namespace that it saw last."""

    def __init__(self, source: WikiSource) -> None:
        self._source = source
        self._files: Found | None = None
        #: What is kept of that namespace: paths by the name of the page and the time.
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
        page_id = self._source.id_of(file.path)
        files = self._source.old_states.files(namespace_of(page_id))
        if files is not self._files:
            self._files, self._kept = files, {}
            for name in sorted(files, reverse=True):  # so that a plain one counts
                if match := _REVISION.fullmatch(name):
                    self._kept.setdefault(match["name"], {})[int(match["time"])] = files[name][0]
        return self._kept.get(page_id.rpartition(":")[2], {})

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


def read_meta(source: WikiSource, file: PageFile) -> dict[str, Any]:
    """What DokuWiki noted about a page in its ``.meta`` file; empty if there is none.

    Raises `PageReadError` if it cannot be read, `MissingExtraError` without the extra ``meta``.
    """
    for name in source.noted(file.path, ".meta"):
        try:
            content = source.read(name)
            break
        except PageReadError as error:
            if not error.is_missing:
                raise
    else:
        return {}
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
