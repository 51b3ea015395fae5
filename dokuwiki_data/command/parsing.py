"""The command ``parse``: one page as a tree or as JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands, path_argument
from dokuwiki_data.command.files import read_input
from dokuwiki_data.command.messages import DONE, SOME_FAILED, echo
from dokuwiki_data.command.options import SyntaxOptions, add_syntax_arguments
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.render.characters import as_json, tree_for_terminal


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
        help=HELP["parse"],
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
