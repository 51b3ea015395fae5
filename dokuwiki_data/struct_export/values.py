"""The values of a schema as CSV, as struct's import of page data reads it."""

from __future__ import annotations

import re
from typing import NamedTuple

from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.struct_export.schemas import PAGE_ID, StructColumn, StructSchema

_BACKSLASH_OR_QUOTE = re.compile(r'\\.|"', re.DOTALL)
#: An odd number of backslashes at the end.
_ENDS_ESCAPED = re.compile(r"(?<!\\)(?>\\\\)*+\\\Z")


class LostValue(NamedTuple):
    """A value that struct's import cannot take.

    Attributes:
        page_id: The page.
        column: The label of its column.
        value: The values of the cell, separated by commas.
        reason: The reason.
    """

    page_id: str
    column: str
    value: str
    reason: str


def values_of(schema: StructSchema) -> tuple[str, list[LostValue]]:
    """Return the values of a schema as CSV, a row for each page, and what is not in it."""
    lost: list[LostValue] = []
    lines = [",".join(_quoted(text) for text in (PAGE_ID, *(column.label for column in schema.columns)))]
    for entry in schema.entries.values():
        cells = []
        for column in schema.columns:
            cell, reason = cell_of(column, entry)
            if reason:
                lost.append(LostValue(entry.page_id, column.label, ", ".join(column.values(entry)), reason))
            cells.append(_quoted(cell))
        if not any(cells) and not any(column.many for column in schema.columns):
            lost.append(LostValue(entry.page_id, "", "", "struct does not store a page without values"))
        lines.append(",".join((_quoted(entry.page_id), *cells)))
    return "\r\n".join(lines) + "\r\n", lost


def cell_of(column: StructColumn, entry: EntryValues) -> tuple[str, str]:
    """Return the cell of an entry, empty if the import cannot take it, and the reason for that."""
    values = column.values(entry)
    if not column.many:
        cell = values[0] if values else ""
    elif any("," in value for value in values):
        return "", "struct's import divides the values of this column at each comma"
    else:
        brackets = {value.startswith("[") for value in values}
        if len(brackets) > 1 and values[0].startswith("["):
            return "", "struct's import divides values at a comma before a bracket only, if the first begins with one"
        cell = ",".join(values)
    if _quoted(cell) != cell and _ENDS_ESCAPED.search(cell):
        return "", "PHP reads a backslash before the closing quote in CSV as an escape"
    return cell, ""


def _quoted(text: str) -> str:
    """Return a text as a field of CSV, in quotes only if it needs them.

    Within quotes, PHP takes a backslash and the character after it as they are, so a quote after it is not doubled.
    """
    if any(character in text for character in ',"\r\n') or text != text.strip():
        return '"' + _BACKSLASH_OR_QUOTE.sub(lambda found: '""' if found[0] == '"' else found[0], text) + '"'
    return text
