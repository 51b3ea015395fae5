"""From the filters of a query to matchers over an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import compress, count

from dokuwiki_data.engine.bits import Bits, bits_of, full
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.fitting import TESTS, Fit, Numbers, Order, Searched, Test, ranges
from dokuwiki_data.engine.index import ColumnIndex, Index
from dokuwiki_data.engine.like import matcher
from dokuwiki_data.engine.matching import AnyValue, Known, LookedAt, Matcher, Not, all_of, any_of
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.values import clean, moment
from dokuwiki_data.errors import QueryError
from dokuwiki_data.ids import clean_id
from dokuwiki_data.php import BLANKS, numeric
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import OPERATORS, Comparison
from dokuwiki_data.query.queries import Query
from dokuwiki_data.text import Diagnostic

LIKE = ("~", "!~", "*~")

#: What conditions that come several times found is kept, up to so many pages in all.
MOST_KEPT = 1 << 27

#: What two values say to an operator, given -1, 0 or 1 for smaller, equal or greater.
_HOLDS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


class ColumnFits:
    """The values of a column, to be compared with whatever filters say."""

    def __init__(
        self,
        values: Sequence[str],
        context: Context,
        semantics: Semantics,
        resolve: Callable[[str], str] | None = None,
        is_time: bool = False,
    ) -> None:
        """``resolve``: what patterns look at; ``is_time``: whether the values are those of ``%lastmod%``."""
        self._values = values
        self._context = context
        self._semantics = semantics
        self._resolve = resolve
        self._is_time = is_time
        self._times: dict[str, Bits] = {}
        self._asked = 0

    def fit(self, comparison: Comparison) -> Fit:
        """Which values fit a comparison; raises `QueryError` as `operands` does."""
        if self._is_time:
            return self._time(comparison)
        if comparison.operator in LIKE:
            return self._like(comparison)
        wanted = operands(comparison, self._context)
        operator = comparison.operator
        if self._semantics.compare == "typed":
            test = typed_test(operator, wanted)
            return self._tested(test, lambda: self._numbers.fitting(operator, wanted))
        operator = "=" if operator == "~~" else operator
        return Fit([found for value in wanted for found in ranges(self._values, operator, value)])

    def _like(self, comparison: Comparison) -> Fit:
        wanted, unlike = pattern(comparison, self._context), comparison.operator == "!~"
        fits, resolve = matcher(wanted), self._resolve
        everything = full(len(self._values)) if unlike else 0
        return Fit(
            None,
            (lambda text: fits(text) != unlike) if resolve is None else (lambda text: fits(resolve(text)) != unlike),
            lambda: self._searched.fitting(wanted) ^ everything,
        )

    def _tested(self, test: Test, find: Callable[[], Bits]) -> Fit:
        """What passes a test; ``find`` finds it sooner if many comparisons ask."""

        def found() -> Bits:
            self._asked += 1
            return find() if self._asked > TESTS else self._passing(test)

        return Fit(None, test, found)

    def _passing(self, test: Test) -> Bits:
        return bits_of(list(compress(count(), map(test, self._values))))

    def _time(self, comparison: Comparison) -> Fit:
        day = _asked_day(comparison, self._context, self._semantics)
        test = modified_test(comparison, self._context, self._semantics)
        if day is not None:
            return self._tested(test, lambda: self._days.fitting(comparison.operator, day))
        # The value does not count.
        return Fit(None, test, lambda: self._by_operator(comparison.operator, test))

    def _by_operator(self, operator: str, test: Test) -> Bits:
        if operator not in self._times:
            self._times[operator] = self._passing(test)
        return self._times[operator]

    @cached_property
    def _searched(self) -> Searched:
        return Searched(self._values if self._resolve is None else list(map(self._resolve, self._values)))

    @cached_property
    def _numbers(self) -> Numbers:
        return Numbers(self._values)

    @cached_property
    def _days(self) -> Order:
        ranks = [rank for rank, value in enumerate(self._values) if value]
        return Order(ranks, [_date(self._values[rank]) for rank in ranks])


class Filtering:
    """Makes matchers of comparisons for one index, context and semantics."""

    def __init__(self, index: Index, context: Context, semantics: Semantics, headings: Mapping[str, str]) -> None:
        """``headings`` has the first heading of each page that has one, by page id."""
        self._index = index
        self._context = context
        self._semantics = semantics
        self._headings = headings
        self._looked: dict[str, LookedAt] = {}
        self._fits: dict[tuple[str, str], ColumnFits] = {}
        #: The matchers of comparisons that were met, since many lines may ask the same.
        self._known: dict[tuple[Column, str, str], Matcher] = {}
        self._kept = 0

    def condition(self, filters: Sequence[Comparison], bracketed: bool) -> Matcher:
        """All filters together, bracketed as the semantics say; ``bracketed``: AND binds tighter in any case."""
        total = len(self._index)
        if self._semantics.brackets == "and" or bracketed:
            return any_of((all_of(map(self.matcher, part), total) for part in split(filters, "OR")), total)
        steps = split(filters, "AND")
        return all_of((any_of(map(self.matcher, step), total) for step in steps if step), total)

    def matcher(self, comparison: Comparison) -> Matcher:
        """One comparison; raises `QueryError` if it compares nothing."""
        asked = comparison.column, comparison.operator, comparison.value
        known = self._known.get(asked)
        if known is None:
            known = self._known[asked] = self._made(comparison)
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
        """One comparison, which may hold for a page without the column, or where it is left empty, too."""
        found = self._any_value(comparison)
        if comparison.column.key == "%lastmod%" or not holds_for_missing(comparison, self._semantics):
            return found
        looked = self._looked.get(comparison.column.key)
        if looked is None:
            return Known(full(len(self._index)))
        empty = Fit(ranges(looked.column.values, "=", ""))
        return any_of([found, AnyValue(looked, empty, True)], len(self._index))

    def _any_value(self, comparison: Comparison) -> Matcher:
        column, total = comparison.column, len(self._index)
        index = column_index(self._index, column, self._context)
        key = column.key, column.type
        if key not in self._fits:
            resolve = None if column.special or not self._context.use_dataresolve else self._resolver(column)
            self._fits[key] = ColumnFits(
                index.values if index else (), self._context, self._semantics, resolve, column.key == "%lastmod%"
            )
        fit, missing = self._fits[key].fit(comparison), self._holds_for_missing(comparison)
        if index is None:
            return Known(full(total) if missing else 0)
        if column.key not in self._looked:
            self._looked[column.key] = LookedAt(index, total)
        return AnyValue(self._looked[column.key], fit, missing)

    def _holds_for_missing(self, comparison: Comparison) -> bool:
        """Whether a page without the column fits: a pattern looks at a missing value as the empty text."""
        column = comparison.column
        if comparison.operator not in LIKE or column.special or not self._context.use_dataresolve:
            return False
        # But `Not` asks what pages with values look like.
        fits, unlike = matcher(pattern(comparison, self._context)), comparison.operator == "!~"
        return self._semantics.missing == "drop" and fits(self._resolver(column)("")) != unlike

    def _resolver(self, column: Column) -> Callable[[str], str]:
        """What a pattern looks at: the value with prefix and postfix, and the title of a page that it names."""
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
    """The filters in groups; a new one begins at each that is joined with ``logic``. The first may be empty."""
    groups: list[list[Comparison]] = [[]]
    for comparison in filters:
        if comparison.logic == logic:
            groups.append([])
        groups[-1].append(comparison)
    return groups


def column_index(index: Index, column: Column, context: Context) -> ColumnIndex | None:
    """The column's values, if any page has one."""
    return index.special[column.key] if column.special else index.columns.get(context.fill(column.key))


