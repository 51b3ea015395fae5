"""The tables of a dataset: their rows, made from pages, and the columns of their Parquet files."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.values import clean
from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.data import DataEntry, DataField
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import numeric
from dokuwiki_data.query.columns import Column
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.wiki.history import Revision

if TYPE_CHECKING:
    import pyarrow

# ----------------------------------------------------------------------------------------------------- rows


class PageRow(NamedTuple):
    """A row of ``pages``: a page. Everything else about it follows from its text."""

    page_id: str
    namespace: str
    title: str
    #: The first heading; None without any heading.
    heading: str | None
    #: Unix seconds, here and below. Another column has the same as a time.
    modified_seconds: int | None
    text: str
    #: The JSON record as ``convert`` writes it.
    record: str
    entries: int
    queries: int
    diagnostics: int
    #: The bytes of the id and the text if they are not UTF-8; in the other columns, invalid bytes are U+FFFD.
    page_id_bytes: bytes | None
    text_bytes: bytes | None


class EntryRow(NamedTuple):
    """A row of ``entries``: a value of an entry, a field without values, or an entry without fields."""

    page_id: str
    title: str
    modified_seconds: int | None
    class_name: str
    #: The numbers, from 1, of the entry on its page, of the field in its entry and of the value in its field.
    entry: int
    #: Whether the plugin stores this entry: the last one of its page, if DokuWiki's search lists the page.
    is_last: bool
    field: int | None
    value_number: int | None
    #: The name of the column as written, and its parts.
    column: str | None
    key: str | None
    column_title: str | None
    type: str | None
    many: bool | None
    #: As written, trimmed.
    value: str | None
    #: As the plugin stores it in a wiki without type aliases.
    stored: str | None
    date: str | None
    number: float | None
    comment: str | None
    #: The place of the value in the page's text, in characters.
    start: int | None
    end: int | None


class LinkRow(NamedTuple):
    """A row of ``links``: a link, an image or a file. The part ``links`` of a record has the same keys."""

    page_id: str
    kind: str
    target: str | None
    anchor: str | None
    exists: bool | None
    label: str | None
    written: str
    #: The place in the page's text, in characters.
    start: int
    end: int


class RevisionRow(NamedTuple):
    """A row of ``revisions``: a state of a page, including the current one, from the changelog or the attic."""

    page_id: str
    time_seconds: int
    user: str | None
    ip: str | None
    summary: str | None
    #: ``C`` created, ``E`` edited, ``e`` minor edit, ``D`` deleted, ``R`` reverted.
    kind: str | None
    size_change: int | None
    #: Whether the wiki keeps its text.
    is_kept: bool
    #: The text and the record of an old state, if old states were converted.
    text: str | None
    record: str | None
    text_bytes: bytes | None


def page_row(page: Page, record: str, entries: int) -> PageRow:
    """Return the row of a page, from its JSON record and the number of its entries."""
    text, page_id = str(page), page.page_id
    return PageRow(
        page_id, namespace_of(page_id), page.title, page.first_heading, page.modified, text, record,
        entries, len(page.queries) if "data" in text else 0, len(page.diagnostics),
        bytes_of(page_id), bytes_of(text),
    )  # fmt: skip


def entry_rows(page: Page, entries: Iterable[DataEntry], *, is_kept: bool = True) -> Iterator[EntryRow]:
    """Yield the rows of the entries of a page; ``is_kept`` tells whether the plugin stores the last one."""
    entries = tuple(entries)
    for number, entry in enumerate(entries, start=1):
        of_entry = page.page_id, page.title, page.modified, entry.class_name, number, is_kept and number == len(entries)
        if not entry.fields:
            yield EntryRow._make((*of_entry, *[None] * 14))
        for at, field in enumerate(entry.fields, start=1):
            for of_value in _of_field(field):
                yield EntryRow._make((*of_entry, at, *of_value))


def _of_field(field: DataField) -> Iterator[tuple[object, ...]]:
    column, comment = field.column, field.comment
    about = column.name, column.key, column.title, column.type, column.many
    if not field.values:
        yield None, *about, None, None, None, None, comment, None, None
    for number, (value, span) in enumerate(zip(field.values, field.value_spans, strict=True), start=1):
        yield number, *about, value, *_typed(value, column), comment, *span


@lru_cache(maxsize=1 << 13)
def _typed(value: str, column: Column) -> tuple[str, str | None, float | None]:
    stored = clean(value, ColumnType(column.type))
    number = numeric(stored)
    return stored, stored if column.type == "dt" else None, None if number is None else float(number)


def link_rows(page: Page, links: Iterable[Mapping[str, Any]]) -> Iterator[LinkRow]:
    """Yield the rows of the links and media of a page, from the part ``links`` of its record."""
    for found in links:
        start, end = found["span"]
        values = {name: value for name, value in found.items() if name != "span"}
        yield LinkRow(page_id=page.page_id, start=start, end=end, **values)


def revision_row(page_id: str, revision: Revision, page: Page | None = None, record: str | None = None) -> RevisionRow:
    """Return the row of a state of a page; an old state that was converted comes with its page and record."""
    time, change, path = revision
    about = (change.user, change.ip, change.summary, change.kind, change.size_change) if change else (None,) * 5
    text = None if page is None else str(page)
    bytes_ = None if text is None else bytes_of(text)
    return RevisionRow._make((page_id, time, *about, path is not None, text, record, bytes_))


def bytes_of(text: str) -> bytes | None:
    """Return the bytes of a text that is not UTF-8; None for other texts."""
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        # A text that was not read from a file may have surrogates that do not stand for bytes.
        try:
            return text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return text.encode("utf-8", "surrogatepass")
    return None


# -------------------------------------------------------------------------------------------------- columns

FORMAT = "dokuwiki-data/dataset"
VERSION = 1

#: The tables, with the classes of their rows.
TABLES: dict[str, type[tuple[Any, ...]]] = {
    "pages": PageRow,
    "entries": EntryRow,
    "links": LinkRow,
    "revisions": RevisionRow,
}

#: The types of all columns that are not text.
_TYPES = {
    "modified_seconds": "int64", "time_seconds": "int64", "modified": "time", "time": "time",
    "entries": "int32", "queries": "int32", "diagnostics": "int32", "entry": "int32", "field": "int32",
    "value_number": "int32", "start": "int32", "end": "int32", "size_change": "int64",
    "is_last": "bool_", "many": "bool_", "exists": "bool_", "is_kept": "bool_",
    "date": "date32", "number": "float64", "page_id_bytes": "binary", "text_bytes": "binary",
}  # fmt: skip

#: Columns of times, which stand beside columns of seconds.
_TIMES = {"modified_seconds": "modified", "time_seconds": "time"}

#: Columns that are written without a dictionary, since few of their values repeat.
_UNIQUE = frozenset(("text", "record", "text_bytes", "start", "end"))
#: Columns of long values, whose minimum and maximum are of no use; to find these takes three times their memory.
_LONG = frozenset(("text", "record", "text_bytes"))

#: The first and the last second of the years that most programs support as times.
_FIRST_SECOND = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
_LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())
_LARGEST = 2**63 - 1


def names_of(table: str) -> list[str]:
    """Return the names of a table's columns, in order."""
    names = []
    for name in TABLES[table]._fields:  # type: ignore[attr-defined]
        names += [name, _TIMES[name]] if name in _TIMES else [name]
    return names


