"""Convert states of pages, chunk by chunk: send them to workers, and fill in the answers to their queries."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from dokuwiki_data.conversion.executors import ordered
from dokuwiki_data.conversion.page_answers import PageAnswers, pack_facts
from dokuwiki_data.conversion.parts import RecordRequest, StateReader, check_meta_extra, checked_parts
from dokuwiki_data.conversion.states import PageState, current_states
from dokuwiki_data.conversion.stored import pieces, storing
from dokuwiki_data.conversion.worker import (
    Converted,
    Item,
    PageWriter,
    Task,
    convert_chunk,
    record_writer,
    text_writer,
)
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import PageReadError, StoreError
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.render.record import PAGE_PARTS, STREAMS, Record
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource
from dokuwiki_data.wiki.store import read_aliases, sorted_by_store


class Chunks(NamedTuple):
    """The most that a worker gets at a time: a number of pages, and the bytes that are sent with them."""

    pages: int
    bytes: int


#: Large enough to make sending cheap, small enough to keep memory flat.
SMALL_CHUNKS = Chunks(64, 1 << 19)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionOptions:
    """What pages are converted to, and by which workers.

    Attributes:
        parts: The parts of a record, see `PARTS`.
        revisions: Whether records say which state of the page they describe.
        pages: All pages that links can lead to and that queries can find.
        sees_media: Returns whether links can lead to a media file, given its id; None for all.
        context: The user, the day and the settings for queries; by default a guest, today.
        syntax: How pages are parsed; by default as the wiki's settings say.
        jobs: The number of processes, or of tasks that the executor gets at a time.
        executor: Does the work instead of processes of this machine. It is not shut down.
    """

    parts: tuple[str, ...] = PAGE_PARTS
    revisions: bool = False
    pages: Sequence[PageFile] = ()
    sees_media: Callable[[str], bool] | None = None
    context: Context | None = None
    syntax: Syntax | None = None
    jobs: int = 1
    executor: Executor | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", checked_parts(self.parts))


def convert_pages(
    source: WikiSource,
    states: Iterable[PageState],
    write: PageWriter,
    report: Report,
    options: ConversionOptions = ConversionOptions(),
    *,
    chunks: Chunks = SMALL_CHUNKS,
    history: bool = False,
) -> Iterator[Converted]:
    """Convert states of pages, in their order, and yield the result of each chunk.

    Pages are read, parsed and written in workers, which return the finished output.

    Args:
        source: The wiki.
        states: The states to convert.
        write: Makes the output of some pages. With the part ``tables``, it replaces the placeholder in
            ``ReadPage.more`` by ``ReadPage.tables``.
        report: Called with the error of each page that cannot be read.
        options: What they are converted to, and by which workers.
        chunks: The most that a worker gets at a time.
        history: Whether the writer gets all revisions of each page.

    Raises:
        WorkerError: If a worker died.
        MissingExtraError: If the part ``meta`` needs the extra of that name.
    """
    pipeline = _Pipeline(source, report, options, chunks, history)
    return pipeline.run(write, states, pipeline.answers(), is_sent=True)


def convert_texts(
    source: WikiSource,
    states: Iterable[PageState],
    format_: str,
    report: Report,
    options: ConversionOptions = ConversionOptions(),
    *,
    chunks: Chunks = SMALL_CHUNKS,
) -> Iterator[Converted]:
    """Convert states of pages to text in a format of `dokuwiki_data.render.record.STREAMS`.

    The text is in ``Converted.pieces``, which can be iterated over once, before the iterator over the chunks is at its
    end. Queries are evaluated meanwhile, so that only one answer is in memory at a time. The other arguments are those
    of `convert_pages`.
    """
    pipeline = _Pipeline(source, report, options, chunks)
    answers = pipeline.answers()
    write = text_writer(format_, options.parts)
    with ExitStack() as stack:
        if options.jobs > 1 and options.executor is None:
            write = stack.enter_context(storing(write))
        # Closed before the folder with the texts is removed: workers write into it until then.
        for done in stack.enter_context(closing(pipeline.run(write, states, answers))):
            output = pieces(done.output)
            done.pieces = output if answers is None else _filled(output, done, answers, format_, pipeline.placeholder)
            yield done


def _filled(
    output: Iterable[bytes], done: Converted, answers: PageAnswers, format_: str, placeholder: str
) -> Iterator[bytes]:
    """Yield the text of records with their placeholders replaced by tables."""
    first, *others = b"".join(output).split(STREAMS[format_].gap(placeholder).encode())
    yield first
    for page_id, text in zip(done.awaited, others, strict=True):
        yield from (piece.encode() for piece in answers.pieces(page_id, format_))
        yield text


def convert_records(
    source: WikiSource, states: Iterable[PageState], report: Report, options: ConversionOptions = ConversionOptions()
) -> Iterator[Record]:
    """Convert states of pages to records. The arguments are those of `convert_pages`."""
    pipeline = _Pipeline(source, report, options, SMALL_CHUNKS)
    answers = pipeline.answers()
    for done in pipeline.run(record_writer(options.parts), states, answers):
        page_ids = iter(done.awaited)
        for record in done.output:
            if answers is not None and "tables" in record:
                record["tables"] = _encodable(answers.tables(next(page_ids)))
            yield record


def _encodable(value: Any) -> Any:
    """Return a value without lone surrogates."""
    if isinstance(value, str):
        return replace_surrogates(value)
    if isinstance(value, dict):
        return {replace_surrogates(name): _encodable(part) for name, part in value.items()}
    return list(map(_encodable, value)) if isinstance(value, list) else value


def wiki_context(source: WikiSource, parts: Iterable[str], report: Report) -> Context:
    """Return the context for queries of a guest today; without type aliases if no part needs them."""
    today = date.today()
    if not {"data", "tables"}.intersection(parts):
        return Context(today=today)
    try:
        return source.settings.context(read_aliases(source), today=today)
    except StoreError as error:
        report(PageReadError(source.files.place, f"the type aliases are not known: {error}"))
        return source.settings.context(today=today)


def pages_in_store_order(source: WikiSource, files: Sequence[PageFile]) -> list[PageFile]:
    """Return pages in the order that decides between rows that are otherwise equal."""
    try:
        return sorted_by_store(source, files)
    except StoreError:  # reported by `wiki_context`
        return sorted(files, key=lambda file: file.path)


class _Pipeline:
    """Sends states of pages to workers, and yields the results in order."""

    def __init__(
        self, source: WikiSource, report: Report, options: ConversionOptions, chunks: Chunks, history: bool = False
    ) -> None:
        if "meta" in options.parts:
            check_meta_extra(source)
        self._source = source
        self._report = report
        self._options = options
        self._chunks = chunks
        self._syntax = options.syntax or source.settings.syntax
        self._context = options.context or wiki_context(source, options.parts, report)
        self._request = RecordRequest(options.parts, options.revisions, history, self._context, self._link_context())
        # The workers of an executor may be on another machine.
        self._reads_in_workers = isinstance(source.files, FolderFiles) and options.executor is None
        #: A random word that no page can contain on purpose.
        self.placeholder = f"tables-{secrets.token_hex(16)}" if "tables" in options.parts else ""

    def _link_context(self) -> LinkContext:
        source, options = self._source, self._options
        if "links" not in options.parts:
            return LinkContext()
        has_media = not source.layout.is_pages_only and is_folder(source.files, source.layout.media)
        media = frozenset(filter(options.sees_media, source.media(self._report))) if has_media else None
        return source.settings.link_context(frozenset(file.page_id for file in options.pages), media)

    def answers(self) -> PageAnswers | None:
        """Read all pages, and return the answers to their queries; None if no part needs them."""
        if not self.placeholder:
            return None
        pages = current_states(pages_in_store_order(self._source, self._options.pages))
        # Errors are ignored here: they are reported when the pages are converted.
        task = Task(pack_facts, RecordRequest(()), self._syntax, self._source if self._reads_in_workers else None)
        found = self._results(task, self._items(pages, _ignore))
        return PageAnswers((page for done in found for page in done.output), self._context, self._source.is_listed)

    def run(
        self, write: PageWriter, states: Iterable[PageState], answers: PageAnswers | None, *, is_sent: bool = False
    ) -> Generator[Converted, None, None]:
        """Yield the results of all chunks; answers go to the workers if they are ``is_sent``."""
        source = self._source if self._reads_in_workers else None
        task = Task(write, self._request, self._syntax, source, self.placeholder)
        items = self._items(states, self._report, answers if is_sent else None)
        for done in self._results(task, items):
            for error in done.lost:
                self._report(error)
            yield done

    def _results(self, task: Task, items: Iterable[list[Item]]) -> Iterator[Converted]:
        executor = self._options.executor
        work = partial(convert_chunk, task) if executor is None else task.packed()
        return ordered(work, items, self._options.jobs, executor)

    def _items(
        self, states: Iterable[PageState], report: Report, answers: PageAnswers | None = None
    ) -> Iterator[list[Item]]:
        """Yield chunks of states, with everything that workers cannot find out themselves."""
        reader = None if self._reads_in_workers else StateReader(self._source, self._request, report)
        chunk: list[Item] = []
        size = 0
        for state in states:
            item = Item(state)
            if reader is not None:
                try:
                    content = reader.content(state)
                except PageReadError as error:
                    report(error)
                    continue
                item = Item(state, content, reader.notes(state), reader.history(state))
                size += len(content)
            if answers is not None and state.revision is None:
                item = item._replace(tables="".join(answers.pieces(state.page_id, "json")))
                size += len(item.tables or "")
            chunk.append(item)
            if len(chunk) == self._chunks.pages or size > self._chunks.bytes:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk


def _ignore(error: PageReadError) -> None:
    pass
