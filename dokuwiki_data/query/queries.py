"""The queries of the data plugin: read from a block, or built in Python and printed as a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison, Condition, Sort, expect, plain
from dokuwiki_data.query.reader import read_head, read_query
from dokuwiki_data.text import Diagnostic, PageText, Span

if TYPE_CHECKING:
    from dokuwiki_data.engine.context import Context
    from dokuwiki_data.engine.explanation import Explanation
    from dokuwiki_data.engine.index import Index
    from dokuwiki_data.engine.results import Result
    from dokuwiki_data.engine.semantics import Semantics

Kind = Literal["table", "list", "cloud", "taglist", "related"]

KINDS: tuple[Kind, ...] = get_args(Kind)

#: In a query on one line, a semicolon ends an option if another option follows it.
_NEXT_OPTION = re.compile(r";(?=[ \t]*\w+[ \t]*:)", re.ASCII)


class Queryable(Protocol):
    """Anything that has entries and answers queries: a `Wiki` or a `Dataset`."""

    def index(self, context: Context | None = None) -> Index:
        """Return the index of the entries as the plugin stores them under a context."""

    def evaluate(
        self,
        query: Query,
        *,
        page_id: str = "",
        context: Context | None = None,
        semantics: str | Semantics = "plugin",
    ) -> Result:
        """Return the result of a query."""


@dataclass(frozen=True, slots=True, repr=False)
class Query:
    """A query of the data plugin. `Query.parse` reads one, `Query.select` builds one.

    Attributes:
        columns: The selected columns as written; `selected` lists those that are shown.
        kind: ``table``, ``list``, ``cloud``, ``taglist`` or ``related``.
        classes: The CSS classes of the output.
        headers: The headers that the query gives, which may be fewer than its columns.
        filters: The comparisons in order, each with its AND or OR.
        sort: The column to sort by, or None.
        limit: The number of rows to show at most, or None for all.
        minimum: The least count that a cloud or a list of tags shows.
        align: The alignment of each column: ``left``, ``right`` or ``center``.
        widths: The width of each column, in CSS.
        title: The title of a list of related pages.
        page: The id of the page that a cloud links to.
        dynfilters: Whether readers can filter the table.
        rownumbers: Whether rows are numbered; None leaves it to the wiki's settings.
        summarize: Whether the table has a row of sums.
        sepbyheaders: Whether the items of a list are separated by headers.
        bracketed: Whether the filters were built in Python, so that AND binds tighter than OR under any semantics.
        column_spans: The places of the columns in the text that the query was read from.
    """

    columns: tuple[Column, ...] = ()
    kind: Kind = "table"
    classes: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    filters: tuple[Comparison, ...] = ()
    sort: Sort | None = None
    limit: int | None = None
    minimum: int = 0
    align: tuple[str, ...] = ()
    widths: tuple[str, ...] = ()
    title: str = ""
    page: str = ""
    dynfilters: bool = False
    rownumbers: bool | None = None
    summarize: bool = False
    sepbyheaders: bool = False
    bracketed: bool = field(default=False, compare=False)
    column_spans: tuple[Span, ...] = field(default=(), compare=False)
    #: The problems in the text that the query was read from, and that text.
    _diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)
    _source: PageText | None = field(default=None, compare=False)

    @classmethod
    def parse(cls, text: str, kind: Kind = "table") -> Query:
        """Read a query.

        Args:
            text: A block of the data plugin, its lines without the dashes, or all options on one line between
                semicolons.
            kind: The kind of the query if the text is not a block: ``table``, ``list``, ``cloud``, ``taglist`` or
                ``related``.

        Raises:
            QueryError: An option or an operator is unknown, or no columns are selected. A page with such a query is
                parsed without an error.
            TypeError: The query is not a string.
            ValueError: The kind is unknown.

        Example:
            >>> import dokuwiki_data as dw
            >>> query = dw.Query.parse("cols: name, due_dt; filter: type = process; sort: ^due")
            >>> [column.key for column in query.columns], query.sort.descending
            (['name', 'due'], True)
            >>> dw.Query.parse("cols: name; limmit: 5")
            Traceback (most recent call last):
            dokuwiki_data.QueryError: unknown option 'limmit' (line 1, column 13)
                cols: name; limmit: 5
                            ^^^^^^
        """
        expect(text, str, "text must be a string")
        known_kind(kind)
        classes: tuple[str, ...] = ()
        source = PageText(text)
        if "\n" not in text:
            source.normalized = _NEXT_OPTION.sub("\n", source.normalized)
        start, end = 1, len(source.normalized) - 1
        head = read_head(source, start)
        if head is not None:
            if head.kind == "entry":
                raise QueryError("this is a data entry, not a query", source.span(start, head.end), source)
            kind, classes, start = head.kind, tuple(head.classes.split()), head.end  # type: ignore[assignment]
            # Leave out the closing dashes.
            end = source.normalized.rindex("\n", 0, len(source.normalized.rstrip("\n")))
        reading = read_query(source, start, end)
        if reading.problems:
            raise QueryError(reading.problems[0].message, reading.problems[0].span, source)
        return cls(kind=kind, classes=classes, _source=source, **reading.fields)

    @classmethod
    def select(
        cls,
        *columns: str,
        where: Condition | None = None,
        sort: str | None = None,
        limit: int | None = None,
        minimum: int = 0,
        headers: Sequence[str] = (),
        kind: Kind = "table",
        title: str = "",
        summarize: bool = False,
        rownumbers: bool | None = None,
    ) -> Query:
        """Build a query.

        Args:
            columns: The names of the columns. Quote a name that contains a comma: ``'"price, net"'``. A query with
                such a column can be evaluated, but not printed, since no block can express it.
            where: The condition, made with `col`.
            sort: The name of the column to sort by, or ``^name`` for descending order.
            limit: The number of rows at most.
            minimum: The least count that a cloud or a list of tags shows.
            headers: The headers of the columns, instead of their titles.
            kind: ``table``, ``list``, ``cloud``, ``taglist`` or ``related``.
            title: The title of a list of related pages.
            summarize: Whether to sum up the numbers of each column.
            rownumbers: Whether to number the rows; None leaves it to the wiki's settings.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: An argument has an unknown value, or one that no block can express, such as a line end in a
                title.

        Example:
            >>> import dokuwiki_data as dw
            >>> print(dw.Query.select("name", "due_dt", where=dw.col("type") == "process", sort="^due", limit=5))
            ---- datatable ----
            cols    : name, due_dt
            filter  : type = process
            sort    : ^due
            limit   : 5
            ----
        """
        if isinstance(headers, str) or not isinstance(headers, Sequence):
            raise TypeError(f"headers must be a list of strings, not {headers!r}")
        expect(where, (Condition, NoneType), 'where must be a condition such as col("type") == "process"')
        expect(sort, (str, NoneType), 'sort must be the name of a column, or "^name" for descending order')
        for name, flag in (("summarize", summarize), ("rownumbers", rownumbers)):
            expect(flag, (bool, NoneType), f"{name} must be True or False")
        for name, number, least in (("limit", 1 if limit is None else limit, 1), ("minimum", minimum, 0)):
            expect(number, int, f"{name} must be an integer")
            if number < least:
                raise ValueError(f"{name} must be at least {least}: {number}")
        if not columns:
            raise ValueError("a query must select at least one column")
        return cls(
            tuple(map(_selected, columns)), known_kind(kind), (),
            tuple(plain(header, "header", blanks=True) for header in headers),
            () if where is None else where.lines, Sort.parse(sort) if sort is not None else None,
            limit, minimum, title=plain(title, "title"), summarize=bool(summarize), rownumbers=rownumbers,
            bracketed=True,
        )  # fmt: skip

    @property
    def selected(self) -> tuple[Column, ...]:
        """The columns that are shown. Of several columns with one key, the last is shown in the place of the first."""
        return tuple({column.key: column for column in self.columns}.values())

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the columns: the headers that the query gives, then the titles of the other columns."""
        return self.headers + tuple(column.title for column in self.selected[len(self.headers) :])

    def diagnostic(self, kind: str, message: str, span: Span | None = None) -> Diagnostic:
        """Return a diagnostic for a place in the text that the query was read from, if there is one."""
        if self._source is None or span is None:
            return Diagnostic(kind, message)
        return self._source.page.diagnostic(kind, message, span)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The problems in the text of the query: values that do not mean what they look like."""
        return self._diagnostics

    def locate(self, error: QueryError) -> None:
        """Add the line of the query's text to an error that an evaluation raised."""
        if self._source is not None:
            error.locate(self._source)

    def explain(
        self,
        wiki: Queryable | None = None,
        *,
        context: Context | None = None,
        semantics: str | Semantics = "plugin",
        page_id: str = "",
    ) -> Explanation:
        """Explain the query in words and with brackets, and point out where it may not mean what it looks like.

        Args:
            wiki: A wiki; the explanation then also names columns and values that no page has, and counts the rows of
                each way to read the condition.
            context: The user, the day and the settings; by default no user, no day and DokuWiki's settings.
            semantics: ``"plugin"``, ``"intuitive"`` or a `Semantics`.
            page_id: The page that the query stands on.

        Example:
            >>> import dokuwiki_data as dw
            >>> print(dw.Query.parse("cols: name; filter: name ~* desk").explain())
            Shows name, of pages where name looks like “desk”.
            Condition: name ~* "desk"
            - '~*' is read as one operator, so the star is lost: write a blank before it
        """
        from dokuwiki_data.engine.context import Context
        from dokuwiki_data.engine.explanation import explain
        from dokuwiki_data.engine.semantics import Semantics

        return explain(self, wiki, context or Context(), Semantics.of(semantics), page_id)

    def to_sql(self, *, context: Context | None = None, page_id: str = "", dialect: str = "") -> str:
        """Return the query as a SELECT statement.

        It is for the schema `dokuwiki_data.engine.sql.SCHEMA`, or with ``dialect="sqlite"`` for the database that
        ``convert --format sqlite`` writes. Its rows are those of `Wiki.evaluate` with the plugin's semantics: the id of
        the page, and the values of each cell, separated by line ends.

        Args:
            context: The user, the day and the settings; by default no user, no day and DokuWiki's settings.
            page_id: The page that the query stands on.
            dialect: ``sqlite``, or nothing.

        Raises:
            QueryError: A filter has an unknown operator, or compares a pattern with titles that SQL cannot find.
            ValueError: The dialect is unknown.

        Example:
            >>> import dokuwiki_data as dw
            >>> print(dw.Query.parse("cols: name; filter: type = tool; limit: 2").to_sql().splitlines()[-1])
            LIMIT 2
        """
        from dokuwiki_data.engine.context import Context
        from dokuwiki_data.engine.sql import to_sql

        return to_sql(self, context or Context(), page_id, dialect)

    def __str__(self) -> str:
        """Return the query as a block. Raises `ValueError` if the name of a column has a comma."""
        for column in self.columns:
            if "," in column.name:
                raise ValueError(f"a comma separates columns, so no block can select the column {column.name!r}")
        classes = " ".join(self.classes)
        lines = [f"---- data{self.kind} {classes} ----" if classes else f"---- data{self.kind} ----"]
        lines += [f"{option:<8}: {value}".rstrip(" ") for option, value in self._options()]
        return "\n".join([*lines, "----"])

    def __repr__(self) -> str:
        """Return the query on one line, as `parse` reads it."""
        text = "; ".join(f"{option}: {value}" for option, value in self._options())
        kind = f", kind={self.kind!r}" if self.kind != "table" else ""
        classes = f", classes={self.classes!r}" if self.classes else ""
        return f"Query({text!r}{kind}{classes})"

    def _options(self) -> list[tuple[str, str]]:
        """Return the options of the query's block with their values."""
        options = [("cols", ", ".join(column.name for column in self.columns))]
        if self.headers:
            quoted = (header.replace('"', '""') for header in self.headers)
            options.append(("headers", ", ".join(f'"{header}"' for header in quoted)))
        options += [("filter" if filter_.logic == "AND" else "filteror", str(filter_)) for filter_ in self.filters]
        if self.sort:
            options.append(("sort", str(self.sort)))
        if self.limit:
            options.append(("limit", str(self.limit)))
        if self.minimum:
            options.append(("min", str(self.minimum)))
        texts = {
            "align": ", ".join(self.align), "widths": ", ".join(self.widths), "title": self.title, "page": self.page,
        }  # fmt: skip
        options += [(name, text) for name, text in texts.items() if text]
        for name in ("dynfilters", "rownumbers", "summarize", "sepbyheaders"):
            value = getattr(self, name)
            if value or (value is False and name == "rownumbers"):
                options.append((name, str(int(value))))
        return [(option, value.replace("#", "\\#")) for option, value in options]


def known_kind(kind: Kind) -> Kind:
    """Return a kind of query. Raises `ValueError` if it is unknown."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    return kind


def _selected(name: str) -> Column:
    """Return the column with a name, which is quoted if it contains a comma."""
    plain(name, "name of a column")
    inside = name[1:-1] if name[:1] == name[-1:] == '"' else ""
    if "," in inside:
        return Column.parse(plain(inside.replace('""', '"'), "name of a column"))
    if name in ("", "0") or "," in name:
        raise ValueError(f"the name of a column must not be empty or 0, and must be quoted if it has a comma: {name!r}")
    return Column.parse(name)
