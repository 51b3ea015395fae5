"""Reports about a wiki: what is in it, what is broken in it, and what a migration would lose.

`Wiki.report` returns a `WikiReport`, and `Wiki.write_report` writes it into a folder. ``subject`` is what is known of a
wiki and its pages, each of ``chapters`` makes a chapter from it, and ``reporting`` brings them together. ``content``
has the classes of a report, ``html`` and ``record`` write them.
"""

from dokuwiki_data.reports.content import (
    ReportChapter,
    ReportColumn,
    ReportFigure,
    ReportPlace,
    ReportPlot,
    ReportTable,
    WikiReport,
)

__all__ = ["ReportChapter", "ReportColumn", "ReportFigure", "ReportPlace", "ReportPlot", "ReportTable", "WikiReport"]
