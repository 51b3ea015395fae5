"""Scopes: attributes of the lexer that markup sets for its content, and that are restored after it."""

from __future__ import annotations

from typing import NamedTuple

from dokuwiki_data.syntax.lexer import Lexer

#: How text is read: whether line ends are blanks, whether it is in a cell, and whether a plugin receives it as it is.
TEXT = ("lines_flow", "in_cell", "kept")
#: What a container of a plugin changes besides: which line ends it drops, its paragraphs, and its lists and quotations.
CONTAINER_TEXT = (*TEXT, "drops_lines")
CONTAINER_BLOCKS = ("in_formatting", "opening", "opened", "depth", "lists", "quoted")
#: What belongs to a footnote, list, table or quotation, which collects instructions.
COLLECTOR = ("in_footnote", "in_formatting", "in_paragraph", "lists", "outermost", "quoted", "quoted_lines", "cell")


class Scope(NamedTuple):
    """The values of attributes of a lexer, as they were when the scope was entered."""

    names: tuple[str, ...]
    values: tuple[object, ...]

    def leave(self, lexer: Lexer) -> None:
        """Restore the attributes."""
        for name, value in zip(self.names, self.values, strict=True):
            setattr(lexer, name, value)


def enter(lexer: Lexer, names: tuple[str, ...], *values: object) -> Scope:
    """Save attributes of a lexer, set the first of them to new values, and return the scope."""
    scope = Scope(names, tuple([getattr(lexer, name) for name in names]))
    for name, value in zip(names, values, strict=False):
        setattr(lexer, name, value)
    return scope
