"""Read a dataset, the Parquet files of many wikis in one folder: answer queries and SQL, and return the pages."""

from __future__ import annotations

import glob
import importlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dokuwiki_data.dataset.class_views import create_class_views
from dokuwiki_data.dataset.folder import WikiMetadata, class_files_of, files_of, read_metadata, wikis_in
from dokuwiki_data.dataset.tables import FORMAT, TABLES, VERSION
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entries import EntryCleaner, WrittenEntry
from dokuwiki_data.engine.filtering import LIKE
from dokuwiki_data.engine.index import Index, Record
from dokuwiki_data.engine.query_engine import QueryEngine, as_query
from dokuwiki_data.engine.results import Result
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.wishes import ALL
from dokuwiki_data.errors import MissingExtraError, SourceError
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.queries import Query
from dokuwiki_data.syntax.parser import parse

if TYPE_CHECKING:
    import duckdb

#: The column with the wiki of a page, which queries can select, compare and sort by.
WIKI = Column.parse("%wiki%")

#: The number of rows that are fetched at a time.
_FETCHED = 20_000
_NOT_UTF8 = "SELECT wiki, page_id FROM pages WHERE text_bytes IS NOT NULL OR page_id_bytes IS NOT NULL"


class Dataset:
    """Wikis that were converted to Parquet in one folder, such as by `add_wiki`.

    Attributes:
        folder: The folder.
        wikis: The names of the wikis, sorted.

    Example:
        >>> import tempfile
        >>> import dokuwiki_data as dw
        >>> folder = tempfile.mkdtemp()
        >>> dw.add_wiki(folder, "examples/wiki", "handbook")
        >>> dataset = dw.Dataset(folder)
        >>> dataset.evaluate("cols: %wiki%, name; filter: type=practice; limit: 1").to_dicts()
        [{'%wiki%': 'handbook', 'name': 'Backup and restore drill'}]
    """

    def __init__(self, folder: str | Path, wikis: Collection[str] | None = None) -> None:
        """Open a dataset.

        Args:
            folder: The folder.
            wikis: The names of the wikis to use; by default all.

        Raises:
            SourceError: If the folder lacks one of the wikis, or has it in another version of the format.
            MissingExtraError: If the extra ``duckdb`` is not installed.
        """
        self.folder = Path(folder)
        found = wikis_in(self.folder)
        if not found:
            raise SourceError(f"{folder}: contains no wikis as Parquet")
        missing = sorted(set(wikis or ()).difference(found))
        if missing:
            raise SourceError(f"{folder}: has no wiki {missing[0]!r}")
        self.wikis = tuple(name for name in found if wikis is None or name in wikis)
        self._files = {name: files_of(self.folder, name) for name in self.wikis}
        for name, files in self._files.items():
            if not all(files.values()):
                raise SourceError(f"{folder}: some tables of {name!r} are missing")
        #: The entries that were read last, by the arguments of `_read`.
        self._last: dict[tuple[tuple[str, ...] | None, bool, bool], _EntryEngine] = {}
        self._metadata = self._read_metadata()

    def __repr__(self) -> str:
        return f"Dataset({self.folder}: {', '.join(self.wikis)})"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Return a new connection to DuckDB with the views ``pages``, ``entries``, ``links`` and ``revisions``.

        In the schema ``classes`` there is a view for each class of entries, with a row for each entry; ``no_class`` has
        those without one. Each view has a column ``wiki``. The connection cannot read anything outside of the folder.

        Example:
            >>> import tempfile
            >>> import dokuwiki_data as dw
            >>> folder = tempfile.mkdtemp()
            >>> dw.add_wiki(folder, "examples/wiki", "handbook")
            >>> connection = dw.Dataset(folder).connect()
            >>> connection.execute("SELECT wiki, name FROM classes.tool ORDER BY name LIMIT 1").fetchall()
            [('handbook', 'Discovery portal')]
        """
        connection: duckdb.DuckDBPyConnection = _duckdb().connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        # DuckDB checks both the pattern and the paths that it matches.
        folder = str(self.folder.absolute())
        connection.execute(f"SET allowed_directories = [{_quoted(folder)}, {_quoted(glob.escape(folder))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            paths = [glob.escape(str(path.absolute())) for files in self._files.values() for path in files[table]]
            connection.execute(
                f"CREATE VIEW {table} AS SELECT wiki, * EXCLUDE (wiki) FROM read_parquet("
                f"[{', '.join(map(_quoted, paths))}], hive_partitioning = true, hive_types = {{'wiki': VARCHAR}})"
            )
        create_class_views(connection, {name: class_files_of(self.folder, name) for name in self.wikis})
        return connection

    def context(self, user: str = "", groups: Collection[str] = (), today: date | None = None) -> Context:
        """Return the context for queries, with the type aliases and settings of the wikis if all have the same."""
        settings = self._metadata[self.wikis[0]].settings if self.have_same_settings else {}
        return Context(user=user, groups=tuple(groups), today=today, **settings)

    @property
    def have_same_settings(self) -> bool:
        """Whether all wikis have the same type aliases and settings."""
        first, *others = self._metadata.values()
        return all(other.settings == first.settings for other in others)

    def pages(self) -> Iterator[tuple[str, Page]]:
        """Yield the name of the wiki and the page for every page, sorted by name and id."""
        for wiki in self.wikis:
            yield from self._pages("wiki = ? ORDER BY page_id", wiki)

    def find(self, page_id: str) -> dict[str, Page]:
        """Return the pages with an id, by the names of their wikis."""
        return dict(self._pages("page_id = ?", page_id))

    def evaluate(
        self,
        query: Query | DataQuery | str,
        *,
        page_id: str = "",
        context: Context | None = None,
        semantics: str | Semantics = "plugin",
        offset: int = 0,
    ) -> Result:
        """Return the result of a query over all wikis, as if they were one.

        The column ``%wiki%`` has the name of a page's wiki. Unsorted rows are grouped by wiki. DuckDB reads only the
        columns that the query uses.

        The arguments and errors are those of `Wiki.evaluate`.
        """
        query = as_query(query)
        context = context or self.context()
        keys = tuple(_keys(query, context))
        used = None if _uses_all_columns(query) else keys, WIKI.key in keys, _uses_headings(query, context)
        if used not in self._last:  # many queries of a page use the same columns
            self._last = {used: self._read(*used)}
        return self._last[used].evaluate(query, page_id=page_id, context=context, semantics=semantics, offset=offset)

    def _read(self, keys: Collection[str] | None, has_wiki: bool, has_headings: bool) -> _EntryEngine:
        return _EntryEngine(self._entries(keys), self._headings() if has_headings else {}, has_wiki=has_wiki)

    def index(self, context: Context | None = None) -> Index:
        """Return the index of all entries as the plugin would store them under a context."""
        return _EntryEngine(self._entries(None), {}, has_wiki=True).index(context or self.context())

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return self.connect()

    def _select(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of an SQL query. Raises `SourceError` if the files cannot be read."""
        try:
            found = self._connection.cursor().execute(statement, list(values))
            while rows := found.fetchmany(_FETCHED):
                yield from rows
        except _duckdb().Error as error:
            raise SourceError(f"{self.folder}: {str(error).partition(chr(10))[0]}") from error

    def _headings(self) -> dict[str, str]:
        return dict(self._select("SELECT page_id, heading FROM pages WHERE heading <> ''"))

    def _read_metadata(self) -> dict[str, WikiMetadata]:
        """Return the metadata in the first file of each wiki. Raises `SourceError` if its version is another."""
        wiki_of = {str(files["pages"][0].absolute()): name for name, files in self._files.items()}
        found = self._select(
            "SELECT file_name, decode(key), decode(value) FROM parquet_kv_metadata(?)", list(map(glob.escape, wiki_of))
        )
        kept: dict[str, dict[str, str]] = {name: {} for name in self.wikis}
        for file_name, key, value in found:
            kept[wiki_of[file_name]][key] = value
        metadata = {}
        for name, texts in kept.items():
            if (texts.get("format"), texts.get("version")) != (FORMAT, str(VERSION)):
                raise SourceError(f"{self.folder}: {name!r} was not written by this version of dokuwiki-data")
            try:
                metadata[name] = read_metadata(texts)
            except ValueError as error:
                raise SourceError(f"{self.folder}: {name!r} cannot be read: {error}") from error
        return metadata

    def _entries(self, keys: Collection[str] | None) -> list[_EntryOfWiki]:
        """Return the entries that the plugin stores, in order, with their fields of some keys or of all.

        Fields with placeholders in their keys are included, since these keys depend on the user.
        """
        is_wanted = "true" if keys is None else "(key IN (SELECT unnest(?::VARCHAR[])) OR contains(key, '%'))"
        found = self._select(
            f"""
            SELECT wiki, page_id, title, class_name, modified_seconds, field, "column", value
            FROM (SELECT *, {is_wanted} AS is_wanted FROM entries)
            WHERE is_last AND (is_wanted OR (coalesce(field, 1) = 1 AND coalesce(value_number, 1) = 1))
            """
            + (f"AND (wiki, page_id) NOT IN ({_NOT_UTF8})" if self._not_utf8 else "")
            + "ORDER BY wiki, page_id, field, value_number",
            *([] if keys is None else [list(keys)]),
        )
        read = list(_grouped(found))
        return (
            sorted([*read, *self._not_utf8], key=lambda one: (one.wiki, one.entry.page_id)) if self._not_utf8 else read
        )

    @cached_property
    def _not_utf8(self) -> list[_EntryOfWiki]:
        """The entries of pages that are not UTF-8, parsed again, since the tables contain U+FFFD for invalid bytes."""
        kept = "SELECT wiki, page_id FROM entries WHERE is_last"
        pages = self._pages(f"(wiki, page_id) IN ({_NOT_UTF8}) AND (wiki, page_id) IN ({kept})")
        return [_EntryOfWiki(wiki, _written(page)) for wiki, page in pages if page.entries]

    def _pages(self, condition: str, *values: object) -> Iterator[tuple[str, Page]]:
        """Yield the name of the wiki and the page for each page that fulfils an SQL condition."""
        found = self._select(
            "SELECT wiki, page_id, modified_seconds, text, page_id_bytes, text_bytes FROM pages WHERE " + condition,
            *values,
        )
        for wiki, page_id, modified, text, page_id_bytes, text_bytes in found:
            if page_id_bytes is not None:
                page_id = page_id_bytes.decode("utf-8", "surrogateescape")
            if text_bytes is not None:
                text = text_bytes.decode("utf-8", "surrogateescape")
            yield wiki, parse(text, page_id=page_id, modified=modified, syntax=self._metadata[wiki].syntax)


