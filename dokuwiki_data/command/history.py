"""The command ``history``: list the revisions of a page with their authors, summaries and differences."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import dokuwiki_data as dw
from dokuwiki_data.command.arguments import HELP, Commands
from dokuwiki_data.command.messages import Failures
from dokuwiki_data.command.options import SourceOptions, add_source_arguments
from dokuwiki_data.engine.values import moment
from dokuwiki_data.errors import DokuWikiDataError, PageReadError
from dokuwiki_data.render.characters import as_json, for_terminal, on_one_line, replace_surrogates
from dokuwiki_data.wiki.differences import DiffLine
from dokuwiki_data.wiki.history import Revision

#: The kinds of changes in words, see `Change.kind`.
_KINDS = {"C": "created", "E": "edited", "e": "minor edit", "D": "deleted", "R": "reverted"}

#: The marks of lines, and those around words that differ, as in ``git diff --word-diff``.
_MARKS = {"same": (" ", "", ""), "removed": ("-", "[-", "-]"), "added": ("+", "{+", "+}")}


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """The options of ``history``."""

    source: SourceOptions
    page: str
    diff: bool
    format: str


@dataclass(frozen=True, slots=True)
class Step:
    """A revision, and the differences from the one before it that is kept; None if they are not wanted or unknown."""

    revision: Revision
    differences: Sequence[DiffLine] | None


def history(options: HistoryOptions) -> int:
    """List the revisions of a page, the newest first."""
    failures = Failures()
    wiki = dw.Wiki(options.source.open(failures), report=failures)
    try:
        revisions = wiki.revisions(options.page)
    except KeyError:
        raise DokuWikiDataError(f"there is no page {options.page}") from None
    steps = list(_steps(wiki, options.page, revisions, failures) if options.diff else _without_differences(revisions))
    sys.stdout.buffer.write(_VIEWS[options.format](steps[::-1]).encode() + b"\n")
    return failures.code


def _without_differences(revisions: Sequence[Revision]) -> Iterator[Step]:
    return (Step(revision, None) for revision in revisions)


def _steps(wiki: dw.Wiki, page_id: str, revisions: Sequence[Revision], failures: Failures) -> Iterator[Step]:
    before = None
    for revision in revisions:
        differences = None
        if before is not None and revision.path is not None:
            try:
                differences = wiki.diff(page_id, before, revision)
            except PageReadError as error:
                failures(error)
        yield Step(revision, differences)
        before = revision if revision.path is not None else before


def _text(steps: Sequence[Step]) -> str:
    return "\n".join(line for step in steps for line in (_head(step.revision), *_lines(step.differences or ())))


def _head(revision: Revision) -> str:
    change = revision.change
    time = _time(revision.time).replace("T", " ").removesuffix("Z")
    if change is None:
        return f"{time}  not in the changelog"
    size = "" if change.size_change is None else f"{change.size_change:+}"
    lost = "" if revision.path is not None else "text not kept"
    kind = _KINDS.get(change.kind, change.kind)
    return on_one_line("  ".join(filter(None, (time, change.user or change.ip, kind, size, change.summary, lost))))


def _lines(differences: Sequence[DiffLine]) -> Iterator[str]:
    for line in differences:
        if line.kind == "skipped":
            yield "    …"
            continue
        mark, before, after = _MARKS[line.kind]
        text = "".join(f"{before}{part}{after}" if differs else part for part, differs in line.parts)
        yield for_terminal(f"  {mark} {text}".rstrip())


def _time(seconds: int) -> str:
    """Return a time as ``2026-11-21T09:30:00Z``; its number if it is beyond the years that there are."""
    found = moment(seconds)
    return str(seconds) if found is None else found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(steps: Sequence[Step]) -> str:
    return as_json([_record(step) for step in steps], indent=2)


def _record(step: Step) -> dict[str, Any]:
    change = step.revision.change
    about = ("user", "ip", "kind", "summary")
    return {
        "revision": step.revision.time,
        "time": _time(step.revision.time),
        **{name: replace_surrogates(getattr(change, name)) if change else None for name in about},
        "size_change": change.size_change if change else None,
        "kept": step.revision.path is not None,
        "differences": None if step.differences is None else [_difference(line) for line in step.differences],
    }


def _difference(line: DiffLine) -> dict[str, Any]:
    if line.kind == "skipped":
        return {"kind": line.kind, "lines": line.skipped}
    parts = [{"text": replace_surrogates(text), "differs": differs} for text, differs in line.parts]
    return {"kind": line.kind, "parts": parts}


_VIEWS = {"text": _text, "json": _json}


def add_history(commands: Commands[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add ``history`` to the commands; ``common`` has the arguments of all commands."""
    command = commands.add_parser(
        "history",
        parents=[common],
        help=HELP["history"],
        description="Lists the revisions of a page, the newest first: time (UTC), author, kind, size, summary.",
        epilog="Exit codes: 0 done, 1 some revisions could not be read, 2 wrong use.",
    )
    add_source_arguments(command)
    command.add_argument("page", metavar="PAGE", help="the id of the page")
    command.add_argument(
        "--diff", action="store_true", help="also show the lines and words that each revision removed and added"
    )
    command.add_argument("-f", "--format", choices=_VIEWS, default="text", help="default: text")
    command.set_defaults(run=history, options=HistoryOptions)
