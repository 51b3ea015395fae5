"""Write the tables of a wiki's classes into a dataset: a Parquet file for each class, with a row for each entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from dokuwiki_data.dataset.class_tables import NO_CLASS
from dokuwiki_data.dataset.entry_store import ClassColumn, EntryOfClass, EntryStore
from dokuwiki_data.dataset.folder import CLASSES, PendingFiles
from dokuwiki_data.dataset.sql_names import DifferentNames
from dokuwiki_data.dataset.tables import FORMAT, VERSION, pyarrow_library
from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.entry_tables import ENTRY_NUMBER, PAGE_ID, PAGE_TITLE
from dokuwiki_data.engine.formats.cells import text
from dokuwiki_data.engine.formats.rows import arrow_type
from dokuwiki_data.engine.values import typed
from dokuwiki_data.portable_names import portable_name

if TYPE_CHECKING:
    import pyarrow

#: The rows of a row group. They are in memory at the same time.
_ROWS_AT_ONCE = 10_000


def write_class_files(store: EntryStore, pending: PendingFiles, metadata: Mapping[str, str]) -> None:
    """Write the table of each class of a store.

    The path of a file is ``classes/wiki=NAME/class=CLASS/part-00000.parquet``; the class is written as by
    `portable_name`. Names, types and values are those of ``Wiki.entries(CLASS, infer=True).to_arrow()``.

    Args:
        store: The entries.
        pending: The new files of the wiki.
        metadata: The metadata of each file.

    Raises:
        OSError: A file cannot be written.
    """
    names = DifferentNames()
    for class_name in store.classes:
        folder = f"class={portable_name(names.take(class_name or NO_CLASS))}"
        with pending.open(f"{CLASSES}/{folder}") as output:
            _write(store, class_name, output, metadata)


def _write(store: EntryStore, class_name: str, output: IO[bytes], metadata: Mapping[str, str]) -> None:
    arrow, columns = pyarrow_library(), store.columns(class_name)
    about = {"format": FORMAT, "version": str(VERSION), "table": CLASSES, "class": class_name, **metadata}
    schema = _schema(arrow, store, class_name, columns).with_metadata(about)
    rows = store.rows(class_name)
    with arrow.parquet.ParquetWriter(output, schema, compression="zstd") as writer:
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            arrays = [
                arrow.array(values, field.type)
                for field, values in zip(schema, _values(some, columns, schema), strict=True)
            ]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _schema(arrow: Any, store: EntryStore, class_name: str, columns: Sequence[ClassColumn]) -> pyarrow.Schema:
    """Return the names and types of the columns. A type of the plugin, such as ``dt``, does not ensure its values."""
    kinds: dict[str, set[type]] = {column.key: set() for column in columns}
    known: dict[tuple[str, ColumnType], type] = {}
    types = {column.key: column.type for column in columns}
    for entry in store.rows(class_name):
        for key, texts in entry.values.items():
            for value in texts:
                of = value, types[key]
                kind = known.get(of)
                if kind is None:
                    kind = known[of] = type(typed(*of))
                kinds[key].add(kind)
    labels = DifferentNames()
    fields = [(labels.take(name), kind) for name, kind in (
        (PAGE_ID, arrow.string()), (PAGE_TITLE, arrow.string()), (ENTRY_NUMBER, arrow.int64()),
    )]  # fmt: skip
    for key, column, _ in columns:
        kind = arrow_type(arrow, kinds[key]) or arrow.string()
        fields.append((labels.take(key), arrow.list_(kind) if column.many else kind))
    schema: pyarrow.Schema = arrow.schema(fields)
    return schema


def _values(
    entries: Sequence[EntryOfClass], columns: Sequence[ClassColumn], schema: pyarrow.Schema
) -> Iterator[list[Any]]:
    """Yield the values of each column of a table."""
    yield [entry.page_id for entry in entries]
    yield [entry.page_title for entry in entries]
    yield [entry.entry_number for entry in entries]
    for number, (key, column, type_) in enumerate(columns, start=3):
        kind = schema.types[number].value_type if column.many else schema.types[number]
        is_text = str(kind) == "string"
        cells = [
            [
                text(value, typed(value, type_)) if is_text else typed(value, type_)
                for value in entry.values.get(key, ())
            ]
            for entry in entries
        ]
        yield cells if column.many else [cell[0] if cell else None for cell in cells]


def _text(value: str, type_: ColumnType) -> str:
    return text(value, typed(value, type_))
