"""Entries as tables: a row for each entry of a class, and a column for every key that occurs in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dokuwiki_data.engine.context import ColumnType, Context
from dokuwiki_data.engine.entries import EntryCleaner, PackedEntries, WrittenEntry
from dokuwiki_data.engine.inference import EVERY_KIND, kind_in, kinds_of
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.nodes.data import DataEntry, may_have_entries
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.columns import Column

#: The columns before those of the entry. No key of an entry as written has an underscore.
PAGE_ID, PAGE_TITLE, ENTRY_NUMBER = "page_id", "page_title", "entry_number"
_OWN_COLUMNS = (
    Column.parse("%pageid%"), Column.parse("%title%"), Column(ENTRY_NUMBER, ENTRY_NUMBER, ENTRY_NUMBER, "", False),
)  # fmt: skip
_OWN_TYPES = (ColumnType("page"), ColumnType(""), ColumnType(""))

#: The types of the plugin that are more than text: only columns of other types are inferred.
_TYPED = ("dt", "page", "nspage", "pageid", "title", "mail", "timestamp", "url")


class EntryValues(NamedTuple):
    """An entry with its values as the plugin stores them.

    Attributes:
        page_id: The id of its page.
        title: The title of the page.
        modified: The time of the page's last change in Unix seconds, or None if it is not known.
        class_name: The text after ``dataentry``.
        number: The number of the entry on its page, from one.
        is_kept: Whether the plugin keeps the entry: the last one of a page that DokuWiki's search lists.
        columns: The last column of each key that the entry has.
        values: The values by key.
    """

    page_id: str
    title: str
    modified: int | None
    class_name: str
    number: int
    is_kept: bool
    columns: Mapping[str, Column]
    values: Mapping[str, Sequence[str]]

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the entry; one empty text if it has none."""
        return tuple(dict.fromkeys(self.class_name.split())) or ("",)


class WrittenEntries:
    """All entries of a wiki's pages as written, of which `QueryEngine` has only the last one of each page."""

    def __init__(self) -> None:
        self._packed = PackedEntries()
        #: By page id: the number of its entries.
        self._numbers: dict[str, int] = {}

    def add(self, page: Page) -> None:
        """Add the entries of a page."""
        entries = page.entries if may_have_entries(str(page)) else ()
        for number, entry in enumerate(entries, start=1):
            fields = [(field.column, field.values) for field in entry.fields]
            self._packed.add(f"{number} {page.page_id}", page.title, entry.class_name, page.modified, fields)
        if entries:
            self._numbers[page.page_id] = len(entries)

    def stored(self, context: Context, lists: Callable[[str], bool]) -> Iterator[EntryValues]:
        """Yield the entries with their values as stored under a context; ``lists`` is that of `QueryEngine`."""
        cleaner = EntryCleaner(context)
        for key, title, class_name, modified, fields in self._packed:
            number, _, page_id = key.partition(" ")
            is_kept = int(number) == self._numbers[page_id] and lists(page_id)
            entry = WrittenEntry(page_id, title, class_name, modified, fields)
            yield stored_entry(entry, int(number), is_kept, cleaner)


def stored_entry(entry: WrittenEntry, number: int, is_kept: bool, cleaner: EntryCleaner) -> EntryValues:
    """Return an entry with its values as a cleaner stores them; ``number`` and ``is_kept`` are those of the result."""
    columns = {cleaner.fill(key) if "%" in (key := column.key) else key: column for column, _ in entry.fields}
    return EntryValues(
        entry.page_id, cleaner.fill(entry.title), entry.modified, entry.class_name, number, is_kept,
        columns, cleaner.values(entry.fields),
    )  # fmt: skip


def stored_entries(
    page: Page, entries: Sequence[DataEntry], cleaner: EntryCleaner, *, is_listed: bool
) -> Iterator[EntryValues]:
    """Yield the entries of a page as stored; ``is_listed`` tells whether DokuWiki's search lists the page."""
    for number, entry in enumerate(entries, start=1):
        fields = [(field.column, field.values) for field in entry.fields]
        written = WrittenEntry(page.page_id, page.title, entry.class_name, page.modified, fields)
        yield stored_entry(written, number, is_listed and number == len(entries), cleaner)


