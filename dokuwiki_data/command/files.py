"""Read single pages, and write output files that are either complete or absent."""

from __future__ import annotations

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
from dokuwiki_data.wiki.writing import replacing


class InputFile(NamedTuple):
    """The content of a page's file.

    Attributes:
        text: The text; bytes that are not UTF-8 are lone surrogates.
        modified: The time of the last change in Unix seconds; None for standard input.
    """

    text: str
    modified: int | None


def read_input(path: Path) -> InputFile:
    """Read the file of a page, or standard input for ``-``. Raises `PageReadError`."""
    try:
        if str(path) == "-":
            if sys.stdin is None:
                raise PageReadError(path, "standard input is closed")
            content, modified = sys.stdin.buffer.read(), None
        else:
            content, modified = read_file(path), int(path.stat().st_mtime // 1)
    except OSError as error:
        raise PageReadError(path, reason_of(error)) from error
    return InputFile(content.decode("utf-8", "surrogateescape"), modified)


def refuse_unwritable(path: Path) -> None:
    """Raise `OutputError` if a file cannot be written, so that a long run fails at its start."""
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


@contextlib.contextmanager
def opened_output(
    path: Path | None, writer: Callable[[Path], contextlib.AbstractContextManager[IO[bytes]]] | None = None
) -> Iterator[IO[bytes]]:
    """Open standard output, or a file that is moved into place when it is complete.

    Args:
        path: The path of the file; None for standard output.
        writer: Opens a file beside the path and moves it into place; by default `replacing`.

    Raises:
        OutputError: If the file cannot be written.
    """
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        if path.exists() and not path.is_file():  # such as /dev/null
            with path.open("wb") as output:
                yield output
            return
        with writer(path) if writer else replacing(Path(os.path.realpath(path))) as output:
            yield output
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"{path}: {reason_of(error)}") from error
