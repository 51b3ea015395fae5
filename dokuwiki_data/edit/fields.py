"""Set, add, remove and rename fields of the data plugin's entries; comments, order and layout stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from dokuwiki_data.edit.changes import NodeChange, changed
from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.data import DataEntry, DataField, DataOption, DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import OPERATOR_CHARACTERS


def set_field(page: Page, entry: DataEntry, column: str, *values: str) -> Page:
    """Return the page with new values in a field of an entry; the field is added if the entry lacks it.

    Args:
        page: The page.
        entry: An entry of this page.
        column: A name such as ``tags`` or ``due_dt``; an existing field keeps its name as it is written.
        values: The values; without any the field is left empty.

    Raises:
        EditError: A value cannot be written (a line end, or a comma in one of several), the column is not many-valued
            but gets several values, or the entry has several fields of the column.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("---- dataentry task ----\\nstate : open # for now\\n----\\n")
        >>> print(dw.edit.set_field(page, page.entries[0], "state", "done"), end="")
        ---- dataentry task ----
        state : done # for now
        ----
    """
    fields = _of_column(entry, Column.parse(column))
    if not fields:
        return add_field(page, entry, column, *values)
    if len(fields) > 1:
        raise EditError(entry, f"it has {len(fields)} fields of the column {column!r}: use replace() on one of them")
    return changed(page, [NodeChange(fields[0], (fields[0].with_changes(values=values),))])


def add_field(page: Page, entry: DataEntry, column: str, *values: str, comment: str | None = None) -> Page:
    """Return the page with a field added at the end of an entry, its colon aligned with that of the line before.

    Args:
        page: The page.
        entry: An entry of this page.
        column: A name such as ``tags`` or ``due_dt``.
        values: The values.
        comment: The comment after the values.

    Raises:
        EditError: The entry has a field of the column already, or a value cannot be written.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("---- dataentry ----\\nname : Kettle\\n----\\n")
        >>> print(dw.edit.add_field(page, page.entries[0], "tags", "tea", "kitchen", comment="new"), end="")
        ---- dataentry ----
        name : Kettle
        tags : tea, kitchen # new
        ----
    """
    new = DataField(Column.parse(column), values, comment)
    if _of_column(entry, new.column):
        raise EditError(entry, f"it has a field of the column {column!r} already")
    if entry.fields:
        return changed(page, [NodeChange(entry.fields[-1], (new,), "after")])
    return changed(page, [NodeChange(entry, (new,), "within")])


def remove_field(page: Page, entry: DataEntry, column: str) -> Page:
    """Return the page without the fields of a column in an entry.

    Args:
        page: The page.
        entry: An entry of this page.
        column: A name such as ``tags`` or ``due_dt``.

    Raises:
        EditError: The entry has no field of the column.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("---- dataentry ----\\nname: Kettle\\ntags: tea\\n----\\n")
        >>> print(dw.edit.remove_field(page, page.entries[0], "tags"), end="")
        ---- dataentry ----
        name: Kettle
        ----
    """
    fields = _of_column(entry, Column.parse(column))
    if not fields:
        raise EditError(entry, f"it has no field of the column {column!r}")
    return changed(page, [NodeChange(field, ()) for field in fields])


def rename_field(page: Page, old: str, new: str, *, queries: bool = False) -> Page:
    """Return the page with a column renamed in all of its entries, and optionally in its queries.

    As in the plugin, letter case and the type at the end of a name do not distinguish columns. A column that is written
    with the type of ``old`` gets the name ``new``; one with another type keeps its type. In queries the columns,
    filters and the sort option change, headers stay. A page without the column is returned unchanged.

    Args:
        page: The page.
        old: The name of the column.
        new: The new name.
        queries: Whether to rename the column in queries, too.

    Raises:
        EditError: An entry has the new column already.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("---- dataentry ----\\nowner: ann\\n----\\n")
        >>> print(dw.edit.rename_field(page, "owner", "keeper"), end="")
        ---- dataentry ----
        keeper: ann
        ----
    """
    before, after = Column.parse(old), Column.parse(new)
    changes: list[NodeChange] = []
    for entry in page.entries:
        fields = _of_column(entry, before)
        if fields and before.key != after.key and _of_column(entry, after):
            raise EditError(entry, f"it has a field of the column {new!r} already")
        changes += [
            NodeChange(field, (field.with_changes(column=_renamed(field.column, before, after)),)) for field in fields
        ]
    if queries:
        changes += [NodeChange(query, (_renamed_in_query(query, before, after),)) for query in page.queries]
    return changed(page, [change for change in changes if change.node != change.parts[0]])


#: Expressions that match the names of columns in the values of a query's options.
_NAMES = {
    "columns": re.compile(r"[^,]+"),
    "filter": re.compile(rf"^[^{re.escape(OPERATOR_CHARACTERS)}]+"),
    "filter_or": re.compile(rf"^[^{re.escape(OPERATOR_CHARACTERS)}]+"),
    "sort": re.compile(r"(?<=\^)[^\n]+|^[^^][^\n]*"),
}


def _renamed_in_query(query: DataQuery, old: Column, new: Column) -> DataQuery:
    """Return a query with a column renamed, in the query itself and in its options."""

    def named(column: Column) -> Column:
        return _renamed(column, old, new) if column.key == old.key and not column.special else column

    asked = query.query
    return query.with_changes(
        query=replace(
            asked,
            columns=tuple(map(named, asked.columns)),
            filters=tuple(replace(filter_, column=named(filter_.column)) for filter_ in asked.filters),
            sort=asked.sort and replace(asked.sort, column=named(asked.sort.column)),
        ),
        options=tuple(_option(option, named) for option in query.options),
    )


def _option(option: DataOption, named: Callable[[Column], Column]) -> DataOption:
    def name(match: re.Match[str]) -> str:
        written = match[0].strip(BLANKS)
        column = Column.parse(written)
        return match[0].replace(written, named(column).name) if named(column) != column else match[0]

    pattern = _NAMES.get(option.option)
    value = pattern.sub(name, option.value) if pattern else option.value
    return option if value == option.value else option.with_changes(value=value)


def _of_column(entry: DataEntry, column: Column) -> list[DataField]:
    return [field for field in entry.fields if field.column.key == column.key]


def _renamed(column: Column, old: Column, new: Column) -> Column:
    """Return the column with another name; a type that differs from that of ``old`` stays."""
    if (column.type, column.many) == (old.type, old.many):
        return new
    ending = column.name.removeprefix(column.title)
    for name in (new.title + ending, f"{new.title}_{ending}"):
        spelled = Column.parse(name)
        if (spelled.key, spelled.type, spelled.many) == (new.key, column.type, column.many):
            return spelled
    return new
