"""Read the settings of a wiki from its ``conf`` folder, and derive the rules for ids, links, syntax and queries."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, cast

from dokuwiki_data import plugins
from dokuwiki_data.engine.context import Context, TypeAlias
from dokuwiki_data.ids import IdRules
from dokuwiki_data.php import lower
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.syntax.configuration import OWN, RELEASES, Syntax, flavours_of
from dokuwiki_data.wiki.conf import (
    PLUGIN_FILES,
    SETTINGS_FILES,
    Literal,
    merged_pairs,
    merged_schemes,
    plugin_switches,
    read_php,
)
from dokuwiki_data.wiki.file_names import Encoding
from dokuwiki_data.wiki.link_targets import LinkContext
from dokuwiki_data.wiki.links import LinkRules

#: The settings that have an effect here. Those of a plugin are called ``plugin/PLUGIN/NAME``.
USED_SETTINGS = frozenset((
    "savedir", "datadir", "olddir", "metadir", "mediadir", "mediaolddir", "mediametadir",
    "deaccent", "sepchar", "useslash", "fnencode", "start", "autoplural", "sidebar",
    "lang", "syntax", "typography", "camelcase", "useheading", "dformat",
    "title", "baseurl", "basedir", "license", "useacl", "superuser", "compression", "locktime",
    "plugin/data/use_dataresolve", "plugin/data/rownumbers", "plugin/tag/namespace",
    "plugin/include/doindent", "plugin/include/firstseconly", "plugin/include/linkonly", "plugin/include/noheader",
    "plugin/include/readmore", "plugin/include/rsort", "plugin/include/title",
))  # fmt: skip


def check_settings(given: Mapping[str, Literal]) -> None:
    """Raise `ValueError` for a setting whose value is not a literal, or that has no effect.

    Settings without an effect are refused because most of them are misspelled.
    """
    for name, value in given.items():
        if not isinstance(value, Literal | None):
            raise ValueError(f"the setting {name!r} must be a string, a number or a Boolean, not {value!r}")
        if name not in USED_SETTINGS:
            near = get_close_matches(name, sorted(USED_SETTINGS), cutoff=0.75)
            if near:
                raise ValueError(f"unknown setting {name!r}: did you mean {' or '.join(map(repr, near))}?")
            raise ValueError(f"the setting {name!r} has no effect here; known: {', '.join(sorted(USED_SETTINGS))}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a wiki. DokuWiki's defaults apply to those that the wiki does not set.

    Attributes:
        values: Every ``$conf[…]`` whose value is a literal, by name (``a/b`` for ``$conf['a']['b']``).
        syntax: How the pages are read.
        labels: The headers of columns in the data plugin's tables, by the key of the column.
        version: The content of the file ``VERSION``.
        replacements: What the wiki's own files of ``acronyms``, ``entities`` and ``smileys`` say, by the kind.
    """

    values: Mapping[str, Literal] = field(default_factory=dict)
    syntax: Syntax = field(default_factory=Syntax)
    labels: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    replacements: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def id_rules(self) -> IdRules:
        """The rules for page ids."""
        separator = self.text("sepchar", "_")
        return IdRules(
            deaccent=self.number("deaccent", 1),
            separator=separator if separator in ("_", "-", ".") else "_",
            use_slash=bool(self.number("useslash", 0)),
        )

    @property
    def possible_ids(self) -> tuple[IdRules, ...]:
        """The rules for page ids that are possible if the wiki's settings are unknown except for ``values``.

        ``deaccent`` is 0 where it is unknown, since an id that is clean under any value is clean under 0.
        """
        known, names = self.id_rules, ("_", "-", ".") if "sepchar" not in self.values else (self.id_rules.separator,)
        deaccent = known.deaccent if "deaccent" in self.values else 0
        return tuple(known._replace(deaccent=deaccent, separator=name) for name in names)

    @property
    def link_rules(self) -> LinkRules:
        """The rules for links."""
        return LinkRules(self.id_rules, self.text("start", "start"), bool(self.number("autoplural", 0)))

    def link_context(self, pages: Collection[str] | None, media: Collection[str] | None) -> LinkContext:
        """Return what is needed to resolve links; pages and media files are given by their ids, None if unknown."""
        return LinkContext(self.link_rules, self.syntax.addresses(), pages, media)

    @property
    def file_names(self) -> Encoding:
        """The encoding of ids in file names (DokuWiki's ``fnencode``)."""
        found = self.text("fnencode", "url")
        return cast(Encoding, found) if found in ("url", "safe", "utf-8") else "url"

    @property
    def language(self) -> str:
        """The code of the wiki's language; ``en`` if the setting is not a code, since it becomes part of file names."""
        found = self.text("lang", "en")
        return found if re.fullmatch("[A-Za-z0-9_-]+", found) else "en"

    @property
    def uses_access_rules(self) -> bool:
        """Whether the rules in ``acl.auth.php`` apply."""
        return bool(self.number("useacl", 0))

    def context(self, aliases: tuple[TypeAlias, ...] = (), **asking: Any) -> Context:
        """Return the context for queries: these settings and the type aliases.

        Args:
            aliases: The type aliases of the data plugin.
            asking: Other fields of `Context`, such as ``user`` and ``today``.
        """
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
        """Return a setting as text."""
        found = self.values.get(name)
        return default if found is None else str(found)

    def number(self, name: str, default: int) -> int:
        """Return a setting as an integer; text that is not a number counts as 1, as PHP's true."""
        found = self.values.get(name, default)
        try:
            return int(found or 0)
        except (ValueError, OverflowError):
            return 1


