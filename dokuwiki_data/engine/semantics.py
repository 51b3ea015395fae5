"""The semantics of a query: as the plugin reads it, or as its author probably meant it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Semantics:
    """How to read a query. The defaults are those of the plugin, and the choices are independent of each other.

    Clouds, lists of tags and related pages follow the choices too. In the plugin, an OR in a cloud counts the values
    of every other column; with the brackets ``"or"``, only those of the selected column count. A page counts once for
    each combination of values that passes the filters; with ``"unequal"``, a comparison is made once with all values
    of a page. With ``"typed"``, clouds and related pages can compare ``%lastmod%``, which the plugin does not support.

    Attributes:
        brackets: With ``"and"``, AND binds tighter than OR, as in the plugin's SQL:
            ``filter a / filter b / filteror c`` is ``(a and b) or c``. With ``"or"``, each line narrows the result
            down, and the ``filteror`` lines after it widen it: ``a and (b or c)``.
        missing: With ``"drop"``, a page without the column matches only patterns (``~``, ``!~``). With ``"unequal"``,
            ``!=`` and ``!~`` match if *no* value of the page equals or looks like the value, so they match pages
            without values; and a missing value equals an empty one, so that ``volume =`` finds the pages without a
            volume and ``volume !=`` those with one.
        compare: With ``"text"``, values compare as text by code point, so ``10 < 9``. With ``"typed"``, two numbers
            compare as numbers, and ``%lastmod%`` as a date; other values compare as text.
        order: With ``"text"``, rows are sorted as text. With ``"natural"``, numbers in texts count as numbers, and
            case does not count.
        columns: With ``"all"``, the column ``*`` of a table or list stands for all columns that the query does not
            name and that one of its pages has. With ``"named"``, it is a column called ``*``.
        sort: With ``"several"``, a table or list with the line ``sort: type, ^name`` is sorted by both columns.
        dates: With ``"relative"``, ``%now% + 30 days`` in a filter is a day; the units are ``days``, ``weeks``,
            ``months`` and ``years``. With ``"now"``, only ``%now%`` is replaced.
    """

    brackets: Literal["and", "or"] = "and"
    missing: Literal["drop", "unequal"] = "drop"
    compare: Literal["text", "typed"] = "text"
    order: Literal["text", "natural"] = "text"
    columns: Literal["named", "all"] = "named"
    sort: Literal["one", "several"] = "one"
    dates: Literal["now", "relative"] = "now"

    @classmethod
    def of(cls, name: str | Semantics) -> Semantics:
        """Return the semantics ``"plugin"`` or ``"intuitive"``. Raises `ValueError` for other names."""
        if isinstance(name, Semantics):
            return name
        if not isinstance(name, str) or name not in SEMANTICS:
            raise ValueError(f"unknown semantics {name!r}; known: {', '.join(SEMANTICS)}")
        return SEMANTICS[name]


SEMANTICS = {
    "plugin": Semantics(),
    "intuitive": Semantics("or", "unequal", "typed", "natural", "all", "several", "relative"),
}
