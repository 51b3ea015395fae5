"""Evaluating clouds, lists of tags and lists of related pages, which count.

The plugin joins an entry's values with each other before it counts: a page counts once for each combination
of values that passes the filters, one value of each column that they look at. The combinations are never
made here. What a value decides is which of the condition's alternatives are still possible; so it is enough
to know how many combinations leave which alternatives open, one column after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby

from dokuwiki_data.data.columns import Column
from dokuwiki_data.data.conditions import Comparison
from dokuwiki_data.data.context import ColumnType, Context
from dokuwiki_data.data.evaluation import labels
from dokuwiki_data.data.filtering import LIKE, check, operands, pattern, split, undated
from dokuwiki_data.data.patterns import matcher
from dokuwiki_data.data.php import compare
from dokuwiki_data.data.php_sort import php_sort
from dokuwiki_data.data.query import Query
from dokuwiki_data.data.tables import Row, Table
from dokuwiki_data.wiki.index import ColumnIndex, Index

#: Clouds have this many weights, from 0 on.
WEIGHTS = 5

#: The special columns that clouds know, and lists of related pages know; others are ordinary keys there.
CLOUD_SPECIAL = ("%pageid%", "%title%", "%class%")
RELATED_SPECIAL = ("%pageid%", "%title%")

#: The method of the right side that makes a comparison.
_REVERSED = {"=": "__eq__", "!=": "__ne__", "<": "__gt__", "<=": "__ge__", ">": "__lt__", ">=": "__le__"}

#: Alternatives that are still possible, one bit for each.
Open = int


class _Looked:
    """A column that filters look at: which alternatives each of its values leaves open."""

    def __init__(self, values: ColumnIndex | None, everything: Open) -> None:
        self.values = values
        self._everything = everything
        self._tests: list[tuple[Open, Callable[[str], bool]]] = []
        self._known: dict[int, Open] = {}

    def add(self, alternative: int, test: Callable[[str], bool]) -> None:
        """A filter of an alternative looks at this column."""
        self._tests.append((1 << alternative, test))

    def of_rank(self, rank: int) -> Open:
        """What a value leaves open."""
        if rank not in self._known:
            assert self.values is not None
            text, left = self.values.values[rank], self._everything
            for alternative, test in self._tests:
                if left & alternative and not test(text):
                    left &= ~alternative
            self._known[rank] = left
        return self._known[rank]

    def passing(self) -> Counter[int]:
        """How many values of each page pass all tests."""
        pages: Counter[int] = Counter()
        if self.values is None:
            return pages
        ranks = [bool(self.of_rank(rank)) for rank in range(len(self.values.values))]
        at = 0
        for passes, run in groupby(ranks):
            end = at + len(list(run))
            if passes:
                pages.update(self.values.pages_between(at, end))
            at = end
        return pages

    @property
    def of_missing(self) -> Open:
        """What a missing value leaves open: it passes no filter."""
        left = self._everything
        for alternative, _ in self._tests:
            left &= ~alternative
        return left


class Combinations:
    """Counts the combinations of a page's values that pass filters."""

    def __init__(self, filters: Sequence[Comparison], index: Index, context: Context, special: Iterable[str]) -> None:
        self._alternatives = split(filters, "OR")
        self.everything: Open = (1 << len(self._alternatives)) - 1
        self._columns: dict[str, _Looked] = {}
        for alternative, comparisons in enumerate(self._alternatives):
            for comparison in comparisons:
                check(comparison)
                key = comparison.column.key
                if key not in self._columns:
                    values = index.special[key] if key in special else index.columns.get(context.fill(key))
                    self._columns[key] = _Looked(values, self.everything)
                self._columns[key].add(alternative, _test(comparison, context))

    def count(self, page: int, first: Open) -> int:
        """How many combinations pass, if ``first`` are the alternatives that are possible at all."""
        states = {first: 1}
        for column in self._columns.values():
            states = self._after(states, column, page)
            if not states:
                return 0
        return sum(states.values())

    @staticmethod
    def _after(states: dict[Open, int], column: _Looked, page: int) -> dict[Open, int]:
        left: Counter[Open] = Counter()
        start, end = column.values.rows(page) if column.values else (0, 0)
        if column.values is None or start == end:
            left[column.of_missing] = 1
        else:
            left.update(map(column.of_rank, column.values.ranks[start:end]))
        after: dict[Open, int] = {}
        for state, many in states.items():
            for open_, times in left.items():
                if state & open_:
                    after[state & open_] = after.get(state & open_, 0) + many * times
        return after

    def counts(self, pages: Collection[int], first: Open) -> dict[int, int]:
        """The `count` of each of some pages, without those where nothing passes."""
        if len(self._alternatives) > 1:
            return {page: count for page in pages if (count := self.count(page, first))}
        # Without an OR the columns do not depend on each other, so it is enough to count and to multiply.
        counts = dict.fromkeys(pages, 1)
        for column in self._columns.values():
            passing = column.passing()
            counts = {page: count * passing[page] for page, count in counts.items() if page in passing}
        return counts

    def looks_at(self, key: str) -> bool:
        """Whether any filter looks at a column."""
        return key in self._columns

    def passing_ranks(self, key: str, page: int) -> list[int]:
        """The ranks of a page's values of a column that are part of a combination that passes."""
        column = self._columns[key]
        if column.values is None:
            return []
        start, end = column.values.rows(page)
        others = {name: other for name, other in self._columns.items() if name != key}
        states = {self.everything: 1}
        for other in others.values():
            states = self._after(states, other, page)
        return [
            rank for rank in column.values.ranks[start:end] if any(state & column.of_rank(rank) for state in states)
        ]


