"""Traps: the places where a query may not mean what its author intended."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from itertools import islice

from dokuwiki_data.engine.context import PLACEHOLDER, Context
from dokuwiki_data.engine.filtering import LIKE, ColumnSelector, column_index, split
from dokuwiki_data.engine.index import Index
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.values import clean
from dokuwiki_data.errors import QueryError
from dokuwiki_data.php import BLANKS, numeric
from dokuwiki_data.query.columns import SPECIAL, Column
from dokuwiki_data.query.conditions import OPERATORS, Comparison
from dokuwiki_data.query.queries import Query
from dokuwiki_data.text import Diagnostic, Span

#: The most unknown names and values that get a hint, and the most known ones that each is compared with.
MOST_HINTS = 50
MOST_COMPARED = 2000

#: Pairs of quotation marks that people put around values.
QUOTES = ('""', "''", "“”", "„“", "‘’", "«»")

Place = tuple[Column, Span | None]


def traps(query: Query, index: Index | None, context: Context, semantics: Semantics) -> tuple[Diagnostic, ...]:
    """Return the traps of a query in the order of their places. Some are found only with an index."""
    found = [
        *query.diagnostics,
        *_logic_traps(query, semantics),
        *(trap for comparison in query.filters for trap in _filter_traps(query, comparison, context, semantics)),
        *_column_traps(query),
        *_sort_traps(query),
    ]
    if index is None:
        found += (trap for comparison in query.filters for trap in _comma_traps(query, comparison))
    else:
        found += _unknown_columns(query, index, context)
        found += _unknown_values(query, index, context, semantics)
    return tuple(sorted(dict.fromkeys(found), key=lambda trap: trap.span))


def _logic_traps(query: Query, semantics: Semantics) -> Iterator[Diagnostic]:
    filters = query.filters
    if not filters or semantics.brackets == "or" or query.bracketed:
        return
    if filters[0].logic == "OR":
        message = "the condition starts as true, so a first filteror selects every page: write filter"
        yield query.diagnostic("leading-or", message, filters[0].span)
    later = [comparison for comparison in filters[1:] if comparison.logic == "OR"]
    if later and any(len(group) > 1 for group in split(filters, "OR")):
        message = "AND binds tighter than OR: all filters before this filteror are one alternative"
        yield query.diagnostic("mixed-logic", message, later[0].span)
    if query.kind in ("cloud", "taglist") and any(comparison.logic == "OR" for comparison in filters):
        first = next(comparison for comparison in filters if comparison.logic == "OR")
        message = "after an OR, the values of every column are counted, not only of the selected one"
        yield query.diagnostic("counts-everything", message, first.span)


def _filter_traps(query: Query, comparison: Comparison, context: Context, semantics: Semantics) -> Iterator[Diagnostic]:
    column, operator, value, span = comparison.column, comparison.operator, comparison.value, comparison.span
    if operator not in OPERATORS:
        yield query.diagnostic("no-comparison", f"unknown operator {operator!r}: the query has no result", span)
        return
    if operator == "!=" and semantics.missing == "drop" and not column.special:
        yield query.diagnostic("unequal", f"!= leaves out the pages that have no {column.title!r} at all", span)
    if operator in ("<", "<=", ">", ">=") and semantics.compare == "text" and numeric(value) is not None:
        yield query.diagnostic(
            "text-comparison", f"values compare as texts: 10 is before 9, also for {column.title!r}", span
        )
    if column.key == "%lastmod%" and semantics.compare == "text":
        yield query.diagnostic("lastmod", "the plugin compares %lastmod% with 0, whatever the value", span)
    if "*" in comparison.spelling and operator == "~":
        message = f"{comparison.spelling!r} is read as one operator, so the star is lost: write a blank before it"
        yield query.diagnostic("lost-star", message, span)
    if len(value) > 1 and value[0] + value[-1] in QUOTES:
        yield query.diagnostic("quotes", f"the quotes of {value} belong to the value: write it without them", span)
    if operator not in LIKE and "*" in value:
        message = f"only ~ compares with a pattern, so this star is a star: write {column} ~ {value}"
        yield query.diagnostic("star", message, span)
    if operator in LIKE:
        left = PLACEHOLDER.sub("", value)
        signs = " and ".join(sign for sign in "%_" if sign in left)
        if signs:
            message = f"{signs}: in a pattern, % stands for any text and _ for any character"
            yield query.diagnostic("wildcards", message, span)
        if PLACEHOLDER.search(value.replace("*", "%")) and "*" in value:
            yield query.diagnostic(
                "placeholder", "the stars become %, and a text between two % may be a placeholder", span
            )
    elif value and not clean(value, context.type_of(column)):
        message = f"{value!r} is not a value of type {column.type!r}: it is compared as an empty text"
        yield query.diagnostic("cleaned-to-empty", message, span)


def _places(query: Query) -> Iterator[Place]:
    """Yield every column that a query names, with its place."""
    spans = query.column_spans or (None,) * len(query.columns)
    yield from zip(query.columns, spans, strict=True)
    yield from ((comparison.column, comparison.span) for comparison in query.filters)
    if query.sort:
        yield query.sort.column, query.sort.span


def _column_traps(query: Query) -> Iterator[Diagnostic]:
    seen: dict[str, Column] = {}
    for column, span in list(_places(query))[: len(query.columns)]:
        if column.key in seen:
            message = f"{column.name!r} has the same key as {seen[column.key].name!r}: only this form is shown"
            yield query.diagnostic("collapsed-columns", message, span)
        seen[column.key] = column
    for column, span in _places(query):
        if column.many and "_" not in column.name:
            message = f"{column.name!r} is read as a many-valued column {column.title!r}: write {column.name + '_'!r}"
            yield query.diagnostic("plural", f"{message} for a single one", span)


def _sort_traps(query: Query) -> Iterator[Diagnostic]:
    sort = query.sort
    if sort is not None and sort.column.key[:1] in (*BLANKS, ""):
        written = sort.column.name.strip(BLANKS)
        message = f"sorts by nothing{', but reverses' if sort.descending else ''}"
        if written:
            message = f"a blank after ^ belongs to the name, so this {message}: write ^{written}"
        yield query.diagnostic("sorts-by-nothing", message, sort.span)


def _comma_traps(query: Query, comparison: Comparison) -> Iterator[Diagnostic]:
    value = comparison.value
    if comparison.operator in ("=", "!=", *LIKE) and "," in value.strip(","):
        message = f"{value!r} is one value: for one of several values write {comparison.column} ~~ {value}"
        yield query.diagnostic("one-value", message, comparison.span)


def _unknown_columns(query: Query, index: Index, context: Context) -> Iterator[Diagnostic]:
    known, hints = [*SPECIAL, *index.columns], dict[str, str]()
    for column, span in _places(query):
        key = column.key
        if column.special or context.fill(key) in index.columns:
            continue
        if key not in hints and len(hints) < MOST_HINTS:
            hints[key] = _hint(key, known)
        yield query.diagnostic("unknown-column", f"no page has a column {key!r}{hints.get(key, '')}", span)


def _unknown_values(query: Query, index: Index, context: Context, semantics: Semantics) -> Iterator[Diagnostic]:
    selectors: dict[tuple[str, str], ColumnSelector] = {}
    hinted = 0
    for comparison in dict.fromkeys(query.filters):
        column, value = comparison.column, comparison.value
        values = column_index(index, column, context)
        if values is None or column.key == "%lastmod%" or not value or PLACEHOLDER.search(value.replace("*", "%")):
            continue
        if comparison.operator in LIKE and context.type_of(column).base in ("page", "title"):
            continue  # patterns are compared with the titles of pages
        key = column.key, column.type
        if key not in selectors:
            resolve = partial(context.resolve, context.type_of(column)) if context.use_dataresolve else None
            selectors[key] = ColumnSelector(values.values, context, semantics, resolve)
        for one in _searches(comparison):
            try:
                if selectors[key].select(one).ranks:
                    continue
            except QueryError:
                continue
            yield from _comma_traps(query, comparison)
            hint = _hint(one.value.strip("*"), values.values) if hinted < MOST_HINTS else ""
            hinted += 1
            what = "a value like" if one.operator in LIKE else "the value"
            message = f"no page has {what} {one.value!r} in {column.title!r}{hint}"
            yield query.diagnostic("unknown-value", message, comparison.span)


def _searches(comparison: Comparison) -> list[Comparison]:
    """Return comparisons that test whether any page has the value; none if the operator does not compare it."""
    if comparison.operator == "~~":
        texts = (text.strip(BLANKS) for text in comparison.value.split(","))
        return [replace(comparison, operator="=", value=text) for text in texts if text]
    operator = {"!=": "=", "!~": "~"}.get(comparison.operator, comparison.operator)
    return [replace(comparison, operator=operator)] if operator in ("=", "~", "*~") else []


def _hint(text: str, known: Collection[str]) -> str:
    """Return the known name or value that was probably meant, as the end of a message."""
    bare = text.strip("\"' ").casefold()
    same = {bare, f"{bare}s", bare.removesuffix("s")}
    near = next((one for one in known if one.casefold() in same), None)
    if near is None:
        as_long = (one for one in known if abs(len(one) - len(text)) <= 1 + len(text) // 3)
        near = next(iter(get_close_matches(text, islice(as_long, MOST_COMPARED), n=1)), None)
    return f": did you mean {near!r}?" if near else ""
