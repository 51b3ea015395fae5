"""What the Parquet files hold: the columns of each table, and under which format and version."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any

from dokuwiki_data.dataset.rows import EntryRow, LinkRow, PageRow, RevisionRow
from dokuwiki_data.errors import MissingExtraError

if TYPE_CHECKING:
    import pyarrow

FORMAT = "dokuwiki-data/dataset"
VERSION = 1

#: The tables and what a row of each is.
TABLES: dict[str, type[tuple[Any, ...]]] = {
    "pages": PageRow,
    "entries": EntryRow,
    "links": LinkRow,
    "revisions": RevisionRow,
}

#: The type of each column that is no text, in any table.
_TYPES = {
    "modified_seconds": "int64", "time_seconds": "int64", "modified": "time", "time": "time",
    "entries": "int32", "queries": "int32", "diagnostics": "int32", "entry": "int32", "field": "int32",
    "value_number": "int32", "start": "int32", "end": "int32", "size_change": "int64",
    "is_last": "bool_", "many": "bool_", "exists": "bool_", "is_kept": "bool_",
    "date": "date32", "number": "float64", "page_id_bytes": "binary", "text_bytes": "binary",
}  # fmt: skip

#: Columns that stand beside others and say the same as times: by that of their seconds.
TIMES = {"modified_seconds": "modified", "time_seconds": "time"}

#: What differs from row to row; a dictionary of it would be a waste.
NOT_REPEATED = frozenset(("text", "record", "text_bytes", "start", "end"))


def names_of(table: str) -> list[str]:
    """The columns of a table, in order."""
    names = []
    for name in TABLES[table]._fields:  # type: ignore[attr-defined]
        names += [name, TIMES[name]] if name in TIMES else [name]
    return names


@cache
def schema_of(table: str) -> pyarrow.Schema:
    """The schema of a table. Raises `MissingExtraError` without the extra ``parquet``."""
    arrow = pyarrow_library()
    types = {"time": lambda: arrow.timestamp("ms", "UTC"), "text": arrow.string}
    kinds = {name: _TYPES.get(name, "text") for name in names_of(table)}
    columns = [(name, types[kind]() if kind in types else getattr(arrow, kind)()) for name, kind in kinds.items()]
    schema: pyarrow.Schema = arrow.schema(columns).with_metadata(
        {"format": FORMAT, "version": str(VERSION), "table": table}
    )
    return schema


def pyarrow_library() -> Any:
    """The library that writes Parquet. Raises `MissingExtraError` without the extra ``parquet``."""
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise MissingExtraError("pyarrow", "parquet") from error
