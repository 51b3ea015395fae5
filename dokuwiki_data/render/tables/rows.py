"""A table as Python values and as JSON: one dictionary for each row, its keys are the labels of the columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dokuwiki_data.data.tables import Table
from dokuwiki_data.data.values import Value
from dokuwiki_data.render.characters import replace_surrogates
from dokuwiki_data.render.stream import STREAMS
from dokuwiki_data.render.tables.cells import lists, names, text


def dicts(table: Table) -> list[dict[str, Any]]:
    """The rows with typed values: dates, times, page ids, addresses, images, numbers of a count, else texts.

    A cell of a many-valued column is a list; in other columns None stands for no value.
    """
    return _dicts(table, lambda _, value: _encodable(value))


def json_rows(table: Table) -> list[dict[str, Any]]:
    """The same with what JSON knows: numbers of a count, texts as stored, times as in ISO 8601."""
    return _dicts(table, lambda stored, value: stored if isinstance(stored, int) else text(stored, value))


def json_array(table: Table) -> str:
    """A JSON array, one row a line."""
    return "".join(STREAMS["json"](json_rows(table)))


def json_lines(table: Table) -> str:
    """One JSON object a line, for each row."""
    return "".join(STREAMS["jsonl"](json_rows(table)))


def _dicts(table: Table, convert: Callable[[str | int, Value | int], Any]) -> list[dict[str, Any]]:
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
