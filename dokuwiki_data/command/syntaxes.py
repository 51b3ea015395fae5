"""The arguments that say how pages are read, and the syntax that they lead to."""

from __future__ import annotations

import argparse

from dokuwiki_data.command.arguments import names
from dokuwiki_data.errors import DokuWikiDataError
from dokuwiki_data.syntax.configuration import RELEASES, Syntax


def add_syntax_arguments(command: argparse.ArgumentParser) -> None:
    """Add the release and the plugins to a command."""
    command.add_argument(
        "--release", choices=RELEASES,
        help="how DokuWiki reads the pages (default: what the wiki's VERSION says, else the newest)",
    )  # fmt: skip
    command.add_argument(
        "--plugins", metavar="NAMES", type=names,
        help="the plugins whose syntax counts, as in data,comments; or those to add and to leave out, as in "
        "--plugins=+wrap,-comments (default: what the installation says, else data,comments,keywords,description)",
    )  # fmt: skip


def chosen_syntax(chosen: argparse.Namespace, syntax: Syntax) -> Syntax:
    """A syntax with what the arguments say otherwise. Raises `DokuWikiDataError` for a plugin that is not known."""
    try:
        return syntax.chosen(chosen.release, chosen.plugins)
    except ValueError as error:
        raise DokuWikiDataError(str(error)) from error
