"""Texts that workers hand over in files: the same as those that are sent, and nothing of them is left."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dokuwiki_data.conversion import (
    PARTS,
    ConversionOptions,
    Converted,
    convert_texts,
    current_states,
    executors,
    stored,
)
from dokuwiki_data.errors import WorkerError
from dokuwiki_data.wiki.sources.opening import open_source

PAGE = "A **bold** word.\n---- dataentry ----\nname: {0}\n----\n" + "word " * 400
PAGE += "\n---- datatable ----\ncols: name\nfilter: name = {0}\n----\n"


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two chunks of pages with queries."""
    pages = tmp_path_factory.mktemp("wiki") / "data" / "pages"
    pages.mkdir(parents=True)
    for number in range(100):
        (pages / f"p{number}.txt").write_text(PAGE.format(number))
    return pages.parent.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def converted(wiki: Path, jobs: int, **options: Any) -> Iterator[Converted]:
    lost: list[object] = []
    source = open_source(wiki, lost.append)
    pages = source.pages(lost.append)
    chosen = ConversionOptions(jobs=jobs, pages=pages, **options)
    yield from convert_texts(source, current_states(pages), "jsonl", lost.append, chosen)
    assert lost == []


def text(wiki: Path, jobs: int, **options: Any) -> bytes:
    return b"\n".join(b"".join(done.pieces) for done in converted(wiki, jobs, **options))


@pytest.mark.parametrize("parts", [("text",), PARTS], ids=["text", "all parts"])
def test_texts_in_files_are_those_that_are_sent(wiki: Path, folder: Path, parts: tuple[str, ...]) -> None:
    assert any(isinstance(done.output, stored.StoredText) for done in converted(wiki, 2, parts=parts))
    assert text(wiki, 2, parts=parts) == text(wiki, 1, parts=parts)
    assert list(folder.iterdir()) == []


def test_files_are_gone_when_they_were_read_and_when_the_caller_stops(wiki: Path, folder: Path) -> None:
    chunks = converted(wiki, 2)
    first = next(chunks)
    path = Path(first.output.path)
    assert path.parent.parent == folder
    assert b"".join(first.pieces)
    assert not path.exists()
    chunks.close()  # type: ignore[attr-defined]
    assert list(folder.iterdir()) == []


#: With another thread, workers are not forked.
THREADED = "import sys, threading; threading.Thread(target=threading.Event().wait, daemon=True).start(); "
THREADED += "from dokuwiki_data.command.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.skipif(sys.platform == "win32", reason="TMPDIR names the folder on other systems")
@pytest.mark.parametrize("start", [["-m", "dokuwiki_data"], ["-c", THREADED]], ids=["forked", "not forked"])
def test_files_are_gone_when_the_run_is_killed(wiki: Path, start: list[str]) -> None:
    command = [sys.executable, *start, "convert", str(wiki), "-j", "2"]
    # It waits until somebody reads its output.
    given: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    # A fork server has a socket in the folder, whose path may have about a hundred characters; that of pytest has more.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with subprocess.Popen(command, env=os.environ | {"TMPDIR": name}, **given) as process:
            while not list(folder.glob("dokuwiki-data-*/*")):
                assert process.poll() is None
                time.sleep(0.01)
            process.kill()
            process.wait()
        deadline = time.monotonic() + 20
        while list(folder.glob("dokuwiki-data-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert list(folder.glob("dokuwiki-data-*")) == []


def test_without_a_folder_for_temporary_files_texts_are_sent(wiki: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(wiki / "missing"))
    assert all(isinstance(done.output, bytes) for done in converted(wiki, 2))
    assert text(wiki, 2) == text(wiki, 1)


def test_executors_get_no_folder_of_this_machine(wiki: Path, folder: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert all(isinstance(done.output, bytes) for done in converted(wiki, 2, executor=executor))


class Full(io.BytesIO):
    """A file on a full disk."""

    def write(self, *_: Any, **__: Any) -> int:
        raise OSError("no space left on device")


def test_without_room_for_its_file_a_text_is_sent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = b"a" * (1 << 16)
    with stored.storing(lambda pages: large) as write:
        assert isinstance(write([]), stored.StoredText)
        (inside,) = folder.iterdir()
        before = set(inside.iterdir())
        monkeypatch.setattr(stored, "open", lambda *_: Full(), raising=False)
        assert write([]) == large
        assert set(inside.iterdir()) == before
        monkeypatch.setattr(tempfile, "mkstemp", Full().write)
        assert write([]) == large


def test_a_file_that_cannot_be_removed_is_no_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows, a file that another program has open cannot be removed."""
    large = b"a" * (1 << 16)
    with stored.storing(lambda pages: large) as write:
        kept = write([])
        with monkeypatch.context() as patch:
            patch.setattr(os, "unlink", Full().write)
            assert b"".join(stored.pieces(kept)) == large
        assert Path(kept.path).exists()
    assert list(folder.iterdir()) == []


def test_folders_that_are_gone_are_forgotten(folder: Path) -> None:
    before = set(executors._orphaned)
    with stored.storing(lambda pages: b"") as write:
        write([])
        assert executors._orphaned - before == set(map(str, folder.iterdir()))
    assert executors._orphaned == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_nobody_else_can_read_the_files(folder: Path) -> None:
    with stored.storing(lambda pages: b"a" * (1 << 16)) as write:
        path = Path(write([]).path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_small_text_is_sent(folder: Path) -> None:
    with stored.storing(lambda pages: b"small") as write:
        assert write([]) == b"small"


def test_a_text_that_somebody_else_removed_is_an_error_of_workers(folder: Path) -> None:
    with stored.storing(lambda pages: b"a" * (1 << 16)) as write:
        kept = write([])
        Path(kept.path).unlink()
        with pytest.raises(WorkerError, match="what a worker has written cannot be read"):
            list(stored.pieces(kept))
