"""Old states of pages: which there are, where they lie, and their way through workers to the target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dokuwiki_data.conversion.states import PageState
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.folder import OutputFolder
from dokuwiki_data.exports.places import HISTORY_FOLDER, Places
from dokuwiki_data.exports.target import ExportedWiki, HistoryTarget, OldState, StateNote
from dokuwiki_data.wiki.history import History, Revision
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import WikiSource

#: So many characters go to a worker at a time.
_CHUNK = 1 << 19


@dataclass(frozen=True, slots=True)
class OldStates:
    """The old states of a wiki's pages that are kept.

    Attributes:
        states: Those of each page, by id, the oldest first.
        deleted: The ids of pages that have old states only.
        folders: Where the states of each page lie, by id.
    """

    states: Mapping[str, Sequence[PageState]] = field(default_factory=dict)
    deleted: tuple[str, ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, states: Iterable[PageState]) -> OldStates:
        """Return those among all states of pages that are old ones; their folders are not known yet."""
        found: dict[str, list[PageState]] = {}
        deleted: dict[str, None] = {}
        for state in states:
            if state.revision is not None:
                found.setdefault(state.page_id, []).append(state)
                if state.deleted:
                    deleted[state.page_id] = None
        return cls(found, tuple(deleted))

    def placed(self, places: Places) -> OldStates:
        """Return the same with their folders. Deleted pages lose the places that were kept for them."""
        folders = {page_id: f"{HISTORY_FOLDER}/{places.pages[page_id]}" for page_id in self.states}
        for page_id in self.deleted:
            del places.pages[page_id]
        return OldStates(self.states, self.deleted, folders)

    @property
    def files(self) -> Iterator[str]:
        """The files of all states, as far as they can be read."""
        for page_id, folder in self.folders.items():
            yield f"{folder}/index.html"
            yield from (f"{folder}/{state.revision}.html" for state in self.states[page_id])


class StatesOfPage(NamedTuple):
    """Some old states of a page, on their way to a worker; ``notes`` are about all of them, the newest first."""

    page_id: str
    notes: tuple[StateNote, ...]
    states: tuple[OldState, ...]


def read_states(source: WikiSource, old: OldStates, report: Report) -> Iterator[StatesOfPage]:
    """Iterate over the old states of all pages, with their texts and those of the states before them."""
    history = History(source)
    for page_id, states in old.states.items():
        changes = {change.time: change for change in source.changes(states[0].page_path)}
        notes = []
        for state in states:
            change = changes.get(state.revision or 0)
            author, summary = (change.user, change.summary) if change is not None else ("", "")
            notes.append(StateNote(state.revision or 0, author, summary))
        before: str | None = None
        chunk: list[OldState] = []
        read: list[StateNote] = []
        size = 0
        for note, state in zip(notes, states, strict=True):
            try:
                content = history.read(page_id, Revision(note.time, None, state.path))
            except PageReadError as error:
                report(error)
                continue
            text = content.decode("utf-8", "surrogateescape")
            chunk.append(OldState(page_id, note, text, before, read[-1].time if read else None, state.deleted))
            before, size = text, size + len(text)
            read.append(note)
            if size > _CHUNK:
                yield StatesOfPage(page_id, (), tuple(chunk))
                chunk, size = [], 0
        if read:
            yield StatesOfPage(page_id, tuple(reversed(read)), tuple(chunk))


class StateWriter:
    """Writes old states in workers.

    Args:
        target: Makes the files.
        wiki: What they may tell of the wiki.
        folder: Where they are written.
    """

    def __init__(self, target: HistoryTarget, wiki: ExportedWiki, folder: OutputFolder) -> None:
        self._target = target
        self._wiki = wiki
        self._folder = folder

    def __call__(self, part: StatesOfPage) -> tuple[int, dict[str, str]]:
        """Write some states of a page, and return their number and the digests of their files, by path.

        This is what a worker does.
        """
        files: dict[str, bytes] = {}
        for state in part.states:
            files |= self._target.old_state(self._wiki, state)
        if part.notes:
            files |= self._target.history(self._wiki, part.page_id, part.notes)
        return len(part.states), {path: self._folder.write(path, content) for path, content in files.items()}
