"""How a query is read: as the plugin does, or as its author probably meant it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Semantics:
    """The choices in reading a query; each can be made on its own. The defaults are the plugin's.

    ``brackets``: ``"and"`` - AND binds tighter than OR, as in the plugin's SQL, so that
    ``filter a / filter b / filteror c`` is ``(a and b) or c``. ``"or"`` - lines are read as steps that narrow
    the result down, and a ``filteror`` widens the step right before it: ``a and (b or c)``. In other words,
    a run of ``filteror`` lines belongs to the line before the run, and a leading one begins the first step.

    ``missing``: ``"drop"`` - a page without the column fits no comparison but (un)like. ``"unequal"`` - ``!=`` and
    ``!~`` mean that *no* value of the page equals or looks like it, so they hold for pages without one. And to have
    no value is to have an empty one: ``volume =`` finds the pages without a volume, ``volume !=`` those with one.

    ``compare``: ``"text"`` - values compare as texts by code point, so ``10 < 9``. ``"typed"`` - two numbers
    compare as numbers, and dates of ``%lastmod%`` as dates; other values as texts.

    ``order``: ``"text"`` - rows are sorted by text. ``"natural"`` - numbers inside texts count as numbers,
    and letter case does not count.

    Clouds, lists of tags and related pages follow the choices too. In the plugin's reading an OR in a cloud lets
    the values of every other column count; under the brackets ``"or"`` only those of the column selected do. A page
    counts once for each combination of values that passes its filters; ``"unequal"`` asks a page once for all its
    values. ``"typed"`` lets clouds and related pages ask for ``%lastmod%``, which the plugin's do not know.
    """

    brackets: Literal["and", "or"] = "and"
    missing: Literal["drop", "unequal"] = "drop"
    compare: Literal["text", "typed"] = "text"
    order: Literal["text", "natural"] = "text"

    @classmethod
    def of(cls, name: str | Semantics) -> Semantics:
        """The semantics called ``"plugin"`` or ``"intuitive"``; raises `ValueError` for other names."""
        if isinstance(name, Semantics):
            return name
        if not isinstance(name, str) or name not in SEMANTICS:
            raise ValueError(f"unknown semantics {name!r}; known: {', '.join(SEMANTICS)}")
        return SEMANTICS[name]


SEMANTICS = {
    "plugin": Semantics(),
    "intuitive": Semantics("or", "unequal", "typed", "natural"),
}
