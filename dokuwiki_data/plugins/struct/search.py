"""A search of the plugin struct as a value: columns of schemas, filters, and how the rows are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dokuwiki_data.query.conditions import Logic

Alignment = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema that is searched.

    Attributes:
        name: The name.
        alias: The name by which columns refer to it, if it differs.
    """

    name: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column of a schema.

    Attributes:
        name: The name as written: ``label``, ``schema.label``, or one of the plugin's own columns such as ``%pageid%``.
        label: The label. Among the shown columns, ``*`` stands for all of a schema, and ``-label`` removes one.
        schema: The name or alias of the schema; empty for the first schema that has such a column.
    """

    name: str
    label: str
    schema: str = ""

    @classmethod
    def parse(cls, name: str) -> SchemaColumn:
        """Return the column of a name."""
        schema, _, label = name.partition(".")
        return cls(name, label, schema) if label not in ("", "0") else cls(name, schema)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class SchemaFilter:
    """A comparison of a search.

    Attributes:
        column: The column.
        operator: ``=``, ``!=`` (also ``<>``), ``<``, ``<=``, ``>``, ``>=``, ``~`` (like), ``!~`` (not like), ``*~``
            (contains), ``=*`` (matches a regular expression) or ``IN``.
        value: The value as written, with placeholders such as ``$ID$``.
        logic: How the comparison is joined to those before it.
    """

    column: SchemaColumn
    operator: str
    value: str
    logic: Logic = "AND"


@dataclass(frozen=True, slots=True)
class SchemaSort:
    """A column that a search sorts by."""

    column: SchemaColumn
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """The search of a block, or of a value within a line.

    Attributes:
        schemas: The schemas.
        columns: The columns.
        headers: The headers that the search gives, which may be fewer than its columns.
        filters: The comparisons.
        sort: The columns to sort by.
        limit: The number of rows at most, or None for all.
        minimum: The least count that a cloud shows.
        align: The alignment of each column, or None.
        widths: The width of each column in CSS; empty if it was not understood.
        classes: The CSS classes of the output, without the prefix ``struct-custom-``.
        target: The page that a cloud links to.
        nesting: The number of columns that are levels of a nested list.
        index: The number of letters by which the first level of a list is grouped.
        action_column: The column before which buttons stand; -1 stands for the end.
        dynfilters: Whether readers can filter the table.
        rownumbers: Whether rows are numbered.
        summarize: Whether there is a row of sums.
        sepbyheaders: Whether the items of a list are separated by headers.
        csv: Whether there is a link to the rows as CSV.
    """

    schemas: tuple[Schema, ...] = ()
    columns: tuple[SchemaColumn, ...] = ()
    headers: tuple[str, ...] = ()
    filters: tuple[SchemaFilter, ...] = ()
    sort: tuple[SchemaSort, ...] = ()
    limit: int | None = None
    minimum: int = 0
    align: tuple[Alignment | None, ...] = ()
    widths: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    target: str = ""
    nesting: int = 0
    index: int = 0
    action_column: int = -1
    dynfilters: bool = False
    rownumbers: bool = False
    summarize: bool = False
    sepbyheaders: bool = False
    csv: bool = True
