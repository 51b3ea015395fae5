"""Count the combinations of a page's values that pass the filters of a query.

The plugin joins the values of an entry with each other before it counts, so a page counts once for each passing
combination of one value of each filtered column. This module counts the combinations without listing them.

A condition is a sequence of groups of comparisons. Groups are either alternatives (all comparisons of one group must
hold) or steps (one comparison of each group must hold). A value *closes* an alternative if one of its comparisons
fails, and a step if one of its comparisons holds. So it is enough to count, column by column, the combinations that
leave each set of groups open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from itertools import compress
from operator import mul, or_

from dokuwiki_data.engine.bits import Bits, flags, full, members
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.filtering import MOST_KEPT, ColumnSelector, asks_for_missing, check, split
from dokuwiki_data.engine.index import ColumnIndex, Index
from dokuwiki_data.engine.matching import ColumnPages
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison
from dokuwiki_data.query.queries import Query

#: The open groups, one bit for each.
Open = Bits

#: The key of the page as a whole, besides the keys of its columns.
PAGE = "\n"

#: For a group, the ranks of the values that leave it open, by key; for `PAGE` the pages.
Group = dict[str, Bits]

#: Groups that compare more columns are not merged.
MOST_MERGED = 8

#: The limit of different sets of open groups on one page; a query that exceeds it has no result.
MOST_STATES = 1 << 16


class _FilteredColumn:
    """The groups that each value of a filtered column leaves open. The page as a whole is treated as a column too.

    Attributes:
        groups: The groups that compare the column.
        decided: The groups that no later column compares.
    """

    def __init__(self, values: ColumnIndex | None, total: int, opened: Mapping[int, Bits], is_open: bool) -> None:
        """Initialize.

        Args:
            values: The values, or None for pages as a whole.
            total: The number of all pages.
            opened: The values that leave a group open, by the number of the group.
            is_open: Whether a page without a value leaves the groups open.
        """
        self._values = values
        self._total = len(values.values) if values else total
        self._opened = opened
        self.groups: Open = sum(1 << group for group in opened)
        self._of_missing = -1 if is_open else ~self.groups
        self.decided: Open = 0

    @cached_property
    def _masks(self) -> Sequence[Open]:
        """The groups, of all, that each value leaves open."""
        every, everything = full(self._total), -1
        exceptions: list[tuple[list[int], Open]] = []
        for group, opened in self._opened.items():
            if opened.bit_count() * 2 < self._total:
                everything ^= 1 << group
            else:
                opened ^= every
            exceptions.append((members(opened), 1 << group))
        masks = [everything] * self._total
        for ranks, bit in exceptions:
            for rank in ranks:
                masks[rank] ^= bit
        return masks

    def of_rank(self, rank: int) -> Open:
        """Return the groups that a value leaves open."""
        return self._masks[rank]

    def of_page(self, page: int) -> Mapping[Open, int]:
        """Return the sets of groups that a page's values leave open, with the number of values for each."""
        if self._values is None:
            return {self._masks[page]: 1}
        ranks = self._values.ranks_of(page)
        return Counter(map(self._masks.__getitem__, ranks)) if ranks else {self._of_missing: 1}

    def ranks_of(self, page: int) -> Sequence[int]:
        """Return the ranks of a page's values."""
        return self._values.ranks_of(page) if self._values else ()

    @property
    def _only_opened(self) -> Bits:
        """The values that leave the only group open."""
        return next(iter(self._opened.values()), full(self._total))

    def pages(self, total: int) -> Bits | None:
        """Return the pages of which one value leaves the only group open; None if pages have several values."""
        if self._values is None:
            return self._only_opened
        if not self._values.is_single:
            return None
        return ColumnPages(self._values, total).pages(self._only_opened) if self._opened else full(total)

    def passing(self, total: int) -> list[int]:
        """Return the number of values of each page that leave the only group open, counting a missing value."""
        is_open = flags(self._only_opened | 1 << self._total)
        if self._values is None:
            return list(is_open[:total])
        counts = [0] * total
        for page in compress(self._values.pages, map(is_open.__getitem__, self._values.ranks)):
            counts[page] += 1
        return counts if self._opened else [count or 1 for count in counts]


