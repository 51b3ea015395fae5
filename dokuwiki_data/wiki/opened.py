"""A wiki as it lies somewhere: its pages by id, parsed when asked for, and what leads from one to another."""

from __future__ import annotations

import bz2
import gzip
import importlib
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.data.context import TypeAlias
from dokuwiki_data.errors import MissingExtraError, PageReadError
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.inline import InternalLink, InternalMedia
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.access import READ, AccessRules, read_access_rules
from dokuwiki_data.wiki.changes import Change
from dokuwiki_data.wiki.collection import Wiki
from dokuwiki_data.wiki.file_names import id_of_file
from dokuwiki_data.wiki.links import resolve_media, resolve_page
from dokuwiki_data.wiki.settings import Settings
from dokuwiki_data.wiki.sources.files import DEFAULT_LIMITS, joined
from dokuwiki_data.wiki.sources.opening import PageFile, Source, open_source
from dokuwiki_data.wiki.store import StoredPage, read_aliases, read_stored

_REVISION = re.compile(r"\.(?P<time>[0-9]{1,15})\.txt(?:\.(?P<packing>gz|bz2))?")
_UNPACKED: Mapping[str, Callable[[io.BytesIO], Any]] = {
    "gz": lambda packed: gzip.GzipFile(fileobj=packed),
    "bz2": bz2.BZ2File,
}


class Revision(NamedTuple):
    """A state of a page. ``change``: who made it and why, if the history tells; ``path``: its file, if it is kept."""

    time: int
    change: Change | None
    path: str | None


class MediaFile(NamedTuple):
    """A file of a wiki: its id, its path, its bytes and its time of change in Unix seconds, if they are known."""

    media_id: str
    path: str
    size: int | None
    modified: int | None


@dataclass(frozen=True, slots=True)
class _Links:
    """Where the pages lead: to pages and to files, by the page on which the links stand."""

    pages: Mapping[str, frozenset[str]]
    media: Mapping[str, frozenset[str]]


