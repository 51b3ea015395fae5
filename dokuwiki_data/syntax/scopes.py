"""Scopes: attributes of the lexer that markup sets for its content, and that are restored after it.

Each kind of scope saves its attributes when it is made. They are named one by one: getting and setting them by name
took 5 % of the time.
"""

from __future__ import annotations

from dokuwiki_data.syntax.lexer import Lexer


class TextScope:
    """How text is read: line ends, whether it is in a cell, and whether a plugin receives it as it is."""

    __slots__ = ("_drops_lines", "_in_cell", "_in_pieces", "_kept", "_lines_flow")

    def __init__(self, lexer: Lexer) -> None:
        self._lines_flow = lexer.lines_flow
        self._in_cell = lexer.in_cell
        self._kept = lexer.kept
        self._drops_lines = lexer.drops_lines
        self._in_pieces = lexer.in_pieces

    def leave(self, lexer: Lexer) -> None:
        """Restore the attributes."""
        lexer.lines_flow = self._lines_flow
        lexer.in_cell = self._in_cell
        lexer.kept = self._kept
        lexer.drops_lines = self._drops_lines
        lexer.in_pieces = self._in_pieces


def in_lines(lexer: Lexer) -> TextScope:
    """Begin to read text within a line, as in formatting; return the scope around it."""
    scope = TextScope(lexer)
    lexer.lines_flow = lexer.in_cell = lexer.kept = False
    return scope


class BlockScope:
    """What a container of a plugin changes besides: its paragraphs, and its lists and quotations."""

    __slots__ = ("_depth", "_in_formatting", "_lists", "_opened", "_opening", "_quoted")

    def __init__(self, lexer: Lexer) -> None:
        self._in_formatting = lexer.in_formatting
        self._opening = lexer.opening
        self._opened = lexer.opened
        self._depth = lexer.depth
        self._lists = lexer.lists
        self._quoted = lexer.quoted

    def leave(self, lexer: Lexer) -> None:
        """Restore the attributes."""
        lexer.in_formatting = self._in_formatting
        lexer.opening = self._opening
        lexer.opened = self._opened
        lexer.depth = self._depth
        lexer.lists = self._lists
        lexer.quoted = self._quoted


class CollectorScope:
    """What belongs to a footnote, list, table or quotation, which collects instructions."""

    __slots__ = (
        "_cell", "_in_footnote", "_in_formatting", "_in_paragraph", "_lists", "_outermost", "_quoted", "_quoted_lines",
    )  # fmt: skip

    def __init__(self, lexer: Lexer) -> None:
        self._in_footnote = lexer.in_footnote
        self._in_formatting = lexer.in_formatting
        self._in_paragraph = lexer.in_paragraph
        self._lists = lexer.lists
        self._outermost = lexer.outermost
        self._quoted = lexer.quoted
        self._quoted_lines = lexer.quoted_lines
        self._cell = lexer.cell

    def leave(self, lexer: Lexer) -> None:
        """Restore the attributes."""
        lexer.in_footnote = self._in_footnote
        lexer.in_formatting = self._in_formatting
        lexer.in_paragraph = self._in_paragraph
        lexer.lists = self._lists
        lexer.outermost = self._outermost
        lexer.quoted = self._quoted
        lexer.quoted_lines = self._quoted_lines
        lexer.cell = self._cell
