"""Plan the change of all files of a move: texts, old states, changelogs, metadata, media files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from dokuwiki_data.errors import MoveError
from dokuwiki_data.moving import journal
from dokuwiki_data.moving.files import (
    MovedFile,
    files_of_media,
    files_of_page,
    folders_above,
    page_path,
    subscriptions,
)
from dokuwiki_data.moving.renaming import IdMap
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.wiki.saving import Author, Saver
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.source import PageFile
from dokuwiki_data.wiki.transforming import ChangedPage

#: The marker by which DokuWiki's indexer knows that a page is indexed; it does not move, so that the page is again.
_INDEXED = ".indexed"
_CHANGES = ".changes"
_REWRITTEN = "Links adapted to moved pages"


class _Written(NamedTuple):
    """A file with a new content: where it is, if it is there, where it will be, the content and the time."""

    old: str | None
    new: str
    content: bytes
    modified: int


@dataclass
class _Change:
    """A page that moves, or whose text changes, or both."""

    file: PageFile
    new_id: str
    before: bytes
    after: bytes

    @property
    def moves(self) -> bool:
        return self.new_id != self.file.page_id


class Planner:
    """Plans a move.

    Args:
        wiki: The wiki as it is.
        saver: Knows how DokuWiki saves pages there.
        author: The author of the change.
        now: The time of the change in Unix seconds.
    """

    def __init__(self, wiki: Wiki, saver: Saver, author: Author, now: int) -> None:
        self._source = wiki.source
        self._media = wiki.media
        self._files = wiki.files
        self._saver = saver
        self._author = author
        self._now = now
        self._removed: list[str] = []
        self._renamed: list[MovedFile] = []
        self._written: list[_Written] = []
        self._log: list[Change] = []

    def check(self, changed: Sequence[ChangedPage], pages: Mapping[str, str], media: Mapping[str, str]) -> None:
        """Raise an error if a page cannot be saved or a file cannot take its new place.

        Raises:
            SaveError: If a page cannot be saved, see `Saver.check`.
            MoveError: If a file is in the way, or the ending of a media file would change.
        """
        texts = {page.page_id: page.after for page in changed}
        for page_id in {*texts, *pages}:
            file = self._files[page_id]
            before = self._source.read(file.path)
            self._saver.check(file, texts.get(page_id, before.decode("utf-8", "surrogateescape")))
        for new in pages.values():
            self._saver.check_move(new, page_path(self._source, new))
        for old, new in media.items():
            if old.rpartition(".")[2] != new.rpartition(".")[2]:
                raise MoveError(f"{old} cannot become {new}, since its ending would change")

    def apply(
        self,
        changed: Sequence[ChangedPage],
        pages: Mapping[str, str],
        media: Mapping[str, str],
        moves: IdMap,
        *,
        redirects: bool,
    ) -> None:
        """Make the change.

        Args:
            changed: The pages whose text changes.
            pages: The new ids of pages.
            media: The new ids of media files.
            moves: The moves of pages as they were asked for.
            redirects: Whether to leave a redirect in the place of each page.

        Raises:
            MoveError: If a file is in the way.
            MoveError: If it is impossible; then nothing is changed.
        """
        root, base = self._source.files.place, self._source.layout.base
        plan = journal.Plan(root, base, {"pages": dict(pages), "media": dict(media)})
        with plan.prepare():
            texts = {page.page_id: page.after for page in changed}
            for page_id in sorted({*texts, *pages}):
                file = self._files[page_id]
                before = self._source.read(file.path)
                after = texts[page_id].encode("utf-8", "surrogateescape") if page_id in texts else before
                self._change_page(_Change(file, pages.get(page_id, page_id), before, after), redirects=redirects)
            for media_id, new in media.items():
                self._renamed += files_of_media(self._source, self._media[media_id], new)
            self._renamed += subscriptions(self._source, moves)
            self._write_log()
            self._add_steps(plan)
        journal.run(root, base)

    def _change_page(self, change: _Change, *, redirects: bool) -> None:
        """Collect what happens to the files of a page."""
        source, saver, file = self._source, self._saver, change.file
        new_path = page_path(source, change.new_id) if change.moves else file.path
        found = int((source.files.place / file.path).stat().st_mtime // 1)
        changes = source.changes(file.path)
        external = saver.external_edits(file, change.before, found, changes)
        current = [*changes, *external][-1].time if changes or external else found
        revision = max(self._now, found + 1, current + 1)
        self._written.append(_Written(file.path, new_path, change.after, revision))
        if saver.has_attic:
            if saver.read_attic(file, current) is None:
                self._keep(new_path, change.before, current)
            self._keep(new_path, change.after, revision)
        moving = list(files_of_page(source, file, change.new_id)) if change.moves else []
        self._renamed += [one for one in moving if not one.old.endswith((_INDEXED, _CHANGES))]
        self._removed += [one.old for one in moving if one.old.endswith(_INDEXED)]
        if saver.has_meta:
            grown = len(change.after) - len(change.before)
            self._extend_changelog(change, [*external, self._entry(change, revision, grown)])
        if change.moves and redirects:
            self._redirect(change, revision)

    def _keep(self, page: str, text: bytes, revision: int) -> None:
        """Collect a new file of the attic, for a page with a path."""
        compression, content = self._saver.compressed(text)
        ending = f".{compression}" if compression else ""
        name = f"{self._source.relative_name(page)}.{revision}.txt{ending}"
        self._written.append(_Written(None, join_path(self._source.layout.attic, name), content, revision))

    def _entry(self, change: _Change, revision: int, grown: int) -> Change:
        author = self._author
        if not change.moves:
            summary = author.summary or _REWRITTEN
            return Change(revision, author.ip, "e", change.new_id, author.user, summary, size_change=grown)
        summary = author.summary or f"Moved from {change.file.page_id} to {change.new_id}"
        gone = Change(
            revision, author.ip, "D", change.file.page_id, author.user, summary, size_change=-len(change.before)
        )
        self._log.append(gone)
        return Change(revision, author.ip, "E", change.new_id, author.user, summary, size_change=grown)

    def _extend_changelog(self, change: _Change, entries: Sequence[Change]) -> None:
        """Collect the changelog of a page with new entries, behind what is left of a page that was deleted there."""
        source = self._source
        old, *others = source.meta_paths(change.file.path, _CHANGES)
        new_page = page_path(source, change.new_id) if change.moves else change.file.path
        new = join_path(source.layout.meta, source.relative_name(new_page) + _CHANGES)
        is_free = change.moves and change.new_id not in self._files
        left = [path for path in source.meta_paths(new_page, _CHANGES) if path != old] if is_free else []
        parts = [self._lines(path) for path in (*left, old, *others)]
        lines = b"".join((*parts, *(f"{entry.line}\n".encode("utf-8", "surrogateescape") for entry in entries)))
        self._removed += [path for path in (*left, *others) if self._exists(path)]
        self._written.append(_Written(old if self._exists(old) else None, new, lines, entries[-1].time))
        self._log += entries

    def _lines(self, path: str) -> bytes:
        content = self._source.read(path) if self._exists(path) else b""
        return content if not content or content.endswith(b"\n") else content + b"\n"

    def _exists(self, path: str) -> bool:
        return (self._source.files.place / path).exists()

    def _redirect(self, change: _Change, revision: int) -> None:
        """Collect a page that leads from the old name to the new one."""
        text = f"~~REDIRECT>{change.new_id if ':' in change.new_id else f':{change.new_id}'}~~\n".encode()
        author, page_id = self._author, change.file.page_id
        self._written.append(_Written(None, change.file.path, text, revision))
        if self._saver.has_attic:
            self._keep(change.file.path, text, revision)
        if self._saver.has_meta:
            entry = Change(revision, author.ip, "C", page_id, author.user, author.summary, size_change=len(text))
            path = join_path(self._source.layout.meta, self._source.relative_name(change.file.path) + _CHANGES)
            self._written.append(_Written(None, path, f"{entry.line}\n".encode(), revision))
            self._log.append(entry)

    def _write_log(self) -> None:
        """Collect the changelog of the wiki."""
        if self._saver.has_meta and self._log:
            path = join_path(self._source.layout.meta, "_dokuwiki.changes")
            entries = "".join(f"{entry.line}\n" for entry in sorted(self._log, key=lambda entry: entry.time))
            content = self._lines(path) + entries.encode("utf-8", "surrogateescape")
            self._written.append(_Written(path if self._exists(path) else None, path, content, self._now))

    def _add_steps(self, plan: journal.Plan) -> None:
        """Add the steps to a plan: first everything leaves its old place, then it takes its new one."""
        leaving = {*self._removed, *(one.old for one in self._written), *(one.old for one in self._renamed)} - {None}
        arriving: dict[str, str | None] = {}
        for old, new in [*((one.old, one.new) for one in self._written), *self._renamed]:
            if new in arriving or (new not in leaving and self._exists(new)):
                raise MoveError(f"{self._source.files.place / new}: is in the way")
            arriving[new] = old
        self._check_links({path for path in leaving if path}, arriving.keys())
        for path in self._removed:
            plan.remove(path)
        staged = [(plan.write(one.old, one.new, one.content, one.modified), one.new) for one in self._written]
        waiting = [(plan.aside(one.old), one.new) for one in self._renamed if one.new in leaving]
        for one in self._renamed:
            if one.new not in leaving:
                plan.rename(one.old, one.new)
        for path, new in (*waiting, *staged):
            plan.rename(path, new)
        plan.remove_empty_folders(self._emptied(leaving - set(arriving)))

    def _check_links(self, leaving: AbstractSet[str], arriving: AbstractSet[str]) -> None:
        """Raise an error if a symbolic link leads a file out of the wiki, or would lead nowhere afterwards."""
        root = self._source.files.place
        for folder in {path.rpartition("/")[0] for path in leaving | arriving}:
            self._saver.check_place(join_path(folder, "_"))
        gone = {os.path.realpath(root / path) for path in leaving - arriving}
        renamed = {one.old for one in self._renamed}
        existing = {file.path for file in self._files.values()} | {file.path for file in self._media.values()}
        for path in sorted(existing | renamed):
            if (root / path).is_symlink():
                target = os.path.realpath(root / path)
                if path in renamed or (path not in leaving and target in gone):
                    raise MoveError(f"{root / path}: is a link to {target}, and would lead nowhere after the move")

    def _emptied(self, paths: set[str | None]) -> list[str]:
        """Return the folders that may be empty after files have left, the deepest first."""
        layout = self._source.layout
        roots = (layout.pages, layout.attic, layout.meta, layout.media, layout.media_attic, layout.media_meta)
        folders = {folder for path in paths if path for folder in folders_above(path, roots)}
        return sorted(folders, key=lambda folder: (-folder.count("/"), folder))
