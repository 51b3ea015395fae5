"""The command ``dokuwiki-data``: choose a command, run it, and turn errors into messages; also ``parse``."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import ArgumentParser, Commands, options_from, path_argument
from dokuwiki_data.command.checking import add_check
from dokuwiki_data.command.converting import add_convert
from dokuwiki_data.command.exporting import add_export
from dokuwiki_data.command.files import read_input
from dokuwiki_data.command.history import add_history
from dokuwiki_data.command.messages import (
    BROKEN_PIPE,
    DONE,
    INTERRUPTED,
    PROGRAM,
    SOME_FAILED,
    WRONG_USE,
    LogHandler,
    echo,
)
from dokuwiki_data.command.moving import add_move
from dokuwiki_data.command.options import SyntaxOptions, add_syntax_arguments
from dokuwiki_data.command.queries import add_query
from dokuwiki_data.command.reporting import add_report
from dokuwiki_data.command.rewriting import add_rewrite
from dokuwiki_data.command.structuring import add_struct
from dokuwiki_data.command.tables import add_tables
from dokuwiki_data.errors import DokuWikiDataError, PageReadError, reason_of
from dokuwiki_data.render.characters import as_json, for_terminal, tree_for_terminal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code.

    Args:
        arguments: The arguments; by default those of the process.
    """
    sys.stdout = sys.stdout or _closed_output()
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    try:
        return _checked(arguments)
    finally:
        try:
            sys.stderr.flush()
        except OSError:  # messages that cannot be written are lost, and Python would fail at exit
            os.dup2(os.open(os.devnull, os.O_RDWR), sys.stderr.fileno())


def _checked(arguments: Sequence[str] | None) -> int:
    """Run the command, and turn errors into messages and exit codes."""
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
    except OSError as error:  # standard output cannot be written
        # Otherwise Python would write the buffered rest at exit, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return BROKEN_PIPE
        echo(f"standard output: {reason_of(error)}")
        return WRONG_USE


def _run(arguments: Sequence[str] | None) -> int:
    try:
        parsed = _parser().parse_args(arguments)
    except SystemExit:  # help, the version, or a wrong argument
        sys.stdout.flush()
        raise
    logging.basicConfig(level=logging.INFO if "verbose" in parsed else logging.WARNING, handlers=[LogHandler()])
    code: int = parsed.run(options_from(parsed.options, parsed))
    sys.stdout.flush()
    return code


def _closed_output() -> TextIO:
    """Return a file that takes the place of a closed standard output; writing to it fails.

    It gets the descriptor of the closed one if that is free, so that no other file does.
    """
    return open(os.open(os.devnull, os.O_RDONLY), "w")  # noqa: PTH123 - Path.open() takes no descriptor


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("-v", "--verbose", action="store_true", default=argparse.SUPPRESS, help="report more details")
    parser: argparse.ArgumentParser = ArgumentParser(
        prog=PROGRAM, parents=[common], description="Reads DokuWiki pages as DokuWiki reads them."
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        add_convert,
        add_export,
        add_check,
        add_history,
        add_move,
        add_parse,
        add_query,
        add_report,
        add_rewrite,
        add_struct,
        add_tables,
    ):
        add(commands, common)
    return parser


class _ShowVersion(argparse.Action):
    """Reads the version only if it is requested."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata  # takes 20 ms

        from dokuwiki_data import compiled

        print(PROGRAM, metadata.version(PROGRAM), *["(compiled)"] * compiled)
        parser.exit()


# ---------------------------------------------------------------------------------------------------- parse


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """The options of ``parse``."""

    file: Path
    format: str
    syntax: SyntaxOptions


def parse(options: ParseOptions) -> int:
    """Show one page."""
    path = options.file
    try:
        text, modified = read_input(path)
    except PageReadError as error:
        echo(str(error))
        return SOME_FAILED
    page_id = "" if str(path) == "-" else path.stem
    page = dw.parse(text, page_id=page_id, modified=modified, syntax=options.syntax.apply(dw.Syntax()))
    sys.stdout.buffer.write(_VIEWS[options.format](page).encode() + b"\n")
    if options.format == "tree":
        for found in page.diagnostics:
            echo(f"{path}:{found.position.line}:{found.position.column}: {found.message} ({found.kind})")
    return DONE


def _tree(page: dw.Page) -> str:
    return tree_for_terminal(page.pretty())


def _record(page: dw.Page) -> str:
    return as_json(dw.render.json(page), indent=2)


def _instructions(page: dw.Page) -> str:
    """Return a JSON array with one call a line."""
    return "[\n" + ",\n".join(as_json(call) for call in dw.render.instructions(page)) + "\n]"


_VIEWS: dict[str, Callable[[dw.Page], str]] = {"tree": _tree, "json": _record, "instructions": _instructions}


def add_parse(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``parse`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "parse",
        parents=[common],
        help="show one page as a tree or as JSON",
        description="Shows one page. Diagnostics go to standard error.",
        epilog="Exit codes: 0 done, 1 the page could not be read, 2 wrong use.",
    )
    command.add_argument("file", metavar="FILE", type=path_argument, help="the file of a page, or - for standard input")
    command.add_argument(
        "-f", "--format", choices=_VIEWS, default="tree",
        help="tree (default), json: the page's record; instructions: DokuWiki's instruction list",
    )  # fmt: skip
    add_syntax_arguments(command)
    command.set_defaults(run=parse, options=ParseOptions)
