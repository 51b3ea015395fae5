"""Schemas for the plugin *struct*, one for each class of entries, in the JSON that its import takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entry_tables import EntryValues, KeyColumns
from dokuwiki_data.php import lower
from dokuwiki_data.query.columns import Column
from dokuwiki_data.render.characters import as_json, replace_surrogates
from dokuwiki_data.struct_export.given_schemas import GivenColumn, GivenSchema, StructExportError
from dokuwiki_data.struct_export.types import TEXT, StructType, not_imported, refused_by, type_for

#: SQLite joins at most 64 tables, and struct joins one for each column of many values.
_MOST_MANY = 60
#: SQLite takes at most 2,000 columns.
_MOST = 1900
#: The name of the page's id in struct's CSV files.
PAGE_ID = "pid"
#: The special columns of a page itself, by the name and the type of a column that shows the same.
OWN_PAGE = {
    "%pageid%": ("Page id", StructType("Page", {"usetitles": False})),
    "%title%": ("Page", StructType("Page", {"usetitles": True})),
}
#: The special column that struct does not have, by the name of a column that shows the same.
CLASS = "%class%"
_OWN = {**OWN_PAGE, CLASS: ("Class", TEXT)}

_UNSAFE = re.compile(r'[\x00-\x1f\x7f\\"]')


@dataclass(frozen=True, slots=True)
class StructColumn:
    """A column of a schema.

    Attributes:
        key: The key of the entries' fields.
        label: The name of the column.
        type: Its type.
        many: Whether it has many values.
        wanted: The type that shows the values as the data plugin does. `type` is another one if struct refuses some
            values for it, or if the user asked for another one.
        is_given: Whether the user asked for the type, so that struct may refuse some values.
    """

    key: str
    label: str
    type: StructType
    many: bool
    wanted: StructType
    is_given: bool = False

    def refused(self, values: Iterable[str]) -> list[str]:
        """Return the values that struct refuses."""
        return not_imported(self.type, values) if self.is_given else []

    def values(self, entry: EntryValues) -> list[str]:
        """Return the values of an entry for this column, as struct stores them."""
        if self.key in OWN_PAGE:
            return [entry.page_id]
        if self.key == CLASS:
            return [entry.class_name]
        values = entry.values.get(self.key, ())
        return [self.written(value, entry.page_id) for value in values if value or not self.type.link]

    def written(self, value: str, page_id: str) -> str:
        """Return a value of a page as struct stores it: a link in a column of links."""
        if not self.type.link:
            return value
        return f"[[:{self.type.link.format(page=page_id, key=self.key, value=value)}|{value}]]"


@dataclass(slots=True)
class StructSchema:
    """A schema, its pages, and what struct shows for them.

    Attributes:
        name: The name.
        classes: The classes of its entries, each as written after ``dataentry``.
        entries: The entry of each page by the page's id.
        columns: The columns.
        notes: What is not as in the data plugin, in sentences.
        stored: The values that struct has, by the label of the column and the page, as far as they were asked for:
            each block asks for those of many pages.
    """

    name: str
    classes: tuple[str, ...]
    entries: Mapping[str, EntryValues]
    columns: list[StructColumn] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stored: dict[str, dict[str, list[str]]] = field(default_factory=dict, repr=False, compare=False)

    def main_column(self, key: str) -> StructColumn | None:
        """Return the column with the values of a key as the data plugin stores them."""
        return next((column for column in self.columns if column.key == key and not column.type.link), None)

    def column_for(self, column: Column, context: Context) -> StructColumn:
        """Return the column that shows a column of a query, added if there is none.

        Blocks give a column other types than entries do, and ask for columns that no entry has.
        """
        wanted = type_for(context.shown_type_of(column))
        main = self.main_column(column.key)
        for known in self.columns:
            if known.key == column.key and wanted in (known.wanted, known.type):
                return known
        suffix = f" ({column.type})" if main else ""
        return self._add(column.key, column.title + suffix, wanted, main.many if main else column.many)

    def own_column(self, key: str) -> StructColumn:
        """Return a column that shows the same as a special one, added if there is none: the page itself, or its class.

        Struct leaves out rows that have values in special columns only, but not those with a value in this one.
        """
        known = self.main_column(key)
        return known or self._add(key, *_OWN[key], many=False)

    def _add(
        self, key: str, title: str, wanted: StructType, many: bool, given: GivenColumn = GivenColumn()
    ) -> StructColumn:
        values = {value for entry in self.entries.values() for value in entry.values.get(key, ())}
        label = self._label(title if given.label is None else given.label)
        if given.type is None:
            refused = refused_by(wanted, values)
            type_ = TEXT if refused else wanted
        else:
            type_ = given.type
            if type_.name == "User":  # struct would refuse users that are not there
                type_ = type_._replace(config={"existingonly": False})
            refused = not_imported(type_, values)
        if refused:
            instead = f"text instead of {wanted.name}" if given.type is None else f"some values are no {type_.name}"
            self.notes.append(f"{label}: {instead}, which does not take {min(refused)!r}")
        column = StructColumn(key, label, type_, many, wanted, given.type is not None)
        self.columns.append(column)
        return column

    def _label(self, title: str) -> str:
        """Return a label for a title that no other column has; struct compares labels without regard to case.

        Labels have no other meaning to struct or its import: ``0`` is none, ``*`` stands for all columns.
        """
        wanted = _UNSAFE.sub("_", replace_surrogates(title)).strip()
        if wanted in ("", "0", "*") or lower(wanted) == PAGE_ID:
            wanted = f"{wanted} (data)".strip()
        taken = {lower(column.label) for column in self.columns}
        label, number = wanted, 2
        while lower(label) in taken:
            label, number = f"{wanted} {number}", number + 1
        if label != title:
            self.notes.append(f"{label}: the name of the column was {title!r}")
        return label

    def add_columns(self, context: Context, given: Mapping[str, GivenColumn] = {}) -> None:
        """Add a column for each key of the entries, some with a label or a type that is given by the key.

        Raises:
            StructExportError: No entry has a key that is given.
        """
        keys = KeyColumns()
        for entry in self.entries.values():
            keys.add(entry)
        for key, found in keys.items():
            type_ = type_for(context.shown_type_of(found.column))
            # Struct compares titles, too, where the data plugin compares ids only; blocks get columns of their own.
            plain = TEXT if type_.link or type_.config.get("usetitles") else type_
            self._add(key, found.column.title, plain, found.many, given.get(key, GivenColumn()))
        for key in given.keys() - keys.keys():
            raise StructExportError(f"schema {self.name}: no entry has the column {key!r}")

    def check(self) -> None:
        """Raise `StructExportError` if struct's database cannot hold the columns."""
        many = sum(column.many for column in self.columns)
        if many > _MOST_MANY or len(self.columns) > _MOST:
            raise StructExportError(
                f"schema {self.name}: {len(self.columns)} columns, {many} of them with many values, "
                f"but struct's database takes {_MOST}, {_MOST_MANY} of them with many values"
            )

    def to_json(self) -> str:
        """Return the schema as struct's import takes it."""
        columns: list[dict[str, Any]] = [
            {
                "colref": number,
                "ismulti": column.many,
                "isenabled": True,
                "sort": number * 10,
                "label": column.label,
                "class": column.type.name,
                "config": dict(column.type.config),
            }
            for number, column in enumerate(self.columns, start=1)
        ]
        return as_json({"schema": self.name, "config": {}, "columns": columns}, indent=2) + "\n"


