"""From the filters of a query to matchers over an index."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from operator import not_

from dokuwiki_data.data.columns import BLANKS, Column
from dokuwiki_data.data.conditions import OPERATORS, Comparison
from dokuwiki_data.data.context import Context
from dokuwiki_data.data.errors import QueryError
from dokuwiki_data.data.index import ColumnIndex, Index
from dokuwiki_data.data.matching import AllOf, AnyOf, Matcher, Not, Ranks, Tested, ranges
from dokuwiki_data.data.patterns import matcher
from dokuwiki_data.data.php import numeric
from dokuwiki_data.data.reader import Problem
from dokuwiki_data.data.semantics import Semantics
from dokuwiki_data.data.values import clean, moment
from dokuwiki_data.ids import clean_id

LIKE = ("~", "!~", "*~")

#: What two values say to an operator, given -1, 0 or 1 for smaller, equal or greater.
_HOLDS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


class Filtering:
    """Makes matchers of comparisons for one index, context and semantics."""

    def __init__(self, index: Index, context: Context, semantics: Semantics, headings: Mapping[str, str]) -> None:
        """``headings`` has the first heading of each page that has one, by page id."""
        self._index = index
        self._context = context
        self._semantics = semantics
        self._headings = headings

    def condition(self, filters: Sequence[Comparison], bracketed: bool) -> Matcher:
        """All filters together, bracketed as the semantics say; ``bracketed``: AND binds tighter in any case."""
        total = len(self._index)
        if self._semantics.brackets == "and" or bracketed:
            alternatives = [AllOf(map(self.matcher, part), total) for part in split(filters, "OR")]
            return alternatives[0] if len(alternatives) == 1 else AnyOf(alternatives)
        steps = split(filters, "AND")
        return AllOf((AnyOf(map(self.matcher, step)) for step in steps if step), total)

    def matcher(self, comparison: Comparison) -> Matcher:
        """One comparison; raises `QueryError` if it compares nothing."""
        check(comparison)
        column = comparison.column
        if column.key == "%lastmod%":
            test = modified_test(comparison, self._context, self._semantics)
            return Tested(self._index.special["%lastmod%"], len(self._index), test, False)
        index = column_index(self._index, column, self._context)
        if self._semantics.missing == "unequal" and comparison.operator in ("!=", "!~"):
            opposite = replace(comparison, operator=comparison.operator[1:])
            return Not(self._or_missing(opposite, index), len(self._index))
        return self._or_missing(comparison, index)

    def _or_missing(self, comparison: Comparison, index: ColumnIndex | None) -> Matcher:
        """One comparison, which may hold for a page without the column, too."""
        found = self._matcher(comparison, index)
        if not holds_for_missing(comparison, self._semantics):
            return found
        return AnyOf([found, Tested(index, len(self._index), not_, True)])

    def _matcher(self, comparison: Comparison, index: ColumnIndex | None) -> Matcher:
        operator = comparison.operator
        if operator in LIKE:
            return self._like(comparison, index)
        wanted = operands(comparison, self._context)
        if self._semantics.compare == "typed":
            return Tested(index, len(self._index), typed_test(operator, wanted), False)
        values = index.values if index else ()
        operator = "=" if operator == "~~" else operator
        return Ranks(index, [found for value in wanted for found in ranges(values, operator, value)])

    def _like(self, comparison: Comparison, index: ColumnIndex | None) -> Matcher:
        fits, unlike = matcher(pattern(comparison, self._context)), comparison.operator == "!~"
        total, column = len(self._index), comparison.column
        if column.special or not self._context.use_dataresolve:
            return Tested(index, total, lambda text: fits(text) != unlike, False)
        resolve = self._resolver(column)
        # A missing value is looked at as the empty text; but `Not` asks what pages with values look like.
        missing = self._semantics.missing == "drop" and fits(resolve("")) != unlike
        return Tested(index, total, lambda text: fits(resolve(text)) != unlike, missing)

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


def undated(filters: Sequence[Comparison], context: Context) -> tuple[Problem, ...]:
    """What cannot be filled in without knowing which day it is."""
    if context.today is not None:
        return ()
    return tuple(
        Problem("no-today", "%now% stays as it is: the context has no date", comparison.span)
        for comparison in filters
        if "%now%" in comparison.value.replace("*", "%")
    )


def modified_test(comparison: Comparison, context: Context, semantics: Semantics) -> Callable[[str], bool]:
    """A comparison of ``%lastmod%``: of dates if it is typed; the plugin compares with 0 whatever is asked for."""
    operator = comparison.operator
    asked = None if semantics.compare == "text" else _day(context.fill(comparison.value).strip(BLANKS))
    if asked is None or operator in LIKE or operator == "~~":
        holds = _HOLDS.get(operator) or _HOLDS["!=" if operator == "!~" else "="]
        return lambda text: holds(_sign(int(text or 0), 0))
    return lambda text: text != "" and _HOLDS[operator](_sign(_date(text), asked))


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
