"""Pause Python's garbage collector while objects without reference cycles are made."""

from __future__ import annotations

import gc
import threading


class _Pause:
    """Counts the pauses in all threads, and remembers whether the collector was enabled before the first one."""

    __slots__ = ("_at_work", "_lock", "_was_on")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at_work = 0
        self._was_on = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._at_work:
                self._was_on = gc.isenabled()
                gc.disable()
            self._at_work += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._at_work -= 1
            if not self._at_work and self._was_on:
                gc.enable()


_PAUSE = _Pause()


def gc_paused() -> _Pause:
    """Disable the collector in a ``with`` statement. It is restored when the last pause of all threads ends.

    This is a class, since a generator would take 1 % of the time to parse a page of 3 kB.
    """
    return _PAUSE