def check(comparison: Comparison) -> None:
    """Raise `QueryError` for what is no comparison."""
    if comparison.operator not in OPERATORS:
        raise QueryError(f"{comparison.operator!r} compares nothing", comparison.span)


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


def holds_for_missing(comparison: Comparison, semantics: Semantics) -> bool:
    """Whether a comparison asks for no value, where the semantics take a page without the column to have none."""
    if semantics.missing == "drop" or comparison.operator not in ("=", "~", "~~"):
        return False
    written = comparison.value.split(",") if comparison.operator == "~~" else [comparison.value]
    return any(not text.strip(BLANKS) for text in written)


def operands(comparison: Comparison, context: Context) -> list[str]:
    """The texts that values are compared with: one, or several for a list; cleaned, placeholders filled.

    Raises `QueryError` where several groups should be one text.
    """
    value = clean(comparison.value, context.type_of(comparison.column))
    if comparison.operator != "~~":
        return [_filled(value, comparison, context)]
    # Several groups are filled in as parts of a list.
    return [text for item in value.split(",") for text in context.fill(item.strip(BLANKS)).split("','")]


def pattern(comparison: Comparison, context: Context) -> str:
    """The pattern of LIKE, where ``%`` is any run of characters; raises `QueryError` as `operands` does."""
    stars = f"*{comparison.value}*" if comparison.operator == "*~" else comparison.value
    return _filled(stars.replace("*", "%"), comparison, context)


def _filled(text: str, comparison: Comparison, context: Context) -> str:
    if "%groups%" in text and len(context.groups) > 1:
        raise QueryError("%groups% stands for several groups here: compare with ~~, one of a list", comparison.span)
    return context.fill(text)


def undated(query: Query, context: Context) -> tuple[Diagnostic, ...]:
    """What cannot be filled in without knowing which day it is."""
    if context.today is not None:
        return ()
    return tuple(
        query.diagnostic("no-today", "%now% stays as it is: the context has no date", comparison.span)
        for comparison in query.filters
        if "%now%" in comparison.value.replace("*", "%")
    )


def modified_test(comparison: Comparison, context: Context, semantics: Semantics) -> Callable[[str], bool]:
    """A comparison of ``%lastmod%``: of dates if it is typed; the plugin compares with 0 whatever is asked for."""
    operator = comparison.operator
    asked = _asked_day(comparison, context, semantics)
    if asked is None:
        holds = _HOLDS.get(operator) or _HOLDS["!=" if operator == "!~" else "="]
        return lambda text: holds(_sign(int(text or 0), 0))
    return lambda text: text != "" and _HOLDS[operator](_sign(_date(text), asked))


def _asked_day(comparison: Comparison, context: Context, semantics: Semantics) -> date | None:
    """The day that ``%lastmod%`` is compared with, if it is compared with one."""
    if semantics.compare == "text" or comparison.operator in LIKE or comparison.operator == "~~":
        return None
    return _day(context.fill(comparison.value).strip(BLANKS))


def typed_test(operator: str, wanted: Sequence[str]) -> Callable[[str], bool]:
    """A comparison with any of several texts, in which two numbers are compared as numbers."""
    if operator in ("=", "~~", "!="):
        equal = frozenset(map(_number_or_text, wanted))
        return lambda text: (_number_or_text(text) in equal) != (operator == "!=")
    (value,), holds = wanted, _HOLDS[operator]
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
