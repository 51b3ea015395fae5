"""Filters of struct blocks: what each holds for, and several of one column as a single regular expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from dokuwiki_data.engine.selection import like
from dokuwiki_data.php import ascii_lower
from dokuwiki_data.struct_export.schemas import StructColumn

#: A column of a schema, or the name of one that every schema has.
SearchColumn = StructColumn | str

_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}

#: What a part of a regular expression must see at the beginning of a value, by the operator; ``{}`` is the value.
_LOOKS_AHEAD = {
    "=": "(?={}$)", "!=": "(?!{}$)", "~": "(?=(?i:{})$)", "!~": "(?!(?i:{})$)", "*~": "(?=(?i:.*{}.*)$)",
    "~~": "(?=(?:{})$)",
}  # fmt: skip
_MEANS_SOMETHING = re.compile(r"[\\^$.|?*+()\[\]{}]")


class SearchFilter(NamedTuple):
    """A filter of a struct block.

    Attributes:
        column: The column.
        operator: The operator as the data plugin spells it, or ``=*`` of struct for a regular expression.
        written: The value as the block writes it; several for ``~~``.
        values: The value to compare with, and for ``~~`` several.
    """

    column: SearchColumn
    operator: str
    written: tuple[str, ...]
    values: tuple[str, ...]


def value_test(filter_: SearchFilter) -> Callable[[str], bool]:
    """Return a function that tests one value as a filter does."""
    column, operator = filter_.column, filter_.operator
    change: Callable[[str], str] = str
    if isinstance(column, StructColumn):
        before, after = affixes(column)
        if column.type.name == "Tag":
            change = _as_tag
        elif before or after:
            change = lambda text: f"{before}{text}{after}"  # noqa: E731
    tag = isinstance(column, StructColumn) and column.type.name == "Tag"
    wanted = [_as_tag(value) if tag else value for value in filter_.values]
    if operator in ("~", "!~", "*~"):
        pattern = wanted[0].replace("*", "%")
        looks = like(f"%{pattern}%" if operator == "*~" else pattern)
        holds = (lambda text: not looks(text)) if operator == "!~" else looks
    elif operator == "~~":
        holds = wanted.__contains__
    elif operator == "=*":
        found = re.compile(wanted[0]).search
        holds = lambda text: found(text) is not None  # noqa: E731
    else:
        compare, value = _COMPARE[operator], wanted[0]
        holds = lambda text: compare(text, value)  # noqa: E731

    return lambda text: holds(change(text))


def affixes(column: StructColumn) -> tuple[str, str]:
    """Return the prefix and the postfix of a column, which belong to its values when struct compares them."""
    return column.type.config.get("prefix", ""), column.type.config.get("postfix", "")


def _as_tag(text: str) -> str:
    return ascii_lower(text.replace(" ", ""))


def joined(filters: Sequence[SearchFilter], stored: Callable[[StructColumn], Iterable[str]]) -> list[SearchFilter]:
    """Return the filters with those of one many-valued column as a single one, where a regular expression says it.

    To the data plugin, one value of a page must pass all filters of a column. Struct looks for a value for each filter,
    and in clouds counts the combinations of these values.

    Args:
        filters: The filters, all of which a page must pass.
        stored: Returns the values of a column.

    Example:
        >>> from dokuwiki_data.struct_export.schemas import StructColumn
        >>> from dokuwiki_data.struct_export.types import TEXT
        >>> size = StructColumn("size", "size", TEXT, True, TEXT)
        >>> filters = [SearchFilter(size, "!=", ("",), ("",)), SearchFilter(size, "!~", ("1.*",), ("1.*",))]
        >>> [filter_.written for filter_ in joined(filters, lambda column: ["1.5", "2", ""])]
        [('^(?!$)(?!(?i:1\\\\..*)$)',)]
    """
    found: dict[str, list[SearchFilter]] = {}
    for filter_ in filters:
        column = filter_.column
        found.setdefault(column if isinstance(column, str) else column.label, []).append(filter_)
    kept: list[SearchFilter] = []
    for own in found.values():
        column = own[0].column
        one = None
        if isinstance(column, StructColumn) and column.many and len(own) > 1:
            one = _as_one(own, stored(column))
        kept += own if one is None else [one]
    return kept


def _as_one(filters: Sequence[SearchFilter], values: Iterable[str]) -> SearchFilter | None:
    parts = []
    for filter_ in filters:
        if filter_.operator not in _LOOKS_AHEAD or filter_.written != filter_.values:
            return None
        texts = [_MEANS_SOMETHING.sub(r"\\\g<0>", value) for value in filter_.values]
        if "~" in filter_.operator and filter_.operator != "~~":
            texts = [text.replace(r"\*", ".*").replace("%", ".*").replace("_", ".") for text in texts]
        parts.append(_LOOKS_AHEAD[filter_.operator].format("|".join(texts)))
    pattern = "^" + "".join(parts)
    one = SearchFilter(filters[0].column, "=*", (pattern,), (pattern,))
    holds, tests = value_test(one), [value_test(filter_) for filter_ in filters]
    # Without regard to case, a regular expression finds more than LIKE does: letters beyond A to Z.
    return one if all(holds(value) == all(test(value) for test in tests) for value in {*values, ""}) else None
