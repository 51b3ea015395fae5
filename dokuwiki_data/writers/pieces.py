"""The pieces of a line of text that writers put together: text, markup, line breaks, the edges of formatting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final, NamedTuple

#: The blanks that DokuWiki and most other programs ignore at the edges of lines.
BLANKS = " \t\n\r\f\v\0"


class Raw(str):
    """Text in the format that is written, which stays as it is."""

    __slots__ = ()


class Break(Enum):
    """A line break that the author asked for."""

    LINE = 1


LINE: Final = Break.LINE


class Mark(NamedTuple):
    """How formatted text is written: between delimiters where they count as such, else between tags of HTML.

    Attributes:
        tag: The name of the HTML element, with its attributes.
        delimiters: The delimiters, the preferred one first; none where the format knows no such formatting.
    """

    tag: str
    delimiters: tuple[str, ...] = ()


class Edge(NamedTuple):
    """The beginning or the end of formatting."""

    mark: Mark
    is_opening: bool


#: A piece of a line: text, what is in the format already, a line break, the beginning or end of formatting.
Piece = str | Raw | Break | Edge


def tidied(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces without formatting that holds nothing, and with blanks at its edges outside of it."""
    pieces = list(pieces)
    if Edge not in [piece.__class__ for piece in pieces]:  # most lines have no formatting
        return [piece for piece in pieces if piece]
    out: list[Piece] = []
    waiting: list[Edge] = []
    for piece in pieces:
        if type(piece) is str:
            if waiting:
                rest = piece.lstrip(BLANKS)
                out.append(piece[: len(piece) - len(rest)])
                if not rest:
                    continue
                out += waiting
                waiting.clear()
                piece = rest
            if piece:
                out.append(piece)
        elif isinstance(piece, Edge):
            if piece.is_opening:
                waiting.append(piece)
            elif waiting:
                waiting.pop()
            else:
                blanks = _blanks_at_end(out)
                out.append(piece)
                out += reversed(blanks)
        elif piece is LINE:
            out.append(piece)
        elif piece:
            out += waiting
            waiting.clear()
            out.append(piece)
    return out


def _blanks_at_end(out: list[Piece]) -> list[Piece]:
    """Take blanks and line breaks off the end of pieces, and return them, the last one first."""
    blanks: list[Piece] = []
    while True:
        last = out[-1]
        if last is LINE:
            blanks.append(out.pop())
        elif type(last) is str:
            rest = last.rstrip(BLANKS)
            if len(rest) == len(last):
                return blanks
            blanks.append(last[len(rest) :])
            if rest:
                out[-1] = rest
                return blanks
            out.pop()
        else:
            return blanks


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces with neighbouring texts as one."""
    out: list[Piece] = []
    texts: list[str] = []
    for piece in pieces:
        if type(piece) is str:
            texts.append(piece)
            continue
        if text := "".join(texts):
            out.append(text)
        texts.clear()
        out.append(piece)
    if text := "".join(texts):
        out.append(text)
    return out
