"""`convert` on whole wikis: the same output from every container, by any number of workers, after any interruption."""

from __future__ import annotations

import gc
import json
import lzma
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import program
import pytest
from hypothesis import given

import dokuwiki_data as dw
from dokuwiki_data import strategies
from dokuwiki_data.command.resuming import output_file
from dokuwiki_data.conversion import PAGE_PARTS, ConversionOptions, convert, convert_pages, current_states, text_writer
from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.record import STREAMS, json_line, written_page
from dokuwiki_data.wiki.sources.opening import open_source, source_of_texts

COMMAND = [sys.executable, "-m", "dokuwiki_data"]
TEXT = "====== {0} ======\nA **bold** [[link{0}]].\n---- dataentry ----\nname: {0}\ntags: a, b\n----\n"


def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    return program.run("convert", *arguments)


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four chunks of pages, in which a few are odd."""
    pages = tmp_path_factory.mktemp("wiki") / "pages"
    for number in range(400):
        path = pages / f"ns{number % 7}" / f"p{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(number) * (1 + number % 5) + ("<code>\n" if number % 100 == 0 else ""))
        os.utime(path, (0, 1_600_000_000 + number))
    return pages.parent


@pytest.fixture(scope="module")
def expected(wiki: Path) -> bytes:
    return run(wiki, "--jobs", 1).stdout


def test_the_number_of_workers_changes_nothing(wiki: Path, expected: bytes) -> None:
    assert expected.count(b"\n") == 400
    assert run(wiki, "--jobs", 2).stdout == expected
    few = ["--namespace", "ns1", "--namespace", "ns2"]  # two chunks; YAML takes long
    for form in set(STREAMS) - {"jsonl"}:
        one, two = (run(wiki, *few, "--jobs", jobs, "--format", form).stdout for jobs in (1, 2))
        assert one == two


EXECUTORS = {
    "threads": partial(ThreadPoolExecutor, 3),
    "forked": partial(ProcessPoolExecutor, 2, mp_context=multiprocessing.get_context("fork")),
    "spawned": partial(ProcessPoolExecutor, 2, mp_context=multiprocessing.get_context("spawn")),
}


@pytest.mark.parametrize("make", EXECUTORS.values(), ids=EXECUTORS)
def test_any_executor_will_do(wiki: Path, expected: bytes, make: Callable[[], Executor]) -> None:
    lost: list[object] = []
    source = open_source(wiki, lost.append)
    states = current_states(source.pages(lost.append))
    with make() as executor:
        options = ConversionOptions(executor=executor)
        done = convert_pages(source, states, text_writer("jsonl", PAGE_PARTS), lost.append, options)
        assert b"".join(some.output for some in done) == expected
    assert lost == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_records_come_one_by_one(wiki: Path, expected: bytes, jobs: int) -> None:
    records = convert(wiki, jobs=jobs)
    assert next(records) == json.loads(expected.splitlines()[0])
    records.close()  # type: ignore[attr-defined]


def test_the_garbage_collector_rests_until_the_last_is_done() -> None:
    assert gc.isenabled()
    one, other = ExitStack(), ExitStack()
    one.enter_context(gc_paused())
    other.enter_context(gc_paused())
    one.close()
    assert not gc.isenabled()
    other.close()
    assert gc.isenabled()
    gc.disable()
    try:
        with gc_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_archive_gives_what_its_folder_gives(wiki: Path, expected: bytes, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "wiki.tar.gz", "w:gz") as tar:
        tar.add(wiki, "data")
    for jobs in (1, 2):
        assert run(tmp_path / "wiki.tar.gz", "--jobs", jobs).stdout == expected


def test_a_killed_run_is_gone_on_with(wiki: Path, expected: bytes, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    part = tmp_path / ".out.jsonl.part"
    process = subprocess.Popen([*COMMAND, "convert", wiki, "-o", output, "-j", "1"], stderr=subprocess.DEVNULL)
    while process.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = part.read_bytes() if part.exists() else b""  # else it was done before
    assert expected.startswith(left)
    for size in (len(left), *(random.Random(seed).randint(0, len(expected)) for seed in range(5))):
        output.unlink(missing_ok=True)
        part.write_bytes(expected[:size])  # as if it had been killed at that moment
        done = run(wiki, "-o", output, "--resume")
        assert (done.returncode, output.read_bytes()) == (0, expected)
        assert not part.exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only /proc tells whose child a process was")
def test_workers_end_when_the_run_is_killed(wiki: Path, tmp_path: Path) -> None:
    marker = tmp_path / "only-here.jsonl"
    process = subprocess.Popen([*COMMAND, "convert", wiki, "-o", marker, "-j", "2"], stderr=subprocess.DEVNULL)
    while process.poll() is None and len(_with_argument(marker)) < 3:
        time.sleep(0.01)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while _with_argument(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _with_argument(marker) == []


def _with_argument(argument: Path) -> list[str]:
    """The processes that were started with an argument, and their forks."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(argument).encode() in (process / "cmdline").read_bytes().split(b"\0"):
                found.append(process.name)
        except OSError:  # it has ended
            continue
    return found


