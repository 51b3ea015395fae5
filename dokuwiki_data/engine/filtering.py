"""Compile the filters of a query to matchers over an index: operands, tests, missing values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import compress, count

from dokuwiki_data.engine.bits import Bits, bits_of, full
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.index import ColumnIndex, Index
from dokuwiki_data.engine.matching import AnyValue, ColumnPages, KnownPages, Matcher, Not, all_of, any_of
from dokuwiki_data.engine.selection import TESTS, NumericValues, SearchIndex, Selection, SortedRanks, Test, like, ranges
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.values import clean, moment
from dokuwiki_data.errors import QueryError
from dokuwiki_data.ids import clean_id
from dokuwiki_data.php import BLANKS, numeric
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import OPERATORS, Comparison
from dokuwiki_data.query.queries import Query
from dokuwiki_data.text import Diagnostic

#: The operators that compare with a pattern.
LIKE = ("~", "!~", "*~")

#: The size of the cache for the results of repeated comparisons: the number of results times that of pages or values.
MOST_KEPT = 1 << 27

#: Test the order of two values (-1, 0 or 1) for each operator.
_TESTS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


class ColumnSelector:
    """Selects the values of a column that match comparisons."""

    def __init__(
        self,
        values: Sequence[str],
        context: Context,
        semantics: Semantics,
        resolve: Callable[[str], str] | None = None,
        is_time: bool = False,
    ) -> None:
        """Initialize.

        Args:
            values: The different values of the column, sorted.
            context: The context of the query.
            semantics: The semantics of the query.
            resolve: A function that returns the text that patterns are compared with, given a value.
            is_time: Whether the column is ``%lastmod%``.
        """
        self._values = values
        self._context = context
        self._semantics = semantics
        self._resolve = resolve
        self._is_time = is_time
        self._times: dict[str, Bits] = {}
        self._comparisons = 0

    def select(self, comparison: Comparison) -> Selection:
        """Return the values that match a comparison. Raises `QueryError` as `operands` does."""
        if self._is_time:
            return self._time(comparison)
        if comparison.operator in LIKE:
            return self._like(comparison)
        texts = operands(comparison, self._context)
        operator = comparison.operator
        if self._semantics.compare == "typed":
            return self._tested(typed_test(operator, texts), lambda: self._numbers.select(operator, texts))
        operator = "=" if operator == "~~" else operator
        return Selection([found for text in texts for found in ranges(self._values, operator, text)])

    def _like(self, comparison: Comparison) -> Selection:
        wanted, negated = pattern(comparison, self._context), comparison.operator == "!~"
        test, resolve = like(wanted), self._resolve
        everything = full(len(self._values)) if negated else 0
        return Selection(
            None,
            (lambda text: test(text) != negated) if resolve is None else (lambda text: test(resolve(text)) != negated),
            lambda: self._search_index.select(wanted) ^ everything,
        )

    def _tested(self, test: Test, find: Callable[[], Bits]) -> Selection:
        """Return the values that pass a test; ``find`` finds them faster after many comparisons."""

        def found() -> Bits:
            self._comparisons += 1
            return find() if self._comparisons > TESTS else self._passing(test)

        return Selection(None, test, found)

    def _passing(self, test: Test) -> Bits:
        return bits_of(list(compress(count(), map(test, self._values))))

    def _time(self, comparison: Comparison) -> Selection:
        day = _day_of(comparison, self._context, self._semantics)
        test = modified_test(comparison, self._context, self._semantics)
        if day is not None:
            return self._tested(test, lambda: self._days.select(comparison.operator, day))
        # The plugin ignores the value.
        return Selection(None, test, lambda: self._by_operator(comparison.operator, test))

    def _by_operator(self, operator: str, test: Test) -> Bits:
        if operator not in self._times:
            self._times[operator] = self._passing(test)
        return self._times[operator]

    @cached_property
    def _search_index(self) -> SearchIndex:
        return SearchIndex(self._values if self._resolve is None else list(map(self._resolve, self._values)))

    @cached_property
    def _numbers(self) -> NumericValues:
        return NumericValues(self._values)

    @cached_property
    def _days(self) -> SortedRanks:
        ranks = [rank for rank, value in enumerate(self._values) if value]
        return SortedRanks(ranks, [_date(self._values[rank]) for rank in ranks])


class FilterCompiler:
    """Makes matchers of comparisons, for one index, context and semantics."""

    def __init__(self, index: Index, context: Context, semantics: Semantics, headings: Mapping[str, str]) -> None:
        """Initialize; ``headings`` are the first headings of pages by page id."""
        self._index = index
        self._context = context
        self._semantics = semantics
        self._headings = headings
        self._column_pages: dict[str, ColumnPages] = {}
        self._selectors: dict[tuple[str, str], ColumnSelector] = {}
        # Cached, since many lines may have the same comparison.
        self._known: dict[tuple[Column, str, str], Matcher] = {}
        self._kept = 0

    def condition(self, filters: Sequence[Comparison], bracketed: bool) -> Matcher:
        """Return a matcher of all filters. AND binds tighter if ``bracketed`` or if the semantics say so."""
        total = len(self._index)
        if self._semantics.brackets == "and" or bracketed:
            return any_of((all_of(map(self.matcher, part), total) for part in split(filters, "OR")), total)
        steps = split(filters, "AND")
        return all_of((any_of(map(self.matcher, step), total) for step in steps if step), total)

    def matcher(self, comparison: Comparison) -> Matcher:
        """Return a matcher of one comparison. Raises `QueryError` for an unknown operator."""
        key = comparison.column, comparison.operator, comparison.value
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._made(comparison)
        elif isinstance(known, AnyValue) and not known.keeps and self._kept * len(self._index) < MOST_KEPT:
            known.keeps = True
            self._kept += 1
        return known

    def _made(self, comparison: Comparison) -> Matcher:
        check(comparison)
        if self._semantics.missing == "unequal" and comparison.operator in ("!=", "!~"):
            opposite = replace(comparison, operator=comparison.operator[1:])
            if comparison.column.key != "%lastmod%":
                return Not(self._or_missing(opposite), len(self._index))
        return self._or_missing(comparison)

    def _or_missing(self, comparison: Comparison) -> Matcher:
        """Return a matcher of a comparison that may also match pages without the column, or where it is empty."""
        found = self._any_value(comparison)
        if comparison.column.key == "%lastmod%" or not asks_for_missing(comparison, self._semantics):
            return found
        column_pages = self._column_pages.get(comparison.column.key)
        if column_pages is None:
            return KnownPages(full(len(self._index)))
        empty = Selection(ranges(column_pages.column.values, "=", ""))
        return any_of([found, AnyValue(column_pages, empty, True)], len(self._index))

    def _any_value(self, comparison: Comparison) -> Matcher:
        column, total = comparison.column, len(self._index)
        index = column_index(self._index, column, self._context)
        key = column.key, column.type
        if key not in self._selectors:
            resolve = None if column.special or not self._context.use_dataresolve else self._resolver(column)
            self._selectors[key] = ColumnSelector(
                index.values if index else (), self._context, self._semantics, resolve, column.key == "%lastmod%"
            )
        selection, missing = self._selectors[key].select(comparison), self._matches_missing(comparison)
        if index is None:
            return KnownPages(full(total) if missing else 0)
        if column.key not in self._column_pages:
            self._column_pages[column.key] = ColumnPages(index, total)
        return AnyValue(self._column_pages[column.key], selection, missing)

    def _matches_missing(self, comparison: Comparison) -> bool:
        """Return whether a page without the column matches: patterns compare a missing value as an empty text."""
        column = comparison.column
        if comparison.operator not in LIKE or column.special or not self._context.use_dataresolve:
            return False
        # `Not` needs the pages that have values.
        test, negated = like(pattern(comparison, self._context)), comparison.operator == "!~"
        return self._semantics.missing == "drop" and test(self._resolver(column)("")) != negated

    def _resolver(self, column: Column) -> Callable[[str], str]:
        """Return a function that adds prefix, postfix and page title to a value, as patterns are compared with them."""
        context, type_ = self._context, self._context.type_of(column)
        if type_.base == "title":
            return lambda text: self._titled(context.resolve(type_, text), "|")
        if type_.base == "page" and context.useheading:
            return lambda text: self._titled(context.resolve(type_, text), None)
        if type_.prefix or type_.postfix:
            return lambda text: context.resolve(type_, text)
        return context.fill_language

    def _titled(self, value: str, separator: str | None) -> str:
        page_id = value.partition(separator)[0] if separator else value
        return f"{value} {self._headings.get(clean_id(page_id), '')}"


def split(filters: Sequence[Comparison], logic: str) -> list[list[Comparison]]:
    """Split filters into groups: each filter joined with ``logic`` begins a new one. The first group may be empty."""
    groups: list[list[Comparison]] = [[]]
    for comparison in filters:
        if comparison.logic == logic:
            groups.append([])
        groups[-1].append(comparison)
    return groups


def column_index(index: Index, column: Column, context: Context) -> ColumnIndex | None:
    """Return the values of a column, or None if no page has it."""
    return index.special[column.key] if column.special else index.columns.get(context.fill(column.key))


def check(comparison: Comparison) -> None:
    """Raise `QueryError` if the operator of a comparison is unknown."""
    if comparison.operator not in OPERATORS:
        raise QueryError(f"unknown operator {comparison.operator!r}", comparison.span)


def check_filters(query: Query, context: Context) -> None:
    """Raise the `QueryError` that an evaluation of a query would raise for one of its filters."""
    try:
        for comparison in query.filters:
            check(comparison)
            if comparison.operator in LIKE:
                pattern(comparison, context)
            elif comparison.column.key != "%lastmod%":
                operands(comparison, context)
    except QueryError as error:
        query.locate(error)
        raise


def asks_for_missing(comparison: Comparison, semantics: Semantics) -> bool:
    """Return whether a comparison selects empty values, and the semantics treat missing values as empty."""
    if semantics.missing == "drop" or comparison.operator not in ("=", "~", "~~"):
        return False
    written = comparison.value.split(",") if comparison.operator == "~~" else [comparison.value]
    return any(not text.strip(BLANKS) for text in written)


def operands(comparison: Comparison, context: Context) -> list[str]:
    """Return the texts to compare values with, cleaned and filled: one, or several for a list.

    Raises:
        QueryError: ``%groups%`` stands for several groups where one text is needed.
    """
    value = clean(comparison.value, context.type_of(comparison.column))
    if comparison.operator != "~~":
        return [_filled(value, comparison, context)]
    # Several groups become items of the list.
    return [text for item in value.split(",") for text in context.fill(item.strip(BLANKS)).split("','")]


def pattern(comparison: Comparison, context: Context) -> str:
    """Return the pattern to compare values with, see `like`. Raises `QueryError` as `operands` does."""
    stars = f"*{comparison.value}*" if comparison.operator == "*~" else comparison.value
    return _filled(stars.replace("*", "%"), comparison, context)


def _filled(text: str, comparison: Comparison, context: Context) -> str:
    if "%groups%" in text and len(context.groups) > 1:
        raise QueryError("%groups% stands for several groups here: compare with ~~ (one of a list)", comparison.span)
    return context.fill(text)


def undated(query: Query, context: Context) -> tuple[Diagnostic, ...]:
    """Return a diagnostic for each ``%now%`` that is not replaced, since the context has no day."""
    if context.today is not None:
        return ()
    return tuple(
        query.diagnostic("no-today", "%now% stays as it is: the context has no date", comparison.span)
        for comparison in query.filters
        if "%now%" in comparison.value.replace("*", "%")
    )


def modified_test(comparison: Comparison, context: Context, semantics: Semantics) -> Callable[[str], bool]:
    """Return a test of ``%lastmod%``: typed semantics compare dates, while the plugin always compares with 0."""
    operator = comparison.operator
    day = _day_of(comparison, context, semantics)
    if day is None:
        holds = _TESTS.get(operator) or _TESTS["!=" if operator == "!~" else "="]
        return lambda text: holds(_sign(int(text or 0), 0))
    return lambda text: text != "" and _TESTS[operator](_sign(_date(text), day))


def _day_of(comparison: Comparison, context: Context, semantics: Semantics) -> date | None:
    """Return the day that ``%lastmod%`` is compared with, or None if it is compared with 0."""
    if semantics.compare == "text" or comparison.operator in LIKE or comparison.operator == "~~":
        return None
    return _day(context.fill(comparison.value).strip(BLANKS))


def typed_test(operator: str, operands: Sequence[str]) -> Callable[[str], bool]:
    """Return a test against any of several texts that compares two numbers as numbers."""
    if operator in ("=", "~~", "!="):
        equal = frozenset(map(_number_or_text, operands))
        return lambda text: (_number_or_text(text) in equal) != (operator == "!=")
    (value,), holds = operands, _TESTS[operator]
    number = numeric(value)

    def test(text: str) -> bool:
        other = numeric(text) if number is not None else None
        return holds(_sign(text, value) if other is None or number is None else _sign(other, number))

    return test


@lru_cache(maxsize=65536)
def _number_or_text(text: str) -> float | str:
    number = numeric(text)
    return text if number is None else number


def _sign(one: str | float | date, other: str | float | date) -> int:
    return (one > other) - (one < other)  # type: ignore[operator]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _date(seconds: str) -> date:
    time = moment(int(seconds))
    if time is None:
        return date.min if seconds.startswith("-") else date.max
    return time.date()
