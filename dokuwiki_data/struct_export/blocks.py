"""Queries of the plugin *data* as blocks of the plugin *struct*, each compared with what the data plugin shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from dokuwiki_data.engine.context import Context
from dokuwiki_data.engine.entry_tables import EntryValues
from dokuwiki_data.engine.results import Result
from dokuwiki_data.errors import QueryError
from dokuwiki_data.query.queries import Query
from dokuwiki_data.struct_export.answers import (
    counted_values,
    found_pages,
    have_one_order,
    shown_title,
    sorts_alike,
    stored_values,
)
from dokuwiki_data.struct_export.filters import SearchColumn, SearchFilter
from dokuwiki_data.struct_export.schemas import CLASS, OWN_PAGE, StructColumn, StructSchema
from dokuwiki_data.struct_export.searches import NotTranslatedError, QuerySearch, quoted

#: The kinds of queries with a block of struct.
_BLOCKS = {"table": "table", "list": "list", "cloud": "cloud", "taglist": "cloud"}
#: Differences of the order.
WITHOUT_CASE = "struct sorts without regard to case"
BY_FIRST_VALUE = "struct sorts by the first value of each page, without regard to case"
NOTHING_AS_EMPTY = "struct sorts a page without a value among those with an empty one"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TranslatedBlock:
    """What became of a query.

    Attributes:
        text: The block of struct, or None if the query stays as it is.
        differences: What struct shows otherwise, in sentences.
        reason: The reason why the query stays as it is.
        notes: What struct renders otherwise, although its search has the same rows, in sentences.
    """

    text: str | None
    differences: tuple[str, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()

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
        block = _Block(query, schema, context)
        return block.cloud(answer) if _BLOCKS[query.kind] == "cloud" else block.table(answer)
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


class _Block:
    """A query on its way to a block for a schema."""

    def __init__(self, query: Query, schema: StructSchema, context: Context) -> None:
        self.query, self.schema, self.context = query, schema, context
        self.search = QuerySearch(query, schema, context)
        self.differences: list[str] = []
        self.notes: list[str] = []

    def table(self, answer: Result) -> TranslatedBlock:
        """Return the block of a table or a list."""
        query = self.query
        columns = [self.search.shown(column) for column in query.selected]
        groups = self.search.groups()
        sort, data_key = self._sort()
        rows = [self.schema.entries[row.page_id] for row in answer]
        wanted = {entry.page_id for entry in rows}
        groups = self._best(groups, wanted)
        found = found_pages(self.schema, groups)
        if len(self._with_values(found, columns)) < len(found):
            columns = [self.schema.own_column(column) if isinstance(column, str) else column for column in columns]
        pages = {entry.page_id for entry in self._with_values(found, columns)}
        if pages != wanted:
            hidden = len(found) - len(pages)
            why = f", since it leaves out {hidden} without a value in these columns" if hidden else ""
            self.differences.append(f"struct finds {len(pages)} pages, the data plugin {len(wanted)}{why}")
        descending = query.sort is not None and query.sort.descending
        if sort is not None and not sorts_alike(self.schema, rows, sort, data_key, descending=descending):
            self.differences.append(self._order(sort, rows, data_key, descending=descending))
        limit = query.limit
        if limit and len(rows) > limit and (sort is None or data_key(rows[limit - 1]) == data_key(rows[limit])):
            self.differences.append("the limit cuts between equal rows, of which struct may show others")
        self._compare_cells(answer, columns)
        lines = [("schema", self.schema.name), ("cols", ", ".join(map(self.search.listed, columns)))]
        labels = tuple(self.context.labels.get(column.key, column.title) for column in query.selected)
        headers = query.headers + labels[len(query.headers) :]
        lines.append(("headers", ", ".join(map(quoted, headers[: len(columns)]))))
        lines += self.search.filter_lines(groups)
        if sort is not None:
            lines.append(("sort", self.search.listed(sort, "^" * descending)))
        if limit:
            lines.append(("limit", str(limit)))
        lines += self._options()
        return self._block(lines)

    def cloud(self, answer: Result) -> TranslatedBlock:
        """Return the block of a cloud or a list of tags."""
        query, first = self.query, self.query.selected[0]
        if first.key.startswith("%"):
            raise NotTranslatedError(f"struct has no cloud of {first.key}")
        column = self.search.shown(first)
        assert isinstance(column, StructColumn)
        groups = self.search.groups()
        if any(comparison.logic == "OR" for comparison in query.filters):
            raise NotTranslatedError("after an OR, the data plugin counts the values of all columns")
        expected = {str(row.cells[0][0]): int(row.cells[1][0]) for row in answer if row.cells[0]}
        least = self._least(sorted((n for n in expected.values() if n >= query.minimum), reverse=True))
        wanted = {value: count for value, count in expected.items() if count >= least}
        groups, counts = self._best_counts(groups, column, wanted, least)
        others = sum(counts.get(value) != wanted.get(value) for value in {*counts, *wanted})
        if others:
            self.differences.append(f"struct counts {others} of {len(wanted)} values otherwise")
        if not have_one_order(wanted):
            self.differences.append("struct may sort numbers and other texts otherwise")
        if not all(map(str.strip, wanted)):
            self.notes.append("struct shows no link for the empty value, which has no text in the plugin data")
        if query.kind == "taglist":
            self.differences.append("a cloud instead of a list")
        lines = [("schema", self.schema.name), ("cols", self.search.listed(column)), *self.search.filter_lines(groups)]
        if least:
            lines.append(("min", str(least)))
        if query.page:
            lines.append(("target", query.page))
        if query.summarize:
            lines.append(("summarize", "1"))
        return self._block(lines)

    def _best_counts(
        self, groups: list[list[SearchFilter]], column: StructColumn, wanted: Mapping[str, int], least: int
    ) -> tuple[list[list[SearchFilter]], dict[str, int]]:
        """Return the filters with which struct counts as the data plugin does, and what it counts with them."""
        not_empty = SearchFilter(column, "!=", ("",), ("",))
        candidates = list(self.search.candidates(groups))
        if self.search.can_filter(column):
            candidates += [[[*group, not_empty] for group in candidate or [[]]] for candidate in candidates]

        def counted(candidate: list[list[SearchFilter]]) -> dict[str, int]:
            counts = counted_values(self.schema, candidate[0] if candidate else (), column)
            return {value: count for value, count in counts.items() if count >= least}

        def others(candidate: list[list[SearchFilter]]) -> tuple[int, int]:
            counts = counted(candidate)
            different = {value for value in {*counts, *wanted} if counts.get(value) != wanted.get(value)}
            # Struct does not show the empty value.
            return len(different if "" in wanted else different - {""}), len(different)

        best = _first_least(candidates, others)
        counts = counted(best)
        return best, counts if "" in wanted else {value: count for value, count in counts.items() if value}

    def _least(self, counts: Sequence[int]) -> int:
        """Return the least count that a cloud shows; struct has no limit for clouds, and gets a least count instead."""
        limit = self.query.limit
        if not limit or len(counts) <= limit:
            return self.query.minimum
        if counts[limit - 1] == counts[limit]:
            self.differences.append("struct also shows the values that are as frequent as the last one in the limit")
        return counts[limit - 1]

    def _best(self, groups: list[list[SearchFilter]], wanted: set[str]) -> list[list[SearchFilter]]:
        """Return the filters that find the pages of the data plugin, or the fewest others."""

        def others(candidate: list[list[SearchFilter]]) -> int:
            return len(wanted ^ {entry.page_id for entry in found_pages(self.schema, candidate)})

        return _first_least(self.search.candidates(groups), others)

    def _sort(self) -> tuple[SearchColumn | None, Callable[[EntryValues], object]]:
        """Return the column to sort by, or None if all rows are equal, and the data plugin's key of an entry."""
        if self.query.sort is None:
            first = self.query.selected[0]
            base = self.context.type_of(first).base
            column = "%pageid%" if first.key == "%title%" or base in ("pageid", "wiki") else self.search.main(first)
            if column == "%pageid%":
                return column, lambda entry: entry.page_id
            return column, lambda entry: _sorted_values(column, entry)
        wanted = self.query.sort.column
        if not wanted.special and self.schema.main_column(wanted.key) is None:
            return None, lambda entry: ""
        sort = self.search.main(wanted)
        if sort == "%title%":
            return sort, lambda entry: entry.title
        return sort, lambda entry: _sorted_values(sort, entry)[:1]

    def _order(
        self, sort: SearchColumn, rows: Sequence[EntryValues], data_key: Callable[[EntryValues], object],
        *, descending: bool,
    ) -> str:  # fmt: skip
        """Return how the order of struct is another one."""
        if any(len(stored_values(self.schema, sort, entry)) > 1 for entry in rows):
            return BY_FIRST_VALUE
        as_empty: Callable[[EntryValues], object] = lambda entry: data_key(entry) or ("",)  # noqa: E731
        is_alike = sorts_alike(self.schema, rows, sort, as_empty, descending=descending)
        return NOTHING_AS_EMPTY if is_alike else WITHOUT_CASE

    def _with_values(self, entries: list[EntryValues], columns: Sequence[SearchColumn]) -> list[EntryValues]:
        """Return the entries that struct shows: it leaves out rows without any value, except of special columns."""
        own = [column for column in columns if isinstance(column, StructColumn)]
        if not own:
            return entries
        return [
            entry for entry in entries if any(any(map(str.strip, stored_values(self.schema, c, entry))) for c in own)
        ]

    def _compare_cells(self, answer: Result, columns: Sequence[SearchColumn]) -> None:
        for at, (column, wanted) in enumerate(zip(columns, self.query.selected, strict=True)):
            if (column if isinstance(column, str) else column.key) == "%title%":
                self._compare_titles(answer)
            if isinstance(column, str) or column.key in OWN_PAGE:
                continue
            type_ = self.context.shown_type_of(wanted)
            refused = column.type != column.wanted
            affixed = (type_.prefix or type_.postfix) and not {"prefix", "postfix"} & column.type.config.keys()
            if refused or affixed or type_.base in ("timestamp", "hidden"):
                self.differences.append(f"{column.label} is shown as {column.type.name} without its type")
            for row in answer:
                entry = self.schema.entries[row.page_id]
                shown = [value for value in stored_values(self.schema, column, entry) if value.strip()]
                expected = [column.written(str(value), row.page_id) for value in row.cells[at] if str(value).strip()]
                if shown != expected:
                    self.differences.append(f"{column.label} has other values, as on {row.page_id}")
                    break

    def _compare_titles(self, answer: Result) -> None:
        for row in answer:
            entry = self.schema.entries[row.page_id]
            if shown_title(entry) != entry.title:
                self.differences.append(f"a page without a heading has no namespace in its title, as {row.page_id}")
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
        return TranslatedBlock(
            text, tuple(dict.fromkeys([*self.differences, *self.search.differences])), notes=tuple(self.notes)
        )


def _sorted_values(column: SearchColumn, entry: EntryValues) -> tuple[str, ...]:
    """Return the values that the data plugin sorts a page by; a page without any comes before an empty value."""
    if isinstance(column, str):
        return (entry.page_id,)
    return (entry.class_name,) if column.key == CLASS else tuple(entry.values.get(column.key, ()))


def _first_least(candidates: Iterable[_T], cost: Callable[[_T], Any]) -> _T:
    """Return the first candidate without any cost, else the first of the least."""
    costs = []
    for candidate in candidates:
        costs.append((cost(candidate), candidate))
        if costs[-1][0] in (0, (0, 0)):
            return candidate
    return min(costs, key=lambda found: found[0])[1]
