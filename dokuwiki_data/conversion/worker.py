"""The work on a chunk of pages, in this process or in a worker: read, parse, and pass each page to a writer."""

from __future__ import annotations

import pickle
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, NamedTuple

from dokuwiki_data.conversion.parts import RecordRequest, StateReader, other_parts
from dokuwiki_data.conversion.states import PageState
from dokuwiki_data.errors import PageReadError
from dokuwiki_data.garbage import gc_paused
from dokuwiki_data.nodes.blocks import Section
from dokuwiki_data.nodes.data import DataEntry, may_have_entries, most_entries
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.record import STREAMS, Record, json, written_page
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.wiki.history import Revision
from dokuwiki_data.wiki.sources.source import WikiSource


class ReadPage(NamedTuple):
    """A page that was read and parsed.

    Attributes:
        page: The page.
        more: The keys of its record that do not follow from its text.
        history: Its revisions, if they were requested.
        tables: The JSON text for the placeholder in ``more``, if it comes with the page.
    """

    page: Page
    more: dict[str, Any]
    history: Sequence[Revision] = ()
    tables: str | None = None


#: Makes the output of some pages. It runs in workers, so both the function and its result must be picklable.
PageWriter = Callable[[Iterable[ReadPage]], Any]


class Item(NamedTuple):
    """A state of a page that is sent to a worker.

    Attributes:
        state: The state.
        content: The content of its file; None if the worker can read the file itself.
        notes: What `StateReader.notes` returned, if ``content`` is given.
        history: What `StateReader.history` returned, if ``content`` is given.
        tables: The JSON text of the answers to the page's queries, if the worker needs them.
    """

    state: PageState
    content: bytes | None = None
    notes: dict[str, Any] | None = None
    history: Sequence[Revision] = ()
    tables: str | None = None


@dataclass(slots=True)
class Converted:
    """The result of a chunk of pages.

    Attributes:
        output: What the `PageWriter` returned for those pages that could be read.
        items: The number of states, including those that were lost.
        pages: The number of current pages that were converted.
        revisions: The number of old states that were converted.
        read: The size of their texts in bytes.
        entries: The number of data entries on them.
        diagnostics: The number of diagnostics by kind.
        lost: The errors of pages that could not be read.
        awaited: The ids of pages in whose records a placeholder stands for their tables, in order.
        pieces: The output as text with the tables filled in; an iterator that evaluates the queries as it goes.
    """

    output: Any = b""
    items: int = 0
    pages: int = 0
    revisions: int = 0
    read: int = 0
    entries: int = 0
    diagnostics: Counter[str] = field(default_factory=Counter)
    lost: list[PageReadError] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)
    pieces: Iterable[bytes] = ()

    def add(self, other: Converted) -> None:
        """Add the numbers of another chunk."""
        self.pages += other.pages
        self.revisions += other.revisions
        self.read += other.read
        self.entries += other.entries
        self.diagnostics += other.diagnostics


@dataclass(frozen=True, slots=True)
class Task:
    """The work to be done with every chunk.

    Attributes:
        write: Makes the output.
        request: The parts of the records.
        syntax: How pages are parsed.
        source: The wiki, if workers can read its files themselves.
        placeholder: A word that stands for the tables in records until they are filled in; empty without tables.
    """

    write: PageWriter
    request: RecordRequest
    syntax: Syntax
    source: WikiSource | None = None
    placeholder: str = ""

    def packed(self) -> Callable[[Sequence[Item]], Converted]:
        """Return the task as a picklable function; each worker unpacks it only once."""
        return partial(_convert_packed, zlib.compress(pickle.dumps(self), 1))


def text_writer(format_: str, parts: Collection[str]) -> PageWriter:
    """Return a writer of records as text in a format of `dokuwiki_data.render.record.STREAMS`."""
    return partial(_texts, format_, tuple(parts))


def _texts(format_: str, parts: Collection[str], pages: Iterable[ReadPage]) -> bytes:
    separator = STREAMS[format_].between.encode()
    return separator.join([written_page(read.page, format_, parts, read.more) for read in pages])


def record_writer(parts: Collection[str]) -> PageWriter:
    """Return a writer of records as dictionaries."""
    return partial(_records, tuple(parts))


def _records(parts: Collection[str], pages: Iterable[ReadPage]) -> list[Record]:
    return [json(read.page, parts, read.more) for read in pages]


def _convert_packed(packed: bytes, chunk: Sequence[Item]) -> Converted:
    return convert_chunk(_unpacked(packed), chunk)


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Task:
    task: Task = pickle.loads(zlib.decompress(packed))
    return task


def convert_chunk(task: Task, chunk: Sequence[Item]) -> Converted:
    """Convert a chunk of pages. This runs in workers."""
    done = Converted(items=len(chunk))
    # Pages contain no reference cycles. Searching for them took a third of the time (3.8 instead of 5.8 MB/s).
    with gc_paused():
        done.output = task.write(_read_pages(task, chunk, done))
    return done


def _read_pages(task: Task, chunk: Sequence[Item], done: Converted) -> Iterator[ReadPage]:
    """Read and parse the pages of a chunk; count them in ``done``."""
    reader = StateReader(task.source, task.request, done.lost.append) if task.source else None
    for state, content, notes, history, tables in chunk:
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
        done.entries += _number_of_entries(page)
        if page.diagnostics:
            done.diagnostics.update([found.kind for found in page.diagnostics])
        placeholder = task.placeholder if state.revision is None else ""
        if placeholder:
            done.awaited.append(state.page_id)
        more = other_parts(page, notes or {}, placeholder, task.request)
        yield ReadPage(page, more, history, tables)


def _number_of_entries(page: Page) -> int:
    """Return the number of data entries on a page, as a rule without a walk through all of its nodes."""
    text = str(page)
    if not may_have_entries(text):
        return 0
    blocks = [block for part in page.content for block in (part.content if isinstance(part, Section) else (part,))]
    found = sum(isinstance(block, DataEntry) for block in blocks)
    return found if found == most_entries(text) else len(page.entries)
