"""Results: tables of rows, with their cells as stored and as Python values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dokuwiki_data.data.columns import Column
from dokuwiki_data.data.context import ColumnType
from dokuwiki_data.data.reader import Problem
from dokuwiki_data.data.values import Value, typed


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the page it is about (empty in clouds and lists of tags), and a cell for each column.

    A cell is a tuple of stored texts, ``()`` where the page has none. In clouds and lists of tags the cells are
    the value and its count, and ``weight`` is the value's class from 0 (rare) to 4; of related pages
    ``weight`` says how much they share. ``number`` counts the rows of the whole result from one.
    """

    page_id: str
    cells: tuple[tuple[str | int, ...], ...]
    number: int
    weight: int | None = None
    _types: tuple[ColumnType, ...] = field(default=(), repr=False, compare=False)

    @property
    def values(self) -> tuple[tuple[Value | int, ...], ...]:
        """The cells as Python values: dates, page ids, addresses, images, times, numbers of a count."""
        return tuple(
            tuple(text if isinstance(text, int) else typed(text, type_) for text in cell)
            for cell, type_ in zip(self.cells, self._types, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Table:
    """What a query shows.

    ``labels`` stand above the columns. ``more`` says whether there are rows behind the last one shown;
    ``sums`` has the sum of each column's numbers (None where there are none) if the query asks for it, else it is
    empty. ``rownumbers``
    says whether rows are to be numbered. ``diagnostics`` is what was odd about the query and its evaluation.
    """

    kind: str
    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    more: bool = False
    sums: tuple[int | float | None, ...] = ()
    rownumbers: bool = False
    diagnostics: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)
