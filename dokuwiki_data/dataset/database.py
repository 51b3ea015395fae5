"""Write a wiki as an SQLite database: pages, links, media files, revisions, entries, and tables of its classes."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from dokuwiki_data.conversion import (
    Chunks,
    ConversionOptions,
    Converted,
    PageState,
    ReadPage,
    convert_pages,
    open_states,
    pages_in_store_order,
    wiki_context,
)
from dokuwiki_data.dataset.class_tables import write_class_tables
from dokuwiki_data.dataset.entry_store import EntryStore, Row, in_64_bits, insert, storable
from dokuwiki_data.dataset.sql_names import renamed_ids
from dokuwiki_data.dataset.tables import bytes_of, link_rows, revision_row
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.engine.entry_tables import EntryValues, stored_entries
from dokuwiki_data.engine.values import moment
from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.writing import replacing

_log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE pages (
    page_number INTEGER PRIMARY KEY,
    page_id TEXT NOT NULL UNIQUE,
    namespace TEXT NOT NULL,
    title TEXT NOT NULL,
    heading TEXT,
    modified_seconds INTEGER,
    modified TEXT,
    text TEXT NOT NULL,
    entries INTEGER NOT NULL,
    queries INTEGER NOT NULL,
    page_id_bytes BLOB,
    text_bytes BLOB
);
CREATE TABLE links (
    page_id TEXT NOT NULL REFERENCES pages (page_id),
    kind TEXT NOT NULL,
    target TEXT,
    anchor TEXT,
    "exists" INTEGER,
    label TEXT,
    written TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
);
CREATE TABLE media (
    media_id TEXT PRIMARY KEY,
    namespace TEXT NOT NULL,
    size INTEGER,
    modified_seconds INTEGER,
    modified TEXT
) WITHOUT ROWID;
CREATE TABLE revisions (
    page_id TEXT NOT NULL,
    time_seconds INTEGER,
    time TEXT,
    user TEXT,
    ip TEXT,
    summary TEXT,
    kind TEXT,
    size_change INTEGER,
    is_kept INTEGER NOT NULL,
    text TEXT,
    text_bytes BLOB
);
"""

_AFTERWARDS = """
CREATE INDEX pages_namespace ON pages (namespace);
CREATE INDEX links_page ON links (page_id);
CREATE INDEX links_target ON links (target);
CREATE INDEX revisions_page ON revisions (page_id, time_seconds);
CREATE INDEX blocks_page ON blocks (page_id);
CREATE INDEX entries_key ON entries (key, value);
CREATE VIEW stored_pages AS
SELECT block_id AS id, page_id AS page, page_title AS title, class_name AS class,
    coalesce(modified_seconds, 0) AS modified
FROM blocks WHERE is_kept;
CREATE VIEW stored_values AS SELECT block_id AS page, position, key, value FROM entries;
CREATE VIRTUAL TABLE pages_fts USING fts5 (
    page_id, title, text, content="pages", content_rowid="page_number", tokenize="unicode61 remove_diacritics 2"
);
INSERT INTO pages_fts (pages_fts) VALUES ('rebuild');
ANALYZE;
"""

#: The names of all tables, views and indexes besides those of classes, including those that FTS5 makes.
_NAMES = (
    "pages", "links", "media", "revisions", "blocks", "entries", "stored_pages", "stored_values", "pages_namespace",
    "links_page", "links_target", "revisions_page", "blocks_page", "entries_key",
    "pages_fts", *(f"pages_fts_{name}" for name in ("data", "idx", "content", "docsize", "config")),
)  # fmt: skip

