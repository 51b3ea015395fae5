"""A store of entries in an SQLite database, from which the tables of the classes are read when all entries are there.

What columns a class has is known only after its last entry, and the entries of a wiki may not fit into memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from dokuwiki_data.dataset.sql_names import StoredTexts
from dokuwiki_data.engine.context import ColumnType, Context
from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.engine.entry_tables import EntryValues, KeyColumns, stored_entries
from dokuwiki_data.nodes.data import may_have_entries
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import numeric
from dokuwiki_data.query.columns import Column
from dokuwiki_data.render.characters import replace_surrogates

SCHEMA = """
CREATE TABLE blocks (
    block_id INTEGER PRIMARY KEY,
    page_id TEXT NOT NULL REFERENCES pages (page_id),
    entry_number INTEGER NOT NULL,
    page_title TEXT NOT NULL,
    class_name TEXT NOT NULL,
    modified_seconds INTEGER,
    is_kept INTEGER NOT NULL
);
CREATE TABLE entries (
    block_id INTEGER NOT NULL REFERENCES blocks (block_id),
    key TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    number REAL,
    column_name TEXT NOT NULL,
    page_id TEXT NOT NULL REFERENCES pages (page_id),
    PRIMARY KEY (block_id, key, position)
) WITHOUT ROWID;
CREATE TEMP TABLE block_classes (class_name TEXT, block_id INTEGER, PRIMARY KEY (class_name, block_id)) WITHOUT ROWID;
"""

_BLOCKS_OF_CLASS = """
SELECT block_id, page_id, page_title, entry_number FROM block_classes CROSS JOIN blocks USING (block_id)
WHERE block_classes.class_name = ? ORDER BY block_id
"""
_ENTRIES_OF_CLASS = """
SELECT block_id, key, value FROM block_classes CROSS JOIN entries USING (block_id)
WHERE block_classes.class_name = ? ORDER BY block_id, key, position
"""


#: A row of a table.
Row = tuple[Any, ...]


class ClassColumn(NamedTuple):
    """A column of a class.

    Attributes:
        key: The key in the database.
        column: The column with its title, type and number of values.
        type: The meaning of the type, with the kind of the values.
    """

    key: str
    column: Column
    type: ColumnType


class EntryOfClass(NamedTuple):
    """A row of a class's table.

    Attributes:
        block_id: The number of the entry in the database.
        page_id: The id of its page.
        page_title: The title of the page.
        entry_number: The number of the entry on its page, from one.
        values: The values by the key in the database.
    """

    block_id: int
    page_id: str
    page_title: str
    entry_number: int
    values: dict[str, list[str]]


def entries_for_store(page: Page, cleaner: EntryCleaner, *, is_listed: bool) -> Iterator[EntryValues]:
    """Yield the entries of a page as stored, with a page id in UTF-8; ``is_listed`` is that of `stored_entries`."""
    if may_have_entries(str(page)):
        for entry in stored_entries(page, page.entries, cleaner, is_listed=is_listed):
            yield entry._replace(page_id=replace_surrogates(entry.page_id))


class EntryStore:
    """The entries in a database with the tables of `SCHEMA`.

    Bytes that are not UTF-8 become U+FFFD. Keys and classes that would become the same by that get a number.
    """

    def __init__(self, database: sqlite3.Connection, context: Context) -> None:
        """Begin to collect entries; ``context`` has the type aliases of the wiki."""
        self._database = database
        self._context = context
        self._next_block = 1
        self._columns: dict[str, KeyColumns] = {}
        #: The keys and classes that are not UTF-8, as they are stored.
        self._keys, self._class_names = StoredTexts(), StoredTexts()
        database.executescript(SCHEMA)

    def add(self, entries: Iterable[EntryValues]) -> None:
        """Add entries; the ids of their pages are as the database has them."""
        blocks: list[Row] = []
        values: list[Row] = []
        classes: list[Row] = []
        for block_id, entry in enumerate(entries, start=self._next_block):
            self._next_block = block_id + 1
            if not _is_utf8(entry):
                entry = self._with_utf8(entry)
            page_id, title, class_name = entry.page_id, entry.title, entry.class_name
            modified, is_kept = in_64_bits(entry.modified), entry.is_kept
            blocks.append((block_id, page_id, entry.number, title, class_name, modified, is_kept))
            for name in entry.classes:
                classes.append((name, block_id))
                self._columns.setdefault(name, KeyColumns()).add(entry)
            for key, texts in entry.values.items():
                name = entry.columns[key].name
                for position, text in enumerate(texts, start=1):
                    values.append((block_id, key, position, text, _number(text), name, page_id))
        insert(self._database, "blocks", blocks)
        insert(self._database, "entries", values)
        insert(self._database, "block_classes", classes)

    def _with_utf8(self, entry: EntryValues) -> EntryValues:
        keys = {key: self._keys[key] for key in entry.values}
        columns = {}
        for key, stored in keys.items():
            column = entry.columns[key]
            name, title, type_ = map(replace_surrogates, (column.name, column.title, column.type))
            columns[stored] = Column(name, stored, title, type_, column.many)
        return entry._replace(
            title=replace_surrogates(entry.title),
            class_name=" ".join(self._class_names[name] for name in entry.classes),
            columns=columns,
            values={keys[key]: list(map(replace_surrogates, texts)) for key, texts in entry.values.items()},
        )

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the entries, sorted; the empty text if one has none."""
        return tuple(sorted(self._columns))

    def columns(self, class_name: str) -> list[ClassColumn]:
        """Return the columns of a class, in the order in which they occur."""
        found = self._columns[class_name].items()
        return [ClassColumn(key, known.column, known.type_in(self._context, infer=True)) for key, known in found]

    def rows(self, class_name: str) -> Iterator[EntryOfClass]:
        """Yield the entries of a class."""
        found = groupby(self._database.execute(_ENTRIES_OF_CLASS, [class_name]), key=itemgetter(0))
        with_values: Iterator[tuple[int, Iterable[tuple[int, str, str]]]] = iter(found)
        block_with_values, entries = next(with_values, (0, ()))
        for block_id, page_id, title, number in self._database.execute(_BLOCKS_OF_CLASS, [class_name]):
            values: dict[str, list[str]] = {}
            if block_id == block_with_values:
                for _, key, value in entries:
                    values.setdefault(key, []).append(value)
                block_with_values, entries = next(with_values, (0, ()))
            yield EntryOfClass(block_id, page_id, title, number, values)


def insert(database: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Insert rows of texts in UTF-8 into a table, whose name is quoted if it has to be."""
    if rows:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def storable(row: Row) -> Row:
    """Return a row with U+FFFD for bytes that are not UTF-8."""
    return tuple(replace_surrogates(value) if isinstance(value, str) else value for value in row)


def in_64_bits(number: int | None) -> int | None:
    """Return a number if SQLite can store it, else None."""
    return number if number is not None and abs(number) < 2**63 else None


def _is_utf8(entry: EntryValues) -> bool:
    text = "".join(chain((entry.title, entry.class_name), entry.values, *entry.values.values()))
    return replace_surrogates(text) == text


@lru_cache(maxsize=1 << 14)
def _number(text: str) -> float | None:
    number = numeric(text)
    return None if number is None else float(number)