def _test(comparison: Comparison, context: Context) -> Callable[[str], bool]:
    """A comparison of a text as it is stored."""
    if comparison.operator in LIKE:
        fits = matcher(pattern(comparison, context))
        return (lambda text: not fits(text)) if comparison.operator == "!~" else fits
    wanted = operands(comparison, context)
    if comparison.operator == "~~":
        return frozenset(wanted).__contains__
    # The wanted text compares itself with the other one: `a < b` is `b.__gt__(a)`.
    return getattr(wanted[0], _REVERSED[comparison.operator])  # type: ignore[no-any-return]


def evaluate_cloud(query: Query, index: Index, context: Context, offset: int = 0) -> Table:
    """The values of a ``datacloud`` or ``datataglist`` with their counts, in the order shown."""
    column = query.selected[0]
    counts = _counts(column, query, index, context)
    kept = sorted(((value, count) for value, count in counts.items() if count >= query.minimum), reverse=True)
    kept.sort(key=lambda counted: -counted[1])
    shown = kept[offset : offset + query.limit] if query.limit else kept[offset:]
    weights = _weights(count for _, count in shown)
    more = offset + len(shown) < len(kept)
    shown = php_sort(shown, lambda one, other: compare(one[0], other[0]))
    if query.kind == "taglist":
        shown = php_sort(shown, lambda one, other: other[1] - one[1] or compare(other[0], one[0]))
    types = (context.type_of(column), ColumnType(""))
    rows = tuple(
        Row("", ((value,), (count,)), number, weights[count], types)
        for number, (value, count) in enumerate(shown, start=offset + 1)
    )
    problems = undated(query.filters, context)
    return Table(query.kind, (column,), (*labels(query, context)[:1], "Count"), rows, more, diagnostics=problems)


def _counts(column: Column, query: Query, index: Index, context: Context) -> dict[str, int]:
    combinations = Combinations(query.filters, index, context, CLOUD_SPECIAL)
    counted = index.columns.get(context.fill(column.key))
    counts: Counter[str] = Counter()
    if counted is not None:
        if not query.filters:
            return {value: counted.count_between(rank, rank + 1) for rank, value in enumerate(counted.values)}
        _add(counts, counted, combinations.counts(set(counted.pages), combinations.everything))
    # Only the first alternative asks for the column itself: behind an OR the values of all columns count.
    others = combinations.everything & ~1
    if others:
        passing = combinations.counts(range(len(index)), others)
        for values in index.columns.values():
            if values is not counted:
                _add(counts, values, passing)
    return counts


def _add(counts: Counter[str], values: ColumnIndex, passing: Mapping[int, int]) -> None:
    """Add to the counts of values what passes on their pages."""
    times = [passing.get(page, 0) for page in values.pages]
    by_rank: Counter[int] = Counter()
    for rank, many in zip(values.ranks, times, strict=True):
        if many:
            by_rank[rank] += many
    for rank, many in by_rank.items():
        counts[values.values[rank]] += many


def _weights(counts: Iterable[int]) -> dict[int, int]:
    """The weight of each count: the first step that it does not exceed."""
    different = set(counts)
    if not different:
        return {}
    least, most = min(different), max(different)
    steps = [(most - least + 1) ** (step / (WEIGHTS - 1)) + least - 1 for step in range(WEIGHTS)]
    return {
        count: next((weight for weight, step in enumerate(steps) if count <= step), WEIGHTS - 1) for count in different
    }


def evaluate_related(query: Query, index: Index, context: Context, page_id: str, offset: int = 0) -> Table:
    """The pages that share most with the page ``page_id`` in the query's columns, as ``datarelated`` has it."""
    current = index.number_of.get(page_id)
    combinations = Combinations(query.filters, index, context, RELATED_SPECIAL)
    shared: Counter[int] = Counter()
    if current is not None:
        for column in query.selected:
            # The key as written: the plugin asks for the values of the page before it fills placeholders in.
            values = None if column.special else index.columns.get(column.key)
            if values is not None:
                start, end = values.rows(current)
                for rank in set(values.ranks[start:end]):
                    shared.update(values.pages_between(rank, rank + 1))
        del shared[current]
    sort = query.sort.column.key if query.sort else ""
    sorted_by = None if sort in RELATED_SPECIAL else index.columns.get(context.fill(sort))
    related: dict[int, int] = {}
    for page, times in shared.items():
        count = times * combinations.count(page, combinations.everything)
        if sorted_by is not None and not combinations.looks_at(sort):
            # The plugin joins the values that it sorts by, too.
            start, end = sorted_by.rows(page)
            count *= max(1, end - start)
        if count:
            related[page] = count
    pages = sorted(related)
    if query.sort is None:
        pages.sort(key=index.page_ids.__getitem__)
    else:
        key: Callable[[int], str | int] | None = None
        if sort in RELATED_SPECIAL:
            key = index.special[sort].first_rank
        elif sorted_by is not None and combinations.looks_at(sort):
            key = lambda page: (combinations.passing_ranks(sort, page) or [-1])[0]  # noqa: E731
        elif sorted_by is not None:
            key = sorted_by.first_rank
        if key:
            pages.sort(key=key, reverse=query.sort.descending)
    pages.sort(key=lambda page: -related[page])
    shown = pages[offset : offset + query.limit] if query.limit else pages[offset:]
    rows = tuple(
        Row(index.page_ids[page], ((index.page_ids[page],), (related[page],)), number, related[page], _RELATED_TYPES)
        for number, page in enumerate(shown, start=offset + 1)
    )
    problems = undated(query.filters, context)
    column = Column.parse("%pageid%")
    more = offset + len(shown) < len(pages)
    return Table(query.kind, (column,), (column.title, "Shared"), rows, more, diagnostics=problems)


_RELATED_TYPES = (ColumnType("page"), ColumnType(""))
