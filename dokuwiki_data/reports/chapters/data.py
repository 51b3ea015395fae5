"""The chapter about the entries and queries of the data plugin: classes, columns, values that do not fit, queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.entries import EntryCleaner, WrittenEntry
from dokuwiki_data.engine.entry_tables import EntryValues, KeyColumns, stored_entry
from dokuwiki_data.engine.index import ColumnIndex
from dokuwiki_data.engine.query_engine import PageFacts, QueryEngine
from dokuwiki_data.engine.values import clean
from dokuwiki_data.ids import clean_id, namespace_of
from dokuwiki_data.nodes.data import DataEntry, DataField, DataQuery
from dokuwiki_data.query.columns import Column
from dokuwiki_data.reports.chapters.near import near_keys, near_values
from dokuwiki_data.reports.chapters.queries import ReportedQuery, query_tables
from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlace, ReportTable, Value
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki, SeenPage

#: The types of the plugin whose values are ids of pages.
_PAGE_TYPES = ("page", "pageid", "title")

_PLACE = ReportColumn("place", "Place", "place")


class SeenField(NamedTuple):
    """A line of an entry: the name of the column, the values as written, and the number of the line on the page."""

    name: str
    values: tuple[str, ...]
    line: int


class SeenEntry(NamedTuple):
    """An entry of a page: its class, its fields, and the line at which it begins."""

    class_name: str
    fields: tuple[SeenField, ...]
    line: int


class PageData(NamedTuple):
    """The entries and queries of a page, its heading and time, and its values that do not fit their types."""

    heading: str | None
    modified: int | None
    entries: tuple[SeenEntry, ...]
    queries: tuple[ReportedQuery, ...]
    misfits: tuple[tuple[ReportPlace, str, str, str, str], ...]


def _look(seen: SeenPage) -> PageData | None:
    entries = tuple(map(_seen_entry, seen.entries))
    queries = tuple(ReportedQuery(node.query, node.position) for node in seen.nodes if isinstance(node, DataQuery))
    if not entries and not queries:
        return None
    misfits = tuple(misfit for entry in seen.entries for field in entry.fields for misfit in _misfits(field, seen))
    return PageData(seen.page.first_heading, seen.page.modified, entries, queries, misfits)


def _seen_entry(entry: DataEntry) -> SeenEntry:
    fields = tuple(SeenField(field.column.name, field.values, field.position.line) for field in entry.fields)
    return SeenEntry(entry.class_name, fields, entry.position.line)


def _misfits(field: DataField, seen: SeenPage) -> Iterator[tuple[ReportPlace, str, str, str, str]]:
    """Yield the values of a line that do not fit the type of its column: place, column, type, value, reason."""
    type_ = seen.setting.context.type_of(field.column)
    if not field.values or (not type_.base and not type_.allowed):
        return
    for value, span in zip(field.values, field.value_spans, strict=False):
        if reason := _misfit(value, type_, seen):
            place = seen.place(seen.page.source_text.position(span.start))
            yield place, field.column.title, field.column.type, value, reason


def _misfit(value: str, type_: ColumnType, seen: SeenPage) -> str:
    """Return why a value does not fit a type; empty if it does."""
    if "%" in value:  # may have a placeholder
        return ""
    stored = clean(value, type_)
    if not stored:
        return "is stored as an empty text"
    if type_.base == "dt":
        try:
            date.fromisoformat(stored)
        except ValueError:
            return "is no day"
    if type_.base in _PAGE_TYPES:
        rules, pages = seen.setting.links.rules.id_rules, seen.setting.links.pages
        name = stored.partition("|")[0].partition("#")[0]
        page_id = clean_id(seen.setting.context.resolve(type_, name), rules)
        beside = clean_id(f"{namespace_of(seen.page_id)}:{page_id}", rules)
        if pages is not None and page_id not in pages and beside not in pages:
            return "names a page that does not exist"
    return ""


def _make(wiki: ReportedWiki, seen: Mapping[str, PageData]) -> ReportChapter:
    context = wiki.setting.context
    engine = QueryEngine((), wiki.setting.is_listed)
    stored: list[EntryValues] = []
    cleaner = EntryCleaner(context)
    for page_id, page in seen.items():
        facts = _facts(page_id, page)
        engine.add(facts)
        stored += _stored(facts, page.entries, wiki.setting.is_listed(page_id), cleaner)
    queries = query_tables({page_id: page.queries for page_id, page in seen.items() if page.queries}, engine, context)
    misfits = tuple(row for page_id in sorted(seen) for row in seen[page_id].misfits)
    return ReportChapter(
        "data",
        "Data",
        "Entries and queries of the plugin data: which columns there are, values that do not fit them, names that are "
        "probably meant to be the same, and queries that may not mean what they look like.",
        figures=(
            ReportFigure("entries", "Entries", len(stored)),
            ReportFigure(
                "values",
                "Values",
                sum(len(field.values) for page in seen.values() for entry in page.entries for field in entry.fields),
            ),
            ReportFigure("classes", "Classes", len({name for entry in stored for name in entry.classes if name})),
            ReportFigure("queries", "Queries", len(queries.queries.rows)),
            ReportFigure("unanswered", "Queries without an answer", queries.unanswered),
        ),
        tables=(
            *_class_tables(stored, wiki),
            ReportTable(
                "misfits",
                "Values that do not fit",
                "Values that do not fit the type of their column. A value that is stored as an empty text is shown "
                "nowhere.",
                (
                    _PLACE,
                    ReportColumn("column", "Column", "code"),
                    ReportColumn("type", "Type", "code"),
                    ReportColumn("value", "Value", "code"),
                    ReportColumn("reason", "What is wrong"),
                ),
                misfits,
                is_finding=True,
            ),
            *_near_tables(seen, engine, wiki),
            queries.queries,
            queries.traps,
        ),
    )


def _facts(page_id: str, page: PageData) -> PageFacts:
    """Return what a page contributes to the answers of queries."""
    entry = None
    if page.entries:
        last = page.entries[-1]
        entry = last.class_name, _columns(last)
    return PageFacts(page_id, page.modified, page.heading, entry)


def _columns(entry: SeenEntry) -> list[tuple[Column, tuple[str, ...]]]:
    return [(Column.parse(field.name), field.values) for field in entry.fields]


def _stored(
    facts: PageFacts, entries: Sequence[SeenEntry], is_listed: bool, cleaner: EntryCleaner
) -> Iterator[EntryValues]:
    for number, entry in enumerate(entries, start=1):
        written = WrittenEntry(facts.page_id, facts.title, entry.class_name, facts.modified, _columns(entry))
        yield stored_entry(written, number, is_listed and number == len(entries), cleaner)


def _class_tables(stored: list[EntryValues], wiki: ReportedWiki) -> Iterator[ReportTable]:
    """Yield the tables of classes and of their columns."""
    by_class: dict[str, list[EntryValues]] = {}
    for entry in stored:
        for name in entry.classes:
            by_class.setdefault(name, []).append(entry)
    classes: list[tuple[Value, ...]] = []
    columns: list[tuple[Value, ...]] = []
    for name in sorted(by_class):
        entries = by_class[name]
        known = KeyColumns()
        filled: Counter[str] = Counter()
        values: dict[str, set[str]] = {}
        for entry in entries:
            known.add(entry)
            for key, texts in entry.values.items():
                filled[key] += any(texts)
                values.setdefault(key, set()).update(filter(None, texts))
        unkept = sum(not entry.is_kept for entry in entries)
        classes.append((name or None, len(entries), len({entry.page_id for entry in entries}), len(known), unkept))
        for key, one in known.items():
            type_ = one.type_in(wiki.setting.context, infer=True)
            column = one.column
            columns.append(
                (name or None, column.title, column.type or None, "yes" if one.many else None, type_.kind or None,
                 filled[key], len(values.get(key, ())))
            )  # fmt: skip
    yield ReportTable(
        "classes",
        "Classes of entries",
        "The word after dataentry is the class of an entry. Of several entries on a page, and of entries on pages that "
        "DokuWiki's search leaves out, queries find only the last one or none.",
        (
            ReportColumn("class", "Class", "code"),
            ReportColumn("entries", "Entries", "number"),
            ReportColumn("pages", "Pages", "number"),
            ReportColumn("columns", "Columns", "number"),
            ReportColumn("not_found", "Entries that no query finds", "number"),
        ),
        tuple(classes),
    )
    yield ReportTable(
        "columns",
        "Columns",
        "The columns of each class, in the order in which they occur.",
        (
            ReportColumn("class", "Class", "code"),
            ReportColumn("column", "Column", "code"),
            ReportColumn("type", "Type", "code"),
            ReportColumn("many", "Many values"),
            ReportColumn("kind", "All values are"),
            ReportColumn("entries", "Entries with a value", "number"),
            ReportColumn("values", "Different values", "number"),
        ),
        tuple(columns),
    )


def _near_tables(seen: Mapping[str, PageData], engine: QueryEngine, wiki: ReportedWiki) -> Iterator[ReportTable]:
    """Yield the tables of columns and values that are probably meant to be the same."""
    index = engine.index(wiki.setting.context)
    keys = {key: len(column.pages) for key, column in index.columns.items()}
    near = list(near_keys(keys, lambda one, other: _are_together(index.columns[one], index.columns[other])))
    similar = [
        (key, value, counts[value], common, counts[common])
        for key, column in sorted(index.columns.items())
        for counts in [{value: column.count_between(at, at + 1) for at, value in enumerate(column.values)}]
        for value, common in sorted(near_values(counts))
    ]
    places = _Places(seen, {key for key, _ in near}, {(key, value) for key, value, *_ in similar}, wiki)
    yield ReportTable(
        "near_columns",
        "Columns with similar names",
        "Columns that are probably meant to be the same, such as Vendor and Vender. Queries keep them apart.",
        (
            _PLACE,
            ReportColumn("column", "Column", "code"),
            ReportColumn("entries", "Values", "number"),
            ReportColumn("similar", "Similar column", "code"),
            ReportColumn("similar_entries", "Its values", "number"),
        ),
        tuple((places.of_key(key), key, keys[key], other, keys[other]) for key, other in near),
        is_finding=True,
    )
    yield ReportTable(
        "near_values",
        "Values that are written in different ways",
        "Values of one column that are probably meant to be the same, such as role:sales and Role: Sales. Queries keep "
        "them apart.",
        (
            _PLACE,
            ReportColumn("column", "Column", "code"),
            ReportColumn("value", "Value", "code"),
            ReportColumn("times", "Times", "number"),
            ReportColumn("similar", "More common", "code"),
            ReportColumn("similar_times", "Times", "number"),
        ),
        tuple(
            (places.of_value(key, value), key, value, times, common, others)
            for key, value, times, common, others in similar
        ),
        is_finding=True,
    )


def _are_together(one: ColumnIndex, other: ColumnIndex) -> bool:
    """Return whether a page has values of both columns."""
    return not frozenset(one.pages).isdisjoint(other.pages)


class _Places:
    """The first places of some keys and values."""

    def __init__(
        self, seen: Mapping[str, PageData], keys: set[str], values: set[tuple[str, str]], wiki: ReportedWiki
    ) -> None:
        self._keys: dict[str, ReportPlace] = {}
        self._values: dict[tuple[str, str], ReportPlace] = {}
        context = wiki.setting.context
        of_values = {key for key, _ in values}
        for page_id in sorted(seen):
            for entry in seen[page_id].entries[-1:]:
                for field in entry.fields:
                    column = Column.parse(field.name)
                    place = ReportPlace(page_id, field.line, 1)
                    if column.key in keys:
                        self._keys.setdefault(column.key, place)
                    if column.key in of_values:
                        type_ = context.type_of(column)
                        for value in field.values:
                            one = column.key, context.fill(clean(value, type_))
                            if one in values:
                                self._values.setdefault(one, place)

    def of_key(self, key: str) -> ReportPlace | None:
        """Return where a column is first written."""
        return self._keys.get(key)

    def of_value(self, key: str, value: str) -> ReportPlace | None:
        """Return where a value of a column is first written."""
        return self._values.get((key, value))


DATA = ChapterMaker("data", ("misfits", "near_columns", "near_values", "query_traps"), _make, _look)
