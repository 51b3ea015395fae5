"""Rows of tables as people read them: cells of HTML with what they lead to, and lines of CSV with everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from dokuwiki_data.csv_rows import csv_rows
from dokuwiki_data.reports.content import ReportColumn, ReportPlace, ReportTable, Value, ValueType
from dokuwiki_data.reports.shown_values import position, shown

#: The longest text in a cell; the rest of it is in CSV and JSON.
LONGEST_TEXT = 500

#: Returns the address of the source of a page, or of a place in it; None if it is not shown.
AddressOf = Callable[[str | ReportPlace], str | None]


class ReportCell(NamedTuple):
    """A cell of a table.

    Attributes:
        type: What its value is.
        text: What it shows.
        address: Where it leads to; None if it is no link.
        more: What is shown behind the text, but less: where a place is in its page, or that a text is cut.
        key: The number by which the column is sorted, if that is not what is shown.
    """

    type: ValueType
    text: str
    address: str | None = None
    more: str = ""
    key: float | None = None


def rows_of(table: ReportTable, most: int, address_of: AddressOf) -> Iterator[list[ReportCell]]:
    """Iterate over the first rows of a table, ``most`` at most."""
    types = [column.type for column in table.columns]
    for row in islice(table.rows, most):
        yield [cell(value, of, address_of) for value, of in zip(row, types, strict=True)]


def cell(value: Value, of: ValueType, address_of: AddressOf) -> ReportCell:
    """Return a value as a cell."""
    if isinstance(value, ReportPlace):
        return ReportCell(of, value.page_id, address_of(value), position(value))
    text = shown(value, of)
    if of in ("bytes", "share") and isinstance(value, int | float):
        return ReportCell(of, text, key=value)
    more = ""
    if len(text) > LONGEST_TEXT:
        text, more = text[:LONGEST_TEXT], f"… and {len(text) - LONGEST_TEXT:,} more characters"
    return ReportCell(of, text, address_of(text) if of == "page" and not more else None, more)


def csv_table(table: ReportTable) -> bytes:
    """Return a table as CSV, with the names of columns first; a place takes three columns. Texts are no formulas."""
    header = [name for column in table.columns for name in _names(column)]
    lines = ([text for column, value in zip(table.columns, row, strict=True) for text in _texts(column, value)]
             for row in table.rows)  # fmt: skip
    return csv_rows([header, *lines]).encode("utf-8", "replace")


def _names(column: ReportColumn) -> tuple[str, ...]:
    if column.type == "place":
        return f"{column.name}_page", f"{column.name}_line", f"{column.name}_column"
    return (column.name,)


def _texts(column: ReportColumn, value: Value) -> tuple[str, ...]:
    if isinstance(value, ReportPlace):
        return value.page_id, str(value.line), str(value.column)
    text = "" if value is None else str(value)
    return (text, "", "") if column.type == "place" else (text,)