#: Returns the text of a file in the wiki's ``conf`` folder; None if there is no such file.
ReadText = Callable[[str], str | None]


def read_settings(
    read: ReadText, version: str = "", installed: Collection[str] = (), given: Mapping[str, Literal] | None = None
) -> Settings:
    """Return the settings in the files of a ``conf`` folder.

    DokuWiki's defaults apply to what is missing or cannot be read; no exception is raised.

    Args:
        read: Returns the text of a file in the folder.
        version: The content of the wiki's ``VERSION``, which decides on the release.
        installed: The names of the folders in ``lib/plugins``. If empty, the plugins are those of `Syntax`.
        given: Settings that override those in the files.
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
        {
            kind: pairs
            for kind in ("acronyms", "entities", "smileys")
            if (pairs := merged_pairs({}, read_existing(f"{kind}.conf", f"{kind}.local.conf")))
        },
    )


def _syntax(settings: Settings, read_existing: Callable[..., list[str]], version: str) -> Syntax:
    default = Syntax()

    def defaults(name: str, names: Mapping[str, str]) -> dict[str, str]:
        """Return DokuWiki's own names, unless the wiki has the file that lists them."""
        return {} if read_existing(f"{name}.conf") else dict(names)

    def names(kind: str) -> tuple[str, ...]:
        known = defaults(kind, dict.fromkeys(default.names(kind), kind))
        return tuple(merged_pairs(known, read_existing(f"{kind}.conf", f"{kind}.local.conf")))

    interwiki = defaults("interwiki", default.addresses())
    schemes = () if read_existing("scheme.conf") else default.names("schemes")
    release, flavour = release_of(version), settings.text("syntax", OWN)
    return Syntax(
        release=release,
        flavour=flavour if flavour in flavours_of(release) else OWN,  # earlier releases do not know the setting
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
    """Return the plugins with a known syntax that are installed and not disabled."""
    if not installed:
        return Syntax().plugins
    switches = plugin_switches(read_existing(*PLUGIN_FILES))
    active = {name for name in installed if switches.get(name, True)}
    return tuple(name for name in plugins.known() if active & _folders(name))


def _folders(plugin: str) -> set[str]:
    """Return the names of a plugin's folder in ``lib/plugins``."""
    return {plugin} if plugin == plugins.DATA else set(plugins.find(plugin).folders) or {plugin}


def release_of(version: str) -> str:
    r"""Return the supported release whose syntax a wiki with this ``VERSION`` has.

    That is the newest one that is not younger than the version; the oldest one for earlier versions, and the newest
    one for a version without a date.

    Example:
        >>> release_of("2025-05-14b \"Librarian\"")
        '2025-05-14'
    """
    dated = re.search("[0-9]{4}-[0-9]{2}-[0-9]{2}", version)
    if dated is None:
        return Syntax().release
    return max((release for release in RELEASES if release <= dated[0]), default=min(RELEASES))
