"""Evaluate tables and lists: select pages, sort them, and make their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from dokuwiki_data.engine.bits import members
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.filtering import FilterCompiler, column_index, undated
from dokuwiki_data.engine.index import Index
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.wishes import sorts
from dokuwiki_data.php import added, numeric
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.queries import Query

Cell = tuple[str, ...]

#: The number of pages whose cells are made together.
PAGES = 512

_DIGITS = re.compile(r"(\d+)", re.ASCII)


def evaluate_table(
    query: Query, index: Index, context: Context, semantics: Semantics, headings: Mapping[str, str], offset: int = 0
) -> Result:
    """Return the rows of a ``datatable`` or ``datalist``, up to the query's limit, after ``offset`` rows."""
    columns = query.selected
    pages = ordered(matching_pages(query, index, context, semantics, headings), query, index, context, semantics)
    shown = pages[offset : offset + query.limit] if query.limit else pages[offset:]
    types = tuple(map(context.shown_type_of, columns))
    rows = tuple(
        ResultRow(index.page_ids[page], cells, number, None, types)
        for number, (page, cells) in enumerate(_cells(shown, columns, index, context), start=offset + 1)
    )
    return Result(
        query.kind, columns, column_labels(query, context), rows, offset + len(shown) < len(pages),
        _sums(columns, rows, context) if query.summarize else (),
        context.rownumbers if query.rownumbers is None else query.rownumbers,
        undated(query, context),
    )  # fmt: skip


def matching_pages(
    query: Query, index: Index, context: Context, semantics: Semantics, headings: Mapping[str, str]
) -> Sequence[int]:
    """Return the numbers of the pages that pass the filters of a query, in order."""
    condition = FilterCompiler(index, context, semantics, headings).condition(query.filters, query.bracketed)
    return members(condition.pages())


def _cells(
    pages: Sequence[int], columns: Sequence[Column], index: Index, context: Context
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Yield each page with its cells. Work on some pages at a time, which saves memory."""
    for start in range(0, len(pages), PAGES):
        some = pages[start : start + PAGES]
        cells = zip(*(column_cells(index, column, context, some) for column in columns), strict=True)
        yield from zip(some, cells, strict=True)


def column_labels(query: Query, context: Context) -> tuple[str, ...]:
    """Return the labels of the columns: the query's headers, else the wiki's labels, else the columns' titles."""
    return tuple(
        query.headers[at] if at < len(query.headers) else context.labels.get(column.key, column.title)
        for at, column in enumerate(query.selected)
    )


def column_cells(index: Index, column: Column, context: Context, pages: Sequence[int]) -> list[Cell]:
    """Return the cells of a column for some pages.

    The plugin puts the page's id before cells of some types, and loses the cell if it begins with an empty text or 0.
    """
    values = column_index(index, column, context)
    if values is None:
        return [()] * len(pages)
    cells = values.cells(pages)
    if not column.special and context.type_of(column).base in ("pageid", "wiki"):
        return [() if cell and cell[0] in ("", "0") else cell for cell in cells]
    return cells


def ordered(pages: Sequence[int], query: Query, index: Index, context: Context, semantics: Semantics) -> list[int]:
    """Sort pages as a query says. Equal pages keep their order; a descending sort reverses it.

    ``pages`` are in the order of the collection.
    """
    in_order = list(pages)
    natural = semantics.order == "natural"
    if query.sort is not None and semantics.sort == "several" and "," in query.sort.column.name:
        for sort in reversed(sorts(query.sort)):
            key = sort_key(sort.column, index, context, natural)
            if key is not None:
                in_order.sort(key=key, reverse=sort.descending)
    elif query.sort is not None:
        key = sort_key(query.sort.column, index, context, natural)
        if key is not None:
            in_order.sort(key=key)
        if query.sort.descending:
            in_order.reverse()
    elif query.selected:
        keys = _first_cell_keys(query.selected[0], index, context, in_order)
        if natural:
            keys = [natural_key(str(key)) for key in keys]
        in_order = [in_order[at] for at in sorted(range(len(keys)), key=keys.__getitem__)]
    return in_order


def sort_key(column: Column, index: Index, context: Context, natural: bool) -> Callable[[int], Any] | None:
    """Return the key to sort pages by a column: the first value of a page; a missing value comes first."""
    if column.key == "%lastmod%":
        return index.modified.__getitem__
    values = column_index(index, column, context)
    if values is None:
        return None
    if not natural:
        return values.first_rank_of
    places = natural_places(values.values)
    return lambda page: places[values.first_rank(page)]


def _first_cell_keys(column: Column, index: Index, context: Context, pages: Sequence[int]) -> list[Any]:
    """Return the keys of a query without a sort line: the first cell as the plugin's database returns it."""
    if column.key == "%lastmod%":
        return [index.modified[page] for page in pages]
    cells, base = column_cells(index, column, context, pages), context.type_of(column).base
    if column.key == "%title%" or (not column.special and base in ("pageid", "wiki")):
        return [
            f"{index.page_ids[page]}|{chr(10).join(cell)}" if cell else ""
            for page, cell in zip(pages, cells, strict=True)
        ]
    return ["\n".join([" " + value for value in cell]) for cell in cells]


def natural_key(text: str) -> tuple[str | tuple[int, str], ...]:
    """Return a key for sorting in which numbers in texts count as numbers, and case does not count."""
    parts = _DIGITS.split(text.casefold())
    return tuple((len(part.lstrip("0")), part.lstrip("0")) if at % 2 else part for at, part in enumerate(parts))


def natural_places(values: Sequence[str]) -> list[int]:
    """Return the place in natural order of each of some sorted values, and last that of no value (rank -1)."""
    places = [-1] * (len(values) + 1)
    for place, rank in enumerate(sorted(range(len(values)), key=lambda rank: natural_key(values[rank]))):
        places[rank] = place
    return places


def _sums(columns: Sequence[Column], rows: Sequence[ResultRow], context: Context) -> tuple[int | float | None, ...]:
    """Return the sum of each column's numbers, or None for a column without any. A comma counts as a point.

    Cells with several values are left out. The numbers are added one by one as in PHP, since Python's `sum` rounds
    differently in each version.
    """
    sums: list[int | float | None] = []
    for at, column in enumerate(columns):
        linked = column.key == "%title%" or context.type_of(column).base in ("pageid", "wiki")
        numbers = [
            number
            for row in rows
            if len(row.cells[at]) == 1 and not linked
            if (number := numeric(str(row.cells[at][0]).replace(",", "."))) is not None
        ]
        sums.append(reduce(added, numbers) if numbers else None)
    return tuple(sums)
