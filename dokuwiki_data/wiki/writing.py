"""Write files so that a crash loses nothing, with the owner and mode of the files that are there."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import IO, Any, NamedTuple

#: The bytes at the end of a file that are searched for its last line end.
_TAIL_SIZE = 8192


class Rights(NamedTuple):
    """The owner of a file, as the numbers of user and group, and its mode."""

    user: int
    group: int
    mode: int

    @classmethod
    def of(cls, path: Path) -> Rights:
        """Return the rights of a file or folder. Raises `OSError`."""
        status = path.stat()
        return cls(status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode))

    @property
    def user_name(self) -> str:
        """The name of the user, or the number if it has none."""
        try:
            import pwd  # not on every system

            return pwd.getpwuid(self.user).pw_name
        except (ImportError, KeyError):
            return str(self.user)

    def can_be_given(self, folder: Path) -> bool:
        """Return whether this process can give these rights to a new file in a folder.

        The group does not matter if its permissions are those of everybody.
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
        """Give these rights to an open file. Raises `PermissionError` if user or group cannot be set."""
        status = os.fstat(descriptor)
        if hasattr(os, "fchown") and (status.st_uid, status.st_gid) != (self.user, self.group):
            try:
                os.fchown(descriptor, self.user, self.group)
            except PermissionError:
                if status.st_uid != self.user or self._needs_group:
                    raise
        if hasattr(os, "fchmod"):  # after the owner, since changing that resets some bits of the mode
            os.fchmod(descriptor, self.mode)


def rights_in(folder: Path) -> Rights:
    """Return the rights for a new file in a folder: those of a file there with the same owner as the folder.

    Without such a file, they are the rights of the folder without execute permission.
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
    """Return the folder of a file, or else the closest folder above that exists."""
    folder = path.parent
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    return folder


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents, with the rights of the closest existing one."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    rights = Rights.of(folder.parent)
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(PermissionError):  # a folder of another user that may be written to
        if hasattr(os, "chown"):
            os.chown(folder, rights.user, rights.group)
    folder.chmod(rights.mode)
    flush_folder(folder.parent)


def replace_file(path: Path, content: bytes, modified: int, rights: Rights | None = None) -> None:
    """Write a temporary file and move it into place. Raises `OSError`.

    Args:
        path: The path of the file.
        content: The new content.
        modified: The time of modification in Unix seconds.
        rights: The rights of a new file; None for an existing file, which keeps its rights.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".new", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as output:
            output.write(content)
            if rights is None:
                shutil.copystat(path, beside)  # including access control lists and labels
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


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file beside ``path`` that replaces it when it is complete; a link at ``path`` is replaced itself."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as output:
        beside = Path(output.name)
        try:
            yield output.file
            flush(output.file)
            output.close()
            beside.chmod(mode_for(path))
            beside.replace(path)
            flush_folder(path.parent)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def mode_for(path: Path) -> int:
    """Return the mode for a new content of a file: that of the existing file, or else the default."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def append_line(path: Path, line: bytes, rights: Rights | None = None) -> int | None:
    """Append a line to a file, with the line end of the lines before; an unfinished last line is ended first.

    Args:
        path: The path of the file.
        line: The line, without a line end.
        rights: The rights of a new file; None for an existing file.

    Returns:
        The size of the file before; None if it is new.

    Raises:
        OSError: If the line cannot be written; then the file is as before.
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
    """Open a file to append to: a new one with some rights, or an existing one."""
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


def lock_for_process(output: IO[Any]) -> None:
    """Lock an open file if the system supports it. Raises `BlockingIOError` if another process has locked it."""
    try:
        import fcntl  # not on every system
    except ImportError:
        return
    try:
        fcntl.lockf(output, fcntl.LOCK_EX | fcntl.LOCK_NB)  # not flock, which orphaned workers would hold
    except (BlockingIOError, PermissionError) as error:
        raise BlockingIOError(*error.args) from error
    except OSError:  # a file system without locks
        pass


def flush(output: IO[Any]) -> None:
    """Write everything in a file to the disk."""
    output.flush()
    os.fsync(output.fileno())


def flush_folder(folder: Path) -> None:
    """Write the names in a folder to the disk if the system supports it."""
    with contextlib.suppress(OSError):  # Windows cannot open folders, and some file systems cannot flush them
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
