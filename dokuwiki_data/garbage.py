"""Python's garbage collector: it may rest while something is made that holds no circles."""

from __future__ import annotations

import contextlib
import gc
import threading
from collections.abc import Iterator

_lock = threading.Lock()
#: How many are at work, in all threads, and whether the collector was on before the first of them began.
_at_work = 0
_was_on = False


@contextlib.contextmanager
def resting() -> Iterator[None]:
    """The collector is off until the last who asked for it, in any thread, is done; then it is as it was before."""
    global _at_work, _was_on
    with _lock:
        if not _at_work:
            _was_on = gc.isenabled()
            gc.disable()
        _at_work += 1
    try:
        yield
    finally:
        with _lock:
            _at_work -= 1
            if not _at_work and _was_on:
                gc.enable()
