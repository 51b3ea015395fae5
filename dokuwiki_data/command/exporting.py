"""The command ``export``, which writes a wiki as pages of another kind."""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dokuwiki_data.command.arguments import HELP, Commands, path_argument
from dokuwiki_data.command.dumps import (
    MediaWikiArguments,
    add_mediawiki_arguments,
    described_dump,
    export_to_mediawiki,
)
from dokuwiki_data.command.histories import GitArguments, add_git_arguments, described, export_git
from dokuwiki_data.command.messages import Failures, counted, echo, progress
from dokuwiki_data.command.options import (
    ChoiceOptions,
    SourceOptions,
    WorkerOptions,
    add_choice_arguments,
    add_source_arguments,
    add_worker_arguments,
)
from dokuwiki_data.conversion.choice import check_readers
from dokuwiki_data.exports import DATA_MODES, GIT, MEDIA_MODES, MEDIAWIKI, QUERY_MODES, TARGETS, WHOLE


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The options of ``export``."""

    source: SourceOptions
    choice: ChoiceOptions
    workers: WorkerOptions
    folder: Path | None
    to: str
    media: str
    old_address: str
    site_address: str | None
    templates: Path | None
    search: bool | None
    embed: bool
    data: str | None
    book: bool
    queries: str | None
    revisions: bool | None
    verify: bool
    git: GitArguments
    mediawiki: MediaWikiArguments


def export(options: ExportOptions) -> int:
    """Write a wiki into a folder, and report what could not be expressed there."""
    from dokuwiki_data.exports.exporting import ExportRequest, export_wiki
    from dokuwiki_data.exports.targets import find_target

    started = time.monotonic()
    options.git.check(options.to, options.folder)
    options.mediawiki.check(options.to)
    failures = Failures()
    given = {
        "templates": options.templates,
        "search": options.search,
        "site_address": options.site_address,
        "embed": options.embed or None,
        "data": options.data,
        "queries": options.queries,
        "book": options.book or None,
    }
    given = {name: value for name, value in given.items() if value is not None}
    target = None if options.to in WHOLE else find_target(options.to, **given)
    request = ExportRequest(
        options.choice.pages,
        tuple(options.choice.readable_by),
        options.media,
        options.old_address,
        verify=options.verify,
        revisions=options.revisions,
    )
    check_readers(request.readable_by)
    source = options.source.open(failures)
    with options.workers.connect() as workers, contextlib.ExitStack() as bars:

        def begin(pages: int) -> Callable[[int], None]:
            return bars.enter_context(progress(pages, is_quiet=options.source.quiet))

        if target is not None and options.folder is not None:
            done = export_wiki(
                source, options.folder, target, request,
                report=failures, say=echo, begin=begin, jobs=workers.jobs, executor=workers.executor,
            )  # fmt: skip
        elif options.to == MEDIAWIKI and options.folder is not None:
            done = export_to_mediawiki(
                source, options.folder, request, options.mediawiki, given,
                failures=failures, begin=begin, jobs=workers.jobs, executor=workers.executor,
            )  # fmt: skip
        else:
            done = export_git(
                source, options.folder, request, options.git, given,
                failures=failures, begin=begin, jobs=workers.jobs, executor=workers.executor,
            )  # fmt: skip
    for difference in done.differences:
        failures(difference)
    if not options.source.quiet:
        lost = f", {len(done.lost)} lost" if done.lost else ""
        hidden = f", {counted(done.not_readable, 'page')} left out" if done.not_readable else ""
        kinds = ", ".join(f"{kind} {count}" for kind, count in done.losses.most_common())
        states = f", {counted(done.states, 'old state')}" if options.revisions else ""
        verified = f", {counted(len(done.differences), 'difference')}" if options.verify else ""
        seconds = time.monotonic() - started
        written = (
            f"{counted(done.pages, 'page')}{states}, {counted(done.media, 'media file')}, "
            f"{counted(done.redirects, 'redirect')}"
        )
        if options.to in WHOLE:
            written = described(done, options.git.not_kept) if options.to == GIT else described_dump(done)
        echo(
            f"{written}{lost}{hidden}, "
            f"{counted(done.losses.total(), 'loss')}{f' ({kinds})' if kinds else ''}{verified} in {seconds:.1f} s"
        )
    return failures.code


def _target(name: str) -> str:
    """Return the name of a target; raise `ArgumentTypeError` for a name that is none."""
    from dokuwiki_data.exports.targets import is_target

    if name not in WHOLE and not is_target(name):
        known = ", ".join([*TARGETS, *WHOLE])
        raise argparse.ArgumentTypeError(f"{name!r} is not one of {known}, nor a format of pandoc")
    return name


def add_export(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``export`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "export",
        parents=[common],
        help=HELP["export"],
        description="Writes a wiki into a folder. export.json lists the file of every page.",
        epilog="Exit codes: 0 all pages were written, 1 some could not be read or differ from the wiki, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument(
        "folder", metavar="FOLDER", type=path_argument, nargs="?",
        help="the folder to write to; an earlier export in it is updated, other files in it are kept",
    )  # fmt: skip
    command.add_argument(
        "--to", metavar="TARGET", type=_target, default="html",
        help="html: a site of static pages (default); gfm: Markdown as on GitHub; docusaurus, hugo, mkdocs: "
        "projects of these; bookstack, confluence, github-wiki, gitlab-wiki, outline, wikijs: wikis there; "
        "obsidian: a vault; git: a repository with the history; mediawiki: a dump with all revisions; "
        "pandoc: its syntax tree as JSON; and every format that pandoc writes, such as docx, odt, epub, latex, typst, "
        "asciidoc, org and rst (extra pandoc)",
    )  # fmt: skip
    command.add_argument(
        "--book", action="store_true",
        help="join all pages into one document, in the order of the sidebar (pandoc, its formats), or book (bookstack)",
    )  # fmt: skip
    add_choice_arguments(command)
    command.add_argument(
        "--media", choices=MEDIA_MODES, default="copy",
        help="copy media files (default), link to those of the old wiki, or leave them out",
    )  # fmt: skip
    command.add_argument(
        "--old-address", metavar="URL", default="",
        help="the address of the old wiki, for --media link (default: what its settings say)",
    )  # fmt: skip
    command.add_argument(
        "--site-address", metavar="URL",
        help="the address or path that the copy will have (default: /), for redirects and 404.html",
    )  # fmt: skip
    command.add_argument(
        "--templates", metavar="FOLDER", type=path_argument, help="templates that replace those of the same name"
    )
    command.add_argument(
        "--search", action=argparse.BooleanOptionalAction,
        help="full-text search by Pagefind (default: if the extra search is installed)",
    )  # fmt: skip
    command.add_argument(
        "--data", choices=DATA_MODES,
        help="entries of the data plugin in Markdown: as front matter, as a table, or both (default)",
    )  # fmt: skip
    command.add_argument(
        "--queries", choices=QUERY_MODES,
        help="queries of the data plugin in Obsidian: answered (default), or live in bases, if these can say the same",
    )  # fmt: skip
    command.add_argument(
        "--revisions", action=argparse.BooleanOptionalAction,
        help="write every old state that the attic keeps, with what changed, and deleted pages "
        "(default: only for MediaWiki)",
    )  # fmt: skip
    command.add_argument(
        "--embed",
        action="store_true",
        help="show videos of other sites in place, so that these sites can track readers",
    )
    command.add_argument(
        "--verify", action="store_true", help="read the result back, compare it with the pages, and follow every link"
    )
    add_git_arguments(command)
    add_mediawiki_arguments(command)
    add_worker_arguments(command)
    command.set_defaults(run=export, options=ExportOptions)