#: The settings of a connection to a database that nobody else reads yet, and that is removed if writing fails.
_SETTINGS = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA cache_size = -32000;
PRAGMA page_size = 4096;
PRAGMA user_version = 1;
"""
#: The files that SQLite keeps beside a database while it is open for writing.
_BESIDE = ("-journal", "-wal")
_CHUNKS = Chunks(128, 1 << 20)


class PageRows(NamedTuple):
    """The rows of a state of a page; ``page`` is None for an old state."""

    page_id: str
    page: Row | None
    links: list[Row]
    revisions: list[Row]
    entries: list[EntryValues]


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Turns pages into rows. This runs in workers.

    Attributes:
        revisions: Whether old states are among the pages.
        context: The context under which entries are stored.
        is_listed: Tells whether the plugin stores the entry of a page, by the id of the page.
    """

    revisions: bool
    context: Context
    is_listed: Callable[[str], bool]

    def __call__(self, pages: Iterable[ReadPage]) -> list[PageRows]:
        """Return the rows of some pages."""
        cleaner = EntryCleaner(self.context)
        return [self._rows(read, cleaner) for read in pages]

    def _rows(self, read: ReadPage, cleaner: EntryCleaner) -> PageRows:
        page, page_id = read.page, read.page.page_id
        if read.more.get("revision") is not None:
            old = [_revision(revision_row(page_id, state, page)) for state in read.history]
            return PageRows(page_id, None, [], old, [])
        # Old states with a text are pages of their own if they are converted.
        known = [state for state in read.history[:-1] if not self.revisions or state.path is None]
        revisions = [_revision(revision_row(page_id, state)) for state in [*known, *read.history[-1:]]]
        blocks = list(page.find_all(DataEntry, DataQuery)) if "data" in str(page) else []
        written = [block for block in blocks if isinstance(block, DataEntry)]
        entries = list(stored_entries(page, written, cleaner, is_listed=self.is_listed(page_id)))
        links = [storable(row) for row in link_rows(page, read.more["links"])]
        return PageRows(page_id, _page(page, len(written), len(blocks) - len(written)), links, revisions, entries)


def _page(page: Page, entries: int, queries: int) -> Row:
    """Return the row of a page after its id."""
    text = str(page)
    return storable((
        namespace_of(page.page_id), page.title, page.first_heading, *_time(page.modified), text, entries, queries,
        bytes_of(page.page_id), bytes_of(text),
    ))  # fmt: skip


def _revision(row: Row) -> Row:
    page_id, seconds, *about, text, _record, text_bytes = row
    return storable((page_id, *_time(seconds), *about, text, text_bytes))


def _time(seconds: int | None) -> tuple[int | None, str | None]:
    """Return a time as a number, and as a text in UTC that the functions of SQLite read."""
    time = None if seconds is None else moment(seconds)
    return in_64_bits(seconds), None if time is None else time.replace(tzinfo=None).isoformat(" ")


def write_sqlite(
    source: str | Path | WikiSource,
    path: str | Path,
    *,
    revisions: bool = False,
    syntax: Syntax | None = None,
    report: Report | None = None,
    jobs: int = 1,
    executor: Executor | None = None,
) -> None:
    """Write a wiki as an SQLite database, replacing the file that is there.

    Args:
        source: The path of a folder or an archive, or the result of `open_source`.
        path: The path of the database.
        revisions: Whether to include the texts of old states.
        syntax: How pages are parsed; by default as the wiki's settings say.
        report: Called with the error of each page that cannot be read; by default errors are logged. A class with too
            many columns for a table is logged.
        jobs: See `convert`.
        executor: See `convert`.

    Raises:
        OutputError: The database cannot be written.
        DokuWikiDataError: As for `convert`.

    Example:
        >>> import sqlite3, tempfile
        >>> import dokuwiki_data as dw
        >>> path = f"{tempfile.mkdtemp()}/wiki.db"
        >>> dw.write_sqlite("examples/wiki", path)
        >>> sqlite3.connect(path).execute("SELECT name FROM tool ORDER BY name LIMIT 1").fetchall()
        [('Discovery portal',)]
    """
    report = report or _log.warning
    source, files, states = open_states(source, revisions, report)
    options = ConversionOptions(revisions=revisions, pages=files, syntax=syntax, jobs=jobs, executor=executor)
    for _ in write_database(source, states, Path(path), report, _log.warning, options):
        pass


