"""The sources of pages as a report shows them: numbered lines in which every place of a table can be reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dokuwiki_data.exports.places import PlaceRules, Places, address
from dokuwiki_data.reports.content import ReportPlace, ReportTable, WikiReport

#: The folder of the sources.
FOLDER = "sources/"

_RULES = PlaceRules(index="start", folder=FOLDER)


class SourcePart(NamedTuple):
    """A part of a line: the text from a place to the next one. The part before the first place has no ``anchor``."""

    text: str
    anchor: str = ""


class PlacesOfTable(NamedTuple):
    """The first places of a table in one page.

    Attributes:
        title: The heading of the table.
        address: The address of the table.
        places: The position and the address of each place.
        more: The number of other places.
    """

    title: str
    address: str
    places: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """Which pages have a view of their source, where it is, and which places are in it."""

    files: dict[str, str]
    places: dict[str, dict[ReportPlace, None]]

    @classmethod
    def of(cls, report: WikiReport, most_rows: int) -> SourceFiles:
        """Return the files of all pages that have a place in the first rows of a table, with all their places."""
        page_ids = sorted({place.page_id for table in report.tables() for place in places_of(table, most_rows)})
        places: dict[str, dict[ReportPlace, None]] = {page_id: {} for page_id in page_ids}
        for table in report.tables():
            for place in places_of(table):
                if place.page_id in places:
                    places[place.page_id][place] = None
        return cls(Places(_RULES, page_ids).pages, places)

    def address(self, place: ReportPlace, file: str) -> str:
        """Return the address of a place, seen from a file."""
        return address(self.files[place.page_id], anchor(place), page=file)


def places_of(table: ReportTable, most_rows: int | None = None) -> Iterator[ReportPlace]:
    """Iterate over the places that a table names, row by row; with ``most_rows`` only over those of its first rows."""
    columns = [number for number, column in enumerate(table.columns) if column.type == "place"]
    for row in table.rows[:most_rows]:
        for number in columns:
            if isinstance(place := row[number], ReportPlace):
                yield place


def anchor(place: ReportPlace) -> str:
    """Return the anchor of a place in the view of its page."""
    return f"L{place.line}C{place.column}"


def source_lines(text: str, places: dict[ReportPlace, None]) -> list[tuple[SourcePart, ...]]:
    """Return the lines of a source in parts, so that each place begins one.

    A place behind the end of its line is at the end, and one behind the last line is in it.

    Example:
        >>> source_lines("a [[b]]", {ReportPlace("p", 1, 3): None})
        [(SourcePart(text='a ', anchor=''), SourcePart(text='[[b]]', anchor='L1C3'))]
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    inside: dict[int, list[ReportPlace]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (place.line, place.column)):
        inside[min(max(place.line, 1), len(lines))].append(place)
    return [tuple(_parts(line, inside.get(number, ()))) for number, line in enumerate(lines, 1)]


def _parts(line: str, places: Sequence[ReportPlace]) -> Iterator[SourcePart]:
    if not places:
        yield SourcePart(line)
        return
    begins = [min(max(place.column - 1, 0), len(line)) for place in places]
    if begins[0]:
        yield SourcePart(line[: begins[0]])
    for place, begin, end in zip(places, begins, [*begins[1:], len(line)], strict=True):
        yield SourcePart(line[begin:end], anchor(place))
