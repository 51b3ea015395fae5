"""The table of printers, their options, and functions that print sequences of nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.releases import RELEASES

#: The default syntax.
DEFAULT = Syntax()


#: How much of a text is divided: nothing, what the parser reads as markup, or everything that could be markup.
AS_IT_IS, TRIED, BROKEN_UP = range(3)


def _nothing(node: Node) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """Options of printing, and facts about the place of the markup."""

    syntax: Syntax = DEFAULT
    #: Returns the existing markup of a node that should be reused; None for nodes that are printed.
    existing: Callable[[Node], str | None] = _nothing
    #: How much of a text is divided, so that it is read as text.
    care: int = TRIED
    #: The indent of a list's first level, in pairs of blanks, and whether a lone item is numbered.
    pairs: int = 1
    ordered: bool = False
    #: The number of quotations around the place.
    quotations: int = 0
    #: The width of the name of a single field, so that its colon is aligned with others.
    name_width: int = 0
    #: The columns of a single row that cells above span.
    covered: frozenset[int] = frozenset()


#: Markup that DokuWiki does not show, which divides other markup.
BREAK = "<nowiki></nowiki>"

#: Markup at the start of a line that would begin a block.
_OTHER_BLOCK = re.compile(r"[ \t]*[|^]|>|-|  |\t|[ \t]*==")


def counts_from_first(syntax: Syntax) -> bool:
    """Return whether the levels of items count from the first item and not from the start of the line."""
    return RELEASES[syntax.release].item_level(3, 3) == 1


Printer = Callable[[Any, PrintOptions], str]

#: The function that prints nodes of a class and its subclasses. Each module of printers adds its own.
PRINTERS: dict[type[Node], Printer] = {}

#: What begins with a line of its own wherever it stands, and what takes the line end behind it as its own.
OWN_LINE = (blocks.List, blocks.Table, blocks.Preformatted, blocks.HorizontalRule, blocks.Quote, blocks.Heading)
TAKES_LINE_END = (blocks.List, blocks.Table)


def write(node: Node, options: PrintOptions) -> str:
    """Return a node as markup. Raises `EditError` for a node that no markup can express."""
    if (existing := options.existing(node)) is not None:
        return existing
    for kind in type(node).__mro__:
        if printer := PRINTERS.get(kind):
            return printer(node, options)
    raise EditError(node, "nodes of this class cannot be printed")


def inline(content: Iterable[Node], options: PrintOptions, *, at_line_start: bool = False) -> str:
    """Return nodes as markup in a line of text, which may include lists and tables.

    Text that would begin a block gets markup in front that DokuWiki does not show.
    """
    text = ""
    open_end = False
    for node in content:
        piece = write(node, options)
        own_line = isinstance(node, OWN_LINE)
        begins_line = text.endswith("\n") or (at_line_start and not text)
        if text and not text[-1].isspace() and getattr(node, "_matched", -1) >= 0:
            text += " "  # the node includes the white space before it, and is not read without it
        if open_end or (own_line and not text.endswith("\n")):
            text += "\n"
        elif options.care and not own_line and begins_line and _OTHER_BLOCK.match(piece):
            text += BREAK
        text += piece
        open_end = isinstance(node, TAKES_LINE_END)
    return text + "\n" if open_end else text


def flow(content: Iterable[Node], options: PrintOptions) -> str:
    """Return blocks as markup with empty lines between them; other nodes are joined in a line."""
    text = ""
    before: Node | None = None
    for is_block, group in groupby(content, key=lambda node: node.is_block):
        nodes = list(group)
        for first, part in (
            [(node, write(node, options)) for node in nodes] if is_block else [(nodes[0], inline(nodes, options))]
        ):
            text += (between(before, first) if before else "") + part
            before = first if is_block else nodes[-1]
    return text


def between(before: Node, after: Node) -> str:
    """Return the line ends between two blocks.

    A block that begins with a line of its own takes one line end. Other white space between them belongs to the
    paragraph before, which drops it from its last text, and leaves an empty text if there is none.
    """
    last = last_text(before)
    takes_blanks = isinstance(after, TAKES_LINE_END)
    takes_own = isinstance(after, OWN_LINE) and not isinstance(after, blocks.Heading)
    if last == "":
        return "\n\n" if takes_own else "\n"
    cut = not isinstance(before, blocks.Paragraph) or (last is not None and last == last.rstrip(" \t"))
    return "\n\n" if cut or not takes_own else "\n\n\n" if takes_blanks else "\n"


def last_text(node: Node) -> str | None:
    """Return the text at the end of a paragraph; None if it does not end with text."""
    last = node.content[-1] if isinstance(node, blocks.Paragraph) and node.content else None
    return last.text if isinstance(last, Text) else None


def refuse(node: Node, *reasons: tuple[bool, str]) -> None:
    """Raise `EditError` for the first reason that holds."""
    for holds, reason in reasons:
        if holds:
            raise EditError(node, reason)
