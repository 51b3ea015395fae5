"""The command ``check``, which compares a wiki's entries with the data plugin's own store."""

from __future__ import annotations

import argparse
import sys

import dokuwiki_data as dw
from dokuwiki_data.command.files import path_argument
from dokuwiki_data.command.messages import DONE, SOME_FAILED, complain
from dokuwiki_data.render.characters import on_one_line


def check(chosen: argparse.Namespace) -> int:
    """Write where the pages and the store differ, one place a line."""
    wiki = dw.Wiki.open(chosen.source)
    found = wiki.compare_store()
    for error in wiki.lost:
        complain(error)
    for difference in found.differences:
        sys.stdout.write(on_one_line(str(difference)) + "\n")
    complain(f"{found.pages} pages with {found.values} values compared, {len(found.differences)} differences")
    return SOME_FAILED if found.differences or wiki.lost else DONE


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add ``check`` to the commands; ``common`` are the arguments that all have."""
    command = commands.add_parser(
        "check",
        parents=[common],
        help="compare a wiki's entries with the data plugin's own store",
        description="Writes every value that the pages and the plugin's store (meta/data.sqlite3) do not agree on.",
        epilog="Exit codes: 0 they agree, 1 they differ or pages could not be read, 2 wrong use or no store.",
    )
    command.add_argument(
        "source", metavar="SOURCE", type=path_argument, help="a DokuWiki, its data folder, or an archive of it"
    )
    command.set_defaults(command=check)
