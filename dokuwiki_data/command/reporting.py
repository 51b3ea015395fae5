"""The command ``report``: write a report about a wiki for people who decide what becomes of it."""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dokuwiki_data.command.arguments import HELP, Commands, count, path_argument, some_names
from dokuwiki_data.command.messages import SOME_FAILED, Failures, counted, echo, progress
from dokuwiki_data.command.options import SourceOptions, Workers, add_source_arguments


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The options of ``report``."""

    source: SourceOptions
    folder: Path
    targets: tuple[str, ...] | None
    verified: Path | None
    fail_on: tuple[str, ...]
    format: Literal["html", "json"]
    jobs: int | None


def report(options: ReportOptions) -> int:
    """Write a report, and say how much was found."""
    from dokuwiki_data.exports.exporting import refuse_root
    from dokuwiki_data.reports.html import check_libraries
    from dokuwiki_data.reports.reporting import check_findings, report_wiki, write_report

    started = time.monotonic()
    check_findings(options.fail_on)
    if options.format == "html":
        check_libraries()
    failures = Failures()
    source = options.source.open(failures)
    refuse_root(source, options.folder)
    workers = Workers(None, options.jobs)
    with contextlib.ExitStack() as bars:

        def begin(pages: int) -> Callable[[int], None]:
            return bars.enter_context(progress(pages, is_quiet=options.source.quiet))

        made = report_wiki(
            source, targets=options.targets, verified=options.verified,
            report=failures, begin=begin, jobs=workers.jobs,
        )  # fmt: skip
    write_report(source, made, options.folder, format=options.format, say=echo)
    found = made.findings()
    if not options.source.quiet:
        kinds = ", ".join(f"{kind} {number}" for kind, number in found.items() if number)
        echo(
            f"{counted(sum(found.values()), 'finding')}{f' ({kinds})' if kinds else ''} "
            f"in {time.monotonic() - started:.1f} s"
        )
    failed = [kind for kind in dict.fromkeys(options.fail_on) if found[kind]]
    for kind in failed:
        echo(f"{counted(found[kind], 'finding')} of the kind {kind}")
    return SOME_FAILED if failed else failures.code


def add_report(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``report`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "report",
        parents=[common],
        help=HELP["report"],
        description="Writes a report as HTML into a folder of its own, which is opened at index.html; report.json has "
        "everything that the pages show. Needs the extra report.",
        epilog="Exit codes: 0 done, 1 something was found that --fail-on names, or some pages could not be read, 2 "
        "wrong use.",
    )
    add_source_arguments(command)
    command.add_argument(
        "folder", metavar="FOLDER", type=path_argument,
        help="the folder to write to; an earlier report in it is replaced, other files in it are kept",
    )  # fmt: skip
    command.add_argument(
        "--targets", metavar="NAMES", type=some_names,
        help="the targets of export whose losses are told, as in gfm,wikijs (default: all)",
    )  # fmt: skip
    command.add_argument(
        "--verified", metavar="PATH", type=path_argument,
        help="an export that was made with --verify, or its export.json, of which the report tells the result",
    )  # fmt: skip
    command.add_argument(
        "--fail-on", metavar="KINDS", type=some_names, default=(),
        help="end with 1 if something of these kinds is found, as in broken_links,missing_media",
    )  # fmt: skip
    command.add_argument(
        "-f", "--format", choices=("html", "json"), default="html",
        help="html: pages for a browser, and report.json (default); json: report.json alone, without the extra",
    )  # fmt: skip
    command.add_argument("-j", "--jobs", metavar="N", type=count, help="the number of processes (default: all cores)")
    command.set_defaults(run=report, options=ReportOptions)
