"""From a wiki's files to records, in this process or in many: `convert` for scripts, `convert_pages` below it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.conversion.answering import PageAnswers, told
from dokuwiki_data.conversion.executors import ordered
from dokuwiki_data.conversion.parts import PARTS, Reader, RecordRequest, check_extra
from dokuwiki_data.conversion.states import PageState, all_states, current_states
from dokuwiki_data.conversion.working import Converted, Item, ReadPage, Task, Writer, convert_chunk, text_writer
from dokuwiki_data.engine.context import Context
from dokuwiki_data.errors import PageReadError, StoreError
from dokuwiki_data.render.record import PAGE_PARTS, Record
from dokuwiki_data.render.stream import STREAMS
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.folder_settings import is_folder
from dokuwiki_data.wiki.sources.opening import PageFile, WikiSource, log_notes, open_source
from dokuwiki_data.wiki.store import read_aliases, sorted_by_store

__all__ = [
    "PAGE_PARTS", "PARTS", "Chunks", "Converted", "PageState", "ReadPage", "Writer", "all_states", "checked", "convert",
    "convert_pages", "convert_texts", "current_states", "wiki_context",
]  # fmt: skip


class Chunks(NamedTuple):
    """How many pages a worker gets at a time, and how many bytes of text if they are sent to it."""

    pages: int
    bytes: int


#: Enough to make the way worth while, little enough to keep memory flat.
SMALL_CHUNKS = Chunks(64, 1 << 19)

_log = logging.getLogger(__name__)


def convert(
    source: str | Path | WikiSource,
    *,
    parts: Iterable[str] = PAGE_PARTS,
    revisions: bool = False,
    syntax: Syntax | None = None,
    report: Report | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> Iterator[Record]:
    """The record of every page of a wiki, one by one, in the order of the page ids.

    ``source`` is the path of a folder or an archive, or what `open_source` made of it. ``parts`` are names of
    `PARTS`; with ``revisions`` every old state of a page that the attic keeps comes before the page, and deleted
    pages come too. ``syntax`` is how pages are read, by default as the wiki's own settings say. What cannot be read
    goes to ``report``, by default into the log. ``jobs`` processes work, or those of an ``executor``: one of
    `concurrent.futures`, or ``client.get_executor()`` of a Dask cluster; it gets ``jobs`` and a few more pieces of
    work at a time, and is not shut down. ::

        for record in convert("dokuwiki.tar.gz", parts=["data", "links"], jobs=4):
            store(record["page_id"], record["data"]["entries"])

    Raises `ValueError` for a part that there is none of, what `open_source` raises if there is no wiki, `WorkerError`
    if a worker died, and `MissingExtraError` for ``meta`` without the extra of that name.
    """
    report, parts = report or _log.warning, checked(parts)
    source, files, states = opened(source, revisions, report)
    for done in convert_texts(
        source, states, "jsonl", report,
        parts=parts, revisions=revisions, wiki=files, syntax=syntax, jobs=jobs, executor=executor,
    ):  # fmt: skip
        yield from map(json.loads, b"".join(done.pieces).splitlines())


def opened(
    source: str | Path | WikiSource, revisions: bool, report: Report
) -> tuple[WikiSource, list[PageFile], list[PageState]]:
    """A source, its pages, and what of them is to be converted: as they are now, or all states that are kept."""
    if not isinstance(source, WikiSource):
        source = log_notes(open_source(Path(source), report))
    files = source.pages(report)
    states = all_states(source, files, lambda page_id: True, report) if revisions else current_states(files)
    return source, files, states


def checked(parts: Iterable[str]) -> tuple[str, ...]:
    """Names of parts, in the order of the record. Raises `ValueError` for any other name."""
    if isinstance(parts, str):
        raise ValueError(f"parts are a list of names, not the text {parts!r}")
    wanted = set(parts)
    if unknown := wanted - set(PARTS):
        raise ValueError(f"unknown part {min(unknown)!r}; known: {', '.join(PARTS)}")
    return tuple(part for part in PARTS if part in wanted)


def convert_texts(
    source: WikiSource, states: Iterable[PageState], format_: str, report: Report, **options: Any
) -> Iterator[Converted]:
    """Convert states of a source's pages to text in a format of `dokuwiki_data.render.stream.STREAMS`.

    Like `convert_pages`; but each output comes as ``pieces``, in which tables are written as they are made.
    """
    write = text_writer(format_, checked(options.get("parts", PAGE_PARTS)))
    return convert_pages(source, states, write, report, tables_in=format_, **options)


def convert_pages(
    source: WikiSource,
    states: Iterable[PageState],
    write: Writer,
    report: Report,
    *,
    tables_in: str | None = None,
    parts: Iterable[str] = PAGE_PARTS,
    revisions: bool = False,
    wiki: Sequence[PageFile] = (),
    sees_media: Callable[[str], bool] | None = None,
    context: Context | None = None,
    syntax: Syntax | None = None,
    history: bool = False,
    chunks: Chunks = SMALL_CHUNKS,
    jobs: int = 1,
    executor: Executor | None = None,
) -> Iterator[Converted]:
    """Convert states of a source's pages, some at a time, in their order.

    ``write`` makes the output of some pages, such as `text_writer`; what cannot be read goes to ``report``. With
    several ``jobs``, or with an ``executor``, a page is read, parsed and written in a worker, which returns finished
    output. ``wiki`` is all pages that links may find and queries ask, ``sees_media`` says of which media files, by
    their ids, links may tell that they exist (all, if it is not given), ``context`` says who asks and when (a guest,
    today, if it is not given). With ``history`` the writer gets what is known of all states of a page; ``chunks``
    says how many pages it gets at a time. ``tables_in``: the format of the text that ``write`` makes, if tables are
    to be put into it afterwards. The rest is as for `convert`.

    Raises `WorkerError` if a worker died, `MissingExtraError` for ``meta`` without the extra of that name.
    """
    parts = checked(parts)
    if "meta" in parts:
        check_extra(source)
    context = context or wiki_context(source, parts, report)
    asked = RecordRequest(parts, revisions, history, context, _surroundings(source, parts, wiki, sees_media, report))
    run = partial(_run, source, asked, syntax or source.settings.syntax, chunks, report, jobs, executor)
    answering = None
    if "tables" in parts:
        entries = run(told, current_states(pages_in_store_order(source, wiki)), None, is_first_look=True)
        answering = PageAnswers((page for done in entries for page in done.output), context, source.is_listed)
    if answering is None or tables_in is None:
        for done in run(write, states, answering):
            done.pieces = [done.output] if tables_in else ()
            yield done
        return
    # Nobody who writes a page can know it.
    gap = f"tables-{secrets.token_hex(16)}"
    for done in run(write, states, None, gap=gap):
        done.pieces = _filled(done, answering, tables_in, gap)
        yield done


def _filled(done: Converted, answering: PageAnswers, format_: str, gap: str) -> Iterator[bytes]:
    """The output of pages with their tables, which are written one by one."""
    text, *others = done.output.split(STREAMS[format_].gap(gap).encode())
    yield text
    for page_id, text in zip(done.awaited, others, strict=True):
        yield from (piece.encode() for piece in answering.written(page_id, format_))
        yield text


def _run(
    source: WikiSource,
    asked: RecordRequest,
    syntax: Syntax,
    sizes: Chunks,
    report: Report,
    jobs: int,
    executor: Executor | None,
    write: Writer,
    states: Iterable[PageState],
    answering: PageAnswers | None,
    is_first_look: bool = False,
    gap: str = "",
) -> Iterator[Converted]:
    """Give states to workers, and take what they made of them, in order."""
    if is_first_look:  # what cannot be read will be met again
        asked, report = RecordRequest(()), _forget
    # The workers of an executor may be on another machine.
    is_shared = isinstance(source.files, FolderFiles) and executor is None
    task = Task(write, asked, syntax, source if is_shared else None, gap)
    chunks = _shared(states, answering, sizes) if is_shared else _sent(source, asked, states, answering, sizes, report)
    work = partial(convert_chunk, task) if executor is None else task.packed()
    for done in ordered(work, chunks, jobs, executor):
        for error in done.lost:
            report(error)
        yield done


def _forget(error: PageReadError) -> None:
    pass


def wiki_context(source: WikiSource, parts: Iterable[str], report: Report) -> Context:
    """What the wiki's answers depend on, asked by a guest and today; without its settings, if no part needs them."""
    today = date.today()
    if not {"data", "tables"}.intersection(parts):
        return Context(today=today)
    try:
        return source.settings.context(read_aliases(source), today=today)
    except StoreError as error:
        report(PageReadError(source.files.place, f"the type aliases are not known: {error}"))
        return source.settings.context(today=today)


