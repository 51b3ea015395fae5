"""What an export to git will write: the changes that are new since the last one, and a path for every file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.conversion.choice import readable
from dokuwiki_data.exports.exporting import ExportRequest
from dokuwiki_data.exports.git.contents import SourceContents
from dokuwiki_data.exports.git.repository import ExportedEvent
from dokuwiki_data.exports.git.texts import place_rules
from dokuwiki_data.exports.places import PlaceRules, Places
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.timeline import Effect, WikiEvent, timeline

#: The kind of the first commit of a history that does not begin with the wiki.
BASE = "base"


@dataclass(frozen=True, slots=True)
class GitOptions:
    """How a history is written.

    Attributes:
        as_: The target in whose way the texts of pages are written; empty to keep them as they were.
        options: Options of that target.
        authors: A file with the names and addresses of users.
        wiki_authors: Whether those in ``conf/users.auth.php`` are used.
        not_kept: One of `NOT_KEPT_MODES`.
        since: Only changes after this time in Unix seconds are written; None for all.
    """

    as_: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    authors: Path | None = None
    wiki_authors: bool = False
    not_kept: str = "commit"
    since: int | None = None


def git_options(**given: Any) -> GitOptions:
    """Return options by their names; those that `GitOptions` does not have are options of the target ``as_``."""
    own = {one.name for one in fields(GitOptions)} - {"options"}
    others = {name: value for name, value in given.items() if name not in own}
    return GitOptions(**{name: value for name, value in given.items() if name in own}, options=others)


class HistoryStep(NamedTuple):
    """A change that will be a commit: its position in the timeline, and the change."""

    position: int
    event: WikiEvent


class HistoryBase(NamedTuple):
    """What was there when a history begins: the time in Unix seconds, and the last change of everything before it."""

    time: int
    steps: Sequence[HistoryStep]


@dataclass(frozen=True, slots=True)
class HistoryPlan:
    """What is written.

    Attributes:
        events: All changes of pages and media files that may be told of.
        steps: Those that become commits.
        base: What was there before them; None if the history begins with the wiki, or goes on.
        places: The files of the pages and media files.
        contents: What pages and media files were at each time.
        not_readable: The number of pages that are left out because the reader may not read them.
        too_late: The changes that came to light after later ones of the same page were exported.
        left_out: The number of changes that are left out because their content is not kept.
    """

    events: Sequence[WikiEvent]
    steps: Sequence[HistoryStep]
    base: HistoryBase | None
    places: Places
    contents: SourceContents
    not_readable: int
    too_late: Sequence[WikiEvent]
    left_out: int


def plan_history(
    source: WikiSource,
    request: ExportRequest,
    options: GitOptions,
    done: Sequence[ExportedEvent],
    continues: bool,
    report: Report,
    say: Callable[[str], None],
) -> HistoryPlan:
    """Return what is to be written.

    Args:
        source: The wiki.
        request: Which pages are written, and what becomes of media files.
        options: How they are written.
        done: What was exported before, the oldest first.
        continues: Whether there are commits before these that nothing is known of.
        report: Called with the error of what cannot be read.
        say: Called with a line if the wiki has no access rules.
    """
    may_read = readable(source, request.readable_by, say)
    hidden: set[str] = set()

    def is_wanted(page_id: str) -> bool:
        if not may_read.page(page_id):
            hidden.add(page_id)
        return page_id not in hidden

    events = timeline(source, report, is_wanted_page=is_wanted, is_wanted_media=may_read.media)
    with_media = request.media == "copy"
    chosen = [
        HistoryStep(position, event)
        for position, event in enumerate(events)
        if event.id in request.choice and (with_media or event.kind == "page")
    ]
    first = done[0].time if done and done[0].kind == BASE else None
    since = options.since if options.since is not None else first
    base = None if since is None or done or continues else HistoryBase(since, _there(chosen, since))
    media = [step.event.path for step in chosen if step.event.kind == "media" and step.event.path]
    contents = SourceContents(source, source.files.keeping(media) if media else source.files)
    new, too_late = _new([step for step in chosen if since is None or step.event.time > since], done, contents)
    kept = [step for step in new if step.event.effect is not Effect.NOT_KEPT]
    left_out = len(new) - len(kept) if options.not_kept == "skip" else 0
    new = kept if left_out else new
    places = _places(place_rules(options.as_, source.settings.link_rules.start_page), done, chosen)
    return HistoryPlan(events, new, base, places, contents, len(hidden), too_late, left_out)


def _there(steps: Sequence[HistoryStep], time: int) -> list[HistoryStep]:
    """Return the last changes of everything that was there at a time."""
    found: dict[tuple[str, str], HistoryStep] = {}
    for step in steps:
        if step.event.time <= time:
            if step.event.effect is Effect.WRITTEN:
                found[step.event.kind, step.event.id] = step
            elif step.event.effect is Effect.DELETED:
                found.pop((step.event.kind, step.event.id), None)
    return list(found.values())


def _places(rules: PlaceRules, done: Sequence[ExportedEvent], steps: Sequence[HistoryStep]) -> Places:
    """Return the files in the order in which they first appear, so that later ones leave the places of earlier ones."""
    ids: dict[str, dict[str, None]] = {"page": {}, "media": {}, BASE: {}}
    for kind, found in [*((event.kind, event.id) for event in done), *(step.event[1:3] for step in steps)]:
        ids[kind][found] = None
    places = Places(rules, ids["page"], ids["media"])
    for event in done:
        if event.kind != BASE:
            (places.pages if event.kind == "page" else places.media)[event.id] = event.path
    return places


# ----------------------------------------------------------------------------------------------- what is new


@dataclass(slots=True)
class _Record:
    """What was exported of a page or media file.

    Attributes:
        times: The times and numbers of its changes.
        latest: The latest of these times.
        digest: The digest of its content; empty if it was deleted.
        has_more: Whether there are new changes of it.
    """

    times: set[tuple[int, int]] = field(default_factory=set)
    latest: int = 0
    digest: str = ""
    has_more: bool = False


def _new(
    steps: Sequence[HistoryStep], done: Sequence[ExportedEvent], contents: SourceContents
) -> tuple[list[HistoryStep], list[WikiEvent]]:
    """Return the changes that were not exported yet, and those among them that come too late.

    A change comes too late if a later one of the same page was exported: the history is not written anew.
    """
    records: dict[tuple[str, str], _Record] = {}
    for event in done:
        record = records.setdefault((event.kind, event.id), _Record())
        record.times.add((event.time, event.number))
        record.latest = max(record.latest, event.time)
        record.digest = record.digest if event.digest is None else event.digest
    found: list[HistoryStep] = []
    too_late: list[WikiEvent] = []
    for step in steps:
        known = records.get((step.event.kind, step.event.id))
        state = _Standing.NEW if known is None else _standing(step.event, known, contents)
        if known is not None and state in (_Standing.NEW, _Standing.CHANGED):
            known.has_more = True
        if state is _Standing.NEW:
            found.append(step)
        elif state is _Standing.CHANGED:
            later = step.event._replace(time=step.event.time + 1, change=None, is_outside=True)
            found.append(step._replace(event=later))
        elif state is _Standing.TOO_LATE:
            too_late.append(step.event)
    return found, too_late


class _Standing(Enum):
    """How a change stands to what was exported of its page."""

    NEW = auto()
    EXPORTED = auto()
    #: The change was exported, and the file was changed without DokuWiki since.
    CHANGED = auto()
    TOO_LATE = auto()


def _standing(event: WikiEvent, known: _Record, contents: SourceContents) -> _Standing:
    if event.is_outside:
        is_same = not known.has_more and contents.digest(event) in (known.digest, None)
        return _Standing.EXPORTED if is_same else _Standing.NEW
    if (event.time, event.number) in known.times:
        is_current = event.effect is Effect.WRITTEN and not event.is_old and event.time == known.latest
        is_same = not is_current or contents.digest(event) in (known.digest, None)
        return _Standing.EXPORTED if is_same else _Standing.CHANGED
    return _Standing.TOO_LATE if event.time < known.latest else _Standing.NEW
