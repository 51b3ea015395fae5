"""The folder of an export: files are written into it whole; only those of earlier exports are replaced or removed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.wiki.writing import flush, flush_folder

#: The list of the files of an export: ``[path, digest]`` a line, before the file is written.
JOURNAL = ".dokuwiki-data-export"
#: The file that says that an export is finished, and what is in it.
MANIFEST = "export.json"
FORMAT = "dokuwiki-data/export"

_PIECE = 1 << 20


class FolderKind(NamedTuple):
    """What writes into a folder.

    Attributes:
        journal: The list of its files: ``[path, digest]`` a line, before the file is written.
        manifest: The file that says that it is finished, and what is in it.
        format: What the manifest says of its format.
        what: What it is called in messages.
    """

    journal: str
    manifest: str
    format: str
    what: str

    @property
    def beside(self) -> str:
        """The beginning of the names of files that are not in their place yet."""
        return f"{self.journal}.new"

    @property
    def manifest_beside(self) -> str:
        """The manifest before it is in its place."""
        return f"{self.journal}.json"


EXPORT_FOLDER = FolderKind(JOURNAL, MANIFEST, FORMAT, "an export")


class OutputFolder:
    """A folder of files that an export writes. All paths are relative to it, with ``/`` between folders.

    While files are written there is no manifest; it comes last. The journal lists every file before it is written,
    so that the next export knows the files of one that was interrupted. Links are never followed, and files that no
    export wrote are never touched.

    The folder travels to workers (pickle) of the same machine, where `write` is called; what they return of it goes to
    `note`.
    """

    def __init__(self, root: Path, say: Callable[[str], None], kind: FolderKind = EXPORT_FOLDER) -> None:
        """Make the folder if it is not there. Raises `OutputError` if it cannot hold an export.

        Args:
            root: The folder.
            say: Gets a line about every file that is left although it is no longer part of the export.
            kind: What is written: an export, or something else that treats its folder like one.
        """
        self.root = root
        self._kind = kind
        self._say = say
        self._folders = {""}
        with _output_errors(root):
            root.mkdir(parents=True, exist_ok=True)
            self._real = Path(os.path.realpath(root))
            self._written = _read_journal(self._real / kind.journal)
            manifest = self._real / kind.manifest
            if os.path.lexists(manifest) and not _is_manifest(manifest, kind.format):
                raise self._not_ours(kind.manifest)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_say": None}  # only `begin` says something

    def begin(self, planned: Collection[str]) -> None:
        """Begin an export: what an earlier one wrote and this one will not write is removed.

        Args:
            planned: The paths of the files that will be written, as far as they are known.

        Raises:
            OutputError: If a planned file is there that no export wrote. Nothing is changed then.
        """
        for path in planned:
            if path not in self._written and os.path.lexists(self._real / path):
                raise self._not_ours(path)
        with _output_errors(self.root):
            left = [path.name for path in self._real.glob(f"{self._kind.beside}*")]
            for name in (self._kind.manifest, self._kind.manifest_beside, *left):
                (self._real / name).unlink(missing_ok=True)
            self._write_journal()
            wanted = frozenset(planned)
            for path in [path for path in self._written if path not in wanted]:
                self._remove(path)

    @property
    def files(self) -> list[str]:
        """The paths of all files that this export and those before it wrote, sorted."""
        return sorted(self._written)

    def write(self, path: str, content: bytes) -> str:
        """Write a file, and return its digest. One that holds the same already is left as it is.

        Raises `OutputError`.
        """
        with _output_errors(self.root / path):
            place = self._place(path)
            digest = hashlib.sha256(content).hexdigest()
            if path not in self._written or not _holds(place, content):
                with self._beside() as output:
                    output.write(content)
                self._put(path, place, digest)
            return digest

    @contextlib.contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """Write a file piece by piece: what is written to the stream is put into its place at the end.

        Raises `OutputError`.
        """
        with _output_errors(self.root / path):
            place = self._place(path)
            beside = self._real / f"{self._kind.beside}-{os.getpid()}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, _NEW, 0o666), "wb") as output:
                yield output
            digest = _digest_of(beside) or ""
            self._list(path, digest)
            beside.replace(place)

    def note(self, path: str, digest: str) -> None:
        """Take note of a file that a worker wrote."""
        self._written.setdefault(path, []).append(digest)

    def copy(self, path: str, opened: IO[bytes], modified: int) -> None:
        """Copy an open file to a file with a time of modification in Unix seconds.

        A file of that time and size that an export wrote is left as it is. Raises `OutputError`.
        """
        with _output_errors(self.root / path):
            place = self._place(path)
            size = opened.seek(0, os.SEEK_END)
            opened.seek(0)
            if path in self._written and place.is_file():
                status = place.lstat()
                if stat.S_ISREG(status.st_mode) and (status.st_size, int(status.st_mtime)) == (size, modified):
                    return
            digest = hashlib.sha256()
            with self._beside() as output:
                while piece := opened.read(_PIECE):
                    digest.update(piece)
                    output.write(piece)
            os.utime(self._own_beside, (modified, modified))
            self._put(path, place, digest.hexdigest())

    def adopt(self, folder: str) -> None:
        """Count all files below a folder as written by this export: another program wrote them."""
        with _output_errors(self.root / folder):
            for above, _, names in os.walk(self._real / folder):
                for name in sorted(names):
                    place = Path(above) / name
                    self._list(place.relative_to(self._real).as_posix(), _digest_of(place) or "")

    @contextlib.contextmanager
    def manifest(self) -> Iterator[IO[str]]:
        """The text of the manifest, which is put into its place at the end; with it the export is finished."""
        with _output_errors(self.root / self._kind.manifest):
            beside = self._real / self._kind.manifest_beside
            with _opened_new(beside) as output:
                yield output
                flush(output)
            self._written = {path: digests[-1:] for path, digests in self._written.items()}
            self._write_journal()
            beside.replace(self._real / self._kind.manifest)
            flush_folder(self._real)

    # ------------------------------------------------------------------------------------------------ details

    def _not_ours(self, path: str) -> OutputError:
        return OutputError(f"{self.root / path}: was not written by {self._kind.what}, and is not overwritten")

    def _place(self, path: str) -> Path:
        """Return where a file is written, after its folders are made. Raises `OutputError` for a link or other file."""
        *above, name = path.split("/")
        assert not {"", ".", ".."} & {*above, name}, path
        folder = ""
        for part in above:
            folder = f"{folder}/{part}" if folder else part
            if folder in self._folders:
                continue
            place = self._real / folder
            with contextlib.suppress(FileExistsError):
                place.mkdir()
            if not stat.S_ISDIR(place.lstat().st_mode):
                raise OutputError(f"{self.root / folder}: is no folder, or a link to one, and no file is written there")
            self._folders.add(folder)
        place = self._real / path
        if path not in self._written and os.path.lexists(place):
            raise self._not_ours(path)
        return place

    @property
    def _own_beside(self) -> Path:
        """Where this process writes a file before it is put into its place."""
        return self._real / f"{self._kind.beside}-{os.getpid()}"

    @contextlib.contextmanager
    def _beside(self) -> Iterator[IO[bytes]]:
        self._own_beside.unlink(missing_ok=True)
        with os.fdopen(os.open(self._own_beside, _NEW, 0o666), "wb") as output:
            yield output

    def _put(self, path: str, place: Path, digest: str) -> None:
        self._list(path, digest)
        self._own_beside.replace(place)

    def _list(self, path: str, digest: str) -> None:
        """Add a file to the journal, in one piece, since other processes may do the same."""
        self.note(path, digest)
        journal = os.open(self._real / self._kind.journal, _APPEND, 0o666)
        try:
            os.write(journal, _line(path, digest).encode())
        finally:
            os.close(journal)

    def _write_journal(self) -> None:
        with _opened_new(self._real / self._kind.beside) as journal:
            journal.writelines(_line(path, digest) for path in self.files for digest in self._written[path])
            flush(journal)
        (self._real / self._kind.beside).replace(self._real / self._kind.journal)

    def _remove(self, path: str) -> None:
        """Remove a file of an earlier export, and the folders that are empty without it; not if it was changed."""
        place = self._real / path
        is_inside = Path(os.path.realpath(place.parent)) == place.parent  # no link on the way
        if is_inside and os.path.lexists(place):
            if _digest_of(place) not in self._written[path]:
                self._say(
                    f"{self.root / path}: is no longer part of {self._kind.what}, but was changed since, and is left"
                )
                return
            place.unlink()
        del self._written[path]
        if is_inside:
            with contextlib.suppress(OSError):  # what is not empty
                while (place := place.parent) != self._real:
                    place.rmdir()


#: How files are opened: never through a link. New ones must not be there.
_OPEN = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NEW, _APPEND = _OPEN | os.O_EXCL, _OPEN | os.O_APPEND


def _opened_new(path: Path) -> IO[str]:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, _NEW, 0o666), "w", encoding="utf-8", newline="\n")


def _line(path: str, digest: str) -> str:
    return as_json([path, digest]) + "\n"


@contextlib.contextmanager
def _output_errors(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{place}: {reason_of(error)}") from error


def _read_journal(path: Path) -> dict[str, list[str]]:
    """Return the digests of the files of an earlier export by path; lines that are damaged are skipped.

    After an interruption a file may hold what any of its digests says.
    """
    found: dict[str, list[str]] = {}
    if path.is_symlink() or not path.is_file():
        return found
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                name, digest = json.loads(line)
            except (ValueError, TypeError, RecursionError):
                continue
            if isinstance(name, str) and isinstance(digest, str) and not {"", ".", ".."} & {*name.split("/")}:
                found.setdefault(name, []).append(digest)
    return found


def _is_manifest(path: Path, format_: str) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as opened:
        return format_.encode() in opened.read(200)


def _holds(place: Path, content: bytes) -> bool:
    try:
        return not place.is_symlink() and place.stat().st_size == len(content) and place.read_bytes() == content
    except OSError:
        return False


def _digest_of(place: Path) -> str | None:
    if place.is_symlink() or not place.is_file():
        return None
    digest = hashlib.sha256()
    with place.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
