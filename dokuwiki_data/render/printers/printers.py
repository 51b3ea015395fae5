"""The tables of printers, their options, and functions that print sequences of nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import Formatting, LineBreak, Text
from dokuwiki_data.php import BLANKS
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.flavours import FLAVOURS, SyntaxFlavour
from dokuwiki_data.syntax.releases import RELEASES

#: The default syntax.
DEFAULT = Syntax()


#: How much of a text is divided: nothing, what the parser reads as markup, or everything that could be markup.
AS_IT_IS, TRIED, BROKEN_UP = range(3)


def _nothing(node: Node) -> str | None:
    return None


def _refuse_loss(node: Node, kind: str, reason: str) -> None:
    raise EditError(node, reason)


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """Options of printing, and facts about the place of the markup."""

    #: The syntax that the markup is read with; its flavour decides the table of printers.
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
    #: Is told of what the flavour cannot say: the node, the kind of loss, and the reason. By default `EditError` is
    #: raised; if it returns, the closest markup is written.
    lost: Callable[[Node, str, str], object] = _refuse_loss
    #: Whether the wiki shows the titles of pages in place of their names, as only links without a label do.
    shows_titles: bool = False
    #: In Markdown, the characters before and behind the place; nothing behind the last node of a block.
    before: str = "\n"
    after: str = ""
    #: In Markdown, the column at which the content of the item around begins.
    indent: int = 0
    #: In Markdown, in which markup bars are escaped, since they would end a cell: nothing, text, or everything.
    bars: Literal["", "text", "all"] = ""
    #: In Markdown, whether the place is in the head of a table, which is a single line.
    in_head: bool = False
    #: In Markdown, whether stars are delimiters around the place, and whether line ends are line breaks there.
    in_strong: bool = False
    in_quotation: bool = False
    #: In Markdown, whether a list is before the place, which indented lines would continue.
    after_list: bool = False

    @property
    def printers(self) -> dict[type[Node], Printer]:
        """The table of printers."""
        return PRINTERS_BY_FLAVOUR[self.syntax.flavour]

    @property
    def flavour(self) -> SyntaxFlavour:
        """What counts where the markup is read."""
        return FLAVOURS[self.syntax.flavour]

    def at(self, before: str, after: str) -> PrintOptions:
        """Return these options for another place in a line."""
        return replace(self, before=before, after=after)


#: Markup that DokuWiki does not show, which divides other markup.
BREAK = "<nowiki></nowiki>"

#: A blank as the number of its character, which is no empty line.
_BLANK = "&#32;"

#: Markup at the start of a line that would begin a block.
_OTHER_BLOCK = re.compile(r"[ \t]*[|^]|>|-|  |\t|[ \t]*==")


def counts_from_first(syntax: Syntax) -> bool:
    """Return whether the levels of items count from the first item and not from the start of the line."""
    return RELEASES[syntax.release].item_level(3, 3) == 1


Printer = Callable[[Any, PrintOptions], str]

#: The function that prints nodes of a class and its subclasses. Each module of printers adds its own.
PRINTERS: dict[type[Node], Printer] = {}

#: The tables for all flavours; those of other flavours begin with DokuWiki's printers.
PRINTERS_BY_FLAVOUR: dict[str, dict[type[Node], Printer]] = {"dw": PRINTERS}

#: What begins with a line of its own wherever it stands, and what takes the line end behind it as its own.
OWN_LINE = (blocks.List, blocks.Table, blocks.Preformatted, blocks.HorizontalRule, blocks.Quote, blocks.Heading)
TAKES_LINE_END = (blocks.List, blocks.Table)


def write(node: Node, options: PrintOptions) -> str:
    """Return a node as markup. Raises `EditError` for a node that no markup can express."""
    if (existing := options.existing(node)) is not None:
        return existing
    printers = options.printers
    for kind in type(node).__mro__:
        if printer := printers.get(kind):
            return printer(node, options)
    raise EditError(node, "nodes of this class cannot be printed")


def inline(content: Iterable[Node], options: PrintOptions, *, at_line_start: bool = False) -> str:
    """Return nodes as markup in a line of text, which may include lists and tables.

    Text that would begin a block gets markup in front that DokuWiki does not show; in Markdown, it is escaped.
    """
    text = ""
    open_end = False
    nodes = list(content)
    is_markdown = options.flavour.prefers_markdown
    shown = max((number for number, node in enumerate(nodes) if not _is_blank(node)), default=-1)
    for number, node in enumerate(nodes):
        own_line = isinstance(node, OWN_LINE) or (is_markdown and isinstance(node, blocks.Code))
        if options.flavour.reads_markdown:
            before = "\n" if open_end or own_line else text[-1:] or options.before
            after = _first_characters(nodes[number + 1]) if number < shown else options.after
            piece = write(node, options.at(before, after))
        else:
            piece = write(node, options)
        begins_line = text.endswith("\n") or (at_line_start and not text)
        if text and not text[-1].isspace() and getattr(node, "_matched", -1) >= 0:
            text += " "  # the node includes the white space before it, and is not read without it
        if open_end or (own_line and not text.endswith("\n")):
            text += "\n"
        elif options.care and not own_line and begins_line and not is_markdown and _OTHER_BLOCK.match(piece):
            text += BREAK
        text += piece
        open_end = isinstance(node, TAKES_LINE_END) or (is_markdown and isinstance(node, blocks.Code))
    return text + "\n" if open_end else text


def _is_blank(node: Node) -> bool:
    return isinstance(node, Text) and not node.text.strip(BLANKS)


def _first_characters(node: Node) -> str:
    """Return the first two characters of a node, or a sign or a line end if it begins with one."""
    if isinstance(node, Text):
        return node.text[:2]
    if isinstance(node, LineBreak):
        return "\\"
    if isinstance(node, (*OWN_LINE, blocks.Code)):
        return "\n"
    return "," if isinstance(node, Formatting) else node.plain_text()[:2] or ","


def flow(content: Iterable[Node], options: PrintOptions) -> str:
    """Return blocks as markup with empty lines between them; other nodes are joined in a line."""
    text = ""
    before: Node | None = None
    for is_block, group in groupby(content, key=lambda node: node.is_block):
        nodes = list(group)
        for first, part in [(node, "") for node in nodes] if is_block else [(nodes[0], inline(nodes, options))]:
            if is_block:
                part = write(first, replace(options, after_list=isinstance(before, blocks.List)))
            if options.flavour.prefers_markdown:
                text += (gap(before, first) if text and part else "") + part
            else:
                text += (between(before, first) if before else "") + part
            before = first if is_block else nodes[-1]
    return text


def gap(before: Node | None, after: Node) -> str:
    """Return what stands between two blocks of Markdown: an empty line, and between two lists what divides them.

    An empty line does not end a list. The number of a blank does, and shows nothing.
    """
    is_one_list = isinstance(before, blocks.List) and isinstance(after, blocks.List) and before.ordered == after.ordered
    return f"\n\n{_BLANK}\n\n" if is_one_list else "\n\n"


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
