"""From pages to the rows of four tables: pages, entries by value, links, revisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.values import clean
from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.data import DataEntry, DataField
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import numeric
from dokuwiki_data.query.columns import Column
from dokuwiki_data.wiki.history import Revision


class PageRow(NamedTuple):
    """A page. All that is not said here follows from its text."""

    page_id: str
    namespace: str
    title: str
    #: The first heading, None if there is none.
    heading: str | None
    #: Unix seconds, here and below; the tables have it as a time, too.
    modified_seconds: int | None
    text: str
    #: The JSON record as ``convert`` writes it.
    record: str
    entries: int
    queries: int
    diagnostics: int
    #: The id and the text, where they are not UTF-8: in the other columns U+FFFD stands for what is not.
    page_id_bytes: bytes | None
    text_bytes: bytes | None


class EntryRow(NamedTuple):
    """A value of an entry. A field without values has a row of its own, as has an entry without fields."""

    page_id: str
    title: str
    modified_seconds: int | None
    class_name: str
    #: Entries are numbered on their page, fields in their entry, values in their field, each from one.
    entry: int
    #: Whether it is the entry that the plugin keeps: the last one of its page, if DokuWiki's search finds the page.
    is_last: bool
    field: int | None
    value_number: int | None
    #: The column's name as written, and what it says.
    column: str | None
    key: str | None
    column_title: str | None
    type: str | None
    many: bool | None
    #: As written, trimmed.
    value: str | None
    #: As the plugin stores it in a wiki without types of its own.
    stored: str | None
    date: str | None
    number: float | None
    comment: str | None
    #: Where the value stands in the page's text, in characters.
    start: int | None
    end: int | None


class LinkRow(NamedTuple):
    """A link, or an image or file that is shown; the part ``links`` of a record has the same columns."""

    page_id: str
    kind: str
    target: str | None
    anchor: str | None
    exists: bool | None
    label: str | None
    written: str
    #: Where it stands in the page's text, in characters.
    start: int
    end: int


class RevisionRow(NamedTuple):
    """A state of a page that the history or the attic knows; the page as it is now is one of them."""

    page_id: str
    time_seconds: int
    user: str | None
    ip: str | None
    summary: str | None
    #: DokuWiki's letter: created, edited, edited a little, deleted, reverted.
    kind: str | None
    size_change: int | None
    #: Whether its text is kept by the wiki.
    is_kept: bool
    #: The text of an old state and its record, if old states were asked for.
    text: str | None
    record: str | None
    text_bytes: bytes | None


def page_row(page: Page, record: str, entries: int) -> PageRow:
    """The row of a page. ``record``: its JSON record; ``entries``: how many there are on it."""
    text, page_id = str(page), page.page_id
    return PageRow(
        page_id, namespace_of(page_id), page.title, page.first_heading, page.modified, text, record,
        entries, len(page.queries) if "data" in text else 0, len(page.diagnostics),
        _bytes_of(page_id), _bytes_of(text),
    )  # fmt: skip


def entry_rows(page: Page, entries: Iterable[DataEntry], *, is_kept: bool = True) -> Iterator[EntryRow]:
    """The rows of the entries of a page, in order; ``is_kept``: whether the plugin keeps the last of them."""
    entries = tuple(entries)
    for number, entry in enumerate(entries, start=1):
        of_entry = page.page_id, page.title, page.modified, entry.class_name, number, is_kept and number == len(entries)
        if not entry.fields:
            yield EntryRow._make((*of_entry, *[None] * 14))
        for at, field in enumerate(entry.fields, start=1):
            for of_value in _of_field(field):
                yield EntryRow._make((*of_entry, at, *of_value))


def _of_field(field: DataField) -> Iterator[tuple[object, ...]]:
    column, comment = field.column, field.comment
    said = column.name, column.key, column.title, column.type, column.many
    if not field.values:
        yield None, *said, None, None, None, None, comment, None, None
    for number, (value, span) in enumerate(zip(field.values, field.value_spans, strict=True), start=1):
        yield number, *said, value, *_typed(value, column), comment, *span


@lru_cache(maxsize=1 << 13)
def _typed(value: str, column: Column) -> tuple[str, str | None, float | None]:
    stored = clean(value, ColumnType(column.type))
    number = numeric(stored)
    return stored, stored if column.type == "dt" else None, None if number is None else float(number)


def link_rows(page: Page, links: Iterable[Mapping[str, Any]]) -> Iterator[LinkRow]:
    """The rows of the links and media of a page, from that part of its record."""
    for found in links:
        start, end = found["span"]
        values = {name: value for name, value in found.items() if name != "span"}
        yield LinkRow(page_id=page.page_id, start=start, end=end, **values)


def revision_row(page_id: str, revision: Revision, page: Page | None = None, record: str | None = None) -> RevisionRow:
    """The row of a state of a page; ``page`` and ``record`` are that state itself."""
    time, change, path = revision
    said = (change.user, change.ip, change.summary, change.kind, change.size_change) if change else (None,) * 5
    text = None if page is None else str(page)
    bytes_ = None if text is None else _bytes_of(text)
    return RevisionRow._make((page_id, time, *said, path is not None, text, record, bytes_))


def _bytes_of(text: str) -> bytes | None:
    """The bytes of a text that is not UTF-8, None for others."""
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError:
        # A text that comes from no file may have surrogates that stand for no byte.
        try:
            return text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return text.encode("utf-8", "surrogatepass")
    return None
