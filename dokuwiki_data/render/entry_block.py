"""An entry of the data plugin as the block that says it."""

from __future__ import annotations

from dokuwiki_data.nodes.data import DataEntry
from dokuwiki_data.render.printing import EditError, markup
from dokuwiki_data.syntax.parser import parse


def entry_block(entry: DataEntry) -> str:
    """The block of an entry, from ``---- dataentry`` to the closing dashes, without a line end behind them.

    Raises `EditError`, a `ValueError`, for what no block can say, such as a comma in one of several values.
    """
    text = markup(entry)
    if parse(text).entries != (entry,):
        raise EditError(entry, f"there is no block that says it; what comes next to it is {text!r}")
    return text
