"""The commands ``convert``, which turns a wiki into records, and ``schema``, which says what a record is."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import dokuwiki_data as dw
from dokuwiki_data.command.files import opened, output_argument, path_argument, refuse_unwritable
from dokuwiki_data.command.made_with import ResumeError, made_with, read_note, readable_media, write_note
from dokuwiki_data.command.messages import DONE, Failures, echo, progress
from dokuwiki_data.command.readers import add_page_arguments, add_reader_argument, chosen_pages
from dokuwiki_data.command.resumable import go_on_unnoted, output_file, part_of, resume
from dokuwiki_data.command.sources import add_source_arguments, chosen_source
from dokuwiki_data.command.summary import Summary
from dokuwiki_data.command.workers import Workers, add_worker_arguments, chosen_workers
from dokuwiki_data.conversion import (
    PAGE_PARTS,
    PARTS,
    SMALL_CHUNKS,
    Chunks,
    Converted,
    PageState,
    all_states,
    checked,
    convert_texts,
    current_states,
    wiki_context,
)
from dokuwiki_data.conversion.choice import Readable, check_readers, readable
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.stream import STREAMS
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource
from dokuwiki_data.wiki.sources.overlap import refuse_file

#: What is said where ``--resume`` finds no page that is as it would be written now.
NOTHING_TO_RESUME = "--resume: nothing that an earlier run left is of use here, so all is done from the beginning"


def convert(chosen: argparse.Namespace) -> int:
    """Write the record of every page of a wiki."""
    _check(chosen)
    failures = Failures()
    lost: list[PageReadError] = []

    def report(error: PageReadError) -> None:
        lost.append(error)
        failures(error)

    started = time.monotonic()
    source = chosen_source(chosen, report)
    for path in (chosen.output, chosen.report):
        if path is not None:
            refuse_file(source.files, path)
    summary = Summary(str(chosen.source), source.description, started, lost=lost)
    say = (lambda message: None) if chosen.quiet else echo
    found = source.pages(report)
    may_read = readable(source, chosen.readable_by, echo)
    choice = chosen_pages(chosen)
    files = [file for file in found if may_read.page(file.page_id)]
    summary.not_readable = len(found) - len(files)
    if chosen.readable_by:
        say(f"{summary.not_readable} pages left out, which {', '.join(chosen.readable_by)} may not read")
    wanted = [file for file in files if file.page_id in choice]
    summary.left_out = len(found) - len(wanted)
    states = current_states(wanted)
    if chosen.revisions:
        states = all_states(
            source,
            found,
            lambda page_id: may_read.page(page_id) and page_id in choice,
            report,
            summary.strays.append,
        )
        summary.deleted = len({state.page_id for state in states if state.deleted})
    if not states:
        why = "the arguments choose none of its pages" if found else "there are no pages in it"
        echo(f"{chosen.source}: {why}")
    elif chosen.revisions and all(state.revision is None for state in states):
        say(f"{chosen.source}: no old states of these pages are in it")
    if summary.strays:
        say(f"{len(summary.strays)} files in the attic are the state of no page, such as {min(summary.strays)}")
    with chosen_workers(chosen) as workers:
        run = _Run(chosen, source, files, may_read, states, report, summary, workers)
        if chosen.format == "parquet":
            _write_folder(run)
        else:
            with output_file(chosen.output, resume=chosen.resume, keep=chosen.format == "jsonl") as output:
                _write(run, output)
    say(summary)
    if chosen.report is not None:
        with opened(chosen.report) as file_:
            file_.write(as_json(summary.record(), indent=2).encode() + b"\n")
    return failures.code


class _Run(NamedTuple):
    """What is to be converted: ``states`` of pages; ``files`` are all pages that records may tell of."""

    chosen: argparse.Namespace
    source: WikiSource
    files: list[PageFile]
    may_read: Readable
    states: list[PageState]
    report: Report
    summary: Summary
    workers: Workers


def _check(chosen: argparse.Namespace) -> None:
    """Refuse arguments that do not go together."""
    if chosen.resume and (chosen.output is None or chosen.format != "jsonl"):
        raise DokuWikiDataError("--resume goes with --output and the format jsonl")
    if chosen.format == "parquet" and chosen.output is None:
        raise DokuWikiDataError("the format parquet goes with --output, the folder of a dataset")
    if chosen.wiki is not None and chosen.format != "parquet":
        raise DokuWikiDataError("--wiki goes with the format parquet")
    check_readers(chosen.readable_by)
    if chosen.report is not None:
        if chosen.output is not None and _is_one_file(chosen.output, chosen.report):
            raise DokuWikiDataError(f"{chosen.report}: --output and --report are one file")
        refuse_unwritable(chosen.report)


def _is_one_file(one: Path, other: Path) -> bool:
    one, other = Path(os.path.realpath(one)), Path(os.path.realpath(other))
    return one == other and (one.is_file() or not one.exists())


def _write_folder(run: _Run) -> None:
    from dokuwiki_data.dataset.places import name_of_wiki
    from dokuwiki_data.dataset.writing import write_dataset

    chosen, states, workers = run.chosen, run.states, run.workers
    name = name_of_wiki(chosen.source) if chosen.wiki is None else chosen.wiki
    with progress(not chosen.quiet, len(states), is_quiet=chosen.quiet) as advance:
        for done in write_dataset(
            run.source, states, chosen.output, name, run.report,
            parts=chosen.parts, revisions=chosen.revisions, wiki=run.files, sees_media=run.may_read.media,
            jobs=workers.jobs(len(states)), executor=workers.executor,
        ):  # fmt: skip
            run.summary.add(done)
            advance(done.items)


def _write(run: _Run, output: IO[bytes]) -> None:
    chosen, states, summary, workers = run.chosen, run.states, run.summary, run.workers
    stream = STREAMS[chosen.format]
    context = wiki_context(run.source, chosen.parts, run.report)
    finished = 0
    if chosen.output is not None and chosen.format == "jsonl" and part_of(chosen.output).exists():
        finished = _begin(run, output, context)
    before, between = stream.before.encode(), stream.between.encode()
    is_first = True
    shows = chosen.output is not None and not chosen.quiet
    with progress(shows, len(states), finished, is_quiet=chosen.quiet) as advance:
        for done in _converted(
            run, states[finished:], run.report, context, workers.jobs(len(states) - finished), workers.executor
        ):
            if done.output:
                _write_all(output, before if is_first else between)
                for piece in done.pieces:
                    _write_all(output, piece)
                is_first = False
            summary.add(done)
            advance(done.items)
    _write_all(output, (stream.nothing if is_first else stream.after).encode())


def _begin(run: _Run, output: IO[bytes], context: Context) -> int:
    """Note how the records are made; of how many states those of an earlier run are kept, if they shall be.

    Raises `ResumeError` if they were made in another way.
    """
    chosen, source = run.chosen, run.source
    media = readable_media(source, chosen.parts, run.may_read.media)
    made, finished = made_with(chosen, source, run.files, media, context), 0
    if chosen.resume:
        before = read_note(chosen.output)
        if not output.seek(0, os.SEEK_END):
            pass
        elif before is None:
            remade = partial(_converted, run, run.states, context=context, chunks=Chunks(1, 1))
            done, finished = go_on_unnoted(output, remade, run.report)
            run.summary.add(done)
        elif differences := before.differences(made):
            raise ResumeError(f"--resume: the records so far were made with {differences}; without --resume all is new")
        elif before.around == made.around:
            done, finished = resume(output, source, run.states, chosen.parts, chosen.revisions, run.report)
            run.summary.add(done)
        else:
            output.seek(0)
            output.truncate()
        if not chosen.quiet:
            echo(f"--resume: {finished} of {len(run.states)} were done before" if finished else NOTHING_TO_RESUME)
    write_note(chosen.output, made)
    return finished


def _converted(
    run: _Run,
    states: list[PageState],
    report: Report,
    context: Context,
    jobs: int = 1,
    executor: Executor | None = None,
    chunks: Chunks = SMALL_CHUNKS,
) -> Iterator[Converted]:
    chosen = run.chosen
    return convert_texts(
        run.source, states, chosen.format, report,
        parts=chosen.parts, revisions=chosen.revisions, wiki=run.files, sees_media=run.may_read.media,
        context=context, chunks=chunks, jobs=jobs, executor=executor,
    )  # fmt: skip


def _write_all(output: IO[bytes], content: bytes) -> None:
    """Write all of it; where Python runs unbuffered, standard output may take but some at a time."""
    left = memoryview(content)
    while left:
        left = left[output.write(left) or 0 :]


def schema(chosen: argparse.Namespace) -> int:
    """Write the JSON Schema of a record."""
    sys.stdout.write(json.dumps(dw.render.json_schema(), indent=2) + "\n")
    return DONE


def part_names(text: str) -> tuple[str, ...]:
    """An argument that is a list of parts of a record; raises `ArgumentTypeError` for any other name."""
    try:
        return checked(name.strip() for name in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add ``convert`` and ``schema`` to the commands; ``common`` are the arguments that all have."""
    command = commands.add_parser(
        "convert",
        parents=[common],
        help="turn a wiki into JSON, YAML or Parquet",
        description="Writes one record for every page of a wiki, in the order of the page ids.",
        epilog="Exit codes: 0 all pages were converted, 1 some could not be read, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument(
        "-o", "--output", metavar="FILE", type=output_argument, help="where to write (default, or -: standard output)"
    )
    command.add_argument(
        "-f", "--format", choices=(*STREAMS, "parquet"), default="jsonl",
        help="jsonl: one object a line (default); json: one array; yaml: one document a page; "
        "parquet: tables of pages, entries, links and revisions in a folder, beside those of other wikis",
    )  # fmt: skip
    command.add_argument(
        "--wiki", metavar="NAME", help="what the wiki is called among those of a folder (default: as SOURCE is called)"
    )
    command.add_argument(
        "--with", dest="parts", metavar="PARTS", type=part_names, default=PAGE_PARTS,
        help=f"what a record holds: some of {', '.join(PARTS)} (default: {','.join(PAGE_PARTS)}); ast is the tree",
    )  # fmt: skip
    command.add_argument(
        "--revisions", action="store_true", help="every old state that the attic keeps too, and deleted pages"
    )
    add_page_arguments(command)
    add_reader_argument(command)
    add_worker_arguments(command)
    command.add_argument("--resume", action="store_true", help="go on where a run with the same output was interrupted")
    command.add_argument("--report", metavar="FILE", type=path_argument, help="write what was done as JSON")
    command.set_defaults(command=convert)

    command = commands.add_parser(
        "schema", parents=[common], help="show the JSON Schema of a record", description="Shows the JSON Schema."
    )
    command.set_defaults(command=schema)
