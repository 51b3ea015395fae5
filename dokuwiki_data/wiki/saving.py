"""Save a page as DokuWiki does: write the text, keep the old one in the attic, and add to the changelogs."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import os
import re
import time
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.errors import DokuWikiDataError, PageReadError, reason_of
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.history import History, Revision
from dokuwiki_data.wiki.locks import LockedError, Locks
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource
from dokuwiki_data.wiki.writing import (
    Rights,
    append_line,
    flush_folder,
    make_folder,
    nearest_folder,
    replace_file,
    rights_in,
)

#: How old revisions are compressed, by DokuWiki's setting ``compression``.
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {"gz": lambda data: gzip.compress(data, mtime=0), "bz2": bz2.compress}

#: The seconds for which a lock is valid if the settings do not say it.
_DEFAULT_LOCK_SECONDS = 15 * 60
#: Characters that an id in a changelog cannot contain.
_INVALID_IN_CHANGES = re.compile("[\x00-\x1f\x7f\ud800-\udc7f\udd00-\udfff]")
#: The summaries that DokuWiki writes, in English, for changes by other programs and without a summary.
_EXTERNAL, _UNDATED, _CREATED, _REMOVED = "external edit", "(unknown date)", "created", "removed"
#: The address for changes by other programs.
_LOCAL_ADDRESS = "127.0.0.1"


class SaveError(DokuWikiDataError):
    """A page cannot be saved.

    Attributes:
        path: The file or folder that is the reason.
        reason: Why, in a few words.
    """

    __module__ = "dokuwiki_data"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[SaveError], tuple[Path, str]]:
        return SaveError, (self.path, self.reason)


class Author(NamedTuple):
    """The author of a change, for the changelogs.

    Attributes:
        user: The name of the user; empty for nobody.
        summary: The summary of the change.
        minor: Whether the change is minor, so that DokuWiki can leave it out of recent changes.
        ip: The address of the user.
    """

    user: str = ""
    summary: str = ""
    minor: bool = False
    ip: str = _LOCAL_ADDRESS


class Saver:
    """Saves pages of a wiki in a folder. Nothing is written outside of it, whatever links are in it."""

    def __init__(self, source: WikiSource, author: Author = Author()) -> None:
        """Prepare to save pages of a wiki. Raises `SaveError` if the wiki is not in a folder."""
        if not isinstance(source.files, FolderFiles):
            raise SaveError(source.files.place, "not in a folder; only a wiki in a folder can be changed")
        self._source = source
        self._files = source.files
        self._author = author
        self._history = History(source)
        layout = source.layout
        #: Whether the wiki keeps old states, and whether it keeps changelogs.
        self.has_attic: bool
        self.has_meta: bool
        #: The folders that are written to; the settings may put them in different places.
        self._roots = [
            Path(os.path.realpath(self._files.path(folder)))
            for folder in (
                layout.base,
                layout.pages,
                layout.attic,
                layout.meta,
                layout.media,
                layout.media_attic,
                layout.media_meta,
            )
        ]
        self.has_attic, self.has_meta, self._has_locks = (
            layout.base != layout.pages and os.path.lexists(self._files.path(folder))
            for folder in (layout.attic, layout.meta, join_path(layout.base, "locks"))
        )
        #: The rights of new files, by folder.
        self._rights: dict[Path, Rights] = {}

    @cached_property
    def _locks(self) -> Locks:
        folder = self._resolve(join_path(self._source.layout.base, "locks")) if self._has_locks else None
        settings, author = self._source.settings, self._author
        return Locks(
            folder, settings.number("locktime", _DEFAULT_LOCK_SECONDS), author.user, author.ip, settings.id_rules
        )

    def check(self, file: PageFile, text: str) -> bytes:
        """Return the new content of a page's file, without writing it.

        Raises:
            SaveError: If saving would fail: the text or the id cannot be encoded, a file or folder cannot be written
                or would change its owner, a link leads out of the wiki, or somebody is editing the page.
        """
        with self._save_errors(file):
            page = self._resolve(file.path)
            if _INVALID_IN_CHANGES.search(file.page_id) or not (file.page_id or not self.has_meta):
                raise SaveError(page, f"a changelog cannot contain the id {file.page_id!r}")
            try:
                content = text.encode("utf-8", "surrogateescape")
            except UnicodeEncodeError as error:
                found = f"U+{ord(text[error.start]):04X} at {error.start}"
                raise SaveError(page, f"its new text has a character that cannot be encoded: {found}") from error
            if not page.exists():
                raise SaveError(page, "does not exist any more")
            written = [page, *self._change_logs(file)]
            if self.has_attic:
                written.append(self._resolve(self._revision_path(file, 0, "")))
            for path in written:
                self._check_writable(path)
            self._locks.check(file.page_id)
            return content

    def check_move(self, page_id: str, path: str) -> None:
        """Raise `SaveError` if somebody edits a page, which need not exist yet, that is to be in a file."""
        try:
            self._locks.check(page_id)
        except LockedError as error:
            raise SaveError(self._files.path(path), str(error)) from error

    def check_place(self, path: str) -> None:
        """Raise `SaveError` if a file, which need not exist yet, would be outside of the wiki because of a link."""
        self._resolve(path)

    def save(self, file: PageFile, before: bytes, after: bytes, now: int | None = None) -> int:
        """Save a page, and return its new revision in Unix seconds.

        Both texts are in the attic afterwards. If another program has changed the page, that change is added to the
        changelogs first, as DokuWiki does. Metadata and caches are left to DokuWiki. The page is locked meanwhile.

        Args:
            file: The file of the page.
            before: The current content of the file.
            after: The new content; white space alone removes the page.
            now: The time of the change in Unix seconds; by default the current time. If the page has a revision in
                that second already, the next free one is used.

        Raises:
            SaveError: If the content is not ``before``, somebody is editing the page, or a file cannot be written.
                Then everything is as before.
        """
        with self._save_errors(file), self._locks.lock_page(file.page_id):
            return self._save(file, before, after, int(time.time()) if now is None else now)

    @contextlib.contextmanager
    def _save_errors(self, file: PageFile) -> Iterator[None]:
        try:
            yield
        except PageReadError as error:
            raise SaveError(error.path, error.reason) from error
        except LockedError as error:
            raise SaveError(self._files.path(file.path), str(error)) from error
        except OSError as error:
            raise SaveError(Path(error.filename or self._files.path(file.path)), reason_of(error)) from error

    def _save(self, file: PageFile, before: bytes, after: bytes, now: int) -> int:
        page, logs = self._resolve(file.path), self._change_logs(file)
        with contextlib.ExitStack() as locked, contextlib.ExitStack() as undo:
            for path in (page, *logs):
                locked.enter_context(self._locks.lock_file(path))
            if self._source.read(file.path) != before:
                raise SaveError(page, "was changed in the meantime")
            found = int(page.stat().st_mtime // 1)
            changes = self._source.changes(file.path)
            external = self.external_edits(file, before, found, changes)
            current = [*changes, *external][-1].time if changes or external else found
            revision = max(now, found + 1, current + 1)
            is_removed = not after.strip(b" \t\n\r\0\x0b")
            self._write_attic(file, before, current, undo)
            self._write_attic(file, before if is_removed else after, revision, undo)
            rights = Rights.of(page)
            if is_removed:
                page.unlink()
                flush_folder(page.parent)
                undo.callback(_run_ignoring_errors, partial(replace_file, page, before, found, rights))
            else:
                replace_file(page, after, revision)
                undo.callback(_run_ignoring_errors, partial(replace_file, page, before, found))
            if external:
                self._append_change(logs, external[0], undo, is_late=True)
            grown = (0 if is_removed else len(after)) - len(before)
            self._append_change(logs, self._change(file.page_id, revision, is_removed, grown), undo)
            undo.pop_all()
        return revision

    def _change(self, page_id: str, revision: int, is_removed: bool, size_change: int) -> Change:
        author = self._author
        kind = "D" if is_removed else "e" if author.minor else "E"
        summary = author.summary or (_REMOVED if is_removed else "")
        return Change(revision, author.ip, kind, page_id, author.user, summary, size_change=size_change)

    def external_edits(self, file: PageFile, text: bytes, found: int, changes: list[Change]) -> list[Change]:
        """Return the change that DokuWiki would add for a page that another program has changed; empty if none has."""
        last = changes[-1] if changes else None
        if not self.has_meta or (last and last.time == found):
            return []
        if last is None or last.kind == "D":
            kind, summary, size = "C", f"{_CREATED} - {_EXTERNAL}", len(text)
        else:
            kept = self.read_attic(file, last.time)
            if kept == text:
                return []  # only the time of the file differs
            kind, summary, size = "E", _EXTERNAL, len(text) - len(kept or b"")
        if last is not None and found < last.time:
            return [
                Change(last.time + 1, _LOCAL_ADDRESS, kind, file.page_id, "", f"{summary} {_UNDATED}", size_change=size)
            ]
        return [Change(found, _LOCAL_ADDRESS, kind, file.page_id, "", summary, size_change=size)]

    def _revision_path(self, file: PageFile, revision: int, compression: str) -> str:
        name = f"{self._source.relative_name(file.path)}.{revision}.txt" + (f".{compression}" if compression else "")
        return join_path(self._source.layout.attic, name)

    def read_attic(self, file: PageFile, revision: int) -> bytes | None:
        """Return the text of a revision in the attic; None if it is not there."""
        for compression in ("gz", "bz2", ""):
            path = self._revision_path(file, revision, compression)
            ending = path.removeprefix(join_path(self._source.layout.attic, self._source.relative_name(file.path)))
            for found in (path, *self._source.attic_files.find(file.page_id, ending)):  # in any encoding of names
                if self._files.path(found).exists():
                    return self._history.read(file.page_id, Revision(revision, None, found))
        return None

    def compressed(self, text: bytes) -> tuple[str, bytes]:
        """Return a text as the attic keeps it: the ending of its file without a dot, which may be empty, and bytes."""
        compression = self._source.settings.text("compression", "gz")
        return (compression, _COMPRESS[compression](text)) if compression in _COMPRESS else ("", text)

    def _write_attic(self, file: PageFile, text: bytes, revision: int, undo: contextlib.ExitStack) -> None:
        if self.has_attic and self.read_attic(file, revision) is None:
            compression, content = self.compressed(text)
            target = self._resolve(self._revision_path(file, revision, compression))
            make_folder(target.parent)
            replace_file(target, content, revision, self._new_rights(target.parent))
            undo.callback(_run_ignoring_errors, target.unlink)

    def _append_change(
        self, logs: list[Path], change: Change, undo: contextlib.ExitStack, *, is_late: bool = False
    ) -> None:
        """Add a change to changelogs; an external one that ``is_late`` only where no newer changes follow."""
        line = change.line.encode("utf-8", "surrogateescape")
        for number, path in enumerate(logs):
            is_new = not path.exists()
            if is_late and number and not is_new and change.time < path.stat().st_mtime:
                continue
            make_folder(path.parent)
            size = append_line(path, line, self._new_rights(path.parent) if is_new else None)
            undo.callback(_run_ignoring_errors, path.unlink if size is None else partial(os.truncate, path, size))

    def _change_logs(self, file: PageFile) -> list[Path]:
        """Return the changelogs of the page and of the wiki; none if the wiki has no folder for them."""
        if not self.has_meta:
            return []
        names = (f"{self._source.relative_name(file.path)}.changes", "_dokuwiki.changes")
        return [self._resolve(join_path(self._source.layout.meta, name)) for name in names]

    def _new_rights(self, folder: Path) -> Rights:
        if folder not in self._rights:
            self._rights[folder] = rights_in(folder)
        return self._rights[folder]

    def _check_writable(self, path: Path) -> None:
        """Raise `SaveError` for a file that cannot be replaced or added to, or only with another owner."""
        folder = nearest_folder(path)
        if exists := path.exists():
            if not (path.is_file() and os.access(path, os.W_OK)):
                raise SaveError(path, "is not a file that can be written")
            if path.suffix == ".changes":  # lines are appended
                return
        if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
            raise SaveError(folder, "is not a folder that can be written to")
        rights = Rights.of(path) if exists else self._new_rights(folder)
        if not rights.can_be_given(folder):
            raise SaveError(path, f"only {rights.user_name} or root can write it without changing its owner or group")

    def _resolve(self, path: str) -> Path:
        """Return the real path of a file. Raises `SaveError` if it is outside of the wiki."""
        place = self._files.path(path)
        real = Path(os.path.realpath(place))
        if not self._files.allows(place) or not any(real.is_relative_to(root) for root in self._roots):
            raise SaveError(place, f"not written, since a link leads out of {self._roots[0]}")
        return (
            Path(os.path.realpath(place.parent)) / place.name if not place.exists() else Path(os.path.realpath(place))
        )


def _run_ignoring_errors(undo: Callable[[], object]) -> None:
    """Undo a step as far as possible."""
    with contextlib.suppress(OSError):
        undo()
