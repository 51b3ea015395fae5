"""What a query means, in words and with brackets, and where it says something else than its author may think."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from dokuwiki_data.engine.context import PLACEHOLDER, Context
from dokuwiki_data.engine.filtering import LIKE, split
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.values import clean
from dokuwiki_data.php import numeric
from dokuwiki_data.query.columns import BLANKS, SPECIAL, Column
from dokuwiki_data.query.conditions import OPERATORS, Comparison, Sort
from dokuwiki_data.query.reader import Problem
from dokuwiki_data.text import Span

if TYPE_CHECKING:
    from dokuwiki_data.engine.index import Index
    from dokuwiki_data.query.queries import Query

WORDS = {
    "=": "is", "!=": "is not", "<": "is before", "<=": "is at most", ">": "is after", ">=": "is at least",
    "~": "looks like", "!~": "does not look like", "*~": "contains", "~~": "is one of",
}  # fmt: skip

#: For so many unknown columns a known one is looked for that is written alike; each takes milliseconds.
MOST_HINTS = 50

Place = tuple[Column, Span | None]


@dataclass(frozen=True, slots=True)
class Explanation:
    """``expression`` is the condition with its brackets, ``words`` says the query in a sentence, ``traps`` is where
    it may not say what was meant: each with a kind, a message, and its place in the text it was read from.
    """

    expression: str
    words: str
    traps: tuple[Problem, ...]

    def __str__(self) -> str:
        return "\n".join([self.words, f"Condition: {self.expression}", *(f"- {trap.message}" for trap in self.traps)])


def explain(query: Query, index: Index | None, context: Context, semantics: Semantics) -> Explanation:
    """Explain a query; with an index also which columns no page has."""
    loose = semantics.brackets == "or" and not query.bracketed
    traps = [
        *_logic_traps(query, semantics),
        *(trap for comparison in query.filters for trap in _filter_traps(comparison, context, semantics)),
        *_column_traps(query),
        *_sort_traps(query.sort),
    ]
    if index is not None:
        traps += _unknown_columns(query, index, context)
    traps.sort(key=lambda trap: trap.span or Span(0, 0))
    groups = [group for group in split(query.filters, "AND" if loose else "OR") if group or not loose]
    return Explanation(_expression(groups, loose), _sentence(query, groups, loose), tuple(traps))


def _expression(groups: Sequence[Sequence[Comparison]], loose: bool) -> str:
    inner, outer = (" OR ", " AND ") if loose else (" AND ", " OR ")
    parts = [inner.join(map(str, group)) or "true" for group in groups]
    if len(parts) == 1:
        return parts[0]
    return (
        outer.join(f"({part})" if len(group) > 1 else part for part, group in zip(parts, groups, strict=True)) or "true"
    )


def _sentence(query: Query, groups: Sequence[Sequence[Comparison]], loose: bool) -> str:
    shown = ", ".join(column.title or column.name for column in query.selected) or "nothing"
    what = {
        "cloud": f"Counts the values of {shown}",
        "taglist": f"Counts the values of {shown}",
        "related": f"Shows pages that share values of {shown} with this page",
    }.get(query.kind, f"Shows {shown}")
    inner, outer = (" or ", ", and ") if loose else (" and ", ", or ")
    parts = [inner.join(map(_said, group)) or "all of them" for group in groups]
    where = f", of pages where {outer.join(parts)}" if query.filters else ", of all pages with an entry"
    order = ""
    if query.sort:
        order = f"; sorted by {query.sort.column.title}{', descending' if query.sort.descending else ''}"
    return f"{what}{where}{order}{f'; at most {query.limit}' if query.limit else ''}."


def _said(comparison: Comparison) -> str:
    return f"{comparison.column.title} {WORDS.get(comparison.operator, comparison.operator)} “{comparison.value}”"


def _logic_traps(query: Query, semantics: Semantics) -> Iterator[Problem]:
    filters = query.filters
    if not filters or semantics.brackets == "or" or query.bracketed:
        return
    if filters[0].logic == "OR":
        message = "the condition starts as true, so a first filteror selects every page: write filter"
        yield Problem("leading-or", message, filters[0].span)
    later = [comparison for comparison in filters[1:] if comparison.logic == "OR"]
    if later and any(len(group) > 1 for group in split(filters, "OR")):
        message = "AND binds tighter than OR: what stands before this filteror is an alternative as a whole"
        yield Problem("mixed-logic", message, later[0].span)
    if query.kind in ("cloud", "taglist") and any(comparison.logic == "OR" for comparison in filters):
        first = next(comparison for comparison in filters if comparison.logic == "OR")
        message = "behind an OR the values of every column are counted, not only those selected"
        yield Problem("counts-everything", message, first.span)


def _filter_traps(comparison: Comparison, context: Context, semantics: Semantics) -> Iterator[Problem]:
    column, operator, value, span = comparison.column, comparison.operator, comparison.value, comparison.span
    if operator not in OPERATORS:
        yield Problem("no-comparison", f"{operator!r} compares nothing, so the query has no result", span)
        return
    if operator == "!=" and semantics.missing == "drop" and not column.special:
        yield Problem("unequal", f"!= leaves out the pages that have no {column.title!r} at all", span)
    if operator in ("<", "<=", ">", ">=") and semantics.compare == "text" and numeric(value) is not None:
        yield Problem("text-comparison", f"values compare as texts: 10 is before 9, also for {column.title!r}", span)
    if column.key == "%lastmod%" and semantics.compare == "text":
        yield Problem("lastmod", "the plugin compares %lastmod% with 0, whatever stands here", span)
    if "*" in comparison.spelling and operator == "~":
        message = f"{comparison.spelling!r} is read as one operator, so the star is lost: write a blank before it"
        yield Problem("lost-star", message, span)
    if operator in LIKE:
        left = PLACEHOLDER.sub("", value)
        signs = " and ".join(sign for sign in "%_" if sign in left)
        if signs:
            yield Problem("wildcards", f"{signs}: in a pattern % is any run of characters and _ any one", span)
        if PLACEHOLDER.search(value.replace("*", "%")) and "*" in value:
            yield Problem("placeholder", "the stars become %, and what is between two % may be a placeholder", span)
    elif value and not clean(value, context.type_of(column)):
        message = f"{value!r} is no value of type {column.type!r}: it is compared as an empty text"
        yield Problem("cleaned-to-empty", message, span)


def _places(query: Query) -> Iterator[Place]:
    """Every column that a query names, and where."""
    spans = query.column_spans or (None,) * len(query.columns)
    yield from zip(query.columns, spans, strict=True)
    yield from ((comparison.column, comparison.span) for comparison in query.filters)
    if query.sort:
        yield query.sort.column, query.sort.span


def _column_traps(query: Query) -> Iterator[Problem]:
    seen: dict[str, Column] = {}
    for column, span in list(_places(query))[: len(query.columns)]:
        if column.key in seen:
            message = f"{column.name!r} has the key of {seen[column.key].name!r}: one column is left, in this form"
            yield Problem("collapsed-columns", message, span)
        seen[column.key] = column
    for column, span in _places(query):
        if column.many and "_" not in column.name:
            message = f"{column.name!r} is read as a many-valued column {column.title!r}: write {column.name + '_'!r}"
            yield Problem("plural", f"{message} for a single one", span)


def _sort_traps(sort: Sort | None) -> Iterator[Problem]:
    if sort is not None and sort.column.key[:1] in (*BLANKS, ""):
        written = sort.column.name.strip(BLANKS)
        message = f"sorts by nothing{', and reverses' if sort.descending else ''}"
        if written:
            message = f"a blank behind ^ belongs to the name, so this {message}: write ^{written}"
        yield Problem("sorts-by-nothing", message, sort.span)


def _unknown_columns(query: Query, index: Index, context: Context) -> Iterator[Problem]:
    known, hints = [*SPECIAL, *index.columns], dict[str, str]()
    for column, span in _places(query):
        key = column.key
        if column.special or context.fill(key) in index.columns:
            continue
        if key not in hints and len(hints) < MOST_HINTS:
            near = get_close_matches(key, known, n=1)
            hints[key] = f": did you mean {near[0]!r}?" if near else ""
        yield Problem("unknown-column", f"no page has a column {key!r}{hints.get(key, '')}", span)
