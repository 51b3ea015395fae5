"""The command ``check``, which compares a wiki's entries with the data plugin's own store."""

from __future__ import annotations

import argparse
import sys

import dokuwiki_data as dw
from dokuwiki_data.command.messages import SOME_FAILED, Failures, complain
from dokuwiki_data.command.sources import add_source_arguments, chosen_source
from dokuwiki_data.render.characters import on_one_line


def check(chosen: argparse.Namespace) -> int:
    """Write where the pages and the store differ, one place a line."""
    failures = Failures()
    wiki = dw.Wiki(chosen_source(chosen, failures), report=failures)
    found = wiki.compare_store()
    for difference in found.differences:
        sys.stdout.write(on_one_line(str(difference)) + "\n")
    complain(f"{found.pages} pages with {found.values} values compared, {len(found.differences)} differences")
    return SOME_FAILED if found.differences else failures.code


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
    add_source_arguments(command)
    command.set_defaults(command=check)
