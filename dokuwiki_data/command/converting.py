"""The commands ``convert``, which turns a wiki into records, and ``schema``, which says what a record is."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import IO

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import names
from dokuwiki_data.command.files import opened, output_argument, path_argument, refuse_unwritable
from dokuwiki_data.command.messages import DONE, Failures, complain, progress
from dokuwiki_data.command.resumable import go_on, output_file
from dokuwiki_data.command.sources import add_source_arguments, chosen_source
from dokuwiki_data.command.summary import Summary
from dokuwiki_data.command.workers import Workers, add_worker_arguments, chosen_workers
from dokuwiki_data.conversion import (
    PAGE_PARTS,
    PARTS,
    PageState,
    all_states,
    checked,
    convert_pages,
    current_states,
    text_writer,
)
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.render.characters import as_json
from dokuwiki_data.render.stream import STREAMS
from dokuwiki_data.wiki.access import READ, read_access_rules
from dokuwiki_data.wiki.sources.opening import PageFile, Source

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
    summary = Summary(str(chosen.source), source.description, started, lost=lost)
    say = (lambda message: None) if chosen.quiet else complain
    found = source.pages(report)
    may_read = _reader(source, chosen.readable_by)
    readable = [file for file in found if may_read(file.page_id)]
    summary.not_readable = len(found) - len(readable)
    if chosen.readable_by:
        say(f"{summary.not_readable} pages left out, which {', '.join(chosen.readable_by)} may not read")
    files = [file for file in readable if _is_wanted(file.page_id, chosen)]
    summary.left_out = len(found) - len(files)
    states = current_states(files)
    if chosen.revisions:
        states = all_states(
            source,
            found,
            lambda page_id: may_read(page_id) and _is_wanted(page_id, chosen),
            report,
            summary.strays.append,
        )
        summary.deleted = len({state.page_id for state in states if state.deleted})
    if not states:
        why = "the arguments choose none of its pages" if found else "there are no pages in it"
        complain(f"{chosen.source}: {why}")
    elif chosen.revisions and all(state.revision is None for state in states):
        say(f"{chosen.source}: no old states of these pages are in it")
    if summary.strays:
        say(f"{len(summary.strays)} files in the attic are the state of no page, such as {min(summary.strays)}")
    with chosen_workers(chosen) as workers:
        if chosen.format == "parquet":
            _write_folder(chosen, source, readable, states, report, summary, workers)
        else:
            with output_file(chosen.output, resume=chosen.resume, keep=chosen.format == "jsonl") as output:
                _write(chosen, output, source, readable, states, report, summary, workers)
    say(summary)
    if chosen.report is not None:
        with opened(chosen.report) as file_:
            file_.write(as_json(summary.record(), indent=2).encode() + b"\n")
    return failures.code


def _check(chosen: argparse.Namespace) -> None:
    """Refuse arguments that do not go together."""
    if chosen.resume and (chosen.output is None or chosen.format != "jsonl"):
        raise DokuWikiDataError("--resume goes with --output and the format jsonl")
    if chosen.format == "parquet" and chosen.output is None:
        raise DokuWikiDataError("the format parquet goes with --output, the folder of a dataset")
    if chosen.wiki is not None and chosen.format != "parquet":
        raise DokuWikiDataError("--wiki goes with the format parquet")
    if len(users := [name for name in chosen.readable_by if not name.startswith("@")]) > 1:
        raise DokuWikiDataError(f"--readable-by takes one user and his groups, not {', '.join(users)}")
    if chosen.report is not None:
        refuse_unwritable(chosen.report)


def _write_folder(
    chosen: argparse.Namespace,
    source: Source,
    readable: list[PageFile],
    states: list[PageState],
    report: Callable[[PageReadError], None],
    summary: Summary,
    workers: Workers,
) -> None:
    from dokuwiki_data.dataset.places import name_of_wiki
    from dokuwiki_data.dataset.writing import write_dataset

    name = name_of_wiki(chosen.source) if chosen.wiki is None else chosen.wiki
    with progress(not chosen.quiet, len(states)) as advance:
        for done in write_dataset(
            source, states, chosen.output, name, report,
            parts=chosen.parts, revisions=chosen.revisions, wiki=readable,
            jobs=workers.jobs(len(states)), executor=workers.executor,
        ):  # fmt: skip
            summary.add(done)
            advance(done.items)


def _write(
    chosen: argparse.Namespace,
    output: IO[bytes],
    source: Source,
    readable: list[PageFile],
    states: list[PageState],
    report: Callable[[PageReadError], None],
    summary: Summary,
    workers: Workers,
) -> None:
    stream = STREAMS[chosen.format]
    finished = 0
    if chosen.resume:
        done, finished = go_on(output, source, states, chosen.parts, chosen.revisions, report)
        summary.add(done)
        if not chosen.quiet:
            complain(f"--resume: {finished} of {len(states)} were done before" if finished else NOTHING_TO_RESUME)
    before, between = stream.before.encode(), stream.between.encode()
    is_first = True
    with progress(chosen.output is not None and not chosen.quiet, len(states), finished) as advance:
        for done in convert_pages(
            source, states[finished:], text_writer(chosen.format, chosen.parts), report,
            parts=chosen.parts, revisions=chosen.revisions, wiki=readable,
            jobs=workers.jobs(len(states) - finished), executor=workers.executor,
        ):  # fmt: skip
            if done.output:
                _write_all(output, before if is_first else between)
                _write_all(output, done.output)
                is_first = False
            summary.add(done)
            advance(done.items)
    _write_all(output, (stream.nothing if is_first else stream.after).encode())


def _write_all(output: IO[bytes], content: bytes) -> None:
    """Write all of it; where Python runs unbuffered, standard output may take but some at a time."""
    left = memoryview(content)
    while left:
        left = left[output.write(left) or 0 :]


def _reader(source: Source, who: Sequence[str]) -> Callable[[str], bool]:
    """Whether somebody may read a page, by its id: a user and ``@groups``, or ``@ALL`` for guests; all, if nobody.

    Raises `DokuWikiDataError` where that cannot be known, so that nothing secret gets out.
    """
    if not who:
        return lambda page_id: True
    if source.layout.conf is None:
        raise DokuWikiDataError(f"{source.files.place}: --readable-by needs the wiki's conf folder, which is not in it")
    rules = read_access_rules(source)
    if rules is None:
        complain(f"{source.files.place}: its settings have no useacl, so everybody may read everything")
        return lambda page_id: True
    user = "".join(name for name in who if not name.startswith("@"))
    groups = [name for name in who if name.startswith("@") and name != "@ALL"]
    return lambda page_id: rules.level(page_id, user, groups) >= READ


def _is_wanted(page_id: str, chosen: argparse.Namespace) -> bool:
    if chosen.namespace and not any(page_id.startswith(name.strip(":") + ":") for name in chosen.namespace):
        return False
    if chosen.include and not any(fnmatchcase(page_id, pattern) for pattern in chosen.include):
        return False
    return not any(fnmatchcase(page_id, pattern) for pattern in chosen.exclude)


def schema(chosen: argparse.Namespace) -> int:
    """Write the JSON Schema of a record."""
    sys.stdout.write(json.dumps(dw.render.json_schema(), indent=2) + "\n")
    return DONE


def readers(text: str) -> tuple[str, ...]:
    """An argument that names a user and groups; raises `ArgumentTypeError` for nobody, who must not be everybody."""
    if not (found := names(text)):
        raise argparse.ArgumentTypeError("nobody is named")
    return found


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
    command.add_argument("--namespace", metavar="NS", action="append", default=[], help="only pages in this namespace")
    command.add_argument(
        "--include", metavar="GLOB", action="append", default=[], help="only pages with such an id, as in 'a:*'"
    )
    command.add_argument("--exclude", metavar="GLOB", action="append", default=[], help="no pages with such an id")
    command.add_argument(
        "--readable-by", metavar="WHO", type=readers, action="extend", default=[],
        help="only pages that somebody may read: a @group, or a user and his groups, as in ann,@staff; "
        "@ALL: that a guest may read",
    )  # fmt: skip
    add_worker_arguments(command)
    command.add_argument("--resume", action="store_true", help="go on where a run with the same output was interrupted")
    command.add_argument("--report", metavar="FILE", type=path_argument, help="write what was done as JSON")
    command.set_defaults(command=convert)

    command = commands.add_parser(
        "schema", parents=[common], help="show the JSON Schema of a record", description="Shows the JSON Schema."
    )
    command.set_defaults(command=schema)
