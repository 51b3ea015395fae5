"""A dataset: the Parquet files of many wikis in one folder, which answer queries, SQL, and give their pages back."""

from __future__ import annotations

import glob
import importlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dokuwiki_data.dataset.about import About, read_about
from dokuwiki_data.dataset.places import files_of, wikis_in
from dokuwiki_data.dataset.schemas import FORMAT, TABLES, VERSION
from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entries import WrittenEntry
from dokuwiki_data.engine.filtering import LIKE
from dokuwiki_data.engine.index import Index, Record
from dokuwiki_data.engine.query_engine import QueryEngine, asked
from dokuwiki_data.engine.results import Result
from dokuwiki_data.engine.semantics import Semantics
from dokuwiki_data.engine.stored import Storing
from dokuwiki_data.errors import MissingExtraError, SourceError
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.queries import Query
from dokuwiki_data.syntax.parser import parse

if TYPE_CHECKING:
    import duckdb

#: The column that says of which wiki a page is. Queries may select it, compare it and sort by it.
WIKI = Column.parse("%wiki%")

_FETCHED = 20_000
_NOT_UTF8 = "SELECT wiki, page_id FROM pages WHERE text_bytes IS NOT NULL OR page_id_bytes IS NOT NULL"


class Dataset:
    """Wikis that were converted to Parquet into one folder; ``wikis`` are their names, sorted."""

    def __init__(self, folder: str | Path, wikis: Collection[str] | None = None) -> None:
        """``wikis``: the names of those that count, if not all do.

        Raises `SourceError` if the folder does not hold them, or in another version of the format, and
        `MissingExtraError` without the extra ``duckdb``.
        """
        self.folder = Path(folder)
        found = wikis_in(self.folder)
        if not found:
            raise SourceError(f"{folder}: no wikis as Parquet in it")
        missing = sorted(set(wikis or ()).difference(found))
        if missing:
            raise SourceError(f"{folder}: has no wiki {missing[0]!r}")
        self.wikis = tuple(name for name in found if wikis is None or name in wikis)
        self._files = {name: files_of(self.folder, name) for name in self.wikis}
        for name, files in self._files.items():
            if not all(files.values()):
                raise SourceError(f"{folder}: of {name!r} some tables are missing")
        #: The entries that were read last, by what is read of them.
        self._last: dict[tuple[tuple[str, ...] | None, bool, bool], _Entries] = {}
        self._about = self._read_about()

    def __repr__(self) -> str:
        return f"Dataset({self.folder}: {', '.join(self.wikis)})"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A new connection of DuckDB with the views ``pages``, ``entries``, ``links`` and ``revisions``.

        They tell the wikis apart by a column ``wiki``. The connection reads nothing outside of the folder.
        """
        connection: duckdb.DuckDBPyConnection = _duckdb().connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )
        # The pattern is looked at as well as what it finds.
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
        return connection

    def context(self, user: str = "", groups: Collection[str] = (), today: date | None = None) -> Context:
        """Who asks and when, with the type aliases and settings of the wikis; if they do not agree, none counts."""
        settings = self._about[self.wikis[0]].settings if self.wikis_agree else {}
        return Context(user=user, groups=tuple(groups), today=today, **settings)

    @property
    def wikis_agree(self) -> bool:
        """Whether all wikis have the same type aliases and settings."""
        first, *others = self._about.values()
        return all(other.settings == first.settings for other in others)

    def pages(self) -> Iterator[tuple[str, Page]]:
        """Every page as it was when it was written, with the name of its wiki; in the order of both."""
        for wiki in self.wikis:
            yield from self._pages("wiki = ? ORDER BY page_id", wiki)

    def find(self, page_id: str) -> dict[str, Page]:
        """The pages of an id, by the names of the wikis that have one."""
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
        """What a query shows on the page ``page_id``, asked of all wikis as if they were one.

        A column ``%wiki%`` says of which wiki a page is. The pages of one wiki stand behind those of another, where
        a query does not sort them. Of several wikis with a page ``page_id`` the last counts.

        DuckDB reads no more than what the query looks at; the rest is the work of `Wiki.evaluate`, which takes the
        same arguments and raises the same errors. ``context`` is `context` if it is not given.
        """
        query = asked(query)
        context = context or self.context()
        keys = tuple(_keys(query, context))
        looked_at = keys if not _looks_at_all(query) else None, WIKI.key in keys, _looks_at_headings(query, context)
        if looked_at not in self._last:  # of the queries of a page many look at the same columns
            self._last = {looked_at: self._read(*looked_at)}
        return self._last[looked_at].evaluate(
            query, page_id=page_id, context=context, semantics=semantics, offset=offset
        )

    def _read(self, keys: Collection[str] | None, has_wiki: bool, has_headings: bool) -> _Entries:
        return _Entries(self._entries(keys), self._headings() if has_headings else {}, has_wiki=has_wiki)

    def index(self, context: Context | None = None) -> Index:
        """The index of all entries as the plugin would store them under a context."""
        return _Entries(self._entries(None), {}, has_wiki=True).index(context or self.context())

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return self.connect()

    def _select(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows of an answer to SQL. Raises `SourceError` if the files cannot be read."""
        try:
            found = self._connection.cursor().execute(statement, list(values))
            while rows := found.fetchmany(_FETCHED):
                yield from rows
        except _duckdb().Error as error:
            raise SourceError(f"{self.folder}: {str(error).partition(chr(10))[0]}") from error

    def _headings(self) -> dict[str, str]:
        return dict(self._select("SELECT page_id, heading FROM pages WHERE heading <> ''"))

    def _read_about(self) -> dict[str, About]:
        """What is kept of each wiki in its first file. Raises `SourceError` if it is of another version."""
        wiki_of = {str(files["pages"][0].absolute()): name for name, files in self._files.items()}
        found = self._select(
            "SELECT file_name, decode(key), decode(value) FROM parquet_kv_metadata(?)", list(map(glob.escape, wiki_of))
        )
        kept: dict[str, dict[str, str]] = {name: {} for name in self.wikis}
        for file_name, key, value in found:
            kept[wiki_of[file_name]][key] = value
        about = {}
        for name, texts in kept.items():
            if (texts.get("format"), texts.get("version")) != (FORMAT, str(VERSION)):
                raise SourceError(f"{self.folder}: {name!r} was not written by this version of dokuwiki-data")
            try:
                about[name] = read_about(texts)
            except ValueError as error:
                raise SourceError(f"{self.folder}: {name!r} cannot be read: {error}") from error
        return about

    def _entries(self, keys: Collection[str] | None) -> list[_Of]:
        """The entries that the plugin keeps, in order, each with its fields of some keys.

        Fields of keys with placeholders always belong to them, since what they are depends on who asks.
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
        read = list(_gathered(found))
        return (
            sorted([*read, *self._not_utf8], key=lambda one: (one.wiki, one.entry.page_id)) if self._not_utf8 else read
        )

    @cached_property
    def _not_utf8(self) -> list[_Of]:
        """The entries of pages that are not UTF-8: they are parsed again, since the tables have U+FFFD in them."""
        kept = "SELECT wiki, page_id FROM entries WHERE is_last"
        pages = self._pages(f"(wiki, page_id) IN ({_NOT_UTF8}) AND (wiki, page_id) IN ({kept})")
        return [_Of(wiki, _written(page)) for wiki, page in pages if page.entries]

    def _pages(self, condition: str, *values: object) -> Iterator[tuple[str, Page]]:
        """The pages that fulfil a condition of SQL, each with the name of its wiki."""
        found = self._select(
            "SELECT wiki, page_id, modified_seconds, text, page_id_bytes, text_bytes FROM pages WHERE " + condition,
            *values,
        )
        for wiki, page_id, modified, text, page_id_bytes, text_bytes in found:
            if page_id_bytes is not None:
                page_id = page_id_bytes.decode("utf-8", "surrogateescape")
            if text_bytes is not None:
                text = text_bytes.decode("utf-8", "surrogateescape")
            yield wiki, parse(text, page_id=page_id, modified=modified, syntax=self._about[wiki].syntax)


class _Of(NamedTuple):
    """An entry, and the wiki that it is from."""

    wiki: str
    entry: WrittenEntry


class _Entries(QueryEngine):
    """Entries of several wikis, which may have pages of the same id."""

    def __init__(self, entries: Sequence[_Of], headings: Mapping[str, str], has_wiki: bool) -> None:
        """``has_wiki``: whether they have the column that says of which wiki they are; a cloud might count it."""
        super().__init__(())
        self._has_wiki = has_wiki
        self._of_wikis = entries
        self._headings = dict(headings)

    def _records(self, storing: Storing) -> Iterator[Record]:
        for wiki, (page_id, title, class_name, seconds, fields) in self._of_wikis:
            values = storing.values(fields)
            if self._has_wiki:
                values[WIKI.key] = [wiki]
            yield Record(page_id, storing.fill(title), class_name, "" if seconds is None else str(seconds), values)


def with_wiki(query: Query) -> Query:
    """The query with a last column that says of which wiki a row is; as it is, if it has one or can have none."""
    if query.kind not in ("table", "list") or WIKI.key in (column.key for column in query.columns):
        return query
    return replace(query, columns=(*query.columns, WIKI))


def _keys(query: Query, context: Context) -> list[str]:
    """The keys of the columns that a query names, with and without their placeholders filled in."""
    columns = [*query.columns, *(filter_.column for filter_ in query.filters)]
    if query.sort is not None:
        columns.append(query.sort.column)
    keys = {column.key for column in columns}
    return sorted(keys | set(map(context.fill, keys)))


def _looks_at_all(query: Query) -> bool:
    """Whether a query looks at columns that it does not name: behind an OR, a cloud counts the values of all."""
    return query.kind in ("cloud", "taglist") and any(filter_.logic == "OR" for filter_ in query.filters)


def _looks_at_headings(query: Query, context: Context) -> bool:
    """Whether a pattern looks at the headings of pages that values name."""
    return any(
        filter_.operator in LIKE and context.type_of(filter_.column).base in ("page", "title")
        for filter_ in query.filters
    )


def _gathered(rows: Iterable[tuple[Any, ...]]) -> Iterator[_Of]:
    """The rows of entries, page by page and field by field."""
    current: tuple[str, str] | None = None
    fields: list[tuple[Column, list[str]]] = []
    number = 0
    for wiki, page_id, title, class_name, modified, field, column, value in rows:
        if (wiki, page_id) != current:
            current, fields, number = (wiki, page_id), [], 0
            yield _Of(wiki, WrittenEntry(page_id, title, class_name, modified, fields))
        if field is not None:
            if field != number:
                number = field
                fields.append((Column.parse(column), []))
            if value is not None:
                fields[-1][1].append(value)


def _written(page: Page) -> WrittenEntry:
    """What `QueryEngine` keeps of a page with an entry."""
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
