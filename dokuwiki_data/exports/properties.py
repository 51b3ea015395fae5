"""Fields of entries as properties of a page: their values by type, and one type for each property of a whole wiki."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from dokuwiki_data.engine.context import ColumnType, Context
from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.engine.inference import DATE, EVERY_KIND, INTEGER, READERS, bit_of, kind_in, kinds_of
from dokuwiki_data.engine.values import Address, Image, typed
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.php import lower

#: Returns what stands for a page in a property, given its id.
PageReference = Callable[[str], str]


class EntryField(NamedTuple):
    """A field of an entry that has a value.

    Attributes:
        title: The name of its column as written, without the type.
        key: The key of its column.
        many: Whether the column may have many values.
        type_: What the type of the column means.
        values: The values that are not empty, as the plugin stores them.
    """

    title: str
    key: str
    many: bool
    type_: ColumnType
    values: tuple[str, ...]


class PageEntry(NamedTuple):
    """An entry of a page.

    Attributes:
        class_name: Its class.
        fields: Its fields that have a value.
        is_last: Whether it is the last of its page, which queries find.
    """

    class_name: str
    fields: tuple[EntryField, ...]
    is_last: bool


def page_entries(entries: Sequence[DataEntry], context: Context) -> Iterator[PageEntry]:
    """Iterate over the entries of a page that have a value."""
    for number, entry in enumerate(entries, 1):
        columns = {context.fill(field.column.key): field.column for field in entry.fields}
        values = EntryCleaner(context).values((field.column, field.values) for field in entry.fields)
        fields = (
            EntryField(column.title, key, column.many, context.type_of(column), tuple(filter(None, values[key])))
            for key, column in columns.items()
        )
        if found := tuple(field for field in fields if field.values):
            yield PageEntry(entry.class_name, found, number == len(entries))


def nested_data(entries: Iterable[PageEntry], reference: PageReference) -> dict[str, Any]:
    """Return the values of entries by class and by field. A class with several entries has a list of them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        values: dict[str, Any] = {}
        for field in entry.fields:
            shown = [_value(text, field, reference) for text in field.values]
            values[field.title] = shown if field.many else shown[0]
        found.setdefault(entry.class_name or "entry", []).append(values)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def linked_page(key: str, type_: ColumnType, text: str) -> str | None:
    """Return the page that a value of a column leads to, as the plugin shows it; None if it is no page."""
    if type_.base not in _PAGES:
        return None
    page_id = f"{key}:{text}" if type_.base == "nspage" else f"{type_.prefix}{text.partition('|')[0]}{type_.postfix}"
    return page_id.strip(":")


#: The types whose values are pages.
_PAGES = ("page", "nspage", "pageid", "title")


def _value(text: str, field: EntryField, reference: PageReference) -> Any:
    """Return a stored value as a property: a date, a number, a truth value, what stands for a page, or a text."""
    page_id = linked_page(field.key, field.type_, text)
    if page_id is not None:
        return reference(page_id)
    value = typed(text, field.type_)
    if isinstance(value, Address | Image):
        return text
    if isinstance(value, str) and (kind := kind_in(kinds_of(value))):
        return READERS[kind](value)
    return value


# ------------------------------------------------------------------------- flat properties, of one type on all pages

#: The kind of times, beside the kinds that texts are of.
TIME = "time"
_TIME_BIT = EVERY_KIND + 1


class PropertyType(NamedTuple):
    """What is known of all values of a property.

    Attributes:
        kinds: The kinds that all of them are of, as bits.
        is_list: Whether a page has, or may have, several of them.
        types: The types of their columns.
        is_found: Whether queries find all of them. They find no entry but the last one of a page.
    """

    kinds: int
    is_list: bool
    types: frozenset[ColumnType]
    is_found: bool

    def with_others(self, other: PropertyType) -> PropertyType:
        """Return what is known of these values and of others."""
        return PropertyType(
            self.kinds & other.kinds,
            self.is_list or other.is_list,
            self.types | other.types,
            self.is_found and other.is_found,
        )

    @property
    def kind(self) -> str:
        """The kind of all values: a kind of numbers, dates or truth values, `TIME`, or empty for text."""
        return TIME if self.kinds & _TIME_BIT else kind_in(self.kinds)


#: What is known of properties, by name.
PropertyTypes = Mapping[str, PropertyType]


def property_name(class_name: str, key: str) -> str:
    """Return the name of the property of a field: that of no other, and none to which a program gives a meaning."""
    return f"{lower(class_name) or 'entry'}_{key}"


def property_types(entries: Sequence[PageEntry]) -> PropertyTypes:
    """Return what a page tells of its properties."""
    found: dict[str, PropertyType] = {}
    for entry in entries:
        for field in entry.fields:
            values = [typed(text, field.type_) for text in field.values]
            kinds = EVERY_KIND | _TIME_BIT
            for value in values:
                kinds &= _kinds(value)
            type_ = PropertyType(kinds, field.many, frozenset((field.type_,)), entry.is_last)
            name = property_name(entry.class_name, field.key)
            found[name] = type_ if name not in found else type_.with_others(found[name])._replace(is_list=True)
    return found


def _kinds(value: object) -> int:
    """Return the kinds that a value is of, as bits."""
    if isinstance(value, datetime):
        return _TIME_BIT
    if isinstance(value, date):
        return bit_of(DATE)
    # Numbers of programs are floats, which hold no larger whole numbers.
    return kinds_of(value) & ~bit_of(INTEGER) if type(value) is str else 0


def flat_properties(entries: Iterable[PageEntry], types: PropertyTypes, reference: PageReference) -> dict[str, Any]:
    """Return the fields of entries as properties that are not nested, each of its type."""
    found: dict[str, Any] = {}
    for entry in entries:
        for field in entry.fields:
            name = property_name(entry.class_name, field.key)
            type_ = types[name]
            shown = [_of_kind(text, field, type_.kind, reference) for text in field.values]
            if type_.is_list:
                found.setdefault(name, []).extend(shown)
            else:
                found[name] = shown[0]
    return found


def _of_kind(text: str, field: EntryField, kind: str, reference: PageReference) -> Any:
    """Return a stored value as one of a kind that it is of."""
    page_id = linked_page(field.key, field.type_, text)
    if page_id is not None:
        return reference(page_id)
    value = typed(text, field.type_)
    if kind == TIME and isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return READERS[kind](text) if kind and kind != TIME else text
