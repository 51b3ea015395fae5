"""The folder that becomes a git repository: what is in it already, what git writes into it, and the account of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.exports.folder import MANIFEST
from dokuwiki_data.exports.git.stream import Write
from dokuwiki_data.wiki.writing import flush, replacing

BRANCH = "refs/heads/main"
#: The commits of exports alone, from which the branch is moved on.
EXPORTED = "refs/dokuwiki-data/main"

#: The folder in ``.git`` that says what was exported.
_ACCOUNT = "dokuwiki-data"
#: In it: the marks of git, the list of commits in their order, and how the wiki was exported.
_MARKS, _COMMITS, _SETTINGS = "marks", "commits", "settings.json"


class ExportedEvent(NamedTuple):
    """A change that a commit was made of.

    Attributes:
        kind: ``page`` or ``media``.
        id: The id of the page or media file.
        time: The time in Unix seconds.
        number: Counts the changes of one page or media file at the same time.
        path: The path of the file in the repository.
        digest: The digest of the content in the wiki; empty if there is none, None if it was not kept.
    """

    kind: str
    id: str
    time: int
    number: int
    path: str
    digest: str | None


class Journal:
    """The list of commits, which is on the disk before git has them."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def add(self, event: ExportedEvent) -> None:
        """Add a commit."""
        self._output.write(json.dumps(event, separators=(",", ":")).encode() + b"\n")

    def flush(self) -> None:
        """Write what was added to the disk. Raises `OutputError`."""
        try:
            flush(self._output)
        except OSError as error:
            raise OutputError(f"{_COMMITS}: {reason_of(error)}") from error


def _described(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings.items() if value) or "without options"


