"""Find what names moved pages and namespaces in the settings and access rules, which a move does not rewrite."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from dokuwiki_data.ids import clean_id
from dokuwiki_data.moving.renaming import Renaming, namespaces_above
from dokuwiki_data.wiki.access import read_access_rules
from dokuwiki_data.wiki.sources.source import WikiSource

#: Settings whose values are no names of pages, although they may look like them.
_OTHERS = frozenset(("lang", "template", "title", "license", "dmode", "fmode"))
#: Settings that are regular expressions for ids with a colon in front.
_PATTERNS = frozenset(("hidepages", "plugin/indexmenu/skip_index", "plugin/indexmenu/skip_file"))
#: What stands between the names in a regular expression: classes, groups, optional characters and the like.
_BETWEEN_NAMES = re.compile(
    r"\[\^?\]?[^\[\]]*\]|\\[A-Za-z0-9]|\(\?<?[a-zA-Z]*[:=!)]?|(?:\\?[^\\])?(?:[*?]|\{[0-9,]*\})|[.^$|()+]"
)
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


def mentions(
    source: WikiSource, pages: Mapping[str, str], media: Mapping[str, str], renaming: Renaming
) -> Iterator[Mention]:
    """Iterate over the settings and access rules that name what moves.

    Args:
        source: The wiki.
        pages: The new ids of pages.
        media: The new ids of media files.
        renaming: What is moved.
    """
    yield from _in_access_rules(source, renaming)
    yield from _in_settings(source, pages, media, renaming)


def _in_access_rules(source: WikiSource, renaming: Renaming) -> Iterator[Mention]:
    found = read_access_rules(source)
    for rule in found.rules if found else ():
        for change in islice(_renamed(rule.target, source, renaming), 1):
            yield Mention(f"the access rule of {rule.who} in acl.auth.php", *change)


def _in_settings(
    source: WikiSource, pages: Mapping[str, str], media: Mapping[str, str], renaming: Renaming
) -> Iterator[Mention]:
    known = {*pages, *(namespace for old in (*pages, *media) for namespace in namespaces_above(old))}
    values = {**_DEFAULTS, **source.settings.values}
    for name, value in values.items():
        if name in _OTHERS or not isinstance(value, str):
            continue
        if name in _PATTERNS:
            yield from (Mention(f"the setting {name}", *change) for change in _in_pattern(value, pages, renaming))
            continue
        for word in re.split(r"[\s,;]+", value):
            found = (change for change in _renamed(word, source, renaming) if _is_known(change[0], known))
            yield from (Mention(f"the setting {name}", *change) for change in islice(found, 1))
    sidebar = f":{values['sidebar']}"  # DokuWiki looks for it in each namespace
    for old, new in pages.items():
        if old.endswith(sidebar) and not new.endswith(sidebar):
            yield Mention("the setting sidebar", old, new)


def _in_pattern(pattern: str, pages: Mapping[str, str], renaming: Renaming) -> Iterator[tuple[str, str]]:
    """Iterate over old and new names of which only the old one contains a name that stands in a regular expression.

    The expression is not executed, since it may take any time. A name in it is told once, with the first namespace or
    page that moves and contains it.
    """
    found = [*renaming.pages.namespaces.items(), *pages.items()]
    names = {re.sub(r"\\(.)", r"\1", part).lower() for part in _BETWEEN_NAMES.split(pattern)} - {""}
    gone = ([one for one in found if name in f":{one[0]}" and name not in f":{one[1]}"][:1] for name in sorted(names))
    yield from dict.fromkeys(change for changes in gone for change in changes)


def _renamed(written: str, source: WikiSource, renaming: Renaming) -> Iterator[tuple[str, str]]:
    """Iterate over the old and the new name of a page, and then of a namespace, if they move."""
    name = written.removesuffix("*").strip(":")
    if not name or clean_id(name, source.settings.id_rules) != name:
        return
    if not written.endswith(("*", ":")) and (new := renaming.pages(name)) != name:
        yield name, new
    for moves in (renaming.pages, renaming.media):
        if (new := moves.namespace(name)) != name:
            yield f"{name}:", f"{new}:"


def _is_known(name: str, known: Collection[str]) -> bool:
    """Return whether a word of a setting names something that moves: all words look like names if everything moves."""
    top, colon, _ = name.partition(":")
    return name in known or (colon != "" and f"{top}:" in known)
