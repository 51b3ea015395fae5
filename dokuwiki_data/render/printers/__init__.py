"""Write nodes as DokuWiki's markup from their fields, with a table of printers for the classes of nodes."""

from __future__ import annotations

from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Table
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.render.printers import (  # noqa: F401  # each adds its printers
    block_markup,
    data_markup,
    inline_markup,
    markdown_blocks,
    markdown_inline,
    markdown_tables,
    plugin_markup,
    table_markup,
)
from dokuwiki_data.render.printers.printers import PRINTERS, PRINTERS_BY_FLAVOUR, PrintOptions, write
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse

_MARKDOWN = markdown_inline.MARKDOWN | markdown_blocks.MARKDOWN | markdown_tables.MARKDOWN
PRINTERS_BY_FLAVOUR |= {
    "dw+md": PRINTERS | {Text: markdown_inline.MARKDOWN[Text], Table: markdown_tables.table_of_dokuwiki},
    "md+dw": PRINTERS | _MARKDOWN,
    "md": PRINTERS | _MARKDOWN,
}

__all__ = ["PRINTERS", "PrintOptions", "entry_block", "markup", "write"]


def markup(node: Node, *, syntax: Syntax = Syntax(), flavour: str | None = None) -> str:
    """Return the markup of a node, without a line end after it (except for a page).

    The markup is made from the fields of the node, not from its source. Text that would be read as markup is divided
    by an empty ``<nowiki>``, which DokuWiki does not show, and escaped in Markdown. Whether the result is read as the
    same node also depends on the place where it is inserted, which `dokuwiki_data.edit` verifies.

    Args:
        node: The node.
        syntax: The syntax of the wiki.
        flavour: The flavour of the markup; None for that of the syntax.

    Raises:
        EditError: No markup can express the node, such as a comma in one of several values, or none of the flavour.
        ValueError: The flavour is unknown, or the release of the syntax knows no flavours.

    Example:
        >>> import dokuwiki_data as dw
        >>> dw.render.markup(dw.nodes.InternalLink("tool:start", "the tools"))
        '[[tool:start|the tools]]'
        >>> dw.render.markup(dw.nodes.InternalLink("tool:start", "the tools"), flavour="md")
        '[the tools](tool:start)'
    """
    return write(node, PrintOptions(syntax if flavour is None else syntax.chosen(flavour=flavour)))


def entry_block(entry: DataEntry) -> str:
    """Return the block of an entry, from ``---- dataentry`` to the closing dashes, without a line end after it.

    Raises:
        EditError: No block can express the entry, such as a comma in one of several values.

    Example:
        >>> import dokuwiki_data as dw
        >>> entry = dw.parse("---- dataentry tool ----\\nname:Kettle#ours\\n----\\n").entries[0]
        >>> print(dw.render.entry_block(entry))
        ---- dataentry tool ----
        name : Kettle # ours
        ----
    """
    text = markup(entry)
    if parse(text).entries != (entry,):
        raise EditError(entry, f"no block has this meaning; the closest is {text!r}")
    return text
