"""Find the alignment of a cell from the blanks beside its bars.

Two blanks or a tab at the start align it to the right, at the end to the left, on both sides to the center; a cell of
blanks alone is aligned to the left. The blanks must be beside a bar for DokuWiki's lexer: markup that shows nothing may
be between them, but not a ``:::`` or an empty line.
"""

from __future__ import annotations

from dokuwiki_data.syntax.cells import CONTROLS, Alignment, Cell
from dokuwiki_data.syntax.measuring import MarkupScanner

_BLANKS = " \t"
_EDGE = _BLANKS + CONTROLS


def alignment(measurer: MarkupScanner, cell: Cell, end: int) -> Alignment | None:
    """Return the alignment of a cell that ends at a place, before its last text is written."""
    read, start = measurer.read, cell.start + 1
    if not cell.gaps and cell.mark < 0 and _is_bare(read[start : start + 2]) and _is_bare(read[end - 1 : end - 3 : -1]):
        return None
    first = _first_blanks(measurer, cell, end)
    last = _last_blanks(measurer, cell, end)
    if last and _pushes(read, *last):
        return "left" if first == last or not (first and _pushes(read, *first)) else "center"
    return "right" if first and _pushes(read, *first) else None


def _is_bare(edge: str) -> bool:
    """Return whether two characters beside a bar have no effect, since at most one of them is a blank."""
    return edge[0] not in _EDGE or (edge[0] == " " and edge[1:] not in _EDGE)


def _first_blanks(measurer: MarkupScanner, cell: Cell, end: int) -> tuple[int, int] | None:
    """Return the start and end of the blanks at the start of a cell."""
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
    """Return the start and end of the blanks at the end of a cell."""
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
