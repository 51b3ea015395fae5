"""A table as text for a terminal."""

from __future__ import annotations

import io

from dokuwiki_data.engine.formats.cells import grid
from dokuwiki_data.engine.results import Result
from dokuwiki_data.render.characters import for_terminal

#: As wide as it takes.
_ENDLESS = 1_000_000


def text_table(table: Result, *, width: int | None = None) -> str:
    """Columns side by side, at most ``width`` characters wide; cells are folded, nothing is cut off.

    Control characters are shown as ``\\u001b``, so that a value does nothing to the terminal.
    """
    from rich import box, console, text  # 60 ms
    from rich import table as rich_table

    header, rows, sums = grid(table)
    if not header:
        return ""
    shown = rich_table.Table(box=box.SIMPLE, show_edge=False, pad_edge=False, show_footer=bool(sums))
    for at, label in enumerate(header):
        footer = text.Text(_shown(sums[at])) if sums else ""
        shown.add_column(text.Text(_shown(label)), footer=footer, overflow="fold")
    for row in rows:
        shown.add_row(*(text.Text(_shown(cell)) for cell in row))
    output = io.StringIO()
    console.Console(file=output, width=width or _ENDLESS, color_system=None).print(shown)
    return "".join(f"{line.rstrip()}\n" for line in output.getvalue().split("\n")).strip("\n") + "\n"


def _shown(cell: str) -> str:
    return for_terminal(cell).replace("\t", " ")
