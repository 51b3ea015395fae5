"""The differences between two results: rows that appear, vanish, move or change."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dokuwiki_data.engine.results import ResultRow


class RowPair(NamedTuple):
    """A row of a result, and the row of another result for the same page or value."""

    before: ResultRow
    after: ResultRow


@dataclass(frozen=True, slots=True)
class ResultDifferences:
    """The differences from one result to another; false if there are none.

    Attributes:
        appeared: The rows that only the other result has.
        vanished: The rows that only the first result has.
        moved: The fewest rows of both whose move explains the other order.
        changed: The rows of both whose cells differ.
    """

    appeared: tuple[ResultRow, ...] = ()
    vanished: tuple[ResultRow, ...] = ()
    moved: tuple[RowPair, ...] = ()
    changed: tuple[RowPair, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.appeared or self.vanished or self.moved or self.changed)

    def __str__(self) -> str:
        """Return a line for each difference: ``-`` vanishes, ``+`` appears, ``>`` moves, ``~`` has other cells."""
        lines = [
            *(f"- {_name(row)} (row {row.number})" for row in self.vanished),
            *(f"+ {_name(row)} (row {row.number})" for row in self.appeared),
            *(f"> {_name(after)} (row {before.number} to {after.number})" for before, after in self.moved),
            *(f"~ {_name(after)}: {_cells(before)} to {_cells(after)}" for before, after in self.changed),
        ]
        return "\n".join(lines)

    @property
    def summary(self) -> str:
        """The number of differences of each kind, in a few words."""
        counted = [
            (len(self.appeared), "appear"), (len(self.vanished), "vanish"),
            (len(self.moved), "move"), (len(self.changed), "change"),
        ]  # fmt: skip
        parts = [f"{number} {verb}" for number, verb in counted if number]
        return ", ".join(parts) or "no difference"


def row_differences(before: Sequence[ResultRow], after: Sequence[ResultRow]) -> ResultDifferences:
    """Compare the rows of two results."""
    old, new = dict(_by_subject(before)), dict(_by_subject(after))
    pairs = [RowPair(row, new[subject]) for subject, row in old.items() if subject in new]
    places = {id(row): place for place, row in enumerate(after)}
    in_order = _longest_ascending([places[id(pair.after)] for pair in pairs])
    return ResultDifferences(
        tuple(row for subject, row in new.items() if subject not in old),
        tuple(row for subject, row in old.items() if subject not in new),
        tuple(pair for place, pair in enumerate(pairs) if place not in in_order),
        tuple(pair for pair in pairs if pair.before.cells != pair.after.cells),
    )


def _by_subject(rows: Sequence[ResultRow]) -> Iterator[tuple[Hashable, ResultRow]]:
    """Yield each row with its page or value, and a number, since pages of several wikis may have the same id."""
    counts: Counter[Hashable] = Counter()
    for row in rows:
        subject = row.page_id or row.cells[:1]
        counts[subject] += 1
        yield (subject, counts[subject]), row


def _longest_ascending(numbers: Sequence[int]) -> set[int]:
    """Return the places of the longest ascending subsequence of different numbers."""
    last_of_length: list[int] = []  # the smallest number at the end of a subsequence of each length
    places: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(last_of_length, number)
        before.append(places[length - 1] if length else -1)
        last_of_length[length : length + 1] = [number]
        places[length : length + 1] = [place]
    found: set[int] = set()
    place = places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


def _name(row: ResultRow) -> str:
    return row.page_id or str(row.cells[0][0])


def _cells(row: ResultRow) -> str:
    return " | ".join(", ".join(map(str, cell)) for cell in row.cells)
