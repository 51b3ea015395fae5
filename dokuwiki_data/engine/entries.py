"""The entries of a wiki as they were written, packed, so that the pages themselves need not be kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dokuwiki_data.query.columns import Column

#: A line of an entry as written: its column and its values.
WrittenField = tuple[Column, Sequence[str]]


class WrittenEntry(NamedTuple):
    """A page's entry: what the plugin keeps of the page, and the columns and values of its fields as written."""

    page_id: str
    title: str
    class_name: str
    #: Unix seconds, None if they are not known.
    modified: int | None
    fields: Sequence[WrittenField]


class EntryStore:
    """Entries in the order of their pages. A field costs 8 bytes, a value 4, and its text once."""

    def __init__(self) -> None:
        #: By page id: title, class, time of change, its first field and the one behind its last.
        self._pages: dict[str, tuple[str, str, int | None, int, int]] = {}
        # By field: the number of its column, and where its texts start; then the numbers of the texts.
        self._columns = array("I")
        self._starts = array("I", [0])
        self._texts = array("I")
        self._column_numbers: dict[str, int] = {}
        self._different_columns: list[Column] = []
        self._text_numbers: dict[str, int] = {}

    def add(
        self, page_id: str, title: str, class_name: str, modified: int | None, fields: Iterable[WrittenField]
    ) -> None:
        """Add the entry of a page; it replaces that of a page of this id, in its place."""
        columns, starts, texts = self._columns, self._starts, self._texts
        column_numbers, text_numbers = self._column_numbers, self._text_numbers
        first = len(columns)
        for column, values in fields:
            number = column_numbers.setdefault(column.name, len(column_numbers))  # its name says all of it
            if number == len(self._different_columns):
                self._different_columns.append(column)
            columns.append(number)
            for value in values:
                texts.append(text_numbers.setdefault(value, len(text_numbers)))
            starts.append(len(texts))
        self._pages[page_id] = title, class_name, modified, first, len(columns)

    def remove(self, page_id: str) -> None:
        """A page has no entry any more, if it had one."""
        self._pages.pop(page_id, None)

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[WrittenEntry]:
        columns, starts, texts, known = self._columns, self._starts, self._texts, list(self._text_numbers)
        for page_id, (title, class_name, modified, first, behind) in self._pages.items():
            fields = [
                (self._different_columns[columns[at]], [known[text] for text in texts[starts[at] : starts[at + 1]]])
                for at in range(first, behind)
            ]
            yield WrittenEntry(page_id, title, class_name, modified, fields)
