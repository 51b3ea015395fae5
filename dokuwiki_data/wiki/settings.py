"""The settings of a wiki, read from its ``conf`` folder, and what depends on them: ids, links, syntax, answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from dokuwiki_data import plugins
from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.ids import IdRules
from dokuwiki_data.php import lower
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.syntax.configuration import RELEASES, Syntax
from dokuwiki_data.wiki.conf import PLUGIN_FILES, SETTINGS_FILES, Literal, merged_pairs, merged_schemes, read_php
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.links import LinkRules


@dataclass(frozen=True, slots=True)
class Settings:
    """A wiki's settings; where it has none, DokuWiki's own defaults.

    ``values``: every ``$conf[…]`` that is a literal, by name (``a/b`` for ``$conf['a']['b']``). ``syntax``: how its
    pages are read. ``labels``: what stands above columns of the data plugin's tables, by key. ``version``: what the
    file ``VERSION`` says.
    """

    values: Mapping[str, Literal] = field(default_factory=dict)
    syntax: Syntax = field(default_factory=Syntax)
    labels: Mapping[str, str] = field(default_factory=dict)
    version: str = ""

    @property
    def ids(self) -> IdRules:
        """What page ids depend on."""
        separator = self.text("sepchar", "_")
        return IdRules(
            deaccent=self.number("deaccent", 1),
            separator=separator if separator in ("_", "-", ".") else "_",
            use_slash=bool(self.number("useslash", 0)),
        )

    @property
    def possible_ids(self) -> tuple[IdRules, ...]:
        """What page ids may depend on where the wiki's settings are not there, but for some that are given.

        Of the ids that are clean under any setting of ``deaccent``, all are under 0.
        """
        known, names = self.ids, ("_", "-", ".") if "sepchar" not in self.values else (self.ids.separator,)
        deaccent = known.deaccent if "deaccent" in self.values else 0
        return tuple(replace(known, deaccent=deaccent, separator=name) for name in names)

    @property
    def links(self) -> LinkRules:
        """What links depend on."""
        return LinkRules(self.ids, self.text("start", "start"), bool(self.number("autoplural", 0)))

    @property
    def file_names(self) -> Encoding:
        """How ids are written as names of files."""
        found = self.text("fnencode", "url")
        return cast(Encoding, found) if found in ("url", "safe", "utf-8") else "url"

    @property
    def language(self) -> str:
        """The code of the wiki's language; ``en`` where it is none, since it leads to the names of files."""
        found = self.text("lang", "en")
        return found if re.fullmatch("[A-Za-z0-9_-]+", found) else "en"

    @property
    def uses_access_rules(self) -> bool:
        """Whether the rules of ``acl.auth.php`` count."""
        return bool(self.number("useacl", 0))

    def context(self, aliases: tuple[TypeAlias, ...] = (), **asking: Any) -> Context:
        """What answers depend on; ``asking`` are fields of the `Context`: who asks, and when."""
        return Context(
            aliases=aliases,
            language=self.language,
            labels=self.labels,
            useheading=self.text("useheading", "0") not in ("", "0", "False", "navigation"),
            use_dataresolve=bool(self.number("plugin/data/use_dataresolve", 1)),
            rownumbers=bool(self.number("plugin/data/rownumbers", 0)),
            **asking,
        )

    def text(self, name: str, default: str) -> str:
        """A setting that is a text."""
        found = self.values.get(name)
        return default if found is None else str(found)

    def number(self, name: str, default: int) -> int:
        """A setting that is a number; texts that are none count as PHP's true."""
        found = self.values.get(name, default)
        try:
            return int(found or 0)
        except (ValueError, OverflowError):
            return 1  # what PHP takes for true


#: Reads a file of the wiki's ``conf`` folder; None if it is not there.
ReadText = Callable[[str], str | None]


def read_settings(
    read: ReadText, version: str = "", installed: Collection[str] = (), given: Mapping[str, Literal] | None = None
) -> Settings:
    """The settings that the files of a ``conf`` folder make; those that are ``given`` come on top.

    ``version`` is what the wiki's ``VERSION`` says, ``installed`` are the names in its ``lib/plugins``; without them
    the plugins are those of `Syntax`. Raises nothing: files that are not there, and what in them cannot be read, leave
    DokuWiki's defaults.
    """

    def read_existing(*names: str) -> list[str]:
        return [text for name in names if (text := read(name)) is not None]

    values: dict[str, Literal] = {}
    for text in read_existing(*SETTINGS_FILES):
        values.update(read_php(text))
    values.update(given or {})
    settings = Settings(values)
    labels: dict[str, Literal] = {}
    for text in read_existing(*(f"lang/{code}/data-plugin.php" for code in ("en", settings.language))):
        labels.update(read_php(text, "$lang"))
    return Settings(
        values,
        replace(_syntax(settings, read_existing, version), plugins=_plugins(installed, read_existing)),
        {lower(name): str(label) for name, label in labels.items()},
        version,
    )


def _syntax(settings: Settings, read_existing: Callable[..., list[str]], version: str) -> Syntax:
    default = Syntax()

    def own(name: str, names: Mapping[str, str]) -> dict[str, str]:
        """DokuWiki's own names, unless the file with them is there."""
        return {} if read_existing(f"{name}.conf") else dict(names)

    def names(kind: str) -> tuple[str, ...]:
        known = own(kind, dict.fromkeys(default.names(kind), kind))
        return tuple(merged_pairs(known, read_existing(f"{kind}.conf", f"{kind}.local.conf")))

    interwiki = own("interwiki", default.addresses())
    schemes = () if read_existing("scheme.conf") else default.names("schemes")
    return Syntax(
        release=release_of(version),
        typography=min(max(settings.number("typography", 1), 0), 2),
        camelcase=bool(settings.number("camelcase", 0)),
        acronyms=names("acronyms"),
        smileys=names("smileys"),
        entities=names("entities"),
        schemes=merged_schemes(schemes, read_existing("scheme.conf", "scheme.local.conf")),
        interwiki=tuple(
            merged_pairs(interwiki, read_existing("interwiki.conf", "interwiki.local.conf"), lower=True).items()
        ),
    )


def _plugins(installed: Collection[str], read_existing: Callable[..., list[str]]) -> tuple[str | Plugin, ...]:
    """The plugins that are installed and not switched off, as far as their syntax is known here."""
    if not installed:
        return Syntax().plugins
    switches: dict[str, Literal] = {}
    for text in read_existing(*PLUGIN_FILES):
        switches.update(read_php(text, "$plugins"))
    active = {name for name in installed if switches.get(name, 1)}
    return tuple(name for name in plugins.known() if active & _folders(name))


def _folders(plugin: str) -> set[str]:
    """What a plugin is called in ``lib/plugins``."""
    return {plugin} if plugin == plugins.DATA else set(plugins.find(plugin).folders) or {plugin}


def release_of(version: str) -> str:
    """The release whose syntax a wiki of this ``VERSION`` has: the newest known one that is not younger.

    The oldest known one stands for all before it, and the newest for a version without a date.
    """
    dated = re.search("[0-9]{4}-[0-9]{2}-[0-9]{2}", version)
    if dated is None:
        return Syntax().release
    return max((release for release in RELEASES if release <= dated[0]), default=min(RELEASES))
