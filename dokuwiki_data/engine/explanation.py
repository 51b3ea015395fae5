"""What a query means, in words and with brackets, where it may mean something else, and how else to read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.readings import OtherReading, expression, grouped, other_reading
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.traps import traps
from dokuwiki_data.query.conditions import Comparison
from dokuwiki_data.query.queries import Query, Queryable
from dokuwiki_data.text import Diagnostic

WORDS = {
    "=": "is", "!=": "is not", "<": "is before", "<=": "is at most", ">": "is after", ">=": "is at least",
    "~": "looks like", "!~": "does not look like", "*~": "contains", "~~": "is one of",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explanation:
    """``expression`` is the condition with its brackets, ``words`` says the query in a sentence, ``traps`` is where
    it may not say what was meant: each with a kind, a message, and its place in the text it was read from. ``other``
    is the other reading of a condition in which AND and OR are mixed, None where there is no other.
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
    """Explain a query; with a wiki also which columns and values no page has, and how many rows there are."""
    steps = semantics.brackets == "or" and not query.bracketed
    groups = grouped(query.filters, steps=steps)
    return Explanation(
        expression(groups, steps=steps),
        _sentence(query, groups, steps),
        traps(query, wiki.index(context) if wiki is not None else None, context, semantics),
        other_reading(query, semantics, wiki, context, page_id),
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
