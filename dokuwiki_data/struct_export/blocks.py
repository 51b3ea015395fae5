"""Queries of the plugin *data* as blocks of the plugin *struct*, each compared with what the data plugin shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.engine.filtering import operands
from dokuwiki_data.engine.results import Result
from dokuwiki_data.engine.values import clean
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import OPERATORS, Comparison
from dokuwiki_data.query.queries import Query
from dokuwiki_data.struct_export.answers import (
    SearchColumn,
    SearchFilter,
    counted_values,
    found_pages,
    sorts_alike,
    stored_values,
)
from dokuwiki_data.struct_export.schemas import OWN_PAGE, StructColumn, StructSchema

#: The kinds of queries with a block of struct.
_BLOCKS = {"table": "table", "list": "list", "cloud": "cloud", "taglist": "cloud"}
#: Placeholders of the data plugin, and what struct has for them.
_PLACEHOLDERS = {"%now%": "$TODAY$", "%user%": "$USER$"}
_OTHER_PLACEHOLDERS = re.compile(r"%(?:groups|lang|trans)%")
_COMPARATORS = re.compile(r"[=<>~]|!=| IN |\*~")
#: The operators that hold for a value that is not there in struct, and not in the data plugin.
_HOLD_FOR_NOTHING = ("!=", "<", "<=")


class NotTranslatedError(Exception):
    """A block cannot be translated; the message is the reason."""


@dataclass(frozen=True, slots=True)
class TranslatedBlock:
    """What became of a query.

    Attributes:
        text: The block of struct, or None if the query stays as it is.
        differences: What struct shows otherwise, in sentences.
        reason: The reason why the query stays as it is.
    """

    text: str | None
    differences: tuple[str, ...] = ()
    reason: str = ""

    @property
    def state(self) -> str:
        """``exact``, ``differs`` or ``left``."""
        return "left" if self.text is None else "differs" if self.differences else "exact"


Evaluate = Callable[[Query], Result]


def translate(query: Query, schemas: Sequence[StructSchema], context: Context, evaluate: Evaluate) -> TranslatedBlock:
    """Return a query as a block of struct, and what the block shows otherwise for the pages as they are.

    Args:
        query: The query.
        schemas: The schemas; columns that the block needs are added.
        context: The context of the results to compare.
        evaluate: Answers a query as the data plugin does.
    """
    try:
        if query.kind not in _BLOCKS:
            raise NotTranslatedError("struct has no list of related pages")
        if not query.columns:
            raise NotTranslatedError("the query selects no columns")
        answer = evaluate(replace(query, limit=None, minimum=0))
        schema = _schema(query, answer, schemas)
        search = _Search(query, schema, context)
        return search.cloud(answer) if _BLOCKS[query.kind] == "cloud" else search.table(answer)
    except QueryError as error:
        return TranslatedBlock(None, reason=error.message)
    except NotTranslatedError as error:
        return TranslatedBlock(None, reason=str(error))


def _schema(query: Query, answer: Result, schemas: Sequence[StructSchema]) -> StructSchema:
    """Return the schema of the rows; of an answer without rows, the one that knows most of the columns."""
    if not schemas:
        raise NotTranslatedError("the wiki has no entries")
    keys = {column.key for column in query.columns} | {filter_.column.key for filter_ in query.filters}
    classes = {filter_.value for filter_ in query.filters if filter_.column.key == "%class%"}
    if _BLOCKS[query.kind] == "table" or _BLOCKS[query.kind] == "list":
        rows = {row.page_id for row in answer}
        found = [schema for schema in schemas if not rows.isdisjoint(schema.entries)]
    else:
        fitting = [schema for schema in schemas if classes & set(schema.classes)]
        found = fitting or [schema for schema in schemas if schema.main_column(query.selected[0].key)]
    if len(found) > 1:
        raise NotTranslatedError(f"its rows are in several schemas: {', '.join(schema.name for schema in found)}")

    def fits(schema: StructSchema) -> tuple[bool, int]:
        return bool(classes & set(schema.classes)), sum(schema.main_column(key) is not None for key in keys)

    return found[0] if found else max(schemas, key=fits)


class _Search:
    """A query on its way to a block for a schema."""

    def __init__(self, query: Query, schema: StructSchema, context: Context) -> None:
        self.query, self.schema, self.context = query, schema, context
        self.differences: list[str] = []

    def table(self, answer: Result) -> TranslatedBlock:
        """Return the block of a table or a list."""
        query = self.query
        columns = [self._shown(column) for column in query.selected]
        groups = self._groups()
        sort, data_key = self._sort()
        rows = [self.schema.entries[row.page_id] for row in answer]
        wanted = {entry.page_id for entry in rows}
        groups = self._best(groups, wanted)
        found = found_pages(self.schema, groups)
        if len(self._with_values(found, columns)) < len(found):
            columns = [self.schema.own_page(column) if isinstance(column, str) else column for column in columns]
        pages = {entry.page_id for entry in self._with_values(found, columns)}
        if pages != wanted:
            hidden = len(found) - len(pages)
            why = f", since it leaves out {hidden} without a value in these columns" if hidden else ""
            self.differences.append(f"struct finds {len(pages)} pages, the data plugin {len(wanted)}{why}")
        descending = query.sort is not None and query.sort.descending
        if sort is not None and not sorts_alike(rows, sort, data_key, descending=descending):
            many = any(len(stored_values(sort, entry)) > 1 for entry in rows)
            how = "by the first value of each page, without regard to case" if many else "without regard to case"
            self.differences.append(f"struct sorts {how}")
        limit = query.limit
        if limit and len(rows) > limit and (sort is None or data_key(rows[limit - 1]) == data_key(rows[limit])):
            self.differences.append("the limit cuts between equal rows, of which struct may show others")
        self._compare_cells(answer, columns)
        lines = [("schema", self.schema.name), ("cols", ", ".join(map(self._listed, columns)))]
        labels = tuple(self.context.labels.get(column.key, column.title) for column in query.selected)
        headers = query.headers + labels[len(query.headers) :]
        lines.append(("headers", ", ".join(map(_quoted, headers[: len(columns)]))))
        lines += self._filter_lines(groups)
        if sort is not None:
            name, listed = self._name(sort), self._listed(sort)
            lines.append(("sort", "^" * descending + name if name == listed else _quoted("^" * descending + name)))
        if limit:
            lines.append(("limit", str(limit)))
        lines += self._options()
        return self._block(lines)

    def cloud(self, answer: Result) -> TranslatedBlock:
        """Return the block of a cloud or a list of tags."""
        query, first = self.query, self.query.selected[0]
        if first.key.startswith("%"):
            raise NotTranslatedError(f"struct has no cloud of {first.key}")
        column = self._shown(first)
        assert isinstance(column, StructColumn)
        groups = self._groups()
        if any(comparison.logic == "OR" for comparison in query.filters):
            raise NotTranslatedError("after an OR, the data plugin counts the values of all columns")
        expected = {str(row.cells[0][0]): row.cells[1][0] for row in answer if row.cells[0]}
        guarded = self._guarded(groups)
        with_values = [[*(guarded[0] if guarded else ()), SearchFilter(column, "!=", ("",), ("",))]]
        for candidate in (guarded, with_values):
            counts = counted_values(self.schema, candidate[0] if candidate else (), column)
            if counts == expected:
                break
        groups = candidate
        if counts != expected:
            self.differences.append(f"struct counts {len(counts)} values, the data plugin {len(expected)}")
        ordered = sorted(expected.values(), reverse=True)
        if query.limit and len(ordered) > query.limit and ordered[query.limit - 1] == ordered[query.limit]:
            self.differences.append("the limit cuts between equally frequent values, of which struct may show others")
        if query.kind == "taglist":
            self.differences.append("a cloud instead of a list")
        lines = [("schema", self.schema.name), ("cols", self._listed(column)), *self._filter_lines(groups)]
        if query.limit:
            lines.append(("limit", str(query.limit)))
        if query.minimum:
            lines.append(("min", str(query.minimum)))
        if query.page:
            lines.append(("target", query.page))
        if query.summarize:
            lines.append(("summarize", "1"))
        return self._block(lines)

    # ------------------------------------------------------------------------------------------------ columns

    def _shown(self, column: Column) -> SearchColumn:
        if column.key in OWN_PAGE:
            return column.key
        if column.key.startswith("%") and column.special:
            raise NotTranslatedError(f"struct has no column {column.key}")
        return self.schema.column_for(column, self.context)

    def _main(self, column: Column) -> SearchColumn:
        if column.key in OWN_PAGE:
            return column.key
        if column.special:
            raise NotTranslatedError(f"struct cannot compare {column.key}")
        return self.schema.main_column(column.key) or self.schema.column_for(column, self.context)

    def _name(self, column: SearchColumn) -> str:
        """Return the name of a column, with its schema if the name alone means something else to struct."""
        if isinstance(column, str):
            return column
        label = column.label
        return f"{self.schema.name}.{label}" if "." in label or label[0] in "%*-^" else label

    def _listed(self, column: SearchColumn) -> str:
        name = self._name(column)
        return name if re.fullmatch(r"[\w%. -]+", name) else _quoted(name)

    # ------------------------------------------------------------------------------------------------ filters

    def _groups(self) -> list[list[SearchFilter]]:
        """Return the filters as alternatives of conjunctions; none if every page passes."""
        groups: list[list[SearchFilter] | None] = [[]]
        for comparison in self.query.filters:
            if comparison.operator not in OPERATORS.values():
                raise NotTranslatedError(f"{comparison.operator!r} is no comparison")
            if comparison.logic == "OR":
                groups.append([])
            group = groups[-1]
            if comparison.column.key == "%class%":
                if not self._class_fits(comparison):
                    groups[-1] = None
            elif group is not None:
                group.append(self._filter(comparison))
        kept = [group for group in groups if group is not None]
        if not kept:
            raise NotTranslatedError("no page of the schema can fit its filter on %class%")
        return kept if all(kept) else []

    def _class_fits(self, comparison: Comparison) -> bool:
        if len(self.schema.classes) > 1 or comparison.operator not in ("=", "!="):
            raise NotTranslatedError("struct has no column %class%")
        return (comparison.value == self.schema.classes[0]) == (comparison.operator == "=")

    def _filter(self, comparison: Comparison) -> SearchFilter:
        column, operator = self._main(comparison.column), comparison.operator
        if not isinstance(column, str) and _COMPARATORS.search(column.label):
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
            before, after = column.type.config.get("prefix", ""), column.type.config.get("postfix", "")
            written = tuple(f"{before}{value}{after}" for value in written)
            values = tuple(f"{before}{value}{after}" for value in values)
        if operator == "~~" and any(re.search(r"[\"\\]", value) for value in written):
            raise NotTranslatedError("struct reads quotes and backslashes in a list otherwise")
        for name, own in _PLACEHOLDERS.items():
            written = tuple(value.replace(name, own) for value in written)
        return SearchFilter(column, operator, written, values)

    def _guarded(self, groups: list[list[SearchFilter]]) -> list[list[SearchFilter]]:
        """Return the filters with others that leave out pages without a value, which struct stores as an empty one."""
        guarded = []
        for group in groups:
            guarded.append(list(group))
            for filter_ in group:
                column = filter_.column
                if filter_.operator in _HOLD_FOR_NOTHING and isinstance(column, StructColumn) and self._misses(column):
                    config = column.type.config
                    empty = f"{config.get('prefix', '')}{config.get('postfix', '')}"
                    guard = SearchFilter(column, "!=", (empty,), (empty,))
                    if guard not in guarded[-1]:
                        guarded[-1].append(guard)
        return guarded

    def _best(self, groups: list[list[SearchFilter]], wanted: set[str]) -> list[list[SearchFilter]]:
        """Return the filters, with or without those for missing values, that find the pages of the data plugin."""
        guarded = self._guarded(groups)
        for candidate in (guarded, groups):
            if {entry.page_id for entry in found_pages(self.schema, candidate)} == wanted:
                return candidate
        return guarded

    def _misses(self, column: StructColumn) -> bool:
        """Return whether a page has no field for a column, which the data plugin does not take for an empty one."""
        return not all(entry.values.get(column.key) for entry in self.schema.entries.values())

    def _filter_lines(self, groups: list[list[SearchFilter]]) -> list[tuple[str, str]]:
        lines = []
        for number, group in enumerate(groups):
            for at, filter_ in enumerate(group):
                option = "filteror" if number and not at else "filter"
                name, operator = self._name(filter_.column), filter_.operator
                if operator == "~~":
                    items = ", ".join(f'"{value}"' for value in filter_.written)
                    lines.append((option, f"{name} IN ({items})"))
                else:
                    lines.append((option, f"{name} {operator} {filter_.written[0]}"))
        return lines

    # --------------------------------------------------------------------------------------- order and values

    def _sort(self) -> tuple[SearchColumn | None, Callable[[EntryValues], object]]:
        """Return the column to sort by, or None if all rows are equal, and the data plugin's key of an entry."""
        if self.query.sort is None:
            first = self.query.selected[0]
            base = self.context.type_of(first).base
            column = "%pageid%" if first.key == "%title%" or base in ("pageid", "wiki") else self._main(first)
            if column == "%pageid%":
                return column, lambda entry: entry.page_id
            return column, lambda entry: tuple(stored_values(column, entry))
        wanted = self.query.sort.column
        if not wanted.special and self.schema.main_column(wanted.key) is None:
            return None, lambda entry: ""
        sort = self._main(wanted)
        return sort, lambda entry: stored_values(sort, entry)[0]

    @staticmethod
    def _with_values(entries: list[EntryValues], columns: Sequence[SearchColumn]) -> list[EntryValues]:
        """Return the entries that struct shows: it leaves out rows without any value, except of special columns."""
        own = [column for column in columns if isinstance(column, StructColumn)]
        if not own:
            return entries
        return [entry for entry in entries if any(any(map(str.strip, stored_values(c, entry))) for c in own)]

    def _compare_cells(self, answer: Result, columns: Sequence[SearchColumn]) -> None:
        for at, (column, wanted) in enumerate(zip(columns, self.query.selected, strict=True)):
            if isinstance(column, str) or column.key in OWN_PAGE:
                continue
            type_ = self.context.shown_type_of(wanted)
            refused = column.type != column.wanted
            affixed = (type_.prefix or type_.postfix) and not {"prefix", "postfix"} & column.type.config.keys()
            if refused or affixed or type_.base in ("timestamp", "hidden"):
                self.differences.append(f"{column.label} is shown as {column.type.name} without its type")
            for row in answer:
                entry = self.schema.entries[row.page_id]
                shown = [value for value in stored_values(column, entry) if value.strip()]
                expected = [str(value) for value in row.cells[at] if str(value).strip()]
                if column.type.is_link:
                    expected = [f"[[:{row.page_id}|{value}]]" for value in expected]
                if shown != expected:
                    self.differences.append(f"{column.label} has other values, as on {row.page_id}")
                    break

    def _options(self) -> list[tuple[str, str]]:
        query = self.query
        lines = [("align", ", ".join(query.align))] if query.align else []
        if query.kind == "list":
            return [*lines, ("sepbyheaders", "1")] if query.sepbyheaders else lines
        if query.widths:
            lines.append(("widths", ", ".join(query.widths)))
        numbered = self.context.rownumbers if query.rownumbers is None else query.rownumbers
        flags: Mapping[str, bool] = {
            "dynfilters": query.dynfilters, "rownumbers": numbered, "summarize": query.summarize,
        }  # fmt: skip
        return [*lines, *((name, "1") for name, is_on in flags.items() if is_on)]

    def _block(self, lines: Sequence[tuple[str, str]]) -> TranslatedBlock:
        if self.query.classes:
            lines = [*lines, ("classes", ", ".join(self.query.classes))]
        written = [f"{option:<8}: {value.replace('#', chr(92) + '#')}".rstrip(" ") for option, value in lines]
        text = "\n".join([f"---- struct {_BLOCKS[self.query.kind]} ----", *written, "----"])
        return TranslatedBlock(text, tuple(dict.fromkeys(self.differences)))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
