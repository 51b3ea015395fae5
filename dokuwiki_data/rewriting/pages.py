"""Rewrite a page in another flavour, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from dokuwiki_data.errors import DokuWikiDataError, EditError
from dokuwiki_data.nodes import blocks, data, inline, plugins
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.printers.flavours import FLAVOURS
from dokuwiki_data.render.printers.printers import PrintOptions, write
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.writers.losses import Loss

#: What every flavour reads alike, so that its source is kept.
_KEPT = (data.DataEntry, data.DataQuery, inline.Macro, blocks.Rss, blocks.Info, inline.LooseMarkup)
#: The number of a blank: a line that shows nothing and divides two lists, which an empty line does not in Markdown.
_DIVIDER = "&#32;"


class RewrittenPage(NamedTuple):
    """A page in another flavour.

    Attributes:
        text: The text.
        losses: What the text does not say as the page does, in the order of the page.
    """

    text: str
    losses: tuple[Loss, ...]


def rewrite(page: Page, flavour: str, *, whole: bool = False) -> RewrittenPage:
    """Return a page in another flavour of markup, so that DokuWiki reads the same from it.

    Data blocks, markup of plugins, macros and comments are kept as they are.

    Args:
        page: The page.
        flavour: The flavour: ``md``, ``md+dw``, ``dw+md`` or ``dw``, as in DokuWiki's setting ``syntax``.
        whole: Whether a page that the flavour cannot say as a whole stays as it is. Otherwise, what it cannot say
            becomes the closest that it can.

    Raises:
        DokuWikiDataError: The flavour is unknown, or DokuWiki's release knows no flavours.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("====== Kettle ======\\nThe //only// one, see [[tool:start|__tools__]].\\n")
        >>> print(rewrite(page, "md").text, end="")
        # Kettle
        <BLANKLINE>
        The *only* one, see [__tools__](tool:start).
    """
    syntax = page.syntax if isinstance(page.syntax, Syntax) else Syntax()
    if flavour not in FLAVOURS:
        raise DokuWikiDataError(f"unknown flavour {flavour!r}; known: {', '.join(FLAVOURS)}")
    if syntax.release < "2026-07-14":
        raise DokuWikiDataError(f"release {syntax.release} of DokuWiki reads no flavour but its own")
    losses: list[Loss] = []

    def lost(node: Node, kind: str, reason: str) -> None:
        losses.append(Loss.of(kind, reason, node))

    options = PrintOptions(syntax, existing=_existing, flavour=FLAVOURS[flavour], lost=lost)
    text = _joined(list(_blocks(page)), options, losses)
    if "\r\n" in str(page):
        text = text.replace("\n", "\r\n")
    if whole and losses:
        text = str(page)
    return RewrittenPage(text, tuple(losses))


def _blocks(page: Page) -> Iterator[Node]:
    for part in page.content:
        yield from part.children if isinstance(part, blocks.Section) else (part,)


def _existing(node: Node) -> str | None:
    """Return the source of what is kept."""
    is_leaf = isinstance(node, plugins.PluginMarkup) and not isinstance(node, plugins.PluginContainer)
    return node.normalized_source if is_leaf or isinstance(node, _KEPT) else None


def _joined(found: Sequence[Node], options: PrintOptions, losses: list[Loss]) -> str:
    """Return blocks with an empty line between them."""
    parts: list[str] = []
    before: Node | None = None
    for block in found:
        list_before = before if isinstance(before, blocks.List) and options.flavour.prefers_markdown else None
        if list_before and isinstance(block, blocks.List) and block.ordered == list_before.ordered:
            parts.append(_DIVIDER)
        parts.append(_written(block, replace(options, after_list=list_before is not None), losses).strip("\n"))
        before = block
    text = "\n\n".join(part for part in parts if part.strip(BLANKS))
    return f"{text}\n" if text else ""


def _written(block: Node, options: PrintOptions, losses: list[Loss]) -> str:
    try:
        return write(block, options)
    except EditError as error:
        losses.append(Loss.of("markup", error.reason, block))
        return block.normalized_source
