"""The tables of classes in an SQLite database: a row for each entry, and tables of their own for many values."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple

from dokuwiki_data.dataset.entry_store import ClassColumn, EntryOfClass, EntryStore, insert
from dokuwiki_data.dataset.sql_names import SqlNames, identifier
from dokuwiki_data.engine.inference import BOOLEAN, INTEGER, NUMBER, READERS

SCHEMA = """
CREATE TABLE classes (
    class_name TEXT PRIMARY KEY,
    entries INTEGER NOT NULL,
    table_name TEXT,
    view_name TEXT
) WITHOUT ROWID;
CREATE TABLE columns (
    class_name TEXT NOT NULL REFERENCES classes (class_name),
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    type TEXT NOT NULL,
    many INTEGER NOT NULL,
    kind TEXT NOT NULL,
    column_name TEXT,
    table_name TEXT,
    PRIMARY KEY (class_name, position)
) WITHOUT ROWID;
"""

#: The columns of a class's table before those of its keys.
OWN_COLUMNS = ("block_id", "page_id", "page_title", "entry_number")
#: The name of the table of entries without a class.
NO_CLASS = "no_class"

#: The types of columns by the kind of their values. The others are text.
_TYPES = {INTEGER: "INTEGER", NUMBER: "NUMERIC", BOOLEAN: "BOOLEAN"}

_ROWS_AT_ONCE = 1000

#: A value of a table of SQLite.
SqlValue = str | int | float


class TableColumn(NamedTuple):
    """A column of a class with its place in the database.

    Attributes:
        column: The column.
        name: The name of the column in the view and, of single values, in the table of the class.
        value_table: The table of its values if the column has many values, else an empty text.
    """

    column: ClassColumn
    name: str
    value_table: str

    @property
    def sql_type(self) -> str:
        """The type of its values in SQLite."""
        return _TYPES.get(self.column.type.kind, "TEXT")

    def value(self, text: str) -> SqlValue:
        """Return a value as its type has it."""
        kind = self.column.type.kind
        value = READERS[kind](text) if kind in _TYPES else text
        assert not isinstance(value, date)
        return value


class ClassTable(NamedTuple):
    """The tables of a class.

    Attributes:
        class_name: The class.
        name: The table with a row for each entry.
        view: The view that shows all columns.
        columns: The columns.
        indexes: The names of the indexes by table.
    """

    class_name: str
    name: str
    view: str
    columns: list[TableColumn]
    indexes: dict[str, str]

    def create(self) -> Iterator[str]:
        """Yield the statements that make the tables and the view."""
        single = [f"{identifier(column.name)} {column.sql_type}" for column in self.columns if not column.value_table]
        table = identifier(self.name)
        yield (
            f"CREATE TABLE {table} (block_id INTEGER PRIMARY KEY REFERENCES blocks (block_id), "
            "page_id TEXT NOT NULL REFERENCES pages (page_id), page_title TEXT NOT NULL, entry_number INTEGER NOT NULL"
            f"{''.join(f', {column}' for column in single)})"
        )
        for column in self.columns:
            if column.value_table:
                yield (
                    f"CREATE TABLE {identifier(column.value_table)} (block_id INTEGER NOT NULL "
                    f"REFERENCES {table} (block_id), position INTEGER NOT NULL, value {column.sql_type} NOT NULL, "
                    "PRIMARY KEY (block_id, position)) WITHOUT ROWID"
                )
        shown = [*OWN_COLUMNS, *(self._shown(column) for column in self.columns)]
        yield f"CREATE VIEW {identifier(self.view)} AS SELECT {', '.join(shown)} FROM {table} AS entry"

    def _shown(self, column: TableColumn) -> str:
        name = identifier(column.name)
        if not column.value_table:
            return f"entry.{name}"
        values = (
            f"SELECT value FROM {identifier(column.value_table)} AS one "
            "WHERE one.block_id = entry.block_id ORDER BY position"
        )
        return f"(SELECT nullif(json_group_array(value), '[]') FROM ({values})) AS {name}"

    def create_indexes(self) -> Iterator[str]:
        """Yield the statements that make the indexes."""
        for table, index in self.indexes.items():
            column = "page_id" if table == self.name else "value"
            yield f"CREATE INDEX {identifier(index)} ON {identifier(table)} ({column})"

    def fill(self, database: sqlite3.Connection, entries: Iterable[EntryOfClass]) -> int:
        """Insert the entries, and return their number."""
        single = [column for column in self.columns if not column.value_table]
        many = [column for column in self.columns if column.value_table]
        count, left = 0, iter(entries)
        while some := list(islice(left, _ROWS_AT_ONCE)):
            count += len(some)
            insert(database, identifier(self.name), [
                (*entry[:4], *(_first(column, entry.values) for column in single)) for entry in some
            ])  # fmt: skip
            for column in many:
                key = column.column.key
                insert(database, identifier(column.value_table), [
                    (entry.block_id, position, column.value(text))
                    for entry in some for position, text in enumerate(entry.values.get(key, ()), start=1)
                ])  # fmt: skip
        return count


def _first(column: TableColumn, values: Mapping[str, list[str]]) -> SqlValue | None:
    texts = values.get(column.column.key)
    return column.value(texts[0]) if texts else None


def write_class_tables(
    database: sqlite3.Connection, store: EntryStore, taken: Iterable[str], say: Callable[[str], None]
) -> None:
    """Write the tables of all classes.

    Args:
        database: The database with the entries.
        store: The entries.
        taken: The names of the other tables and views.
        say: Called with a line for each class that has too many columns for a table.
    """
    database.executescript(SCHEMA)
    most = database.getlimit(sqlite3.SQLITE_LIMIT_COLUMN) - len(OWN_COLUMNS)
    fitting = []
    for class_name in store.classes:
        if (count := len(store.columns(class_name))) > most:
            say(f"no table is written for the class {class_name!r}: it has {count} columns, and SQLite takes {most}")
            columns = [TableColumn(column, "", "") for column in store.columns(class_name)]
            _note(database, store, ClassTable(class_name, "", "", columns, {}), sum(1 for _ in store.rows(class_name)))
        else:
            fitting.append(class_name)
    for table in _named(store, fitting, taken):
        for statement in table.create():
            database.execute(statement)
        count = table.fill(database, store.rows(table.class_name))
        for statement in table.create_indexes():
            database.execute(statement)
        _note(database, store, table, count)


def _named(store: EntryStore, class_names: Iterable[str], taken: Iterable[str]) -> list[ClassTable]:
    """Return the tables of classes. Classes choose their names first, then views, then tables of values."""
    names = SqlNames((*taken, "classes", "columns"), of_tables=True)
    tables = {class_name: names.take(class_name or NO_CLASS) for class_name in class_names}
    views = {class_name: names.take(f"{name}_view") for class_name, name in tables.items()}
    found = []
    for class_name, name in tables.items():
        column_names = SqlNames(OWN_COLUMNS)
        columns = [
            TableColumn(
                column,
                column_name := column_names.take(column.key),
                names.take(f"{name}_{column_name}") if column.column.many else "",
            )
            for column in store.columns(class_name)
        ]
        found.append(ClassTable(class_name, name, views[class_name], columns, {}))
    for table in found:
        for name in (table.name, *(column.value_table for column in table.columns if column.value_table)):
            table.indexes[name] = names.take(f"index of {name}")
    return found


def _note(database: sqlite3.Connection, store: EntryStore, table: ClassTable, count: int) -> None:
    """Write what the tables and columns of a class are called."""
    class_name = table.class_name
    insert(database, "classes", [(class_name, count, table.name or None, table.view or None)])
    insert(database, "columns", [
        (
            class_name, position, key, column.title, column.type, column.many, type_.kind,
            name or None, (value_table or table.name) or None,
        )
        for position, ((key, column, type_), name, value_table) in enumerate(table.columns, start=1)
    ])  # fmt: skip