@cache
def schema_of(table: str) -> pyarrow.Schema:
    """Return the schema of a table. Raises `MissingExtraError` if the extra ``parquet`` is not installed."""
    arrow = pyarrow_library()
    types = {"time": lambda: arrow.timestamp("ms", "UTC"), "text": arrow.string}
    kinds = {name: _TYPES.get(name, "text") for name in names_of(table)}
    columns = [(name, types[kind]() if kind in types else getattr(arrow, kind)()) for name, kind in kinds.items()]
    schema: pyarrow.Schema = arrow.schema(columns).with_metadata(
        {"format": FORMAT, "version": str(VERSION), "table": table}
    )
    return schema


def pyarrow_library() -> Any:
    """Import the library that writes Parquet. Raises `MissingExtraError` if it is not installed."""
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise MissingExtraError("pyarrow", "parquet") from error


def parquet_of(table: str, rows: Sequence[tuple[Any, ...]], metadata: Mapping[str, str]) -> bytes:
    """Return the rows of a table as a Parquet file with some metadata."""
    arrow, schema = pyarrow_library(), schema_of(table)
    schema = schema.with_metadata({**schema.metadata, **metadata})
    names: Sequence[str] = TABLES[table]._fields  # type: ignore[attr-defined]
    columns = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    for seconds, time in _TIMES.items():
        if seconds in columns:
            columns[seconds] = tuple(map(_in_64_bits, columns[seconds]))
            columns[time] = tuple(map(_in_calendar, columns[seconds]))
    if "date" in columns:
        columns["date"] = tuple(map(_date, columns["date"]))
    arrays = [_array(arrow, columns[field.name], field.type) for field in schema]
    output = io.BytesIO()
    arrow.parquet.write_table(
        arrow.Table.from_arrays(arrays, schema=schema), output, compression="zstd",
        use_dictionary=[name for name in schema.names if name not in _UNIQUE],
        write_statistics=[name for name in schema.names if name not in _LONG],
    )  # fmt: skip
    return output.getvalue()


def _array(arrow: Any, values: Iterable[Any], type_: Any) -> Any:
    if arrow.types.is_timestamp(type_):
        return arrow.array(values, arrow.int64()).cast(arrow.timestamp("s", "UTC")).cast(type_)
    try:
        return arrow.array(values, type_)
    except UnicodeEncodeError:  # from a file that is not UTF-8
        return arrow.array([None if value is None else replace_surrogates(value) for value in values], type_)


def _in_64_bits(seconds: int | None) -> int | None:
    return seconds if seconds is not None and abs(seconds) <= _LARGEST else None


def _in_calendar(seconds: int | None) -> int | None:
    return seconds if seconds is not None and _FIRST_SECOND <= seconds <= _LAST_SECOND else None


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
