"""Queries as SQL statements: over an entity-attribute-value schema, or over the database of a wiki."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dokuwiki_data.engine.context import ColumnType, Context
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
"""The tables of the statements: the pages with an entry, and their values, numbered in the order written."""

#: The beginning of a statement for a database that ``convert --format sqlite`` wrote. Its views are used as tables.
_VIEWS = """\
WITH pages AS NOT MATERIALIZED (SELECT * FROM stored_pages), data AS NOT MATERIALIZED (SELECT * FROM stored_values)
"""

_SPECIAL = {"%pageid%": "page", "%title%": "title", "%class%": "class", "%lastmod%": "modified"}


def to_sql(query: Query, context: Context, page_id: str, dialect: str = "") -> str:
    """Return a query as one SELECT statement with the meaning that the plugin gives it.

    The statement is for `SCHEMA`, or with the ``dialect`` ``sqlite`` for the database of a wiki.

    For a table or list, it selects the id of the page and each cell: its values joined by line ends, or NULL if the
    page has none. For a cloud or list of tags, it selects values and counts, the most frequent first; for related
    pages, ids and counts. Over `SCHEMA`, patterns are not compared with the titles of pages that values name.

    Raises:
        QueryError: A filter has an unknown operator, or compares a pattern with titles that SQL cannot find.
        ValueError: The dialect is unknown.
    """
    if dialect not in ("", "sqlite"):
        raise ValueError(f"unknown dialect {dialect!r}; known: 'sqlite'")
    try:
        if query.kind in ("cloud", "taglist"):
            statement = _cloud(query, context)
        elif query.kind == "related":
            statement = _related(query, context, page_id)
        else:
            statement = _table(query, context, has_titles=bool(dialect))
    except QueryError as error:
        query.locate(error)
        raise
    return (_VIEWS if dialect else "") + statement + (f"\nLIMIT {query.limit}" if query.limit else "")


def rows(index: Index) -> tuple[Iterator[tuple[int, str, str, str, int]], Iterator[tuple[int, int, str, str]]]:
    """Return the rows of the tables ``pages`` and ``data`` for an index."""
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


def _table(query: Query, context: Context, *, has_titles: bool) -> str:
    cells = [_cell(column, context) for column in query.selected]
    alternatives = [
        " AND ".join(_any_value(comparison, context, has_titles=has_titles) for comparison in alternative) or "1"
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
    """Return the sort key: that of the query, or the first cell as the plugin's database returns it."""
    if query.sort:
        column = query.sort.column
        return f"pages.{_SPECIAL[column.key]}" if column.special else _first(column, context)
    column = query.selected[0]
    if column.key == "%title%" or (not column.special and context.type_of(column).base in ("pageid", "wiki")):
        return f"pages.page || '|' || {_cell(column, context)}"
    if column.special:
        return _cell(column, context)
    return f"' ' || replace({_cell(column, context)}, char(10), char(10) || ' ')"


def _any_value(comparison: Comparison, context: Context, *, has_titles: bool) -> str:
    """Return a test for pages with a matching value. Patterns compare a missing value as an empty text."""
    check(comparison)
    column, test = comparison.column, _test(comparison, context)
    if column.key == "%lastmod%":
        # The plugin compares with 0, whatever the value.
        operator = {"~": "=", "*~": "=", "~~": "=", "!~": "!="}.get(comparison.operator, comparison.operator)
        return f"pages.modified {operator} 0"
    if column.special:
        return f"pages.{_SPECIAL[column.key]} {test}"
    found = f"SELECT 1 FROM data WHERE {_of_key(column, context)}"
    if comparison.operator not in LIKE or not context.use_dataresolve:
        return f"EXISTS ({found} AND value {test})"
    type_ = context.type_of(column)
    title = _title(comparison, type_, context) if has_titles else ""
    no_title = " || ' '" if title else ""
    before, after = _quoted(context.fill_language(type_.prefix)), _quoted(context.fill_language(type_.postfix))
    return (
        f"(EXISTS ({found} AND {before} || value || {after}{title} {test})"
        f" OR NOT EXISTS ({found}) AND {before} || {after}{no_title} {test})"
    )


def _title(comparison: Comparison, type_: ColumnType, context: Context) -> str:
    """Return what a pattern sees after a value: the title of the page that the value names, if its type has titles."""
    if type_.base not in ("page", "title") or (type_.base == "page" and not context.useheading):
        return ""
    if type_.prefix or type_.postfix:
        name = comparison.column.name
        raise QueryError(f"SQL cannot compare patterns with the titles of the pages in {name!r}", comparison.span)
    page_id = "substr(value, 1, instr(value || '|', '|') - 1)" if type_.base == "title" else "value"
    return f" || ' ' || coalesce((SELECT heading FROM main.pages AS named WHERE named.page_id = {page_id}), '')"


def _test(comparison: Comparison, context: Context) -> str:
    """Return a comparison without its left side."""
    if comparison.operator in LIKE:
        operator = "NOT LIKE" if comparison.operator == "!~" else "LIKE"
        return f"{operator} {_quoted(pattern(comparison, context))}"
    texts = [_quoted(text) for text in operands(comparison, context)]
    return f"IN ({', '.join(texts)})" if comparison.operator == "~~" else f"{comparison.operator} {texts[0]}"


def _joined(filters: Sequence[Comparison], context: Context, special: Sequence[str]) -> tuple[dict[str, str], str]:
    """Return the joins of the filtered columns by key, and the condition without brackets."""
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
            value = f"filtered{number}.value"
        conditions.append(f"{comparison.logic} {value} {_test(comparison, context)}")
    return joins, " ".join(conditions)


def _join(number: int, key: str) -> str:
    name = f"filtered{number}"
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
            name = f"filtered{list(joins).index(key)}"
            # The value of the first row that passes.
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
    """Return a text as an SQL literal. A NUL would end the statement, so a text with one is written as bytes."""
    if "\0" in text or not text.isprintable():
        return f"CAST(X'{text.encode('utf-8', 'surrogatepass').hex()}' AS TEXT)"
    return "'" + text.replace("'", "''") + "'"
