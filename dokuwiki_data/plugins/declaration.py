"""How a plugin says what its markup looks like, in the terms in which DokuWiki's plugins say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from dokuwiki_data.nodes.base import Node

#: DokuWiki's categories of markup ("substition" there), see ``getType`` and ``getAllowedTypes`` of its plugins.
Category = Literal["container", "baseonly", "formatting", "substitution", "protected", "disabled", "paragraphs"]

#: Modes of DokuWiki's that markup may hold without the rest of their category.
SingleMode = Literal[
    "media", "internallink", "externallink", "emaillink", "windowssharelink", "linebreak", "table",
]  # fmt: skip

#: How markup with content goes with paragraphs, see ``getPType``: it stands in one (normal), ends one and has
#: paragraphs of its own (stack), or ends one and begins none before an empty line in it (block).
ParagraphType = Literal["normal", "block", "stack"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Markup that is one piece, what DokuWiki calls a special pattern.

    ``start`` is a regular expression that begins with a literal character; ASCII, and ``.`` matches newlines. Where
    the end can be far away, it has an expression of its own, ``end``, which looks for the nearest one: a single
    expression would take quadratic time on a page of many starts without an end. An opening tag before it ends
    with the nearest ``start_end``, if that is given. Nothing that ``without`` matches may stand between start and end:
    ``\\}(?!\\})`` says DokuWiki's ``[^}]*\\}\\}``.
    ``node`` makes the node of the whole matched text; a node with ``is_block`` ends the paragraph that it stands in.
    None is markup that leaves no trace. If DokuWiki's match begins with the line end before it, so does ``start``, but
    not the text (the node needs a hidden field ``_matched`` for where the match begins).
    ``sort``: of two that match at the same place, the lower one is taken. ``category``: it counts in all markup that
    allows the category; if ``outermost``, not in other markup but quotations. ``after_white_space``: some has to be
    before it, which is part of DokuWiki's match (the leaf needs an ``end``, and its node a hidden field ``_matched``
    for where that begins). ``right_behind``: it counts right behind other markup only, and only in releases before
    2026-07-14, to which every such place is the start of a line.
    """

    start: str
    node: Callable[[str], Node | None]
    sort: int
    start_end: str = ""
    end: str = ""
    without: str = ""
    category: Category = "substitution"
    outermost: bool = False
    after_white_space: bool = False
    right_behind: bool = False

    def __post_init__(self) -> None:
        _check(self.start, self.start_end, self.end, self.without)


@dataclass(frozen=True, slots=True)
class InnerHeading:
    """A heading in a container: it may begin anywhere in a line, which it ends.

    ``node`` makes the node of its title and its level, 1 to 5; ``sort`` is as in `Leaf`.
    """

    node: Callable[[str, int], Node]
    sort: int


@dataclass(frozen=True, slots=True)
class Container:
    """Markup with other markup in it, what DokuWiki makes of an entry pattern and an exit pattern.

    ``start`` is as in `Leaf`; the opening tag ends with the nearest match of ``start_end`` behind it, if that is given.
    It opens if a match of ``exit`` is ahead, and the nearest one that is not inside of other markup closes it.
    ``node`` makes the node of the opening tag and the content. ``contains``: the categories of what may be in it;
    its own only if it ``nests``. ``modes``: single modes, by DokuWiki's names, that count in it as well. ``own``: what
    counts nowhere else. ``takes_text``: DokuWiki gives the text in it to the plugin as it stands.
    """

    start: str
    exit: str
    node: Callable[[str, tuple[Node, ...]], Node]
    sort: int
    start_end: str = ""
    category: Category = "formatting"
    paragraphs: ParagraphType = "normal"
    contains: tuple[Category, ...] = ("formatting", "substitution", "disabled")
    modes: tuple[SingleMode, ...] = ()
    takes_text: bool = False
    nests: bool = False
    own: tuple[Leaf | InnerHeading, ...] = ()

    def __post_init__(self) -> None:
        _check(self.start, self.exit, self.start_end)
        if unknown := set(self.modes) - set(get_args(SingleMode)):
            raise ValueError(f"unknown modes: {', '.join(sorted(unknown))}; known: {', '.join(get_args(SingleMode))}")


Markup = Leaf | InnerHeading | Container


@dataclass(frozen=True, slots=True)
class Plugin:
    """The syntax of a plugin.

    ``name`` is what `Syntax` calls it; ``folders``: its names in ``lib/plugins`` of a DokuWiki, if they are others.
    """

    name: str
    markup: tuple[Leaf | Container, ...]
    folders: tuple[str, ...] = ()


#: A literal character, which may be escaped.
_LITERAL = re.compile(r"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w\s]|\\n)(?![*?{])")

#: What a choice is looked for behind: escaped characters, classes of characters, and what has no parentheses in it.
_NO_CHOICE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\([^()|\\\[]*(?:\|[^()|\\\[]*)*\)", re.DOTALL)


def _check(start: str, *others: str) -> None:
    """Raise `ValueError` for expressions that would not work among those of other markup."""
    for expression in (start, *others):
        try:
            groups = re.compile(expression).groups
        except re.error as error:
            raise ValueError(f"{expression!r} is no regular expression: {error}") from None
        if groups:
            raise ValueError(f"{expression!r} has groups; write (?:…)")
    if not _LITERAL.match(start):
        raise ValueError(f"the start of markup begins with a literal character, not as {start!r}")
    rest = start
    while (shorter := _NO_CHOICE.sub("", rest)) != rest:
        rest = shorter
    if "|" in rest:
        raise ValueError(f"{start!r} is a choice; declare each by itself, or write (?:…) behind what they share")
