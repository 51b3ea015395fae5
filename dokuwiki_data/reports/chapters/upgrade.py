"""The chapter about an upgrade of DokuWiki: passages that releases read differently."""

from __future__ import annotations

from collections.abc import Mapping

from dokuwiki_data.reports.content import ReportChapter, ReportColumn, ReportFigure, ReportPlace, ReportTable
from dokuwiki_data.reports.subject import ChapterMaker, ReportedWiki, SeenPage
from dokuwiki_data.syntax.comparison import upgrade_differences
from dokuwiki_data.syntax.configuration import RELEASES
from dokuwiki_data.text import Position

_NEWEST, _OLDEST = RELEASES[0], RELEASES[-1]


def _look(seen: SeenPage) -> list[tuple[Position, str]]:
    return [(found.position, found.what) for found in upgrade_differences(seen.page, seen.setting.syntax)]


def _make(wiki: ReportedWiki, seen: Mapping[str, list[tuple[Position, str]]]) -> ReportChapter:
    rows = tuple(
        (ReportPlace(page_id, *position), what) for page_id in sorted(seen) for position, what in seen[page_id]
    )
    version = wiki.source.settings.version.strip()
    return ReportChapter(
        "upgrade",
        "Upgrade",
        f"The release {_NEWEST} of DokuWiki reads some markup differently from {_OLDEST} and before. "
        + (f"This wiki has the release {version}." if version else "Which release this wiki has is not known."),
        figures=(
            ReportFigure("changed_passages", "Passages that are read differently", len(rows)),
            ReportFigure("changed_pages", "Pages with such passages", len(seen)),
        ),
        tables=(
            ReportTable(
                "changed_passages",
                "Passages that are read differently",
                f"What readers see differently in {_OLDEST} and in {_NEWEST}.",
                (ReportColumn("place", "Place", "place"), ReportColumn("difference", "Difference")),
                rows,
                is_finding=True,
            ),
        ),
    )


UPGRADE = ChapterMaker("upgrade", ("changed_passages",), _make, _look)
