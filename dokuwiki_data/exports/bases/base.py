"""A query as a base: its filter, columns, order and limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dokuwiki_data.engine.inference import DATE, NUMBER
from dokuwiki_data.engine.results import Result
from dokuwiki_data.exports.bases.conditions import condition
from dokuwiki_data.exports.bases.expressions import Filter, NotInBasesError, has_property, note_property, text_literal
from dokuwiki_data.exports.bases.vault_entries import VaultEntries, VaultProperty
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.plugins.datatemplate import DataTemplateList
from dokuwiki_data.query.columns import Column

#: Names that may follow ``note.`` in lists of properties.
_PLAIN_NAME = re.compile(r"\w[\w-]*")
#: Texts whose alphabetical order is the same in every language.
_PLAIN_TEXT = re.compile(r"[a-z0-9]+")


def base_of(node: DataQuery, result: Result, page_id: str, entries: VaultEntries) -> dict[str, Any]:
    """Return a base that selects the rows of a query, as it is written in YAML.

    Args:
        node: The query.
        result: Its answer.
        page_id: The page that it stands on.
        entries: The entries of the vault.

    Raises:
        NotInBasesError: Bases cannot say what the query says.
    """
    query = node.query
    _refuse(node, result)
    rows = entries.answers.rows(query, page_id)
    if any(page_id not in entries.files for page_id in rows):
        raise NotInBasesError("some of its pages are not in the vault")
    entries = entries.of_rows(rows)
    filters: Filter = condition(query, entries)
    made = _Columns(entries)
    columns = [made.column(column) for column in result.columns]
    labels = {name: {"displayName": label} for name, label in zip(columns, result.labels, strict=False)}
    sort = _sort(node, rows, made)
    sums = {
        name: "Sum"
        for name, column, number in zip(columns, result.columns, result.sums, strict=False)
        if number is not None and made.is_number(column)
    }
    view = {
        "type": query.kind,
        "name": "Table" if query.kind == "table" else "List",
        "order": columns,
        "sort": sort,
        "limit": query.limit,
        "summaries": sums,
    }
    base = {
        "filters": filters if isinstance(filters, dict) else {"and": [filters]},
        "formulas": made.formulas,
        "properties": labels,
        "views": [{name: value for name, value in view.items() if value}],
    }
    return {name: value for name, value in base.items() if value}


def _refuse(node: DataQuery, result: Result) -> None:
    """Raise `NotInBasesError` for what no base has."""
    query = node.query
    reasons = {
        "Bases show notes, and count no values": query.kind not in ("table", "list"),
        "Bases know no templates": isinstance(node, DataTemplateList) and bool(node.template_page),
        "Bases do not number rows": result.rownumbers,
        "Bases show no headers within lists": query.kind == "list" and query.sepbyheaders,
    }
    for reason, is_so in reasons.items():
        if is_so:
            raise NotInBasesError(reason)


class _Columns:
    """Finds what a base has for a column, and the formulas that it needs."""

    def __init__(self, entries: VaultEntries) -> None:
        self._entries = entries
        self.formulas: dict[str, str] = {}

    def column(self, column: Column) -> str:
        """Return the property that a column shows."""
        if column.key == "%pageid%":
            return "file.name"
        if column.key == "%title%":
            self.formulas["title"] = "if(title, file.asLink(title), file.asLink())"
            return "formula.title"
        if column.special:
            raise NotInBasesError(f"Bases do not know {column.key}")
        if not self._entries.has(column):
            return f"note.{self._entries.name_of(column)}"  # an empty column
        type_ = self._entries.context.shown_type_of(column)
        properties = self._entries.properties(column)
        if type_.base == "wiki" or type_.base.startswith("img"):
            raise NotInBasesError(f"{column.title} has markup or images, which Bases show as text")
        is_affixed = bool(type_.prefix or type_.postfix) and not any(one.has_pages for one in properties)
        if is_affixed:
            shown = [self._affixed(one, type_.prefix, type_.postfix) for one in properties]
        elif len(properties) == 1 and _PLAIN_NAME.fullmatch(properties[0].name):
            return f"note.{properties[0].name}"
        else:
            shown = [note_property(one.name) for one in properties]
        self.formulas[column.key] = self._first_of(properties, shown)
        return f"formula.{column.key}"

    @staticmethod
    def _affixed(one: VaultProperty, prefix: str, postfix: str) -> str:
        name = note_property(one.name)

        def text(value: str) -> str:
            affixes = [text_literal(affix) if affix else "" for affix in (prefix, postfix)]
            return " + ".join(filter(None, (affixes[0], f"{value}.toString()", affixes[1])))

        shown = f"{name}.map({text('value')})" if one.type_.is_list else text(name)
        return f'if({has_property(one.name)}, {shown}, "")'

    def sorted_by(self, column: Column) -> str:
        """Return the property that has the values of a column, not as they are shown; empty if there are none."""
        if not self._entries.has(column):
            return ""
        properties = self._entries.properties(column)
        if len(properties) == 1 and _PLAIN_NAME.fullmatch(properties[0].name):
            return f"note.{properties[0].name}"
        expression = self._first_of(properties, [note_property(one.name) for one in properties])
        name = column.key if self.formulas.get(column.key) == expression else f"{column.key}_sort"
        self.formulas[name] = expression
        return f"formula.{name}"

    @staticmethod
    def _first_of(properties: Sequence[VaultProperty], shown: Sequence[str]) -> str:
        """Return the expression for the first property that a note has."""
        *others, expression = shown
        for one, value in zip(reversed(properties[:-1]), reversed(others), strict=True):
            expression = f"if({has_property(one.name)}, {value}, {expression})"
        return expression

    def is_number(self, column: Column) -> bool:
        """Return whether a column can be summed up. Raises `NotInBasesError` if it cannot."""
        if any(one.type_.is_list or one.type_.kind != NUMBER for one in self._entries.properties(column)):
            raise NotInBasesError(f"the sum of {column.title} is not one of numbers")
        return True

    def order_key(self, column: Column, page_id: str) -> Any:
        """Return what a note is sorted by. Raises `NotInBasesError` if it is not known how Bases sort it."""
        found = () if column.special else self._entries.properties(column)
        kinds = {one.type_.kind for one in found if not one.type_.is_list and not one.has_pages}
        cell = self._entries.cell(column, page_id)
        if len(kinds) == 1 == len(cell) and cell[0]:
            kind = kinds.pop()
            if kind == NUMBER:
                return float(cell[0])
            if kind == DATE or (not kind and _PLAIN_TEXT.fullmatch(cell[0])):
                return cell[0]
        raise NotInBasesError(f"the limit depends on the order of {column.title}")


def _sort(node: DataQuery, rows: Sequence[str], made: _Columns) -> list[dict[str, str]]:
    """Return how the rows are sorted. If a limit leaves out some of them, it must be the same ones in Bases."""
    query = node.query
    column = query.sort.column if query.sort is not None else query.selected[0]
    is_descending = query.sort is not None and query.sort.descending
    if query.limit and query.limit < len(rows):
        keys = [made.order_key(column, page_id) for page_id in rows]
        before, behind = keys[: query.limit], keys[query.limit :]
        if is_descending:
            before, behind = behind, before
        if not max(before) < min(behind):
            raise NotInBasesError(f"the limit parts rows that are equal in {column.title}, or sorted in another way")
    if column.special:
        name = {"%title%": "title", "%pageid%": "file.path"}.get(column.key, "")
    else:
        name = made.sorted_by(column)
    return [{"property": name, "direction": "DESC" if is_descending else "ASC"}] if name else []
