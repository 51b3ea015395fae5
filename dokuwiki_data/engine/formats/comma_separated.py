"""A table as comma separated values (RFC 4180), for spreadsheets."""

from __future__ import annotations

import csv
import io
import re

from dokuwiki_data.engine.formats.cells import names, texts
from dokuwiki_data.engine.results import Result

#: Signs that begin a formula, as ASCII, small and full-width ones; and what spreadsheets drop in front of them.
_SIGNS = r"=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20\x00-\x1f\ufeff"
#: A cell begins behind a semicolon, tab or line end, too, even inside of quotes, where these divide cells and rows.
_FORMULA = re.compile(rf'^(?=[{_SIGNS}])|(?<=[;\t\r\n])(?="*[{_SIGNS}])')


def comma_separated(table: Result, *, formulas: bool = False) -> str:
    """One line for the labels and one for each row; lines end in CR LF.

    A spreadsheet computes a cell that begins with ``=``, ``+``, ``-`` or ``@`` (as full-width signs, and behind
    control characters, too), and anybody may write such a value into a wiki. So these cells get an apostrophe in
    front, by which spreadsheets take them for text. In many countries a spreadsheet divides cells at semicolons,
    even inside of quotes, so a sign behind a semicolon, tab or line end gets one as well. ``formulas=True`` leaves
    all as it is, for programs that read CSV.
    """
    output = io.StringIO()
    writer = csv.writer(output)
    if table.labels:
        for cells in (names(table), *map(texts, table.rows)):
            writer.writerow(cells if formulas else map(_harmless, cells))
    return output.getvalue()


def _harmless(cell: str) -> str:
    return _FORMULA.sub("'", cell)
