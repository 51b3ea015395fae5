"""Who asks, when, and what the wiki's administrator has set: all that a result depends on beside the pages."""

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
    """A type that a wiki's administrator has defined: a base type, text around each value, and the values allowed.

    ``values``: the allowed values, comma separated; all are allowed if it is empty.
    """

    name: str
    type: str = ""
    prefix: str = ""
    postfix: str = ""
    values: str = ""


class ColumnType(NamedTuple):
    """What a column's type means in a wiki: ``base`` is a type of the plugin's own, or any word for plain text."""

    base: str
    prefix: str = ""
    postfix: str = ""
    allowed: str = ""


@dataclass(frozen=True)
class Context:
    """What a result depends on beside the pages.

    ``today`` is what ``%now%`` stands for; without it ``%now%`` stays as it is. ``user`` and ``groups`` are for
    ``%user%`` and ``%groups%``, ``language`` for ``%lang%`` and ``translation`` (of the translation plugin) for
    ``%trans%``. ``aliases`` are the wiki's own types, ``labels`` its names of columns, by key.

    The rest are settings of the wiki with DokuWiki's defaults: ``useheading`` (pages are named by their
    first heading), ``use_dataresolve`` (patterns look at values with prefix, postfix and title),
    ``rownumbers`` (tables are numbered where a query does not say).
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
            alias.name: ColumnType(*map(_set, (alias.type, alias.prefix, alias.postfix, alias.values)))
            for alias in self.aliases
        }

    def type_of(self, column: Column) -> ColumnType:
        """What the type of a column means here."""
        return self._types.get(column.type) or ColumnType(column.type)

    def shown_type_of(self, column: Column) -> ColumnType:
        """The same for what people see: the language filled into prefix and postfix.

        Titles of pages are shown as they are; what their type adds belongs to the page that they link to.
        """
        type_ = self.type_of(column)
        if column.key == "%title%" and type_.base == "title":
            return ColumnType(type_.base)
        return type_._replace(prefix=self.fill_language(type_.prefix), postfix=self.fill_language(type_.postfix))

    @cached_property
    def _placeholders(self) -> tuple[tuple[str, str], ...]:
        # What stands for several groups is meant for a list in the plugin's SQL.
        filled = [("%user%", self.user), ("%groups%", "','".join(self.groups))]
        if self.today is not None:
            filled.append(("%now%", self.today.isoformat()))
        return (*filled, *self._languages)

    @property
    def filling(self) -> tuple[object, ...]:
        """All that placeholders in values may be replaced by."""
        return self._placeholders

    @property
    def _languages(self) -> tuple[tuple[str, str], ...]:
        return ("%lang%", self.language), ("%trans%", self.translation)

    def fill(self, text: str) -> str:
        """A text with its placeholders replaced: user, groups, today, language."""
        return _replace(text, self._placeholders) if "%" in text else text

    def fill_language(self, text: str) -> str:
        """A text with the placeholders replaced that are for what is shown."""
        return _replace(text, self._languages) if "%" in text else text

    def resolve(self, type_: ColumnType, value: str) -> str:
        """A value with the prefix and postfix of its type."""
        return self.fill_language(type_.prefix + value + type_.postfix)


def _set(setting: str) -> str:
    """A setting of an alias; ``0`` is none to PHP."""
    setting = setting.strip(BLANKS)
    return "" if setting == "0" else setting


def _replace(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    for placeholder, filling in pairs:
        text = text.replace(placeholder, filling)
    return text