class KeyColumn:
    """What is known of the values of one key, gathered entry by entry.

    Attributes:
        key: The key.
        many: Whether an entry has several values, or a column of many values.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.many = False
        self._columns: dict[Column, None] = {}
        self._last: Column | None = None
        self._kinds = EVERY_KIND
        self._is_empty = True

    def add(self, column: Column, values: Sequence[str]) -> None:
        """Add the values of an entry, and the column that they are from."""
        if column is not self._last:  # many entries have the same object, which is faster to compare
            self._columns[column] = None
            self._last = column
        self.many = self.many or column.many or len(values) > 1
        self._is_empty = self._is_empty and not values
        for value in values:
            if not self._kinds:
                break
            self._kinds &= kinds_of(value)

    @property
    def column(self) -> Column:
        """A column of this key: the first as written; plain text if the entries do not agree on its type."""
        first, *others = self._columns
        type_ = first.type if all(other.type == first.type for other in others) else ""
        return Column(_name(first.title, type_, self.many), self.key, first.title, type_, self.many)

    def type_in(self, context: Context, *, infer: bool) -> ColumnType:
        """Return the meaning of the column's type, and with ``infer`` the kind of its values."""
        type_ = context.shown_type_of(self.column)
        is_typed = type_.base in _TYPED or type_.base.startswith("img")
        return type_ if not infer or is_typed or self._is_empty else type_._replace(kind=kind_in(self._kinds))


class KeyColumns(dict[str, KeyColumn]):
    """The columns of some entries by key, in the order in which they occur."""

    def add(self, entry: EntryValues) -> None:
        """Add the values of an entry."""
        for key, values in entry.values.items():
            if key not in self:
                self[key] = KeyColumn(key)
            self[key].add(entry.columns[key], values)


def entry_table(
    entries: Iterable[EntryValues], class_name: str | None, context: Context, *, infer: bool = False, empty: bool = True
) -> Result:
    """Return a row for each entry, see `Wiki.entries`.

    Raises:
        ValueError: There are entries, but none of the class.
    """
    entries = list(entries)
    chosen = [entry for entry in entries if class_name is None or class_name in entry.classes]
    if entries and not chosen:
        known = ", ".join(repr(name) for name in classes_of(entries))
        raise ValueError(f"no entry has the class {class_name!r}; known: {known}")
    if not empty:
        chosen = [
            entry._replace(values={key: list(filter(None, values)) for key, values in entry.values.items()})
            for entry in chosen
        ]
    columns = KeyColumns()
    for entry in chosen:
        columns.add(entry)
    types = (*_OWN_TYPES, *(column.type_in(context, infer=infer) for column in columns.values()))
    rows = tuple(
        ResultRow(entry.page_id, _cells(entry, columns), number, None, types)
        for number, entry in enumerate(chosen, start=1)
    )
    labels = (PAGE_ID, PAGE_TITLE, ENTRY_NUMBER, *columns)
    return Result("table", (*_OWN_COLUMNS, *(column.column for column in columns.values())), labels, rows)


def classes_of(entries: Iterable[EntryValues]) -> tuple[str, ...]:
    """Return the classes of some entries, sorted; the empty text if one has none."""
    return tuple(sorted({name for entry in entries for name in entry.classes}))


def _cells(entry: EntryValues, keys: Iterable[str]) -> tuple[tuple[str | int, ...], ...]:
    values = entry.values
    return ((entry.page_id,), (entry.title,), (entry.number,), *(tuple(values.get(key, ())) for key in keys))


def _name(title: str, type_: str, many: bool) -> str:
    """Return the name of a column as a line of an entry writes it."""
    if type_:
        return f"{title}_{type_}{'s' * many}"
    return title + ("s" if many else "_" if title.endswith("s") else "")
