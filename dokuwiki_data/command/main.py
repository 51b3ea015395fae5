"""The command ``dokuwiki-data``: arguments in, one call into the library, messages out."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import dokuwiki_data as dw
from dokuwiki_data.command import checking, converting, exporting, queries
from dokuwiki_data.command.arguments import ArgumentParser
from dokuwiki_data.command.files import path_argument, read_page
from dokuwiki_data.command.messages import (
    BROKEN_PIPE,
    DONE,
    INTERRUPTED,
    PROGRAM,
    SOME_FAILED,
    WRONG_USE,
    Messages,
    echo,
)
from dokuwiki_data.command.syntaxes import add_syntax_arguments, chosen_syntax
from dokuwiki_data.errors import DokuWikiDataError, PageReadError, reason_of
from dokuwiki_data.render.characters import as_json, for_terminal, tree_for_terminal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with ``arguments`` (those of the process, if None), and return its exit code."""
    sys.stdout = sys.stdout or _closed()
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    try:
        return _run(arguments)
    except DokuWikiDataError as error:
        echo(str(error))
        for note in getattr(error, "__notes__", ()):
            print(for_terminal(note), file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        echo("interrupted")
        return INTERRUPTED
    except MemoryError:
        echo("there is not enough memory")
        return WRONG_USE
    except OSError as error:  # standard output cannot be written to
        # Python would write what is left on its way out, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return BROKEN_PIPE
        echo(f"standard output: {reason_of(error)}")
        return WRONG_USE


def _run(arguments: Sequence[str] | None) -> int:
    try:
        chosen = _parser().parse_args(arguments)
    except SystemExit:  # help, the version, or a wrong argument
        sys.stdout.flush()
        raise
    logging.basicConfig(level=logging.INFO if "verbose" in chosen else logging.WARNING, handlers=[Messages()])
    code: int = chosen.command(chosen)
    sys.stdout.flush()
    return code


def _closed() -> TextIO:
    """What stands for a standard output that was closed from outside: nothing can be written to it.

    It has the number of the closed one, if that is free, which no other file gets then.
    """
    return open(os.open(os.devnull, os.O_RDONLY), "w")  # noqa: PTH123 - Path.open() takes no descriptor


def parse(chosen: argparse.Namespace) -> int:
    """Show one page."""
    try:
        text, modified = read_page(chosen.file)
    except PageReadError as error:
        echo(str(error))
        return SOME_FAILED
    syntax = chosen_syntax(chosen, dw.Syntax())
    page = dw.parse(text, page_id="" if str(chosen.file) == "-" else chosen.file.stem, modified=modified, syntax=syntax)
    sys.stdout.buffer.write(_VIEWS[chosen.format](page).encode() + b"\n")
    if chosen.format == "tree":
        for found in page.diagnostics:
            echo(f"{chosen.file}:{found.position.line}:{found.position.column}: {found.message} ({found.kind})")
    return DONE


def _tree(page: dw.Page) -> str:
    return tree_for_terminal(page.pretty())


def _record(page: dw.Page) -> str:
    return as_json(dw.render.json(page), indent=2)


def _instructions(page: dw.Page) -> str:
    """A JSON array with one call a line."""
    return "[\n" + ",\n".join(as_json(call) for call in dw.render.instructions(page)) + "\n]"


_VIEWS: dict[str, Callable[[dw.Page], str]] = {"tree": _tree, "json": _record, "instructions": _instructions}


def _parser() -> argparse.ArgumentParser:
    verbosity = argparse.ArgumentParser(add_help=False)
    verbosity.add_argument(
        "-v", "--verbose", action="store_true", default=argparse.SUPPRESS, help="say more about what is done"
    )
    parser: argparse.ArgumentParser = ArgumentParser(
        prog=PROGRAM, parents=[verbosity], description="Reads DokuWiki pages as DokuWiki reads them."
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    converting.add_commands(commands, verbosity)
    exporting.add_command(commands, verbosity)
    checking.add_commands(commands, verbosity)
    command = commands.add_parser(
        "parse",
        parents=[verbosity],
        help="show one page as a tree or as JSON",
        description="Shows one page. What was odd in it follows on standard error.",
        epilog="Exit codes: 0 done, 1 the page could not be read, 2 wrong use.",
    )
    command.add_argument("file", metavar="FILE", type=path_argument, help="the file of a page, or - for standard input")
    command.add_argument(
        "-f", "--format", choices=_VIEWS, default="tree",
        help="tree (default), json: the page's record; instructions: DokuWiki's instruction list",
    )  # fmt: skip
    add_syntax_arguments(command)
    command.set_defaults(command=parse)
    queries.add_commands(commands, verbosity)
    return parser


class _ShowVersion(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata  # 20 ms

        print(PROGRAM, metadata.version(PROGRAM))
        parser.exit()
