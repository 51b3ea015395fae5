"""The command ``struct``, which takes a wiki from the plugin *data* to the plugin *struct*."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import Commands, path_argument
from dokuwiki_data.command.messages import Failures, counted, echo
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.errors import DokuWikiDataError, reason_of


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
    shared = None if options.schemas is None else _shared_schemas(options.schemas)
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    done = dw.struct(
        wiki, options.folder, schemas=shared, remove_entries=options.remove_entries, save=options.save,
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


def _shared_schemas(path: Path) -> Mapping[str, Collection[str]]:
    """Return the classes of each schema from a file. Raises `DokuWikiDataError` if it says nothing of that kind."""
    try:
        read = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise DokuWikiDataError(f"{path}: {reason_of(error)}") from error
    except (ValueError, yaml.YAMLError) as error:
        raise DokuWikiDataError(f"{path}: this is no YAML") from error
    if not isinstance(read, dict) or not all(
        isinstance(name, str) and isinstance(classes, list) and all(isinstance(text, str) for text in classes)
        for name, classes in read.items()
    ):
        raise DokuWikiDataError(f"{path}: must hold lists of classes by the name of their schema")
    return read


def add_struct(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``struct`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "struct",
        parents=[common],
        help="take a wiki from the plugin data to the plugin struct",
        description="Writes schemas, values, assignments, changed pages and a report for struct to FOLDER.",
        epilog="Exit codes: 0 done, 1 some pages could not be read or changed, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument("folder", metavar="FOLDER", type=path_argument, help="the folder to write to")
    command.add_argument(
        "--schemas", metavar="FILE", type=path_argument,
        help="a YAML file with lists of classes that share a schema, by its name; * stands for all other classes",
    )  # fmt: skip
    command.add_argument(
        "--remove-entries", action="store_true", help="remove the entries whose values struct can take from the pages"
    )
    command.add_argument("--save", action="store_true", help="save the changed pages (default: only write a diff)")
    command.set_defaults(run=struct, options=StructOptions)
