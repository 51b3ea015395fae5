"""What a report says: chapters of figures, tables and plots. How they look is decided by what writes the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

#: What the values of a column or a figure are: ``number`` is a count, ``bytes`` a size, ``share`` a part of one,
#: ``time`` Unix seconds, ``page`` and ``media`` ids, ``place`` a `ReportPlace`, ``code`` text shown as in a source.
ValueType = Literal["text", "code", "number", "bytes", "share", "time", "page", "media", "place"]


class ReportPlace(NamedTuple):
    """A place in the source of a page; lines and columns are counted from 1."""

    page_id: str
    line: int
    column: int


Value = str | int | float | ReportPlace | None


class ReportColumn(NamedTuple):
    """A column of a table.

    Attributes:
        name: Its name in JSON, such as ``size``.
        title: Its heading.
        type: What its values are.
    """

    name: str
    title: str
    type: ValueType = "text"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a chapter.

    Attributes:
        name: Its name in JSON; no other table of a report has it. Kinds of findings are names of tables.
        title: Its heading.
        about: One or two sentences that say what a row is and what to do about it.
        columns: The columns.
        rows: The rows, each with a value for every column.
        is_finding: Whether each row is something that should be looked at, as in ``--fail-on``.
    """

    name: str
    title: str
    about: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    is_finding: bool = False


class ReportFigure(NamedTuple):
    """A single value, such as the number of pages."""

    name: str
    title: str
    value: Value
    type: ValueType = "number"


@dataclass(frozen=True, slots=True)
class ReportPlot:
    """Numbers that are shown as a plot.

    Attributes:
        name: Its name in JSON.
        title: Its heading.
        about: What it shows, in one sentence.
        kind: ``bars`` beside each other, ``line`` over time, or ``map``, in which areas are numbers.
        labels: What the numbers belong to, such as months or namespaces.
        series: The numbers for each label, by the name of the series.
        type: What the numbers are.
    """

    name: str
    title: str
    about: str
    kind: Literal["bars", "line", "map"]
    labels: tuple[str, ...]
    series: dict[str, tuple[float, ...]]
    type: ValueType = "number"


@dataclass(frozen=True, slots=True)
class ReportChapter:
    """A chapter of a report: one page of HTML.

    Attributes:
        name: Its name in JSON, and the name of its file.
        title: Its heading.
        about: What it is about, for somebody who has never seen this library.
        figures: Single values. One that has the name of a table counts what its rows tell; if it is None, that is not
            known, and the table says nothing.
        plots: Plots.
        tables: Tables.
    """

    name: str
    title: str
    about: str
    figures: tuple[ReportFigure, ...] = ()
    plots: tuple[ReportPlot, ...] = ()
    tables: tuple[ReportTable, ...] = ()

    def knows(self, table: ReportTable) -> bool:
        """Return whether it is known what a table of this chapter tells."""
        return not any(figure.name == table.name and figure.value is None for figure in self.figures)


@dataclass(frozen=True, slots=True)
class WikiReport:
    """A report about a wiki.

    Attributes:
        title: The title of the wiki.
        made: When the report was made, in Unix seconds.
        chapters: The chapters.
    """

    title: str
    made: int
    chapters: tuple[ReportChapter, ...]

    def tables(self) -> Iterator[ReportTable]:
        """Iterate over the tables of all chapters."""
        for chapter in self.chapters:
            yield from chapter.tables

    def table(self, name: str) -> ReportTable:
        """Return a table by its name. Raises `KeyError` if there is none."""
        for table in self.tables():
            if table.name == name:
                return table
        raise KeyError(name)

    def findings(self) -> dict[str, int]:
        """Return the number of rows of each table of findings, by name; tables without rows count 0."""
        return {table.name: len(table.rows) for table in self.tables() if table.is_finding}
