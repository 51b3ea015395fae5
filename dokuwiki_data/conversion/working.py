"""What happens to pages here or in a worker: read, parsed, and written by whatever writes them."""

from __future__ import annotations

import pickle
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, NamedTuple

from dokuwiki_data.conversion.parts import Reader, RecordRequest, more
from dokuwiki_data.conversion.states import PageState
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.stream import STREAMS, written_page
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.history import Revision
from dokuwiki_data.wiki.sources.opening import WikiSource


class ReadPage(NamedTuple):
    """A page, what its record says that is not in its text, and its history, if that is asked for."""

    page: Page
    more: dict[str, Any]
    history: Sequence[Revision] = ()


#: Makes what a worker returns of some pages; it must be able to travel (pickle), and what it returns too.
Writer = Callable[[Iterable[ReadPage]], Any]


class Item(NamedTuple):
    """A state of a page on its way to a worker.

    ``content`` is None if the worker can read the file itself, else ``notes`` and ``history`` are what `Reader` found.
    ``tables``: what the page's queries show, if that is asked for and does not come behind the record.
    """

    state: PageState
    content: bytes | None = None
    notes: dict[str, Any] | None = None
    tables: list[dict[str, Any]] | None = None
    history: Sequence[Revision] = ()


@dataclass(slots=True)
class Converted:
    """What became of some pages.

    ``output`` is what was made of those that could be read: the text of their records. ``items`` counts them and the
    ``lost``, ``revisions`` their old states, ``pages`` the others; ``read``: the bytes of their texts;
    ``diagnostics``: how many there were of each kind.
    """

    output: Any = b""
    items: int = 0
    pages: int = 0
    revisions: int = 0
    read: int = 0
    entries: int = 0
    diagnostics: Counter[str] = field(default_factory=Counter)
    lost: list[PageReadError] = field(default_factory=list)
    #: The pages in whose records a place is left for their tables, in order.
    awaited: list[str] = field(default_factory=list)
    #: The output with what is put into these places, piece by piece as it is made; to be gone through once.
    pieces: Iterable[bytes] = ()

    def add(self, other: Converted) -> None:
        """Count what became of other pages, too."""
        self.pages += other.pages
        self.revisions += other.revisions
        self.read += other.read
        self.entries += other.entries
        self.diagnostics += other.diagnostics


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with every page.

    ``source``: where a worker reads those that come without their content. ``gap``: what stands in a record where its
    tables will be; if it is empty, they come with the page.
    """

    write: Writer
    asked: RecordRequest
    syntax: Syntax
    source: WikiSource | None = None
    gap: str = ""

    def packed(self) -> Callable[[Sequence[Item]], Converted]:
        """The task as a function that can travel. What is in it is unpacked once by every worker."""
        return partial(_convert_packed, zlib.compress(pickle.dumps(self), 1))


def text_writer(format_: str, parts: Collection[str]) -> Writer:
    """What writes records as text in a format of `dokuwiki_data.render.stream.STREAMS`."""
    return partial(_texts, format_, tuple(parts))


def _texts(format_: str, parts: Collection[str], pages: Iterable[ReadPage]) -> bytes:
    between = STREAMS[format_].between.encode()
    return between.join([written_page(page, format_, parts, more).encode() for page, more, _ in pages])


def _convert_packed(packed: bytes, chunk: Sequence[Item]) -> Converted:
    return convert_chunk(_unpacked(packed), chunk)


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Task:
    task: Task = pickle.loads(zlib.decompress(packed))
    return task


def convert_chunk(task: Task, chunk: Sequence[Item]) -> Converted:
    """Convert some pages; this is what a worker does."""
    done = Converted(items=len(chunk))
    # Nothing in a page points in circles; looking for it took a third of the time (3.8 instead of 5.8 MB/s).
    with gc_paused():
        done.output = task.write(_pages(task, chunk, done))
    return done


def _pages(task: Task, chunk: Sequence[Item], done: Converted) -> Iterator[ReadPage]:
    reader = Reader(task.source, task.asked, done.lost.append) if task.source else None
    for state, content, notes, tables, history in chunk:
        try:
            if reader is not None:
                content = reader.content(state)
                notes, history = reader.notes(state), reader.history(state)
        except PageReadError as error:
            done.lost.append(error)
            continue
        assert content is not None
        text = content.decode("utf-8", "surrogateescape")
        page = parse(text, page_id=state.page_id, modified=state.modified, syntax=task.syntax)
        if state.revision is None:
            done.pages += 1
        else:
            done.revisions += 1
        done.read += len(content)
        done.entries += len(page.entries) if b"dataentry" in content else 0
        done.diagnostics.update(found.kind for found in page.diagnostics)
        gap = task.gap if state.revision is None else ""
        if gap:
            done.awaited.append(state.page_id)
        yield ReadPage(page, more(page, notes or {}, gap or tables, task.asked), history)
