"""The syntax of a wiki: the release, the plugins and the settings that decide what counts as markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dokuwiki_data import plugins
from dokuwiki_data.grammars import grammar
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.syntax import flavours, releases

RELEASES = tuple(releases.RELEASES)
FLAVOURS = tuple(flavours.FLAVOURS)
#: The flavour of releases that know no others.
OWN = FLAVOURS[0]


def flavours_of(release: str) -> tuple[str, ...]:
    """Return the flavours that a release reads.

    Example:
        >>> flavours_of("2026-07-14"), flavours_of("2025-05-14")
        (('dw', 'md', 'dw+md', 'md+dw'), ('dw',))
    """
    return FLAVOURS if releases.RELEASES[release].has_flavours else (OWN,)


@dataclass(frozen=True, slots=True)
class Syntax:
    """The syntax of a wiki; the defaults are DokuWiki's own.

    Any iterable may be given for a tuple. The order of names counts if one begins with another.

    Attributes:
        release: The release of DokuWiki, one of `RELEASES`; 2025-05-14 also stands for the years before it.
        flavour: Which of DokuWiki's own syntax and of Markdown counts, one of `FLAVOURS`: ``dw``, ``md``, or both, of
            which the first is preferred: ``dw+md``, ``md+dw``. Release 2025-05-14 only knows ``dw``.
        plugins: The plugins whose markup is read: names (see `dokuwiki_data.plugins.known`) or declarations.
        typography: Which quotation marks are replaced: 0 (none), 1 (double ones) or 2 (single ones too).
        camelcase: Whether ``CamelCase`` words are links.
        acronyms: The abbreviations; None for DokuWiki's own, as below.
        smileys: The smileys.
        entities: The sequences that are replaced by typographic characters.
        schemes: The schemes of addresses that are links without brackets.
        interwiki: Pairs of a shortcut and an address for links to other wikis. They do not change how a page is read.

    Raises:
        ValueError: The release, the flavour, a plugin or the typography is unknown, or the release has no flavours.

    Example:
        >>> import dokuwiki_data as dw
        >>> syntax = dw.Syntax(release="2025-05-14", plugins=("data", "color"))
        >>> dw.parse("<color red>Stop</color>", syntax=syntax).find(dw.plugins.color.Color).color
        'red'
    """

    release: str = "2026-07-14"
    plugins: tuple[str | Plugin, ...] = (plugins.DATA, "comments", "keywords", "description")
    typography: int = 1
    camelcase: bool = False
    acronyms: tuple[str, ...] | None = None
    smileys: tuple[str, ...] | None = None
    entities: tuple[str, ...] | None = None
    schemes: tuple[str, ...] | None = None
    interwiki: tuple[tuple[str, str], ...] | None = None
    flavour: str = OWN

    def __post_init__(self) -> None:
        for name in ("plugins", "acronyms", "smileys", "entities", "schemes", "interwiki"):
            if isinstance(names := getattr(self, name), str):
                raise ValueError(f"{name} are a tuple of names, not the text {names!r}")
            if names is not None:
                pairs = name == "interwiki" and isinstance(names, dict)
                object.__setattr__(self, name, tuple(names.items() if pairs else names))  # so that it has a hash
        if self.release not in RELEASES:
            raise ValueError(f"unknown release {self.release!r}; known: {', '.join(RELEASES)}")
        if self.flavour not in FLAVOURS:
            raise ValueError(f"unknown flavour {self.flavour!r}; known: {', '.join(FLAVOURS)}")
        if self.flavour not in flavours_of(self.release):
            raise ValueError(f"release {self.release} of DokuWiki knows no Markdown: it cannot read {self.flavour!r}")
        self.declared()
        if self.typography not in (0, 1, 2):
            raise ValueError(f"typography is 0, 1 or 2, not {self.typography!r}")

    def chosen(
        self,
        release: str | None = None,
        plugin_names: str | Iterable[str | Plugin] | None = None,
        flavour: str | None = None,
    ) -> Syntax:
        """Return a copy with another release, other plugins or another flavour.

        Args:
            release: The release; None to keep it.
            plugin_names: The plugins, see `dokuwiki_data.plugins.chosen`; None to keep them.
            flavour: The flavour; None to keep it, unless the release has no flavours.

        Raises:
            ValueError: The release, a plugin or the flavour is unknown, or the release has no flavours.

        Example:
            >>> Syntax().chosen(plugin_names="+wrap,-comments").plugins
            ('data', 'keywords', 'description', 'wrap')
        """
        active = self.plugins if plugin_names is None else plugins.chosen(plugin_names, self.plugins)
        release = self.release if release is None else release
        if flavour is None:
            flavour = self.flavour if release in RELEASES and self.flavour in flavours_of(release) else OWN
        return replace(self, release=release, plugins=active, flavour=flavour)

    def declared(self) -> list[Plugin]:
        """Return the plugins that declare their markup. The data plugin is left out, since the grammar reads it."""
        names = [plugin for plugin in self.plugins if plugin != plugins.DATA]
        return [plugins.find(plugin) if isinstance(plugin, str) else plugin for plugin in names]

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of a kind: ``acronyms``, ``smileys``, ``entities`` or ``schemes``."""
        own: tuple[str, ...] | None = getattr(self, kind)
        return tuple(grammar.names()[kind] if own is None else own)

    def addresses(self) -> dict[str, str]:
        """Return the addresses of other wikis by shortcut. ``{NAME}`` or ``{URL}`` in one stands for the reference."""
        own = self.interwiki
        return dict(grammar.names()["interwiki"] if own is None else own)
