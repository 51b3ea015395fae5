"""Apply a function to many items in parallel: results come in the order of the items, and few items are pending."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
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

#: The number of submitted items beyond those that are being worked on. With 4, the second worker had to wait for a
#: page of 1.4 MB: a wiki took 3.1 s instead of 2.7 s (4.5 s with one worker).
_WAITING = 24

#: In a worker process: the function for each item.
_work: Callable[[Any], Any]

#: The folders that workers of this process, or this worker, remove if the parent is killed, which does so otherwise.
_orphaned: set[str] = set()


def available_cores() -> int:
    """Return the number of processor cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def ordered(
    work: Callable[[Item], Result], items: Iterable[Item], jobs: int, executor: Executor | None = None
) -> Iterator[Result]:
    """Yield the result of a function for each item, in the order of the items.

    If the caller stops early, pending items are cancelled.

    Args:
        work: The function. It, the items and the results must be picklable, unless there is one job and no executor.
        items: The items.
        jobs: The number of processes, or of items that the executor works on at a time. One job runs in this process.
        executor: An executor that does the work instead of new processes. It is not shut down.

    Raises:
        WorkerError: If a worker died or failed, or if there are no workers left.
    """
    if executor is not None:
        yield from _through(executor, work, items, jobs)
    elif jobs == 1:
        yield from map(work, items)
    else:
        given = work, tuple(_orphaned)
        with ProcessPoolExecutor(jobs, mp_context=_context(work), initializer=_begin, initargs=given) as pool:
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
    """Raise errors of workers as `WorkerError`; errors of the library pass unchanged."""
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


def _begin(work: Callable[[Any], Any], folders: Iterable[str]) -> None:
    """Initialize a worker process: store the function, which may be large, so that it is sent only once.

    The worker exits when its parent process is gone, which may have been killed, and removes ``folders`` first. It
    ignores the interrupt key, since the parent handles it.
    """
    global _work
    _work = work
    _orphaned.update(folders)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=[parent.sentinel], daemon=True).start()


def _work_on(item: Any) -> Any:
    return _work(item)


@contextlib.contextmanager
def removed_if_orphaned(folder: str) -> Iterator[None]:
    """Let workers that are started in this context remove a folder if this process is killed."""
    _orphaned.add(folder)
    try:
        yield
    finally:
        _orphaned.discard(folder)


def _wait_and_end(sentinel: int) -> None:
    connection.wait([sentinel])
    for folder in tuple(_orphaned):
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _context(work: Callable[..., object]) -> multiprocessing.context.BaseContext:
    """Return how processes are started: by fork, which is fastest (0.15 s), if there are no other threads.

    Otherwise by a fork server that has imported only the library, or by spawning.
    """
    methods = multiprocessing.get_all_start_methods()
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    if "forkserver" not in methods:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([getattr(work, "func", work).__module__])
    return context
