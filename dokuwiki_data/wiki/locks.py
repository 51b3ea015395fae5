"""Use DokuWiki's locks: one for a page that is being edited, one for a file that is being written."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from dokuwiki_data.ids import DEFAULT_RULES, IdRules, clean_id
from dokuwiki_data.wiki.writing import rights_in

#: The seconds that DokuWiki waits for the lock of a file before it ignores the lock as stale.
_MAX_WAIT = 3.0
_MAX_NAME = 200


class LockedError(OSError):
    """A page is locked by somebody else."""


class Locks:
    """The locks of a wiki. Without a folder of locks, nothing is locked."""

    def __init__(
        self, folder: Path | None, seconds: int, user: str = "", ip: str = "", rules: IdRules = DEFAULT_RULES
    ) -> None:
        """Use the locks in a folder.

        Args:
            folder: The folder of locks; None if there is none.
            seconds: How long the lock of a page is valid; 0 disables the locks of pages.
            user: The owner of new locks.
            ip: The address that owns new locks if there is no user.
            rules: The settings that page ids depend on.
        """
        self._folder = folder if folder is not None and folder.is_dir() else None
        self._seconds = seconds
        self._user = user
        self._ip = ip
        self._rules = rules

    def holder(self, page_id: str) -> str | None:
        """Return the user or address that has locked a page; None if it is free or locked by our own user."""
        lock = self._page_lock(page_id)
        holder = None if lock is None else self._valid_holder(lock)
        return None if holder is None or (self._user and holder == self._user) else holder or "somebody"

    def check(self, page_id: str) -> None:
        """Raise `LockedError` if a page is locked by somebody else."""
        if (holder := self.holder(page_id)) is not None:
            lock = self._page_lock(page_id)
            raise LockedError(f"{holder} has locked it for editing, {self._seconds} seconds at most ({lock})")

    @contextlib.contextmanager
    def lock_page(self, page_id: str) -> Iterator[None]:
        """Hold the lock of a page; keep an existing lock of the same user.

        Raises `LockedError` if the page is locked by somebody else.
        """
        lock = self._page_lock(page_id)
        if lock is None:
            yield
            return
        self.check(page_id)
        if self._valid_holder(lock) is not None:  # our own
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
    def lock_file(self, path: Path) -> Iterator[None]:
        """Hold the lock of a file: a folder that DokuWiki waits for while it exists."""
        if self._folder is None:
            yield
            return
        lock = self._folder / hashlib.md5(os.fsencode(path), usedforsecurity=False).hexdigest()
        deadline = time.monotonic() + _MAX_WAIT
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

    def _valid_holder(self, lock: Path) -> str | None:
        """Return the owner of a lock; None if it does not exist or has expired."""
        try:
            with lock.open("rb") as opened:
                age = time.time() - os.fstat(opened.fileno()).st_mtime
                holder = opened.read(_MAX_NAME).partition(b"\n")[0]
        except OSError:
            return None
        return None if age > self._seconds else holder.decode("utf-8", "replace")

    def _page_lock(self, page_id: str) -> Path | None:
        if self._folder is None or self._seconds <= 0:
            return None
        name = clean_id(page_id, self._rules).encode("utf-8", "surrogateescape")
        return self._folder / f"{hashlib.md5(name, usedforsecurity=False).hexdigest()}.lock"
