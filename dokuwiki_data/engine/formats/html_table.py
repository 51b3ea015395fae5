"""A table as HTML: a ``<table>`` to be put into a page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from dokuwiki_data.engine.formats.cells import grid
from dokuwiki_data.engine.results import Result


def html_table(table: Result) -> str:
    """Head, body, and a foot if there are sums; texts only, all escaped."""
    header, rows, sums = grid(table)
    parts = ["<table>", "<thead>", _row("th", header), "</thead>", "<tbody>", *(_row("td", row) for row in rows)]
    parts.append("</tbody>")
    if sums:
        parts += ["<tfoot>", _row("td", sums), "</tfoot>"]
    return "\n".join([*parts, "</table>"]) + "\n"


def _row(tag: str, cells: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
