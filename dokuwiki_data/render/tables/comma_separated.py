"""A table as comma separated values (RFC 4180), for spreadsheets."""

from __future__ import annotations

import csv
import io
import re

from dokuwiki_data.data.tables import Table
from dokuwiki_data.render.tables.cells import names, texts

#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")


def comma_separated(table: Table, *, formulas: bool = False) -> str:
    """One line for the labels and one for each row; lines end in CR LF.

    A spreadsheet computes a cell that begins with ``=``, ``+``, ``-`` or ``@`` (behind a tab or carriage return,
    too), and anybody may write such a value into a wiki. So these cells get an apostrophe in front, by which
    spreadsheets take them for text. ``formulas=True`` leaves them as they are, for programs that read CSV.
    """
    output = io.StringIO()
    writer = csv.writer(output)
    if table.labels:
        for cells in (names(table), *map(texts, table.rows)):
            writer.writerow(cells if formulas else map(_harmless, cells))
    return output.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
