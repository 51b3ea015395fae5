"""Read the searches of the plugin struct: the lines of its blocks, and its values within a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
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

#: The options in the order in which they are tried. These and the names below are terminals of the grammar.
OPTIONS = (
    "SCHEMAS", "COLUMNS", "HEADERS", "ALIGN", "WIDTHS", "CLASSES", "SORT", "FILTER", "FILTER_OR", "LIMIT", "MINIMUM",
    "NESTING", "INDEX", "ACTION_COLUMN", "TARGET", "DYNFILTERS", "ROWNUMBERS", "SUMMARIZE", "SEPBYHEADERS", "CSV",
    "UNKNOWN",
)  # fmt: skip
_ITEMS = ("QUOTED", "OPEN", "PLAIN")
#: The options whose value is a list, with the terminals of its items.
LISTS = {
    "SCHEMAS": ("SCHEMA",),
    **dict.fromkeys(("COLUMNS", "HEADERS", "CLASSES", "SORT"), _ITEMS),
    "ALIGN": ("CENTER", "RIGHT", "LEFT", "UNALIGNED"),
    "WIDTHS": ("MEASURED", "PIXELS", "NO_WIDTH"),
}
#: The options whose value has parts in sequence, with the terminals of each part, which may be missing.
_PARTS = (("COMPARED",), ("OPERATOR",), ("OPERAND",))
SEQUENCES = {"FILTER": _PARTS, "FILTER_OR": _PARTS}

#: The signs for options in values within a line: ``schema.column``, ``page.schema.column``, and options after ``?``.
_SIGNS = {"&": "filterand:", "|": "filteror:"}

#: A field of comma-separated values with another separator.
_QUOTED = r'[ \t\r\v\f]*"(?P<quoted>(?>[^"\\]|\\.?|"")*+)(?:"|$)(?P<rest>[^{separator}]*+)'
_FIELD = rf"(?:{_QUOTED}|(?P<plain>[^{{separator}}]*+))"

_ALIGNMENTS: dict[str, Alignment] = {"LEFT": "left", "RIGHT": "right", "CENTER": "center"}

#: The options whose lines add up; of others, the last line counts.
_ADDED = ("schemas", "filters", "sort")


class SearchBuilder:
    """Build the fields of a search: one method for each rule of the grammar, which returns a field and its value."""

    def search(self, parts: list[Any]) -> tuple[Search, tuple[Diagnostic, ...]]:
        """Collect all fields."""
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
        return whole.diagnostic("broken-filter", f"this filter has no comparison, so nothing is shown: {whole.text!r}")

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
    """Read the lines of a text from ``start`` to its last line end. The places of problems count in the text."""
    source = PageText(text)
    return _grammar().read(source, start + 1, text.rindex("\n") + 1)  # type: ignore[no-any-return]


def read_value(text: str) -> tuple[Search, tuple[Diagnostic, ...]]:
    """Read the search of a value within a line. Problems have no places.

    Without a page and a sign for a filter, the search is about the page that the value stands on (``$ID$``). In the
    plugin, unlike its documentation, this also holds for filters by name.
    """
    named, has_options, options = text.replace("\n", " ").partition("?")
    names = list(_split(named.strip(BLANKS), "."))
    lines: list[str] = []
    is_chosen = False
    words = _split(options.strip(BLANKS), " ") if has_options else iter(())
    for word in words:
        option = _SIGNS.get(word, word)
        if option.endswith(":"):
            is_chosen |= word in _SIGNS
            lines.append(f"{option} {next(words, '')}")
    if len(names) in (2, 3):
        lines += [f"schema: {names[-2]}", f"field: {names[-1]}"]
    if len(names) == 3:
        lines.append(f"filter: %pageid% = {names[0]}")
    elif len(names) == 2 and not is_chosen:
        lines.append("filter: %pageid% = $ID$")
    search, problems = read_search("\n".join(lines) + "\n")
    if len(names) not in (2, 3):
        problems += (Diagnostic("no-columns", f"this names no column of a schema: {named.strip(BLANKS)!r}"),)
    return search, tuple(Diagnostic(found.kind, found.message) for found in problems)


def _split(text: str, separator: str) -> Iterator[str]:
    """Yield the fields of a line of comma-separated values with another separator, without blanks around them."""
    field = re.compile(_FIELD.replace("{separator}", re.escape(separator)), re.DOTALL)
    at = 0
    while match := field.match(text, at):
        if match["plain"] is None:
            yield (match["quoted"].replace('""', '"') + match["rest"]).strip(BLANKS)
        else:
            yield match["plain"].strip(BLANKS)
        if match.end() == len(text):
            return
        at = match.end() + 1


@cache
def _grammar() -> OptionGrammar:
    return OptionGrammar("struct_search.lark", SearchBuilder(), OPTIONS, LISTS, SEQUENCES)