@dataclass(slots=True)
class Repository:
    """A repository that exports write.

    Attributes:
        folder: Its folder.
        git: The program.
        done: What the commits so far were made of, the oldest first.
        tip: The last commit of them; empty for none.
    """

    folder: Path
    git: str
    done: list[ExportedEvent]
    tip: str

    @classmethod
    def open(cls, folder: Path, settings: Mapping[str, Any]) -> Repository:
        """Open the repository of earlier exports in a folder, or make one in a folder that is empty or missing.

        Commits of an export that was interrupted count as far as git has them.

        Args:
            folder: The folder.
            settings: How the wiki is exported, which may not change between exports.

        Raises:
            OutputError: If git is not installed, the folder holds something else, or was exported in another way.
        """
        program = shutil.which("git")
        if program is None:
            raise OutputError("git is not installed; --stream - writes what git fast-import reads elsewhere")
        repository = cls(folder, program, [], "")
        try:
            account = folder / ".git" / _ACCOUNT
            if not (account / _SETTINGS).is_file():
                repository._make(settings)
            else:
                known = json.loads((account / _SETTINGS).read_text("utf-8"))
                if known != dict(settings):
                    raise OutputError(f"{folder}: was exported in another way ({_described(known)}); use a new folder")
            repository._read()
        except (OSError, ValueError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else str(error)
            raise OutputError(f"{folder}: {reason}") from error
        return repository

    @property
    def _account(self) -> Path:
        return self.folder / ".git" / _ACCOUNT

    def _make(self, settings: Mapping[str, Any]) -> None:
        if self.folder.is_dir() and any(self.folder.iterdir()):
            raise OutputError(f"{self.folder}: is not empty, and no export to git wrote it")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.run("init", "--quiet", "--template=", f"--initial-branch={BRANCH.rpartition('/')[2]}")
        # Texts are the same byte for byte in the folder, whatever the user's own settings are.
        self.run("config", "core.autocrlf", "false")
        self._account.mkdir()
        with replacing(self._account / _SETTINGS) as output:
            output.write(json.dumps(dict(settings), indent=1).encode() + b"\n")

    def _read(self) -> None:
        """Read what was exported; what git does not have of it was interrupted, and is forgotten."""
        self.tip = self.run("rev-parse", "--quiet", "--verify", EXPORTED, is_sure=False).strip()
        count = int(self.run("rev-list", "--count", EXPORTED)) if self.tip else 0
        journal = self._account / _COMMITS
        lines = journal.read_text("ascii").splitlines()[:count] if journal.is_file() else []
        self.done = [ExportedEvent(*json.loads(line)) for line in lines]
        if len(self.done) < count:
            raise OutputError(f"{self.folder}: {EXPORTED} has commits that no export made")
        if journal.is_file():
            with replacing(journal) as output:
                output.write("".join(f"{line}\n" for line in lines).encode())

    @contextlib.contextmanager
    def importing(self) -> Iterator[tuple[Write, Journal]]:
        """Run ``git fast-import``; yields what writes to it, and the list of commits.

        Raises:
            OutputError: If git reports an error, or the list cannot be written.
        """
        marks = os.path.abspath(self._account / _MARKS)  # noqa: PTH100 - links stay as they are
        arguments = ("--quiet", "--done", f"--import-marks-if-exists={marks}", f"--export-marks={marks}")
        process = self._start(["fast-import", *arguments])
        assert process.stdin is not None
        try:
            with (self._account / _COMMITS).open("ab") as journal:
                yield process.stdin.write, Journal(journal)
            process.stdin.flush()
        except BrokenPipeError:
            pass  # its exit code tells
        except BaseException:
            process.kill()  # what it has since the last checkpoint is made again by the next export
            raise
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
            code = process.wait()
        if code:
            raise OutputError(f"{self.folder}: git fast-import ended with exit code {code}")

    def check_out(self) -> None:
        """Move the branch to the last exported commit, and its files with it.

        Raises:
            OutputError: If the branch has commits of others, or files in the folder were changed.
        """
        if not self.run("rev-parse", "--quiet", "--verify", EXPORTED, is_sure=False).strip():
            return
        is_current = self.run("symbolic-ref", "--quiet", "HEAD", is_sure=False).strip() == BRANCH
        if is_current:
            self.run("merge", "--quiet", "--ff-only", EXPORTED)
        else:
            self.run("fetch", "--quiet", ".", f"{EXPORTED}:{BRANCH}")

    def told_losses(self) -> dict[str, list[dict[str, Any]]]:
        """Return the losses of pages that the last finished export told, by id."""
        try:
            known = json.loads((self.folder / ".git" / MANIFEST).read_text("utf-8"))
            return {page_id: list(page["losses"]) for page_id, page in known["pages"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    @contextlib.contextmanager
    def manifest(self) -> Iterator[IO[str]]:
        """Open the account of pages, which is put into its place at the end."""
        try:
            with replacing(self.folder / ".git" / MANIFEST) as output:
                text = io.TextIOWrapper(output, "utf-8", newline="\n")
                yield text
                text.flush()
                text.detach()
        except OSError as error:
            raise OutputError(f"{self.folder}: {reason_of(error)}") from error

    def _start(self, arguments: list[str], *, is_read: bool = False) -> subprocess.Popen[bytes]:
        # Neither the variables of a hook or another repository count, nor hooks and programs that settings name.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        command = [self.git, "-C", str(self.folder), "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false"]
        return subprocess.Popen(
            [*command, *arguments],
            env={**environment, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL if is_read else subprocess.PIPE,
            stdout=subprocess.PIPE if is_read else subprocess.DEVNULL,
            stderr=subprocess.PIPE if is_read else None,
        )

    def run(self, *arguments: str, is_sure: bool = True) -> str:
        """Run git in the folder, and return what it prints.

        Raises:
            OutputError: If it fails; if it may fail (not ``is_sure``), nothing is returned then.
        """
        process = self._start([*arguments], is_read=True)
        output, errors = process.communicate()
        if process.returncode and is_sure:
            said = " ".join(errors.decode("utf-8", "replace").split())
            raise OutputError(f"{self.folder}: git {arguments[0]} failed: {said}")
        return output.decode("utf-8", "replace") if not process.returncode else ""
