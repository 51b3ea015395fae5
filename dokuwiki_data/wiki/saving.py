"""A page saved as DokuWiki saves it: its text, the old one in the attic, a line in the histories."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.errors import DokuWikiDataError, PageReadError, reason_of
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.history import History, Revision
from dokuwiki_data.wiki.sources.files import joined
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.opening import PageFile, Source

#: How old revisions are packed, by DokuWiki's setting ``compression``.
_PACKED: dict[str, Callable[[bytes], bytes]] = {"gz": lambda data: gzip.compress(data, mtime=0), "bz2": bz2.compress}

_LONGEST_SUMMARY = 255
#: DokuWiki's words, in English, for what it did not do itself, and for what has no summary.
_EXTERNAL, _UNDATED, _CREATED, _REMOVED = "external edit", "(unknown date)", "created", "removed"
#: Where such a change came from.
_HERE = "127.0.0.1"


class SaveError(DokuWikiDataError):
    """A page that cannot be saved: ``path``, and the ``reason`` in a few words."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[SaveError], tuple[Path, str]]:
        return SaveError, (self.path, self.reason)


class Author(NamedTuple):
    """Who saves, and why. ``minor`` is a small change, which recent changes can leave out."""

    user: str = ""
    summary: str = ""
    minor: bool = False
    ip: str = _HERE


