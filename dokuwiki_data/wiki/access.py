"""Access rules: read ``acl.auth.php`` and tell what a user may do, as DokuWiki does."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.ids import DEFAULT_RULES, IdRules, clean_id, namespace_of
from dokuwiki_data.php import integer
from dokuwiki_data.wiki.sources.files import join_path
from dokuwiki_data.wiki.sources.source import WikiSource

#: The access levels; each includes the ones below it.
NONE, READ, EDIT, CREATE, UPLOAD, DELETE, ADMIN = 0, 1, 2, 4, 8, 16, 255


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One line of ``acl.auth.php``: a page or a namespace (``a:*``), a user or an ``@group``, and a level."""

    target: str
    who: str
    level: int


@dataclass(frozen=True, slots=True)
class AccessRules:
    """The rules of a wiki, and its ``superusers`` (users and ``@groups``), who may do everything.

    Names of users and groups are cleaned as DokuWiki's default user list cleans them.
    """

    rules: tuple[AccessRule, ...]
    superusers: tuple[str, ...] = ()
    id_rules: IdRules = DEFAULT_RULES

    @classmethod
    def parse(cls, text: str, superusers: str = "", id_rules: IdRules = DEFAULT_RULES) -> AccessRules:
        """Parse the text of ``acl.auth.php``; skip lines that are not rules.

        Args:
            text: The content of the file.
            superusers: Names of users and ``@groups``, separated by commas.
            id_rules: The settings that page ids depend on.

        Example:
            >>> rules = AccessRules.parse("* @ALL 1")
            >>> rules.level("start") == READ
            True
        """
        lines = (line.partition("#")[0].split() for line in text.split("\n"))
        rules = (
            AccessRule(line[0], line[1], integer(line[2])) for line in lines if len(line) >= 3 and line[2].isdecimal()
        )
        return cls(tuple(rules), tuple(name.strip() for name in superusers.split(",") if name.strip()), id_rules)

    def level(self, page_id: str, user: str = "", groups: Collection[str] = ()) -> int:
        """Return a user's access level for a page: the highest that the closest matching rules grant.

        Rules for the page itself come first, then those for its namespace, then those for each parent namespace.

        Args:
            page_id: The id of the page.
            user: The name of the user; empty for a guest.
            groups: The user's groups, with or without ``@``.
        """
        return self.levels(user, groups)(page_id)

    def levels(self, user: str = "", groups: Collection[str] = ()) -> Callable[[str], int]:
        """Return the function from the id of a page to a user's level, as `level`; for many pages it is faster.

        Args:
            user: The name of the user; empty for a guest.
            groups: The user's groups, with or without ``@``.
        """
        name, own = self._clean(user), [group.removeprefix("@") for group in groups]
        cleaned = list(map(self._clean, own))
        if {name, *("@" + group for group in cleaned)} & set(map(self._clean_superuser, self.superusers)) - {""}:
            return lambda page_id: ADMIN
        names = {"@ALL", *("@" + _encoded(group) for group in cleaned)} | ({_encoded(name)} if name else set())
        highest: dict[str, int] = {}
        for rule in self._expanded(user, own):
            if rule.who in names:
                highest[rule.target] = max(highest.get(rule.target, NONE), min(rule.level, DELETE))
        return lambda page_id: next((highest[one] for one in _targets_of(page_id) if one in highest), NONE)

    def media_level(self, media_id: str, user: str = "", groups: Collection[str] = ()) -> int:
        """Return a user's access level for a media file, which is the level for its namespace."""
        namespace = namespace_of(media_id)
        return self.level(f"{namespace}:*" if namespace else "*", user, groups)

    def _clean(self, name: str) -> str:
        return clean_id(re.sub("[:/;]", "_", name), self.id_rules)

    def _clean_superuser(self, name: str) -> str:
        return "@" + self._clean(name[1:]) if name.startswith("@") else self._clean(name)

    def _expanded(self, user: str, groups: Collection[str]) -> Iterator[AccessRule]:
        """Yield the rules with ``%USER%`` and ``%GROUP%`` replaced; a guest has neither.

        Group names are not cleaned here: in DokuWiki, ``%GROUP%`` never matches a group with capital letters.
        """
        for rule in self.rules:
            target, who, level = rule.target, rule.who, rule.level
            if "%USER%" in target + who:
                if not user:
                    continue
                target = target.replace("%USER%", clean_id(user, self.id_rules))
                who = who.replace("%USER%", _encoded(user))
            if "%GROUP%" not in target + who:
                yield AccessRule(target, who, level)
                continue
            for group in groups:
                in_group = target.replace("%GROUP%", clean_id(group, self.id_rules))
                yield AccessRule(in_group, who.replace("%GROUP%", "@" + _encoded(group)), level)


def read_access_rules(source: WikiSource) -> AccessRules | None:
    """Read the access rules of a wiki; return None if it does not use any, or if it has no settings."""
    conf, settings = source.layout.conf, source.settings
    if conf is None or not settings.uses_access_rules:
        return None
    text = ""  # without a file, DokuWiki denies everything
    for place in (
        conf,
        *(join_path(home, "acl") for home in source.layout.homes),
    ):  # the latter is for Debian's package
        try:
            text = source.read(join_path(place, "acl.auth.php")).decode("utf-8", "surrogateescape")
            break
        except PageReadError:
            continue
    return AccessRules.parse(text, settings.text("superuser", ""), settings.id_rules)


def _targets_of(page_id: str) -> Iterator[str]:
    """Yield the targets of rules that apply to a page, the closest first."""
    yield page_id
    namespace = namespace_of(page_id)
    while namespace:
        yield namespace + ":*"
        namespace = namespace_of(namespace)
    yield "*"


def _encoded(name: str) -> str:
    """Encode a name as DokuWiki does in this file: ASCII punctuation becomes ``%`` and two hexadecimal digits."""
    return "".join(f"%{ord(letter):x}" if letter.isascii() and not letter.isalnum() else letter for letter in name)
