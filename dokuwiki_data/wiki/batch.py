"""Work on many things with many processes: results come in the order of the things, and few are under way at a time."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from typing import TypeVar

from dokuwiki_data.errors import WorkerError

Item = TypeVar("Item")
Result = TypeVar("Result")

#: So many items wait for a worker, beyond those that are being worked on.
_WAITING = 4


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

    ``work``, the items and the results must be able to travel (pickle), unless one job does it all here.

    Raises `WorkerError` if a process of ours died.
    """
    if executor is not None:
        yield from _through(executor, work, items, jobs)
    elif jobs == 1:
        yield from map(work, items)
    else:
        with ProcessPoolExecutor(jobs, mp_context=_context(work), initializer=_end_with_parent) as pool:
            try:
                yield from _through(pool, work, items, jobs)
            except BrokenProcessPool as error:
                raise WorkerError("a worker process was killed; perhaps the memory was full") from error
            finally:
                pool.shutdown(cancel_futures=True)


def _through(executor: Executor, work: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Iterator[Result]:
    under_way: deque[Future[Result]] = deque()
    for item in items:
        under_way.append(executor.submit(work, item))
        if len(under_way) >= jobs + _WAITING:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def _end_with_parent() -> None:
    """Have this worker end when the process that it works for is gone, which may have been killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=[parent.sentinel], daemon=True).start()


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
