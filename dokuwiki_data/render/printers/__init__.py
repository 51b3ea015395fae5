"""Nodes as DokuWiki's markup, made of their fields: a table of printers, one for each class of nodes."""

from __future__ import annotations

from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.render.printers import (  # noqa: F401  # each adds its printers
    block_markup,
    data_markup,
    inline_markup,
    plugin_markup,
    table_markup,
)
from dokuwiki_data.render.printers.printers import PRINTERS, PrintOptions, write
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse

__all__ = ["PRINTERS", "PrintOptions", "entry_block", "markup", "write"]


def markup(node: Node, *, syntax: Syntax = Syntax()) -> str:
    """Return the markup of a node, without a line end after it (except for a page).

    It is made of the node's fields, wherever it came from. Text that would be read as markup is broken up
    by an empty ``<nowiki>``, which leaves no trace. ``syntax`` is that of the wiki. Raises `EditError` for what no
    markup says, such as a comma in one of several values. Whether it reads the same in a certain place depends on
    that, too: `dokuwiki_data.edit` looks.
    """
    return write(node, PrintOptions(syntax))


def entry_block(entry: DataEntry) -> str:
    """Return the block of an entry, from ``---- dataentry`` to the closing dashes, without a line end after it.

    Raises `EditError`, a `ValueError`, for what no block can say, such as a comma in one of several values.
    """
    text = markup(entry)
    if parse(text).entries != (entry,):
        raise EditError(entry, f"no block has this meaning; the closest is {text!r}")
    return text
