"""Who does the work of a command: processes of this machine, or a cluster."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import NamedTuple

from dokuwiki_data.command.arguments import count
from dokuwiki_data.conversion.executors import available_cores

#: For less than so many pages it takes longer to start processes than to do the work.
_FEW_PAGES = 300


class Workers(NamedTuple):
    """An executor, if there is one that is not ours, and how many work at a time, if it is known."""

    executor: Executor | None
    at_a_time: int | None

    def jobs(self, pages: int) -> int:
        """How many work at a time on so many pages; never more than there are pages."""
        return min(self.at_a_time or (1 if pages < _FEW_PAGES else available_cores()), max(pages, 1))


def add_worker_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments that say who works."""
    command.add_argument("-j", "--jobs", metavar="N", type=count, help="how many processes work (default: all cores)")
    command.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="let the workers of a Dask cluster do it, such as tcp://host:8786; they need not see any file from here",
    )  # fmt: skip


@contextlib.contextmanager
def chosen_workers(chosen: argparse.Namespace) -> Iterator[Workers]:
    """Those whom the arguments name. Raises what `cluster_executor` does."""
    if chosen.scheduler is None:
        yield Workers(None, chosen.jobs)
        return
    from dokuwiki_data.conversion.cluster import cluster_executor

    with cluster_executor(chosen.scheduler) as (executor, threads):
        yield Workers(executor, chosen.jobs or threads)
