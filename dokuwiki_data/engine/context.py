"""The context of a result: the user, the day, and the settings of the wiki."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from dokuwiki_data.php import BLANKS
from dokuwiki_data.query.columns import Column

PLACEHOLDER = re.compile(r"%(?:user|groups|now|lang|trans)%")


@dataclass(frozen=True, slots=True)
class TypeAlias:
    """A type of columns that a wiki's administrator has defined.

    Attributes:
        name: The name of the type in columns, such as ``grade`` in ``skill_grade``.
        type: The type of the plugin that it is based on, such as ``page``.
        prefix: The text that is shown before each value.
        postfix: The text that is shown after each value.
        values: The allowed values, separated by commas; if empty, all are allowed.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("---- dataentry ----\\nsize_cm: 12\\n----\\n", page_id="a")
        >>> context = dw.Context(aliases=[dw.TypeAlias("cm", postfix="cm")])
        >>> print(dw.Wiki.from_pages([page]).evaluate("cols: size_cm", context=context).to_text(), end="")
        size
        ────
        12cm
    """

    name: str
    type: str = ""
    prefix: str = ""
    postfix: str = ""
    values: str = ""


class ColumnType(NamedTuple):
    """The meaning of a column's type in a wiki.

    Attributes:
        base: A type of the plugin; any other word stands for plain text.
        prefix: The text that is shown before each value.
        postfix: The text that is shown after each value.
        allowed: The allowed values, separated by commas; if empty, all are allowed.
        kind: The kind that all values of the column are of, if it was inferred: ``integer``, ``number``, ``date`` or
            ``boolean``.
    """

    base: str
    prefix: str = ""
    postfix: str = ""
    allowed: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Context:
    """Everything that a result depends on besides the pages. `Wiki.context` returns the context of a wiki.

    Attributes:
        user: The name of the user, for ``%user%``.
        groups: The groups of the user, for ``%groups%``.
        today: The day for ``%now%``. With None, ``%now%`` is not replaced.
        aliases: The types that the wiki defines.
        language: The language of the wiki, for ``%lang%``.
        translation: The language of the page in the plugin *translation*, for ``%trans%``.
        labels: The wiki's own labels of columns, by key.
        useheading: Whether pages are named by their first heading.
        use_dataresolve: Whether patterns are compared with values including prefix, postfix and page title.
        rownumbers: Whether rows are numbered in queries without the option ``rownumbers``.

    Example:
        >>> import dokuwiki_data as dw
        >>> from datetime import date
        >>> wiki = dw.Wiki.open("examples/wiki")
        >>> context = wiki.context("ann", ["staff"], date(2026, 11, 21))
        >>> len(wiki.evaluate("cols: name; filter: reviewed_dt < %now%", context=context))
        26
    """

    user: str = ""
    groups: tuple[str, ...] = ()
    today: date | None = None
    aliases: tuple[TypeAlias, ...] = ()
    language: str = "en"
    translation: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    useheading: bool = False
    use_dataresolve: bool = True
    rownumbers: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", tuple(self.groups))
        object.__setattr__(self, "aliases", tuple(self.aliases))

    @cached_property
    def _types(self) -> dict[str, ColumnType]:
        return {
            alias.name: ColumnType(*map(_setting, (alias.type, alias.prefix, alias.postfix, alias.values)))
            for alias in self.aliases
        }

    def type_of(self, column: Column) -> ColumnType:
        """Return the meaning of a column's type."""
        return self._types.get(column.type) or ColumnType(column.type)

    def shown_type_of(self, column: Column) -> ColumnType:
        """Return the meaning of a column's type for display, with the language filled into prefix and postfix.

        Titles of pages have neither: their prefix and postfix belong to the page that they link to.
        """
        type_ = self.type_of(column)
        if column.key == "%title%" and type_.base == "title":
            return ColumnType(type_.base)
        if "%" not in type_.prefix and "%" not in type_.postfix:
            return type_
        return type_._replace(prefix=self.fill_language(type_.prefix), postfix=self.fill_language(type_.postfix))

    @cached_property
    def _placeholders(self) -> tuple[tuple[str, str], ...]:
        # The plugin writes several groups as items of a list in SQL.
        filled = [("%user%", self.user), ("%groups%", "','".join(self.groups))]
        if self.today is not None:
            filled.append(("%now%", self.today.isoformat()))
        return (*filled, *self._languages)

    @property
    def filling(self) -> tuple[object, ...]:
        """The placeholders of values with their replacements, as a key for caches."""
        return self._placeholders

    @property
    def _languages(self) -> tuple[tuple[str, str], ...]:
        return ("%lang%", self.language), ("%trans%", self.translation)

    def fill(self, text: str) -> str:
        """Return a text with its placeholders replaced: user, groups, day, languages."""
        return _replace(text, self._placeholders) if "%" in text else text

    def fill_language(self, text: str) -> str:
        """Return a text with the placeholders of the languages replaced, as for prefix and postfix."""
        return _replace(text, self._languages) if "%" in text else text

    def resolve(self, type_: ColumnType, value: str) -> str:
        """Return a value with the prefix and the postfix of its type."""
        return self.fill_language(type_.prefix + value + type_.postfix)


def _setting(text: str) -> str:
    """Return a setting of an alias. PHP treats ``0`` as an empty setting."""
    text = text.strip(BLANKS)
    return "" if text == "0" else text


def _replace(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for placeholder, filling in pairs:
        text = text.replace(placeholder, filling)
    return text
