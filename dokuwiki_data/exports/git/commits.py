"""The commits of a history: each change of the wiki with its author, its message and its file, written to a stream."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from dokuwiki_data.conversion.executors import ordered
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.exports.git.authors import CommitAuthors
from dokuwiki_data.exports.git.contents import OpenedContent, digest_of
from dokuwiki_data.exports.git.plan import BASE, HistoryBase, HistoryPlan, HistoryStep
from dokuwiki_data.exports.git.repository import ExportedEvent, Journal
from dokuwiki_data.exports.git.stream import BEGIN, CHECKPOINT, END, Write, commit, message, remove_file, write_file
from dokuwiki_data.exports.git.texts import StateText, StateTexts, WrittenState
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.timeline import Effect, WikiEvent
from dokuwiki_data.writers.losses import Loss

#: After so many commits git makes them part of the repository, so that an interrupted export goes on from there.
COMMITS_BETWEEN_CHECKPOINTS = 2000
#: So many states, or bytes of them, go to a worker at a time.
_CHUNK_STATES, _CHUNK_BYTES = 64, 1 << 19
#: The last second of the year 9999; programs around git cannot show later ones.
_LATEST = 253_402_300_799

#: What a change is called in a message, by its kind in the changelog.
_CHANGES = {"C": "create", "E": "edit", "e": "minor edit", "D": "delete", "R": "revert"}


@dataclass(slots=True)
class WrittenCommits:
    """What was written.

    Attributes:
        commits: The number of commits.
        not_kept: The number of those whose content is not kept or cannot be read.
        losses: What the last written state of each page does not say, by id.
    """

    commits: int = 0
    not_kept: int = 0
    losses: dict[str, tuple[Loss, ...]] = field(default_factory=dict)


class CommitSink(NamedTuple):
    """Where commits go.

    Attributes:
        write: Writes some bytes to the stream.
        ref: The branch.
        parent: The commit before the first one; empty for none.
        before: The number of commits before the first one.
        journal: Gets every commit before git does; None if nobody asks for them later.
    """

    write: Write
    ref: str
    parent: str = ""
    before: int = 0
    journal: Journal | None = None


class _Text(NamedTuple):
    """The text of a page as the repository has it, and the digest of that in the wiki."""

    written: WrittenState
    digest: str


@dataclass(frozen=True, slots=True)
class CommitWriter:
    """Writes the commits of a plan.

    Attributes:
        plan: What is written.
        authors: Who made changes.
        texts: Writes the texts of pages in another way; None to keep them as they were.
        report: Called with the error of what cannot be read.
        advance: Called with the number of commits that were written.
        jobs: How many processes write texts.
        executor: Writes them instead.
    """

    plan: HistoryPlan
    authors: CommitAuthors
    texts: StateTexts | None
    report: Report
    advance: Callable[[int], None] = lambda commits: None
    jobs: int = 1
    executor: Executor | None = None

    def write(self, sink: CommitSink) -> WrittenCommits:
        """Write all commits as a stream."""
        done = WrittenCommits()
        sink.write(BEGIN)
        if self.plan.base is not None:
            self._write_base(sink, self.plan.base, done)
        for step, text in self._texts(self.plan.steps):
            self._write_commit(sink, step.event, text, done)
            self.advance(1)
            if done.commits % COMMITS_BETWEEN_CHECKPOINTS == 0:
                _flush(sink)
                sink.write(CHECKPOINT)
        _flush(sink)
        sink.write(END)
        return done

    def _write_base(self, sink: CommitSink, base: HistoryBase, done: WrittenCommits) -> None:
        """Write one commit with everything that was there at a time."""
        time = datetime.fromtimestamp(min(base.time, _LATEST), UTC)
        text = message(f"The wiki at {time:%Y-%m-%d %H:%M:%S} UTC", {})
        self._begin(sink, self.authors.of(None).at(base.time), text, done)
        for step, content in self._texts(base.steps):
            with self._opened(step.event) as media:
                self._write_content(sink, step.event, content, media, done)
        sink.write(b"\n")
        if sink.journal is not None:
            sink.journal.add(ExportedEvent(BASE, "", base.time, 0, "", None))

    def _write_commit(self, sink: CommitSink, event: WikiEvent, text: _Text | None, done: WrittenCommits) -> None:
        with self._opened(event) as media:
            is_kept = text is not None or media is not None or event.effect is Effect.DELETED
            done.not_kept += not is_kept
            author = self.authors.of(event.change).at(min(event.time, _LATEST))
            self._begin(sink, author, _message(event, is_kept), done)
            digest = self._write_content(sink, event, text, media, done)
            sink.write(b"\n")
        if sink.journal is not None:
            path = self._path(event)
            sink.journal.add(ExportedEvent(event.kind, event.id, event.time, event.number, path, digest))

    def _begin(self, sink: CommitSink, author: str, text: str, done: WrittenCommits) -> None:
        parent = "" if done.commits else sink.parent
        done.commits += 1
        sink.write(commit(sink.ref, sink.before + done.commits, author, text, parent))

    def _write_content(
        self,
        sink: CommitSink,
        event: WikiEvent,
        text: _Text | None,
        media: OpenedContent | None,
        done: WrittenCommits,
    ) -> str | None:
        """Write what a change makes of its file, and return the digest of the content as in `ExportedEvent`."""
        path = self._path(event)
        if event.effect is Effect.DELETED:
            remove_file(sink.write, path)
            if event.kind == "page":
                done.losses[event.id] = ()
            return ""
        if text is not None:
            write_file(sink.write, path, len(text.written.content), [text.written.content])
            done.losses[event.id] = text.written.losses
            return text.digest
        if media is not None:
            digest = hashlib.sha256()
            write_file(sink.write, path, media.size, _counted(media.pieces(), digest.update))
            return digest.hexdigest()
        return None

    def _path(self, event: WikiEvent) -> str:
        places = self.plan.places
        return (places.pages if event.kind == "page" else places.media)[event.id]

    @contextmanager
    def _opened(self, event: WikiEvent) -> Iterator[OpenedContent | None]:
        """Open a media file as it was after a change; None for a page, and if it is not kept or cannot be read."""
        with ExitStack() as stack:
            opened = None
            if event.kind == "media" and event.effect is Effect.WRITTEN:
                try:
                    opened = stack.enter_context(self.plan.contents.opened(event))
                except PageReadError as error:
                    self.report(error)
            yield opened

    # ------------------------------------------------------------------------------------------------ texts

    def _texts(self, steps: Iterable[HistoryStep]) -> Iterator[tuple[HistoryStep, _Text | None]]:
        """Iterate over changes, each with the text of the page if it is kept."""
        waiting: deque[list[tuple[HistoryStep, bytes | None]]] = deque()

        def states() -> Iterator[list[StateText]]:
            for chunk in self._chunks(steps):
                waiting.append(chunk)
                yield [
                    StateText(step.position, step.event.id, step.event.time, text)
                    for step, text in chunk
                    if text is not None
                ]

        if self.texts is None:
            parts: Iterable[list[WrittenState]] = map(_as_they_were, states())
        else:
            parts = ordered(self.texts, states(), self.jobs, self.executor)
        for part in parts:
            written = iter(part)
            for step, text in waiting.popleft():
                yield step, None if text is None else _Text(next(written), digest_of(text))

    def _chunks(self, steps: Iterable[HistoryStep]) -> Iterator[list[tuple[HistoryStep, bytes | None]]]:
        chunk: list[tuple[HistoryStep, bytes | None]] = []
        size = 0
        for step in steps:
            text = None
            if step.event.kind == "page" and step.event.effect is Effect.WRITTEN:
                try:
                    text = self.plan.contents.text(step.event)
                except PageReadError as error:
                    self.report(error)
            chunk.append((step, text))
            size += len(text or b"")
            if len(chunk) == _CHUNK_STATES or size > _CHUNK_BYTES:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk


def _as_they_were(states: Sequence[StateText]) -> list[WrittenState]:
    return [WrittenState(state.text) for state in states]


def _flush(sink: CommitSink) -> None:
    if sink.journal is not None:
        sink.journal.flush()


def _counted(pieces: Iterable[bytes], count: Callable[[bytes], object]) -> Iterator[bytes]:
    for piece in pieces:
        count(piece)
        yield piece


def _message(event: WikiEvent, is_kept: bool) -> str:
    """Return the message of a commit: the summary of the change, and notes on what it is."""
    change = event.change
    if change is not None:
        notes = {"Change": _CHANGES.get(change.kind, change.kind or "unknown")}
        if change.kind == "R" and change.extra:
            notes["Restored"] = change.extra
    else:
        what = "delete" if event.effect is Effect.DELETED else "edit"
        notes = {"Change": f"{what} outside of DokuWiki" if event.is_outside else "unknown"}
    if not is_kept:
        notes["Content"] = "not kept"
    summary = "" if change is None else change.summary
    return message(summary, {"Page" if event.kind == "page" else "Media": event.id, **notes})
