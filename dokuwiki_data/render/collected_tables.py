"""Make DokuWiki's calls of tables that contain other tables or have no end, from the calls of its lexer.

DokuWiki counts cells and rows in one list of calls, which includes those of a table in a cell. So an inner table loses
cells to the outer one, which gets some of its spans, and a table without an end is never counted.
"""

from __future__ import annotations

from typing import Any

Call = list[Any]

_OPENINGS = ("tablecell_open", "tableheader_open")
_CLOSINGS = ("tablecell_close", "tableheader_close")


def table_calls(written: list[Call]) -> list[Call]:
    """Return the calls of a table; ``written`` are those of the lexer, including the content of the cells."""
    table = _Table()
    for name, arguments, at in written:
        if name == "table_start":
            table.calls += [["table_open", list(arguments), at], ["tablerow_open", [], at]]
        elif name == "table_row":
            table.end_row(at)
            table.rows += 1
            table.calls.append(["tablerow_open", [], at])
        elif name in ("tablecell", "tableheader"):
            table.cell(name, at)
        elif name == "table_end":
            table.end_row(at)
            table.calls.append(["table_close", list(arguments), at])
            table.count()
        else:
            table.calls.append([name, arguments, at])
    return table.calls


class _Table:
    """The part of a table that was read so far."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        #: The cells of the row, and those of the longest one; the rows, and those of the head, if that is over.
        self.row: list[str] = []
        self.width = self.head = 0
        self.rows = 1
        self.in_head = True

    def cell(self, name: str, at: int) -> None:
        """End the last cell, which widens the one before it if it is empty, and begin another."""
        if self.row:
            if self.calls[-1][0] in _OPENINGS:
                self.calls.append(["colspan", [], at])
            self.calls.append([f"{self.row[-1]}_close", [], at])
        self.calls.append([f"{name}_open", [1, None, 1], at])
        self.row.append(name)

    def end_row(self, at: int) -> None:
        """End a row without the calls after its last bar, which can be in an inner table."""
        others = self.row.count("tablecell")
        headers = len(self.row) - others
        self.in_head = self.in_head and headers > 0 and others <= 2 and 2 * others <= headers
        self.head += self.in_head
        self.width = max(self.width, len(self.row))
        self.row = []
        while self.calls and self.calls.pop()[0] not in _OPENINGS:
            pass
        self.calls.append(["tablerow_close", [], at])

    def count(self) -> None:
        """Count spans, fill up short rows, mark the head."""
        if self.in_head:
            self.in_head, self.head = False, 0
        if self.calls[0][0] == "table_open":
            first, *rest = self.calls[0][1]
            self.calls[0][1] = [*rest, self.width - 1, self.rows, first]
        result: list[Call] = []
        cells: dict[tuple[int, int], Call] = {}  # by row and column, as they are counted
        covered: set[int] = set()
        row = column = 0
        for at, call in enumerate(self.calls):
            name, _, place = call
            if name == "tablerow_open":
                row, column = row + 1, 0
            elif name in _OPENINGS:
                column += 1
                cells[row, column] = call
            elif name == "table_align":
                self._align(at, cells.get((row, column)))
            elif name == "colspan" or (name == "rowspan" and self._spans(at, cells, row, column)):
                if name == "colspan":
                    self._widen(at, [cells[row, before] for before in range(1, column)])
                covered |= {at - 1, at, at + 1}
            elif name == "tablerow_close":
                for _ in range(column + 1, self.width):
                    result += [["tablecell_open", [1, None, 1], place], ["cdata", [""], place]]
                    result.append(["tablecell_close", [], place])
                column = max(column + 1, self.width)
            result.append(call)
            if name == "table_open" and self.head:
                result.append(["tablethead_open", [], place])
            if name == "tablerow_close" and row == self.head:
                result.append(["tablethead_close", [], place])
        dropped = {id(self.calls[at]) for at in covered if at < len(self.calls)}
        self.calls = [call for call in result if id(call) not in dropped]

    def _align(self, at: int, cell: Call | None) -> None:
        """Align a cell by the blanks beside its bars."""
        calls = self.calls
        calls[at][0] = "cdata"
        begins = calls[at - 1][0] in _OPENINGS
        ends = at + 1 < len(calls) and calls[at + 1][0] in _CLOSINGS
        if begins:
            calls[at - 1][1][1] = "left" if ends else "right"
        elif ends and cell is not None:
            cell[1][1] = "center" if cell[1][1] == "right" else "left"

    def _widen(self, at: int, before: list[Call]) -> None:
        """Add a column to the last cell before that is not covered itself."""
        self.calls[at - 1][1][0] = 0
        for cell in reversed(before):
            if cell[1][0]:
                cell[1][0] += 1
                return

    def _spans(self, at: int, cells: dict[tuple[int, int], Call], row: int, column: int) -> bool:
        """Return whether a ``:::`` extends a cell above; otherwise it is text."""
        call, before = self.calls[at], self.calls[at - 1]
        above = None
        if before[0] != "cdata":
            above = self._reaching(cells, row, column)
            if above is None:
                call[1] = [""]
        if above is None:
            call[0] = "cdata"
            return False
        above[1][2] += 1
        if before[0] in _OPENINGS:
            before[1][2] = 0
        return True

    def _reaching(self, cells: dict[tuple[int, int], Call], row: int, column: int) -> Call | None:
        """Return the cell above that extends to a row; no cell extends beyond the head."""
        if self.head and row - 1 == self.head:
            return None
        for above in range(row - 1, 0, -1):
            cell = cells.get((above, column))
            if cell is not None and cell[1][2] and cell[1][2] >= row - above:
                return cell
        return None
