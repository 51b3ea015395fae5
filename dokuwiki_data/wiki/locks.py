"""DokuWiki's locks: of a page that somebody edits, and of a file that is written at the moment."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from dokuwiki_data.ids import DEFAULT_RULES, IdRules, clean_id
from dokuwiki_data.wiki.writing import rights_in

#: So many seconds DokuWiki waits for the lock of a file; then it was left behind.
_LONGEST_WAIT = 3.0
_LONGEST_NAME = 200


class LockedError(OSError):
    """A page that somebody else has locked."""


class Locks:
    """The locks of a wiki in their folder; where there is no folder, or pages are never locked, none counts."""

    def __init__(
        self, folder: Path | None, seconds: int, user: str = "", ip: str = "", rules: IdRules = DEFAULT_RULES
    ) -> None:
        """``seconds`` is how long the lock of a page counts (0: never), ``user`` and ``ip`` tell whose ours are."""
        self._folder = folder if folder is not None and folder.is_dir() else None
        self._seconds = seconds
        self._user = user
        self._ip = ip
        self._rules = rules

    def holder(self, page_id: str) -> str | None:
        """Who has locked a page, if it is somebody else: a user, or an address."""
        lock = self._of_page(page_id)
        holder = None if lock is None else self._valid(lock)
        return None if holder is None or (self._user and holder == self._user) else holder or "somebody"

    def refuse(self, page_id: str) -> None:
        """Raise `LockedError` if somebody else has locked a page."""
        if (holder := self.holder(page_id)) is not None:
            lock = self._of_page(page_id)
            raise LockedError(f"{holder} has locked it for editing, {self._seconds} seconds at most ({lock})")

    @contextlib.contextmanager
    def of_page(self, page_id: str) -> Iterator[None]:
        """Have a page locked. Raises `LockedError` if somebody else has; a lock of the same user stays as it was."""
        lock = self._of_page(page_id)
        if lock is None:
            yield
            return
        self.refuse(page_id)
        if self._valid(lock) is not None:  # our own
            yield
            return
        lock.unlink(missing_ok=True)  # it has expired
        try:
            descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            raise LockedError("somebody has just locked it for editing") from None
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.write((self._user or f"{self._ip}\n").encode("utf-8", "replace"))
                with contextlib.suppress(PermissionError):
                    rights_in(lock.parent).give(opened.fileno())
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.unlink()

    @contextlib.contextmanager
    def of_file(self, path: Path) -> Iterator[None]:
        """Have a file to ourselves as far as DokuWiki is concerned, which waits for a folder to vanish."""
        if self._folder is None:
            yield
            return
        lock = self._folder / hashlib.md5(os.fsencode(path), usedforsecurity=False).hexdigest()
        deadline = time.monotonic() + _LONGEST_WAIT
        while True:
            try:
                lock.mkdir()
                break
            except FileExistsError:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.01)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.rmdir()

    def _valid(self, lock: Path) -> str | None:
        """Who made a lock that still counts."""
        try:
            with lock.open("rb") as opened:
                age = time.time() - os.fstat(opened.fileno()).st_mtime
                holder = opened.read(_LONGEST_NAME).partition(b"\n")[0]
        except OSError:
            return None
        return None if age > self._seconds else holder.decode("utf-8", "replace")

    def _of_page(self, page_id: str) -> Path | None:
        if self._folder is None or self._seconds <= 0:
            return None
        name = clean_id(page_id, self._rules).encode("utf-8", "surrogateescape")
        return self._folder / f"{hashlib.md5(name, usedforsecurity=False).hexdigest()}.lock"
