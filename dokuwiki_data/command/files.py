"""From the files of a wiki to its pages, and from output to files that are either complete or not there."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

import dokuwiki_data as dw
from dokuwiki_data.errors import OutputError, PageReadError, reason_of
from dokuwiki_data.wiki.folder import PageFile


def parsed(files: Iterable[PageFile], report: Callable[[PageReadError], None]) -> Iterator[dw.Page]:
    """The pages of files, one by one; what cannot be read goes to ``report``."""
    for file in files:
        try:
            text, modified = file.read()
        except PageReadError as error:
            report(error)
            continue
        yield dw.parse(text, page_id=file.page_id, modified=modified)


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
            output.close()
            beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def umask() -> int:
    """The rights that new files do not get."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
