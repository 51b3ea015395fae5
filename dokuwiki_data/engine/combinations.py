"""Counting how many combinations of a page's values pass a query's filters.

The plugin joins an entry's values with each other before it counts: a page counts once for each combination
of values that passes, one value of each column that the filters look at. The combinations are never made here.
A condition is a row of groups of comparisons: alternatives, of which one has to hold as a whole, or steps, in each
of which one comparison has to hold. What a value decides is which groups are still open: alternatives that nothing
has spoken against, steps that nothing has spoken for. So it is enough to know how many combinations leave which
groups open, one column after the other.
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
from dokuwiki_data.engine.filtering import MOST_KEPT, ColumnFits, check, holds_for_missing, split
from dokuwiki_data.engine.index import ColumnIndex, Index
from dokuwiki_data.engine.matching import LookedAt
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison
from dokuwiki_data.query.queries import Query

#: Groups that are still open, one bit for each.
Open = Bits

#: What stands for a page as a whole, beside the keys of its columns.
PAGE = "\n"

#: Of a group, by key: the ranks of the values that leave it open; for `PAGE` the pages.
Group = dict[str, Bits]

#: Groups that look at more columns are not joined.
MOST_JOINED = 8

#: So many different cases of a page's values are told apart, beyond which there is no answer.
MOST_STATES = 1 << 16


class _Looked:
    """A column that filters look at, or the page as a whole: which groups each of its values leaves open."""

    def __init__(self, values: ColumnIndex | None, total: int, opened: Mapping[int, Bits], is_open: bool) -> None:
        """``opened``: by the number of the group, the values that leave it open; all of them leave others open.

        ``values``: None for pages as a whole; ``is_open``: whether a page without a value leaves its groups open.
        """
        self._values = values
        self._total = len(values.values) if values else total
        self._opened = opened
        self.looks_at: Open = sum(1 << group for group in opened)
        self._of_missing = -1 if is_open else ~self.looks_at
        #: Groups that no later column looks at.
        self.decided: Open = 0

    @cached_property
    def _masks(self) -> Sequence[Open]:
        """What each value leaves open, of all groups."""
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
        """What a value leaves open."""
        return self._masks[rank]

    def of_page(self, page: int) -> Mapping[Open, int]:
        """What a page's values leave open, and how many of them do so."""
        if self._values is None:
            return {self._masks[page]: 1}
        ranks = self._values.ranks_of(page)
        return Counter(map(self._masks.__getitem__, ranks)) if ranks else {self._of_missing: 1}

    def ranks_of(self, page: int) -> Sequence[int]:
        """The values of a page."""
        return self._values.ranks_of(page) if self._values else ()

    def passing(self, total: int) -> list[int]:
        """How many values of each page leave the only group open; a missing one counts if it does so."""
        opened = next(iter(self._opened.values()), full(self._total))
        fits = flags(opened | 1 << self._total)
        if self._values is None:
            return list(fits[:total])
        counts = [0] * total
        for page in compress(self._values.pages, map(fits.__getitem__, self._values.ranks)):
            counts[page] += 1
        return counts if self._opened else [count or 1 for count in counts]


