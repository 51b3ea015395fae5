"""An entry of the data plugin as the block that says it."""

from __future__ import annotations

from dokuwiki_data.nodes.data import DataEntry, DataField
from dokuwiki_data.syntax.parser import parse


def entry_block(entry: DataEntry) -> str:
    """The block of an entry, from ``---- dataentry`` to the closing dashes, without a line end behind them.

    Raises `ValueError` for what no block can say, such as a line end in a value or a comma in one of several.
    """
    width = max((len(field.column.name) for field in entry.fields), default=0)
    lines = [f"---- dataentry {entry.class_name}".rstrip() + " ----"]
    # A block without any line would go on to the next dashes.
    lines += [_line(field, width) for field in entry.fields] or [""]
    text = "\n".join([*lines, "----"])
    if parse(text).entries != (entry,):
        raise ValueError(f"there is no block that says this entry; what comes next to it is {text!r}")
    return text


def _line(field: DataField, width: int) -> str:
    name, value = (text.replace("#", "\\#") for text in (field.column.name, ", ".join(field.values)))
    comment = "" if field.comment is None else f" # {field.comment}"
    line = f"{name:<{width}} : {value}{comment}".rstrip(" ")
    # The plugin loses a line that ends with one of these; a blank saves it.
    return f"{line} " if line.endswith(("&", "\\")) else line
