"""The conditions of a query: comparisons that are read from the lines of a block, or built in Python with `col`."""

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

#: The operators by their spellings.
OPERATORS = {
    "=": "=", "==": "=", "!=": "!=", "<>": "!=", "=!": "!=",
    "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "~": "~", "=~": "~", "~=": "~", "!~": "!~", "~!": "!~", "*~": "*~", "~~": "~~",
}  # fmt: skip

#: One or two of these characters are an operator to the plugin, unless all of them are ``*`` and ``!``.
OPERATOR_CHARACTERS = "*=<>!~"

Logic = Literal["AND", "OR"]

#: How Python writes a comparison with each operator.
_PYTHON = {
    "=": "{} == {!r}", "!=": "{} != {!r}", "<": "{} < {!r}", "<=": "{} <= {!r}", ">": "{} > {!r}", ">=": "{} >= {!r}",
    "~": "{}.like({!r})", "!~": "{}.not_like({!r})", "*~": "{}.contains({!r})", "~~": "{}.is_in({!r})",
}  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """A comparison of a column with a value: one ``filter`` line of a query.

    Attributes:
        column: The column.
        operator: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``~`` (like, where ``*`` stands for any text), ``!~``
            (not like), ``*~`` (contains) or ``~~`` (one of a list with commas). A block may have an unknown operator;
            evaluating such a query raises `QueryError`.
        value: The value as written.
        logic: ``AND`` or ``OR``, which joins the comparison to those before it.
        spelling: The operator as written.
        span: The place in the text that the comparison was read from, or None.
    """

    column: Column
    operator: str
    value: str
    logic: Logic = "AND"
    spelling: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False)

    @classmethod
    def read(cls, name: str, spelling: str, value: str, logic: Logic, span: Span | None) -> Comparison:
        """Make a comparison from the parts of a line. An unknown operator that contains ``~`` means *like*."""
        operator = OPERATORS.get(spelling, "~" if "~" in spelling else spelling)
        return cls(Column.parse(name), operator, value, logic, spelling, span)

    def __str__(self) -> str:
        return f"{self.column} {self.spelling or self.operator} {self.value}".rstrip(" ")

    def __repr__(self) -> str:
        return f"Comparison({f'{self.logic} {self}'!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Condition:
    """Comparisons joined with ``&`` (and) and ``|`` (or). Compare a `col` to make one.

    A condition is stored as alternatives, each a conjunction of comparisons, so ``a & (b | c)`` becomes
    ``a & b | a & c``. A block can express nothing else, since AND binds tighter than OR in the plugin.

    Example:
        >>> import dokuwiki_data as dw
        >>> (dw.col("type") == "process") & ((dw.col("owner") == "ann") | dw.col("name").like("a*"))
        (col('type') == 'process') & (col('owner') == 'ann') | (col('type') == 'process') & col('name').like('a*')
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
        # Python's `and`, `or`, `not` and `1 < x < 3` call this, and would drop one of two conditions.
        raise TypeError("join conditions with & and |, each in brackets, not with and, or, not")

    def __repr__(self) -> str:
        alone = len(self.alternatives) == 1 == len(self.alternatives[0])
        return " | ".join(
            " & ".join(_as_python(comparison, bracketed=not alone) for comparison in alternative)
            for alternative in self.alternatives
        )

    @property
    def lines(self) -> tuple[Comparison, ...]:
        """The comparisons in the order of the lines of a block."""
        return tuple(
            replace(comparison, logic="OR" if number and not at else "AND")
            for number, alternative in enumerate(self.alternatives)
            for at, comparison in enumerate(alternative)
        )


class ColumnExpression:
    """A column to compare with values, made by `col`."""

    __slots__ = ("column",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, column: Column) -> None:
        self.column = column

    def __repr__(self) -> str:
        return f"col({self.column.name!r})"

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
        """Match values that look like a pattern.

        Args:
            pattern: A text in which ``*`` and ``%`` stand for any text and ``_`` for any character. The case of the
                letters A to Z does not count.
        """
        return self._compare("~", plain(pattern, "pattern"))

    def not_like(self, pattern: str) -> Condition:
        """Match values that do not look like a pattern, see `like`. A missing value is compared as an empty text."""
        return self._compare("!~", plain(pattern, "pattern"))

    def contains(self, text: str) -> Condition:
        """Match values that contain a text."""
        return self._compare("*~", plain(text, "text"))

    def is_in(self, values: Iterable[object]) -> Condition:
        """Match values that equal one of several, which must not contain commas."""
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise TypeError(f"is_in() takes a list of values, not {values!r}")
        texts = ["" if value is None else _text(value) for value in values]
        if not texts:
            raise ValueError("is_in() takes at least one value")
        if any("," in text for text in texts):
            raise ValueError("the values of is_in() must not contain commas")
        return self._compare("~~", ", ".join(texts).strip(BLANKS))

    def _compare(self, operator: str, value: object) -> Condition:
        return Condition(((Comparison(self.column, operator, _text(value)),),))


def col(name: str) -> ColumnExpression:
    """Return a column to compare with values, for the conditions of `Query.select`.

    Compare it with a string, a number or a date by ``==``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, `like`, `not_like`,
    `contains` or `is_in`, and join conditions with ``&`` and ``|``. ``== None`` compares with an empty value, as
    ``name =`` does in a block: the plugin finds the pages whose field is empty; the semantics ``"intuitive"`` also
    find the pages without the field. ``!= None`` finds the pages with any value.

    Args:
        name: The name of the column as blocks write it, with its type, such as ``due_dt``.

    Raises:
        TypeError: The name is not a string, or the value is not a string, a number, a date or None.
        ValueError: No block can express it: the name contains an operator, or the value has a line end or blanks
            around it.

    Example:
        >>> import dokuwiki_data as dw
        >>> from datetime import date
        >>> condition = (dw.col("type") == "process") & (dw.col("due_dt") >= date(2026, 1, 1))
        >>> print(dw.Query.select("name", where=condition))
        ---- datatable ----
        cols    : name
        filter  : type = process
        filter  : due_dt >= 2026-01-01
        ----
    """
    plain(name, "name of a column")
    if not name or any(character in OPERATOR_CHARACTERS for character in name):
        raise ValueError(f"the name of a column must not be empty or contain one of {OPERATOR_CHARACTERS}: {name!r}")
    return ColumnExpression(Column.parse(name))


@dataclass(frozen=True, slots=True)
class Sort:
    """The column that a query sorts by.

    Attributes:
        column: The column.
        descending: Whether the order is descending.
        span: The place of the column's name in the text that it was read from, or None.
    """

    column: Column
    descending: bool = False
    span: Span | None = field(default=None, compare=False)

    @classmethod
    def parse(cls, text: str) -> Sort:
        """Read ``name``, or ``^name`` for descending order.

        Raises:
            ValueError: The name is empty.
        """
        name = plain(text, "sort line").removeprefix("^")
        if not name or name[0] in BLANKS:
            raise ValueError(f"sort must be the name of a column, or ^ and the name without a blank: {text!r}")
        return cls(Column.parse(name), text.startswith("^"))

    def __str__(self) -> str:
        return "^" * self.descending + self.column.name


def plain(text: str, what: str, *, blanks: bool = False) -> str:
    """Return a text if a line of a block can hold it.

    Args:
        text: The text.
        what: The noun for the text in messages.
        blanks: Whether blanks may surround it.

    Raises:
        TypeError: The text is not a string.
        ValueError: The text has a line end, or blanks around it.
    """
    expect(text, str, f"the {what} must be a string")
    if "\n" in text or (not blanks and text != text.strip(BLANKS + "\f")):
        raise ValueError(f"the {what} must not have a line end or blanks around it: {text!r}")
    return text


def expect(value: object, types: type | tuple[type, ...], message: str) -> None:
    """Raise `TypeError` with a message about the expected type, unless a value has one of the types."""
    if not isinstance(value, types) or (isinstance(value, bool) and types is int):
        raise TypeError(f"{message}, not {value!r}")


def _text(value: object) -> str:
    """Return a value to compare with as a block writes it."""
    if isinstance(value, str):
        return plain(str.__str__(value), "value")  # the text of a member of an enumeration, not its name
    if isinstance(value, (bool, datetime)) or not isinstance(value, (Number, date)):
        raise TypeError(f"a value to compare with must be a string, a number or a date, not {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"a number to compare with must be finite: {value!r}")
    return str(value)


def _as_python(comparison: Comparison, *, bracketed: bool) -> str:
    """Return a comparison as Python writes it with `col`."""
    pattern = _PYTHON.get(comparison.operator, "{} " + comparison.operator + " {!r}")
    value: object = comparison.value
    if comparison.operator == "~~":
        value = [text.strip(BLANKS) for text in comparison.value.split(",")]
    written = pattern.format(f"col({comparison.column.name!r})", value)
    return f"({written})" if bracketed and " {!r}" in pattern else written
