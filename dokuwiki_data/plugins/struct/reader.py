"""From the lines of a struct plugin's block to its search, and what is wrong with them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from dokuwiki_data.php import BLANKS, integer
from dokuwiki_data.plugins.struct.search import (
    Alignment,
    Schema,
    SchemaColumn,
    SchemaFilter,
    SchemaSort,
    Search,
)
from dokuwiki_data.query.conditions import Logic
from dokuwiki_data.query.reader import OptionGrammar, QueryToken, texts_of
from dokuwiki_data.text import Diagnostic, PageText

#: The options, in the order in which they are tried. These and the names below are terminals of the grammar.
OPTIONS = (
    "SCHEMAS", "COLUMNS", "HEADERS", "ALIGN", "WIDTHS", "CLASSES", "SORT", "FILTER", "FILTER_OR", "LIMIT", "MINIMUM",
    "NESTING", "INDEX", "ACTION_COLUMN", "TARGET", "DYNFILTERS", "ROWNUMBERS", "SUMMARIZE", "SEPBYHEADERS", "CSV",
    "UNKNOWN",
)  # fmt: skip
_ITEMS = ("QUOTED", "OPEN", "PLAIN")
#: Those whose values are lists, and what their items may be.
LISTS = {
    "SCHEMAS": ("SCHEMA",),
    **dict.fromkeys(("COLUMNS", "HEADERS", "CLASSES", "SORT"), _ITEMS),
    "ALIGN": ("CENTER", "RIGHT", "LEFT", "UNALIGNED"),
    "WIDTHS": ("MEASURED", "PIXELS", "NO_WIDTH"),
}
#: Those whose values have parts, one behind the other, and what each may be; a part can be missing.
_PARTS = (("COMPARED",), ("OPERATOR",), ("OPERAND",))
SEQUENCES = {"FILTER": _PARTS, "FILTER_OR": _PARTS}

_ALIGNMENTS: dict[str, Alignment] = {"LEFT": "left", "RIGHT": "right", "CENTER": "center"}

#: Lines that add to those before them; of other options the last line counts.
_ADDED = ("schemas", "filters", "sort")


class SearchBuilder:
    """One method for each rule of the grammar: it returns the field of a search that the line fills, and with what."""

    def search(self, parts: list[Any]) -> tuple[Search, tuple[Diagnostic, ...]]:
        """All lines together."""
        fields: dict[str, Any] = {name: [] for name in _ADDED}
        for name, value in (part for part in parts[:-1] if part.__class__ is not Diagnostic):
            if name in _ADDED:
                fields[name].extend(value)
            else:
                fields[name] = value
        fields.update({name: tuple(fields[name]) for name in _ADDED})
        return Search(**fields), tuple(part for part in parts if part.__class__ is Diagnostic)

    def schemas(self, parts: list[QueryToken]) -> tuple[str, tuple[Schema, ...]]:
        named = (token.trimmed.partition(" ") for token in parts[1:])
        schemas = (Schema(name.strip(BLANKS), alias.strip(BLANKS)) for name, _, alias in named)
        return "schemas", tuple(schema for schema in schemas if schema.name not in ("", "0"))

    def columns(self, parts: list[QueryToken]) -> tuple[str, tuple[SchemaColumn, ...]]:
        return "columns", tuple(map(SchemaColumn.parse, texts_of(parts[1:])))

    def headers(self, parts: list[QueryToken]) -> tuple[str, tuple[str, ...]]:
        return "headers", tuple(texts_of(parts[1:]))

    def classes(self, parts: list[QueryToken]) -> tuple[str, tuple[str, ...]]:
        named = (text.replace(" ", "_") for text in texts_of(parts[1:]))
        return "classes", tuple(re.sub("[^a-zA-Z0-9_]", "", name) for name in named)

    def sort(self, parts: list[QueryToken]) -> tuple[str, tuple[SchemaSort, ...]]:
        names = texts_of(parts[1:])
        return "sort", tuple(
            SchemaSort(SchemaColumn.parse(name.removeprefix("^")), name.startswith("^")) for name in names
        )

    def align(self, parts: list[QueryToken]) -> tuple[str, tuple[Alignment | None, ...]]:
        return "align", tuple(_ALIGNMENTS.get(token.type) for token in parts[1:])

    def widths(self, parts: list[QueryToken]) -> tuple[str, tuple[str, ...]]:
        unit = {"MEASURED": "", "PIXELS": "px"}
        return "widths", tuple(
            token.trimmed.lower() + unit[token.type] if token.type in unit else "" for token in parts[1:]
        )

    def comparison(self, parts: list[QueryToken]) -> tuple[str, tuple[SchemaFilter, ...]]:
        option, compared, operator, operand = parts
        logic: Logic = "OR" if option.type == "FILTER_OR" else "AND"
        spelling = operator.text.strip(" ")
        column = SchemaColumn.parse(compared.trimmed)
        return "filters", (SchemaFilter(column, "!=" if spelling == "<>" else spelling, operand.trimmed, logic),)

    def broken_filter(self, parts: list[QueryToken]) -> Diagnostic:
        whole = QueryToken("FILTER", parts[0].source, parts[1].start, parts[-1].end)
        return whole.diagnostic("broken-filter", f"this filter compares nothing, so nothing is shown: {whole.text!r}")

    def number(self, parts: list[QueryToken]) -> tuple[str, int | None]:
        number = integer(parts[1].text)
        if parts[0].type == "LIMIT":
            return "limit", abs(number) or None
        return parts[0].type.lower(), abs(number) if parts[0].type == "MINIMUM" else number

    def target(self, parts: list[QueryToken]) -> tuple[str, str]:
        return "target", parts[1].text

    def switch(self, parts: list[QueryToken]) -> tuple[str, bool]:
        return parts[0].type.lower(), parts[1].text not in ("", "0")

    def unknown(self, parts: list[QueryToken]) -> Diagnostic:
        message = f"unknown option {parts[0].text!r}, so nothing is shown"
        return parts[0].diagnostic("unknown-option", message)


def read_search(text: str, start: int = 0) -> tuple[Search, tuple[Diagnostic, ...]]:
    """Read the lines of a text from a place on, up to its last line end; spans of problems count in the text."""
    source = PageText(text)
    return _grammar().read(source, start + 1, text.rindex("\n") + 1)  # type: ignore[no-any-return]


@cache
def _grammar() -> OptionGrammar:
    return OptionGrammar("struct_search.lark", SearchBuilder(), OPTIONS, LISTS, SEQUENCES)
