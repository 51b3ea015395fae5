"""The conditions of queries as filters of Bases.

The plugin compares texts, Bases compare values of types. So a test is only written if it selects, of all values that
the wiki has, those that the plugin selects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dokuwiki_data.engine.context import PLACEHOLDER
from dokuwiki_data.engine.filtering import LIKE, operands, pattern, split
from dokuwiki_data.engine.inference import BOOLEAN, DATE, NUMBER, READERS, bit_of, kinds_of
from dokuwiki_data.exports.bases.expressions import (
    Filter,
    NotInBasesError,
    Test,
    all_of,
    any_of,
    has_property,
    note_property,
    pattern_tests,
    text_literal,
)
from dokuwiki_data.exports.bases.vault_entries import VaultEntries, VaultProperty
from dokuwiki_data.exports.properties import linked_page
from dokuwiki_data.query.conditions import Comparison
from dokuwiki_data.query.queries import Query

_ORDERS: dict[str, Callable[[object, object], bool]] = {
    "<": lambda one, other: one < other,  # type: ignore[operator]
    "<=": lambda one, other: one <= other,  # type: ignore[operator]
    ">": lambda one, other: one > other,  # type: ignore[operator]
    ">=": lambda one, other: one >= other,  # type: ignore[operator]
}


class _Statement(NamedTuple):
    """A comparison as a filter, and whether it holds for notes with an entry only."""

    filter: Filter
    is_of_entries: bool


def condition(query: Query, entries: VaultEntries) -> Filter:
    """Return the filter that selects the rows of a query. Raises `NotInBasesError` if there is none."""
    alternatives = []
    are_of_entries = True
    for part in split(query.filters, "OR"):
        statements = [_statement(comparison, entries) for comparison in part]
        are_of_entries = are_of_entries and any(one.is_of_entries for one in statements)
        alternatives.append(statements)
    found = [all_of(one.filter for one in statements) for statements in alternatives if statements]
    # A query of no filters, or of one that has an alternative without any, asks for every entry.
    wanted = any_of(found) if len(found) == len(alternatives) else None
    if are_of_entries and wanted is not None:
        return wanted
    has_entry = any_of(map(has_property, entries.names_of_all))
    return has_entry if wanted is None else all_of((has_entry, wanted))


def _statement(comparison: Comparison, entries: VaultEntries) -> _Statement:
    if any(found != "%now%" for found in PLACEHOLDER.findall(comparison.value)):
        raise NotInBasesError(f"“{comparison}” asks who reads")
    if comparison.column.key == "%class%":
        classes, _ = entries.matching(comparison)
        if not classes:
            raise NotInBasesError(f"no page has a class for “{comparison}”")
        return _Statement(any_of(map(has_property, entries.names_of_classes(classes))), True)
    if comparison.column.special:
        return _Statement(_special(comparison, entries), False)
    properties = entries.properties(comparison.column)
    wanted, is_missing_wanted = entries.matching(comparison)
    parts = []
    for one in properties:
        if "" in one.values and ("" in wanted) != is_missing_wanted:
            raise NotInBasesError(f"“{comparison}” tells empty values of {one.name} from missing ones")
        parts.append(_of_property(one, comparison, wanted, entries))
    if not is_missing_wanted:
        return _Statement(any_of(parts), True)
    missing = all_of(f"!{has_property(one.name)}" for one in entries.all_properties(comparison.column))
    return _Statement(any_of((missing, *parts)), False)


def _of_property(one: VaultProperty, comparison: Comparison, wanted: frozenset[str], entries: VaultEntries) -> Filter:
    values = one.values - {""}
    name = note_property(one.name)
    for test in _tests(one, comparison, entries):
        if all(test.holds(text) == (text in wanted) for text in values):
            if test.equal:
                return f"{name}.contains({test.equal})" if one.type_.is_list else f"{name} == {test.equal}"
            if one.type_.is_list:
                return f"{has_property(one.name)} && !{name}.filter({test.expression('value')}).isEmpty()"
            return f"{has_property(one.name)} && {test.expression(name)}"
    raise NotInBasesError(f"“{comparison}” compares {one.name} in another way than Bases do")


def _tests(one: VaultProperty, comparison: Comparison, entries: VaultEntries) -> Iterator[Test]:
    """Iterate over tests of the values of a property that may say what a comparison says."""
    operator, kind = comparison.operator, one.type_.kind
    if operator in LIKE:
        if one.has_pages or kind not in _AS_TEXT:
            return
        for test in pattern_tests(pattern(comparison, entries.context), _AS_TEXT[kind]):
            yield test.negated() if operator == "!~" else test
        return
    texts = operands(comparison, entries.context)
    literals = [_literal(one, comparison, text, entries) for text in texts]
    if operator in ("=", "~~"):
        equal = literals[0] if len(literals) == 1 else ""
        yield Test(lambda value: _one_of(value, literals), lambda text: text in texts, equal)
    elif operator == "!=":
        yield Test(lambda value: f"{value} != {literals[0]}", lambda text: text != texts[0])
    elif kind in (NUMBER, DATE) and bit_of(kind) & kinds_of(texts[0]):
        read, holds = READERS[kind], _ORDERS[operator]
        yield Test(lambda value: f"{value} {operator} {literals[0]}", lambda text: holds(read(text), read(texts[0])))


#: The text of a value of a kind as an expression.
_AS_TEXT: dict[str, Callable[[str], str]] = {
    "": str,
    NUMBER: lambda value: f"{value}.toString()",
    DATE: lambda value: f'{value}.format("YYYY-MM-DD")',
}


def _one_of(value: str, literals: list[str]) -> str:
    alternatives = " || ".join(f"{value} == {literal}" for literal in literals)
    return f"({alternatives})" if len(literals) > 1 else alternatives


def _literal(one: VaultProperty, comparison: Comparison, text: str, entries: VaultEntries) -> str:
    """Return what a property is compared with as an expression of its kind."""
    kind = one.type_.kind
    if one.has_pages:
        page_id = linked_page(one.key, next(iter(one.type_.types)), text)
        file = entries.files.get(page_id or "")
        return text_literal(text) if file is None else f"link({text_literal(file.removesuffix('.md'))})"
    if not kind:
        return text_literal(text)
    if kind in (NUMBER, DATE, BOOLEAN) and bit_of(kind) & kinds_of(text):
        if kind == DATE:
            return "today()" if comparison.value == "%now%" else f"date({text_literal(text)})"
        return text
    raise NotInBasesError(f"“{comparison}” compares values of {one.name}, each a {kind}, with something else")


def _special(comparison: Comparison, entries: VaultEntries) -> Filter:
    """Return the filter for a comparison with the id or the title of a page."""
    key = comparison.column.key
    wanted, _ = entries.matching(comparison)
    ids = entries.index.page_ids
    if key == "%title%":
        if any(title in (page_id, "") for page_id, title in zip(ids, entries.index.titles, strict=True)):
            raise NotInBasesError("some pages have no title")
        subjects = dict(zip(entries.index.titles, entries.index.titles, strict=True))
        expression = note_property("title")
    elif key == "%pageid%":
        subjects = {page_id: entries.files.get(page_id, "") for page_id in ids}
        expression = "file.path"
    else:
        raise NotInBasesError(f"Bases do not know {key}")
    for test in _special_tests(comparison, entries):
        if all(test.holds(subject) == (value in wanted) for value, subject in subjects.items()):
            return test.expression(expression)
    raise NotInBasesError(f"“{comparison}” compares {key} in another way than Bases do")


def _special_tests(comparison: Comparison, entries: VaultEntries) -> Iterator[Test]:
    is_id = comparison.column.key == "%pageid%"
    if comparison.operator in LIKE:
        wanted = pattern(comparison, entries.context)
        folder = wanted.removesuffix(":%").replace(":", "/")
        tests = list(pattern_tests(wanted.replace(":", "/") if is_id else wanted))
        if is_id and wanted.endswith(":%") and "%" not in folder:
            literal = text_literal(folder)
            tests.insert(0, Test(lambda _: f"file.inFolder({literal})", lambda path: path.startswith(f"{folder}/")))
        for test in tests:
            yield test.negated() if comparison.operator == "!~" else test
        return
    texts = operands(comparison, entries.context)
    paths = [entries.files.get(text, text) for text in texts] if is_id else texts
    literals = [text_literal(path) for path in paths]
    if comparison.operator in ("=", "~~"):
        yield Test(lambda value: _one_of(value, literals), lambda text: text in paths)
    elif comparison.operator == "!=":
        yield Test(lambda value: f"{value} != {literals[0]}", lambda text: text != paths[0])
