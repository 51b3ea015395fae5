"""Queries as SQL, for a store of your own: the plugin's meaning said once more, in another language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.filtering import LIKE, check, operands, pattern, split
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.columns import CLOUD_SPECIAL, RELATED_SPECIAL, Column
from dokuwiki_data.query.conditions import Comparison

if TYPE_CHECKING:
    from dokuwiki_data.engine.index import Index
    from dokuwiki_data.query.queries import Query

SCHEMA = """\
CREATE TABLE pages (id INTEGER PRIMARY KEY, page TEXT, title TEXT, class TEXT, modified INTEGER);
CREATE TABLE data (page INTEGER REFERENCES pages, position INTEGER, key TEXT, value TEXT);
CREATE INDEX data_by_page ON data (page, key, position);
CREATE INDEX data_by_value ON data (key, value);
"""
"""What the statements are about: a page with an entry each, and its values, numbered in the order written."""

_SPECIAL = {"%pageid%": "page", "%title%": "title", "%class%": "class", "%lastmod%": "modified"}


def to_sql(query: Query, context: Context, page_id: str) -> str:
    """One SELECT over `SCHEMA` that answers as the plugin does.

    A table's first column is the page's id, then comes each cell, its values joined by line ends (NULL where the
    page has none). A cloud or list of tags has values and counts, the most frequent first; related pages
    have ids and counts. Patterns do not see the titles of pages that a value names.

    Raises `QueryError` for a filter that compares nothing.
    """
    try:
        if query.kind in ("cloud", "taglist"):
            statement = _cloud(query, context)
        elif query.kind == "related":
            statement = _related(query, context, page_id)
        else:
            statement = _table(query, context)
    except QueryError as error:
        query.locate(error)
        raise
    return statement + (f"\nLIMIT {query.limit}" if query.limit else "")


def rows(index: Index) -> tuple[Iterator[tuple[int, str, str, str, int]], Iterator[tuple[int, int, str, str]]]:
    """What the tables ``pages`` and ``data`` have to hold."""
    classes = index.special["%class%"]
    pages = (
        (number, page_id, index.titles[number], classes.cell(number)[0], index.modified[number])
        for number, page_id in enumerate(index.page_ids)
    )
    data = (
        (page, position, key, column.values[rank])
        for key, column in index.columns.items()
        for position, (page, rank) in enumerate(zip(column.pages, column.ranks, strict=True))
    )
    return pages, data


def _table(query: Query, context: Context) -> str:
    cells = [_cell(column, context) for column in query.selected]
    alternatives = [
        " AND ".join(_any_value(comparison, context) for comparison in alternative) or "1"
        for alternative in split(query.filters, "OR")
    ]
    direction = "DESC" if query.sort and query.sort.descending else "ASC"
    order = _sorted_by(query, context)
    return "\n".join([
        f"SELECT pages.page, {', '.join(cells)}",
        "FROM pages",
        f"WHERE {' OR '.join(alternatives)}",
        f"ORDER BY {order} {direction}, pages.id {direction}",
    ])  # fmt: skip


def _cell(column: Column, context: Context) -> str:
    if column.special:
        return f"pages.{_SPECIAL[column.key]}"
    joined = f"SELECT value FROM data WHERE {_of_key(column, context)} ORDER BY position"
    cell = f"(SELECT group_concat(value, char(10)) FROM ({joined}))"
    if context.type_of(column).base in ("pageid", "wiki"):
        return f"CASE WHEN {_first(column, context)} NOT IN ('', '0') THEN {cell} END"
    return cell


def _first(column: Column, context: Context) -> str:
    return f"(SELECT value FROM data WHERE {_of_key(column, context)} ORDER BY position LIMIT 1)"


def _of_key(column: Column, context: Context) -> str:
    return f"data.page = pages.id AND data.key = {_quoted(context.fill(column.key))}"


def _sorted_by(query: Query, context: Context) -> str:
    """The sort line, or the first cell as the plugin has it: a blank before each value, or the page's id before all."""
    if query.sort:
        column = query.sort.column
        return f"pages.{_SPECIAL[column.key]}" if column.special else _first(column, context)
    column = query.selected[0]
    if column.key == "%title%" or (not column.special and context.type_of(column).base in ("pageid", "wiki")):
        return f"pages.page || '|' || {_cell(column, context)}"
    if column.special:
        return _cell(column, context)
    return f"' ' || replace({_cell(column, context)}, char(10), char(10) || ' ')"


