"""The command ``check``, which says what to look at before a migration or an upgrade."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field, replace

import dokuwiki_data as dw
from dokuwiki_data.command.messages import SOME_FAILED, Failures, echo, progress
from dokuwiki_data.command.sources import add_source_arguments, chosen_source
from dokuwiki_data.errors import StoreError
from dokuwiki_data.ids import is_hidden
from dokuwiki_data.plugins.recognising import unclaimed
from dokuwiki_data.render.characters import on_one_line
from dokuwiki_data.syntax.comparison import differences
from dokuwiki_data.syntax.configuration import RELEASES
from dokuwiki_data.wiki.broken_links import BrokenLinks
from dokuwiki_data.wiki.store import has_store

#: What can be checked, in the order of the output.
CHECKS = ("pages", "plugins", "upgrade", "links", "store")

_UNLISTED = "is in no list and no query of DokuWiki"

NEWEST, OLDEST = RELEASES[0], RELEASES[-1]


@dataclass(slots=True)
class _Findings:
    """What was found on pages: how often each syntax on how many pages, and passages that an upgrade changes."""

    syntaxes: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    pages: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    passages: int = 0
    changed_pages: int = 0


def check(chosen: argparse.Namespace) -> int:
    """Write what was found, one place a line; how much of what, on standard error."""
    failures = Failures()
    wiki = dw.Wiki(chosen_source(chosen, failures), report=failures)
    if "store" in chosen.only and not has_store(wiki.source):
        if chosen.only == ("store",):
            raise StoreError(f"{chosen.source}: has no store of the data plugin")
        echo(f"{chosen.source}: has no store of the data plugin to compare with")
        chosen.only = tuple(name for name in chosen.only if name != "store")
    if "pages" in chosen.only:
        _look_for_unlisted(wiki)
    found, links = _Findings(), BrokenLinks(wiki)
    with progress(output_is_file=False, total=len(wiki), is_quiet=chosen.quiet) as advance:

        def look(page: dw.Page) -> None:
            if "plugins" in chosen.only:
                _look_for_plugins(page, wiki.settings.syntax, found)
            if "upgrade" in chosen.only:
                _look_for_changes(page, wiki.settings.syntax, found)
            if "links" in chosen.only:
                links.add(page)
            advance(1)

        wiki.read_all(look)
    for (syntax, plugin), count in found.syntaxes.most_common():
        echo(f"{_unread(syntax, plugin)}: {count} on {found.pages[syntax, plugin]} pages")
    if "plugins" in chosen.only and not found.syntaxes:
        echo("nothing looks like the syntax of a plugin that is not active")
    if "upgrade" in chosen.only:
        echo(f"{found.passages} passages on {found.changed_pages} pages read differently in {OLDEST} and {NEWEST}")
    if "links" in chosen.only:
        broken = links.broken()
        for link in broken:
            sys.stdout.write(on_one_line(f"{link} (link)") + "\n")
        echo(f"{len(broken)} links lead to a page, file or heading that does not exist")
    disagreeing = _compare_store(wiki) if "store" in chosen.only else 0
    return SOME_FAILED if disagreeing else failures.code


def _look_for_unlisted(wiki: dw.Wiki) -> None:
    unlisted = [page_id for page_id in wiki if not wiki.is_listed(page_id)]
    for page_id in unlisted:
        why = "a name in its id begins with _ or ." if is_hidden(page_id) else "its id is not clean"
        sys.stdout.write(on_one_line(f"{page_id}: {_UNLISTED}, since {why} (page)") + "\n")
    if unlisted:
        echo(f"{len(unlisted)} pages of which each {_UNLISTED}")


def _look_for_plugins(page: dw.Page, syntax: dw.Syntax, found: _Findings) -> None:
    here = set()
    for one in unclaimed(page, syntax.addresses()):
        here.add((one.syntax, one.plugin))
        found.syntaxes[one.syntax, one.plugin] += 1
        _write(page, one.position, f"{_unread(one.syntax, one.plugin)} (plugin)")
    found.pages.update(here)


def _unread(syntax: str, plugin: str | None) -> str:
    """What a syntax looks like that no active plugin reads."""
    return f"{syntax} looks like syntax of {f'the plugin {plugin}, which' if plugin else 'a plugin that'} is not active"


def _look_for_changes(page: dw.Page, syntax: dw.Syntax, found: _Findings) -> None:
    older, newer = (
        page if release == syntax.release else dw.parse(str(page), syntax=replace(syntax, release=release))
        for release in (OLDEST, NEWEST)
    )
    changes = differences((older, newer), (OLDEST, NEWEST))
    for change in changes:
        _write(page, change.position, f"{change.what} (upgrade)")
    found.passages += len(changes)
    found.changed_pages += bool(changes)


def _compare_store(wiki: dw.Wiki) -> int:
    compared = wiki.compare_store()
    for difference in compared.differences:
        sys.stdout.write(on_one_line(f"{difference} (store)") + "\n")
    echo(f"{compared.pages} pages with {compared.values} values compared, {len(compared.differences)} differences")
    return len(compared.differences)


def _write(page: dw.Page, place: dw.Position, what: str) -> None:
    sys.stdout.write(on_one_line(f"{page.page_id}:{place.line}:{place.column}: {what}") + "\n")


def _checks(text: str) -> tuple[str, ...]:
    """An argument that is a list of checks."""
    names = tuple(name.strip() for name in text.split(","))
    if unknown := set(names) - set(CHECKS):
        raise argparse.ArgumentTypeError(f"no check {', '.join(sorted(unknown))!r}; known: {', '.join(CHECKS)}")
    return names


def add_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    """Add ``check`` to the commands; ``common`` are the arguments that all have."""
    command = commands.add_parser(
        "check",
        parents=[common],
        help="say what to look at before a migration or an upgrade",
        description="Writes pages that DokuWiki's search passes over, so that their entries count in no query, what "
        "looks like the syntax of a plugin that is not active, what DokuWiki's releases "
        f"{OLDEST} and {NEWEST} read differently, and every value that the pages and the data plugin's own store "
        "(meta/data.sqlite3) do not agree on.",
        epilog="Exit codes: 0 done, 1 pages and store differ or pages could not be read, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument(
        "--only", metavar="CHECKS", type=_checks, default=CHECKS, help=f"some of {', '.join(CHECKS)} (default: all)"
    )
    command.set_defaults(command=check)
