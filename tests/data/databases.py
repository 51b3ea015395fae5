"""Databases of wikis, and what is read back from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dokuwiki_data.conversion import ConversionOptions, current_states
from dokuwiki_data.dataset.database import write_database
from dokuwiki_data.engine.context import Context
from dokuwiki_data.wiki.sources.opening import source_of_texts


@contextmanager
def database_of(
    texts: Mapping[str, str], context: Context = Context(), modified: Mapping[str, int] | None = None, said: Any = None
) -> Iterator[sqlite3.Connection]:
    """The database of some pages; messages are added to ``said``, without which there must be none."""
    with TemporaryDirectory() as folder:
        source = source_of_texts(texts, modified)
        files, path, messages = source.pages(_fail), Path(folder) / "wiki.db", []
        options = ConversionOptions(pages=files, context=context)
        for _ in write_database(source, current_states(files), path, _fail, messages.append, options):
            pass
        if said is None:
            assert not messages
        else:
            said += messages
        assert [path.name for path in Path(folder).iterdir()] == ["wiki.db"]
        with closing(sqlite3.connect(path)) as database:
            assert list(database.execute("PRAGMA integrity_check")) == [("ok",)]
            assert list(database.execute("PRAGMA foreign_key_check")) == []
            yield database


def _fail(error: Exception) -> None:
    raise AssertionError(error)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def entries_in(database: sqlite3.Connection, class_name: str) -> list[tuple[Any, ...]]:
    """The entries of a class from its tables: page, title, number, and values by key."""
    ((table,),) = database.execute("SELECT table_name FROM classes WHERE class_name = ?", [class_name])
    columns = database.execute(
        "SELECT key, column_name, table_name, many, kind FROM columns WHERE class_name = ? ORDER BY position",
        [class_name],
    ).fetchall()
    found = []
    own = "block_id, page_id, page_title, entry_number"
    for block, *about in database.execute(f"SELECT {own} FROM {quoted(table)} ORDER BY block_id").fetchall():
        values = {}
        for key, column, value_table, many, kind in columns:
            name = quoted("value" if many else column)
            order = " ORDER BY position" if many else ""
            statement = f"SELECT {name} FROM {quoted(value_table)} WHERE block_id = ? AND {name} IS NOT NULL{order}"
            if texts := [written(value, kind) for (value,) in database.execute(statement, [block])]:
                values[key] = texts
        found.append((*about, values))
    return found


def written(value: Any, kind: str) -> str:
    """A value of a table as the wiki writes it."""
    return ("false", "true")[value] if kind == "boolean" else str(value)
