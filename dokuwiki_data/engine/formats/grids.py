"""A grid of cells as CSV, HTML, Markdown, DokuWiki's markup, or text for a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from dokuwiki_data.csv_rows import csv_rows
from dokuwiki_data.nodes import blocks, inline, page
from dokuwiki_data.render.characters import for_terminal
from dokuwiki_data.syntax.parser import parse


class Grid(NamedTuple):
    """A table of texts.

    Attributes:
        header: The labels of the columns.
        rows: The cells of each row.
        sums: The cells of the row of sums; empty if there is none.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[str, ...] = ()

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        """The rows, and the row of sums if there is one."""
        return (*self.rows, self.sums) if self.sums else self.rows


# ---------------------------------------------------------------------------------------------------- CSV


def csv_table(grid: Grid, *, formulas: bool = False) -> str:
    """Return a grid as CSV; ``formulas`` is that of `csv_rows`."""
    return csv_rows((grid.header, *grid.rows) if grid.header else (), formulas=formulas)


# --------------------------------------------------------------------------------------------------- HTML


def html_table(grid: Grid, write: Callable[[str], str] = escape) -> str:
    """Return a grid as an HTML table with head, body, and a foot if it has sums; ``write`` escapes a cell."""

    def row(tag: str, cells: Iterable[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{write(cell)}</{tag}>" for cell in cells) + "</tr>"

    lines = ["<table>", "<thead>", row("th", grid.header), "</thead>", "<tbody>"]
    lines += [*(row("td", cells) for cells in grid.rows), "</tbody>"]
    if grid.sums:
        lines += ["<tfoot>", row("td", grid.sums), "</tfoot>"]
    return "\n".join([*lines, "</table>"]) + "\n"


# ----------------------------------------------------------------------------------------------- Markdown

#: Characters that may begin or end markup in a cell. An underscore between letters does not.
_MARKUP = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
_LINE_END = re.compile(r"\r\n|\r|\n")


def markdown_table(grid: Grid) -> str:
    """Return a grid as a Markdown table of GitHub's flavour, with markup and HTML in cells escaped."""
    if not grid.header:
        return ""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(map(_markdown_cell, cells)) + " |"

    return "\n".join([line(grid.header), "|" + " --- |" * len(grid.header), *map(line, grid.body)]) + "\n"


def _markdown_cell(text: str) -> str:
    return _LINE_END.sub("<br>", _MARKUP.sub(r"\\\g<0>", escape(text, quote=False)))


# ------------------------------------------------------------------------------------- DokuWiki's markup

#: Words with at most one mark between two: nothing that could begin markup in one cell and end it in another.
_WORDS = re.compile(r"[^\W_]++(?>(?:[,:] |[ ,_.:-])[^\W_]++)*+")
_MARKS = re.compile(r"(%+)")


def wiki_table(grid: Grid) -> str:
    """Return a grid as a table in DokuWiki's markup; cells that would be read as markup are unformatted."""
    if not grid.header:
        return ""

    def line(mark: str, cells: Iterable[str]) -> str:
        return mark + "".join(f" {unformatted(cell)} {mark}" if cell else f" {mark}" for cell in cells)

    return "\n".join([line("^", grid.header), *(line("|", cells) for cells in grid.body)]) + "\n"


@lru_cache(maxsize=4096)
def unformatted(text: str) -> str:
    """Return markup within a line that DokuWiki shows as this very text."""
    if _is_plain(text):
        return text
    # %%…%% takes any text without %%, and <nowiki>…</nowiki> the rest.
    if "%" not in text:
        return f"%%{text}%%"
    if "</nowiki>" not in text:
        return f"<nowiki>{text}</nowiki>"
    return "".join(
        f"<nowiki>{part}</nowiki>" if part.startswith("%") else f"%%{part}%%" for part in _MARKS.split(text) if part
    )


def _is_plain(text: str) -> bool:
    """Return whether DokuWiki reads a text as plain text: it also replaces words such as ``640x480`` and ``FIXME``."""
    if not _WORDS.fullmatch(text):
        return False
    kinds = [type(node) for node in parse(text).walk()]
    return kinds == [page.Page, blocks.Paragraph, inline.Text]


# ------------------------------------------------------------------------------------ text for a terminal

#: Wide enough for any table.
_UNLIMITED = 1_000_000


def text_table(grid: Grid, *, width: int | None = None) -> str:
    """Return a grid as text with columns side by side, at most ``width`` characters wide.

    Cells are folded, not cut. Control characters are written as ``\\u001b``, so that they do not affect a terminal.
    """
    from rich import box, console, text  # takes 60 ms
    from rich import table as rich_table

    if not grid.header:
        return ""
    shown = rich_table.Table(box=box.SIMPLE, show_edge=False, pad_edge=False, show_footer=bool(grid.sums))
    for at, label in enumerate(grid.header):
        footer = text.Text(_for_cell(grid.sums[at])) if grid.sums else ""
        shown.add_column(text.Text(_for_cell(label)), footer=footer, overflow="fold")
    for row in grid.rows:
        shown.add_row(*(text.Text(_for_cell(cell)) for cell in row))
    output = io.StringIO()
    console.Console(file=output, width=width or _UNLIMITED, color_system=None).print(shown)
    return "".join(f"{line.rstrip()}\n" for line in output.getvalue().split("\n")).strip("\n") + "\n"


def _for_cell(text: str) -> str:
    return for_terminal(text).replace("\t", " ")
