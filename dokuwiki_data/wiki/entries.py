"""The entries of a wiki as they were written, packed, so that the pages themselves need not be kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dokuwiki_data.data.columns import Column

Field = tuple[Column, Sequence[str]]


class PackedEntry(NamedTuple):
    """A page's entry: what the plugin keeps of the page, and its fields as written."""

    page_id: str
    title: str
    class_name: str
    #: Unix seconds, None if they are not known.
    modified: int | None
    fields: Iterable[Field]


class EntryStore:
    """Entries in the order of their pages. A value costs 8 bytes, and its text once."""

    def __init__(self) -> None:
        self._pages: list[tuple[str, str, str, int | None]] = []
        #: By page: where its fields start; by field: its column, and where its texts start; then the texts.
        self._fields = array("I", [0])
        self._columns = array("I")
        self._texts = array("I", [0])
        self._values = array("I")
        self._column_numbers: dict[str, int] = {}
        self._column_list: list[Column] = []
        self._text_numbers: dict[str, int] = {}

    def add(self, entry: PackedEntry) -> None:
        """Add the entry of a page that has none here yet."""
        columns, texts = self._column_numbers, self._text_numbers
        for column, values in entry.fields:
            number = columns.setdefault(column.name, len(columns))  # its name says all of it
            if number == len(self._column_list):
                self._column_list.append(column)
            self._columns.append(number)
            for value in values:
                self._values.append(texts.setdefault(value, len(texts)))
            self._texts.append(len(self._values))
        self._fields.append(len(self._columns))
        self._pages.append(entry[:4])

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[PackedEntry]:
        columns, texts = self._column_list, list(self._text_numbers)
        for page, start, end in zip(self._pages, self._fields, self._fields[1:], strict=False):
            fields = [
                (
                    columns[self._columns[at]],
                    [texts[value] for value in self._values[self._texts[at] : self._texts[at + 1]]],
                )
                for at in range(start, end)
            ]
            yield PackedEntry(*page, fields)
