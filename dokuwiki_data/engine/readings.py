"""The other way to read a condition in which AND and OR are mixed, and the lines that say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.filtering import split
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.conditions import Comparison, Logic
from dokuwiki_data.query.queries import Query, Queryable

#: Nobody wants to read a block of more lines.
MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class OtherReading:
    """How else a query may be meant.

    ``expression`` is its condition with other brackets. ``block`` says it under the semantics at hand; it is empty
    if no block can, or only one of very many lines. ``rows`` is how many rows the query has as it is read, limit
    aside, and ``other_rows`` how many as it is not; None without a wiki.
    """

    expression: str
    block: str
    rows: int | None = None
    other_rows: int | None = None

    def __str__(self) -> str:
        text = f"The other way to read it: {self.expression}"
        if self.rows is not None:
            text += f"\nRows as it is read: {self.rows}, the other way: {self.other_rows}"
        return text + (f"\nThis block says the other:\n{self.block}" if self.block else "")


def other_reading(
    query: Query, semantics: Semantics, wiki: Queryable | None, context: Context, page_id: str
) -> OtherReading | None:
    """The other reading of a query, if its brackets make a difference."""
    if query.bracketed or not are_mixed(query.filters):
        return None
    reads_steps = semantics.brackets == "or"
    other = replace(semantics, brackets="and" if reads_steps else "or")
    groups = grouped(query.filters, steps=not reads_steps)
    found = OtherReading(expression(groups, steps=not reads_steps), _block(query, groups, reads_steps))
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


def are_mixed(filters: Sequence[Comparison]) -> bool:
    """Whether the brackets of a condition make a difference: it has both AND and OR, or begins with OR."""
    if not filters:
        return False
    return filters[0].logic == "OR" or len({filter_.logic for filter_ in filters[1:]}) > 1


def grouped(filters: Sequence[Comparison], *, steps: bool) -> list[list[Comparison]]:
    """The filters as steps, each of alternatives; or as alternatives, each of what has to hold together."""
    groups = split(filters, "AND" if steps else "OR")
    return [group for group in groups if group] if steps else groups


def expression(groups: Sequence[Sequence[Comparison]], *, steps: bool) -> str:
    """A condition with its brackets."""
    inner, outer = (" OR ", " AND ") if steps else (" AND ", " OR ")
    parts = [inner.join(map(compared, group)) or "true" for group in groups]
    if len(parts) == 1:
        return parts[0]
    bracketed = (f"({part})" if len(group) > 1 else part for part, group in zip(parts, groups, strict=True))
    return outer.join(bracketed) or "true"


def compared(comparison: Comparison) -> str:
    """A comparison with its value in quotes, so that none looks like several."""
    value = comparison.value.replace('"', '""')
    return f'{comparison.column} {comparison.spelling or comparison.operator} "{value}"'


def _block(query: Query, groups: Sequence[Sequence[Comparison]], reads_steps: bool) -> str:
    """The block that means these groups, where groups of the other kind are read."""
    if prod(map(len, groups)) * len(groups) > MOST_LINES:
        return ""
    # (a or b) and (c or d) is a and c, or a and d, or b and c, or b and d; and the other way round.
    outer: Logic = "AND" if reads_steps else "OR"
    inner: Logic = "OR" if reads_steps else "AND"
    alike = [[replace(comparison, logic="AND") for comparison in group] for group in groups]
    turned = _least([dict.fromkeys(choice) for choice in product(*alike)])
    filters = tuple(
        replace(comparison, logic=inner if at else outer if number else "AND")
        for number, group in enumerate(turned)
        for at, comparison in enumerate(group)
    )
    if query.kind in ("cloud", "taglist") and not reads_steps and any(one.logic == "OR" for one in filters):
        return ""  # behind an OR a cloud counts what it should not
    try:
        return str(replace(query, filters=filters))
    except ValueError:
        return ""


def _least(groups: Iterable[dict[Comparison, None]]) -> list[dict[Comparison, None]]:
    """Without the groups that say nothing, since a smaller one says the same and more."""
    different = {frozenset(group): group for group in groups}
    return [group for key, group in different.items() if not any(other < key for other in different)]
