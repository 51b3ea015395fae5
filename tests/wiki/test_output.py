"""Where commands write: no file of a wiki is overwritten, nothing half done takes a place, and what fails is told."""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from forked import Forked
from saved_wiki import files, make

from dokuwiki_data.command.main import main
from dokuwiki_data.dataset import folder as dataset_folder
from dokuwiki_data.dataset.reading import Dataset
from dokuwiki_data.dataset.writing import add_wiki
from dokuwiki_data.errors import OutputError

COMMAND = [sys.executable, "-m", "dokuwiki_data"]
closed = pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by a shell")


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    return make(tmp_path / "data")


# ------------------------------------------------------------------------------------- the files of SOURCE


@pytest.mark.parametrize("format_", ["jsonl", "json", "yaml"])
@pytest.mark.parametrize("place", ["pages/a.txt", "meta/a.changes", "pages/other.json"])
@pytest.mark.parametrize("name", ["itself", "link", "link to a folder", "hard link"])
def test_no_file_of_a_wiki_is_overwritten(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], format_: str, place: str, name: str
) -> None:
    (wiki / "pages" / "other.json").write_text("[]")
    output = wiki / place
    if name == "link":
        (output := tmp_path / "link").symlink_to(wiki / place)
    elif name == "hard link":
        (output := tmp_path / "link").hardlink_to(wiki / place)
    elif name == "link to a folder":
        (tmp_path / "folder").symlink_to((wiki / place).parent)
        output = tmp_path / "folder" / Path(place).name
    before = files(tmp_path)
    for option in ("-o", "--report"):
        assert main(["convert", "-q", str(wiki), "-f", format_, option, str(output)]) == 2
        assert capsys.readouterr().err == f"dokuwiki-data: {output}: is a file of {wiki}, which is not overwritten\n"
    assert files(tmp_path) == before


@pytest.mark.parametrize("name", ["itself", "link", "hard link"])
def test_no_archive_is_overwritten_by_what_is_in_it(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    archive = output = tmp_path / "wiki.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("pages/a.txt", "a")
    if name == "link":
        (output := tmp_path / "link").symlink_to(archive)
    elif name == "hard link":
        (output := tmp_path / "link").hardlink_to(archive)
    before = files(tmp_path)
    assert main(["convert", "-q", str(archive), "-o", str(output)]) == 2
    assert capsys.readouterr().err == f"dokuwiki-data: {output}: is a file of {archive}, which is not overwritten\n"
    assert files(tmp_path) == before


@pytest.mark.parametrize("format_", ["jsonl", "json", "yaml"])
def test_records_between_the_files_of_a_wiki_are_written_again(wiki: Path, format_: str) -> None:
    output, report = wiki / f"wiki.{format_}", wiki / "report.json"
    arguments = ["convert", "-q", str(wiki), "-f", format_, "-o", str(output), "--report", str(report)]
    assert main(arguments) == 0
    first = output.read_bytes()
    assert main(arguments) == 0
    assert output.read_bytes() == first


def test_a_page_that_looks_like_a_record_is_a_page(wiki: Path) -> None:
    page = wiki / "pages" / "a.txt"
    page.write_text('{"format":"dokuwiki-data/page"}')
    assert main(["convert", "-q", str(wiki), "-o", str(page)]) == 2


def test_a_report_is_another_file_than_the_records(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["convert", "-q", str(wiki), "-o", str(tmp_path / "x"), "--report", str(tmp_path / "." / "x")]) == 2
    assert "--output and --report are the same file" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["", "pages", "pages/new", "new", "attic"])
