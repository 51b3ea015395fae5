"""Write the entries of a wiki as CSV files: one for each class, with a row for each entry."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from dokuwiki_data.conversion import ConversionOptions, Converted, PageState, ReadPage, convert_pages, wiki_context
from dokuwiki_data.csv_rows import csv_rows
from dokuwiki_data.dataset.class_tables import NO_CLASS
from dokuwiki_data.dataset.entry_store import EntryOfClass, EntryStore, entries_for_store
from dokuwiki_data.dataset.sql_names import DifferentNames
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.engine.entry_tables import ENTRY_NUMBER, PAGE_ID, PAGE_TITLE, EntryValues
from dokuwiki_data.engine.formats.cells import BETWEEN_VALUES, text
from dokuwiki_data.engine.values import typed
from dokuwiki_data.errors import OutputError, reason_of
from dokuwiki_data.portable_names import portable_name
from dokuwiki_data.wiki.sources.files import Report
from dokuwiki_data.wiki.sources.overlap import refuse_folder
from dokuwiki_data.wiki.sources.source import WikiSource
from dokuwiki_data.wiki.writing import replacing

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Turns pages into their entries as stored. This runs in workers.

    Attributes:
        context: The context under which entries are stored.
        is_listed: Tells whether the plugin stores the entry of a page, by the id of the page.
    """

    context: Context
    is_listed: Callable[[str], bool]

    def __call__(self, pages: Iterable[ReadPage]) -> list[EntryValues]:
        """Return the entries of some pages; old states have none."""
        cleaner = EntryCleaner(self.context)
        return [
            entry
            for page in (read.page for read in pages if read.more.get("revision") is None)
            for entry in entries_for_store(page, cleaner, is_listed=self.is_listed(page.page_id))
        ]


def write_csv(
    source: WikiSource,
    states: Sequence[PageState],
    folder: Path,
    report: Report,
    options: ConversionOptions = ConversionOptions(),
) -> Iterator[Converted]:
    """Write a CSV file for each class of entries, and yield the result of each chunk of pages.

    Each file is that of `Result.to_csv` for `Wiki.entries`. It is called as the class, with `portable_name`, or
    ``no_class``. It replaces a file of the same name when it is complete; other files are left alone.

    Args:
        source: The wiki.
        states: The states of its pages.
        folder: The folder; it is created if it does not exist.
        report: Called with the error of each page that cannot be read.
        options: What to convert, and who does it.

    Raises:
        OutputError: If a file cannot be written.
        DokuWikiDataError: As for `convert_pages`.
    """
    refuse_folder(source.files, folder)
    context = options.context or wiki_context(source, ["data"], report)
    options = replace(options, parts=(), context=context)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect("")) as database:  # SQLite removes this file
            store = EntryStore(database, context)
            for done in convert_pages(source, states, EntryReader(context, source.is_listed), report, options):
                store.add(done.output)
                done.output = b""
                yield done
            names = DifferentNames()
            for class_name in store.classes:
                with replacing(folder / f"{portable_name(names.take(class_name or NO_CLASS))}.csv") as output:
                    for piece in _pieces(store, class_name):
                        output.write(piece.encode())
    except (OSError, sqlite3.Error) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise OutputError(f"{folder}: {reason}") from error


def _pieces(store: EntryStore, class_name: str) -> Iterator[str]:
    """Yield the CSV of a class, piece by piece."""
    columns = store.columns(class_name)
    labels = DifferentNames()
    yield csv_rows([list(map(labels.take, (PAGE_ID, PAGE_TITLE, ENTRY_NUMBER, *(column.key for column in columns))))])

    def cells(entry: EntryOfClass) -> Iterator[str]:
        yield from (entry.page_id, entry.page_title, str(entry.entry_number))
        for key, _, type_ in columns:
            yield BETWEEN_VALUES.join(text(value, typed(value, type_)) for value in entry.values.get(key, ()))

    rows = map(cells, store.rows(class_name))
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        yield csv_rows(some)
