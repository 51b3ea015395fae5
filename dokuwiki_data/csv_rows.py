"""Rows of texts as CSV that spreadsheets take for texts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

#: Signs that begin a formula (ASCII, small and full-width ones), and characters that spreadsheets drop before them.
_SIGNS = r"=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20\x00-\x1f\ufeff"
#: Some spreadsheets separate cells and rows at semicolons, tabs and line ends, even inside quotes.
_FORMULA = re.compile(rf'^(?=[{_SIGNS}])|(?<=[;\t\r\n])(?="*[{_SIGNS}])')


def csv_rows(rows: Iterable[Iterable[str]], *, formulas: bool = False) -> str:
    r"""Return rows as CSV (RFC 4180) with CR LF as line ends.

    Spreadsheets compute a cell that begins with ``=``, ``+``, ``-`` or ``@``, with a full-width form of these, or with
    a control character before them, and anybody may write such a value into a wiki. So an apostrophe is put before
    such cells, which makes spreadsheets take them for text. In many locales spreadsheets separate cells at semicolons,
    even inside quotes, so signs after a semicolon, tab or line end get an apostrophe too.

    Args:
        rows: The cells of each row.
        formulas: Whether to leave such cells as they are, for programs that read CSV.

    Example:
        >>> csv_rows([["name", "sum"], ["a, b", "=1+1"]])
        'name,sum\r\n"a, b",\'=1+1\r\n'
    """
    output = io.StringIO()
    writer = csv.writer(output)
    for cells in rows:
        writer.writerow(cells if formulas else (_FORMULA.sub("'", cell) for cell in cells))
    return output.getvalue()
