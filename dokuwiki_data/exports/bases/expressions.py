"""Expressions of Bases: names of properties, literals, and tests of one value that say what a comparison says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from dokuwiki_data.engine.selection import like

#: A filter of a base: a statement, or statements below ``and``, ``or`` or ``not``.
Filter = str | dict[str, list[Any]]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIGNS = re.compile(r"[\\^$.|?*+()\[\]{}/]")


class NotInBasesError(Exception):
    """A query cannot be a base; the message says why."""


def note_property(name: str) -> str:
    """Return a property as an expression."""
    return name if _NAME.fullmatch(name) else f"note[{text_literal(name)}]"


def text_literal(text: str) -> str:
    """Return a text as an expression. The help knows no escapes, so not every text is one."""
    sign = "'" if '"' in text else '"'
    if sign in text or "\\" in text or not text.isprintable():
        raise NotInBasesError(f"Bases have no literal for the text {text!r}")
    return f"{sign}{text}{sign}"


def has_property(name: str) -> str:
    """Return the statement that a note has a property."""
    return f"file.hasProperty({text_literal(name)})"


def all_of(filters: Iterable[Filter]) -> Filter:
    """Return the filter that several filters hold."""
    return _joined("and", filters)


def any_of(filters: Iterable[Filter]) -> Filter:
    """Return the filter that one of several filters holds."""
    return _joined("or", filters)


def _joined(word: str, filters: Iterable[Filter]) -> Filter:
    inside: list[Any] = []
    for one in filters:
        inside += one[word] if isinstance(one, dict) and word in one else [one]
    return inside[0] if len(inside) == 1 else {word: inside}


class Test(NamedTuple):
    """A test of one value.

    Attributes:
        expression: Returns the test as an expression, given one for the value.
        holds: Whether the value, as the plugin stores it, passes.
        equal: What the value must be equal to, as an expression, if that is the test.
    """

    expression: Callable[[str], str]
    holds: Callable[[str], bool]
    equal: str = ""

    def negated(self) -> Test:
        """Return the opposite test."""
        return Test(lambda value: f"!({self.expression(value)})", lambda text: not self.holds(text))


def pattern_tests(pattern: str, as_text: Callable[[str], str] = str) -> Iterator[Test]:
    """Iterate over tests that may say what a pattern of ``LIKE`` says, the simplest first.

    Args:
        pattern: The pattern: ``%`` is any text and ``_`` any character.
        as_text: Returns the text of a value as an expression, given the value.
    """
    inside = pattern.strip("%")
    if "%" not in inside and inside:
        yield _plain_test(inside.lower(), pattern[0] == "%", pattern[-1] == "%", as_text)
    if pattern.isascii() and pattern.isprintable():
        letters = {"%": ".*", "_": "."}
        expression = "".join(letters.get(letter) or _SIGNS.sub(r"\\\g<0>", letter) for letter in pattern)
        yield Test(lambda value: f"/^{expression}$/is.matches({as_text(value)})", like(pattern))


def _plain_test(wanted: str, begins_anywhere: bool, ends_anywhere: bool, as_text: Callable[[str], str]) -> Test:
    literal = text_literal(wanted)
    if begins_anywhere and ends_anywhere:
        return Test(lambda value: f"{as_text(value)}.lower().contains({literal})", lambda text: wanted in text.lower())
    if begins_anywhere:
        return Test(
            lambda value: f"{as_text(value)}.lower().endsWith({literal})", lambda text: text.lower().endswith(wanted)
        )
    if ends_anywhere:
        return Test(
            lambda value: f"{as_text(value)}.lower().startsWith({literal})",
            lambda text: text.lower().startswith(wanted),
        )
    return Test(lambda value: f"{as_text(value)}.lower() == {literal}", lambda text: text.lower() == wanted)
