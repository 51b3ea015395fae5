"""Evaluate the queries that count: clouds, lists of tags and related pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from typing import Any

from dokuwiki_data.engine.combinations import Combinations
from dokuwiki_data.engine.context import ColumnType, Context
from dokuwiki_data.engine.evaluation import column_labels, natural_key, natural_places
from dokuwiki_data.engine.filtering import undated
from dokuwiki_data.engine.index import ColumnIndex, Index
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.php import compare, php_sort
from dokuwiki_data.query.columns import CLOUD_SPECIAL, RELATED_SPECIAL, Column
from dokuwiki_data.query.queries import Query

#: The number of weights in a cloud; the first is 0.
WEIGHTS = 5

#: A value and its count.
Counted = tuple[str, int]


def evaluate_cloud(query: Query, index: Index, context: Context, semantics: Semantics, offset: int = 0) -> Result:
    """Return the values of a ``datacloud`` or ``datataglist`` with their counts, in the order shown."""
    column = query.selected[0]
    natural = semantics.order == "natural"
    counts = _counts(column, query, index, context, semantics)
    kept = [(value, count) for value, count in counts.items() if count >= query.minimum]
    kept.sort(key=_naturally if natural else None, reverse=True)
    kept.sort(key=lambda counted: -counted[1])
    shown = kept[offset : offset + query.limit] if query.limit else kept[offset:]
    weights = _weights(count for _, count in shown)
    more = offset + len(shown) < len(kept)
    if not natural:
        shown = _as_php_shows(shown, query.kind)
    elif query.kind == "cloud":
        shown.sort(key=_naturally)
    types = (ColumnType(context.type_of(column).base), ColumnType(""))
    rows = tuple(
        ResultRow("", ((value,), (count,)), number, weights[count], types)
        for number, (value, count) in enumerate(shown, start=offset + 1)
    )
    labels = (*column_labels(query, context)[:1], "Count")
    return Result(query.kind, (column,), labels, rows, more, diagnostics=undated(query, context))


def _naturally(counted: Counted) -> tuple[Any, str]:
    return natural_key(counted[0]), counted[0]


def _as_php_shows(counted: Sequence[Counted], kind: str) -> list[Counted]:
    shown = php_sort(counted, lambda one, other: compare(one[0], other[0]))
    if kind == "taglist":
        shown = php_sort(shown, lambda one, other: other[1] - one[1] or compare(other[0], one[0]))
    return shown


def _counts(column: Column, query: Query, index: Index, context: Context, semantics: Semantics) -> dict[str, int]:
    """Return the count of each value."""
    combinations = Combinations(query, index, context, semantics, CLOUD_SPECIAL)
    counted = index.columns.get(context.fill(column.key))
    counts: Counter[str] = Counter()
    if counted is not None:
        if not query.filters:
            return {value: counted.count_between(rank, rank + 1) for rank, value in enumerate(counted.values)}
        _add(counts, counted, combinations.counts(counted.pages, combinations.everything))
    # In the plugin, only the first alternative restricts the column: after an OR, the values of all columns count.
    others = combinations.everything & ~1
    if others and semantics.brackets == "and":
        passing = combinations.counts(range(len(index)), others)
        for values in index.columns.values():
            if values is not counted:
                _add(counts, values, passing)
    return counts


def _add(counts: Counter[str], values: ColumnIndex, passing: Sequence[int]) -> None:
    """Add the passing combinations of each page to the counts of its values."""
    times = list(map(passing.__getitem__, values.pages))
    by_rank = Counter(compress(values.ranks, times))
    if max(times, default=0) > 1:
        for rank, many in zip(values.ranks, times, strict=True):
            if many > 1:
                by_rank[rank] += many - 1
    for rank, many in by_rank.items():
        counts[values.values[rank]] += many


def _weights(counts: Iterable[int]) -> dict[int, int]:
    """Return the weight of each count: the number of the first step that it does not exceed."""
    different = set(counts)
    if not different:
        return {}
    least, most = min(different), max(different)
    steps = [(most - least + 1) ** (step / (WEIGHTS - 1)) + least - 1 for step in range(WEIGHTS)]
    return {
        count: next((weight for weight, step in enumerate(steps) if count <= step), WEIGHTS - 1) for count in different
    }


def evaluate_related(
    query: Query, index: Index, context: Context, semantics: Semantics, page_id: str, offset: int = 0
) -> Result:
    """Return the pages that share most values of the query's columns with the page ``page_id`` (``datarelated``)."""
    combinations = Combinations(query, index, context, semantics, RELATED_SPECIAL)
    sort = query.sort.column.key if query.sort else "%pageid%"
    sorted_by = index.special[sort] if sort in RELATED_SPECIAL else index.columns.get(context.fill(sort))
    joins_sorted = sort not in RELATED_SPECIAL and not combinations.compares(sort)
    related: dict[int, int] = {}
    for page, times in _shared(query, index, page_id).items():
        count = times * combinations.count(page, combinations.everything)
        if sorted_by is not None and joins_sorted:
            # The plugin also joins the values that it sorts by.
            count *= max(1, len(sorted_by.ranks_of(page)))
        if count:
            related[page] = count
    pages = sorted(related)
    if sorted_by is not None:
        rank_of: Callable[[int], int] = sorted_by.first_rank
        if combinations.compares(sort):
            rank_of = lambda page: combinations.first_passing_rank(sort, page)  # noqa: E731
        places = natural_places(sorted_by.values) if semantics.order == "natural" else None
        descending = query.sort is not None and query.sort.descending
        pages.sort(key=lambda page: places[rank_of(page)] if places else rank_of(page), reverse=descending)
    pages.sort(key=lambda page: -related[page])
    shown = pages[offset : offset + query.limit] if query.limit else pages[offset:]
    rows = tuple(
        ResultRow(
            index.page_ids[page], ((index.page_ids[page],), (related[page],)), number, related[page], _RELATED_TYPES
        )
        for number, page in enumerate(shown, start=offset + 1)
    )
    column = Column.parse("%pageid%")
    more = offset + len(shown) < len(pages)
    return Result(query.kind, (column,), (column.title, "Shared"), rows, more, diagnostics=undated(query, context))


_RELATED_TYPES = (ColumnType("page"), ColumnType(""))


def _shared(query: Query, index: Index, page_id: str) -> Counter[int]:
    """Return the number of values of the query's columns that each other page shares with a page."""
    shared: Counter[int] = Counter()
    current = index.number_of.get(page_id)
    if current is None:
        return shared
    for column in query.selected:
        # The key is not filled: the plugin gets the values of the page before it replaces placeholders.
        values = None if column.special else index.columns.get(column.key)
        if values is not None:
            for rank in set(values.ranks_of(current)):
                shared.update(values.pages_between(rank, rank + 1))
    del shared[current]
    return shared
