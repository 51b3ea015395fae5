"""A journal of a change of many files: all of it is done, or none, and it can be undone.

The new contents of files are written into the journal first. Then the change consists of steps that only give files new
names, which a system does whole or not at all: a file that is replaced moves into the journal, and the new one out of
it. Steps are undone in the reverse order, which restores every byte and every time. How many steps are done is the size
of a file in the journal, so that a killed process leaves a state from which both ways are known.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from dokuwiki_data.errors import MoveError, reason_of
from dokuwiki_data.wiki.journals import JOURNAL, PLAN, read_progress
from dokuwiki_data.wiki.writing import (
    Rights,
    flush,
    flush_folder,
    lock_for_process,
    make_folder,
    nearest_folder,
    rights_in,
)

_FORMAT, _VERSION = "dokuwiki-data/journal", 1
#: A journal that is being written; it is removed if it is left over.
_UNFINISHED = f"{JOURNAL}.new"
#: The number of steps that are done, as the size of a file.
_DONE = "done"
#: The sizes and times of the files after the last step.
_RESULT = "result.json"


class FileStep(NamedTuple):
    """A step: make or remove a folder, or rename a file. Paths are relative to the folder of the wiki."""

    kind: Literal["make", "remove", "rename"]
    path: str
    to: str = ""


@dataclass
class Plan:
    """Collects the steps of a change. Contents are written into the journal at once, the steps are done later.

    Attributes:
        root: The folder of the wiki, from which paths count.
        base: The folder with the journal, below the root.
        about: What the change is, for those who look into the journal.
        steps: The steps.
    """

    root: Path
    base: str
    about: Mapping[str, Any] = field(default_factory=dict)
    steps: list[FileStep] = field(default_factory=list)
    _contents: int = 0
    _made: set[str] = field(default_factory=set)

    @property
    def _place(self) -> Path:
        return self.root / self.base

    @contextlib.contextmanager
    def prepare(self) -> Iterator[None]:
        """Begin a journal; without an error, it is complete at the end, and `run` can do its steps.

        Raises:
            MoveError: If another change is not finished, or another process prepares one.
        """
        refuse_unfinished(self._place)
        unfinished = self._place / _UNFINISHED
        try:
            unfinished.mkdir(exist_ok=True)
            with (unfinished / "lock").open("wb") as lock:
                try:
                    lock_for_process(lock)
                except BlockingIOError:
                    raise MoveError(f"{unfinished}: another process prepares a change") from None
                for name in ("old", "new"):
                    shutil.rmtree(unfinished / name, ignore_errors=True)
                    (unfinished / name).mkdir()
                yield
                self._complete(unfinished)
        except OSError as error:
            raise MoveError(f"{error.filename or unfinished}: {reason_of(error)}") from error
        finally:
            if unfinished.is_dir():
                shutil.rmtree(unfinished, ignore_errors=True)

    def _complete(self, unfinished: Path) -> None:
        record = {"format": _FORMAT, "version": _VERSION, **self.about, "steps": self.steps}
        with (unfinished / PLAN).open("w", encoding="ascii") as plan:
            json.dump(record, plan)
            flush(plan)
        (unfinished / _DONE).touch()
        before = self._place / JOURNAL
        (before / PLAN).unlink(missing_ok=True)  # first, since a part of a journal is none
        shutil.rmtree(before, ignore_errors=True)
        (unfinished / "lock").unlink()
        unfinished.rename(self._place / JOURNAL)
        flush_folder(self._place)

    def write(self, old: str | None, new: str, content: bytes, modified: int) -> str:
        """Write a file into the journal, and return where it is, to be renamed later.

        Args:
            old: The file that it replaces, which moves into the journal, and whose rights it gets; None without one.
            new: The place that it is for.
            content: The content.
            modified: The time of the last change in Unix seconds.
        """
        name = str(self._contents)
        self._contents += 1
        beside = self._place / _UNFINISHED / "new" / name
        with beside.open("wb") as output:
            output.write(content)
            flush(output)
            if old is None:
                with contextlib.suppress(PermissionError):
                    rights_in(nearest_folder(self.root / new)).give(output.fileno())
            else:
                shutil.copystat(self.root / old, beside)  # including access control lists and labels
                Rights.of(self.root / old).give(output.fileno())
                self.steps.append(FileStep("rename", old, f"{self._journal}/old/{name}"))
        os.utime(beside, (modified, modified))
        return f"{self._journal}/new/{name}"

    def remove(self, path: str) -> None:
        """Plan that a file is removed."""
        self.steps.append(FileStep("rename", path, f"{self._journal}/old/{self._contents}"))
        self._contents += 1

    def rename(self, path: str, to: str) -> None:
        """Plan that a file gets another name, which is free then."""
        self.make_folders(to)
        self.steps.append(FileStep("rename", path, to))

    def aside(self, path: str) -> str:
        """Plan that a file moves out of the way, and return where it is then."""
        name = f"{self._journal}/new/{self._contents}"
        self._contents += 1
        self.steps.append(FileStep("rename", path, name))
        return name

    def make_folders(self, path: str) -> None:
        """Plan the folders that a file needs."""
        missing = []
        folder = path.rpartition("/")[0]
        while folder and folder not in self._made and not (self.root / folder).is_dir():
            missing.append(folder)
            self._made.add(folder)
            folder = folder.rpartition("/")[0]
        self.steps += [FileStep("make", one) for one in reversed(missing)]

    def remove_empty_folders(self, folders: Iterable[str]) -> None:
        """Plan that folders are removed if nothing is in them then."""
        self.steps += [FileStep("remove", folder) for folder in folders]

    @property
    def _journal(self) -> str:
        return f"{self.base}/{JOURNAL}" if self.base else JOURNAL


def refuse_unfinished(base: Path) -> None:
    """Raise `MoveError` if the last change of the wiki with this folder of data was not finished."""
    if (progress := read_progress(base)) is not None and not progress.is_finished:
        raise MoveError(f"{base}: {progress}")


def run(root: Path, base: str) -> None:
    """Do the steps of the journal that are not done yet. After an error, all of them are undone.

    Raises:
        MoveError: If a step is impossible.
    """
    steps = _steps(root, base)
    journal = root / base / JOURNAL
    try:
        with (journal / _DONE).open("ab", buffering=0) as done:
            for step in steps[done.tell() :]:
                _do(root, step)
                done.write(b".")
            os.fsync(done.fileno())
        result = {step.to: _state(root / step.to) for step in steps if step.kind == "rename"}
        (journal / _RESULT).write_text(json.dumps(result), encoding="ascii")
    except OSError as error:
        undo(root, base, after_error=True)
        raise MoveError(f"{error.filename}: {reason_of(error)}; nothing was changed") from error


def undo(root: Path, base: str, *, after_error: bool = False) -> None:
    """Undo the steps of the journal that are done, and remove the journal.

    Raises:
        MoveError: If there is no journal, a file was changed after the change was finished, or a step is impossible.
    """
    steps = _steps(root, base)
    journal = root / base / JOURNAL
    if not after_error and (journal / _RESULT).exists():
        _check_unchanged(root, json.loads((journal / _RESULT).read_text("ascii")))
    try:
        (journal / _RESULT).unlink(missing_ok=True)
        done = journal / _DONE
        # The step after the last that is counted may be done, too.
        for number in range(min(done.stat().st_size, len(steps) - 1), -1, -1):
            _undo(root, steps[number])
            os.truncate(done, number)
        (journal / PLAN).unlink()
        shutil.rmtree(journal)
    except OSError as error:
        raise MoveError(f"{error.filename}: {reason_of(error)}; try again when this is mended") from error


def _check_unchanged(root: Path, result: Mapping[str, Any]) -> None:
    for path, state in result.items():
        if _state(root / path) != state:
            raise MoveError(f"{root / path}: was changed since, so that the move cannot be undone")


def _state(path: Path) -> list[int] | None:
    """Return the size and the time of a file; None without one."""
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _steps(root: Path, base: str) -> list[FileStep]:
    place = root / base / JOURNAL
    try:
        record = json.loads((place / PLAN).read_text("ascii"))
        if (record["format"], record["version"]) == (_FORMAT, _VERSION):
            return [FileStep(*step) for step in record["steps"]]
    except FileNotFoundError:
        raise MoveError(f"{root / base}: there is no move to continue or undo") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MoveError(f"{place / PLAN}: cannot be read: {error}") from error
    raise MoveError(f"{place / PLAN}: was written by another version of this program")


def _do(root: Path, step: FileStep) -> None:
    path = root / step.path
    if step.kind == "make":
        make_folder(path)
    elif step.kind == "remove":
        with contextlib.suppress(OSError):  # something else is in it, or it is gone
            path.rmdir()
    else:
        _rename(path, root / step.to)


def _undo(root: Path, step: FileStep) -> None:
    path = root / step.path
    if step.kind == "make":
        with contextlib.suppress(OSError):
            path.rmdir()
    elif step.kind == "remove":
        make_folder(path)
    else:
        _rename(root / step.to, path)


def _rename(path: Path, to: Path) -> None:
    """Rename a file unless that is done; raise `OSError` if it is not there or another one is in its place."""
    if os.path.lexists(to):
        if os.path.lexists(path):
            raise FileExistsError(17, "another file is in its place", str(to))
        return
    path.rename(to)
