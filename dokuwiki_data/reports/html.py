"""A report as a folder of HTML: an index, a page for each chapter, and the sources of the pages that tables name.

The frame, styles and scripts are those of exported sites. Nothing is loaded from elsewhere, and no text of a wiki is
markup here: templates escape it, and hidden characters are shown as their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from dokuwiki_data.exports.places import address
from dokuwiki_data.exports.templates import environment, jinja, theme_file
from dokuwiki_data.reports import plots
from dokuwiki_data.reports.content import ReportChapter, ReportFigure, ReportPlace, ReportPlot, ReportTable, WikiReport
from dokuwiki_data.reports.rows import cell, csv_table, rows_of
from dokuwiki_data.reports.shown_values import position, shown, visible
from dokuwiki_data.reports.source_views import PlacesOfTable, SourceFiles, anchor, places_of, source_lines

_INDEX, _SITE, _PACKAGE = "index.html", "_site/", "dokuwiki_data.reports"
#: What browsers may load: the report's own styles and scripts. They do not count files of the disk as its own.
_POLICY = "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src data:; form-action 'none'"
#: The most rows of a table in HTML. A row takes about 300 bytes, and a chapter has up to ten tables.
MOST_ROWS = 2000
#: The longest title of a wiki in characters: every page has it.
_LONGEST_TITLE = 200
#: The most places of a table that are listed above the source of a page.
_MOST_LISTED = 30
#: The rows that are shown at first, and the fewest for which there is a row of filters.
_FIRST_ROWS, _FEWEST_TO_FILTER = 50, 8


class TableLink(NamedTuple):
    """A table, its number of rows, the chapter that it is in, and its address."""

    table: ReportTable
    rows: int
    chapter: ReportChapter
    address: str


def html_files(report: WikiReport, source_of: Callable[[str], str | None]) -> Iterator[tuple[str, bytes]]:
    """Iterate over the files of a report, ``(path, content)``.

    Args:
        report: The report.
        source_of: Returns the text of a page as it may be shown; None if it must not be shown, or is not there. It is
            called once for each page that has a place in a table.

    Raises:
        MissingExtraError: If a library of the extra ``report`` is not installed.
    """
    check_libraries()
    pages = _ReportPages(report)
    for name in ("site.css", "site.js"):
        yield f"{_SITE}{name}", theme_file(name)
    yield f"{_SITE}report.css", theme_file("report.css", _PACKAGE)
    yield from pages.sources(source_of)
    for chapter in report.chapters:
        yield _file(chapter), pages.chapter(chapter)
        for table in chapter.tables:
            if table.rows:
                yield _csv(table), csv_table(table)
    yield _INDEX, pages.index()


def check_libraries() -> None:
    """Raise `MissingExtraError` if a library of the extra ``report`` is not installed."""
    jinja("report")
    plots.plotter()


class _ReportPages:
    """Lays out the pages of a report."""

    def __init__(self, report: WikiReport) -> None:
        self._report = report
        title = report.title
        self._title = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
        self._environment = environment(_PACKAGE, extra="report", finalize=_finalized)
        self._environment.filters |= {"shown": shown, "position": position, "anchor": anchor}
        self._files = SourceFiles.of(report, MOST_ROWS)
        self._hidden: set[str] = set()

    def sources(self, source_of: Callable[[str], str | None]) -> Iterator[tuple[str, bytes]]:
        """Iterate over the sources of pages that tables name. Must be called before `chapter`."""
        tables = self._tables_by_page()
        for page_id, file in self._files.files.items():
            text = source_of(page_id)
            if text is None:
                self._hidden.add(page_id)
                continue
            values = {
                "title": page_id,
                "lines": source_lines(text, self._files.places[page_id]),
                "tables": [
                    PlacesOfTable(
                        table.title,
                        address(_file(chapter), table.name, page=file),
                        tuple((position(place), f"#{anchor(place)}") for place in islice(places, _MOST_LISTED)),
                        max(len(places) - _MOST_LISTED, 0),
                    )
                    for chapter, table, places in tables[page_id]
                ],
            }
            yield file, self._render("report_source.html", file, **values)

    def chapter(self, chapter: ReportChapter) -> bytes:
        """Return the page of a chapter."""
        file = _file(chapter)

        def address_of(target: str | ReportPlace) -> str | None:
            page_id = target.page_id if isinstance(target, ReportPlace) else target
            if page_id in self._hidden or page_id not in self._files.files:
                return None
            if isinstance(target, ReportPlace):
                return self._files.address(target, file)
            return address(self._files.files[page_id], page=file)

        values = {
            "title": chapter.title,
            "chapter": chapter,
            "plots": [(plot, plots.svg(plot), _numbers(plot)) for plot in chapter.plots],
            "rows_of": lambda table: rows_of(table, MOST_ROWS, address_of),
            "cell": lambda value, of: cell(value, of, address_of),
            "csv": _csv,
            "most_rows": MOST_ROWS,
        }
        return self._render("report_chapter.html", file, **values)

    def index(self) -> bytes:
        """Return the index: the key figures, what was found, and the chapters."""
        links = [
            TableLink(table, len(table.rows), chapter, address(_file(chapter), table.name))
            for chapter in self._report.chapters
            for table in chapter.tables
            if table.is_finding
        ]
        values = {
            "title": "Overview",
            "found": [link for link in links if link.rows],
            "clean": [link for link in links if not link.rows and link.chapter.knows(link.table)],
            "unknown": [link for link in links if not link.rows and not link.chapter.knows(link.table)],
            "most": max((link.rows for link in links), default=0),
            "figures": [
                figure for chapter in self._report.chapters[:1] for figure in chapter.figures if _is_key(figure)
            ],
        }
        return self._render("report_index.html", _INDEX, **values)

    def _tables_by_page(self) -> dict[str, list[tuple[ReportChapter, ReportTable, dict[ReportPlace, None]]]]:
        """Return the tables that name places of a page, with these places, by page."""
        found: dict[str, list[tuple[ReportChapter, ReportTable, dict[ReportPlace, None]]]] = {}
        for chapter in self._report.chapters:
            for table in chapter.tables:
                places: dict[str, dict[ReportPlace, None]] = {}
                for place in places_of(table):
                    places.setdefault(place.page_id, {})[place] = None
                for page_id, inside in places.items():
                    found.setdefault(page_id, []).append((chapter, table, inside))
        return found

    def _render(self, template: str, file: str, **values: Any) -> bytes:
        common = {
            "report": self._report,
            "wiki": self._title,
            "name": self._title or "this wiki",
            "site_name": f"Report about {self._title or 'a wiki'}",
            "language": "en",
            "policy": _POLICY,
            "has_search": False,
            "root": "../" * file.count("/"),
            "home": address(_INDEX, page=file),
            "chapters": [(chapter, address(_file(chapter), page=file)) for chapter in self._report.chapters],
            "chapter": None,
            "is_index": file == _INDEX,
            "first_rows": _FIRST_ROWS,
            "fewest_to_filter": _FEWEST_TO_FILTER,
        }
        text: str = self._environment.get_template(template).render({**common, **values})
        return text.encode("utf-8", "replace")


def _is_key(figure: ReportFigure) -> bool:
    """Return whether a figure says how much or when."""
    return figure.value is not None and figure.type in ("number", "bytes", "share", "time")


def _file(chapter: ReportChapter) -> str:
    return f"{chapter.name}.html"


def _csv(table: ReportTable) -> str:
    return f"tables/{table.name}.csv"


def _numbers(plot: ReportPlot) -> Iterator[tuple[str, list[str]]]:
    """Iterate over the rows of the table of a plot: a label and its numbers."""
    for label, *numbers in zip(plot.labels, *plot.series.values(), strict=True):
        yield label, [shown(number, plot.type) for number in numbers]


def _finalized(value: Any) -> Any:
    """Return a value that a template shows, without hidden characters; markup stays markup."""
    return type(value)(visible(value)) if isinstance(value, str) else value
