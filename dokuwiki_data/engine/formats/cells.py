"""What every output of a table shares: its names of columns, and its cells as texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.engine.values import Value
from dokuwiki_data.php import echoed
from dokuwiki_data.render.characters import replace_surrogates

#: What stands between the values of a cell where it is one text.
BETWEEN_VALUES = ", "

#: What stands above the numbers of the rows.
NUMBER = "#"


class Grid(NamedTuple):
    """A table as people see it: texts only, with the numbers of the rows and the sums if it has them."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    #: Empty if there are none.
    sums: tuple[str, ...]


def grid(table: Result) -> Grid:
    """The texts of a table for people's eyes."""
    header = tuple(map(replace_surrogates, table.labels))
    rows = tuple(tuple(map(_seen, row.shown, row.values)) for row in table.rows)
    # The plugin has a line of sums below the rows of a table, not of a list, and says nothing of a sum that is 0.
    summed = table.sums if table.rows and table.kind == "table" else ()
    sums = tuple(echoed(number) if number else "" for number in summed)
    if table.rownumbers and header:
        header = (NUMBER, *header)
        rows = tuple((str(row.number), *cells) for row, cells in zip(table.rows, rows, strict=True))
        sums = ("", *sums) if sums else ()
    return Grid(header, rows, sums)


def _seen(shown: Sequence[str], values: Sequence[Value | int]) -> str:
    return BETWEEN_VALUES.join(filter(None, map(text, shown, values)))


def texts(row: ResultRow) -> tuple[str, ...]:
    """The cells of a row as they are stored, one text each."""
    return tuple(
        BETWEEN_VALUES.join(map(text, cell, values)) for cell, values in zip(row.cells, row.values, strict=True)
    )


def text(stored: str | int, value: Value | int) -> str:
    """A value as it is stored; only a time, which is stored as Unix seconds, is shown as ``2026-11-21T09:30:00Z``."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return replace_surrogates(str(stored))


def names(table: Result) -> tuple[str, ...]:
    """The labels, made different from each other: of two that are equal the second gets a ``(2)``."""
    found: dict[str, None] = {}
    next_number: dict[str, int] = {}
    for label in map(replace_surrogates, table.labels):
        name, number = label, next_number.get(label, 2)
        while name in found:
            name, number = f"{label} ({number})", number + 1
        found[name] = None
        next_number[label] = number
    return tuple(found)


def lists(table: Result) -> tuple[bool, ...]:
    """For each column, whether its cells are lists.

    That is so in tables and lists, if the name of the column says that it has many values, or if any cell has
    several. So all cells of a column have one type.
    """
    counted = table.kind not in ("table", "list")
    return tuple(
        any(len(row.cells[at]) > 1 for row in table.rows)
        or (not counted and at < len(table.columns) and table.columns[at].many)
        for at in range(len(table.labels))
    )
