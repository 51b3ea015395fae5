"""A report as JSON, and the schema of that."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dokuwiki_data.render.characters import as_json
from dokuwiki_data.reports.content import (
    ReportChapter,
    ReportColumn,
    ReportFigure,
    ReportPlace,
    ReportPlot,
    ReportTable,
    Value,
    WikiReport,
)

FORMAT = "dokuwiki-data/wiki-report"
VERSION = 1


def report_json(report: WikiReport) -> Iterator[str]:
    """Yield the text of a report as JSON in pieces, with a line for each row of a table.

    Rows are objects with a value for each column, by its name. Places are objects with a page, a line and a column.
    """
    head = {"format": FORMAT, "version": VERSION, "title": report.title, "made": report.made}
    findings = as_json(report.findings())
    yield f'{as_json(head)[:-1]},\n"findings":{findings},\n"chapters":['
    for number, chapter in enumerate(report.chapters):
        yield f"{',' if number else ''}\n{_without_tables(chapter)[:-1]},\n"
        yield '"tables":['
        for at, table in enumerate(chapter.tables):
            yield f"{',' if at else ''}\n{_without_rows(table)[:-1]},\n"
            yield from _rows(table)
        yield "]}"
    yield "\n]}\n"


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what `report_json` writes."""
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("report.schema.json").read_text("utf-8"))
    return schema


def _without_tables(chapter: ReportChapter) -> str:
    return as_json(
        {
            "name": chapter.name,
            "title": chapter.title,
            "about": chapter.about,
            "figures": list(map(_figure, chapter.figures)),
            "plots": list(map(_plot, chapter.plots)),
        }
    )


def _figure(figure: ReportFigure) -> dict[str, Any]:
    return {**figure._asdict(), "value": _value(figure.value)}


def _plot(plot: ReportPlot) -> dict[str, Any]:
    return {
        "name": plot.name,
        "title": plot.title,
        "about": plot.about,
        "kind": plot.kind,
        "type": plot.type,
        "labels": list(plot.labels),
        "series": {name: list(map(_value, numbers)) for name, numbers in plot.series.items()},
    }


def _without_rows(table: ReportTable) -> str:
    return as_json(
        {
            "name": table.name,
            "title": table.title,
            "about": table.about,
            "is_finding": table.is_finding,
            "columns": list(map(ReportColumn._asdict, table.columns)),
        }
    )


def _rows(table: ReportTable) -> Iterator[str]:
    names = [column.name for column in table.columns]
    yield '"rows":['
    for number, row in enumerate(table.rows):
        named = dict(zip(names, map(_value, row), strict=True))
        yield f"{',' if number else ''}\n{as_json(named)}"
    yield "]}"


def _value(value: Value) -> Any:
    if isinstance(value, ReportPlace):
        return value._asdict()
    return None if isinstance(value, float) and not math.isfinite(value) else value
