"""Files written so that a crash loses nothing, and so that owner and rights are those that the folder's files have."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from io import FileIO
from pathlib import Path
from typing import IO, Any, NamedTuple

#: So much of the end of a file is looked at for the end of its last line.
_TAIL_SIZE = 8192


class Rights(NamedTuple):
    """Whose a file is, and what it lets others do: the numbers of user and group, and the mode."""

    user: int
    group: int
    mode: int

    @classmethod
    def of(cls, path: Path) -> Rights:
        """The rights of a file or folder. Raises `OSError`."""
        status = path.stat()
        return cls(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode))

    @property
    def user_name(self) -> str:
        """The user's name, or the number where it has none."""
        try:
            import pwd  # not on every system

            return pwd.getpwuid(self.user).pw_name
        except (ImportError, KeyError):
            return str(self.user)

    def can_be_given(self, folder: Path) -> bool:
        """Whether a new file in a folder can get these rights from the user who runs this process.

        The group does not matter where it may do what everybody may do.
        """
        if not hasattr(os, "geteuid") or os.geteuid() == 0:
            return True
        if self.user != os.geteuid():
            return False
        status = folder.stat()
        inherited = status.st_gid if status.st_mode & stat.S_ISGID else None
        return self.group in {os.getegid(), inherited, *os.getgroups()} or not self._needs_group

    @property
    def _needs_group(self) -> bool:
        return (self.mode >> 3) & 7 != self.mode & 7

    def give(self, descriptor: int) -> None:
        """Give an open file these rights. Raises `PermissionError` if its user, or a group that matters, cannot be."""
        status = os.fstat(descriptor)
        if hasattr(os, "fchown") and (status.st_uid, status.st_gid) != (self.user, self.group):
            try:
                os.fchown(descriptor, self.user, self.group)
            except PermissionError:
                if status.st_uid != self.user or self._needs_group:
                    raise
        if hasattr(os, "fchmod"):  # after the change of the owner, which takes some of the mode away
            os.fchmod(descriptor, self.mode)


def rights_in(folder: Path) -> Rights:
    """The rights of a new file in a folder: those of another file there that is the folder's owner's.

    Without one, the folder's own, but for the right to execute it.
    """
    own = Rights.of(folder)
    with os.scandir(folder) as scanned:
        for entry in scanned:
            if entry.is_file(follow_symlinks=False):
                status = entry.stat(follow_symlinks=False)
                if status.st_uid == own.user:
                    return Rights(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode) & 0o666)
    return own._replace(mode=own.mode & 0o666)


def nearest_folder(path: Path) -> Path:
    """The folder in which a file is, or the first one above that exists."""
    folder = path.parent
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def make_folder(folder: Path) -> None:
    """Make a folder and those above that are missing, with the rights of the one that is there."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    rights = Rights.of(folder.parent)
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(PermissionError):  # the folder of somebody else, who lets us make folders in it
        if hasattr(os, "chown"):
            os.chown(folder, rights.user, rights.group)
    folder.chmod(rights.mode)
    flush_folder(folder.parent)


def replace_file(path: Path, content: bytes, modified: int, rights: Rights | None = None) -> None:
    """Write a file beside and move it into place, with a time of modification in Unix seconds.

    ``rights`` are those of a new file; a file that is there keeps its own. Raises `OSError`.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".new", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as output:
            output.write(content)
            if rights is None:
                shutil.copystat(path, beside)  # what lists of access rights and labels say, too
            with contextlib.suppress(*([] if rights is None else [PermissionError])):
                (rights or Rights.of(path)).give(output.fileno())
            flush(output)
        os.utime(beside, (modified, modified))
        beside.replace(path)
        flush_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def append_line(path: Path, line: bytes, rights: Rights | None = None) -> int | None:
    """Add a line to a file, whose last line is ended first if it is not, with the line end that the lines there have.

    ``rights`` are those of a file that is not there yet. Returns how large the file was, None if it was not there.
    Raises `OSError`, and has then added nothing.
    """
    with _open_to_append(path, rights) as log:
        size = log.seek(0, os.SEEK_END)
        log.seek(max(size - _TAIL_SIZE, 0))
        end = log.read(_TAIL_SIZE)
        line_end = b"\r\n" if end[: end.rfind(b"\n") + 1].endswith(b"\r\n") else b"\n"
        left = memoryview((line_end if end and not end.endswith(b"\n") else b"") + line + line_end)
        try:
            while left:
                left = left[log.write(left) or 0 :]
            os.fsync(log.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                log.truncate(size)
            raise
    if rights is not None:
        flush_folder(path.parent)
    return size if rights is None else None


def _open_to_append(path: Path, rights: Rights | None) -> FileIO:
    """A file to add to: a new one with these rights, or the one that is there."""
    flags = os.O_RDWR | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    if rights is None:
        return FileIO(os.open(path, flags), "r+")
    log = FileIO(os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600), "r+")
    try:
        rights.give(log.fileno())
    except BaseException:
        log.close()
        path.unlink()
        raise
    return log


def flush(output: IO[Any]) -> None:
    """Have what was written to a file on the disk before anything else is done."""
    output.flush()
    os.fsync(output.fileno())


def flush_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can do that."""
    with contextlib.suppress(OSError):  # Windows opens no folders, and some file systems flush none
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