def test_no_folder_of_files_is_made_in_a_wiki(
    wiki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    pytest.importorskip("pyarrow")
    before = files(tmp_path)
    for command in (["convert", "-f", "parquet"], ["tables"]):
        assert main([*command, "-q", str(wiki), "-o", str(wiki / place)]) == 2
        assert capsys.readouterr().err.endswith("nothing is written between the files of a wiki\n")
    with pytest.raises(OutputError, match="nothing is written between the files of a wiki"):
        add_wiki(wiki / place, wiki)
    assert files(tmp_path) == before


def test_a_wiki_is_not_in_the_folder_that_its_tables_replace(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    wiki = make(tmp_path / "pages" / "wiki=x")
    with pytest.raises(OutputError, match="would be replaced"):
        add_wiki(tmp_path, wiki, "x")
    assert (wiki / "pages" / "a.txt").exists()
    with pytest.raises(OutputError, match="nothing is written between"):  # its pages folder is that of the tables
        add_wiki(wiki, wiki / "pages", "x")


# ------------------------------------------------------------------------------------ runs that were killed


@pytest.fixture(scope="module")
def left_by_killed_runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Folders of the tables of a wiki that another was to replace, killed before its first move, its second, and so on.

    One interpreter, which has loaded everything, forks a process for each.
    """
    pytest.importorskip("pyarrow")
    pytest.importorskip("pandas")
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    root = tmp_path_factory.mktemp("killed")
    old, new = (make(root / name / "data") for name in ("old", "new"))
    (new / "pages" / "d.txt").write_text("new")
    folders = [root / str(moves) for moves in range(11)]
    add_wiki(folders[0], old, "x")
    for folder in folders[1:]:
        shutil.copytree(folders[0], folder)
    done = subprocess.run([sys.executable, "-c", KILLED, new, *folders], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()) == (0, ["-9"] * 10 + ["0"]), done.stderr
    return folders


@pytest.mark.parametrize("moves", range(11))
def test_what_a_killed_run_has_left_is_removed_by_the_next(
    left_by_killed_runs: list[Path], tmp_path: Path, moves: int
) -> None:
    """Killed before, between and behind the moves of all ten folders: a table is never lost, nor old beside new."""
    pytest.importorskip("duckdb")
    folder = left_by_killed_runs[moves]
    add_wiki(folder, make(tmp_path / "other" / "data"), "y")
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    dataset = Dataset(folder)
    assert dataset.wikis == ("x", "y")
    ids, revisions = (
        {found[0] for found in dataset.connect().execute(f"SELECT page_id FROM {table} WHERE wiki = 'x'").fetchall()}
        for table in ("pages", "revisions")
    )
    assert ids == revisions == {"a", "b", "c", "d"}


KILLED = """
import os, signal, sys
from pathlib import Path
import pandas, pyarrow.compute, pyarrow.parquet  # else each process loads them to write a table
from dokuwiki_data.dataset.writing import add_wiki
real = Path.replace

def replace(self, target):
    global left
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return real(self, target)

Path.replace = replace
for left, folder in enumerate(sys.argv[2:]):
    process = os.fork()
    if not process:
        add_wiki(folder, sys.argv[1], "x")
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


def test_what_was_left_before_its_files_were_complete_is_removed(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    wiki, folder = make(tmp_path / "data"), tmp_path / "tables"
    for left in (".new-1", ".new-2/pages", ".new-3/old-pages"):
        (folder / left).mkdir(parents=True)
    (folder / ".new-2" / "pages" / "part-00000.parquet").write_text("half")
    (folder / ".new-3" / "complete").write_text("wiki=../../data")
    (folder / ".new-4").symlink_to(wiki)
    add_wiki(folder, wiki, "x")
    names = [".new-4", "classes", "entries", "links", "pages", "revisions"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (wiki / "pages" / "a.txt").exists()


def test_what_another_run_writes_is_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    wiki, folder = make(tmp_path / "data"), tmp_path / "tables"
    with dataset_folder.replacing_wiki(folder, "y"):
        add_wiki(folder, wiki, "x")
        command = [*COMMAND, "convert", "-q", wiki, "-f", "parquet", "-o", folder, "--wiki", "z"]
        assert subprocess.run(command, check=False).returncode == 0
        assert len([path for path in folder.iterdir() if path.name.startswith(dataset_folder._PENDING)]) == 1
    assert dataset_folder.wikis_in(folder) == ["x", "z"]


# ------------------------------------------------------------------------------- where nothing can be written


WRITING = [
    "convert {wiki}", "convert {wiki} -f json", "convert {wiki} -f yaml", "convert {wiki} -o -", "schema",
    "parse {wiki}/pages/a.txt", "query {wiki} 'cols: name'", "--version", "--help", "query --help",
    "check {wiki} --only plugins",
]  # fmt: skip


@pytest.fixture(scope="module")
def forked() -> Iterator[Forked]:
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    made = Forked()
    yield made
    made.end()


#: Standard output closed, on a full disk, and where writing fails as there.
CLOSED, FULL, READ_ONLY = None, "/dev/full", os.devnull


@pytest.mark.parametrize(
    ("arguments", "output"),
    [*product(WRITING, [CLOSED, FULL]), *product(["convert {wiki}", "schema", "--version"], [READ_ONLY])],
)
def test_output_that_cannot_be_written_is_no_success(
    forked: Forked, wiki: Path, arguments: str, output: str | None
) -> None:
    if output == FULL and not Path(FULL).exists():
        pytest.skip("this system has no such device")
    (wiki / "pages" / "u.txt").write_text("<note>x</note>")
    code, errors = forked.run(*shlex.split(arguments.format(wiki=wiki)), streams={1: output})
    assert code == 2
    reason = "no space left on device" if output == FULL else "bad file descriptor"
    assert [line for line in errors.splitlines() if "standard output" in line] == [
        f"dokuwiki-data: standard output: {reason}"
    ]
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    "streams", [{1: CLOSED}, {2: CLOSED}, {2: FULL}, {1: CLOSED, 2: CLOSED}, {0: CLOSED, 1: CLOSED, 2: CLOSED}]
)
def test_who_writes_to_a_file_needs_no_other_output(
    forked: Forked, wiki: Path, tmp_path: Path, streams: dict[int, str | None]
) -> None:
    if FULL in streams.values() and not Path(FULL).exists():
        pytest.skip("this system has no such device")
    for arguments in (["convert", wiki, "-o", tmp_path / "out"], ["tables", wiki, "-o", tmp_path / "tables"]):
        assert forked.run(*arguments, streams=streams)[0] == 0
    assert (tmp_path / "out").read_bytes().count(b"\n") == 3


@closed
@pytest.mark.parametrize("redirection", [">&-", "> /dev/full", "<&- >&- 2>&-"])
def test_a_new_process_without_output_is_like_a_forked_one(wiki: Path, redirection: str) -> None:
    command = f"{sys.executable} -m dokuwiki_data convert {wiki} {redirection}"
    assert subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, check=False).returncode == 2


@pytest.mark.parametrize(
    "arguments", [["convert"], ["convert", "-f", "json"], ["convert", "-f", "parquet"], ["tables"]]
)
def test_a_full_disk_is_one_line(forked: Forked, wiki: Path, tmp_path: Path, arguments: list[str]) -> None:
    """The largest size of a file stands for it; the same is to be said of every kind of output."""
    pytest.importorskip("pyarrow")
    (wiki / "pages" / "a.txt").write_text("---- datatable ----\ncols: name\n----\n" + "x y z " * 1000)
    code, errors = forked.run(*arguments, wiki, "-q", "-o", tmp_path / "out", largest_file=20)
    assert code == 2
    *_, line = errors.splitlines()
    assert line.startswith(f"dokuwiki-data: {tmp_path / 'out'}")
    assert line.endswith(": file too large")
    assert "Traceback" not in errors


def test_a_wiki_that_vanishes_is_told_line_by_line(
    wiki: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dokuwiki_data.command import converting

    def current_states(files: list[object]) -> list[object]:
        for path in (wiki / "pages").iterdir():
            path.unlink()
        return real(files)  # type: ignore[arg-type,return-value]

    real = converting.current_states
    monkeypatch.setattr(converting, "current_states", current_states)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    assert main(["convert", "-q", str(wiki)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"dokuwiki-data: {wiki}/pages/{name}.txt: no such file or directory" for name in "abc"
    ]


def test_output_is_on_the_disk_before_it_takes_its_place(
    wiki: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        steps.append("flush")
        sync(descriptor)

    def replacing(self: Path, target: Path) -> Path:
        steps.append(Path(target).name)
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replacing)
    for format_ in ("jsonl", "json"):
        steps.clear()
        assert main(["convert", "-q", str(wiki), "-f", format_, "-o", str(tmp_path / "out")]) == 0
        assert steps[-3:] == ["flush", "out", "flush"]
