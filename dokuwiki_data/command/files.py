"""Files that the command is given: pages to read, and output that is either complete or not there."""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from dokuwiki_data.errors import OutputError, PageReadError, reason_of
from dokuwiki_data.wiki.sources.folder import read_file
from dokuwiki_data.wiki.writing import flush, flush_folder


class InputFile(NamedTuple):
    """What the file of a page holds: its text, and its time of change in Unix seconds, if it has one.

    Bytes that are not UTF-8 are lone surrogates in the text, from which the same bytes can be made again.
    """

    text: str
    modified: int | None


def path_argument(text: str) -> Path:
    """An argument that is a path; raises `ArgumentTypeError` for an empty one, which would mean the working folder."""
    if not text:
        raise argparse.ArgumentTypeError("the path is empty")
    return Path(text)


def output_argument(text: str) -> Path | None:
    """An argument that says where to write; None for ``-``, which is standard output."""
    return None if text == "-" else path_argument(text)


def refuse_unwritable(path: Path) -> None:
    """Raise `OutputError` where a file could not be written: before a long run, not behind it."""
    real = Path(os.path.realpath(path))
    if real.exists() and not real.is_file() and not real.is_dir():  # such as /dev/null
        return
    try:
        if real.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with tempfile.TemporaryFile(dir=real.parent):
            pass
    except OSError as error:
        raise OutputError(f"{path}: {reason_of(error)}") from error


def read_page(path: Path) -> InputFile:
    """A page's file, or standard input for ``-``; raises `PageReadError` where it cannot be read."""
    try:
        if str(path) == "-":
            content, modified = sys.stdin.buffer.read() if sys.stdin else b"", None
        else:
            content, modified = read_file(path), int(path.stat().st_mtime // 1)
    except OSError as error:
        raise PageReadError(path, reason_of(error)) from error
    return InputFile(content.decode("utf-8", "surrogateescape"), modified)


@contextlib.contextmanager
def opened(
    path: Path | None, beside: Callable[[Path], contextlib.AbstractContextManager[IO[bytes]]] | None = None
) -> Iterator[IO[bytes]]:
    """Standard output, or a file that takes its place only when it is complete.

    ``beside`` writes it and puts it there (`replacing`, if not given). Raises `OutputError` where it cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        if path.exists() and not path.is_file():  # such as /dev/null
            with path.open("wb") as output:
                yield output
            return
        with beside(path) if beside else replacing(Path(os.path.realpath(path))) as output:
            yield output
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"{path}: {reason_of(error)}") from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file beside, which becomes the file ``path`` when it is complete. A link at this place is replaced itself."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as output:
        beside = Path(output.name)
        try:
            yield output.file
            flush(output.file)
            output.close()
            beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask())
            beside.replace(path)
            flush_folder(path.parent)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def umask() -> int:
    """The rights that new files do not get."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