class Combinations:
    """Counts the combinations of a page's values that pass a query's filters, under some semantics."""

    def __init__(
        self, query: Query, index: Index, context: Context, semantics: Semantics, special: Iterable[str]
    ) -> None:
        """Prepare the filters of a query.

        Args:
            query: The query.
            index: The index of the entries.
            context: The context of the query.
            semantics: The semantics of the query.
            special: The special columns that this kind of query supports; other special names are ordinary columns.

        Raises:
            QueryError: A filter has an unknown operator.
        """
        self._index = index
        self._context = context
        self._semantics = semantics
        self._total = len(index)
        self._known = {key: index.special[key] for key in special}
        if semantics.compare == "typed":
            self._known["%lastmod%"] = index.special["%lastmod%"]
        self._selectors: dict[tuple[str, str], ColumnSelector] = {}
        self._ranks: dict[tuple[Column, str, str], Bits] = {}
        self._column_pages: dict[str, ColumnPages] = {}
        # All columns that filters compare, also in groups that never hold.
        joins: dict[str, None] = {}
        self._steps = semantics.brackets == "or" and not query.bracketed
        parts = split(query.filters, "AND" if self._steps else "OR")
        if self._steps:
            parts = [part for part in parts if part]
            if all(len(part) == 1 for part in parts):
                self._steps, parts = False, [[part[0] for part in parts]]
        # Keep the first alternative apart: in the plugin, only it restricts the counted column.
        first, *others = [self._group(part, joins) for part in parts]
        groups = [first, *_merged(group for group in others if group is not None)]
        self.everything: Open = full(len(groups))
        self._open_at_first = self.everything if groups[0] is not None else self.everything & ~1
        opened: dict[str, dict[int, Bits]] = {key: {} for key in joins}
        for number, group in enumerate(groups):
            for key, ranks in (group or {}).items():
                opened[key][number] = ranks
        self._columns: dict[str, _FilteredColumn] = {}
        for key, of_groups in opened.items():
            self._columns[key] = _FilteredColumn(self._values_of(key), self._total, of_groups, self._steps)
        waiting = reduce(or_, (column.groups for column in self._columns.values()), 0)
        self._decided_before = self.everything & ~waiting
        for column in reversed(self._columns.values()):
            column.decided = waiting & column.groups
            waiting &= ~column.decided

    def _values_of(self, key: str) -> ColumnIndex | None:
        if key == PAGE:
            return None
        return self._known[key] if key in self._known else self._index.columns.get(self._context.fill(key))

    def _group(self, comparisons: Sequence[Comparison], joins: dict[str, None]) -> Group | None:
        """Return the values that leave a group open, or None if none do. Add the compared columns to ``joins``."""
        group: Group = {}
        is_closed = False
        for comparison in comparisons:
            check(comparison)
            key = comparison.column.key
            values = self._values_of(key)
            if self._semantics.missing == "unequal" and comparison.operator in ("!=", "!~"):
                equal = self._pages(replace(comparison, operator=comparison.operator[1:]), values)
                key, every = PAGE, full(self._total)
                holds = every & ~equal
            elif asks_for_missing(comparison, self._semantics):
                key, every, holds = PAGE, full(self._total), self._pages(comparison, values)
            else:
                holds = self._selected(comparison, values)
                if values is None:  # no page passes
                    is_closed = is_closed or not self._steps
                    continue
                every = full(len(values.values))
            joins[key] = None
            left = every & ~holds if self._steps else holds
            group[key] = group.get(key, every) & left
        return None if is_closed else group

    def _pages(self, comparison: Comparison, values: ColumnIndex | None) -> Bits:
        """Return the pages that match a comparison with all their values at once."""
        ranks, missing = self._selected(comparison, values), asks_for_missing(comparison, self._semantics)
        if values is None:
            return full(self._total) if missing else 0
        if comparison.column.key not in self._column_pages:
            self._column_pages[comparison.column.key] = ColumnPages(values, self._total)
        column_pages = self._column_pages[comparison.column.key]
        return column_pages.pages(ranks) | (column_pages.missing if missing else 0)

    def _selected(self, comparison: Comparison, values: ColumnIndex | None) -> Bits:
        """Return the ranks of the values that match a comparison."""
        column = comparison.column
        key = column.key, column.type
        if key not in self._selectors:
            is_time = column.key == "%lastmod%" and self._semantics.compare == "typed"
            texts = values.values if values else ()
            self._selectors[key] = ColumnSelector(texts, self._context, self._semantics, is_time=is_time)
        known = column, comparison.operator, comparison.value
        if known in self._ranks:
            return self._ranks[known]
        found = self._selectors[key].select(comparison).ranks
        if values is not None and len(self._ranks) * len(values.values) < MOST_KEPT:
            self._ranks[known] = found
        return found

    def count(self, page: int, first: Open, rank: tuple[str, int] | None = None) -> int:
        """Return the number of passing combinations of a page's values.

        Args:
            page: The number of the page.
            first: The groups that are open at the beginning.
            rank: A column and the rank of a value; only combinations with this value are counted.
        """
        first &= self._open_at_first
        passed, states = self._settled({first: 1}, self._decided_before)
        for key, column in self._columns.items():
            if not states and not passed:
                break
            left = {column.of_rank(rank[1]): 1} if rank and rank[0] == key else column.of_page(page)
            after: Counter[Open] = Counter()
            for state, many in states.items():
                for open_, times in left.items():
                    after[state & open_] += many * times
            settled, states = self._settled(after, column.decided)
            if len(states) > MOST_STATES:
                where = self._index.page_ids[page]
                raise QueryError(f"the values of {where!r} combine in too many ways to be counted", None)
            passed = passed * sum(left.values()) + settled
        return passed

    def _settled(self, states: Mapping[Open, int], decided: Open) -> tuple[int, dict[Open, int]]:
        """Return the number of combinations that are known to pass, and the open groups of the undecided ones."""
        passed, unsettled = 0, {}
        for state, many in states.items():
            if state & decided or not state:
                if bool(state) != self._steps:
                    passed += many
            else:
                unsettled[state] = many
        return passed, unsettled

    def counts(self, pages: Iterable[int], first: Open) -> Sequence[int]:
        """Return a sequence with the `count` of some pages; the numbers of other pages have no meaning."""
        if self._steps or self.everything > 1 or first != self.everything:
            counted = [0] * self._total
            for page in set(pages):
                counted[page] = self.count(page, first)
            return counted
        if not self._open_at_first:
            return [0] * self._total
        # Without an OR, the columns are independent, so the counts can be multiplied. Of columns with one value on each
        # page, which most are, sets of pages are intersected, which is ten times as fast.
        passing: Bits = full(self._total)
        several: list[_FilteredColumn] = []
        for column in self._columns.values():
            if (of_column := column.pages(self._total)) is None:
                several.append(column)
            else:
                passing &= of_column
        counts: Sequence[int] = flags(passing | 1 << self._total)
        for column in several:
            counts = list(map(mul, counts, column.passing(self._total)))
        return counts

    def compares(self, key: str) -> bool:
        """Return whether any filter compares a column."""
        return key in self._columns

    def first_passing_rank(self, key: str, page: int) -> int:
        """Return the rank of a page's first value of a column that occurs in a passing combination, or -1."""
        ranks = self._columns[key].ranks_of(page)
        return next((rank for rank in ranks if self.count(page, self.everything, (key, rank))), -1)


def _merged(groups: Iterable[Group]) -> list[Group]:
    """Merge groups that differ only in the values of one column."""
    left = dict(enumerate(groups))
    numbers_of: dict[str, list[int]] = {}
    for number, group in left.items():
        if len(group) <= MOST_MERGED:
            for key in group:
                numbers_of.setdefault(key, []).append(number)
    for key, numbers in numbers_of.items():
        like: dict[frozenset[tuple[str, Bits]], Group] = {}
        for number in numbers:
            if (group := left.get(number)) is None:  # type: ignore[assignment]
                continue
            others = frozenset(item for item in group.items() if item[0] != key)
            if others in like:
                like[others][key] |= group[key]
                del left[number]
            else:
                like[others] = group
    return list(left.values())
