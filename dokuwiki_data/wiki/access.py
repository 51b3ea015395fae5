"""Who may do what: the rules of ``acl.auth.php``, as DokuWiki applies them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dokuwiki_data.errors import PageReadError
from dokuwiki_data.ids import DEFAULT_RULES, IdRules, clean_id, namespace_of
from dokuwiki_data.wiki.sources.files import joined
from dokuwiki_data.wiki.sources.opening import WikiSource

#: The levels, each of which includes those below it.
NONE, READ, EDIT, CREATE, UPLOAD, DELETE, ADMIN = 0, 1, 2, 4, 8, 16, 255


@dataclass(frozen=True, slots=True)
class AccessRule:
    """A line of the file: a page or a namespace (``a:*``), a user or an ``@group``, and a level."""

    target: str
    who: str
    level: int


@dataclass(frozen=True, slots=True)
class AccessRules:
    """All rules of a wiki, and its ``superusers`` (users and ``@groups``), who may do everything.

    Names of users and groups are cleaned as DokuWiki's own list of users does it.
    """

    rules: tuple[AccessRule, ...]
    superusers: tuple[str, ...] = ()
    ids: IdRules = DEFAULT_RULES

    @classmethod
    def parse(cls, text: str, superusers: str = "", ids: IdRules = DEFAULT_RULES) -> AccessRules:
        """The rules that a file holds; lines that are none are left out. ``superusers``: names between commas."""
        lines = (line.partition("#")[0].split() for line in text.split("\n"))
        rules = (AccessRule(line[0], line[1], int(line[2])) for line in lines if len(line) >= 3 and line[2].isdecimal())
        return cls(tuple(rules), tuple(name.strip() for name in superusers.split(",") if name.strip()), ids)

    def level(self, page_id: str, user: str = "", groups: Collection[str] = ()) -> int:
        """What a user may do with a page: the highest level that the rules nearest to it grant.

        ``user`` is empty for a guest. Rules for the page itself are nearest, then those of its namespace, then those
        of the namespaces around it.
        """
        name, own = self._clean(user), [group.removeprefix("@") for group in groups]
        cleaned = list(map(self._clean, own))
        if {name, *("@" + group for group in cleaned)} & set(map(self._superuser, self.superusers)) - {""}:
            return ADMIN
        names = {"@ALL", *("@" + _encoded(group) for group in cleaned)} | ({_encoded(name)} if name else set())
        rules = [rule for rule in self._filled(user, own) if rule.who in names]
        for target in _targets(page_id):
            levels = [rule.level for rule in rules if rule.target == target]
            if levels:
                return min(max(levels), DELETE)
        return NONE

    def media_level(self, media_id: str, user: str = "", groups: Collection[str] = ()) -> int:
        """What a user may do with a media file: that is what he may do in its namespace."""
        namespace = namespace_of(media_id)
        return self.level(f"{namespace}:*" if namespace else "*", user, groups)

    def _clean(self, name: str) -> str:
        return clean_id(re.sub("[:/;]", "_", name), self.ids)

    def _superuser(self, name: str) -> str:
        return "@" + self._clean(name[1:]) if name.startswith("@") else self._clean(name)

    def _filled(self, user: str, groups: Collection[str]) -> Iterator[AccessRule]:
        """The rules with ``%USER%`` and ``%GROUP%`` as whoever asks; guests have neither.

        Names are not cleaned there: DokuWiki grants ``%GROUP%`` nothing to a group with capital letters.
        """
        for rule in self.rules:
            target, who, level = rule.target, rule.who, rule.level
            if "%USER%" in target + who:
                if not user:
                    continue
                target = target.replace("%USER%", clean_id(user, self.ids))
                who = who.replace("%USER%", _encoded(user))
            if "%GROUP%" not in target + who:
                yield AccessRule(target, who, level)
                continue
            for group in groups:
                in_group = target.replace("%GROUP%", clean_id(group, self.ids))
                yield AccessRule(in_group, who.replace("%GROUP%", "@" + _encoded(group)), level)


def read_access_rules(source: WikiSource) -> AccessRules | None:
    """The rules of a wiki, None if it lets everybody do everything, or if its settings are not there."""
    conf, settings = source.layout.conf, source.settings
    if conf is None or not settings.uses_access_rules:
        return None
    text = ""  # without a file, DokuWiki lets nobody in
    for place in (conf, *(joined(home, "acl") for home in source.layout.homes)):  # the latter in Debian's package
        try:
            text = source.read(joined(place, "acl.auth.php")).decode("utf-8", "surrogateescape")
            break
        except PageReadError:
            continue
    return AccessRules.parse(text, settings.text("superuser", ""), settings.ids)


def _targets(page_id: str) -> Iterator[str]:
    yield page_id
    namespace = namespace_of(page_id)
    while namespace:
        yield namespace + ":*"
        namespace = namespace_of(namespace)
    yield "*"


def _encoded(name: str) -> str:
    """As DokuWiki writes names there: ASCII characters but letters and digits as ``%`` and two hexadecimal digits."""
    return "".join(f"%{ord(letter):x}" if letter.isascii() and not letter.isalnum() else letter for letter in name)
