"""How the pieces of a line of text are put together as Markdown: emphasis, text, line breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dokuwiki_data.render.escaping import Escapes
from dokuwiki_data.writers.pieces import BLANKS, LINE, Edge, Piece, merged, tidied


@dataclass(frozen=True, slots=True, eq=False)
class LineRules:
    """How pieces are put together in a paragraph, a heading, a cell or a label.

    Attributes:
        text: What is escaped in text.
        lines: What is escaped at the beginning of lines; None where there is only one line.
        line_break: What a line break is, and at the end of all pieces.
        line_end: What a line end in text is.
        bar: What is written for a vertical bar in Markdown that is written as it is, where a bar would end a cell.
        code_bar: Likewise in code.
        stars_nest: Whether there may be stars in emphasis between stars.
    """

    text: Escapes
    lines: Escapes | None = None
    line_break: tuple[str, str] = ("\\\n", "<br>")
    line_end: str = "\n"
    bar: str = "|"
    code_bar: str = "|"
    stars_nest: bool = True


_LINE_ENDS = re.compile(r"[ \t]*\n[ \t\n\r\f\v]*")
_WHITE = re.compile(r"\s")
#: Other blanks than those of ASCII at the beginning of lines and at the end, which readers of Markdown drop as well.
_EDGES = re.compile(r"^[^\S\t-\r\x1c-\x1f\x85 ]+|[^\S\t-\r\x1c-\x1f\x85 ]+\Z", re.MULTILINE)
#: A tag alone on the first of several lines would begin a block of HTML.
_LONE_TAG = re.compile(r"\A(<[^<>\n]*>)\n")


@lru_cache(4096)  # most cells of data stand in many tables
def text_put_together(text: str, line: LineRules) -> str:
    """Return `put_together` of a text that is often the same."""
    return put_together((text,), line)


def put_together(pieces: Iterable[Piece], line: LineRules) -> str:
    """Return the Markdown of pieces; empty if they show nothing."""
    parts = list(pieces)
    if len(parts) == 1 and type(parts[0]) is str:
        written = line.text.escaped(str(parts[0]), "\n", "\n")
    else:
        parts = merged(tidied(parts))
        while parts and _is_blank(parts[-1]):
            parts.pop()
        if not parts or (parts[-1] is LINE and all(part is LINE or _is_blank(part) for part in parts)):
            return ""
        written = "".join(_written(parts, line))
    if "\r" in written or "\0" in written:  # which readers of Markdown take for a line end, or show as U+FFFD
        written = written.replace("\r", " ").replace("\0", " ")
    if "\n" in written:
        written = _LINE_ENDS.sub("\n", written)
        if line.line_end != "\n":
            written = written.replace("\n", line.line_end)
    written = written.strip(BLANKS)
    if line.lines is not None:
        written = line.lines.escaped(written)
        if written[:1] == "<":
            written = _LONE_TAG.sub(r"\1 ", written)
    if written and (written[0].isspace() or written[-1].isspace() or ("\n" in written and not written.isascii())):
        written = _EDGES.sub(lambda found: "".join(f"&#{ord(blank)};" for blank in found[0]), written)
    return written


def _is_blank(part: Piece) -> bool:
    """Return whether a piece is text that shows nothing."""
    return type(part) is str and not part.strip(BLANKS)


def _written(parts: Sequence[Piece], line: LineRules) -> list[str]:
    edges = _edges(parts, line.stars_nest)
    last = len(parts) - 1
    written: list[str] = []
    for at, part in enumerate(parts):
        if type(part) is str:
            before = _kind(parts[at - 1], -1) if at else "\n"
            after = _kind(parts[at + 1], 0) if at < last else "\n"
            written.append(line.text.escaped(part, before, after))
        elif isinstance(part, Edge):
            written.append(edges[at])
        elif part is LINE:
            written.append(line.line_break[at == last])
        elif "|" in part:
            written.append(part.replace("|", line.code_bar if part[0] == "`" else line.bar))
        else:
            written.append(part)
    return written


def _kind(part: Piece, at: int) -> str:
    """Return a character of the kind of the first or last one of a part: a blank, a letter, a sign, a bracket."""
    if part is LINE:
        return "\n"
    if isinstance(part, Edge):
        return ","
    letter = str(part)[at]
    return letter if letter == "[" and at == 0 else _kind_of(letter)


@lru_cache(1024)
def _kind_of(letter: str) -> str:
    if letter.isspace():
        return "\n"
    is_punctuation = letter in "$+<=>^`|~" or unicodedata.category(letter)[0] in "PS"
    return "," if is_punctuation else "x"


def _edges(parts: Sequence[Piece], stars_nest: bool) -> dict[int, str]:
    """Return what is written for each edge of formatting, by its place."""
    found: dict[int, str] = {}
    opened: list[int] = []
    edges = [at for at, part in enumerate(parts) if part.__class__ is Edge]
    for at in edges:
        part = parts[at]
        assert isinstance(part, Edge)
        if part.is_opening:
            opened.append(at)
            continue
        begin = opened.pop()
        found[begin], found[at] = f"<{part.mark.tag}>", f"</{part.mark.tag.partition(' ')[0]}>"
        if part.mark.delimiters:
            delimiter = _delimiter(parts, begin, at, found, stars_nest)
            if delimiter:
                found[begin] = found[at] = delimiter
    return found


def _delimiter(parts: Sequence[Piece], begin: int, end: int, edges: dict[int, str], stars_nest: bool) -> str:
    """Return the delimiter for formatting; empty if none counts as one there.

    These are the rules of CommonMark for delimiter runs that are left-flanking and right-flanking.
    """
    mark = parts[begin]
    assert isinstance(mark, Edge)
    before = _kind(parts[begin - 1], -1) if begin else "\n"
    first, last = _kind(parts[begin + 1], 0), _kind(parts[end - 1], -1)
    after = _kind(parts[end + 1], 0) if end + 1 < len(parts) else "\n"
    if first == "\n" or last == "\n":
        return ""
    if (first != "x" and before == "x") or (last != "x" and after == "x"):
        return ""
    beside = [at for at in (begin - 1, begin + 1, end - 1, end + 1) if 0 <= at < len(parts)]
    taken = {edges.get(at, " ")[0] for at in beside if at in edges}
    delimiters = mark.mark.delimiters
    if not stars_nest and any(edges.get(at, "")[:1] == "*" for at in range(begin + 1, end)):
        taken.add("*")
    if any(isinstance(parts[at], Edge) for at in beside) and len(delimiters[0]) == 1:
        delimiters = delimiters[::-1]  # **_a_** rather than ***a***
    for delimiter in delimiters:
        is_within_word = before == "x" or after == "x"
        if delimiter[0] not in taken and not (delimiter[0] == "_" and is_within_word):
            return delimiter
    return ""