def schemas_of(
    entries: Iterable[EntryValues], context: Context, given: Mapping[str, GivenSchema] | None = None
) -> Iterator[StructSchema]:
    """Yield a schema for each class of entries, or for several that share one.

    Args:
        entries: The entries that the data plugin keeps.
        context: The settings of the wiki.
        given: What is given of schemas, by name.

    Raises:
        StructExportError: A name is no name for a schema, there is nothing of what is given, or struct's database
            cannot hold the columns.
    """
    given = given or {}
    for name in given:
        if name != schema_name(name):
            raise StructExportError(f"{name!r} is no name of a schema: use a to z, then 0 to 9 and _, too")
    by_name = {class_name: name for name, schema in given.items() for class_name in schema.classes}
    by_class: dict[str, list[EntryValues]] = {}
    for entry in entries:
        by_class.setdefault(entry.class_name.strip(), []).append(entry)
    for class_name in by_name.keys() - by_class.keys() - {"*"}:
        raise StructExportError(f"schema {by_name[class_name]}: no entry has the class {class_name!r}")
    groups: dict[str, list[str]] = {name: [] for name in given}
    for class_name in by_class:
        name = by_name.get(class_name) or by_name.get("*") or ""
        if not name:
            name = wanted = schema_name(class_name) or "entries"
            number = 2
            while name in groups:
                name, number = f"{wanted}_{number}", number + 1
        groups.setdefault(name, []).append(class_name)
    for name, classes in groups.items():
        if classes:
            kept = {entry.page_id: entry for class_name in classes for entry in by_class[class_name]}
            schema = StructSchema(name, tuple(classes), kept)
            schema.add_columns(context, given[name].columns if name in given else {})
            schema.check()
            yield schema


def schema_name(text: str) -> str:
    """Return a text as the name of a schema: small letters, digits and ``_``, beginning with a letter."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"_+", "_", text.lower())).lstrip("0123456789_").rstrip("_")[:60]
