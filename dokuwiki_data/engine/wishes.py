"""What queries may say beyond the plugin, under semantics that allow it: all columns, days relative to today."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.index import Index
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison, Sort
from dokuwiki_data.query.queries import Query

#: The name of a column that stands for all columns.
ALL = "*"

_RELATIVE = re.compile(r"%now%[ \t]*([+-])[ \t]*([0-9]{1,6})[ \t]*(day|week|month|year)s?", re.IGNORECASE)


def with_days(query: Query, context: Context) -> Query:
    """Return the query with days such as ``%now% + 30 days`` replaced, if the context has a day.

    Raises:
        QueryError: The day is before the year 1 or after the year 9999.
    """
    if context.today is None or not any("%now%" in comparison.value for comparison in query.filters):
        return query
    return replace(query, filters=tuple(_with_day(comparison, context.today) for comparison in query.filters))


def _with_day(comparison: Comparison, today: date) -> Comparison:
    found = _RELATIVE.fullmatch(comparison.value.strip())
    if found is None:
        return comparison
    sign, number, unit = found.groups()
    try:
        day = _later(today, int(sign + number), unit.lower())
    except (ValueError, OverflowError) as error:
        raise QueryError(f"no such day: {comparison.value}", comparison.span) from error
    return replace(comparison, value=day.isoformat())


def _later(day: date, number: int, unit: str) -> date:
    """Return a day some units later; a day that its month does not have becomes the last day of the month."""
    if unit in ("day", "week"):
        return day + timedelta(days=number * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, 1).replace(day=min(day.day, monthrange(year, month)[1]))


def sorts(sort: Sort) -> list[Sort]:
    """Return the columns of a sort line that names several, such as ``type, ^name``."""
    names = [name.strip() for name in str(sort).split(",")]
    return [Sort.parse(name) for name in names if name.removeprefix("^").strip()]


def with_all_columns(
    query: Query, columns: Mapping[str, Column], index: Index, context: Context, pages: Sequence[int]
) -> Query:
    """Return the query with ``*`` replaced by the columns that it does not name and that some pages have.

    Args:
        query: The query.
        columns: The columns of the wiki by key, in their order.
        index: The index of the wiki.
        context: The context, with the wiki's labels of columns.
        pages: The pages of the answer.
    """
    named = {column.key for column in query.columns}
    wanted = set(pages)
    others = [
        column for key, column in columns.items()
        if key not in named and key in index.columns and not wanted.isdisjoint(index.columns[key].pages)
    ]  # fmt: skip
    found: list[Column] = []
    headers: list[str] = []
    for at, column in enumerate(query.selected):
        has_header = at < len(query.headers) and column.key != ALL
        for one in others if column.key == ALL else [column]:
            found.append(one)
            headers.append(query.headers[at] if has_header else context.labels.get(one.key, one.title))
    return replace(query, columns=tuple(found), headers=tuple(headers))
