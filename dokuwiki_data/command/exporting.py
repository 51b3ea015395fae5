"""The command ``export``, which writes a wiki as pages of another kind."""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable

from dokuwiki_data.command.files import path_argument
from dokuwiki_data.command.messages import Failures, echo, progress
from dokuwiki_data.command.readers import add_page_arguments, add_reader_argument, chosen_pages
from dokuwiki_data.command.sources import add_source_arguments, chosen_source
from dokuwiki_data.command.workers import add_worker_arguments, chosen_workers
from dokuwiki_data.conversion.choice import check_readers
from dokuwiki_data.exports import MEDIA_MODES, TARGETS


def export(chosen: argparse.Namespace) -> int:
    """Write a wiki into a folder, and say what could not be said there."""
    from dokuwiki_data.exports.exporting import ExportRequest, export_wiki
    from dokuwiki_data.exports.targets import find_target

    started = time.monotonic()
    failures = Failures()
    options = {"templates": chosen.templates, "search": chosen.search, "site_address": chosen.site_address}
    target = find_target(chosen.to, **{name: value for name, value in options.items() if value is not None})
    request = ExportRequest(chosen_pages(chosen), tuple(chosen.readable_by), chosen.media, chosen.old_address)
    check_readers(request.readable_by)
    source = chosen_source(chosen, failures)
    with chosen_workers(chosen) as workers, contextlib.ExitStack() as bars:

        def begin(pages: int) -> Callable[[int], None]:
            return bars.enter_context(progress(not chosen.quiet, pages, is_quiet=chosen.quiet))

        done = export_wiki(
            source, chosen.folder, target, request,
            report=failures, say=echo, begin=begin, jobs=workers.jobs, executor=workers.executor,
        )  # fmt: skip
    if not chosen.quiet:
        lost = f", {len(done.lost)} lost" if done.lost else ""
        hidden = f", {done.not_readable} pages left out" if done.not_readable else ""
        kinds = ", ".join(f"{kind} {count}" for kind, count in done.losses.most_common())
        echo(
            f"{done.pages} pages, {done.media} media files, {done.redirects} redirects{lost}{hidden}, "
            f"{done.losses.total()} losses{f' ({kinds})' if kinds else ''} in {time.monotonic() - started:.1f} s"
        )
    return failures.code


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``export`` to the commands; ``common`` are the arguments that all have."""
    command = commands.add_parser(
        "export",
        parents=[common],
        help="write a wiki as static pages",
        description="Writes a wiki into a folder. export.json says which file every page became.",
        epilog="Exit codes: 0 all pages were written, 1 some could not be read or differ from the wiki, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument(
        "folder", metavar="FOLDER", type=path_argument,
        help="where to write; an export that is there is updated, files that no export wrote are left",
    )  # fmt: skip
    command.add_argument("--to", choices=TARGETS, default="html", help="html: a site of static pages (default)")
    add_page_arguments(command)
    add_reader_argument(command)
    command.add_argument(
        "--media", choices=MEDIA_MODES, default="copy",
        help="copy media files (default), link to those of the old wiki, or leave them out",
    )  # fmt: skip
    command.add_argument(
        "--old-address", metavar="URL", default="",
        help="the address of the old wiki, for --media link (default: what its settings say)",
    )  # fmt: skip
    command.add_argument(
        "--site-address", metavar="URL", help="the address that the copy will have (default: /); for 404.html"
    )
    command.add_argument(
        "--templates", metavar="FOLDER", type=path_argument, help="templates that replace those of the same name"
    )
    command.add_argument(
        "--search", action=argparse.BooleanOptionalAction,
        help="full-text search by Pagefind (default: if the extra search is installed)",
    )  # fmt: skip
    add_worker_arguments(command)
    command.set_defaults(command=export)
