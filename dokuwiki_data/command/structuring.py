"""The command ``struct``, which takes a wiki from the plugin *data* to the plugin *struct*."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands, path_argument
from dokuwiki_data.command.messages import Failures, counted, echo
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.errors import DokuWikiDataError, reason_of
from dokuwiki_data.struct_export.given_schemas import StructExportError, given_schemas


@dataclass(frozen=True, slots=True)
class StructOptions:
    """The options of ``struct``."""

    source: SourceOptions
    folder: Path
    schemas: Path | None
    remove_entries: bool
    save: bool


def struct(options: StructOptions) -> int:
    """Write what takes a wiki from data to struct, and report how many blocks show the same."""
    failures = Failures()
    given = None if options.schemas is None else _schemas_in(options.schemas)
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    done = dw.struct(
        wiki, options.folder, schemas=given, remove_entries=options.remove_entries, save=options.save,
        context=wiki.context(today=date.today()),
    )  # fmt: skip
    for page_id, error in done.changes.errors:
        if page_id:
            failures(f"{page_id}: {error}")
    if not options.source.quiet:
        states = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
        echo(
            f"{options.folder}: {counted(len(done.schemas), 'schema')}, {counted(len(done.blocks), 'block')}"
            f"{f' ({states})' if states else ''}, {counted(len(done.lost), 'value')} left out, "
            f"{counted(len(done.changes.changed), 'page')} {'saved' if options.save else 'would change'}"
        )
    return failures.code


def _schemas_in(path: Path) -> Any:
    """Return what a file says of schemas. Raises `DokuWikiDataError` if it says nothing of that kind."""
    try:
        read = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise DokuWikiDataError(f"{path}: {reason_of(error)}") from error
    except (ValueError, yaml.YAMLError) as error:
        raise DokuWikiDataError(f"{path}: this is no YAML") from error
    try:
        given_schemas(read)
    except StructExportError as error:
        raise DokuWikiDataError(f"{path}: {error}") from error
    return read


def add_struct(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``struct`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "struct",
        parents=[common],
        help=HELP["struct"],
        description="Writes schemas, values, assignments, changed pages and a report for struct to FOLDER.",
        epilog="Exit codes: 0 done, 1 some pages could not be read or changed, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument("folder", metavar="FOLDER", type=path_argument, help="the folder to write to")
    command.add_argument(
        "--schemas", metavar="FILE", type=path_argument,
        help="a YAML file with the schemas: the classes that share one, and the names and types of columns",
    )  # fmt: skip
    command.add_argument(
        "--remove-entries", action="store_true", help="remove the entries whose values struct can take from the pages"
    )
    command.add_argument("--save", action="store_true", help="save the changed pages (default: only write a diff)")
    command.set_defaults(run=struct, options=StructOptions)
