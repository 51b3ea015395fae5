"""A table as a data frame of pandas or a table of Apache Arrow, each behind an extra."""

from __future__ import annotations

from datetime import date, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dokuwiki_data.engine.formats.cells import lists, names
from dokuwiki_data.engine.formats.rows import dicts, json_rows
from dokuwiki_data.engine.results import Result
from dokuwiki_data.errors import MissingExtraError

if TYPE_CHECKING:
    import pandas
    import pyarrow


def data_frame(table: Result) -> pandas.DataFrame:
    """A data frame with the typed values of `dicts`.

    Raises `MissingExtraError` without the extra ``pandas``.
    """
    library = _library("pandas", "pandas")
    frame: pandas.DataFrame = library.DataFrame(dicts(table), columns=list(names(table)))
    return frame


def arrow_table(table: Result) -> pyarrow.Result:
    """A table of Arrow, to be written as Parquet for example.

    A column of dates, of times, or of counts has that type, if all of its values are such; others are texts.
    Many-valued columns are lists.

    Raises `MissingExtraError` without the extra ``parquet``.
    """
    arrow = _library("pyarrow", "parquet")
    typed, plain, columns = dicts(table), json_rows(table), {}
    of_type = {date: arrow.date32(), datetime: arrow.timestamp("s", "UTC"), int: arrow.int64()}
    for name, is_list in zip(names(table), lists(table), strict=True):
        values = [row[name] for row in typed]
        kinds = {type(value) for cell in values for value in (cell if is_list else [cell]) if value is not None}
        known = of_type.get(next(iter(kinds))) if len(kinds) == 1 else None
        kind = known or arrow.string()
        columns[name] = arrow.array(
            values if known else [row[name] for row in plain], type=arrow.list_(kind) if is_list else kind
        )
    made: pyarrow.Result = arrow.table(columns)
    return made


def _library(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError(name, extra) from error
