"""The command ``rewrite``, which takes the pages of a wiki to another flavour of markup."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands
from dokuwiki_data.command.messages import Failures, counted, echo
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.syntax.configuration import FLAVOURS


@dataclass(frozen=True, slots=True)
class RewriteOptions:
    """The options of ``rewrite``."""

    source: SourceOptions
    to: str
    whole: bool
    save: bool
    user: str
    summary: str


def rewrite(options: RewriteOptions) -> int:
    """Write the changes as a diff, or save them; report every loss, and what the wiki's settings must say."""
    failures = Failures()
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    author = dw.Author(options.user, options.summary or f"rewritten as {options.to}")
    done = wiki.rewrite(options.to, whole=options.whole, dry_run=not options.save, author=author)
    for page_id, error in done.changes.errors:
        failures(f"{page_id}: {error}" if page_id else str(error))
    if not options.save:
        sys.stdout.buffer.write(done.changes.diff.encode("utf-8", "surrogateescape"))
    kinds: Counter[str] = Counter()
    for page_id, losses in done.losses.items():
        for loss in losses:
            kinds[loss.kind] += 1
            echo(f"{page_id}:{loss.position.line}:{loss.position.column}: {loss.what} ({loss.kind})")
    if not options.source.quiet:
        lost = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
        echo(
            f"{options.source.path}: {counted(len(done.changes.changed), 'page')} "
            f"{'saved' if options.save else 'would change'}, {counted(len(done.left), 'page')} left as they are, "
            f"{counted(kinds.total(), 'loss')}{f' ({lost})' if lost else ''}"
        )
        echo(f"set $conf['syntax'] = '{options.to}'; in the wiki's conf/local.php when the pages are saved")
    return failures.code


def add_rewrite(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``rewrite`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "rewrite",
        parents=[common],
        help=HELP["rewrite"],
        description="Rewrites the pages of a wiki in another flavour of markup so that DokuWiki reads the same from "
        "them. Without --save, nothing is changed: the changes go to standard output as a diff.",
        epilog="Exit codes: 0 done, 1 some pages could not be read or saved, 2 wrong use.",
    )
    add_source_arguments(command, flavour="--from")
    command.add_argument(
        "--flavour", dest="to", required=True, choices=FLAVOURS,
        help="the flavour to write, as in DokuWiki's setting syntax: md (Markdown), dw (DokuWiki's own), or both, of "
        "which the first is preferred",
    )  # fmt: skip
    command.add_argument(
        "--whole", action="store_true", help="leave pages as they are if the flavour cannot say everything in them"
    )
    command.add_argument("--save", action="store_true", help="save the changed pages (default: only write a diff)")
    command.add_argument("--user", metavar="NAME", default="", help="the author of the change, for the changelogs")
    command.add_argument(
        "--summary", metavar="TEXT", default="", help="the summary of the change (default: its flavour)"
    )
    command.set_defaults(run=rewrite, options=RewriteOptions)
