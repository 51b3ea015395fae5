"""A table as Markdown, in the form that GitHub and most others know."""

from __future__ import annotations

import re
from html import escape

from dokuwiki_data.engine.formats.cells import grid
from dokuwiki_data.engine.results import Result

#: Characters that may begin or end markup inside of a cell. An underscore between letters is none.
_MARKUP = re.compile(r"[\\`*\[\]|~$]|(?<![^\W_])_|_(?![^\W_])")
_LINE_END = re.compile(r"\r\n|\r|\n")


def markdown(table: Result) -> str:
    """A line for the labels, a rule, and a line for each row; markup in cells is escaped, HTML too."""
    header, rows, sums = grid(table)
    if not header:
        return ""
    lines = [_line(header), "|" + " --- |" * len(header), *map(_line, rows)]
    if sums:
        lines.append(_line(sums))
    return "\n".join(lines) + "\n"


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    return _LINE_END.sub("<br>", _MARKUP.sub(r"\\\g<0>", escape(text, quote=False)))
