"""Read the revisions of pages from changelogs and the attic, and the metadata of pages from ``.meta`` files."""

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
from dokuwiki_data.wiki.sources.files_by_id import PathsByName
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource

_REVISION = re.compile(r"(?P<name>.*)\.(?P<time>[0-9]{1,15})\.txt(?:\.(?P<compression>gz|bz2))?", re.DOTALL)
_DECOMPRESS: Mapping[str, Callable[[io.BytesIO], Any]] = {
    "gz": lambda stream: gzip.GzipFile(fileobj=stream),
    "bz2": bz2.BZ2File,
}


class Revision(NamedTuple):
    """A revision of a page.

    ``time`` is in Unix seconds, ``change`` is its entry in the changelog, ``path`` the file with its text. Either may
    be missing.
    """

    time: int
    change: Change | None
    path: str | None


class History:
    """The revisions of a wiki's pages. Reuse one object for many pages: it caches the last namespace."""

    def __init__(self, source: WikiSource) -> None:
        self._source = source
        self._files: PathsByName | None = None
        #: The files of the cached namespace: paths by page name and time.
        self._attic: dict[str, dict[int, str]] = {}

    def revisions(self, file: PageFile) -> list[Revision]:
        """Return all revisions in the changelog or the attic, the oldest first. The last one is the current page."""
        source = self._source
        kept: dict[int, str] = dict(self._attic_paths(file))
        changes = {change.time: change for change in source.changes(file.path)}
        current = max(changes, default=file.modified) if source.layout.times == "changes" else file.modified
        if current is not None:
            kept[current] = file.path
        return [Revision(time, changes.get(time), kept.get(time)) for time in sorted(kept.keys() | changes.keys())]

    def _attic_paths(self, file: PageFile) -> Mapping[int, str]:
        page_id = self._source.id_of(file.path)
        files = self._source.attic_files.files(namespace_of(page_id))
        if files is not self._files:
            self._files, self._attic = files, {}
            for name in sorted(files, reverse=True):  # so that an uncompressed file wins
                if match := _REVISION.fullmatch(name):
                    self._attic.setdefault(match["name"], {})[int(match["time"])] = files[name][0]
        return self._attic.get(page_id.rpartition(":")[2], {})

    def read(self, page_id: str, revision: Revision) -> bytes:
        """Return the decompressed text of a page's revision. Raises `PageReadError` if it is missing or damaged."""
        if revision.path is None:
            place = self._source.files.place
            raise PageReadError(place, f"the revision {revision.time} of the page {page_id} is not kept")
        try:
            return self._decompressed(revision.path)
        except PageReadError as error:
            what = f"(the revision {revision.time} of the page {page_id})"
            raise PageReadError(error.path, f"{error.reason} {what}") from error

    def _decompressed(self, path: str) -> bytes:
        content = self._source.read(path)
        compression = path.rpartition(".")[2]
        if compression in _DECOMPRESS:
            place = self._source.files.place / path
            try:
                with _DECOMPRESS[compression](io.BytesIO(content)) as stream:
                    content = stream.read(DEFAULT_LIMITS.file + 1)
            except (OSError, EOFError, ValueError, zlib.error) as error:
                raise PageReadError(place, str(error).lower()) from error
            if len(content) > DEFAULT_LIMITS.file:
                raise PageReadError(place, f"unpacks to more than {DEFAULT_LIMITS.file} bytes")
        return content


def read_meta(source: WikiSource, file: PageFile) -> dict[str, Any]:
    """Return the metadata that DokuWiki stored about a page in its ``.meta`` file; empty if there is none.

    Raises:
        PageReadError: If the file cannot be read.
        MissingExtraError: If the extra ``meta`` is not installed.
    """
    for name in source.meta_paths(file.path, ".meta"):
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
        # Serialized objects are refused, because no object hook is given.
        found = phpserialize.loads(content, decode_strings=True, errors="surrogateescape")
    except (ValueError, RecursionError, TypeError, IndexError, OverflowError, MemoryError) as error:
        raise PageReadError(source.files.place / name, f"no metadata: {error}") from error
    return found if isinstance(found, dict) else {}
