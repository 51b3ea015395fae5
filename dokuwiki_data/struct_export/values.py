"""The values of a schema as CSV, as struct's import of page data reads it."""

from __future__ import annotations

import re
from typing import NamedTuple

from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.struct_export.schemas import PAGE_ID, StructColumn, StructSchema

_BACKSLASH_OR_QUOTE = re.compile(r'\\.|"', re.DOTALL)
#: An odd number of backslashes at the end.
_ENDS_ESCAPED = re.compile(r"(?<!\\)(?>\\\\)*+\\\Z")

_AT_COMMAS = "struct's import divides the values of this column at each comma"
_BEFORE_BRACKETS = "struct's import divides values at a comma before a bracket only, if the first begins with one"
_ESCAPES = "PHP reads a backslash before the closing quote in CSV as an escape"


class LostValue(NamedTuple):
    """A value that struct's import cannot take.

    Attributes:
        page_id: The page.
        column: The label of its column.
        value: The value.
        reason: The reason.
    """

    page_id: str
    column: str
    value: str
    reason: str


class ImportedCell(NamedTuple):
    """The cell of an entry for struct's import.

    Attributes:
        text: The cell.
        values: The values in it.
        lost: The values that are not in it, each with the reason.
    """

    text: str
    values: tuple[str, ...]
    lost: tuple[tuple[str, str], ...] = ()


def values_of(schema: StructSchema) -> tuple[str, list[LostValue]]:
    """Return the values of a schema as CSV, a row for each page, and what is not in it."""
    lost: list[LostValue] = []
    lines = [",".join(_quoted(text) for text in (PAGE_ID, *(column.label for column in schema.columns)))]
    for entry in schema.entries.values():
        cells = [cell_of(column, entry) for column in schema.columns]
        for column, cell in zip(schema.columns, cells, strict=True):
            lost += [LostValue(entry.page_id, column.label, value, reason) for value, reason in cell.lost]
        if not any(cell.text for cell in cells) and not any(column.many for column in schema.columns):
            lost.append(LostValue(entry.page_id, "", "", "struct does not store a page without values"))
        lines.append(",".join(map(_quoted, (entry.page_id, *(cell.text for cell in cells)))))
    return "\r\n".join(lines) + "\r\n", lost


def cell_of(column: StructColumn, entry: EntryValues) -> ImportedCell:
    """Return the cell of an entry with the values that the import can take."""
    values = column.values(entry) if column.many else column.values(entry)[:1]
    refused = set(column.refused(values))
    lost = [(value, f"{column.type.name} does not take it") for value in values if value in refused]
    kept = [value for value in values if value not in refused]
    if column.many:
        # The import divides at commas, or only at those before a bracket if the first value begins with one.
        in_brackets = bool(kept) and kept[0].startswith("[")
        whole = [value for value in kept if not (",[" in value if in_brackets else "," in value)]
        lost += [(value, _AT_COMMAS) for value in kept if value not in whole]
        kept = [value for value in whole if value.startswith("[") or not in_brackets]
        lost += [(value, _BEFORE_BRACKETS) for value in whole if value not in kept]
        if kept and kept[0].startswith("[") != in_brackets:
            lost += [(value, _BEFORE_BRACKETS) for value in kept]
            kept = []
    cell = ",".join(kept)
    if _quoted(cell) != cell and _ENDS_ESCAPED.search(cell):
        return ImportedCell("", (), (*lost, *((value, _ESCAPES) for value in kept)))
    return ImportedCell(cell, tuple(kept), tuple(lost))


def _quoted(text: str) -> str:
    """Return a text as a field of CSV, in quotes only if it needs them.

    Within quotes, PHP takes a backslash and the character after it as they are, so a quote after it is not doubled.
    """
    if any(character in text for character in ',"\r\n') or text != text.strip():
        return '"' + _BACKSLASH_OR_QUOTE.sub(lambda found: '""' if found[0] == '"' else found[0], text) + '"'
    return text