def test_what_was_changed_after_an_interruption_is_read_again(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in "abcd":
        (pages / f"{name}.txt").write_text(name)
    (pages / "b.txt").unlink()
    (pages / "b.txt").mkdir()  # cannot be read: there is no record of it
    output = tmp_path / "out.jsonl"
    assert run(pages, "-o", output).returncode == 1
    output.rename(tmp_path / ".out.jsonl.part")
    (pages / "c.txt").write_text("changed")
    done = run(pages, "-o", output, "--resume")
    assert done.returncode == 1
    assert [json.loads(line)["text"] for line in output.read_text().splitlines()] == ["a", "changed", "d"]
    assert done.stderr.decode().count("is a folder") == 1


def test_what_is_gone_on_with_is_said(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(name)
    output, part = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.part"
    run(tmp_path, "-o", output)
    part.write_bytes(output.read_bytes().splitlines(keepends=True)[0])
    done = run(tmp_path, "-o", output, "--resume")
    assert b"dokuwiki-data: --resume: 1 of 2 were done before\n" in done.stderr
    output.rename(part)
    done = run(tmp_path, "-o", output, "--resume", "--with", "text")
    assert b"dokuwiki-data: --resume: no record of an earlier run can be used" in done.stderr


def test_a_report_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    for report, reason in ((tmp_path / "no" / "where", "no such file or directory"), (tmp_path, "is a directory")):
        done = run(tmp_path, "--report", report)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode() == f"dokuwiki-data: {report}: {reason}\n"


def test_a_dash_is_standard_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert run(tmp_path, "-o", "-").stdout == run(tmp_path).stdout != b""
    assert run(tmp_path, "-o", "-", "--resume").returncode == 2


def test_it_is_said_if_there_are_no_old_states_or_if_no_page_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert b"contains no old states of these pages" in run(tmp_path, "--revisions").stderr
    assert b"no page matches the arguments" in run(tmp_path, "--namespace", "b").stderr


@pytest.mark.parametrize("arguments", [[], ["--resume"], ["-f", "json"]])
def test_two_runs_do_not_write_one_file(wiki: Path, tmp_path: Path, arguments: list[str]) -> None:
    pytest.importorskip("fcntl")
    output, part = tmp_path / "out", tmp_path / ".out.part"
    with output_file(output, resume=False, keep=True) as first:
        first.write(b"first")
        first.flush()
        # A file is locked for a process, so another one has to ask.
        done = subprocess.run([*COMMAND, "convert", wiki, "-q", "-o", output, *arguments], capture_output=True)
        assert (done.returncode, done.stderr) == (2, f"dokuwiki-data: {part}: another run is writing it\n".encode())
    assert output.read_bytes() == b"first"


def test_more_processes_than_pages_are_not_begun(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    done = run(tmp_path, "-q", "-j", 10**30)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupted_run_says_how_to_go_on(wiki: Path, expected: bytes, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    process = subprocess.Popen([*COMMAND, "convert", wiki, "-o", output, "-j", "1"], stderr=subprocess.PIPE)
    part = tmp_path / ".out.jsonl.part"
    while process.poll() is None and not (part.exists() and part.stat().st_size):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    message = process.communicate()[1].decode()
    if process.returncode == 130:  # else it was done before
        assert "--resume continues from" in message
        assert not output.exists()
    assert run(wiki, "-o", output, "--resume").returncode == 0
    assert output.read_bytes() == expected


#: A worker that meets this page is killed, as if the memory had been full.
KILLED = """
import multiprocessing, os, signal, sys
from dokuwiki_data.command import main as cli
from dokuwiki_data.conversion import worker

def parse(text, *, page_id, **options):
    if page_id == "ns5:p397" and multiprocessing.parent_process():
        os.kill(os.getpid(), signal.SIGKILL)
    return real(text, page_id=page_id, **options)

real, worker.parse = worker.parse, parse
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="workers are not copies here")
def test_what_was_written_before_a_worker_died_stays(wiki: Path, expected: bytes, tmp_path: Path) -> None:
    output, part = tmp_path / "out.jsonl", tmp_path / ".out.jsonl.part"
    arguments = ["convert", wiki, "-o", output, "-j", "2", "--quiet"]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True)
    assert done.returncode == 2
    kept, died = done.stderr.decode().splitlines()
    assert kept.endswith(f"--resume continues from {part}")
    assert "worker" in died
    assert 0 < part.stat().st_size < len(expected)
    assert expected.startswith(part.read_bytes())
    assert run(wiki, "-o", output, "--resume").returncode == 0
    assert output.read_bytes() == expected


def test_nothing_is_left_of_what_cannot_be_gone_on_with(wiki: Path, tmp_path: Path) -> None:
    arguments = ["convert", wiki, "-o", tmp_path / "out.json", "-f", "json", "-j", "2", "--quiet"]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_place_of_the_unfinished_output_is_not_followed(wiki: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("text")
    (tmp_path / ".out.jsonl.part").symlink_to(tmp_path / "precious")
    assert run(wiki, "-o", tmp_path / "out.jsonl").returncode == 2
    assert (tmp_path / "precious").read_text() == "text"


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--namespace", "ns1"], 57),
        (["--namespace", ":ns1:", "--namespace", "ns2"], 114),
        (["--include", "*:p1?"], 10),
        (["--include", "*:p1?", "--exclude", "ns1:*"], 9),
        (["--exclude", "*"], 0),
    ],
)
def test_pages_are_chosen_by_id(wiki: Path, tmp_path: Path, arguments: list[str], count: int) -> None:
    done = run(wiki, *arguments, "--report", tmp_path / "report.json")
    assert done.stdout.count(b"\n") == count
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["pages"], report["left_out"]) == (count, 400 - count)


def test_what_was_done_is_told_to_people_and_to_programs(wiki: Path, expected: bytes, tmp_path: Path) -> None:
    (tmp_path / "pages" / "broken.txt").mkdir(parents=True)
    (tmp_path / "pages" / "good.txt").write_text(TEXT.format(1) * 2 + "<code>")
    done = run(tmp_path, "--report", tmp_path / "report.json")
    assert done.returncode == 1
    found, lost, summary = done.stderr.decode().splitlines()
    assert "a wiki's pages without their history" in found
    assert lost.endswith("broken.txt: is a folder")
    assert "1 page, 1 lost, 2 entries, 1 diagnostic (" in summary
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["pages"], report["entries"], sum(report["diagnostics"].values())) == (1, 2, 1)
    assert [error["reason"] for error in report["lost"]] == ["is a folder"]
    assert run(tmp_path, "--quiet").stderr.decode().splitlines() == [lost]


def test_the_summary_of_a_resumed_run_is_that_of_the_whole(wiki: Path, expected: bytes, tmp_path: Path) -> None:
    def report(*arguments: object) -> dict[str, Any]:
        run(wiki, "-o", tmp_path / "out.jsonl", "--report", tmp_path / "report.json", *arguments)
        told: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
        del told["seconds"]
        return told

    whole = report()
    (tmp_path / ".out.jsonl.part").write_bytes(expected[: len(expected) // 2])
    assert report("--resume") == whole


def test_the_schema() -> None:
    assert json.loads(program.run("schema").stdout) == dw.render.json_schema()


# ------------------------------------------------------------------------ the quick way to the same JSON


@given(strategies.pages())
def test_lines_are_those_of_the_record(page: dw.Page) -> None:
    assert json_line(page) == as_json(dw.render.json(page))


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "a\r\n  * b\r\n", "> a\r\n>> b", "\udcff \x9b \u2028 \x7f", ">" * 2000 + "a"),
        *('^ a ^  b^\r\n|  c  | \udcff"|\r\n', "> |a|  b|"),
    ],
)
def test_lines_of_odd_pages(text: str) -> None:
    page = dw.parse(text, page_id="a:\udcff", modified=-1)
    assert json_line(page) == as_json(dw.render.json(page))


def test_lines_of_the_evidence(shared: Path) -> None:
    for name, step in (("pages", 15), ("fuzz-short", 2)):  # every so manieth
        with lzma.open(shared / "corpus" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            for number, line in enumerate(islice(lines, 0, None, step)):
                text = json.loads(line)["text"]
                page = dw.parse(text if number % 2 else text.replace("\n", "\r\n"))
                assert json_line(page) == as_json(dw.render.json(page))


@pytest.mark.parametrize("form", STREAMS)
def test_pages_are_written_as_their_records(form: str) -> None:
    page = dw.parse(TEXT.format(1), page_id="a")
    assert written_page(page, form).decode() == STREAMS[form].written(dw.render.json(page))


def test_a_wiki_in_memory() -> None:
    source = source_of_texts({"b": "text", "a": "caf\udce9"})
    assert [record["text"] for record in convert(source)] == ["caf\ufffd", "text"]


def test_a_real_dump_unpacked_and_as_it_lies(part_of_a_real_wiki: Path, tmp_path: Path) -> None:
    with tarfile.open(part_of_a_real_wiki) as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)  # new in 3.11.4
        tar.extractall(tmp_path)
        pages = sum(member.isfile() for member in tar.getmembers())
    for source, output in ((part_of_a_real_wiki, "packed"), (tmp_path, "unpacked")):
        assert run(source, "-o", tmp_path / output).returncode == 0
    content = (tmp_path / "packed").read_bytes()
    assert content == (tmp_path / "unpacked").read_bytes()
    assert content.count(b"\n") == pages >= 190


# --------------------------------------------------------------------------------- how pages are read


@pytest.mark.parametrize(
    ("version", "arguments", "kinds"),
    [
        ("", [], "Comment Strong DataEntry"),
        ("", ["--plugins", "data"], "Strong DataEntry"),
        ("", ["--plugins", ""], "Strong"),
        ("2025-05-14b", [], "Comment Strong Strong DataEntry"),
        ("", ["--release", "2025-05-14"], "Comment Strong Strong DataEntry"),
        ("2025-05-14b", ["--release", "2026-07-14", "--plugins", "comments, data"], "Comment Strong DataEntry"),
    ],
)
def test_pages_are_read_as_the_wiki_says_or_the_arguments(
    tmp_path: Path, version: str, arguments: list[str], kinds: str
) -> None:
    """In the later release nothing is bold that begins with a blank."""
    for name, text in (
        ("VERSION", version),
        ("conf/dokuwiki.php", "<?php"),
        ("data/pages/a.txt", "/* note */ **bold** ** no **\n---- dataentry ----\nname: a\n----\n"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (record,) = map(json.loads, run(tmp_path, *arguments).stdout.splitlines())
    first, *rest = record["content"]
    found = [node["type"] for node in [*first["content"], *rest]]
    assert [kind for kind in found if kind in ("Comment", "Strong", "DataEntry")] == kinds.split()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--release", "1999"], "invalid choice: '1999'"), (["--plugins", "data,none"], "unknown plugin 'none'")],
)
def test_no_other_release_or_plugin(wiki: Path, arguments: list[str], message: str) -> None:
    done = run(wiki, "--quiet", *arguments)
    assert done.returncode == 2
    assert message in done.stderr.decode().splitlines()[-1]
