"""What the command reports besides its output: messages on standard error, exit codes, progress, the summary."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dokuwiki_data.conversion.worker import Converted
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.render.characters import on_one_line, replace_surrogates

PROGRAM = "dokuwiki-data"

#: Everything was done.
DONE = 0
#: Something could not be read or evaluated; the rest was done.
SOME_FAILED = 1
#: The arguments are wrong, or there is nothing to read, or the output cannot be written.
WRONG_USE = 2
#: The interrupt key was pressed; by convention 128 plus the number of the signal.
INTERRUPTED = 130
#: The reader of the output has closed it.
BROKEN_PIPE = 141


def echo(message: object) -> None:
    """Write a message in one line on standard error."""
    with contextlib.suppress(OSError):  # such as a full disk
        print(f"{PROGRAM}: {on_one_line(str(message))}", file=sys.stderr)


def counted(number: int, noun: str) -> str:
    """Return a number with a noun in the singular or plural.

    Example:
        >>> counted(1, "page"), counted(2, "entry"), counted(0, "loss")
        ('1 page', '2 entries', '0 losses')
    """
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y"):
        return f"{number} {noun[:-1]}ies"
    return f"{number} {noun}{'es' if noun.endswith('ss') else 's'}"


class Failures:
    """Reports and counts errors that do not end the run."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, message: object) -> None:
        self.count += 1
        echo(message)

    @property
    def code(self) -> int:
        """The resulting exit code."""
        return SOME_FAILED if self.count else DONE


class LogHandler(logging.Handler):
    """Writes log records like the other messages of the command."""

    def emit(self, record: logging.LogRecord) -> None:
        echo(record.getMessage())


# ------------------------------------------------------------------------------------------------- progress

#: The seconds between two lines of progress if standard error is not a terminal.
SECONDS_BETWEEN_LINES = 10.0


@contextlib.contextmanager
def progress(
    total: int, finished: int = 0, *, output_is_file: bool = True, is_quiet: bool = False
) -> Iterator[Callable[[int], None]]:
    """Show the progress: a bar on a terminal, elsewhere a line every `SECONDS_BETWEEN_LINES` seconds.

    Yields a function to be called with the number of pages that were done since the last call.

    Args:
        total: The number of pages.
        finished: How many of them an earlier run has done.
        output_is_file: Whether the output goes to a file; a bar would disturb output on the same terminal.
        is_quiet: Whether to show nothing.
    """
    if is_quiet or (sys.stderr.isatty() and sys.stdout.isatty() and not output_is_file):
        yield lambda pages: None
        return
    if not sys.stderr.isatty():
        yield _lines_of_progress(total, finished)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [
        TextColumn("pages"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    ]
    started, done = time.monotonic(), 0
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("pages", total=total, completed=finished, rate="")

        def advance(pages: int) -> None:
            nonlocal done
            done += pages
            bar.update(task, advance=pages, rate=f"{done / (time.monotonic() - started):.0f}/s")

        yield advance


def _lines_of_progress(total: int, finished: int) -> Callable[[int], None]:
    started = last = time.monotonic()
    done = 0

    def advance(pages: int) -> None:
        nonlocal done, last
        done += pages
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LINES:
            last = now
            echo(f"{finished + done} of {total} pages, {done / (now - started):.0f}/s")

    return advance


# -------------------------------------------------------------------------------------------------- summary


@dataclass(slots=True)
class Summary:
    """What a run of ``convert`` did.

    Attributes:
        source: The path of the wiki.
        description: The detected layout, in words.
        started: The start of the run, as `time.monotonic` returns it.
        done: The numbers of all chunks together.
        left_out: The number of pages that were not selected.
        not_readable: How many of these may not be read by the user of ``--readable-by``.
        deleted: The number of deleted pages with old states.
        strays: The files in the attic that belong to no page.
        lost: The errors of everything that could not be read.
    """

    source: str
    description: str
    started: float
    done: Converted = field(default_factory=Converted)
    left_out: int = 0
    not_readable: int = 0
    deleted: int = 0
    strays: list[str] = field(default_factory=list)
    lost: list[PageReadError] = field(default_factory=list)

    def __str__(self) -> str:
        done, diagnostics = self.done, Counter(self.done.diagnostics)
        kinds = ", ".join(f"{kind} {count}" for kind, count in diagnostics.most_common())
        parts = [
            counted(done.pages, "page"),
            counted(done.revisions, "old revision") if done.revisions else "",
            counted(self.deleted, "deleted page") if self.deleted else "",
            f"{counted(len(self.strays), 'file')} without a page" if self.strays else "",
            f"{len(self.lost)} lost" if self.lost else "",
            f"{self.left_out} left out" if self.left_out else "",
            counted(done.entries, "entry"),
            counted(diagnostics.total(), "diagnostic") + (f" ({kinds})" if kinds else ""),
        ]
        size, seconds = done.read / 1e6, self._seconds
        return ", ".join(filter(None, parts)) + f"; {size:.1f} MB in {seconds:.1f} s ({size / seconds:.1f} MB/s)"

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self.started

    def record(self) -> dict[str, Any]:
        """Return the summary for ``--report``."""
        return {
            "format": "dokuwiki-data/report",
            "version": 1,
            "source": replace_surrogates(self.source),
            "description": replace_surrogates(self.description),
            "pages": self.done.pages,
            "revisions": self.done.revisions,
            "deleted": self.deleted,
            "of_no_page": sorted(map(replace_surrogates, self.strays)),
            "left_out": self.left_out,
            "not_readable": self.not_readable,
            "lost": [
                {"path": replace_surrogates(str(error.path)), "reason": replace_surrogates(error.reason)}
                for error in self.lost
            ],
            "entries": self.done.entries,
            "bytes": self.done.read,
            "diagnostics": dict(self.done.diagnostics.most_common()),
            "seconds": round(self._seconds, 3),
        }
