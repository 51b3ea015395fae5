"""The rows of a result as Python objects: dictionaries, JSON, pandas data frames, Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from importlib import import_module
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from dokuwiki_data.engine.formats.cells import lists, names, text
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.engine.values import Value
from dokuwiki_data.errors import MissingExtraError
from dokuwiki_data.render.characters import replace_surrogates, safe_json
from dokuwiki_data.render.stream import STREAMS

if TYPE_CHECKING:
    import pandas
    import pyarrow

#: The number of rows that are written at a time.
_ROWS = 1000


def dicts(result: Result) -> list[dict[str, Any]]:
    """Return the rows as dictionaries of typed values, see `Result.to_dicts`."""
    return _dicts(result, lambda _, value: _encodable(value))


def json_rows(result: Result) -> list[dict[str, Any]]:
    """Return the rows with values that JSON supports: counts as numbers, times as in ISO 8601, others as stored."""
    return _dicts(result, lambda stored, value: stored if isinstance(stored, int) else text(stored, value))


def json_array(result: Result) -> str:
    """Return the rows as a JSON array with one row on a line."""
    return "".join(STREAMS["json"](json_rows(result)))


def json_lines(result: Result) -> str:
    """Return the rows as one JSON object on each line."""
    return "".join(STREAMS["jsonl"](json_rows(result)))


def rows_as_json(result: Result) -> Iterator[str]:
    """Yield the text of `json_rows` in pieces of some rows, without the brackets around it."""
    columns = [
        (f"{encode_basestring(name)}:", is_list) for name, is_list in zip(names(result), lists(result), strict=True)
    ]
    has_times = any(type_.base == "timestamp" for type_ in result.types)
    for start in range(0, len(result.rows), _ROWS):
        some = result.rows[start : start + _ROWS]
        by_column = zip(*(_with_times(row) if has_times else row.cells for row in some), strict=True)
        written = [_column(name, is_list, cells) for (name, is_list), cells in zip(columns, by_column, strict=True)]
        rows = "},{".join(map(",".join, zip(*written, strict=True)))
        yield safe_json(f"{',' if start else ''}{{{rows}}}")


def data_frame(result: Result) -> pandas.DataFrame:
    """Return a data frame of `dicts`. Raises `MissingExtraError` without the extra ``pandas``."""
    library = _library("pandas", "pandas")
    frame: pandas.DataFrame = library.DataFrame(dicts(result), columns=list(names(result)))
    return frame


def arrow_table(result: Result) -> pyarrow.Table:
    """Return a table of Arrow, see `Result.to_arrow`. Raises `MissingExtraError` without the extra ``parquet``."""
    arrow = _library("pyarrow", "parquet")
    typed, plain, columns = dicts(result), json_rows(result), {}
    of_type = {date: arrow.date32(), datetime: arrow.timestamp("s", "UTC"), int: arrow.int64()}
    for name, is_list in zip(names(result), lists(result), strict=True):
        values = [row[name] for row in typed]
        kinds = {type(value) for cell in values for value in (cell if is_list else [cell]) if value is not None}
        known = of_type.get(next(iter(kinds))) if len(kinds) == 1 else None
        kind = known or arrow.string()
        columns[name] = arrow.array(
            values if known else [row[name] for row in plain], type=arrow.list_(kind) if is_list else kind
        )
    made: pyarrow.Table = arrow.table(columns)
    return made


def _dicts(result: Result, convert: Callable[[str | int, Value | int], Any]) -> list[dict[str, Any]]:
    columns = tuple(zip(names(result), lists(result), strict=True))
    return [
        {
            name: values if is_list else next(iter(values), None)
            for (name, is_list), values in zip(
                columns, (list(map(convert, *both)) for both in zip(row.cells, row.values, strict=True)), strict=True
            )
        }
        for row in result.rows
    ]


def _column(name: str, is_list: bool, cells: Iterable[Sequence[str | int]]) -> list[str]:
    """Return the cells of a column as JSON, each after the name."""
    if is_list:
        return [f"{name}[{','.join(map(_json_value, cell))}]" for cell in cells]
    return [f"{name}{_json_value(cell[0]) if cell else 'null'}" for cell in cells]


def _json_value(value: str | int) -> str:
    return encode_basestring(value) if isinstance(value, str) else repr(value)


def _with_times(row: ResultRow) -> tuple[tuple[str | int, ...], ...]:
    return tuple(
        tuple(stored if isinstance(stored, int) else text(stored, value) for stored, value in zip(*both, strict=True))
        for both in zip(row.cells, row.values, strict=True)
    )


def _encodable(value: Any) -> Any:
    """Return a value of the same type without lone surrogates."""
    if isinstance(value, str):
        return type(value)(replace_surrogates(value))
    if isinstance(value, tuple):
        return type(value)(*map(_encodable, value))
    return value


def _library(name: str, extra: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError(name, extra) from error
