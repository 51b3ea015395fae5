"""The commands ``convert``, which turns a wiki into records, and ``schema``, which prints their JSON Schema."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands, output_argument, path_argument
from dokuwiki_data.command.files import opened_output, refuse_unwritable
from dokuwiki_data.command.messages import DONE, PROGRAM, Failures, counted, echo, progress
from dokuwiki_data.command.options import (
    ChoiceOptions,
    SourceOptions,
    WorkerOptions,
    add_choice_arguments,
    add_source_arguments,
    add_worker_arguments,
)
from dokuwiki_data.command.resuming import (
    Resumed,
    ResumeError,
    digest,
    made_with,
    output_file,
    part_of,
    read_note,
    resume,
    resume_by_comparison,
    write_note,
)
from dokuwiki_data.command.summary import Summary
from dokuwiki_data.conversion import (
    PAGE_PARTS,
    PARTS,
    SMALL_CHUNKS,
    Chunks,
    ConversionOptions,
    PageState,
    all_states,
    checked_parts,
    convert_texts,
    current_states,
    wiki_context,
)
from dokuwiki_data.conversion.choice import check_readers, readable
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.record import STREAMS
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.overlap import refuse_file
from dokuwiki_data.wiki.sources.source import WikiSource

#: Reported if ``--resume`` finds no record that is up to date.
NOTHING_TO_RESUME = "--resume: no record of an earlier run can be used, so all pages are converted again"

#: The formats that are tables, with what they are written to.
TABLE_FORMATS = {
    "parquet": "the folder of a dataset",
    "sqlite": "the file of a database",
    "csv": "a folder for the files",
}


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """The options of ``convert``."""

    source: SourceOptions
    choice: ChoiceOptions
    workers: WorkerOptions
    output: Path | None
    format: str
    wiki: str | None
    parts: tuple[str, ...]
    revisions: bool
    resume: bool
    report: Path | None

    def check(self) -> None:
        """Raise `DokuWikiDataError` for options that exclude each other, and for a report that cannot be written."""
        if self.resume and (self.output is None or self.format != "jsonl"):
            raise DokuWikiDataError("--resume requires --output and the format jsonl")
        if self.format in TABLE_FORMATS and self.output is None:
            raise DokuWikiDataError(f"the format {self.format} requires --output, {TABLE_FORMATS[self.format]}")
        if self.format in ("sqlite", "csv") and self.parts != PAGE_PARTS:
            raise DokuWikiDataError(f"--with is for the parts of records, which the format {self.format} has not")
        if self.wiki is not None and self.format != "parquet":
            raise DokuWikiDataError("--wiki requires the format parquet")
        check_readers(self.choice.readable_by)
        if self.report is not None:
            if self.output is not None and _is_same_file(self.output, self.report):
                raise DokuWikiDataError(f"{self.report}: --output and --report are the same file")
            refuse_unwritable(self.report)

    def conditions(self, source: WikiSource) -> dict[str, str]:
        """Return what must not change between two runs for ``--resume``, by name."""
        from importlib import metadata  # takes 20 ms

        syntax = source.settings.syntax
        defaults = replace(syntax, release=type(syntax)().release, flavour=type(syntax)().flavour, plugins=())
        values = sorted((name, repr(value)) for name, value in source.settings.values.items())
        labels = sorted(source.settings.labels.items())
        choices = asdict(self.choice)
        plugins = [plugin if isinstance(plugin, str) else plugin.name for plugin in syntax.plugins]
        return {
            "version": metadata.version(PROGRAM),
            "release": syntax.release,
            "flavour": syntax.flavour,
            "plugins": ",".join(plugins) or "none",
            "parts": ",".join(self.parts) or "none",
            "revisions": "yes" if self.revisions else "no",
            "pages of": " ".join(f"{name}={','.join(found)}" for name, found in choices.items() if found) or "all",
            "settings": digest([defaults, values, labels, source.file_names])[:8],
        }


def _is_same_file(one: Path, other: Path) -> bool:
    one, other = Path(os.path.realpath(one)), Path(os.path.realpath(other))
    return one == other and (one.is_file() or not one.exists())


def convert(options: ConvertOptions) -> int:
    """Write the record of every page of a wiki."""
    options.check()
    failures = Failures()
    lost: list[PageReadError] = []

    def report(error: PageReadError) -> None:
        lost.append(error)
        failures(error)

    started = time.monotonic()
    source = options.source.open(report)
    for path in (options.output, options.report):
        if path is not None:
            refuse_file(source.files, path)
    summary = Summary(str(options.source.path), source.description, started, lost=lost)
    run = _Run(options, source, report, summary)
    run.convert()
    run.say(summary)
    if options.report is not None:
        with opened_output(options.report) as file_:
            file_.write(as_json(summary.record(), indent=2).encode() + b"\n")
    return failures.code


class _Run:
    """One run of ``convert``: selects the states of pages, and writes their records."""

    def __init__(self, options: ConvertOptions, source: WikiSource, report: Report, summary: Summary) -> None:
        self._options = options
        self._source = source
        self._report = report
        self._summary = summary

    def say(self, message: object) -> None:
        """Report something that is not an error."""
        if not self._options.source.quiet:
            echo(message)

    def convert(self) -> None:
        """Write the output."""
        options, source = self._options, self._source
        may_read = readable(source, options.choice.readable_by, echo)
        found = source.pages(self._report)
        pages = [file for file in found if may_read.page(file.page_id)]
        self._summary.not_readable = len(found) - len(pages)
        if options.choice.readable_by:
            who = ", ".join(options.choice.readable_by)
            self.say(f"{counted(self._summary.not_readable, 'page')} left out, which {who} may not read")
        wanted = [file for file in pages if file.page_id in options.choice.pages]
        self._summary.left_out = len(found) - len(wanted)
        states = current_states(wanted)
        if options.revisions:
            states = all_states(
                source,
                found,
                lambda page_id: may_read.page(page_id) and page_id in options.choice.pages,
                self._report,
                self._summary.strays.append,
            )
            self._summary.deleted = len({state.page_id for state in states if state.deleted})
        self._say_what_is_missing(states, has_pages=bool(found))
        conversion = ConversionOptions(
            parts=options.parts, revisions=options.revisions, pages=pages, sees_media=may_read.media
        )
        with options.workers.connect() as workers:
            conversion = replace(conversion, executor=workers.executor, jobs=workers.jobs(len(states)))
            if options.format in TABLE_FORMATS:
                self._write_tables(states, conversion)
            else:
                is_kept = options.format == "jsonl"
                with output_file(options.output, resume=options.resume, keep=is_kept) as output:
                    self._write_records(output, states, conversion)

    def _say_what_is_missing(self, states: Sequence[PageState], *, has_pages: bool) -> None:
        path, strays = self._options.source.path, self._summary.strays
        if not states:
            echo(f"{path}: " + ("no page matches the arguments" if has_pages else "contains no pages"))
        elif self._options.revisions and all(state.revision is None for state in states):
            self.say(f"{path}: contains no old states of these pages")
        if strays:
            self.say(f"{counted(len(strays), 'file')} in the attic without a page, such as {min(strays)}")

    def _write_tables(self, states: Sequence[PageState], conversion: ConversionOptions) -> None:
        options, source = self._options, self._source
        assert options.output is not None
        if options.format == "sqlite":
            from dokuwiki_data.dataset.database import write_database

            written = write_database(source, states, options.output, self._report, echo, conversion)
        elif options.format == "csv":
            from dokuwiki_data.dataset.class_files import write_csv

            written = write_csv(source, states, options.output, self._report, conversion)
        else:
            from dokuwiki_data.dataset.folder import name_of_wiki
            from dokuwiki_data.dataset.writing import write_dataset

            name = name_of_wiki(options.source.path) if options.wiki is None else options.wiki
            written = write_dataset(source, states, options.output, name, self._report, conversion)
        with progress(len(states), is_quiet=options.source.quiet) as advance:
            for done in written:
                self._summary.done.add(done)
                advance(done.items)

    def _write_records(self, output: IO[bytes], states: Sequence[PageState], conversion: ConversionOptions) -> None:
        options = self._options
        conversion = replace(conversion, context=wiki_context(self._source, options.parts, self._report))
        finished = 0
        if options.output is not None and options.format == "jsonl" and part_of(options.output).exists():
            finished = self._resume(options.output, output, states, conversion)
        stream = STREAMS[options.format]
        before, between = stream.before.encode(), stream.between.encode()
        is_first = True
        has_file = options.output is not None
        with progress(len(states), finished, output_is_file=has_file, is_quiet=options.source.quiet) as advance:
            for done in convert_texts(self._source, states[finished:], options.format, self._report, conversion):
                if done.output:
                    _write_all(output, before if is_first else between)
                    for piece in done.pieces:
                        _write_all(output, piece)
                    is_first = False
                self._summary.done.add(done)
                advance(done.items)
        _write_all(output, (stream.nothing if is_first else stream.after).encode())

    def _resume(self, path: Path, output: IO[bytes], states: Sequence[PageState], conversion: ConversionOptions) -> int:
        """Write the note for later runs; with ``--resume``, return how many states an earlier run has finished.

        Raises:
            ResumeError: If the earlier records were made differently.
        """
        assert conversion.context is not None
        how = self._options.conditions(self._source)
        made = made_with(self._source, conversion, conversion.context, how)
        finished = 0
        if self._options.resume:
            earlier = read_note(path)
            resumed = None
            if not output.seek(0, os.SEEK_END):
                pass
            elif earlier is None:
                resumed = self._compare(output, states, conversion)
            elif differences := earlier.differences(made):
                raise ResumeError(
                    f"--resume: the records so far were made with {differences}; without --resume all is new"
                )
            elif earlier.around == made.around:
                resumed = resume(output, self._source, states, conversion, self._report)
            else:
                output.seek(0)
                output.truncate()
            if resumed is not None:
                self._summary.done.add(resumed.done)
                finished = resumed.finished
            self.say(f"--resume: {finished} of {len(states)} were done before" if finished else NOTHING_TO_RESUME)
        write_note(path, made)
        return finished

    def _compare(self, output: IO[bytes], states: Sequence[PageState], conversion: ConversionOptions) -> Resumed:
        alone = replace(conversion, jobs=1, executor=None)
        return resume_by_comparison(
            output,
            lambda report: convert_texts(
                self._source, states, self._options.format, report, alone, chunks=Chunks(1, SMALL_CHUNKS.bytes)
            ),
            self._report,
        )


def _write_all(output: IO[bytes], content: bytes) -> None:
    """Write all of the content; unbuffered standard output may accept only a part at a time."""
    left = memoryview(content)
    while left:
        left = left[output.write(left) or 0 :]


@dataclass(frozen=True, slots=True)
class SchemaOptions:
    """The options of ``schema``."""

    of: str


def schema(options: SchemaOptions) -> int:
    """Write the JSON Schema of a record, or of a report."""
    from dokuwiki_data.reports.record import report_schema

    shown = report_schema() if options.of == "report" else dw.render.json_schema()
    sys.stdout.write(json.dumps(shown, indent=2) + "\n")
    return DONE


def part_names(text: str) -> tuple[str, ...]:
    """Return a list of parts of a record. Raises `ArgumentTypeError` for an unknown name."""
    try:
        return checked_parts(name.strip() for name in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_convert(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``convert`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "convert",
        parents=[common],
        help=HELP["convert"],
        description="Writes one record for every page of a wiki, in the order of the page ids.",
        epilog="Exit codes: 0 all pages were converted, 1 some could not be read, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument(
        "-o", "--output", metavar="FILE", type=output_argument,
        help="the file to write (default, or -: standard output)",
    )  # fmt: skip
    command.add_argument(
        "-f", "--format", choices=(*STREAMS, *TABLE_FORMATS), default="jsonl",
        help="jsonl: one object a line (default); json: one array; yaml: one document a page; "
        "parquet: tables of pages, entries, links, revisions and each class of entries in a folder, beside those of "
        "other wikis; "
        "sqlite: a database of the same tables, and one for each class of entries; "
        "csv: a file for each class of entries, in a folder",
    )  # fmt: skip
    command.add_argument(
        "--wiki", metavar="NAME", help="the name of the wiki in the folder of tables (default: as SOURCE is called)"
    )
    command.add_argument(
        "--with", dest="parts", metavar="PARTS", type=part_names, default=PAGE_PARTS,
        help=f"the parts of a record: some of {', '.join(PARTS)} (default: {','.join(PAGE_PARTS)}); ast is the tree",
    )  # fmt: skip
    command.add_argument(
        "--revisions", action="store_true", help="include every old state that the attic keeps, and deleted pages"
    )
    add_choice_arguments(command)
    add_worker_arguments(command)
    command.add_argument("--resume", action="store_true", help="continue an interrupted run with the same output")
    command.add_argument("--report", metavar="FILE", type=path_argument, help="write the summary as JSON")
    command.set_defaults(run=convert, options=ConvertOptions)


def add_schema(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``schema`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "schema",
        parents=[common],
        help=HELP["schema"],
        description="Shows a JSON Schema.",
    )
    command.add_argument(
        "of", metavar="WHAT", nargs="?", choices=("record", "report"), default="record",
        help="record: of a page, as convert writes it (default); report: of report.json",
    )  # fmt: skip
    command.set_defaults(run=schema, options=SchemaOptions)
