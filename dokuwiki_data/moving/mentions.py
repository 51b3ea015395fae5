"""Find what names moved pages and namespaces in the settings and access rules, which a move does not rewrite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dokuwiki_data.ids import clean_id
from dokuwiki_data.moving.renaming import Renaming
from dokuwiki_data.wiki.access import read_access_rules
from dokuwiki_data.wiki.sources.source import WikiSource

#: Settings whose values are no names of pages, although they may look like them.
_OTHERS = frozenset(("lang", "template", "title", "license", "dmode", "fmode"))
#: The settings that name a page, with DokuWiki's defaults.
_DEFAULTS = {"start": "start", "sidebar": "sidebar"}


class Mention(NamedTuple):
    """A setting or an access rule that names something under its old name.

    Attributes:
        place: What names it, such as ``the access rule of @staff`` or ``the setting start``.
        old: The old name; that of a namespace ends with a colon.
        new: The new name.
    """

    place: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.place} still names {self.old}, which is {self.new} now"


def mentions(source: WikiSource, pages: Mapping[str, str], renaming: Renaming) -> Iterator[Mention]:
    """Iterate over the settings and access rules that name what moves.

    Args:
        source: The wiki.
        pages: The new ids of pages.
        renaming: What is moved.
    """
    yield from _in_access_rules(source, renaming)
    yield from _in_settings(source, pages, renaming)


def _in_access_rules(source: WikiSource, renaming: Renaming) -> Iterator[Mention]:
    found = read_access_rules(source)
    for rule in found.rules if found else ():
        if (change := _renamed(rule.target, source, renaming)) is not None:
            yield Mention(f"the access rule of {rule.who} in acl.auth.php", *change)


def _in_settings(source: WikiSource, pages: Mapping[str, str], renaming: Renaming) -> Iterator[Mention]:
    values = {**_DEFAULTS, **source.settings.values}
    for name, value in values.items():
        if name in _OTHERS or not isinstance(value, str):
            continue
        for word in re.split(r"[\s,;]+", value):
            if word and (change := _renamed(word, source, renaming)) is not None:
                yield Mention(f"the setting {name}", *change)
    sidebar = f":{values['sidebar']}"  # DokuWiki looks for it in each namespace
    for old, new in pages.items():
        if old.endswith(sidebar) and not new.endswith(sidebar):
            yield Mention("the setting sidebar", old, new)


def _renamed(written: str, source: WikiSource, renaming: Renaming) -> tuple[str, str] | None:
    """Return the old and the new name of a page or a namespace; None if it stays or is neither."""
    name = written.removesuffix("*").strip(":")
    if not name or clean_id(name, source.settings.id_rules) != name:
        return None
    if not written.endswith(("*", ":")) and (new := renaming.pages(name)) != name:
        return name, new
    for moves in (renaming.pages, renaming.media):
        if (new := moves.namespace(name)) != name:
            return f"{name}:", f"{new}:"
    return None
