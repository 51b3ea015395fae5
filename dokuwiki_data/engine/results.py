"""Results: tables of rows, with their cells as stored and as Python values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.result_differences import ResultDifferences, row_differences
from dokuwiki_data.engine.values import Value, shown, typed
from dokuwiki_data.query.columns import Column
from dokuwiki_data.text import Diagnostic

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from dokuwiki_data.writers.addresses import Addresses


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A row: the page it is about (empty in clouds and lists of tags), and a cell for each column.

    A cell is a tuple of stored texts, ``()`` where the page has none. In clouds and lists of tags the cells are
    the value and its count, and ``weight`` is the value's class from 0 (rare) to 4; of related pages
    ``weight`` says how much they share. ``number`` counts the rows of the whole result from one.
    """

    page_id: str
    cells: tuple[tuple[str | int, ...], ...]
    number: int
    weight: int | None = None
    _types: tuple[ColumnType, ...] = field(default=(), repr=False, compare=False)

    @property
    def values(self) -> tuple[tuple[Value | int, ...], ...]:
        """The cells as Python values: dates, page ids, addresses, images, times, numbers of a count."""
        return tuple(
            tuple(text if isinstance(text, int) else typed(text, type_) for text in cell)
            for cell, type_ in zip(self.cells, self._types, strict=False)
        )

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        """The cells as texts for people: each value with the prefix and postfix of its type."""
        return tuple(
            tuple(str(text) if isinstance(text, int) else shown(text, type_) for text in cell)
            for cell, type_ in zip(self.cells, self._types, strict=False)
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What a query shows.

    ``labels`` stand above the columns. ``more`` says whether there are rows behind the last one shown;
    ``sums`` has the sum of each column's numbers (None where there are none) if the query asks for it, else
    it is empty. ``rownumbers`` says whether rows are to be numbered. ``diagnostics`` is what was odd about the
    query and its evaluation.
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
        """What the types of the columns mean; empty if there are no rows."""
        return self.rows[0]._types if self.rows else ()

    def __iter__(self) -> Iterator[ResultRow]:
        return iter(self.rows)

    def differences(self, other: Result) -> ResultDifferences:
        """Return the rows that appear, vanish, move or change from this result to another.

        Rows are compared if they are about the same page or, in clouds and lists of tags, the same value. ::

            wiki.evaluate(query).differences(wiki.evaluate(query, semantics="intuitive"))
        """
        return row_differences(self.rows, other.rows)

    # Outputs come behind tables, so they are not known here before somebody asks for one.

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries of typed values; their keys are the labels. A many-valued cell is a list."""
        from dokuwiki_data.engine.formats.rows import dicts

        return dicts(self)

    def to_csv(self, *, formulas: bool = False) -> str:
        """Comma separated values. What a spreadsheet would compute gets an apostrophe in front, unless ``formulas``."""
        from dokuwiki_data.engine.formats.comma_separated import comma_separated

        return comma_separated(self, formulas=formulas)

    def to_json(self) -> str:
        """A JSON array with an object for each row."""
        from dokuwiki_data.engine.formats.rows import json_array

        return json_array(self)

    def to_jsonl(self) -> str:
        """One JSON object a line, for each row."""
        from dokuwiki_data.engine.formats.rows import json_lines

        return json_lines(self)

    def to_markdown(self, *, links: bool = False, addresses: Addresses | None = None) -> str:
        """A Markdown table, escaped; with ``links`` as `to_html`."""
        if links:
            from dokuwiki_data.writers.addresses import DokuWikiAddresses
            from dokuwiki_data.writers.linked_results import markdown_table

            return markdown_table(self, addresses or DokuWikiAddresses())
        from dokuwiki_data.engine.formats.markdown import markdown

        return markdown(self)

    def to_html(self, *, links: bool = False, addresses: Addresses | None = None) -> str:
        """An HTML table, escaped.

        Args:
            links: Whether cells are links, images and markup, as the plugin shows values of their types; else texts.
            addresses: Where pages and media files are; DokuWiki's own addresses by default.
        """
        if links:
            from dokuwiki_data.writers.addresses import DokuWikiAddresses
            from dokuwiki_data.writers.linked_results import html_table as linked_table

            return linked_table(self, addresses or DokuWikiAddresses())
        from dokuwiki_data.engine.formats.html_table import html_table

        return html_table(self)

    def to_wiki(self) -> str:
        """A table in DokuWiki's markup, which parses back to the same cells."""
        from dokuwiki_data.engine.formats.wiki_table import wiki_table

        return wiki_table(self)

    def to_text(self, *, width: int | None = None) -> str:
        """A table for a terminal that is ``width`` characters wide; None: as wide as it takes."""
        from dokuwiki_data.engine.formats.text_table import text_table

        return text_table(self, width=width)

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame of typed values. Raises `MissingExtraError` without the extra ``pandas``."""
        from dokuwiki_data.engine.formats.frames import data_frame

        return data_frame(self)

    def to_arrow(self) -> pyarrow.Result:
        """A table of Apache Arrow. Raises `MissingExtraError` without the extra ``parquet``."""
        from dokuwiki_data.engine.formats.frames import arrow_table

        return arrow_table(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return self.to_html()
