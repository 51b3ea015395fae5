"""Results of queries: rows of cells, as stored and as Python objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.result_differences import ResultDifferences, row_differences
from dokuwiki_data.engine.values import Value, shown, typed
from dokuwiki_data.query.columns import Column
from dokuwiki_data.text import Diagnostic

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from dokuwiki_data.writers.addresses import Addresses

#: The number of rows that notebooks show.
_NOTEBOOK_ROWS = 300


@dataclass(frozen=True, slots=True, repr=False)
class ResultRow:
    """A row of a result.

    Attributes:
        page_id: The id of the row's page; empty in clouds and lists of tags.
        cells: A cell for each column: a tuple of its values as stored, ``()`` if the page has none. In clouds, lists of
            tags and related pages, the second cell is the count.
        number: The number of the row in the whole result, from one.
        weight: In clouds and lists of tags, the weight of the value from 0 (rare) to 4; of related pages, the count;
            else None.
    """

    page_id: str
    cells: tuple[tuple[str | int, ...], ...]
    number: int
    weight: int | None = None
    _types: tuple[ColumnType, ...] = field(default=(), compare=False)

    @property
    def values(self) -> tuple[tuple[Value | int, ...], ...]:
        """The cells as Python objects: dates, page ids, addresses, images, times, counts."""
        return tuple(
            tuple(text if isinstance(text, int) else typed(text, type_) for text in cell)
            for cell, type_ in zip(self.cells, self._types, strict=False)
        )

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The cells as readers see them: each value with the prefix and the postfix of its type."""
        return tuple(
            tuple(str(text) if isinstance(text, int) else shown(text, type_) for text in cell)
            for cell, type_ in zip(self.cells, self._types, strict=False)
        )

    def __repr__(self) -> str:
        cells = " | ".join(", ".join(map(str, cell)) for cell in self.cells)
        weight = "" if self.weight is None else f", weight={self.weight}"
        return f"ResultRow({self.number}, {self.page_id!r}, {cells!r}{weight})"


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The result of a query: iterate over its rows, or write it with a ``to_…`` method.

    Attributes:
        kind: ``table``, ``list``, ``cloud``, ``taglist`` or ``related``.
        columns: The columns.
        labels: The labels of the columns.
        rows: The rows.
        more: Whether the query has more rows than its limit.
        sums: The sum of each column's numbers, None for a column without numbers; empty if the query asks for none.
        rownumbers: Whether the rows are numbered when they are shown.
        diagnostics: Problems of the query and its evaluation, with their places.

    Example:
        >>> import dokuwiki_data as dw
        >>> wiki = dw.Wiki.open("examples/wiki")
        >>> result = wiki.evaluate("cols: name, maturity; filter: type=process; sort: ^maturity; limit: 2")
        >>> result
        Result('table', 2 rows and more, labels=('name', 'maturity'))
        >>> result.rows[0]
        ResultRow(1, 'process:patron_data_erasure', 'Patron data erasure | 5')
    """

    kind: str
    columns: tuple[Column, ...]
    labels: tuple[str, ...]
    rows: tuple[ResultRow, ...]
    more: bool = False
    sums: tuple[int | float | None, ...] = ()
    rownumbers: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def types(self) -> tuple[ColumnType, ...]:
        """The meaning of each column's type; empty if there are no rows."""
        return self.rows[0]._types if self.rows else ()

    def __iter__(self) -> Iterator[ResultRow]:
        return iter(self.rows)

    def __repr__(self) -> str:
        number = f"{len(self.rows)} {'row' if len(self.rows) == 1 else 'rows'}{' and more' if self.more else ''}"
        found = f", {len(self.diagnostics)} diagnostics" if self.diagnostics else ""
        return f"Result({self.kind!r}, {number}, labels={self.labels!r}{found})"

    def differences(self, other: Result) -> ResultDifferences:
        """Return the rows that appear, vanish, move or change from this result to another.

        Rows are compared if they are about the same page or, in clouds and lists of tags, the same value.

        Example:
            >>> import dokuwiki_data as dw
            >>> pages = [dw.parse(f"---- dataentry ----\\nn: {n}\\n----", page_id=f"p{n}") for n in (9, 10)]
            >>> wiki = dw.Wiki.from_pages(pages)
            >>> query = dw.Query.parse("cols: n; sort: n")
            >>> print(wiki.evaluate(query).differences(wiki.evaluate(query, semantics="intuitive")))
            > p10 (row 1 to 2)
        """
        return row_differences(self.rows, other.rows)

    # The formats are in a package that imports this module, so methods import them.

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries of typed values: dates, times, page ids, addresses, images, counts, texts.

        The keys are the labels of the columns; of equal labels, the second gets a ``(2)``. A cell of a many-valued
        column is a list; in other columns, None stands for no value.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.open("examples/wiki")
            >>> result = wiki.evaluate("cols: name, reviewed_dt; filter: type=tool; sort: name; limit: 1")
            >>> result.to_dicts()
            [{'name': 'Discovery portal', 'reviewed': datetime.date(2026, 1, 20)}]
        """
        from dokuwiki_data.engine.formats.rows import dicts

        return dicts(self)

    def to_csv(self, *, formulas: bool = False) -> str:
        """Return the rows as CSV.

        Args:
            formulas: Whether to leave cells alone that spreadsheets would compute; by default, an apostrophe is put
                before them.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("---- dataentry ----\\nname: Kettle\\n----\\n", page_id="kettle")
            >>> dw.Wiki.from_pages([page]).evaluate("cols: %pageid%, name").to_csv()
            'Title,name\\r\\nkettle,Kettle\\r\\n'
        """
        from dokuwiki_data.engine.formats.cells import stored_grid
        from dokuwiki_data.engine.formats.grids import csv_table

        return csv_table(stored_grid(self), formulas=formulas)

    def to_json(self) -> str:
        """Return the rows as a JSON array of objects; times are written as in ISO 8601.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("---- dataentry ----\\nname: Kettle\\ntags: tea, kitchen\\n----\\n", page_id="kettle")
            >>> print(dw.Wiki.from_pages([page]).evaluate("cols: name, tags").to_json(), end="")
            [
            {"name":"Kettle","tag":["tea","kitchen"]}
            ]
        """
        from dokuwiki_data.engine.formats.rows import json_array

        return json_array(self)

    def to_jsonl(self) -> str:
        """Return the rows as JSON objects, one on each line.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("---- dataentry ----\\nname: Kettle\\n----\\n", page_id="kettle")
            >>> dw.Wiki.from_pages([page]).evaluate("cols: name").to_jsonl()
            '{"name":"Kettle"}\\n'
        """
        from dokuwiki_data.engine.formats.rows import json_lines

        return json_lines(self)

    def to_markdown(self, *, links: bool = False, addresses: Addresses | None = None) -> str:
        """Return a Markdown table of GitHub's flavour, escaped; the arguments are those of `to_html`.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("---- dataentry ----\\nname: Kettle\\n----\\n", page_id="kettle")
            >>> print(dw.Wiki.from_pages([page]).evaluate("cols: %pageid%, name").to_markdown(), end="")
            | Title | name |
            | --- | --- |
            | kettle | Kettle |
        """
        if links:
            from dokuwiki_data.writers.addresses import DokuWikiAddresses
            from dokuwiki_data.writers.linked_results import linked_markdown_table

            return linked_markdown_table(self, addresses or DokuWikiAddresses())
        from dokuwiki_data.engine.formats.cells import grid
        from dokuwiki_data.engine.formats.grids import markdown_table

        return markdown_table(grid(self))

    def to_html(self, *, links: bool = False, addresses: Addresses | None = None) -> str:
        """Return an HTML table, escaped.

        Args:
            links: Whether cells are links, images and markup, as the plugin shows values of their types; else texts.
            addresses: The addresses of pages and media files; by default those of DokuWiki.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("---- dataentry ----\\nurl_url: example.org\\n----\\n", page_id="a")
            >>> result = dw.Wiki.from_pages([page]).evaluate("cols: url_url")
            >>> "<td>http://example.org</td>" in result.to_html()
            True
            >>> '<a href="http://example.org"' in result.to_html(links=True)
            True
        """
        if links:
            from dokuwiki_data.writers.addresses import DokuWikiAddresses
            from dokuwiki_data.writers.linked_results import linked_html_table

            return linked_html_table(self, addresses or DokuWikiAddresses())
        from dokuwiki_data.engine.formats.cells import grid
        from dokuwiki_data.engine.formats.grids import html_table

        return html_table(grid(self))

    def to_wiki(self) -> str:
        """Return a table in DokuWiki's markup, which is read back as the same cells.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("---- dataentry ----\\nname: Kettle\\n----\\n", page_id="kettle")
            >>> print(dw.Wiki.from_pages([page]).evaluate("cols: %pageid%, name").to_wiki(), end="")
            ^ Title ^ name ^
            | kettle | Kettle |
        """
        from dokuwiki_data.engine.formats.cells import grid
        from dokuwiki_data.engine.formats.grids import wiki_table

        return wiki_table(grid(self))

    def to_text(self, *, width: int | None = None) -> str:
        """Return a table for a terminal.

        Args:
            width: The number of characters on a line at most; cells are folded. None for any width.

        Example:
            >>> import dokuwiki_data as dw
            >>> page = dw.parse("---- dataentry ----\\nname: Kettle\\n----\\n", page_id="kettle")
            >>> print(dw.Wiki.from_pages([page]).evaluate("cols: %pageid%, name").to_text(), end="")
            Title    name
            ───────────────
            kettle   Kettle
        """
        from dokuwiki_data.engine.formats.cells import grid
        from dokuwiki_data.engine.formats.grids import text_table

        return text_table(grid(self), width=width)

    def to_pandas(self) -> pandas.DataFrame:
        """Return a data frame of typed values, as in `to_dicts`.

        Raises:
            MissingExtraError: The extra ``pandas`` is not installed.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.open("examples/wiki")
            >>> wiki.evaluate("cols: name, maturity; filter: type=process").to_pandas().shape
            (7, 2)
        """
        from dokuwiki_data.engine.formats.rows import data_frame

        return data_frame(self)

    def to_arrow(self) -> pyarrow.Table:
        """Return a table of Apache Arrow, for example to write it as Parquet.

        A column of only dates, times, numbers or truth values has that type; others are texts. Many-valued columns are
        lists.

        Raises:
            MissingExtraError: The extra ``parquet`` is not installed.

        Example:
            >>> import dokuwiki_data as dw
            >>> wiki = dw.Wiki.open("examples/wiki")
            >>> wiki.evaluate("cols: name, reviewed_dt; filter: type=tool").to_arrow().schema.types
            [DataType(string), DataType(date32[day])]
        """
        from dokuwiki_data.engine.formats.rows import arrow_table

        return arrow_table(self)

    def to_polars(self) -> polars.DataFrame:
        """Return a data frame of polars, with the types of `to_arrow`.

        Raises:
            MissingExtraError: The extra ``polars`` is not installed.
        """
        from dokuwiki_data.engine.formats.rows import polars_frame

        return polars_frame(self)

    def _repr_html_(self) -> str:
        """Return an HTML table for notebooks, of the first rows if there are many."""
        return self._repr_mimebundle_()["text/html"]

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the result for notebooks, as HTML and as text, of the first rows if there are many."""
        from dokuwiki_data.engine.formats.cells import grid
        from dokuwiki_data.engine.formats.grids import html_table, text_table

        shown = grid(replace(self, rows=self.rows[:_NOTEBOOK_ROWS]))
        left_out = len(self.rows) - _NOTEBOOK_ROWS
        more = f"… and {left_out} more rows" if left_out > 0 else ""
        return {
            "text/html": html_table(shown) + (f"<p>{more}</p>\n" if more else ""),
            "text/plain": (text_table(shown) + more).rstrip("\n") or repr(self),
        }
