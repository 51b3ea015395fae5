"""Find with which characters a match of a regular expression may begin, so that a search may skip all others."""

from __future__ import annotations

import importlib
import string
from collections.abc import Iterable
from typing import Any

#: The number that stands for all characters beyond Latin-1.
BEYOND = 256
ANY = frozenset(range(BEYOND + 1))

#: The characters of classes in expressions with the flag ASCII.
_CLASSES = {
    "SPACE": string.whitespace,
    "DIGIT": string.digits,
    "WORD": string.ascii_letters + string.digits + "_",
}


def first_characters(pattern: str, flags: int) -> frozenset[int]:
    """Return the codes of all characters with which a match may begin; `BEYOND` stands for the codes from 256 on.

    There may be characters too many: all of them if a match may be empty or an expression is not understood. Of
    look-arounds, only ``(?=…)`` is taken into account.

    Args:
        pattern: A regular expression.
        flags: Its flags, with ``re.ASCII``.

    Example:
        >>> import re
        >>> sorted(map(chr, first_characters(r"(?<=a)(?:b|[c-e])|f+", re.ASCII)))
        ['b', 'c', 'd', 'e', 'f']
    """
    parser: Any = importlib.import_module("re._parser")  # what Lark uses, too
    return _first(list(parser.parse(pattern, flags)))


def _first(items: list[Any]) -> frozenset[int]:
    """Return the first characters of parsed items in a row."""
    found: frozenset[int] = frozenset()
    for at, (operation, value) in enumerate(items):
        name = str(operation)
        if name in ("AT", "ASSERT_NOT"):
            continue
        if name == "ASSERT":
            direction, ahead = value
            if direction > 0:  # both what is looked for and what follows begin there
                return found | (_first(list(ahead)) & _first(items[at + 1 :]))
            continue
        found |= _of_item(name, value)
        if not _may_be_empty(name, value):
            return found
    return ANY


def _of_item(name: str, value: Any) -> frozenset[int]:
    if name == "LITERAL":
        return frozenset({min(value, BEYOND)})
    if name == "NOT_LITERAL":
        return ANY - {value} | {BEYOND}
    if name == "IN":
        return _of_class(value)
    if name == "BRANCH":
        return frozenset[int]().union(*(_first(list(branch)) for branch in value[1]))
    if name == "ATOMIC_GROUP":
        return _first(list(value))
    if name == "SUBPATTERN" and not value[1]:  # without flags of its own
        return _first(list(value[3]))
    if name in _REPEATED:
        return _first(list(value[2]))
    return ANY


_REPEATED = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def _may_be_empty(name: str, value: Any) -> bool:
    return name in _REPEATED and value[0] == 0


def _of_class(items: Iterable[Any]) -> frozenset[int]:
    """Return the characters of a class in square brackets."""
    found: set[int] = set()
    negated = False
    for operation, value in items:
        name = str(operation)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.add(min(value, BEYOND))
        elif name == "RANGE":
            found.update(range(min(value[0], BEYOND), min(value[1], BEYOND) + 1))
        else:
            kind = str(value).removeprefix("CATEGORY_")
            members = frozenset(map(ord, _CLASSES[kind.removeprefix("NOT_")]))
            found |= ANY - members if kind.startswith("NOT_") else members
    return (ANY - found) | {BEYOND} if negated else frozenset(found)
