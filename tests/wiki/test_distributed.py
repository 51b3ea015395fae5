"""`convert` on a Dask cluster of local workers, of which one dies: nothing lost, nothing doubled."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dokuwiki_data.conversion import ConversionOptions, Converted, convert_pages, current_states, text_writer
from dokuwiki_data.conversion.cluster import cluster_executor
from dokuwiki_data.conversion.executors import ordered
from dokuwiki_data.dataset.writing import write_dataset
from dokuwiki_data.errors import WorkerError
from dokuwiki_data.wiki.sources.opening import open_source

if importlib.util.find_spec("distributed") is None:
    pytest.skip("needs the extra dask", allow_module_level=True)

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "dokuwiki_data"]
PAGES = 800  # four chunks of the tables, thirteen of lines


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process under a nanny that makes a new one when it dies.

    They are forked from a process that has loaded the library, instead of loading it each.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own
        import dask

        dask.config.set({"distributed.worker.multiprocessing-method": "forkserver" if hasattr(os, "fork") else "spawn"})
        import distributed

        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs="CRITICAL"
        ) as made:
            yield made


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = tmp_path_factory.mktemp("wiki") / "pages"
    pages.mkdir()
    for number in range(PAGES):
        path = pages / f"p{number}.txt"
        path.write_text(f"====== {number} ======\n[[p{number + 1}]]\n---- dataentry ----\nn: {number}\n----\n")
        os.utime(path, (0, number))
    return pages


@pytest.fixture(scope="module")
def expected(wiki: Path) -> bytes:
    return subprocess.run([*COMMAND, "convert", wiki, "-j", "1"], capture_output=True, check=True).stdout


def process(number: int) -> tuple[int, int]:
    return number, os.getpid()


def kill_a_worker(cluster: Any) -> None:
    """Kill the process below the first nanny, as a full memory would."""
    os.kill(cluster.workers[0].pid, signal.SIGKILL)


def test_the_command_gives_the_same_output(cluster: Any, wiki: Path, expected: bytes) -> None:
    done = subprocess.run([*COMMAND, "convert", wiki, "--scheduler", cluster.scheduler_address], capture_output=True)
    assert (done.returncode, done.stdout) == (0, expected)
    messages = done.stderr.decode().splitlines()
    assert len(messages) == 2
    assert all(message.startswith("dokuwiki-data: ") for message in messages)


def test_both_workers_work(cluster: Any) -> None:
    with cluster_executor(cluster.scheduler_address) as (executor, threads):
        results = list(ordered(process, range(100), threads, executor))
    assert [number for number, _ in results] == list(range(100))
    assert len({worker for _, worker in results} - {os.getpid()}) == 2


def killed_in_the_middle(parts: Iterator[Converted], cluster: Any) -> list[Converted]:
    found = []
    for number, part in enumerate(parts):
        if number == 0:
            kill_a_worker(cluster)
        found.append(part)
    assert len(found) > 2
    return found


def test_a_killed_worker_loses_and_doubles_nothing(cluster: Any, wiki: Path, expected: bytes) -> None:
    source = open_source(wiki, pytest.fail)
    states = current_states(source.pages(pytest.fail))
    with cluster_executor(cluster.scheduler_address) as (executor, threads):
        parts = convert_pages(
            source,
            states,
            text_writer("jsonl", ("text", "ast")),
            pytest.fail,
            ConversionOptions(jobs=threads, executor=executor),
        )
        found = killed_in_the_middle(parts, cluster)
    assert b"".join(part.output for part in found) == expected
    assert sum(part.pages for part in found) == PAGES


def test_parquet_too(cluster: Any, wiki: Path, tmp_path: Path, expected: bytes) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    source = open_source(wiki, pytest.fail)
    files = source.pages(pytest.fail)
    with cluster_executor(cluster.scheduler_address) as (executor, threads):
        parts = write_dataset(
            source, current_states(files), tmp_path / "shared", "w", pytest.fail,
            ConversionOptions(pages=files, jobs=threads, executor=executor),
        )  # fmt: skip
        killed_in_the_middle(parts, cluster)
    for _ in write_dataset(
        source, current_states(files), tmp_path / "alone", "w", pytest.fail, ConversionOptions(pages=files)
    ):
        pass

    def rows(folder: Path, table: str) -> list[dict[str, Any]]:
        parts = sorted((folder / table / "wiki=w").iterdir())
        return [row for part in parts for row in parquet.read_table(part, partitioning=None).to_pylist()]

    for table in ("pages", "entries", "links", "revisions"):
        assert rows(tmp_path / "shared", table) == rows(tmp_path / "alone", table)
    records = [row["record"] + "\n" for row in rows(tmp_path / "shared", "pages")]
    assert "".join(records).encode() == expected


def test_workers_need_none_of_our_files(cluster: Any, tmp_path: Path, wiki: Path) -> None:
    copy = tmp_path / "pages"
    copy.mkdir()
    for number in range(3):
        (copy / f"{number}.txt").write_text(str(number))
    source = open_source(copy, pytest.fail)
    with cluster_executor(cluster.scheduler_address) as (executor, threads):
        parts = convert_pages(
            source, current_states(source.pages(pytest.fail)), text_writer("jsonl", ("text",)), pytest.fail,
            ConversionOptions(jobs=threads, executor=Vanishing(executor, copy)),
        )  # fmt: skip
        assert sum(part.pages for part in parts) == 3


class Vanishing:
    """An executor that removes all files of a folder before it gives work away."""

    def __init__(self, executor: Any, folder: Path) -> None:
        self.executor, self.folder = executor, folder

    def submit(self, *arguments: Any) -> Any:
        for file in self.folder.iterdir():
            file.unlink()
        return self.executor.submit(*arguments)


def failing(number: int) -> int:
    raise ZeroDivisionError("of a task")


def test_what_fails_on_a_worker_is_one_error(cluster: Any) -> None:
    with (
        cluster_executor(cluster.scheduler_address) as (executor, threads),
        pytest.raises(WorkerError, match="a worker failed: ZeroDivisionError: of a task"),
    ):
        list(ordered(failing, range(5), threads, executor))


def test_a_scheduler_that_is_not_there_is_one_line(wiki: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "convert", wiki, "-q", "-o", tmp_path / "o.jsonl", "--scheduler", "tcp://127.0.0.1:1"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("dokuwiki-data: the scheduler tcp://127.0.0.1:1 cannot be reached")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["", "nonsense", "http://host:80", "inproc://x", "tls://127.0.0.1:1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(WorkerError), cluster_executor(address):
        pass
