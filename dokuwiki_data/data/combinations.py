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
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from itertools import compress
from operator import mul, or_

from dokuwiki_data.data.conditions import Comparison
from dokuwiki_data.data.context import Context
from dokuwiki_data.data.filtering import (
    LIKE,
    check,
    holds_for_missing,
    modified_test,
    operands,
    pattern,
    split,
    typed_test,
)
from dokuwiki_data.data.index import ColumnIndex, Index
from dokuwiki_data.data.matching import Matcher, Not, Tested
from dokuwiki_data.data.patterns import matcher
from dokuwiki_data.data.query import Query
from dokuwiki_data.data.semantics import Semantics

#: The method of the right side that makes a comparison.
_REVERSED = {"=": "__eq__", "!=": "__ne__", "<": "__gt__", "<=": "__ge__", ">": "__lt__", ">=": "__le__"}

#: Groups that are still open, one bit for each.
Open = int

Test = Callable[[str], bool]


class _Looked:
    """A column that filters look at: which groups each of its values leaves open."""

    def __init__(self, values: ColumnIndex | None, everything: Open, closes: bool) -> None:
        """``closes``: what a test has to say to close its group."""
        self.values = values
        #: Groups that no later column looks at.
        self.decided: Open = 0
        self._everything = everything
        self._closes = closes
        self._tests: list[tuple[Open, Test]] = []
        self._known: dict[int, Open] = {}

    def add(self, group: Open, test: Test) -> None:
        """A comparison of a group looks at this column."""
        self._tests.append((group, test))

    @property
    def looks_at(self) -> Open:
        """The groups with a comparison that looks at this column."""
        return reduce(or_, (group for group, _ in self._tests), 0)

    def of_rank(self, rank: int) -> Open:
        """What a value leaves open."""
        if rank not in self._known:
            assert self.values is not None
            text, left = self.values.values[rank], self._everything
            for group, test in self._tests:
                if left & group and test(text) == self._closes:
                    left &= ~group
            self._known[rank] = left
        return self._known[rank]

    @property
    def of_missing(self) -> Open:
        """What a missing value leaves open: it passes no test."""
        return self._everything if self._closes else self._everything & ~self.looks_at

    def of_page(self, page: int) -> Mapping[Open, int]:
        """What a page's values leave open, and how many of them do so."""
        ranks = self.values.ranks_of(page) if self.values else ()
        return Counter(map(self.of_rank, ranks)) if ranks else {self.of_missing: 1}

    def passing(self, total: int) -> list[int]:
        """How many values of each page pass all tests."""
        counts = [0] * total
        if self.values is not None:
            passes = [True] * len(self.values.values)
            for _, test in self._tests:
                passes = list(map(mul, passes, map(test, self.values.values)))
            for page in compress(self.values.pages, map(passes.__getitem__, self.values.ranks)):
                counts[page] += 1
        return counts


class Combinations:
    """Counts the combinations of a page's values that pass a query's filters, under some semantics."""

    def __init__(
        self, query: Query, index: Index, context: Context, semantics: Semantics, special: Iterable[str]
    ) -> None:
        """``special``: the special columns that this kind of query knows; others are ordinary keys to it.

        Raises `QueryError` for a filter that compares nothing.
        """
        self._total = len(index)
        self._steps = semantics.brackets == "or" and not query.bracketed
        self._groups = split(query.filters, "AND" if self._steps else "OR")
        if self._steps:
            self._groups = [group for group in self._groups if group]
            if all(len(group) == 1 for group in self._groups):
                self._steps, self._groups = False, [[group[0] for group in self._groups]]
        self.everything: Open = (1 << len(self._groups)) - 1
        self._columns: dict[str, _Looked] = {}
        #: What is asked of a page as a whole, and the group that it belongs to.
        self._of_pages: list[tuple[Open, Matcher]] = []
        known = {key: index.special[key] for key in special}
        if semantics.compare == "typed":
            known["%lastmod%"] = index.special["%lastmod%"]
        for number, group in enumerate(self._groups):
            for comparison in group:
                check(comparison)
                key = comparison.column.key
                values = known[key] if key in known else index.columns.get(context.fill(key))
                if semantics.missing == "unequal" and comparison.operator in ("!=", "!~"):
                    opposite = replace(comparison, operator=comparison.operator[1:])
                    missing = holds_for_missing(opposite, semantics)
                    equal = Tested(values, self._total, _test(opposite, context, semantics), missing)
                    self._of_pages.append((1 << number, Not(equal, self._total)))
                    continue
                if holds_for_missing(comparison, semantics):
                    test = _test(comparison, context, semantics)
                    self._of_pages.append((1 << number, Tested(values, self._total, test, True)))
                    continue
                if key not in self._columns:
                    self._columns[key] = _Looked(values, self.everything, self._steps)
                self._columns[key].add(1 << number, _test(comparison, context, semantics))
        # What no page has decides for all pages.
        self._open_at_first = self.everything
        for key in [key for key, column in self._columns.items() if column.values is None]:
            self._open_at_first &= self._columns.pop(key).of_missing
        waiting = reduce(or_, (column.looks_at for column in self._columns.values()), 0)
        self._decided_before = self.everything & ~waiting
        for column in reversed(self._columns.values()):
            column.decided = waiting & column.looks_at
            waiting &= ~column.decided

    def count(self, page: int, first: Open, rank: tuple[str, int] | None = None) -> int:
        """How many combinations of a page's values pass, if ``first`` are the groups that are open before.

        ``rank``: only those with this value of a column.
        """
        first &= self._open_at_first
        for group, asked in self._of_pages:
            if first & group and asked.holds(page) == self._steps:
                first &= ~group
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
        if self._steps or len(self._groups) > 1 or first != self.everything:
            counts = [0] * self._total
            for page in pages:
                counts[page] = self.count(page, first)
            return counts
        # Without an OR the columns do not depend on each other, so it is enough to count and to multiply.
        counts = [int(self._open_at_first == self.everything)] * self._total
        for column in self._columns.values():
            counts = list(map(mul, counts, column.passing(self._total)))
        for _, asked in self._of_pages:
            fitting = asked.pages()
            counts = [count if page in fitting else 0 for page, count in enumerate(counts)]
        return counts

    def looks_at(self, key: str) -> bool:
        """Whether any filter joins a column's values."""
        return key in self._columns

    def first_passing_rank(self, key: str, page: int) -> int:
        """The rank of the first of a page's values of a column that is part of a combination that passes; else -1."""
        values = self._columns[key].values
        ranks = values.ranks_of(page) if values else ()
        return next((rank for rank in ranks if self.count(page, self.everything, (key, rank))), -1)


def _test(comparison: Comparison, context: Context, semantics: Semantics) -> Test:
    """A comparison of a text as it is stored."""
    if comparison.column.key == "%lastmod%" and semantics.compare == "typed":
        return modified_test(comparison, context, semantics)
    if comparison.operator in LIKE:
        fits = matcher(pattern(comparison, context))
        return (lambda text: not fits(text)) if comparison.operator == "!~" else fits
    wanted = operands(comparison, context)
    if semantics.compare == "typed":
        return typed_test(comparison.operator, wanted)
    if comparison.operator == "~~":
        return frozenset(wanted).__contains__
    # The wanted text compares itself with the other one: `a < b` is `b.__gt__(a)`.
    return getattr(wanted[0], _REVERSED[comparison.operator])  # type: ignore[no-any-return]