class OpenedWiki(Mapping[str, Page]):
    """The pages of a wiki by id, in the order of the ids. A page is read and parsed each time that it is asked for.

    Asking for one that cannot be read raises `PageReadError`. ``lost`` is what could not be read so far.
    """

    def __init__(self, source: Source, lost: list[PageReadError] | None = None) -> None:
        self.source = source
        self.lost = [] if lost is None else lost
        self._files = {file.page_id: file for file in source.pages(self.lost.append)}

    @classmethod
    def open(cls, path: str | Path) -> OpenedWiki:
        """The wiki at a path: a folder or an archive. Raises what `open_source` does."""
        lost: list[PageReadError] = []
        return cls(open_source(Path(path), lost.append), lost)

    def __getitem__(self, page_id: str) -> Page:
        file = self._files[page_id]
        text = self.source.read(file.path).decode("utf-8", "surrogateescape")
        return parse(text, page_id=page_id, modified=file.modified)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, page_id: object) -> bool:
        return page_id in self._files

    def __repr__(self) -> str:
        return f"OpenedWiki({self.source.description}: {len(self)} pages)"

    def readable_pages(self) -> Iterator[Page]:
        """Every page that can be read; the others are added to ``lost``."""
        for page_id in self:
            try:
                yield self[page_id]
            except PageReadError as error:
                self.lost.append(error)

    @property
    def settings(self) -> Settings:
        """What the wiki's ``conf`` says."""
        return self.source.settings

    @property
    def namespaces(self) -> list[str]:
        """Every namespace with a page in or below it, sorted; the root, which has no name, is not among them."""
        found: set[str] = set()
        for page_id in self:
            namespace = namespace_of(page_id)
            while namespace and namespace not in found:
                found.add(namespace)
                namespace = namespace_of(namespace)
        return sorted(found)

    # ------------------------------------------------------------------------------- entries and queries

    @cached_property
    def aliases(self) -> tuple[TypeAlias, ...]:
        """The type aliases of the data plugin. Raises `StoreError` if its store cannot be read."""
        return read_aliases(self.source)

    @cached_property
    def data(self) -> Wiki:
        """The entries of all pages, for queries; all pages are read once."""
        return Wiki.from_pages(self.readable_pages())

    def stored(self) -> dict[str, StoredPage] | None:
        """What the data plugin's own store holds, None if there is none. Raises `StoreError`."""
        return read_stored(self.source)

    # ----------------------------------------------------------------------------------------------- links

    def links(self, page_id: str) -> frozenset[str]:
        """The ids of the pages to which a page's links lead, whether they exist or not."""
        return self._links.pages.get(page_id, frozenset())

    def backlinks(self, page_id: str) -> list[str]:
        """The pages that link to a page, by id; it need not exist."""
        return self._backlinks.get(page_id, [])

    @property
    def wanted(self) -> dict[str, list[str]]:
        """The pages that do not exist but are linked to, with those that link to them."""
        return {target: pages for target, pages in sorted(self._backlinks.items()) if target not in self}

    @property
    def orphaned(self) -> list[str]:
        """The pages to which no other page links."""
        return [page_id for page_id in self if not set(self.backlinks(page_id)) - {page_id}]

    @cached_property
    def _links(self) -> _Links:
        rules = self.settings.links
        pages: dict[str, frozenset[str]] = {}
        media: dict[str, frozenset[str]] = {}
        for page in self.readable_pages():
            targets = (link.target.partition("?")[0] for link in page.find_all(InternalLink))
            found = (resolve_page(target, page.page_id, rules, self.__contains__) for target in targets)
            pages[page.page_id] = frozenset(target.partition("#")[0] for target in found)
            shown = (one.target.partition("#")[0] for one in page.find_all(InternalMedia))
            media[page.page_id] = frozenset(resolve_media(target, page.page_id, rules) for target in shown)
        return _Links(pages, media)

    @cached_property
    def _backlinks(self) -> dict[str, list[str]]:
        return _turned(self._links.pages)

    # --------------------------------------------------------------------------------------------- history

    def changes(self, page_id: str) -> list[Change]:
        """The history of a page, oldest first. Raises `KeyError` if there is no such page."""
        return self.source.changes(self._files[page_id].path)

    def last_author(self, page_id: str) -> str | None:
        """Who changed a page last: the user, else the address; None if the history does not tell."""
        changes = self.changes(page_id)
        return (changes[-1].user or changes[-1].ip) if changes else None

    def created(self, page_id: str) -> int | None:
        """When a page was made, in Unix seconds, as far as the history goes back."""
        changes = self.changes(page_id)
        return changes[0].time if changes else None

    def revisions(self, page_id: str) -> list[Revision]:
        """Every state of a page that the history or the attic knows, oldest first. The last is the page itself.

        Raises `KeyError` if there is no such page.
        """
        file = self._files[page_id]
        folder, _, name = self._below_pages(file).rpartition("/")
        attic = joined(self.source.layout.attic, folder)
        kept: dict[int, str | None] = {}
        for found in sorted(self.source.files.names(attic).files, reverse=True):  # so that a plain one counts
            if found.startswith(name) and (match := _REVISION.fullmatch(found, len(name))):
                kept[int(match["time"])] = joined(attic, found)
        changes = {change.time: change for change in self.changes(page_id)}
        current = max(changes, default=file.modified) if self.source.layout.times == "changes" else file.modified
        times = set(kept) | set(changes) | ({current} if current is not None else set())
        if current is not None:
            kept[current] = file.path
        return [Revision(time, changes.get(time), kept.get(time)) for time in sorted(times)]

    def at(self, page_id: str, revision: Revision) -> Page:
        """A page as it was. Raises `PageReadError` if that is not kept."""
        place = self.source.files.place / (revision.path or page_id)
        if revision.path is None:
            raise PageReadError(place, f"the revision {revision.time} is not kept")
        content = self.source.read(revision.path)
        packing = revision.path.rpartition(".")[2]
        if packing in _UNPACKED:
            try:
                with _UNPACKED[packing](io.BytesIO(content)) as stream:
                    content = stream.read(DEFAULT_LIMITS.file + 1)
            except (OSError, EOFError, ValueError) as error:
                raise PageReadError(place, str(error).lower()) from error
            if len(content) > DEFAULT_LIMITS.file:
                raise PageReadError(place, f"unpacks to more than {DEFAULT_LIMITS.file} bytes")
        return parse(content.decode("utf-8", "surrogateescape"), page_id=page_id, modified=revision.time)

    def meta(self, page_id: str) -> dict[str, Any]:
        """What DokuWiki noted about a page in its ``.meta`` file; empty if there is none.

        Raises `PageReadError` if it cannot be read, `MissingExtraError` without the extra ``meta``.
        """
        name = joined(self.source.layout.meta, self._below_pages(self._files[page_id]) + ".meta")
        folder, _, last = name.rpartition("/")
        if last not in self.source.files.names(folder).files:
            return {}
        try:
            phpserialize = importlib.import_module("phpserialize")
        except ImportError:
            raise MissingExtraError("phpserialize", "meta") from None
        try:
            # Objects are refused, since there is no hook that would make them.
            found = phpserialize.loads(self.source.read(name), decode_strings=True, errors="surrogateescape")
        except (ValueError, RecursionError, TypeError, IndexError, OverflowError, MemoryError) as error:
            raise PageReadError(self.source.files.place / name, f"no metadata: {error}") from error
        return found if isinstance(found, dict) else {}

    def _below_pages(self, file: PageFile) -> str:
        return file.path.removeprefix(self.source.layout.pages).strip("/").removesuffix(".txt")

    # ----------------------------------------------------------------------------------------------- media

    @cached_property
    def media(self) -> dict[str, MediaFile]:
        """The media files, by id."""
        folder = self.source.layout.media
        files = self.source.files.walk(folder, "", self.lost.append) if self.source.layout.kind != "texts" else ()
        named = ((id_of_file(file.path.removeprefix(folder), self.source.file_names), file) for file in files)
        return {media_id: MediaFile(media_id, file.path, file.size, file.modified) for media_id, file in sorted(named)}

    def media_usage(self) -> dict[str, list[str]]:
        """The pages that show or link each media file, by its id; it need not exist."""
        return _turned(self._links.media)

    # ---------------------------------------------------------------------------------------------- access

    @cached_property
    def access_rules(self) -> AccessRules | None:
        """Who may do what, None if the wiki lets everybody do everything."""
        return read_access_rules(self.source)

    def readable_by(self, user: str = "", groups: Collection[str] = ()) -> list[str]:
        """The ids of the pages that a user may read; an empty name is a guest."""
        rules = self.access_rules
        return [page_id for page_id in self if rules is None or rules.level(page_id, user, groups) >= READ]


def _turned(links: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page_id, targets in links.items():
        for target in targets:
            found.setdefault(target, []).append(page_id)
    return found
