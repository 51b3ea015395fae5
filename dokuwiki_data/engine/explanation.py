"""Explain a query: its meaning in words and with brackets, its traps, and the other way to read its condition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.filtering import split
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.traps import traps
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.conditions import Comparison, Logic
from dokuwiki_data.query.queries import Query, Queryable
from dokuwiki_data.text import Diagnostic

WORDS = {
    "=": "is", "!=": "is not", "<": "is before", "<=": "is at most", ">": "is after", ">=": "is at least",
    "~": "looks like", "!~": "does not look like", "*~": "contains", "~~": "is one of",
}  # fmt: skip

#: The block for the other reading is left out if it needs more filters than this.
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class OtherReading:
    """The other way to read a condition in which AND and OR are mixed.

    Attributes:
        expression: The condition with the other brackets.
        block: A block that has this meaning under the given semantics; empty if it would be too long.
        rows: The number of rows of the query under the given semantics, without its limit; None without a wiki.
        other_rows: The number of rows of the other reading; None without a wiki.
    """

    expression: str
    block: str
    rows: int | None = None
    other_rows: int | None = None

    def __str__(self) -> str:
        text = f"The other way to read it: {self.expression}"
        if self.rows is not None:
            text += f"\nRows as it is read: {self.rows}, the other way: {self.other_rows}"
        return text + (f"\nThis block means the other:\n{self.block}" if self.block else "")


@dataclass(frozen=True, slots=True)
class Explanation:
    """The meaning of a query, as `Query.explain` returns it. ``str(explanation)`` has all parts.

    Attributes:
        expression: The condition with brackets.
        words: The query as a sentence.
        traps: The places where the query may not mean what its author intended.
        other: The other way to read the condition; None if there is only one.
    """

    expression: str
    words: str
    traps: tuple[Diagnostic, ...]
    other: OtherReading | None = None

    def __str__(self) -> str:
        lines = [self.words, f"Condition: {self.expression}", *(f"- {trap.message}" for trap in self.traps)]
        return "\n".join(lines if self.other is None else [*lines, str(self.other)])


def explain(
    query: Query, wiki: Queryable | None, context: Context, semantics: Semantics, page_id: str = ""
) -> Explanation:
    """Explain a query, see `Query.explain`."""
    steps = semantics.brackets == "or" and not query.bracketed
    groups = _grouped(query.filters, steps=steps)
    return Explanation(
        _expression(groups, steps=steps),
        _sentence(query, groups, steps),
        traps(query, wiki.index(context) if wiki is not None else None, context, semantics),
        _other_reading(query, semantics, wiki, context, page_id),
    )


def _sentence(query: Query, groups: Sequence[Sequence[Comparison]], steps: bool) -> str:
    shown = ", ".join(column.title or column.name for column in query.selected) or "nothing"
    what = {
        "cloud": f"Counts the values of {shown}",
        "taglist": f"Counts the values of {shown}",
        "related": f"Shows pages that share values of {shown} with this page",
    }.get(query.kind, f"Shows {shown}")
    inner, outer = (" or ", ", and ") if steps else (" and ", ", or ")
    parts = [inner.join(map(_in_words, group)) or "all of them" for group in groups]
    where = f", of pages where {outer.join(parts)}" if query.filters else ", of all pages with an entry"
    order = ""
    if query.sort:
        order = f"; sorted by {query.sort.column.title}{', descending' if query.sort.descending else ''}"
    return f"{what}{where}{order}{f'; at most {query.limit}' if query.limit else ''}."


def _in_words(comparison: Comparison) -> str:
    return f"{comparison.column.title} {WORDS.get(comparison.operator, comparison.operator)} “{comparison.value}”"


# ---------------------------------------------------------------------------------------- the other reading


def _other_reading(
    query: Query, semantics: Semantics, wiki: Queryable | None, context: Context, page_id: str
) -> OtherReading | None:
    """Return the other reading of a query, or None if its brackets make no difference."""
    if query.bracketed or not _is_mixed(query.filters):
        return None
    reads_steps = semantics.brackets == "or"
    other = replace(semantics, brackets="and" if reads_steps else "or")
    groups = _grouped(query.filters, steps=not reads_steps)
    found = OtherReading(_expression(groups, steps=not reads_steps), _block(query, groups, reads_steps))
    if wiki is None:
        return found
    try:
        rows, other_rows = (
            len(wiki.evaluate(replace(query, limit=None), page_id=page_id, context=context, semantics=one))
            for one in (semantics, other)
        )
    except QueryError:
        return found
    return replace(found, rows=rows, other_rows=other_rows)


def _is_mixed(filters: Sequence[Comparison]) -> bool:
    """Return whether the brackets of a condition make a difference: it has AND and OR, or begins with OR."""
    if not filters:
        return False
    return filters[0].logic == "OR" or len({filter_.logic for filter_ in filters[1:]}) > 1


def _grouped(filters: Sequence[Comparison], *, steps: bool) -> list[list[Comparison]]:
    """Return the filters as steps, each of alternatives; or as alternatives, each of comparisons that must all hold."""
    groups = split(filters, "AND" if steps else "OR")
    return [group for group in groups if group] if steps else groups


def _expression(groups: Sequence[Sequence[Comparison]], *, steps: bool) -> str:
    """Return a condition with its brackets."""
    inner, outer = (" OR ", " AND ") if steps else (" AND ", " OR ")
    parts = [inner.join(map(_quoted, group)) or "true" for group in groups]
    if len(parts) == 1:
        return parts[0]
    bracketed = (f"({part})" if len(group) > 1 else part for part, group in zip(parts, groups, strict=True))
    return outer.join(bracketed) or "true"


def _quoted(comparison: Comparison) -> str:
    """Return a comparison with its value in quotes, so that it does not look like several comparisons."""
    value = comparison.value.replace('"', '""')
    return f'{comparison.column} {comparison.spelling or comparison.operator} "{value}"'


def _block(query: Query, groups: Sequence[Sequence[Comparison]], reads_steps: bool) -> str:
    """Return a block with the meaning of these groups under semantics that read the other kind of groups."""
    if prod(map(len, groups)) * len(groups) > MOST_LINES:
        return ""
    # (a or b) and (c or d) becomes a and c, or a and d, or b and c, or b and d; and vice versa.
    outer: Logic = "AND" if reads_steps else "OR"
    inner: Logic = "OR" if reads_steps else "AND"
    alike = [[replace(comparison, logic="AND") for comparison in group] for group in groups]
    turned = _minimal([dict.fromkeys(choice) for choice in product(*alike)])
    filters = tuple(
        replace(comparison, logic=inner if at else outer if number else "AND")
        for number, group in enumerate(turned)
        for at, comparison in enumerate(group)
    )
    if query.kind in ("cloud", "taglist") and not reads_steps and any(one.logic == "OR" for one in filters):
        return ""  # after an OR, a cloud counts the values of other columns
    try:
        return str(replace(query, filters=filters))
    except ValueError:
        return ""


def _minimal(groups: Iterable[dict[Comparison, None]]) -> list[dict[Comparison, None]]:
    """Leave out groups that contain all comparisons of another group."""
    different = {frozenset(group): group for group in groups}
    return [group for key, group in different.items() if not any(other < key for other in different)]
