"""The cells of a result as texts, for the formats that are tables of texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dokuwiki_data.engine.formats.grids import Grid
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.engine.values import Value
from dokuwiki_data.php import echoed
from dokuwiki_data.render.characters import replace_surrogates

#: The separator of the values of a cell in one text.
BETWEEN_VALUES = ", "

#: The label of the column of row numbers.
NUMBER = "#"


def grid(result: Result) -> Grid:
    """Return a result as readers see it, with the numbers of the rows and the sums if it has them."""
    header = tuple(map(replace_surrogates, result.labels))
    rows = tuple(tuple(map(_shown, row.shown, row.values)) for row in result.rows)
    # The plugin shows sums below a table, not below a list, and nothing for a sum that is 0.
    summed = result.sums if result.rows and result.kind == "table" else ()
    sums = tuple(echoed(number) if number else "" for number in summed)
    if result.rownumbers and header:
        header = (NUMBER, *header)
        rows = tuple((str(row.number), *cells) for row, cells in zip(result.rows, rows, strict=True))
        sums = ("", *sums) if sums else ()
    return Grid(header, rows, sums)


def stored_grid(result: Result) -> Grid:
    """Return a result as stored, with labels that are different from each other."""
    return Grid(names(result), tuple(map(_stored, result.rows)), ())


def _shown(shown: Sequence[str], values: Sequence[Value | int]) -> str:
    return BETWEEN_VALUES.join(filter(None, map(text, shown, values)))


def _stored(row: ResultRow) -> tuple[str, ...]:
    return tuple(
        BETWEEN_VALUES.join(map(text, cell, values)) for cell, values in zip(row.cells, row.values, strict=True)
    )


def text(stored: str | int, value: Value | int) -> str:
    """Return the text of a value: as stored, but a time, which is stored in seconds, as ``2026-11-21T09:30:00Z``."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return replace_surrogates(str(stored))


def names(result: Result) -> tuple[str, ...]:
    """Return the labels, made different from each other: ``Name`` and ``Name (2)``."""
    found: dict[str, None] = {}
    next_number: dict[str, int] = {}
    for label in map(replace_surrogates, result.labels):
        name, number = label, next_number.get(label, 2)
        while name in found:
            name, number = f"{label} ({number})", number + 1
        found[name] = None
        next_number[label] = number
    return tuple(found)


def lists(result: Result) -> tuple[bool, ...]:
    """Return for each column whether its cells are lists.

    They are in tables and lists if the column is many-valued, and in any result if a cell has several values. So all
    cells of a column have the same type.
    """
    counted = result.kind not in ("table", "list")
    return tuple(
        (not counted and at < len(result.columns) and result.columns[at].many)
        or any(len(row.cells[at]) > 1 for row in result.rows)
        for at in range(len(result.labels))
    )