class Combinations:
    """Counts the combinations of a page's values that pass a query's filters, under some semantics."""

    def __init__(
        self, query: Query, index: Index, context: Context, semantics: Semantics, special: Iterable[str]
    ) -> None:
        """``special``: the special columns that this kind of query knows; others are ordinary keys to it.

        Raises `QueryError` for a filter that compares nothing.
        """
        self._index = index
        self._context = context
        self._semantics = semantics
        self._total = len(index)
        self._known = {key: index.special[key] for key in special}
        if semantics.compare == "typed":
            self._known["%lastmod%"] = index.special["%lastmod%"]
        self._fits: dict[tuple[str, str], ColumnFits] = {}
        self._ranks: dict[tuple[Column, str, str], Bits] = {}
        self._looked: dict[str, LookedAt] = {}
        #: The columns that filters join, whatever becomes of their groups.
        joins: dict[str, None] = {}
        self._steps = semantics.brackets == "or" and not query.bracketed
        parts = split(query.filters, "AND" if self._steps else "OR")
        if self._steps:
            parts = [part for part in parts if part]
            if all(len(part) == 1 for part in parts):
                self._steps, parts = False, [[part[0] for part in parts]]
        # Only the first alternative may ask for the column that is counted, so it stays alone.
        first, *others = [self._group(part, joins) for part in parts]
        groups = [first, *_joined(group for group in others if group is not None)]
        self.everything: Open = full(len(groups))
        self._open_at_first = self.everything if groups[0] is not None else self.everything & ~1
        opened: dict[str, dict[int, Bits]] = {key: {} for key in joins}
        for number, group in enumerate(groups):
            for key, ranks in (group or {}).items():
                opened[key][number] = ranks
        self._columns: dict[str, _Looked] = {}
        for key, of_groups in opened.items():
            self._columns[key] = _Looked(self._values_of(key), self._total, of_groups, self._steps)
        waiting = reduce(or_, (column.looks_at for column in self._columns.values()), 0)
        self._decided_before = self.everything & ~waiting
        for column in reversed(self._columns.values()):
            column.decided = waiting & column.looks_at
            waiting &= ~column.decided

    def _values_of(self, key: str) -> ColumnIndex | None:
        if key == PAGE:
            return None
        return self._known[key] if key in self._known else self._index.columns.get(self._context.fill(key))

    def _group(self, comparisons: Sequence[Comparison], joins: dict[str, None]) -> Group | None:
        """What leaves a group open; None if nothing does. The columns that it looks at are added to ``joins``."""
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
            elif holds_for_missing(comparison, self._semantics):
                key, every, holds = PAGE, full(self._total), self._pages(comparison, values)
            else:
                holds = self._fitting(comparison, values)
                if values is None:
                    # No page passes.
                    is_closed = is_closed or not self._steps
                    continue
                every = full(len(values.values))
            joins[key] = None
            left = every & ~holds if self._steps else holds
            group[key] = group.get(key, every) & left
        return None if is_closed else group

    def _pages(self, comparison: Comparison, values: ColumnIndex | None) -> Bits:
        """The pages that a comparison fits that is made with all values of a page at once."""
        ranks, missing = self._fitting(comparison, values), holds_for_missing(comparison, self._semantics)
        if values is None:
            return full(self._total) if missing else 0
        if comparison.column.key not in self._looked:
            self._looked[comparison.column.key] = LookedAt(values, self._total)
        looked = self._looked[comparison.column.key]
        return looked.pages(ranks) | (looked.missing if missing else 0)

    def _fitting(self, comparison: Comparison, values: ColumnIndex | None) -> Bits:
        """The ranks of the values that pass a comparison."""
        column = comparison.column
        key = column.key, column.type
        if key not in self._fits:
            is_time = column.key == "%lastmod%" and self._semantics.compare == "typed"
            texts = values.values if values else ()
            self._fits[key] = ColumnFits(texts, self._context, self._semantics, is_time=is_time)
        asked = column, comparison.operator, comparison.value
        if asked in self._ranks:
            return self._ranks[asked]
        found = self._fits[key].fit(comparison).ranks
        if values is not None and len(self._ranks) * len(values.values) < MOST_KEPT:
            self._ranks[asked] = found
        return found

    def count(self, page: int, first: Open, rank: tuple[str, int] | None = None) -> int:
        """How many combinations of a page's values pass, if ``first`` are the groups that are open before.

        ``rank``: only those with this value of a column.
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
        """How many pass whatever comes, and what is not settled yet. An alternative that stayed open holds."""
        passed, unsettled = 0, {}
        for state, many in states.items():
            if state & decided or not state:
                if bool(state) != self._steps:
                    passed += many
            else:
                unsettled[state] = many
        return passed, unsettled

    def counts(self, pages: Iterable[int], first: Open) -> list[int]:
        """The `count` of some pages, by the number of the page; of others it may be anything."""
        if self._steps or self.everything > 1 or first != self.everything:
            counts = [0] * self._total
            for page in pages:
                counts[page] = self.count(page, first)
            return counts
        if not self._open_at_first:
            return [0] * self._total
        # Without an OR the columns do not depend on each other, so it is enough to count and to multiply.
        counts = [1] * self._total
        for column in self._columns.values():
            counts = list(map(mul, counts, column.passing(self._total)))
        return counts

    def looks_at(self, key: str) -> bool:
        """Whether any filter joins a column's values."""
        return key in self._columns

    def first_passing_rank(self, key: str, page: int) -> int:
        """The rank of the first of a page's values of a column that is part of a combination that passes; else -1."""
        ranks = self._columns[key].ranks_of(page)
        return next((rank for rank in ranks if self.count(page, self.everything, (key, rank))), -1)


def _joined(groups: Iterable[Group]) -> list[Group]:
    """Fewer groups with the same meaning: those become one that differ in what one column has to say."""
    left = dict(enumerate(groups))
    numbers_of: dict[str, list[int]] = {}
    for number, group in left.items():
        if len(group) <= MOST_JOINED:
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
