"""What a vault has of the entries that queries find: its properties by the keys of columns, and where its notes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property
from typing import NamedTuple

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.index import Index
from dokuwiki_data.exports.bases.expressions import NotInBasesError
from dokuwiki_data.exports.overview import Answers
from dokuwiki_data.exports.properties import PropertyType, PropertyTypes, linked_page, property_name
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison


class VaultProperty(NamedTuple):
    """A property.

    Attributes:
        name: Its name.
        key: The key of the columns that it has the values of.
        type_: What is known of its values.
        values: Its different values, as the plugin stores them.
    """

    name: str
    key: str
    type_: PropertyType
    values: frozenset[str]

    @property
    def has_pages(self) -> bool:
        """Whether its values are links to pages. Raises `NotInBasesError` if some are, and some are not."""
        are_pages = {linked_page(self.key, type_, "x") is not None for type_ in self.type_.types}
        if len(are_pages) > 1:
            raise NotInBasesError(f"some values of {self.name} are pages, and some are not")
        return are_pages.pop()


class VaultEntries:
    """The entries that queries find, in a vault.

    Attributes:
        answers: Answers queries.
        files: The files of the notes, by the ids of their pages.
    """

    def __init__(self, answers: Answers, types: PropertyTypes, files: Mapping[str, str]) -> None:
        self.answers = answers
        self.files = files
        self._types = types
        self._known: dict[str, tuple[VaultProperty, ...]] = {}
        self._covering: dict[frozenset[int], tuple[str, ...]] = {}
        self._classes: frozenset[str] = frozenset()

    @property
    def context(self) -> Context:
        """The context of the answers."""
        return self.answers.context

    @cached_property
    def index(self) -> Index:
        """The entries as the plugin stores them."""
        return self.answers.index()

    def of_rows(self, page_ids: Iterable[str]) -> VaultEntries:
        """Return these entries with `properties` of the classes that some pages are of, as far as there are any."""
        classes = self.index.special["%class%"]
        found = copy(self)
        found._classes = frozenset(classes.cell(self.index.number_of[page_id])[0] for page_id in page_ids)
        return found

    def has(self, column: Column) -> bool:
        """Return whether some note has a value of a column."""
        return bool(self._of_key(self.context.fill(column.key)))

    def name_of(self, column: Column) -> str:
        """Return the name that a property with values of a column would have."""
        return property_name(min(self._classes, default=""), self.context.fill(column.key))

    def properties(self, column: Column) -> tuple[VaultProperty, ...]:
        """Return the properties that have the values of a column: one for each class of entries with that column.

        Raises:
            NotInBasesError: No page has the column, or a note has values that queries do not find.
        """
        key = self.context.fill(column.key)
        known = self._of_key(key)
        if not known:
            raise NotInBasesError(f"no page has a value of {column.title}")
        names = {property_name(class_name, key) for class_name in self._classes}
        found = tuple(one for one in known if one.name in names) or known
        for one in found:
            if not one.type_.is_found:
                raise NotInBasesError(f"{one.name} has values of entries that queries do not find")
        return found

    def all_properties(self, column: Column) -> tuple[VaultProperty, ...]:
        """Return `properties` of every class. Raises `NotInBasesError` likewise."""
        return self.of_rows(()).properties(column)

    def _of_key(self, key: str) -> tuple[VaultProperty, ...]:
        if key not in self._known:
            self._known[key] = tuple(self._properties(key))
        return self._known[key]

    def _properties(self, key: str) -> list[VaultProperty]:
        values: dict[str, set[str]] = {}
        if key in self.index.columns:
            column, classes = self.index.columns[key], self.index.special["%class%"]
            for page, rank in zip(column.pages, column.ranks, strict=True):
                name = property_name(classes.cell(page)[0], key)
                values.setdefault(name, set()).add(column.values[rank])
        return [
            VaultProperty(name, key, self._types[name], frozenset(found))
            for name, found in values.items()
            if name in self._types
        ]

    def cell(self, column: Column, page_id: str) -> tuple[str, ...]:
        """Return the values of a column on a page; there are none of the plugin's own columns."""
        found = self.index.columns.get(self.context.fill(column.key))
        return () if found is None else found.cell(self.index.number_of[page_id])

    def matching(self, comparison: Comparison) -> tuple[frozenset[str], bool]:
        """Return the values that match a comparison, and whether a page without the column matches."""
        return self.answers.matching(comparison)

    @property
    def names_of_all(self) -> tuple[str, ...]:
        """Names of properties, few of them, of which each note with an entry has one, and no other note."""
        return self._names_covering(set(range(len(self.index))))

    def names_of_classes(self, classes: frozenset[str]) -> tuple[str, ...]:
        """Return names of properties as `names_of_all`, for the notes with an entry of one of some classes."""
        found = self.index.special["%class%"]
        return self._names_covering({page for page in range(len(self.index)) if found.cell(page)[0] in classes})

    def _names_covering(self, pages: set[int]) -> tuple[str, ...]:
        """Return names of properties, few of them, of which each of some pages has one, and no other page."""
        key = frozenset(pages)
        if key not in self._covering:
            waiting, names = set(pages), []
            pages_of = {name: found for name, found in self._pages_of.items() if found <= pages}
            while waiting:
                name = max(pages_of, key=lambda one: len(pages_of[one] & waiting), default="")
                if not name or not pages_of[name] & waiting:
                    raise NotInBasesError("no properties tell notes with such an entry from others")
                names.append(name)
                waiting -= pages_of[name]
            self._covering[key] = tuple(names)
        return self._covering[key]

    @cached_property
    def _pages_of(self) -> dict[str, set[int]]:
        """The pages of each property whose values queries find."""
        pages_of: dict[str, set[int]] = {}
        classes = self.index.special["%class%"]
        for key, column in self.index.columns.items():
            for page, rank in zip(column.pages, column.ranks, strict=True):
                name = property_name(classes.cell(page)[0], key)
                if column.values[rank] and name in self._types and self._types[name].is_found:
                    pages_of.setdefault(name, set()).add(page)
        return pages_of