def _any_value(comparison: Comparison, context: Context) -> str:
    """Whether any of a page's values fits; for patterns a missing value counts as the empty text."""
    check(comparison)
    column, test = comparison.column, _test(comparison, context)
    if column.key == "%lastmod%":
        # Whatever is asked, the plugin compares with 0.
        operator = {"~": "=", "*~": "=", "~~": "=", "!~": "!="}.get(comparison.operator, comparison.operator)
        return f"pages.modified {operator} 0"
    if column.special:
        return f"pages.{_SPECIAL[column.key]} {test}"
    found = f"SELECT 1 FROM data WHERE {_of_key(column, context)}"
    if comparison.operator not in LIKE or not context.use_dataresolve:
        return f"EXISTS ({found} AND value {test})"
    type_ = context.type_of(column)
    before, after = _quoted(context.fill_language(type_.prefix)), _quoted(context.fill_language(type_.postfix))
    return (
        f"(EXISTS ({found} AND {before} || value || {after} {test})"
        f" OR NOT EXISTS ({found}) AND {before} || {after} {test})"
    )


def _test(comparison: Comparison, context: Context) -> str:
    """A comparison without its left side."""
    if comparison.operator in LIKE:
        operator = "NOT LIKE" if comparison.operator == "!~" else "LIKE"
        return f"{operator} {_quoted(pattern(comparison, context))}"
    wanted = [_quoted(text) for text in operands(comparison, context)]
    return f"IN ({', '.join(wanted)})" if comparison.operator == "~~" else f"{comparison.operator} {wanted[0]}"


def _joined(filters: Sequence[Comparison], context: Context, special: Sequence[str]) -> tuple[dict[str, str], str]:
    """The joins of what filters look at, one for each key, by key; and the condition without brackets."""
    joins: dict[str, str] = {}
    numbers: dict[str, int] = {}
    conditions = [""]
    for comparison in filters:
        check(comparison)
        key = comparison.column.key
        if key in special:
            value = f"pages.{_SPECIAL[key]}"
        else:
            number = numbers.setdefault(key, len(numbers))
            joins.setdefault(key, _join(number, context.fill(key)))
            value = f"looked{number}.value"
        conditions.append(f"{comparison.logic} {value} {_test(comparison, context)}")
    return joins, " ".join(conditions)


def _join(number: int, key: str) -> str:
    name = f"looked{number}"
    return f" LEFT JOIN data AS {name} ON {name}.page = pages.id AND {name}.key = {_quoted(key)}"


def _cloud(query: Query, context: Context) -> str:
    joins, condition = _joined(query.filters, context, CLOUD_SPECIAL)
    return "\n".join([
        "SELECT counted.value, count(*)",
        f"FROM data AS counted JOIN pages ON pages.id = counted.page{''.join(joins.values())}",
        f"WHERE counted.key = {_quoted(context.fill(query.selected[0].key))}{condition}",
        f"GROUP BY counted.value HAVING count(*) >= {query.minimum}",
        "ORDER BY count(*) DESC, counted.value DESC",
    ])  # fmt: skip


def _related(query: Query, context: Context, page_id: str) -> str:
    joins, condition = _joined(query.filters, context, RELATED_SPECIAL)
    order = "pages.page"
    if query.sort:
        key = query.sort.column.key
        if key in RELATED_SPECIAL:
            order = f"pages.{_SPECIAL[key]}"
        else:
            joins.setdefault(key, _join(len(joins), context.fill(key)))
            name = f"looked{list(joins).index(key)}"
            # The value of the first row, which is the first that passes.
            order = f"substr(min(printf('%09d', {name}.position) || {name}.value), 10)"
        order += " DESC" if query.sort.descending else " ASC"
    keys = ", ".join(_quoted(column.key) for column in query.selected if not column.special)
    return "\n".join([
        "SELECT pages.page, count(*)",
        "FROM data AS own JOIN pages AS here ON here.id = own.page JOIN data AS other USING (key, value)",
        f"JOIN pages ON pages.id = other.page{''.join(joins.values())}",
        f"WHERE here.page = {_quoted(page_id)} AND pages.id != here.id AND own.key IN ({keys}) AND (1{condition})",
        f"GROUP BY pages.id ORDER BY count(*) DESC, {order}, pages.id",
    ])  # fmt: skip


def _quoted(text: str) -> str:
    """A text as SQL has it; one with a NUL in it, which would end the statement, as its bytes."""
    if "\0" in text or not text.isprintable():
        return f"CAST(X'{text.encode('utf-8', 'surrogatepass').hex()}' AS TEXT)"
    return "'" + text.replace("'", "''") + "'"
