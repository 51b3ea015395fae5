"""Which side blanks push the content of a cell to.

Two blanks or a tab at the start push it to the right, at the end to the left, on both sides to the center; blanks
that are all there is, to the left. Blanks count where they stand beside a bar, as DokuWiki's lexer sees it: what
leaves no trace does not part them from it, a ``:::`` does, and so does an empty line.
"""

from __future__ import annotations

from dokuwiki_data.syntax.measuring import MarkupScanner
from dokuwiki_data.syntax.tables import CONTROLS, Alignment, Cell

_BLANKS = " \t"
_EDGE = _BLANKS + CONTROLS


def alignment(measurer: MarkupScanner, cell: Cell, end: int) -> Alignment | None:
    """How a cell is aligned that ends at a place, before its last text is written."""
    read, start = measurer.read, cell.start + 1
    if read[start] not in _EDGE and read[end - 1] not in _EDGE and not cell.gaps:
        return None
    first = _first_blanks(measurer, cell, end)
    last = _last_blanks(measurer, cell, end)
    if last and _pushes(read, *last):
        return "left" if first == last or not (first and _pushes(read, *first)) else "center"
    return "right" if first and _pushes(read, *first) else None


def _first_blanks(measurer: MarkupScanner, cell: Cell, end: int) -> tuple[int, int] | None:
    """The blanks that a cell begins with."""
    read, at = measurer.read, cell.start + 1
    gaps = iter(cell.gaps)
    gap = next(gaps, None)
    while at < end:
        if gap and gap[1] == at:
            at = gap[2]
            gap = next(gaps, None)
            continue
        limit = gap[1] if gap else end
        run = at
        while run < limit and read[run] in _BLANKS:
            run += 1
        if run > at:
            return None if cell.mark == at else (at, run)
        while run < limit and read[run] in CONTROLS:
            run += 1
        if run == at or (run < limit and read[run] not in _BLANKS):
            return None
        at = run
    return None


def _last_blanks(measurer: MarkupScanner, cell: Cell, end: int) -> tuple[int, int] | None:
    """The blanks that a cell ends with."""
    read, at, low = measurer.read, end, measurer.position
    gaps = reversed(cell.gaps)
    while at > cell.start + 1:
        run = at
        while run > low and read[run - 1] in _BLANKS:
            run -= 1
        if run < at:
            return run, at
        if run == low:
            gap = next(gaps, None)
            if gap is None or gap[2] != low:
                return None
            low, at, _ = gap
            continue
        while run > low and read[run - 1] in CONTROLS:
            run -= 1
        if run == at or (run > low and read[run - 1] not in _BLANKS):
            return None
        at = run
    return None


def _pushes(read: str, start: int, end: int) -> bool:
    return end - start > 1 or read[start] == "\t"
