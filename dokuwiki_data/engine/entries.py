"""The entries of a wiki: packed as written, and cleaned as the plugin stores them when a page is saved."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from dokuwiki_data.engine.context import PLACEHOLDER, Context
from dokuwiki_data.engine.values import cleaner
from dokuwiki_data.php import loosely
from dokuwiki_data.query.columns import Column

#: A line of an entry as written: its column and its values.
WrittenField = tuple[Column, Sequence[str]]


class WrittenEntry(NamedTuple):
    """The entry of a page as written.

    Attributes:
        page_id: The id of the page.
        title: The title of the page.
        class_name: The class of the entry.
        modified: The time of the page's last change in Unix seconds, or None if it is not known.
        fields: The columns and values of its lines.
    """

    page_id: str
    title: str
    class_name: str
    modified: int | None
    fields: Sequence[WrittenField]


class PackedEntries:
    """Entries in the order of their pages. A field takes 8 bytes, a value 4, and a text is kept once."""

    def __init__(self) -> None:
        #: By page id: title, class, time of change, and the range of its fields.
        self._pages: dict[str, tuple[str, str, int | None, int, int]] = {}
        # The number of each field's column, the start of its texts, and the numbers of the texts.
        self._columns = array("I")
        self._starts = array("I", [0])
        self._texts = array("I")
        self._column_numbers: dict[str, int] = {}
        self._different_columns: list[Column] = []
        self._text_numbers: dict[str, int] = {}

    def add(
        self, page_id: str, title: str, class_name: str, modified: int | None, fields: Iterable[WrittenField]
    ) -> None:
        """Add the entry of a page, or replace it in its place; the arguments are the fields of `WrittenEntry`."""
        columns, starts, texts = self._columns, self._starts, self._texts
        column_numbers, text_numbers = self._column_numbers, self._text_numbers
        first = len(columns)
        for column, values in fields:
            number = column_numbers.setdefault(column.name, len(column_numbers))  # the name determines the column
            if number == len(self._different_columns):
                self._different_columns.append(column)
            columns.append(number)
            for value in values:
                texts.append(text_numbers.setdefault(value, len(text_numbers)))
            starts.append(len(texts))
        self._pages[page_id] = title, class_name, modified, first, len(columns)

    def remove(self, page_id: str) -> None:
        """Remove the entry of a page, if there is one."""
        self._pages.pop(page_id, None)

    def __len__(self) -> int:
        return len(self._pages)

    def __iter__(self) -> Iterator[WrittenEntry]:
        columns, starts, texts, known = self._columns, self._starts, self._texts, list(self._text_numbers)
        for page_id, (title, class_name, modified, first, end) in self._pages.items():
            fields = [
                (self._different_columns[columns[at]], [known[text] for text in texts[starts[at] : starts[at + 1]]])
                for at in range(first, end)
            ]
            yield WrittenEntry(page_id, title, class_name, modified, fields)


class EntryCleaner:
    """Cleans the entries of a wiki as the plugin does when it stores them, under one context.

    Attributes:
        filled: Whether an entry had a placeholder, so that the result depends on the user and the day.
        undated: Whether an entry had the placeholder ``%now%``.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cleaners: dict[str, Callable[[str], str] | None] = {}
        self.filled = self.undated = False

    def values(self, fields: Iterable[WrittenField]) -> dict[str, list[str]]:
        """Return the values of an entry by key as `cleaned`, with their placeholders replaced."""
        values = self.cleaned(fields)
        # Searching all texts at once is faster than searching each.
        everything = "".join(chain(values, *values.values()))
        return self._fill(values) if "%" in everything else values

    def cleaned(self, fields: Iterable[WrittenField]) -> dict[str, list[str]]:
        """Return the cleaned values of an entry by key, in the order of the keys.

        A later line replaces an earlier one of the same single-valued column. The values of several lines of a
        many-valued column add up, without duplicates. The plugin stops with an error at a key that is first single
        and then many-valued; here its values add up.
        """
        values: dict[str, list[str]] = {}
        cleaners = self._cleaners
        for column, texts in fields:
            if column.name not in cleaners:
                cleaners[column.name] = cleaner(column, self._context)
            clean = cleaners[column.name]
            if clean is not None:
                texts = list(map(clean, texts))
            if not column.many:
                values[column.key] = [texts[0] if texts else ""]
            elif len(texts) == 1 and column.key not in values:
                values[column.key] = [text for text in texts if text]
            else:
                unique = {loosely(text): text for text in values.get(column.key, ())}
                for text in texts:
                    if text:
                        unique.setdefault(loosely(text), text)
                values[column.key] = list(unique.values())
        return values

    def _fill(self, values: dict[str, list[str]]) -> dict[str, list[str]]:
        filled: dict[str, list[str]] = {}
        for key, texts in values.items():
            filled.setdefault(self.fill(key), []).extend(map(self.fill, texts))
        return filled

    def fill(self, text: str) -> str:
        """Return a text to be stored with its placeholders replaced."""
        if PLACEHOLDER.search(text):
            self.filled = True
            self.undated = self.undated or "%now%" in text
        return self._context.fill(text)