def pages_in_store_order(source: WikiSource, files: Sequence[PageFile]) -> list[PageFile]:
    """Files in the order that decides between rows that are equal else."""
    try:
        return sorted_by_store(source, files)
    except StoreError:  # which has been said
        return sorted(files, key=lambda file: file.path)


def _surroundings(
    source: WikiSource,
    parts: Sequence[str],
    wiki: Sequence[PageFile],
    sees_media: Callable[[str], bool] | None,
    report: Report,
) -> LinkContext:
    if "links" not in parts:
        return LinkContext()
    has_media = not source.layout.is_pages_only and is_folder(source.files, source.layout.media)
    return LinkContext(
        source.settings.link_rules,
        source.settings.syntax.addresses(),
        frozenset(file.page_id for file in wiki),
        frozenset(filter(sees_media, source.media(report))) if has_media else None,
    )


def _shared(states: Iterable[PageState], answering: PageAnswers | None, sizes: Chunks) -> Iterator[list[Item]]:
    """Chunks of states whose files a worker can read itself."""
    chunk: list[Item] = []
    for state in states:
        chunk.append(Item(state, tables=_tables(state, answering)))
        if len(chunk) == sizes.pages:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _sent(
    source: WikiSource,
    asked: RecordRequest,
    states: Iterable[PageState],
    answering: PageAnswers | None,
    sizes: Chunks,
    report: Report,
) -> Iterator[list[Item]]:
    """Chunks of states with what their files hold."""
    reader = Reader(source, asked, report)
    chunk: list[Item] = []
    size = 0
    for state in states:
        try:
            content = reader.content(state)
        except PageReadError as error:
            report(error)
            continue
        chunk.append(Item(state, content, reader.notes(state), _tables(state, answering), reader.history(state)))
        size += len(content)
        if len(chunk) == sizes.pages or size > sizes.bytes:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _tables(state: PageState, answering: PageAnswers | None) -> list[dict[str, Any]] | None:
    return answering.tables(state.page_id) if answering is not None and state.revision is None else None
