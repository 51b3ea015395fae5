"""Columns and filters of a query as struct names and writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.filtering import operands
from dokuwiki_data.engine.values import clean
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import OPERATORS, Comparison
from dokuwiki_data.query.queries import Query
from dokuwiki_data.struct_export.answers import stored_values
from dokuwiki_data.struct_export.filters import SearchColumn, SearchFilter, affixes, joined, value_test
from dokuwiki_data.struct_export.schemas import CLASS, OWN_PAGE, StructColumn, StructSchema
from dokuwiki_data.struct_export.types import AS_TEXT

#: Placeholders of the data plugin, and what struct has for them.
_PLACEHOLDERS = {"%now%": "$TODAY$", "%user%": "$USER$"}
_OTHER_PLACEHOLDERS = re.compile(r"%(?:groups|lang|trans)%")
_COMPARATORS = re.compile(r"[=<>~]|!=| IN |\*~")


class NotTranslatedError(Exception):
    """A block cannot be translated; the message is the reason."""


class QuerySearch:
    """The search of a query in a schema."""

    def __init__(self, query: Query, schema: StructSchema, context: Context) -> None:
        self.query, self.schema, self.context = query, schema, context
        #: What struct compares or sorts otherwise, in sentences.
        self.differences: list[str] = []

    def shown(self, column: Column) -> SearchColumn:
        """Return the column that shows a column of the query. Raises `NotTranslatedError` if there is none."""
        if column.key in OWN_PAGE:
            return column.key
        if column.key == CLASS:
            return self.schema.own_column(CLASS)
        if column.key.startswith("%") and column.special:
            raise NotTranslatedError(f"struct has no column {column.key}")
        return self.schema.column_for(column, self.context)

    def main(self, column: Column) -> SearchColumn:
        """Return the column to compare and to sort by. Raises `NotTranslatedError` if there is none."""
        if column.key in OWN_PAGE:
            return column.key
        if column.key == CLASS:
            return self.schema.own_column(CLASS)
        if column.special:
            raise NotTranslatedError(f"struct cannot compare {column.key}")
        found = self.schema.main_column(column.key) or self.schema.column_for(column, self.context)
        if found.is_given and found.type != found.wanted and found.type.name not in AS_TEXT:
            self.differences.append(f"struct compares and sorts {found.label} as {found.type.name}")
        return found

    def name(self, column: SearchColumn) -> str:
        """Return the name of a column, with its schema if the name alone means something else to struct."""
        if isinstance(column, str):
            return column
        label = column.label
        return f"{self.schema.name}.{label}" if "." in label or label[0] in "%*-^" else label

    def listed(self, column: SearchColumn, before: str = "") -> str:
        """Return the name of a column in a list, in quotes if needed; ``before`` is what stands before the name."""
        name = self.name(column)
        return before + name if re.fullmatch(r"[\w%. -]+", name) else quoted(before + name)

    def groups(self) -> list[list[SearchFilter]]:
        """Return the filters as alternatives of conjunctions; none if every page passes."""
        groups: list[list[SearchFilter] | None] = [[]]
        for comparison in self.query.filters:
            if comparison.operator not in OPERATORS.values():
                raise NotTranslatedError(f"{comparison.operator!r} is no comparison")
            if comparison.logic == "OR":
                groups.append([])
            group = groups[-1]
            if comparison.column.key == CLASS and len(self.schema.classes) == 1 and comparison.operator in ("=", "!="):
                if (comparison.value == self.schema.classes[0]) != (comparison.operator == "="):
                    groups[-1] = None
            elif group is not None:
                group.append(self._filter(comparison))
        kept = [group for group in groups if group is not None]
        if not kept:
            raise NotTranslatedError("no page of the schema can fit its filter on %class%")
        return kept if all(kept) else []

    def _filter(self, comparison: Comparison) -> SearchFilter:
        column, operator = self.main(comparison.column), comparison.operator
        if isinstance(column, StructColumn) and not self.can_filter(column):
            raise NotTranslatedError(f"struct cannot filter by a column with the name {column.label!r}")
        is_pattern = operator in ("~", "!~", "*~")
        text = comparison.value if is_pattern else clean(comparison.value, self.context.type_of(comparison.column))
        if "$" in text or _OTHER_PLACEHOLDERS.search(text):
            raise NotTranslatedError(f"struct reads {text!r} in a filter as something else")
        values = (text,) if is_pattern else tuple(operands(comparison, self.context))
        if is_pattern:
            values = (self.context.fill(text),)
        written = tuple(part.strip() for part in text.split(",")) if operator == "~~" else (text,)
        if not is_pattern and isinstance(column, StructColumn):
            before, after = affixes(column)
            written = tuple(f"{before}{value}{after}" for value in written)
            values = tuple(f"{before}{value}{after}" for value in values)
        if operator == "~~" and any(re.search(r"[\"\\]", value) for value in written):
            raise NotTranslatedError("struct reads quotes and backslashes in a list otherwise")
        for name, own in _PLACEHOLDERS.items():
            written = tuple(value.replace(name, own) for value in written)
        return SearchFilter(column, operator, written, values)

    @staticmethod
    def can_filter(column: StructColumn) -> bool:
        """Return whether a filter can name a column: struct takes the first comparison in a line for its own."""
        return _COMPARATORS.search(column.label) is None

    def _guarded(self, groups: list[list[SearchFilter]]) -> list[list[SearchFilter]]:
        """Return the filters with others that leave out pages without a value, which struct stores as an empty one."""
        guarded = []
        for group in groups:
            guards = []
            for filter_ in group:
                column = filter_.column
                if isinstance(column, StructColumn) and self.can_filter(column) and self._misses(column):
                    empty = "".join(affixes(column))
                    guard = SearchFilter(column, "!=", (empty,), (empty,))
                    own = [other for other in group if other.column == column]
                    if guard not in guards and all(value_test(other)("") for other in own):
                        guards.append(guard)
            guarded.append([*group, *guards])
        return guarded

    def candidates(self, groups: list[list[SearchFilter]]) -> Iterator[list[list[SearchFilter]]]:
        """Yield ways to write the filters, first those that leave out pages without a value, also in the future."""
        for candidate in (self._guarded(groups), groups):
            yield candidate
            yield [joined(group, self._values) for group in candidate]

    def _values(self, column: StructColumn) -> Iterator[str]:
        entries = self.schema.entries.values()
        return (value for entry in entries for value in stored_values(self.schema, column, entry))

    def _misses(self, column: StructColumn) -> bool:
        """Return whether a page has no field for a column, which the data plugin does not take for an empty one."""
        return column.key != CLASS and not all(entry.values.get(column.key) for entry in self.schema.entries.values())

    def filter_lines(self, groups: list[list[SearchFilter]]) -> list[tuple[str, str]]:
        """Return filters as pairs of an option and its value."""
        lines = []
        for number, group in enumerate(groups):
            for at, filter_ in enumerate(group):
                option = "filteror" if number and not at else "filter"
                name, operator = self.name(filter_.column), filter_.operator
                if operator == "~~":
                    items = ", ".join(f'"{value}"' for value in filter_.written)
                    lines.append((option, f"{name} IN ({items})"))
                else:
                    lines.append((option, f"{name} {operator} {filter_.written[0]}"))
        return lines


def quoted(text: str) -> str:
    """Return a text in the quotes of struct."""
    return '"' + text.replace('"', '""') + '"'
