"""What the command reports besides its output: messages on standard error, exit codes, progress."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterator

from dokuwiki_data.render.characters import on_one_line

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
