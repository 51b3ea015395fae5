"""Work through any executor: in order, few at a time, and no error that is not ours."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from dokuwiki_data.conversion.executors import ordered
from dokuwiki_data.errors import PageReadError, WorkerError


def doubled(number: int) -> int:
    time.sleep(0.01 if number % 3 == 0 else 0)  # so that later ones are done sooner
    return number * 2


def refused(number: int) -> int:
    if number == 3:
        raise ZeroDivisionError("three\nis too many")
    return number


def dead(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number


def unreadable(number: int) -> int:
    raise PageReadError(os.curdir, "not here")  # type: ignore[arg-type]


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "threads": lambda: ThreadPoolExecutor(3),
    "processes": lambda: ProcessPoolExecutor(2),
}


@pytest.fixture(params=EXECUTORS)
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with EXECUTORS[request.param]() as made:
        yield made


def test_results_come_in_the_order_of_the_items(executor: Executor) -> None:
    assert list(ordered(doubled, range(30), 3, executor)) == list(range(0, 60, 2))


def test_an_executor_can_be_used_again(executor: Executor) -> None:
    for _ in range(2):
        assert list(ordered(doubled, range(5), 1, executor)) == list(range(0, 10, 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_without_an_executor_too(jobs: int) -> None:
    assert list(ordered(doubled, range(30), jobs)) == list(range(0, 60, 2))


def test_few_items_are_under_way_at_a_time() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with ThreadPoolExecutor(2) as executor:
        for count, _ in enumerate(ordered(doubled, items(), 2, executor), start=1):
            assert len(taken) <= count + 2 + 24


def test_an_error_in_a_worker_is_one_line(executor: Executor) -> None:
    results = ordered(refused, range(10), 1, executor)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(WorkerError, match="a worker failed: ZeroDivisionError: three"):
        next(results)


def test_errors_of_our_own_stay_what_they_are(executor: Executor) -> None:
    with pytest.raises(PageReadError, match="not here"):
        list(ordered(unreadable, [1], 1, executor))


def test_a_dead_process() -> None:
    with ProcessPoolExecutor(2) as executor, pytest.raises(WorkerError, match="was killed"):
        list(ordered(dead, range(100), 1, executor))
    with pytest.raises(WorkerError, match="was killed"):
        list(ordered(dead, range(100), 2))


def test_an_executor_that_is_shut_down() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(WorkerError, match="after shutdown"):
        list(ordered(doubled, [1], 1, executor))


def test_what_cannot_travel() -> None:
    with ProcessPoolExecutor(1) as executor, pytest.raises(WorkerError, match="a worker failed"):
        list(ordered(lambda number: number, [1], 1, executor))


def test_who_stops_early_leaves_no_work_behind() -> None:
    goes_on = threading.Event()
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        if number:
            goes_on.wait(10)
        return number

    submitted: list[Future[int]] = []

    class Noting(ThreadPoolExecutor):
        def submit(self, *arguments, **named):  # type: ignore[no-untyped-def]
            submitted.append(super().submit(*arguments, **named))
            return submitted[-1]

    with Noting(1) as executor:
        results = ordered(work, range(100), 1, executor)
        assert next(results) == 0
        results.close()  # type: ignore[attr-defined]
        goes_on.set()
    assert len(submitted) == 1 + 24
    assert sum(future.cancelled() for future in submitted) >= len(submitted) - 2
    assert len(begun) <= 2


def test_workers_leave_the_interrupt_key_to_the_process_that_they_work_for() -> None:
    assert list(ordered(signal.getsignal, [signal.SIGINT] * 3, jobs=2)) == [signal.SIG_IGN] * 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
