"""What struct answers to a search: its filters, order and rows, to compare with those of the data plugin."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.php import ascii_lower, numeric
from dokuwiki_data.struct_export.filters import SearchColumn, SearchFilter, value_test
from dokuwiki_data.struct_export.schemas import StructColumn, StructSchema
from dokuwiki_data.struct_export.values import cell_of


def stored_values(schema: StructSchema, column: SearchColumn, entry: EntryValues) -> list[str]:
    """Return the values that struct has for a page in a column of a schema; one empty text if it has none."""
    if column == "%pageid%":
        return [entry.page_id]
    if isinstance(column, str):
        return [shown_title(entry)]
    known = schema.stored.setdefault(column.label, {})
    values = known.get(entry.page_id)
    if values is None:
        # Struct keeps an empty value only if there is no other one.
        values = [value for value in cell_of(column, entry).values if value.strip()] or [""]
        known[entry.page_id] = values
    return values


def shown_title(entry: EntryValues) -> str:
    """Return the title that struct has for a page: of one without a heading, its name without the namespaces."""
    # A heading that is the page id cannot be told from none.
    return entry.page_id.rpartition(":")[2] if entry.title == entry.page_id else entry.title


def stored_entries(schema: StructSchema) -> list[EntryValues]:
    """Return the entries that struct stores: without many-valued columns, it stores none without values."""
    if any(column.many for column in schema.columns):
        return list(schema.entries.values())
    return [
        entry
        for entry in schema.entries.values()
        if any(any(stored_values(schema, column, entry)) for column in schema.columns)
    ]


def found_pages(schema: StructSchema, groups: Sequence[Sequence[SearchFilter]]) -> list[EntryValues]:
    """Return the entries that pass all filters of at least one group; all entries without groups."""
    tests = [[_test(schema, filter_) for filter_ in group] for group in groups]
    return [
        entry
        for entry in stored_entries(schema)
        if not tests or any(all(test(entry) for test in group) for group in tests)
    ]


def _test(schema: StructSchema, filter_: SearchFilter) -> Callable[[EntryValues], bool]:
    column, holds = filter_.column, value_test(filter_)

    def test(entry: EntryValues) -> bool:
        texts = stored_values(schema, column, entry)
        if column == "%title%":  # struct compares the id of the page as well
            texts = [entry.page_id, *texts]
        return any(map(holds, texts))

    return test


def sorts_alike(
    schema: StructSchema,
    entries: Sequence[EntryValues],
    column: SearchColumn,
    data_key: Callable[[EntryValues], object],
    *,
    descending: bool,
) -> bool:
    """Return whether struct gives the entries in this order, apart from entries that are equal to the data plugin.

    Args:
        schema: The schema of the entries.
        entries: The entries in the order of the data plugin.
        column: The column that struct sorts by, without regard to the case of the letters A to Z.
        data_key: The key that the data plugin sorts by.
        descending: Whether the order is descending.
    """
    keys = [ascii_lower(stored_values(schema, column, entry)[0]) for entry in entries]
    for (one, key), (other, next_key) in pairwise(zip(entries, keys, strict=True)):
        if (key < next_key if descending else key > next_key) or (key == next_key and data_key(one) != data_key(other)):
            return False
    return True


def counted_values(schema: StructSchema, filters: Sequence[SearchFilter], column: StructColumn) -> dict[str, int]:
    """Return the count of each value, as a cloud shows them.

    A page counts once for each combination of the values of many-valued columns that pass their filters.
    """
    counts: dict[str, int] = {}
    for entry in found_pages(schema, [filters] if filters else []):
        times = 1
        for filter_ in filters:
            if isinstance(filter_.column, StructColumn) and filter_.column.many:
                holds = value_test(filter_)
                times *= sum(map(holds, stored_values(schema, filter_.column, entry)))
        for value in stored_values(schema, column, entry):
            counts[value] = counts.get(value, 0) + times
    return counts


def have_one_order(values: Iterable[str]) -> bool:
    """Return whether PHP sorts values into the same order whatever order they had before.

    It compares numbers as numbers and all else as texts, so ``9``, ``10`` and ``1a`` have no order.

    Example:
        >>> have_one_order(["9", "10", "a"]), have_one_order(["9", "10", "1a"])
        (True, False)
    """
    by_number: list[tuple[float, str]] = []
    texts: list[str] = []
    for value in values:
        number = numeric(value)
        if number is None:
            texts.append(value)
        else:
            by_number.append((number, value))
    texts.sort()
    places = [bisect(texts, value) for _, value in sorted(by_number)]
    return places == sorted(places)
