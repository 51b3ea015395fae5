"""The arguments that say where a wiki lies, and the source that they lead to."""

from __future__ import annotations

import argparse
import re

from dokuwiki_data.command.files import path_argument
from dokuwiki_data.command.messages import echo
from dokuwiki_data.command.syntaxes import add_syntax_arguments
from dokuwiki_data.dataset.places import is_dataset
from dokuwiki_data.errors import DokuWikiDataError, SourceError
from dokuwiki_data.wiki.conf import Literal, parse_literal
from dokuwiki_data.wiki.information import read_information
from dokuwiki_data.wiki.sources.files import MEBIBYTE, Limits, Report
from dokuwiki_data.wiki.sources.layouts import DESCRIPTIONS
from dokuwiki_data.wiki.sources.opening import WikiSource, open_source


def add_source_arguments(command: argparse.ArgumentParser) -> None:
    """Add SOURCE to a command, and what may be said about it."""
    command.add_argument(
        "source", metavar="SOURCE", type=path_argument,
        help="a DokuWiki, its data or pages folder, a folder of .txt files, a crawl, or an archive of any of these",
    )  # fmt: skip
    command.add_argument("--layout", choices=DESCRIPTIONS, help="what SOURCE is (default: found from what is there)")
    command.add_argument(
        "--file-names", choices=("url", "safe", "utf-8"),
        help="DokuWiki's fnencode (default: what the wiki's settings say, else url)",
    )  # fmt: skip
    command.add_argument(
        "--savedir", metavar="PATH", type=path_argument,
        help="the folder of the wiki's data, if it is not in SOURCE; nothing else outside of SOURCE is read or written",
    )  # fmt: skip
    command.add_argument(
        "--limit", metavar="SIZE", type=size,
        help="how much an archive may unpack to, such as 2G (default: 200 times its size, at least 256M)",
    )  # fmt: skip
    command.add_argument(
        "--set", metavar="NAME=VALUE", type=setting, action="append", default=[],
        help="a setting that overrides the wiki's own, as in useslash=1 or plugin/data/rownumbers=1; may be repeated",
    )  # fmt: skip
    add_syntax_arguments(command)
    command.add_argument("-q", "--quiet", action="store_true", help="say only what goes wrong")


def chosen_source(chosen: argparse.Namespace, report: Report) -> WikiSource:
    """The source that the arguments lead to, read as they say; one line says what it was taken for.

    Raises what `open_source` does, and `SourceError` for wikis that are tables of Parquet already.
    """
    if is_dataset(chosen.source):
        raise SourceError(f"{chosen.source}: its wikis are tables of Parquet, which only query can read")
    limits = Limits(total=chosen.limit) if chosen.limit else Limits()
    try:
        source = open_source(
            chosen.source, report, kind=chosen.layout, file_names=chosen.file_names, limits=limits,
            settings=dict(chosen.set), release=chosen.release, plugins=chosen.plugins, savedir=chosen.savedir,
        )  # fmt: skip
    except ValueError as error:
        raise DokuWikiDataError(str(error)) from error
    for line in source.layout.notes:
        echo(line)
    if not chosen.quiet:
        echo(f"{chosen.source}: {source.description}")
    if reason := read_information(source).incomplete:
        echo(f"{chosen.source}: the crawl is incomplete: {reason}")
    return source


def setting(text: str) -> tuple[str, Literal]:
    """An argument ``NAME=VALUE``; raises `ArgumentTypeError` if it is none. Numbers and true, false, null are such."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no setting such as useslash=1")
    return name.strip(), parse_literal(value.strip())


def size(text: str) -> int:
    """An argument that is a number of bytes: ``100M``, ``2G``; raises `ArgumentTypeError` if it is none."""
    found = re.fullmatch(r"([0-9]{1,9})([KMGT]?)", text.upper())
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 500M or 2G")
    return int(found[1]) * int(MEBIBYTE * 1024 ** ("KMGT".index(found[2]) - 1)) if found[2] else int(found[1])
