"""Read the data plugin's own store of a wiki, ``meta/data.sqlite3``, and compare the pages with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from dokuwiki_data.engine.context import TypeAlias
from dokuwiki_data.engine.index import Record
from dokuwiki_data.errors import PageReadError, StoreError
from dokuwiki_data.wiki.sources.files import MEBIBYTE, join_path
from dokuwiki_data.wiki.sources.folder import FolderFiles
from dokuwiki_data.wiki.sources.source import PageFile, WikiSource

NAME = "data.sqlite3"

#: Limits against stores that were made to be slow: the size of a value, and steps of SQLite's machine per byte of the
#: file. The store of a wiki with 292,412 values takes half a step per byte.
_MAX_VALUE_BYTES = 64 * MEBIBYTE
_STEPS_PER_BYTE, _STEPS_AT_ONCE = 20, 1_000_000
_TABLES = ("aliases", "pages", "data")


@dataclass(frozen=True, slots=True)
class StoredPage:
    """The entry of a page in the store; ``values`` are in the order of the store, by key."""

    title: str
    class_name: str
    modified: str
    values: dict[str, list[str]] = field(default_factory=dict)


def read_aliases(source: WikiSource) -> tuple[TypeAlias, ...]:
    """Return the type aliases of a wiki; none if it has no store. Raises `StoreError` if the store is damaged."""
    columns = "name, type, prefix, postfix, enum"
    return tuple(TypeAlias(*map(_text, row)) for row in _rows(source, f"SELECT {columns} FROM aliases", "aliases"))


def read_stored(source: WikiSource) -> dict[str, StoredPage] | None:
    """Return the entries in the store by page id; None without a store. Raises `StoreError` if it is damaged."""
    if not has_store(source):
        return None
    pages: dict[str, StoredPage] = {}
    statement = (
        "SELECT page, title, class, lastmod, key, value FROM pages LEFT JOIN data ON pages.pid = data.pid ORDER BY eid"
    )
    for page, title, class_name, modified, key, value in _rows(source, statement, "pages", "data"):
        stored = pages.setdefault(_text(page), StoredPage(_text(title), _text(class_name), _text(modified)))
        if key is not None:
            stored.values.setdefault(_text(key), []).append(_text(value))
    return pages


def sorted_by_store(source: WikiSource, files: Iterable[PageFile]) -> list[PageFile]:
    """Sort pages as in the store, which is the order of rows that are otherwise equal.

    Pages that are not in the store follow by the paths of their files, as DokuWiki indexes a wiki. Raises `StoreError`
    if the store is damaged.
    """
    rows = _rows(source, "SELECT page FROM pages ORDER BY pid", "pages")
    known = {_text(page): number for number, (page,) in enumerate(rows)}
    return sorted(files, key=lambda file: (known.get(file.page_id, len(known)), file.path))


def has_store(source: WikiSource) -> bool:
    """Return whether a wiki has a store."""
    return not source.layout.is_pages_only and NAME in source.files.names(source.layout.meta).files


def _rows(source: WikiSource, statement: str, *tables: str) -> Iterator[Sequence[Any]]:
    if not has_store(source):
        return
    path = join_path(source.layout.meta, NAME)
    try:
        with closing(_connect(source, path)) as connection:
            kinds = dict(connection.execute("SELECT name, type FROM sqlite_master"))
            if any(kinds.get(table, "table") != "table" for table in _TABLES):
                raise StoreError(f"{source.files.place / path}: is not a store of the data plugin")
            if all(table in kinds for table in tables):  # otherwise the store was never used
                yield from connection.execute(statement)
    except PageReadError as error:
        raise StoreError(str(error)) from error
    except sqlite3.Error as error:
        raise StoreError(f"{source.files.place / path}: {error}") from error


def _connect(source: WikiSource, path: str) -> sqlite3.Connection:
    if isinstance(source.files, FolderFiles):
        place = source.files.path(path)
        if not place.is_file():  # opening a pipe might never end
            raise PageReadError(place, "is not a regular file")
        size = place.stat().st_size
        connection = sqlite3.connect(f"{(Path.cwd() / place).as_uri()}?mode=ro&immutable=1", uri=True)
    else:
        content = source.read(path)
        size = len(content)
        connection = sqlite3.connect(":memory:")
        connection.deserialize(_without_log(content))
    _set_limits(connection, size)
    connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    return connection


def _without_log(content: bytes) -> bytes:
    """Return a database without the mark of a write-ahead log, with which SQLite opens none that is in memory."""
    return content[:18] + b"\1\1" + content[20:] if content[18:20] == b"\2\2" else content


def _set_limits(connection: sqlite3.Connection, size: int) -> None:
    """Make SQLite fail on values that are too long, and on queries that take too long for the size of the file."""
    left = 1 + size * _STEPS_PER_BYTE // _STEPS_AT_ONCE

    def is_too_much() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    connection.set_progress_handler(is_too_much, _STEPS_AT_ONCE)


def _text(value: object) -> str:
    return "" if value is None else str(value)


class StoreDifference(NamedTuple):
    """A difference between a page and the store.

    Attributes:
        page_id: The id of the page.
        key: The key of a column, or ``%title%`` or ``%class%``.
        ours: The values according to the page; None without any.
        stored: The values according to the store; None without any.
    """

    page_id: str
    key: str
    ours: tuple[str, ...] | None
    stored: tuple[str, ...] | None

    def __str__(self) -> str:
        return f"{self.page_id}: {self.key}: the page says {_describe(self.ours)}, the store {_describe(self.stored)}"


class StoreComparison(NamedTuple):
    """The numbers of pages and values that were compared, and their differences."""

    pages: int
    values: int
    differences: list[StoreDifference]


def compare_store(source: WikiSource, records: Iterable[Record]) -> StoreComparison:
    """Compare what the plugin would store of pages with its store. Raises `StoreError` without a readable store."""
    stored = read_stored(source)
    if stored is None:
        raise StoreError(f"{source.files.place}: has no store of the data plugin")
    ours = {record.page_id: record for record in records}
    differences: list[StoreDifference] = []
    values = 0
    for page_id in sorted(ours.keys() | stored.keys()):
        own, other = ours.get(page_id), stored.get(page_id)
        if own is not None and other is not None:
            for key, own_text, stored_text in (
                ("%title%", own.title, other.title), ("%class%", own.class_name, other.class_name),
            ):  # fmt: skip
                if own_text != stored_text:
                    differences.append(StoreDifference(page_id, key, (own_text,), (stored_text,)))
        own_values = own.values if own else {}
        stored_values = other.values if other else {}
        values += sum(map(len, own_values.values()))
        differences += _value_differences(page_id, own_values, stored_values)
    return StoreComparison(len(ours), values, differences)


def _value_differences(
    page_id: str, ours: Mapping[str, Sequence[str]], stored: Mapping[str, Sequence[str]]
) -> Iterator[StoreDifference]:
    for key in sorted(ours.keys() | stored.keys()):
        one, other = ours.get(key), stored.get(key)
        if list(one or ()) != list(other or ()):
            yield StoreDifference(
                page_id, key, None if one is None else tuple(one), None if other is None else tuple(other)
            )


def _describe(values: tuple[str, ...] | None) -> str:
    return "nothing" if values is None else ", ".join(map(repr, values)) or "no value"
