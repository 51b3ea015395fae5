"""A report about an invented wiki, with every type of value and every kind of plot, and with hostile texts in it."""

from __future__ import annotations

from pathlib import Path

from dokuwiki_data.reports.content import (
    ReportChapter,
    ReportColumn,
    ReportFigure,
    ReportPlace,
    ReportPlot,
    ReportTable,
    WikiReport,
)

PAYLOADS = [
    line
    for line in (Path(__file__).parent.parent / "writers" / "payloads.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
#: Beside markup: the end of a script, what changes the order of letters, and what no HTML may contain.
HOSTILE = [*PAYLOADS, "</script>", "</svg></pre>", "\u202egpj", "a\0b", "\ufffe", "\udc80", "../../etc", "CON", "a/b"]

MONTHS = tuple(f"{year}-{month:02}" for year in (2024, 2025) for month in range(1, 13))
HIDDEN = "secret:page"


def source_of(page_id: str) -> str | None:
    """The text of a page: some lines, one of them hostile; one page must not be shown."""
    return None if page_id == HIDDEN else "\n".join((f"===== {page_id} =====", *"abcdefgh", ""))


def _values(hostile: list[str]) -> ReportTable:
    columns = (
        ReportColumn("where", "Where", "place"),
        ReportColumn("text", "Text"),
        ReportColumn("code", "Markup", "code"),
        ReportColumn("number", "Number", "number"),
        ReportColumn("size", "Size", "bytes"),
        ReportColumn("share", "Share", "share"),
        ReportColumn("time", "Time", "time"),
        ReportColumn("page", "Page", "page"),
        ReportColumn("media", "Media", "media"),
    )
    rows = tuple(
        (
            ReportPlace(f"ns:{text}", number % 7 + 1, number % 5 + 1),
            text,
            f"[[{text}]]",
            (number * 7919) % 1500,
            (number * 7919) ** 2 % 10**7,
            number / 50,
            1_700_000_000 + number,
            f"ns:{text}",
            None if number % 3 else f"{text}.png",
        )
        for number, text in enumerate(hostile)
    )
    last = (ReportPlace(HIDDEN, 10**6, 10**6), "", "x" * 5000, 0, 1, 1.0, -(10**20), HIDDEN, None)
    return ReportTable("values", "Values", "All types of <values>.", columns, (*rows, last), is_finding=True)


def made_report(hostile: list[str] = HOSTILE) -> WikiReport:
    """Return the report with such texts in it."""
    many = ReportTable(
        "many",
        "Many",
        "More rows than a page shows.",
        (ReportColumn("name", "Name"), ReportColumn("size", "Size", "bytes")),
        tuple((f"row {number}", number * 997 % 100_000) for number in range(250)),
        is_finding=True,
    )
    none = ReportTable("none", "None", "What is never found.", (ReportColumn("name", "Name"),), (), is_finding=True)
    unseen = ReportTable("unseen", "Unseen", "What is not known.", none.columns, (), is_finding=True)
    tables = (_values(hostile), many, none, unseen)
    unknown = (ReportFigure("unseen", "Unseen", None),)
    figures = (
        ReportFigure("pages", "Pages", 1234),
        ReportFigure("size", "Size </dd>", 1_234_567, "bytes"),
        ReportFigure("first", "First edit", 0, "time"),
        ReportFigure("unknown", "Not known", None),
    )
    edits = {"Edits": tuple(map(float, range(24))), "<b>Authors</b>": tuple(float(24 - i) for i in range(24))}
    counts = {"N": tuple(map(float, range(len(hostile))))}
    plots = (
        ReportPlot("edits", "Edits", "Edits and authors a month.", "line", MONTHS, edits),
        ReportPlot("kinds", "Kinds", "A bar each.", "bars", tuple(hostile), counts),
        ReportPlot("spaces", "Spaces", "An area each.", "map", tuple(hostile), {"N": (1.0,) * len(hostile)}, "bytes"),
        ReportPlot("nothing", "Nothing", "No number but 0.", "bars", ("a", "b"), {"N": (0.0, 0.0)}),
    )
    return WikiReport(
        "Wiki </title><script>alert(1)</script>",
        1_764_000_000,
        (
            ReportChapter("size", "Size and age", "How large it is.", figures=figures, plots=plots),
            ReportChapter("found", "Found <things>", "What was found.", figures=unknown, tables=tables),
        ),
    )