def write_database(
    source: WikiSource,
    states: Sequence[PageState],
    path: Path,
    report: Report,
    say: Callable[[str], None],
    options: ConversionOptions = ConversionOptions(),
) -> Iterator[Converted]:
    """Write states of a wiki's pages as an SQLite database, and yield the result of each chunk.

    The database is written beside its place, and moved there when it is complete.

    Args:
        source: The wiki.
        states: The states of its pages.
        path: The path of the database.
        report: Called with the error of each page that cannot be read.
        say: Called with a line for each class that has too many columns for a table.
        options: What to convert, and who does it.

    Raises:
        OutputError: The database cannot be written.
        DokuWikiDataError: As for `convert_pages`.
    """
    path = Path(os.path.realpath(path))
    _check_place(path)
    context = options.context or wiki_context(source, ["data"], report)
    options = replace(options, parts=("links",), context=context)
    write = RowWriter(options.revisions, context, source.is_listed)
    try:
        with replacing(path) as output, contextlib.closing(sqlite3.connect(output.name)) as database:
            database.executescript(_SETTINGS + SCHEMA)
            tables = _Tables(database, context, [state.page_id for state in states])
            for done in convert_pages(
                source, _in_store_order(source, states, options), write, report, options, chunks=_CHUNKS, history=True
            ):
                tables.add(done.output)
                done.output = b""
                yield done
            tables.add_media(source, options, report)
            write_class_tables(database, tables.entries, _NAMES, say)
            database.executescript(_AFTERWARDS)
            database.commit()
    except (OSError, sqlite3.Error) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise OutputError(f"{path}: {reason}") from error


def _check_place(path: Path) -> None:
    if path.exists() and not path.is_file():
        raise OutputError(f"{path}: not a file")
    for ending in _BESIDE:
        if (beside := path.with_name(path.name + ending)).exists():
            raise OutputError(f"{path}: not replaced, since {beside.name} shows that a program is writing to it")


def _in_store_order(source: WikiSource, states: Iterable[PageState], options: ConversionOptions) -> list[PageState]:
    """Return the states in the order that decides between rows of answers that are otherwise equal."""
    order = {file.page_id: at for at, file in enumerate(pages_in_store_order(source, options.pages))}
    return sorted(states, key=lambda state: order.get(state.page_id, len(order)))


class _Tables:
    """Fills the tables of a database, page by page."""

    def __init__(self, database: sqlite3.Connection, context: Context, page_ids: Iterable[str]) -> None:
        self._database = database
        self._renamed = renamed_ids(page_ids)
        self._pages = 0
        self.entries = EntryStore(database, context)

    def add(self, pages: Iterable[PageRows]) -> None:
        """Add the rows of some pages."""
        rows: dict[str, list[Row]] = {"pages": [], "links": [], "revisions": []}
        entries: list[EntryValues] = []
        for page_id, page, links, revisions, of_page in pages:
            stored = self._renamed.get(page_id, page_id)
            if page is not None:
                self._pages += 1
                rows["pages"].append((self._pages, stored, *page))
            rows["links"] += [(stored, *row[1:]) for row in links]
            rows["revisions"] += [(stored, *row[1:]) for row in revisions]
            entries += [entry._replace(page_id=stored) for entry in of_page]
        for table, found in rows.items():
            insert(self._database, table, found)
        self.entries.add(entries)
        self._database.commit()

    def add_media(self, source: WikiSource, options: ConversionOptions, report: Report) -> None:
        """Add the media files."""
        sees = options.sees_media or (lambda media_id: True)
        files = [file for file in source.media(report).values() if sees(file.media_id)]
        renamed = renamed_ids(file.media_id for file in files)
        insert(self._database, "media", [
            (
                renamed.get(file.media_id, file.media_id), replace_surrogates(namespace_of(file.media_id)),
                in_64_bits(file.size), *_time(file.modified),
            )
            for file in files
        ])  # fmt: skip
