"""A table as Python values and as JSON: one dictionary for each row, its keys are the labels of the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any

from dokuwiki_data.engine.formats.cells import lists, names, text
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.engine.values import Value
from dokuwiki_data.render.characters import replace_surrogates, safe_json
from dokuwiki_data.render.stream import STREAMS

#: So many rows are written at a time.
_ROWS = 1000


def dicts(table: Result) -> list[dict[str, Any]]:
    """The rows with typed values: dates, times, page ids, addresses, images, numbers of a count, else texts.

    A cell of a many-valued column is a list; in other columns None stands for no value.
    """
    return _dicts(table, lambda _, value: _encodable(value))


def json_rows(table: Result) -> list[dict[str, Any]]:
    """The same with what JSON knows: numbers of a count, texts as stored, times as in ISO 8601."""
    return _dicts(table, lambda stored, value: stored if isinstance(stored, int) else text(stored, value))


def rows_as_json(table: Result) -> Iterator[str]:
    """The text of `json_rows` without the brackets around it, some rows at a time."""
    columns = [
        (f"{encode_basestring(name)}:", is_list) for name, is_list in zip(names(table), lists(table), strict=True)
    ]
    has_times = any(type_.base == "timestamp" for type_ in table.types)
    for start in range(0, len(table.rows), _ROWS):
        some = table.rows[start : start + _ROWS]
        by_column = zip(*(_with_times(row) if has_times else row.cells for row in some), strict=True)
        written = [_column(name, is_list, cells) for (name, is_list), cells in zip(columns, by_column, strict=True)]
        rows = "},{".join(map(",".join, zip(*written, strict=True)))
        yield safe_json(f"{',' if start else ''}{{{rows}}}")


def _column(name: str, is_list: bool, cells: Iterable[Sequence[str | int]]) -> list[str]:
    """The cells of a column, each with the name in front."""
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


def json_array(table: Result) -> str:
    """A JSON array, one row a line."""
    return "".join(STREAMS["json"](json_rows(table)))


def json_lines(table: Result) -> str:
    """One JSON object a line, for each row."""
    return "".join(STREAMS["jsonl"](json_rows(table)))


def _dicts(table: Result, convert: Callable[[str | int, Value | int], Any]) -> list[dict[str, Any]]:
    columns = tuple(zip(names(table), lists(table), strict=True))
    return [
        {
            name: values if is_list else next(iter(values), None)
            for (name, is_list), values in zip(
                columns, (list(map(convert, *both)) for both in zip(row.cells, row.values, strict=True)), strict=True
            )
        }
        for row in table.rows
    ]


def _encodable(value: Any) -> Any:
    """The value, of the same type, without lone surrogates."""
    if isinstance(value, str):
        return type(value)(replace_surrogates(value))
    if isinstance(value, tuple):
        return type(value)(*map(_encodable, value))
    return value
