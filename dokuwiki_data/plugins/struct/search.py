"""A search of the struct plugin as a value: which columns of which schemas, of which rows, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dokuwiki_data.query.conditions import Logic

Alignment = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema that is searched, and what columns call it if not by its own name."""

    name: str
    alias: str = ""


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column: its name as written, which is ``label``, ``schema.label``, or one of the plugin's (``%pageid%``).

    ``schema`` is a schema's name or alias, nothing for whichever has such a column first. Among the columns that are
    shown, the label ``*`` is all of a schema, and ``-label`` takes one away again.
    """

    name: str
    label: str
    schema: str = ""

    @classmethod
    def parse(cls, name: str) -> SchemaColumn:
        """The column that a name stands for."""
        schema, _, label = name.partition(".")
        return cls(name, label, schema) if label not in ("", "0") else cls(name, schema)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class SchemaFilter:
    """One comparison of a search, and how it is joined to those before it.

    ``operator``: ``=``, ``!=`` (also ``<>``), ``<``, ``<=``, ``>``, ``>=``, ``~`` (like), ``!~`` (unlike), ``*~``
    (contains), ``=*`` (matches a regular expression) or ``IN``. ``value`` is as written, with placeholders such as
    ``$ID$``.
    """

    column: SchemaColumn
    operator: str
    value: str
    logic: Logic = "AND"


@dataclass(frozen=True, slots=True)
class SchemaSort:
    """What a search sorts by."""

    column: SchemaColumn
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What a block or an inline value of the struct plugin asks, as its lines say it.

    ``headers`` are what stands above the columns as far as it was given, ``align`` and ``widths`` (of CSS, empty if
    none was understood) likewise. ``limit`` is None for all rows; ``minimum`` is the least count that a cloud shows.
    ``target`` is the page that a cloud leads to. ``nesting``: so many columns are levels of a nested list; ``index``:
    so many letters group its first level. ``classes`` are those of CSS that the plugin adds, without
    ``struct-custom-``. ``action_column``: before which column buttons stand, behind the last for -1.
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
