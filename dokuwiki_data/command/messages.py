"""What the command says beside its output: messages on standard error, exit codes, a progress bar."""

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
#: Wrong arguments, or nothing to read from or to write to.
WRONG_USE = 2
#: Stopped with the interrupt key; 128 and the number of the signal, as shells count.
INTERRUPTED = 130
#: Who read our output went away.
BROKEN_PIPE = 141


def echo(message: object) -> None:
    """Say what is wrong, in one line on standard error."""
    with contextlib.suppress(OSError):  # a full disk, on which nobody can be told
        print(f"{PROGRAM}: {on_one_line(str(message))}", file=sys.stderr)


class Failures:
    """Says and counts what fails without stopping the run."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, message: object) -> None:
        self.count += 1
        echo(message)

    @property
    def code(self) -> int:
        """The exit code that follows."""
        return SOME_FAILED if self.count else DONE


class Messages(logging.Handler):
    """Log messages as the other messages of the command."""

    def emit(self, record: logging.LogRecord) -> None:
        echo(record.getMessage())


#: The seconds between two lines of progress, where there is no terminal for a bar.
SECONDS_BETWEEN_LINES = 10.0


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


@contextlib.contextmanager
def progress(
    output_is_file: bool, total: int, finished: int = 0, *, is_quiet: bool = False
) -> Iterator[Callable[[int], None]]:
    """Show a progress bar with rate and time left on a terminal, unless output runs through it.

    Where standard error is no terminal, write a line every `SECONDS_BETWEEN_LINES` seconds, unless ``is_quiet``.
    Yields a function that takes the number of pages that were done since the last call.
    """
    if not sys.stderr.isatty() and not is_quiet:
        yield _lines_of_progress(total, finished)
        return
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not output_is_file):
        yield lambda pages: None
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
