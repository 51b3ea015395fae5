"""Write a wiki into a dataset: workers turn pages into Parquet files, which then replace those of the wiki."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.conversion import (
    PAGE_PARTS,
    Chunks,
    ConversionOptions,
    Converted,
    PageState,
    ReadPage,
    convert_pages,
    open_states,
    wiki_context,
)
from dokuwiki_data.dataset.class_parquet import write_class_files
from dokuwiki_data.dataset.entry_store import EntryStore, entries_for_store
from dokuwiki_data.dataset.folder import name_of_wiki, partition_of, replacing_wiki, wiki_metadata
from dokuwiki_data.dataset.tables import (
    TABLES,
    entry_rows,
    link_rows,
    page_row,
    parquet_of,
    pyarrow_library,
    revision_row,
)
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.errors import OutputError
from dokuwiki_data.nodes.data import may_have_entries
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.record import json_line
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.history import Revision
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.overlap import refuse_folder
from dokuwiki_data.wiki.sources.source import WikiSource

_log = logging.getLogger(__name__)

#: Large files are faster to read, but they are built in memory.
_CHUNKS = Chunks(256, 2 << 20)
_SHARD_CHARACTERS = 6 << 20

#: A Parquet file for each table, as bytes.
Shard = dict[str, bytes]


class Shards(NamedTuple):
    """The shards of some pages, and the entries of these pages for the tables of classes."""

    shards: list[Shard]
    entries: list[EntryValues]


def add_wiki(
    folder: str | Path,
    source: str | Path | WikiSource,
    name: str | None = None,
    *,
    parts: Iterable[str] = PAGE_PARTS,
    revisions: bool = False,
    syntax: Syntax | None = None,
    report: Report | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> None:
    """Write a wiki into a dataset, replacing the wiki of the same name.

    Args:
        folder: The folder of the dataset; it is created if it does not exist.
        source: The path of a folder or an archive, or the result of `open_source`.
        name: The name of the wiki in the dataset; by default the name of its folder or archive.
        parts: The parts of the records in the column ``record``.
        revisions: Whether to include the texts of old states.
        syntax: How pages are parsed; by default as the wiki's settings say.
        report: Called with the error of each page that cannot be read; by default errors are logged.
        jobs: See `convert`.
        executor: See `convert`.

    Raises:
        OutputError: If a file cannot be written.
        DokuWikiDataError: As for `convert`.

    Example:
        >>> import tempfile
        >>> import dokuwiki_data as dw
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     dw.add_wiki(folder, "examples/wiki", "handbook")
        ...     dw.Dataset(folder).wikis
        ('handbook',)
    """
    report = report or _log.warning
    source, files, states = open_states(source, revisions, report)
    options = ConversionOptions(
        parts=tuple(parts), revisions=revisions, pages=files, syntax=syntax, jobs=jobs, executor=executor
    )
    name = name_of_wiki(source.files.place) if name is None else name
    for _ in write_dataset(source, states, Path(folder), name, report, options):
        pass


def write_dataset(
    source: WikiSource,
    states: Iterable[PageState],
    folder: Path,
    name: str,
    report: Report,
    options: ConversionOptions = ConversionOptions(),
) -> Iterator[Converted]:
    """Write states of a wiki's pages into a dataset, and yield the result of each chunk.

    Workers return finished files, so they do not need access to the folder, and a killed one leaves nothing behind.

    Args:
        source: The wiki.
        states: The states of its pages.
        folder: The folder of the dataset; it is created if it does not exist.
        name: The name of the wiki in the dataset.
        report: Called with the error of each page that cannot be read.
        options: What pages are converted to, and by which workers.

    Raises:
        OutputError: If a file cannot be written.
        MissingExtraError: If the extra ``parquet`` is not installed.
        DokuWikiDataError: As for `convert_pages`.
    """
    pyarrow_library()
    refuse_folder(source.files, folder)
    for table in TABLES:
        refuse_folder(source.files, folder / table / partition_of(name), is_replaced=True)
    context = options.context or wiki_context(source, ["data"], report)
    metadata = wiki_metadata(options.syntax or source.settings.syntax, context)
    write = ShardWriter(options.parts, options.revisions, metadata, source.is_listed, context)
    with_links = replace(options, parts=(*options.parts, "links"), context=context)
    try:
        with replacing_wiki(folder, name) as pending, contextlib.closing(sqlite3.connect("")) as database:
            store = EntryStore(database, context)  # SQLite removes this file
            for done in convert_pages(source, states, write, report, with_links, chunks=_CHUNKS, history=True):
                for shard in done.output.shards:
                    for table, content in shard.items():
                        pending.add(table, content)
                store.add(done.output.entries)
                done.output = b""
                yield done
            write_class_files(store, pending, metadata)
    except sqlite3.Error as error:
        raise OutputError(f"{folder}: {error}") from error


@dataclass(frozen=True, slots=True)
class ShardWriter:
    """Turns pages into shards. This runs in workers.

    Attributes:
        parts: The parts of the records.
        revisions: Whether old states are among the pages.
        metadata: The metadata of each file.
        is_listed: Tells whether the plugin stores the entry of a page, by the id of the page.
        context: The context under which the entries in the tables of classes are stored.
    """

    parts: Sequence[str]
    revisions: bool
    metadata: Mapping[str, str]
    is_listed: Callable[[str], bool]
    context: Context

    def __call__(self, pages: Iterable[ReadPage]) -> Shards:
        """Return the shards of some pages."""
        shards, builder = [], ShardBuilder(self.metadata, self.is_listed)
        entries: list[EntryValues] = []
        cleaner = EntryCleaner(self.context)
        for read in pages:
            record = self._record(read)
            if read.more.get("revision") is not None:
                for state in read.history:
                    builder.add_old(read.page, record, state)
            else:
                # Old states with a text are pages of their own if they are converted.
                known = [state for state in read.history[:-1] if not self.revisions or state.path is None]
                builder.add(read.page, record, read.more["links"], known + list(read.history[-1:]))
                entries += entries_for_store(read.page, cleaner, is_listed=self.is_listed(read.page.page_id))
            if builder.size > _SHARD_CHARACTERS:
                shards.append(builder.build())
                builder = ShardBuilder(self.metadata, self.is_listed)
        if builder.size or not shards:
            shards.append(builder.build())
        return Shards(shards, entries)

    def _record(self, read: ReadPage) -> str:
        more = {name: part for name, part in read.more.items() if name in self.parts or name != "links"}
        record = json_line(read.page, self.parts, more)
        if read.tables is None:
            return record
        before, after = record.split(f'"{more["tables"]}"')
        return before + read.tables + after


class ShardBuilder:
    """Collects the rows of pages for a shard."""

    def __init__(self, metadata: Mapping[str, str], is_listed: Callable[[str], bool] = lambda page_id: True) -> None:
        """Begin an empty shard; the arguments are those of `ShardWriter`."""
        self._metadata = metadata
        self._is_listed = is_listed
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
        #: The number of characters of all texts and records.
        self.size = 0

    def add(
        self, page: Page, record: str, links: Iterable[Mapping[str, Any]] = (), revisions: Iterable[Revision] = ()
    ) -> None:
        """Add a page with its JSON record, the part ``links`` of that, and its revisions."""
        rows, entries = self._rows, page.entries if may_have_entries(str(page)) else ()
        rows["pages"].append(page_row(page, record, len(entries)))
        rows["entries"] += entry_rows(page, entries, is_kept=self._is_listed(page.page_id))
        rows["links"] += link_rows(page, links)
        rows["revisions"] += [revision_row(page.page_id, revision) for revision in revisions]
        self.size += len(str(page)) + len(record)

    def add_old(self, page: Page, record: str, revision: Revision) -> None:
        """Add an old state of a page with its JSON record."""
        self._rows["revisions"].append(revision_row(page.page_id, revision, page, record))
        self.size += len(str(page)) + len(record)

    def build(self) -> Shard:
        """Return the shard."""
        return {table: parquet_of(table, rows, self._metadata) for table, rows in self._rows.items()}