class _EntryOfWiki(NamedTuple):
    """An entry and the name of its wiki."""

    wiki: str
    entry: WrittenEntry


class _EntryEngine(QueryEngine):
    """Answers queries from entries of several wikis, in which page ids may occur more than once."""

    def __init__(self, entries: Sequence[_EntryOfWiki], headings: Mapping[str, str], has_wiki: bool) -> None:
        """Initialize; ``has_wiki`` adds the column ``%wiki%``, which a cloud would count."""
        super().__init__()
        self._has_wiki = has_wiki
        self._of_wikis = entries
        self._headings = dict(headings)

    def _written_entries(self) -> Iterable[WrittenEntry]:
        return (entry for _, entry in self._of_wikis)

    def _records(self, cleaner: EntryCleaner) -> Iterator[Record]:
        for wiki, (page_id, title, class_name, seconds, fields) in self._of_wikis:
            values = cleaner.values(fields)
            if self._has_wiki:
                values[WIKI.key] = [wiki]
            yield Record(page_id, cleaner.fill(title), class_name, "" if seconds is None else str(seconds), values)


def with_wiki(query: Query) -> Query:
    """Return the query with ``%wiki%`` as its last column, unless it has that column or its kind has none."""
    if query.kind not in ("table", "list") or WIKI.key in (column.key for column in query.columns):
        return query
    return replace(query, columns=(*query.columns, WIKI))


