"""The command ``check``: report what to look at before a migration or an upgrade."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands
from dokuwiki_data.command.messages import SOME_FAILED, Failures, counted, echo, progress
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.errors import StoreError
from dokuwiki_data.ids import why_unlisted
from dokuwiki_data.plugins.inactive import inactive_syntax
from dokuwiki_data.render.characters import on_one_line
from dokuwiki_data.syntax.comparison import upgrade_differences
from dokuwiki_data.syntax.configuration import RELEASES
from dokuwiki_data.wiki.broken_links import BrokenLinks
from dokuwiki_data.wiki.store import has_store

#: The names of all checks, in the order of the output.
CHECKS = ("pages", "plugins", "upgrade", "links", "store")

_UNLISTED = "is in no list and no query of DokuWiki"

NEWEST, OLDEST = RELEASES[0], RELEASES[-1]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options of ``check``."""

    source: SourceOptions
    only: Collection[str]


@dataclass(slots=True)
class _Findings:
    """What was found on all pages.

    Attributes:
        syntaxes: How often each syntax of an inactive plugin occurs.
        pages: On how many pages it does.
        passages: The number of passages that an upgrade changes.
        changed_pages: The number of pages with such passages.
    """

    syntaxes: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    pages: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    passages: int = 0
    changed_pages: int = 0


def check(options: CheckOptions) -> int:
    """Write a line for each place to look at, and the totals on standard error."""
    failures = Failures()
    path, checks = options.source.path, set(options.only)
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    if "store" in checks and not has_store(wiki.source):
        if checks == {"store"}:
            raise StoreError(f"{path}: has no store of the data plugin")
        echo(f"{path}: has no store of the data plugin to compare with")
        checks.remove("store")
    if "pages" in checks:
        _check_pages(wiki)
    found, links = _Findings(), BrokenLinks(wiki)
    with progress(len(wiki), output_is_file=False, is_quiet=options.source.quiet) as advance:

        def check_page(page: dw.Page) -> None:
            if "plugins" in checks:
                _check_plugins(page, wiki.settings.syntax, found)
            if "upgrade" in checks:
                _check_upgrade(page, wiki.settings.syntax, found)
            if "links" in checks:
                links.add(page)
            advance(1)

        wiki.read_all(check_page)
    for (syntax, plugin), count in found.syntaxes.most_common():
        echo(f"{_inactive(syntax, plugin)}: {count} on {counted(found.pages[syntax, plugin], 'page')}")
    if "plugins" in checks and not found.syntaxes:
        echo("nothing looks like the syntax of a plugin that is not active")
    if "upgrade" in checks:
        where = f"{counted(found.passages, 'passage')} on {counted(found.changed_pages, 'page')}"
        echo(f"{where} read differently in {OLDEST} and {NEWEST}")
    if "links" in checks:
        broken = links.broken()
        for link in broken:
            sys.stdout.write(on_one_line(f"{link} (link)") + "\n")
        echo(f"{counted(len(broken), 'link')} to a page, file or heading that does not exist")
    has_differences = "store" in checks and _check_store(wiki)
    return SOME_FAILED if has_differences else failures.code


def _check_pages(wiki: dw.Wiki) -> None:
    unlisted = [page_id for page_id in wiki if not wiki.is_listed(page_id)]
    for page_id in unlisted:
        sys.stdout.write(on_one_line(f"{page_id}: {_UNLISTED}, since {why_unlisted(page_id)} (page)") + "\n")
    if unlisted:
        echo(f"{counted(len(unlisted), 'page')} in no list and no query of DokuWiki")


def _check_plugins(page: dw.Page, syntax: dw.Syntax, found: _Findings) -> None:
    here = set()
    for one in inactive_syntax(page, syntax.addresses()):
        here.add((one.syntax, one.plugin))
        found.syntaxes[one.syntax, one.plugin] += 1
        _write(page, one.position, f"{_inactive(one.syntax, one.plugin)} (plugin)")
    found.pages.update(here)


def _inactive(syntax: str, plugin: str | None) -> str:
    """Return the message for a syntax that no active plugin reads."""
    return f"{syntax} looks like syntax of {f'the plugin {plugin}, which' if plugin else 'a plugin that'} is not active"


def _check_upgrade(page: dw.Page, syntax: dw.Syntax, found: _Findings) -> None:
    changes = upgrade_differences(page, syntax)
    for change in changes:
        _write(page, change.position, f"{change.what} (upgrade)")
    found.passages += len(changes)
    found.changed_pages += bool(changes)


def _check_store(wiki: dw.Wiki) -> bool:
    """Write the differences between pages and store; return whether there are any."""
    compared = wiki.compare_store()
    for difference in compared.differences:
        sys.stdout.write(on_one_line(f"{difference} (store)") + "\n")
    what = f"{counted(compared.pages, 'page')} with {counted(compared.values, 'value')} compared"
    echo(f"{what}, {counted(len(compared.differences), 'difference')}")
    return bool(compared.differences)


def _write(page: dw.Page, place: dw.Position, what: str) -> None:
    sys.stdout.write(on_one_line(f"{page.page_id}:{place.line}:{place.column}: {what}") + "\n")


def _checks(text: str) -> tuple[str, ...]:
    """Return a list of checks. Raises `ArgumentTypeError` for an unknown name."""
    names = tuple(name.strip() for name in text.split(","))
    if unknown := set(names) - set(CHECKS):
        raise argparse.ArgumentTypeError(f"no check {', '.join(sorted(unknown))!r}; known: {', '.join(CHECKS)}")
    return names


def add_check(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``check`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "check",
        parents=[common],
        help=HELP["check"],
        description="Writes a line for each page that DokuWiki's search leaves out, so that its entries are in no "
        "query, each text that looks like the syntax of an inactive plugin, each passage that the releases "
        f"{OLDEST} and {NEWEST} read differently, each link that leads nowhere, and each value on which the pages "
        "and the data plugin's own store (meta/data.sqlite3) differ.",
        epilog="Exit codes: 0 done, 1 pages and store differ or pages could not be read, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument(
        "--only", metavar="CHECKS", type=_checks, default=CHECKS, help=f"some of {', '.join(CHECKS)} (default: all)"
    )
    command.set_defaults(run=check, options=CheckOptions)
