"""What a query asks of a page: comparisons, written line by line or built in Python."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from numbers import Number
from typing import Literal

from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.columns import Column
from dokuwiki_data.text import Span

#: The operators and their spellings.
OPERATORS = {
    "=": "=", "==": "=", "!=": "!=", "<>": "!=", "=!": "!=",
    "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "~": "~", "=~": "~", "~=": "~", "!~": "!~", "~!": "!~", "*~": "*~", "~~": "~~",
}  # fmt: skip

#: Of one or two of these characters the plugin takes any as an operator that is not made of * and ! alone.
OPERATOR_CHARACTERS = "*=<>!~"

Logic = Literal["AND", "OR"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One filter: ``column operator value``, and how it is joined to those before it.

    ``operator`` is one of `OPERATORS`' values: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``~`` (like, ``*``
    is any run), ``!~`` (unlike), ``*~`` (contains), ``~~`` (one of a comma separated list); or, as the plugin
    reads blocks, any other run without a meaning, on which an evaluation stops. ``span`` is its place in
    the text that it was read from.
    """

    column: Column
    operator: str
    value: str
    logic: Logic = "AND"
    spelling: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False)

    @classmethod
    def read(cls, name: str, spelling: str, value: str, logic: Logic, span: Span | None) -> Comparison:
        """A filter as a block has it. Any run with a ``~`` in it that is not listed means like."""
        operator = OPERATORS.get(spelling, "~" if "~" in spelling else spelling)
        return cls(Column.parse(name), operator, value, logic, spelling, span)

    def __str__(self) -> str:
        return f"{self.column} {self.spelling or self.operator} {self.value}".rstrip(" ")


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, each a conjunction of comparisons; what ``&`` and ``|`` make of filters.

    This is the form that a block can say under the plugin's rule, by which AND binds tighter than OR.
    ``a & (b | c)`` becomes ``a & b | a & c``.
    """

    alternatives: tuple[tuple[Comparison, ...], ...]

    def __and__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(tuple(one + two for one in self.alternatives for two in other.alternatives))

    def __or__(self, other: Condition) -> Condition:
        if not isinstance(other, Condition):
            return NotImplemented
        return Condition(self.alternatives + other.alternatives)

    def __bool__(self) -> bool:
        """Refused: Python's ``and``, ``or`` and ``1 < x < 3`` ask for it, and would drop one of two conditions."""
        raise TypeError("conditions are joined with & and |, each in brackets, not with and, or, not")

    @property
    def lines(self) -> tuple[Comparison, ...]:
        """The filters of a query, in the order in which a block says them."""
        return tuple(
            replace(comparison, logic="OR" if number and not at else "AND")
            for number, alternative in enumerate(self.alternatives)
            for at, comparison in enumerate(alternative)
        )


class Filter:
    """A column to filter by: ``Filter("type") == "process"``, ``Filter("due_dt") >= date(2026, 1, 1)``.

    Comparing makes a `Condition`, to be joined with ``&`` and ``|``. A value is a text, a number, or a date.
    ``Filter("due_dt") == None`` asks for no value, as ``due_dt =`` does in a block: under the semantics
    ``"intuitive"`` it finds the pages without the column, too; the plugin finds only those where it is left empty.
    ``!= None`` asks for any value.

    Raises `TypeError` for other values, and `ValueError` for what no block could say: a name with an operator,
    line ends, a value with blanks around it.
    """

    __slots__ = ("column",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        plain(name, "name of a column")
        if not name or any(character in OPERATOR_CHARACTERS for character in name):
            raise ValueError(f"a column to filter by has a name, with none of {OPERATOR_CHARACTERS} in it: {name!r}")
        self.column = Column.parse(name)

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]
        return self._compare("=", "" if value is None else value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]
        return self._compare("!=", "" if value is None else value)

    def __lt__(self, value: object) -> Condition:
        return self._compare("<", value)

    def __le__(self, value: object) -> Condition:
        return self._compare("<=", value)

    def __gt__(self, value: object) -> Condition:
        return self._compare(">", value)

    def __ge__(self, value: object) -> Condition:
        return self._compare(">=", value)

    def like(self, pattern: str) -> Condition:
        """Looks like a pattern: ``*`` (and ``%``) is any run of characters, ``_`` any one; ASCII case is ignored."""
        return self._compare("~", plain(pattern, "pattern"))

    def unlike(self, pattern: str) -> Condition:
        """Does not look like a pattern; holds for missing values too, which are looked at as empty."""
        return self._compare("!~", plain(pattern, "pattern"))

    def contains(self, text: str) -> Condition:
        """Has the text somewhere in it."""
        return self._compare("*~", plain(text, "text"))

    def one_of(self, values: Iterable[object]) -> Condition:
        """Is one of several values, which have no commas."""
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise TypeError(f"one_of takes a list of values, not {values!r}")
        texts = ["" if value is None else _text(value) for value in values]
        if not texts:
            raise ValueError("one_of takes at least one value")
        if any("," in text for text in texts):
            raise ValueError("a value of a list has no comma")
        return self._compare("~~", ", ".join(texts).strip(BLANKS))

    def _compare(self, operator: str, value: object) -> Condition:
        return Condition(((Comparison(self.column, operator, _text(value)),),))


@dataclass(frozen=True, slots=True)
class Sort:
    """What a query sorts by; ``span`` is the place of the column's name in the text it was read from."""

    column: Column
    descending: bool = False
    span: Span | None = field(default=None, compare=False)

    @classmethod
    def parse(cls, text: str) -> Sort:
        """``name``, or ``^name`` for descending order; raises `ValueError` for what sorts by nothing."""
        name = plain(text, "sort line").removeprefix("^")
        if not name or name[0] in BLANKS:
            raise ValueError(f"a sort line has a name, right behind the ^ if there is one: {text!r}")
        return cls(Column.parse(name), text.startswith("^"))

    def __str__(self) -> str:
        return "^" * self.descending + self.column.name


def plain(text: str, what: str, *, blanks: bool = False) -> str:
    """A text that a line of a block can hold; raises `ValueError` for others, and `TypeError` for what is no text."""
    wanted(text, str, f"a {what} is a text")
    if "\n" in text or (not blanks and text != text.strip(BLANKS + "\f")):
        raise ValueError(f"a {what} has no line end and no blanks around it: {text!r}")
    return text


def wanted(value: object, types: type | tuple[type, ...], message: str) -> None:
    """Raise `TypeError` with a message that says what is wanted, if a value is of no such type."""
    if not isinstance(value, types) or (isinstance(value, bool) and types is int):
        raise TypeError(f"{message}, not {value!r}")


def _text(value: object) -> str:
    """A value to compare with, as a block has it."""
    if isinstance(value, str):
        # A member of an enumeration of texts counts as its text.
        return plain(str.__str__(value), "value")
    if isinstance(value, (bool, datetime)) or not isinstance(value, (Number, date)):
        raise TypeError(f"a value to compare with is a text, a number or a date, not {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a number to compare with is finite: {value!r}")
    return str(value)
