"""A query of the data plugin as a value: read from a block, or built in Python and printed as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import TYPE_CHECKING, Literal, Protocol

from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison, Condition, Sort, plain, wanted
from dokuwiki_data.query.reader import read_head, read_query
from dokuwiki_data.text import Diagnostic, PageText, Span

if TYPE_CHECKING:
    from dokuwiki_data.engine.context import Context
    from dokuwiki_data.engine.explanation import Explanation
    from dokuwiki_data.engine.index import Index
    from dokuwiki_data.engine.results import Result
    from dokuwiki_data.engine.semantics import Semantics

Kind = Literal["table", "list", "cloud", "taglist", "related"]

KINDS = ("table", "list", "cloud", "taglist", "related")

#: In a query on one line, a semicolon counts where the next option begins behind it.
_NEXT_OPTION = re.compile(r";(?=[ \t]*\w+[ \t]*:)", re.ASCII)


class Answering(Protocol):
    """What has entries and answers queries: a `Wiki` or a `Dataset`."""

    def index(self, context: Context | None = None) -> Index:
        """The entries as the plugin would store them under a context."""

    def evaluate(
        self,
        query: Query,
        *,
        page_id: str = "",
        context: Context | None = None,
        semantics: str | Semantics = "plugin",
    ) -> Result:
        """What a query shows."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a query asks, as its lines say it.

    ``columns`` are the names selected, ``headers`` what is shown above them as far as it was given, ``filters``
    the comparisons in order, each with its AND or OR. ``limit`` is None for all rows; ``minimum`` is the least
    count that a cloud or list of tags shows; ``rownumbers`` None leaves it to the wiki's setting.
    ``bracketed`` says that the filters were built in Python, so that AND binds tighter than OR in them under
    any semantics.
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
    #: Where the columns stand in the text that the query was read from.
    column_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    #: Unusual values of options in the text that the query was read from.
    _odd: tuple[Diagnostic, ...] = field(default=(), compare=False, repr=False)
    #: The text that the query was read from.
    _source: PageText | None = field(default=None, compare=False, repr=False)

    @classmethod
    def parse(cls, text: str, kind: Kind = "table") -> Query:
        """Read a query: a block, its lines, or one line such as ``cols: Name; filter: type=process; sort: name``.

        A block's last line, the closing dashes, does not count.

        What stands in a page may be odd; what is asked for here may not: raises `QueryError` for an unknown
        option, a filter without comparison, and where no columns are selected; `TypeError` for what is no text.
        """
        wanted(text, str, "a query is read from a text")
        known_kind(kind)
        classes: tuple[str, ...] = ()
        source = PageText(text)
        if "\n" not in text:
            source.normalized = _NEXT_OPTION.sub("\n", source.normalized)
        start, end = 1, len(source.normalized) - 1
        head = read_head(source, start)
        if head is not None:
            if head.kind == "entry":
                raise QueryError("a data entry is no query", None)
            kind, classes, start = head.kind, tuple(head.classes.split()), head.end  # type: ignore[assignment]
            end = source.normalized.rindex("\n", 0, len(source.normalized.rstrip("\n")))
        reading = read_query(source, start, end)
        if reading.problems:
            raise QueryError(reading.problems[0].message, reading.problems[0].span)
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
        """Build a query: ``Query.select("%title%", "due_dt", where=Filter("type") == "process", sort="^due")``.

        A name with a comma is given in quotes: ``'"price, net"'``. Such a query is answered, but no block can say it,
        so it does not print.

        Raises `ValueError` for what has no meaning and for what no block could say, such as a line end in a title;
        `TypeError` for arguments of wrong types.
        """
        if isinstance(headers, str) or not isinstance(headers, Sequence):
            raise TypeError(f"headers is a list of texts, not {headers!r}")
        wanted(where, (Condition, NoneType), 'where is a condition, such as Filter("type") == "process"')
        wanted(sort, (str, NoneType), 'sort is the name of a column, or "^name" for descending order')
        for name, flag in (("summarize", summarize), ("rownumbers", rownumbers)):
            wanted(flag, (bool, NoneType), f"{name} is True or False")
        for name, number, least in (("limit", 1 if limit is None else limit, 1), ("minimum", minimum, 0)):
            wanted(number, int, f"{name} is a whole number")
            if number < least:
                raise ValueError(f"{name} is at least {least}: {number}")
        if not columns:
            raise ValueError("a query selects at least one column")
        return cls(
            tuple(map(_selected, columns)), known_kind(kind), (),
            tuple(plain(header, "header", blanks=True) for header in headers),
            () if where is None else where.lines, Sort.parse(sort) if sort is not None else None,
            limit, minimum, title=plain(title, "title"), summarize=bool(summarize), rownumbers=rownumbers,
            bracketed=True,
        )  # fmt: skip

    @property
    def selected(self) -> tuple[Column, ...]:
        """The columns shown: those of one key collapse into the first's place with the last's form."""
        return tuple({column.key: column for column in self.columns}.values())

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands above the columns: the headers given, then the columns' own titles."""
        return self.headers + tuple(column.title for column in self.selected[len(self.headers) :])

    def diagnostic(self, kind: str, message: str, span: Span | None = None) -> Diagnostic:
        """Return a diagnostic for a place in the text that the query was read from."""
        if self._source is None or span is None:
            return Diagnostic(kind, message)
        return self._source.page.diagnostic(kind, message, span)

    def explain(
        self,
        wiki: Answering | None = None,
        *,
        context: Context | None = None,
        semantics: str | Semantics = "plugin",
        page_id: str = "",
    ) -> Explanation:
        """What the query means, with its brackets, the traps that it steps into, and the other way to read it.

        With a wiki also which of its columns and values no page has, and how many rows each reading has on the
        page ``page_id``.
        """
        from dokuwiki_data.engine.context import Context
        from dokuwiki_data.engine.explanation import explain
        from dokuwiki_data.engine.semantics import Semantics

        return explain(self, wiki, context or Context(), Semantics.of(semantics), page_id)

    def to_sql(self, *, context: Context | None = None, page_id: str = "") -> str:
        """The query as a SELECT over an entity-attribute-value schema, `dokuwiki_data.engine.sql.SCHEMA`.

        It answers as the plugin does on the page ``page_id``; raises `QueryError` for a filter that compares nothing.
        """
        from dokuwiki_data.engine.context import Context
        from dokuwiki_data.engine.sql import to_sql

        return to_sql(self, context or Context(), page_id)

    def __str__(self) -> str:
        """The query as a block of the data plugin. Raises `ValueError` for a column with a comma in its name."""
        classes = " ".join(self.classes)
        lines = [f"---- data{self.kind} {classes} ----" if classes else f"---- data{self.kind} ----"]
        lines += [f"{option:<8}: {value}".rstrip(" ") for option, value in self._options()]
        return "\n".join([*lines, "----"])

    def _options(self) -> list[tuple[str, str]]:
        for column in self.columns:
            if "," in column.name:
                raise ValueError(f"a comma divides columns, so no block can select one of this name: {column.name!r}")
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
    """The kind of a query; raises `ValueError` for another word."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    return kind


def _selected(name: str) -> Column:
    """A column that is selected by name; one with a comma in it stands in quotes."""
    plain(name, "name of a column")
    inside = name[1:-1] if name[:1] == name[-1:] == '"' else ""
    if "," in inside:
        return Column.parse(plain(inside.replace('""', '"'), "name of a column"))
    if name in ("", "0") or "," in name:
        raise ValueError(f"a selected column has a name, which is not 0; in quotes, if it has a comma: {name!r}")
    return Column.parse(name)
