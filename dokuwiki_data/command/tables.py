"""The command ``tables``: write the answers to a wiki's queries, or its pages' tables, into a folder with an index."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands, path_argument
from dokuwiki_data.command.messages import Failures, counted, echo
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.command.queries import AskingOptions, QueryInput, add_asking_arguments, read_all
from dokuwiki_data.engine.formats import FORMATS
from dokuwiki_data.errors import DokuWikiDataError, OutputError, reason_of
from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.portable_names import portable_name
from dokuwiki_data.render.characters import as_json, replace_surrogates
from dokuwiki_data.wiki.sources.overlap import refuse_folder
from dokuwiki_data.wiki.writing import replacing

INDEX = "index.json"
FORMAT = "dokuwiki-data/tables"
VERSION = 1


@dataclass(frozen=True, slots=True)
class TablesOptions:
    """The options of ``tables``."""

    source: SourceOptions
    asking: AskingOptions
    output: Path
    of: str
    format: str


def tables(options: TablesOptions) -> int:
    """Write the answer to every query of a wiki into a folder, or all tables in its pages."""
    if options.of == "pages" and options.format != "csv":
        raise DokuWikiDataError(f"--of pages writes CSV only, no {options.format}")
    failures = Failures()
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    refuse_folder(wiki.source.files, options.output)
    folder = FolderOfTables(options.output, options.format)
    if options.of == "pages":
        _write_tables(wiki, folder)
    else:
        _write_answers(wiki, folder, options, failures)
    if not options.source.quiet:
        echo(f"{options.output}: {folder.summary}")
    return failures.code


def _write_tables(wiki: dw.Wiki, folder: FolderOfTables) -> None:
    """Write the tables in the pages of a wiki."""
    for page in wiki.readable_pages():
        for number, (title, table) in enumerate(_tables(page), 1):
            folder.write_table(page.page_id, number, title, table)
    folder.finish({})


def _tables(page: dw.Page) -> Iterator[tuple[str, blocks.Table]]:
    """Iterate over the tables of a page in order, each with the heading above it."""
    title = ""
    for node in page.walk():
        if isinstance(node, blocks.Heading):
            title = node.title
        elif isinstance(node, blocks.Table):
            yield title, node


def _write_answers(wiki: dw.Wiki, folder: FolderOfTables, options: TablesOptions, failures: Failures) -> None:
    """Write the answer to every query of a wiki."""
    read_all(wiki, options.source)
    context, semantics = options.asking.context(wiki), options.asking.semantics
    last_failed, text = "", ""
    for page_id, number, node in wiki.queries:
        try:
            result = wiki.evaluate(node, page_id=page_id, context=context, semantics=semantics)
        except dw.QueryError as error:
            if page_id != last_failed:  # read a page with many of them only once
                last_failed, text = page_id, str(wiki[page_id])
            place = QueryInput(node, page_id, text, page_id).place(error.span)
            failures(f"{place}: {error.message}")
            folder.leave_out(page_id, number, node, error)
        else:
            folder.write(page_id, number, node, result)
    folder.finish({
        "today": str(context.today),
        "user": replace_surrogates(context.user),
        "groups": list(map(replace_surrogates, context.groups)),
        "semantics": semantics,
    })  # fmt: skip


class FolderOfTables:
    """A folder with a file for each table, and the index of these files. Nothing outside is written."""

    def __init__(self, root: Path, format_: str) -> None:
        """Create the folder unless it exists. Raises `OutputError` if that is impossible."""
        self._root = root
        self._format = FORMATS[format_]
        self._tables: list[dict[str, Any]] = []
        self._write((), None, "")

    def write(self, page_id: str, number: int, query: DataQuery, result: dw.Result) -> None:
        """Write the answer to a query. Raises `OutputError` if it cannot be written."""
        file = self._write_file(page_id, number, self._format.write(result))
        self._note(page_id, number, query, query.kind, query.query.title, file=file, rows=len(result), more=result.more)

    def write_table(self, page_id: str, number: int, title: str, table: blocks.Table) -> None:
        """Write a table of a page as CSV. Raises `OutputError` if it cannot be written."""
        file = self._write_file(page_id, number, table.to_csv())
        self._note(page_id, number, table, "page", title, file=file, rows=len(table.rows), more=False)

    def leave_out(self, page_id: str, number: int, query: DataQuery, error: dw.QueryError) -> None:
        """Note in the index that a query has no answer."""
        self._note(page_id, number, query, query.kind, query.query.title, error=replace_surrogates(error.message))

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write the index, with what is given about all of its tables."""
        head = {"format": FORMAT, "version": VERSION, **about}
        self._write((), INDEX, as_json({**head, "tables": self._tables}, indent=2) + "\n")

    @property
    def summary(self) -> str:
        """The number of tables, and of queries without an answer."""
        answered = [table for table in self._tables if table["error"] is None]
        pages = len({table["page_id"] for table in answered})
        failed = len(self._tables) - len(answered)
        without = f", {counted(failed, 'query')} without an answer" if failed else ""
        return f"{counted(len(answered), 'table')} of {counted(pages, 'page')}{without}"

    def _write_file(self, page_id: str, number: int, text: str) -> str:
        """Write the file of a table, and return its path in the folder."""
        folders, file = folders_of(page_id), f"{number}.{self._format.suffix}"
        self._write(folders, file, text)
        return "/".join((*folders, file))

    def _note(self, page_id: str, number: int, node: Node, kind: str, title: str, **found: Any) -> None:
        place = {"page_id": replace_surrogates(page_id), "number": number, "line": node.position.line}
        about = {"kind": kind, "title": replace_surrogates(title)}
        self._tables.append({**place, **about, "file": None, "rows": None, "more": None, "error": None, **found})

    def _write(self, folders: tuple[str, ...], file: str | None, text: str) -> None:
        folder = self._root
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in folders:
                folder /= name
                if folder.is_symlink():  # a link above the root is the choice of the user
                    raise OutputError(f"{folder}: not followed, since it is a link")
                folder.mkdir(exist_ok=True)
            if file is not None:
                with replacing(folder / file) as output:
                    output.write(text.encode())
        except OSError as error:
            raise OutputError(f"{folder / (file or '')}: {reason_of(error)}") from error


def folders_of(page_id: str) -> tuple[str, ...]:
    """Return the names of the folders for a page; different ids have different folders.

    The names contain no dots, so that none looks like the file of a table.
    """
    return tuple(map(portable_name, page_id.split(":")))


def add_tables(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``tables`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "tables",
        parents=[common],
        help=HELP["tables"],
        description="Writes the answer to each query to FOLDER/page/number, and a list of all to FOLDER/index.json. "
        "With --of pages it writes the tables in the pages instead, as CSV.",
        epilog="Exit codes: 0 done, 1 some pages could not be read or some queries not be answered, 2 wrong use.",
    )
    add_source_arguments(command)
    add_asking_arguments(command)
    command.add_argument(
        "-o", "--output", metavar="FOLDER", type=path_argument, required=True,
        help="the folder to write to; created if it does not exist",
    )  # fmt: skip
    command.add_argument(
        "--of",
        choices=("queries", "pages"),
        default="queries",
        help="the tables to write (default: answers to queries)",
    )
    command.add_argument("-f", "--format", choices=FORMATS, default="csv", help="default: csv")
    command.set_defaults(run=tables, options=TablesOptions)
