"""Work on many things with many processes: results come in the order of the things, and few are under way at a time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from multiprocessing import connection
from typing import Any, TypeVar

from dokuwiki_data.errors import DokuWikiDataError, WorkerError

Item = TypeVar("Item")
Result = TypeVar("Result")

#: So many items wait for a worker, or their results for those before them, beyond those that are being worked on.
#: With 4, a page of 1.4 MB had the other worker wait: 3.1 s for a wiki that takes 2.7 s, and 4.5 s with one worker.
_WAITING = 24

#: In a worker of ours: what it does with each item.
_work: Callable[[Any], Any]


def available_cores() -> int:
    """How many processes the system lets us run at once."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def ordered(
    work: Callable[[Item], Result], items: Iterable[Item], jobs: int, executor: Executor | None = None
) -> Iterator[Result]:
    """The results of ``work`` on each of ``items``, in their order, by ``jobs`` processes or by an ``executor``.

    ``work``, the items and the results must be able to travel (pickle), unless one job does it all here. Of an
    executor, ``jobs`` says how many items it may work on at a time; it is not shut down. Work that has not begun
    when nobody wants more results is cancelled.

    Raises `WorkerError` if a worker died or failed, or if there are none any more.
    """
    if executor is not None:
        yield from _through(executor, work, items, jobs)
    elif jobs == 1:
        yield from map(work, items)
    else:
        with ProcessPoolExecutor(jobs, mp_context=_context(work), initializer=_begin, initargs=(work,)) as pool:
            try:
                yield from _through(pool, _work_on, items, jobs)
            finally:
                pool.shutdown(cancel_futures=True)


def _through(executor: Executor, work: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Iterator[Result]:
    under_way: deque[Future[Result]] = deque()
    try:
        for item in items:
            with _worker_errors():
                under_way.append(executor.submit(work, item))
            if len(under_way) >= jobs + _WAITING:
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())
    finally:
        for future in under_way:
            future.cancel()


def _result(future: Future[Result]) -> Result:
    with _worker_errors():
        return future.result()


@contextlib.contextmanager
def _worker_errors() -> Iterator[None]:
    """What goes wrong with a worker as a `WorkerError`; errors of the library's own stay what they are."""
    try:
        yield
    except DokuWikiDataError:
        raise
    except BrokenExecutor as error:
        raise WorkerError("a worker process was killed; perhaps the memory was full") from error
    except CancelledError as error:
        raise WorkerError("the work was cancelled, or there are no workers any more") from error
    except Exception as error:
        raise WorkerError(f"a worker failed: {type(error).__name__}: {error}") from error


def _begin(work: Callable[[Any], Any]) -> None:
    """Note in a worker what is to be done: it may hold the ids of all pages, and travels once.

    The worker ends when the process that it works for is gone, which may have been killed. The interrupt key reaches
    both; that process ends the work, a worker would only show a traceback.
    """
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=[parent.sentinel], daemon=True).start()


def _work_on(item: Any) -> Any:
    return _work(item)


def _wait_and_end(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _context(work: Callable[..., object]) -> multiprocessing.context.BaseContext:
    """How new processes are made: by copying this one, which is quickest (0.15 s), if no threads could be cut in two.

    Else they come from one that has loaded the library and nothing else.
    """
    methods = multiprocessing.get_all_start_methods()
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    if "forkserver" not in methods:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([getattr(work, "func", work).__module__])
    return context
