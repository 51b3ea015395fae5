"""The command ``dokuwiki-data``: choose a command, run it, and turn errors into messages."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TextIO

from dokuwiki_data.command.arguments import HELP, ArgumentParser, options_from
from dokuwiki_data.command.messages import BROKEN_PIPE, INTERRUPTED, PROGRAM, WRONG_USE, LogHandler, echo
from dokuwiki_data.errors import DokuWikiDataError, reason_of
from dokuwiki_data.render.characters import for_terminal

#: The module of each command, which is imported if the command runs: all of them take 150 ms.
MODULES = {
    "convert": "converting", "schema": "converting", "export": "exporting", "check": "checking", "history": "history",
    "move": "moving", "parse": "parsing", "query": "queries", "report": "reporting", "rewrite": "rewriting",
    "struct": "structuring", "tables": "tables",
}  # fmt: skip


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
        arguments = sys.argv[1:] if arguments is None else arguments
        parsed = _parser(arguments).parse_args(arguments)
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


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of the command that is asked for; of the others it knows the names."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("-v", "--verbose", action="store_true", default=argparse.SUPPRESS, help="report more details")
    parser: argparse.ArgumentParser = ArgumentParser(
        prog=PROGRAM, parents=[common], description="Reads DokuWiki pages as DokuWiki reads them."
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    asked = next((argument for argument in arguments if not argument.startswith("-")), None)
    for name in MODULES:
        if name == asked:
            module = import_module(f"dokuwiki_data.command.{MODULES[name]}")
            getattr(module, f"add_{name}")(commands, common)
        else:
            commands.add_parser(name, help=HELP[name])
    return parser


class _ShowVersion(argparse.Action):
    """Reads the version only if it is requested."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib import metadata  # takes 20 ms

        from dokuwiki_data import compiled

        print(PROGRAM, metadata.version(PROGRAM), *["(compiled)"] * compiled)
        parser.exit()