def _keys(query: Query, context: Context) -> list[str]:
    """Return the keys of the columns that a query names, with and without their placeholders filled in."""
    columns = [*query.columns, *(filter_.column for filter_ in query.filters)]
    if query.sort is not None:
        columns.append(query.sort.column)
    keys = {column.key for column in columns}
    return sorted(keys | set(map(context.fill, keys)))


def _uses_all_columns(query: Query) -> bool:
    """Return whether a query may use columns that it does not name.

    After an OR, a cloud counts the values of all columns. Some semantics show all columns for ``*``, and read several
    columns in a sort line.
    """
    if any(column.key == ALL for column in query.columns) or (query.sort and "," in query.sort.column.name):
        return True
    return query.kind in ("cloud", "taglist") and any(filter_.logic == "OR" for filter_ in query.filters)


def _uses_headings(query: Query, context: Context) -> bool:
    """Return whether a pattern is compared with the headings of pages that values name."""
    return any(
        filter_.operator in LIKE and context.type_of(filter_.column).base in ("page", "title")
        for filter_ in query.filters
    )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Iterator[_EntryOfWiki]:
    """Group rows of entries by page and field."""
    current: tuple[str, str] | None = None
    fields: list[tuple[Column, list[str]]] = []
    number = 0
    for wiki, page_id, title, class_name, modified, field, column, value in rows:
        if (wiki, page_id) != current:
            current, fields, number = (wiki, page_id), [], 0
            yield _EntryOfWiki(wiki, WrittenEntry(page_id, title, class_name, modified, fields))
        if field is not None:
            if field != number:
                number = field
                fields.append((Column.parse(column), []))
            if value is not None:
                fields[-1][1].append(value)


def _written(page: Page) -> WrittenEntry:
    """Return the last entry of a page as `QueryEngine` stores it."""
    entry = page.entries[-1]
    fields = [(field.column, field.values) for field in entry.fields]
    return WrittenEntry(page.page_id, page.title, entry.class_name, page.modified, fields)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _duckdb() -> Any:
    try:
        return importlib.import_module("duckdb")
    except ImportError as error:
        raise MissingExtraError("duckdb", "duckdb") from error
