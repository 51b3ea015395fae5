"""How a wiki grew: its pages, edits and authors month by month, as far as changelogs and the times of files tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import NamedTuple

from dokuwiki_data.reports.content import ReportFigure, ReportPlot
from dokuwiki_data.reports.subject import ReportedWiki
from dokuwiki_data.wiki.timeline import Effect, WikiEvent

#: The times that are counted, in Unix seconds: DokuWiki began in 2004, and a clock may have been wrong.
_EARLIEST, _SECONDS_AHEAD = 1_072_915_200, 366 * 86_400


@dataclass(slots=True)
class PageAuthor:
    """What somebody changed.

    Attributes:
        edits: The number of changes.
        pages: The ids of the changed pages.
        first: The time of the first change in Unix seconds.
        last: The time of the last one.
    """

    edits: int = 0
    pages: set[str] = field(default_factory=set)
    first: int = 0
    last: int = 0

    def add(self, event: WikiEvent) -> None:
        """Count a change. Changes come in their order."""
        self.edits += 1
        self.pages.add(event.id)
        self.first = self.first or event.time
        self.last = event.time


class Growth(NamedTuple):
    """How a wiki grew.

    Attributes:
        figures: Single numbers.
        plots: Plots with a label for each month; none if no time is known.
        authors: The authors by user name; the empty name is for everybody who was not logged in.
    """

    figures: tuple[ReportFigure, ...]
    plots: tuple[ReportPlot, ...]
    authors: dict[str, PageAuthor]


def growth(wiki: ReportedWiki) -> Growth:
    """Return how a wiki grew."""
    events = wiki.events
    latest = wiki.made + _SECONDS_AHEAD
    dated = [event for event in events if _EARLIEST <= event.time <= latest]
    logged = [event for event in dated if event.change is not None]
    authors: dict[str, PageAuthor] = {}
    for event in logged:
        assert event.change is not None
        authors.setdefault(event.change.user, PageAuthor()).add(event)
    kept = sum(event.is_old for event in events)
    figures = (
        ReportFigure("first_change", "First known change", dated[0].time if dated else None, "time"),
        ReportFigure("last_change", "Last known change", dated[-1].time if dated else None, "time"),
        ReportFigure("edits", "Edits in the changelogs", len(logged) if logged else None),
        ReportFigure("authors", "Users who edited pages", sum(map(bool, authors)) if logged else None),
        ReportFigure("old_states", "Old states of pages that are kept", kept),
        ReportFigure("deleted_pages", "Deleted pages with a history", len(_deleted(wiki, events)) if events else None),
    )
    return Growth(figures, tuple(_plots(wiki, dated, logged)), authors)


def _deleted(wiki: ReportedWiki, events: Iterable[WikiEvent]) -> set[str]:
    return {event.id for event in events} - wiki.files.keys()


def _plots(wiki: ReportedWiki, dated: Sequence[WikiEvent], logged: Sequence[WikiEvent]) -> Iterator[ReportPlot]:
    changed = [time for time in wiki.changed.values() if _EARLIEST <= time <= wiki.made + _SECONDS_AHEAD]
    if logged:
        months = _months(dated[0].time, dated[-1].time)
        more: Counter[str] = Counter()
        there: set[str] = set()
        for event in dated:
            if event.effect is Effect.DELETED and event.id in there:
                there.remove(event.id)
                more[month(event.time)] -= 1
            elif event.effect is not Effect.DELETED and event.id not in there:
                there.add(event.id)
                more[month(event.time)] += 1
        edits = Counter(month(event.time) for event in logged)
        names = {
            (month(event.time), event.change.user or event.change.ip) for event in logged if event.change is not None
        }
        authors = Counter(label for label, _ in names)
        yield ReportPlot(
            "pages_by_month", "Pages over time", "The number of pages at the end of each month.",
            "line", months, {"Pages": tuple(map(float, accumulate(more[label] for label in months)))},
        )  # fmt: skip
        yield _bars(
            "edits_by_month", "Edits a month", "How often pages were changed in each month.", "Edits", months, edits
        )
        yield _bars(
            "authors_by_month", "Authors a month", "How many people changed pages in each month. Those who were not "
            "logged in are told apart by their addresses.", "Authors", months, authors,
        )  # fmt: skip
    if changed:
        months = _months(min(changed), max(changed))
        yield _bars(
            "last_changes_by_month", "Age of the pages", "How many pages were changed last in each month.",
            "Pages", months, Counter(map(month, changed)),
        )  # fmt: skip


def _bars(name: str, title: str, about: str, series: str, months: tuple[str, ...], numbers: Counter[str]) -> ReportPlot:
    return ReportPlot(name, title, about, "bars", months, {series: tuple(float(numbers[label]) for label in months)})


def month(time: int) -> str:
    """Return the month of a time in Unix seconds, such as ``2026-11`` (UTC)."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m")


def _months(first: int, last: int) -> tuple[str, ...]:
    """Return all months from the one of a time to that of another."""
    begin, end = (datetime.fromtimestamp(time, UTC) for time in (first, last))
    numbers = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)