class Saver:
    """Saves pages into the folder of a wiki. Nothing is written outside of it, whatever links are in it."""

    def __init__(self, source: Source, author: Author = Author()) -> None:
        """Raises `SaveError` if the wiki is no folder."""
        if not isinstance(source.files, FolderFiles):
            raise SaveError(source.files.place, "only a wiki in a folder can be changed, this is none")
        self._source = source
        self._files = source.files
        self._author = author
        self._history = History(source)
        layout = source.layout
        self._root = Path(os.path.realpath(self._files.path(layout.base)))
        self._has_attic, self._has_meta = (
            layout.base != layout.pages and os.path.lexists(self._files.path(folder))
            for folder in (layout.attic, layout.meta)
        )

    def save(self, file: PageFile, before: bytes, after: bytes, now: int | None = None) -> int:
        """Save a page, and return its revision: Unix seconds.

        That is ``now``, or the next second in which the page has no revision. A text of nothing but white space
        removes the page. As DokuWiki does it, the new text goes into the attic, and so does the old one if it is not
        there because something else has written the page; then that gets its line in the histories, too. What DokuWiki
        keeps in ``.meta`` files and caches it makes anew by itself.

        Raises `SaveError` if the page is not what it was any more (``before``), or something cannot be written.
        """
        try:
            return self._save(file, before, after, int(time.time()) if now is None else now)
        except PageReadError as error:
            raise SaveError(error.path, error.reason) from error
        except OSError as error:
            raise SaveError(Path(error.filename or self._files.path(file.path)), reason_of(error)) from error

    def _save(self, file: PageFile, before: bytes, after: bytes, now: int) -> int:
        page, logs = self._inside(file.path), self._logs(file)
        if any(sign in file.page_id for sign in "\t\r\n"):
            raise SaveError(page, "no line of a history can hold its id")
        if self._source.read(file.path) != before:
            raise SaveError(page, "it was changed in the meantime")
        found = int(page.stat().st_mtime // 1)
        changes = self._source.changes(file.path)
        noticed = self._noticed(file, before, found, changes)
        current = [*changes, *noticed][-1].time if changes or noticed else found
        revision = max(now, found + 1, current + 1)
        removes = not after.strip(b" \t\n\r\0\x0b")
        self._keep(file, before, current)
        self._keep(file, before if removes else after, revision)
        if removes:
            page.unlink()
        else:
            _write(page, after, revision, page.stat().st_mode & 0o777)
        if noticed:
            _append(logs, noticed[0], is_late=True)
        _append(logs, self._change(file.page_id, revision, removes, (0 if removes else len(after)) - len(before)))
        return revision

    def _change(self, page_id: str, revision: int, removes: bool, size_change: int) -> Change:
        author = self._author
        kind = "D" if removes else "e" if author.minor else "E"
        summary = author.summary or (_REMOVED if removes else "")
        return Change(revision, author.ip, kind, page_id, author.user, summary, size_change=size_change)

    def _noticed(self, file: PageFile, text: bytes, found: int, changes: list[Change]) -> list[Change]:
        """The line that DokuWiki would write for a page that something else has written since."""
        last = changes[-1] if changes else None
        if not self._has_meta or (last and last.time == found):
            return []
        if last is None or last.kind == "D":
            kind, summary, size = "C", f"{_CREATED} - {_EXTERNAL}", len(text)
        else:
            kept = self._kept(file, last.time)
            if kept == text:
                return []  # only its time is another
            kind, summary, size = "E", _EXTERNAL, len(text) - len(kept or b"")
        if last is not None and found < last.time:
            return [Change(last.time + 1, _HERE, kind, file.page_id, "", f"{summary} {_UNDATED}", size_change=size)]
        return [Change(found, _HERE, kind, file.page_id, "", summary, size_change=size)]

    def _revision_path(self, file: PageFile, revision: int, packing: str) -> str:
        name = f"{self._source.below_pages(file.path)}.{revision}.txt" + (f".{packing}" if packing else "")
        return joined(self._source.layout.attic, name)

    def _kept(self, file: PageFile, revision: int) -> bytes | None:
        """The text of a revision as the attic has it."""
        for packing in ("gz", "bz2", ""):
            path = self._revision_path(file, revision, packing)
            if self._files.path(path).exists():
                return self._history.read(Revision(revision, None, path))
        return None

    def _keep(self, file: PageFile, text: bytes, revision: int) -> None:
        if self._has_attic and self._kept(file, revision) is None:
            packing = self._source.settings.text("compression", "gz")
            packing = packing if packing in _PACKED else ""
            target = self._inside(self._revision_path(file, revision, packing))
            _write(target, _PACKED[packing](text) if packing else text, revision, 0o644)

    def _logs(self, file: PageFile) -> list[Path]:
        """The histories of the page and of the wiki, if it has some.

        Raises `SaveError` for one that cannot be added to, before anything is written.
        """
        if not self._has_meta:
            return []
        names = (f"{self._source.below_pages(file.path)}.changes", "_dokuwiki.changes")
        logs = [self._inside(joined(self._source.layout.meta, name)) for name in names]
        for path in logs:
            if path.exists() and not (path.is_file() and os.access(path, os.W_OK)):
                raise SaveError(path, "is no file that can be written")
        return logs

    def _inside(self, path: str) -> Path:
        """Where a file is or goes; raises `SaveError` if that is outside of the wiki."""
        place = self._files.path(path)
        if not Path(os.path.realpath(place)).is_relative_to(self._root):
            raise SaveError(place, f"not written, since a link leads out of {self._root}")
        return (
            Path(os.path.realpath(place.parent)) / place.name if not place.exists() else Path(os.path.realpath(place))
        )


def _line(change: Change) -> str:
    """A line of a history, whose fields tabs divide."""
    summary = _one_line(change.summary)[:_LONGEST_SUMMARY]
    parts = [
        str(change.time), change.ip, change.kind, change.page_id, _one_line(change.user), summary,
        change.extra, "" if change.size_change is None else str(change.size_change),
    ]  # fmt: skip
    return "\t".join(parts) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _append(logs: list[Path], change: Change, *, is_late: bool = False) -> None:
    """Add a line to the histories; what is noticed late does not come before newer changes of the whole wiki."""
    line = _line(change).encode("utf-8", "surrogateescape")
    for number, path in enumerate(logs):
        if is_late and number and path.exists() and change.time < path.stat().st_mtime:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        with os.fdopen(descriptor, "ab") as log:
            log.write(line)


def _write(path: Path, content: bytes, modified: int, mode: int) -> None:
    """Write a file beside and move it into place, with a time of modification."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".new", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as output:
            output.write(content)
        beside.chmod(mode)
        os.utime(beside, (modified, modified))
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
