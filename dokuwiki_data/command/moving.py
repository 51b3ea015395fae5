"""The command ``move``: give pages, namespaces and media files other names, and rewrite what names them."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands, path_argument
from dokuwiki_data.command.files import read_input
from dokuwiki_data.command.messages import DONE, Failures, counted, echo
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.errors import DokuWikiDataError, OutputError, PageReadError, reason_of
from dokuwiki_data.moving.moving import Moved
from dokuwiki_data.moving.renaming import read_table
from dokuwiki_data.wiki.writing import replacing


@dataclass(frozen=True, slots=True)
class MoveOptions:
    """The options of ``move``."""

    source: SourceOptions
    old: str | None
    new: str | None
    media: bool
    table: Path | None
    redirects: bool
    dry_run: bool
    partly: bool
    diff: Path | None
    user: str
    summary: str
    undo: bool
    continue_: bool


def move(options: MoveOptions) -> int:
    """Move what the arguments name, or end or take back the last move."""
    failures = Failures()
    if options.undo or options.continue_:
        return _finish(options, failures)
    pages, media = _moves(options)
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    done = wiki.move(
        pages, media=media, redirects=options.redirects, dry_run=options.dry_run, partly=options.partly,
        author=dw.Author(options.user, options.summary),
    )  # fmt: skip
    for name in done.kept:
        failures(f"{name.page_id}: {name.name}: kept, since {name.reason}")
    for mention in done.mentions:
        echo(str(mention))
    sys.stdout.buffer.write(done.table.encode("utf-8", "surrogateescape"))
    if options.diff is not None:
        _write_diff(options.diff, done)
    if not options.source.quiet:
        echo(
            f"{counted(len(done.pages), 'page')} and {counted(len(done.media), 'media file')} "
            f"{'would move' if options.dry_run else 'moved'}, links in {counted(len(done.changed), 'page')} rewritten"
        )
    return failures.code


def _finish(options: MoveOptions, failures: Failures) -> int:
    if options.old is not None or options.table is not None or (options.undo and options.continue_):
        raise DokuWikiDataError("--undo and --continue stand alone, with SOURCE only")
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    if options.undo:
        wiki.undo_move()
    else:
        wiki.continue_move()
    if not options.source.quiet:
        echo(f"{options.source.path}: the last move is {'taken back' if options.undo else 'done'}")
    return DONE


def _moves(options: MoveOptions) -> tuple[dict[str, str], dict[str, str]]:
    """Return the moves of pages and of media files. Raises `DokuWikiDataError` if none are given."""
    if options.table is not None and options.old is None:
        try:
            return read_table(read_input(options.table)[0])
        except PageReadError as error:
            raise DokuWikiDataError(str(error)) from error
    if options.old is None or options.new is None or options.table is not None:
        raise DokuWikiDataError("name what moves: OLD and NEW, or --table FILE with many of them")
    move = {options.old: options.new}
    if not options.media:
        return move, {}
    return (move if options.old.endswith(":") else {}), move


def _write_diff(path: Path, done: Moved) -> None:
    try:
        with replacing(path) as output:
            output.write(done.diff.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise OutputError(f"{path}: {reason_of(error)}") from error


def add_move(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``move`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "move",
        parents=[common],
        help=HELP["move"],
        description="Moves a page, or a namespace whose name ends with a colon, with its history, and rewrites links, "
        "media, markup of plugins, data and filters in all pages. Writes a table of the moves as CSV.",
        epilog="Exit codes: 0 done, 1 some names were kept or some pages could not be read, 2 wrong use, or nothing "
        "was moved.",
    )
    add_source_arguments(command)
    command.add_argument("old", metavar="OLD", nargs="?", help="the page or, with a final colon, the namespace")
    command.add_argument("new", metavar="NEW", nargs="?", help="its new name")
    command.add_argument(
        "--media", action="store_true", help="OLD is a media file, or a namespace of which media files move too"
    )
    command.add_argument(
        "--table", metavar="FILE", type=path_argument,
        help="move what a CSV table with the columns kind (page or media), old and new names; - is standard input",
    )  # fmt: skip
    command.add_argument("--redirects", action="store_true", help="leave ~~REDIRECT~~ pages under the old names")
    command.add_argument("-n", "--dry-run", action="store_true", help="change nothing")
    command.add_argument("--partly", action="store_true", help="move although some pages cannot be read")
    command.add_argument("--diff", metavar="FILE", type=path_argument, help="write the changes of texts to FILE")
    command.add_argument("--user", metavar="NAME", default="", help="the author of the change for the changelogs")
    command.add_argument("--summary", metavar="TEXT", default="", help="the summary of the change")
    command.add_argument("--undo", action="store_true", help="take back the last move, to the byte")
    command.add_argument(
        "--continue", dest="continue_", action="store_true", help="do what is left of an interrupted move"
    )
    command.set_defaults(run=move, options=MoveOptions)
