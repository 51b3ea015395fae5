"""Differences between DokuWiki's releases that a grammar cannot express: categories, modes, and some functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple


class ModeRule(NamedTuple):
    """The definition of a mode: its categories without some terminals, its own terminals, and those that end it."""

    categories: tuple[str, ...]
    without: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()


def _without_blanks_around_line_ends(text: str) -> str:
    if " \n" not in text and "\n " not in text and "\t" not in text:
        return text
    # A regular expression would try every blank of a long run, which takes quadratic time.
    first, *between, last = text.split("\n")
    return "\n".join([first.rstrip(" \t"), *(line.strip(" \t") for line in between), last.lstrip(" \t")])


_BLANK_LINE = re.compile(r"^[ \t]+(?=\n)", re.MULTILINE)


def _without_blank_lines(text: str) -> str:
    return _BLANK_LINE.sub("", text)


def _without_line_ends_around(text: str) -> str:
    return text.strip("\n")


def _level_below_outermost(depth: int, outermost: int) -> int:
    return max(1, depth - outermost + 1)


def _level_of_depth(depth: int, outermost: int) -> int:
    return depth - 1


class Release(NamedTuple):
    """A release of DokuWiki; the defaults are those of the newest."""

    #: The grammar file with its terminals.
    grammar: str = "dokuwiki-markdown.lark"
    #: Whether it reads Markdown, see the module ``flavours``.
    has_flavours: bool = True
    #: Categories and modes that replace those of the same name.
    categories: Mapping[str, tuple[str, ...]] = {}
    modes: Mapping[str, ModeRule] = {}
    #: Whether a closer counts only if no markup hides it, no empty line precedes it, and the formatting around is not
    #: closed first; otherwise any later closer counts.
    closers_are_looked_for: bool = True
    #: Formatting that opens even without a closer.
    always_opens: frozenset[str] = frozenset()
    #: Whether look-behind stops at consumed markup.
    cuts: bool = False
    #: Functions for line ends and the blanks around them in a paragraph and at its end; whether blanks at the start of
    #: a paragraph are dropped.
    joined_lines: Callable[[str], str] = _without_blanks_around_line_ends
    lost_at_end: str = " \t\n"
    trims_start: bool = True
    #: Returns the text of a preformatted block.
    preformatted: Callable[[str], str] = _without_line_ends_around
    #: Returns the level of an item that is not the first of its list, from its depth and that of the outermost list.
    item_level: Callable[[int, int], int] = _level_below_outermost
    #: Finds a mail address in the target of a link. One character before the @ is enough.
    email: re.Pattern[str] = re.compile(
        r"[\w!#-'*+\-/=?^`{-~]@(?>[0-9A-Za-z][0-9A-Za-z-]*+\.)++[A-Za-z]{2,63}", re.ASCII
    )
    #: Whether a parameter of media can align them; whether blanks at the end of the attributes of code, and brackets
    #: without a known option, are dropped.
    aligns_by_parameter: bool = True
    trims_attributes: bool = True


_IN_LINES = ("formatting", "substitution", "disabled", "protected")

#: The releases by DokuWiki's name, the newest first.
RELEASES: dict[str, Release] = {
    "2026-07-14": Release(),
    "2025-05-14": Release(
        grammar="dokuwiki-2025-05-14.lark",
        has_flavours=False,
        categories={
            "container": ("LIST_START", "TABLE_START", "HORIZONTAL_RULE", "QUOTATION_START"),
            "baseonly": ("HEADING_IN_LINE",),
        },
        modes={
            "TABLE": ModeRule(
                _IN_LINES,
                own=("TABLE_ROW", "TABLE_ROWSPAN", "TABLE_CELL", "TABLE_HEADER", "SINGLE_QUOTE_BEHIND_BLANK"),
                closes=("TABLE_END",),
            ),
            "QUOTATION": ModeRule(_IN_LINES, own=("QUOTATION_LINE",), closes=("QUOTATION_END",)),
        },
        closers_are_looked_for=False,
        always_opens=frozenset({"EMPHASIS"}),
        cuts=True,
        joined_lines=_without_blank_lines,
        lost_at_end="\n",
        trims_start=False,
        preformatted=str,
        item_level=_level_of_depth,
        # Any name of the domain may be the last.
        email=re.compile(r"[\w!#-'*+\-/=?^`{-~]@(?:[0-9A-Za-z][0-9A-Za-z-]*+\.)+?[A-Za-z]{2}", re.ASCII),
        aligns_by_parameter=False,
        trims_attributes=False,
    ),
}
