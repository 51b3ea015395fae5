"""The timeline of a wiki: every change of its pages and media files, the oldest first, with what it left behind.

Changes come from the changelogs of pages and media files, from the global changelogs where a page has no own entry,
from states in the attics without an entry, and from files that were changed without DokuWiki.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.ids import is_hidden
from dokuwiki_data.wiki.changes import Change, parse_changes
from dokuwiki_data.wiki.history import History, Revision
from dokuwiki_data.wiki.sources.files import FileEntry, Report
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.source import WikiSource, read_text

_CHANGES = ".changes"
#: The changelogs of the whole wiki, which are trimmed from time to time.
_GLOBAL = {"page": "_dokuwiki.changes", "media": "_media.changes"}
_DELETED = "D"

#: The path of an old state below its attic.
_PAGE_STATE = re.compile(r"(?P<name>.*)\.(?P<time>[0-9]{1,15})\.txt(?:\.(?:gz|bz2))?", re.DOTALL)
_MEDIA_STATE = re.compile(r"(?P<name>.*)\.(?P<time>[0-9]{1,15})(?P<ending>\.[^./]+)", re.DOTALL)


class Effect(StrEnum):
    """What a change does to the content of a page or media file."""

    WRITTEN = "written"
    DELETED = "deleted"
    #: The content is not kept: the attic lacks the state.
    NOT_KEPT = "not kept"


class WikiEvent(NamedTuple):
    """A change of a page or media file.

    Attributes:
        time: The time in Unix seconds; 0 if it is unknown.
        kind: ``page`` or ``media``.
        id: The id of the page or media file.
        number: Counts the changes of one page or media file at the same time, from 0.
        effect: What it does to the content.
        path: The path of the file with the content afterwards; empty unless it is written.
        change: The entry of the changelog; None if there is none.
        is_outside: Whether the file was changed without DokuWiki, after the last entry of the changelog.
        is_old: Whether the path is that of an old state in an attic.
    """

    time: int
    kind: str
    id: str
    number: int
    effect: Effect
    path: str = ""
    change: Change | None = None
    is_outside: bool = False
    is_old: bool = False


@dataclass(slots=True)
class _Subject:
    """A page or media file, with everything that is known of it.

    Attributes:
        kind: ``page`` or ``media``.
        id: Its id.
        changes: The entries of its changelog.
        kept: The paths of its old states, by time.
        path: The path of its file; None if there is none.
        modified: The time of the file, if it is known.
        size: The size of the file in bytes, if it is known.
    """

    kind: str
    id: str
    changes: list[Change] = field(default_factory=list)
    kept: dict[int, str] = field(default_factory=dict)
    path: str | None = None
    modified: int | None = None
    size: int | None = None


def timeline(
    source: WikiSource,
    report: Report,
    *,
    is_wanted_page: Callable[[str], bool] = lambda page_id: True,
    is_wanted_media: Callable[[str], bool] = lambda media_id: True,
) -> list[WikiEvent]:
    """Return all changes of a wiki, the oldest first.

    Changes of the same second stand in the order of ids, media files behind pages, and deletions last: of a page that
    was moved, the new one is there before the old one is gone. Changes of one page keep their order.

    Args:
        source: The wiki.
        report: Called with the error of each folder that cannot be listed, and of each file that is not used.
        is_wanted_page: Selects pages by id.
        is_wanted_media: Selects media files by id. Files of DokuWiki and of servers are never selected.
    """
    pages = {page_id: found for page_id, found in _pages(source, report).items() if is_wanted_page(page_id)}
    media = {
        media_id: found
        for media_id, found in _media(source, report).items()
        if not is_hidden(media_id) and is_wanted_media(media_id)
    }
    same = _Comparison(source).is_same
    trusts_files = source.layout.times == "files"
    found = [
        event
        for subject in (*pages.values(), *media.values())
        for event in _deletions_last(list(_events(subject, same, trusts_files)))
    ]
    # Sorting is stable, so changes of one page keep their order.
    return [event for _, event in sorted(found, key=lambda one: one[0])]


#: Time, whether it is a deletion with nothing else of the same second, whether it is a media file, and the id.
_Order = tuple[int, bool, bool, str]


def _deletions_last(events: list[WikiEvent]) -> Iterator[tuple[_Order, WikiEvent]]:
    times = [None, *(event.time for event in events), None]
    for before, event, after in zip(times, events, times[2:], strict=False):
        is_last = event.effect is Effect.DELETED and before != event.time != after
        yield (event.time, is_last, event.kind == "media", event.id), event


# ------------------------------------------------------------------------------------------ the changes of one page


def _events(subject: _Subject, is_same: Callable[[_Subject, str], bool], trusts_files: bool) -> Iterator[WikiEvent]:
    """Iterate over the changes of a page or media file.

    Args:
        subject: The page or media file.
        is_same: Returns whether its file has the content of an old state.
        trusts_files: Whether the time of its file is that of its last change.
    """
    events = list(_logged(subject))
    last = events[-1] if events else None
    if subject.path is None:
        yield from events
        if last is not None and last.effect is not Effect.DELETED and any(event.path for event in events):
            # When it was deleted is not known; DokuWiki as well counts a second on.
            yield _outside(subject, last.time + 1, Effect.DELETED)
    elif last is None:
        yield _outside(subject, subject.modified or 0, Effect.WRITTEN)
    elif last.effect is Effect.NOT_KEPT and _is_of(last, subject, trusts_files):
        yield from events[:-1]
        yield last._replace(effect=Effect.WRITTEN, path=subject.path)
    else:
        yield from events
        if last.effect is not Effect.WRITTEN or not is_same(subject, last.path):
            modified = subject.modified if trusts_files and subject.modified is not None else 0
            yield _outside(subject, modified if modified > last.time else last.time + 1, Effect.WRITTEN)


def _outside(subject: _Subject, time: int, effect: Effect) -> WikiEvent:
    path = subject.path or "" if effect is Effect.WRITTEN else ""
    return WikiEvent(time, subject.kind, subject.id, 0, effect, path, is_outside=True)


def _logged(subject: _Subject) -> Iterator[WikiEvent]:
    """Iterate over the changes in the changelog, and the old states in the attic that it does not name."""
    by_time: dict[int, list[Change | None]] = {time: [] for time in subject.kept}
    for change in subject.changes:
        by_time.setdefault(change.time, []).append(change)
    for time, changes in sorted(by_time.items()):
        path = subject.kept.get(time, "")
        for number, entry in enumerate(changes or [None]):
            if entry is not None and entry.kind == _DELETED:
                # The attic has the deleted text once more, under the time of its deletion.
                yield WikiEvent(time, subject.kind, subject.id, number, Effect.DELETED, "", entry)
            else:
                effect = Effect.WRITTEN if path else Effect.NOT_KEPT
                yield WikiEvent(time, subject.kind, subject.id, number, effect, path, entry, is_old=bool(path))


def _is_of(last: WikiEvent, subject: _Subject, trusts_files: bool) -> bool:
    """Return whether the file of a page or media file is as its last change left it, which the attic does not have.

    The times of copied files say nothing, but newer changelogs say how much each change added.
    """
    if not trusts_files or subject.modified is None or subject.modified == last.time:
        return True
    sizes = [change.size_change for change in subject.changes]
    is_known = None not in sizes and subject.changes[0].kind == "C"
    return not is_known or sum(size or 0 for size in sizes) == subject.size


class _Comparison:
    """Compares files with old states."""

    def __init__(self, source: WikiSource) -> None:
        self._source = source
        self._history = History(source)

    def is_same(self, subject: _Subject, old: str) -> bool:
        """Return whether the file of a page or media file has the content of an old state; also if that is unknown."""
        try:
            now = self._source.read(subject.path or "")
            return now == self._history.read(subject.id, Revision(0, None, old))
        except PageReadError:
            return True


# ------------------------------------------------------------------------------------------------- what there is


def _pages(source: WikiSource, report: Report) -> dict[str, _Subject]:
    layout = source.layout
    pages = {
        file.page_id: _Subject("page", file.page_id, path=file.path, modified=file.modified)
        for file in source.pages(report)
    }
    for file in source.files.walk(layout.pages, ".txt", lambda error: None):
        subject = pages.get(source.id_of(file.path))
        if subject is not None and subject.path == file.path:
            subject.size = file.size
    if not layout.is_pages_only:
        _add_states(pages, "page", _PAGE_STATE, layout.attic, source, report)
        _add_changes(pages, "page", layout.meta, source, report)
    return pages


def _media(source: WikiSource, report: Report) -> dict[str, _Subject]:
    layout = source.layout
    media = {
        media_id: _Subject("media", media_id, path=file.path, modified=file.modified, size=file.size)
        for media_id, file in source.media(report).items()
    }
    if not layout.is_pages_only:
        _add_states(media, "media", _MEDIA_STATE, layout.media_attic, source, report)
        _add_changes(media, "media", layout.media_meta, source, report)
    return media


def _add_states(
    subjects: dict[str, _Subject], kind: str, pattern: re.Pattern[str], folder: str, source: WikiSource, report: Report
) -> None:
    """Add the old states in an attic."""
    for path in sorted((file.path for file in _walk(source, folder, "", report)), key=_plain_last):
        if match := pattern.fullmatch(path, len(folder) + 1):
            name = match["name"] + (match["ending"] if kind == "media" else "")
            subject_id = source.id_of_name(name)
            subjects.setdefault(subject_id, _Subject(kind, subject_id)).kept[int(match["time"])] = path


def _plain_last(path: str) -> tuple[bool, str]:
    """Sort paths so that of several copies of a state the one that is not compressed comes last, which is used."""
    return path.endswith(".txt"), path


def _add_changes(subjects: dict[str, _Subject], kind: str, folder: str, source: WikiSource, report: Report) -> None:
    """Add the entries of the changelogs in a folder, and those of the global one that are missing there."""
    for file in sorted(_walk(source, folder, _CHANGES, report)):
        name = file.path[len(folder) + 1 :].removesuffix(_CHANGES)
        if file.path.rpartition("/")[2] in _GLOBAL.values():
            continue
        subject_id = source.id_of_name(name)
        text = read_text(source.files, file.path)
        if text is None:
            continue
        subject = subjects.setdefault(subject_id, _Subject(kind, subject_id))
        subject.changes = sorted(dict.fromkeys([*subject.changes, *parse_changes(text)]), key=_time)
    text = read_text(source.files, f"{source.layout.meta}/{_GLOBAL[kind]}") or ""
    lines: dict[str, list[Change]] = {}
    for change in parse_changes(text):
        lines.setdefault(change.page_id, []).append(change)
    for subject_id, changes in lines.items():
        # A page that has nothing else of its own was moved, with its history, or removed with it.
        if (known := subjects.get(subject_id)) is not None:
            known.changes = sorted([*known.changes, *_missing(known, changes)], key=_time)


def _missing(subject: _Subject, changes: list[Change]) -> Iterator[Change]:
    """Iterate over the entries of the global changelog that a page's own one lacks.

    Of a page with an own changelog only those are, that are about a state that is kept, or later than all its entries:
    others may be about another page that had the name before it was moved.
    """
    own = {change.time for change in subject.changes}
    newest = max(own, default=-1)
    return (
        change
        for change in dict.fromkeys(changes)
        if change.time not in own and (not own or change.time in subject.kept or change.time > newest)
    )


def _time(change: Change) -> int:
    return change.time


def _walk(source: WikiSource, folder: str, suffix: str, report: Report) -> Iterable[FileEntry]:
    return source.files.walk(folder, suffix, report) if is_folder(source.files, folder) else ()
