"""How a wiki reads its pages: the release, the plugins and the settings that decide what counts as markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dokuwiki_data import plugins
from dokuwiki_data.grammars import grammar
from dokuwiki_data.plugins.declaration import Plugin
from dokuwiki_data.syntax import releases

RELEASES = tuple(releases.RELEASES)


@dataclass(frozen=True, slots=True)
class Syntax:
    """A wiki's syntax; the defaults are DokuWiki's own.

    ``release`` is the release of DokuWiki, see `RELEASES`: 2025-05-14 stands for the years before it.
    ``typography`` is 0 (off), 1 (double quotation marks) or 2 (single ones too);
    ``camelcase`` makes links of ``CamelCase`` words. The names are DokuWiki's defaults
    where they are None; their order counts where one begins with another. ``interwiki`` has pairs of shortcut
    and address; a page is read without them, they say where its links lead. Any iterable may be given.
    ``plugins`` are names, see `dokuwiki_data.plugins.known`, or declarations.

    Raises `ValueError` for a release, plugin or typography that is not known.
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

    def __post_init__(self) -> None:
        for name in ("plugins", "acronyms", "smileys", "entities", "schemes", "interwiki"):
            if isinstance(names := getattr(self, name), str):
                raise ValueError(f"{name} are a tuple of names, not the text {names!r}")
            if names is not None:
                pairs = name == "interwiki" and isinstance(names, dict)
                object.__setattr__(self, name, tuple(names.items() if pairs else names))  # so that it has a hash
        if self.release not in RELEASES:
            raise ValueError(f"unknown release {self.release!r}; known: {', '.join(RELEASES)}")
        self.declared()
        if self.typography not in (0, 1, 2):
            raise ValueError(f"typography is 0, 1 or 2, not {self.typography!r}")

    def chosen(self, release: str | None = None, plugin_names: str | Iterable[str | Plugin] | None = None) -> Syntax:
        """The same with another release or other plugins (see `dokuwiki_data.plugins.chosen`), if they are given.

        Raises `ValueError` for a release or plugin that is not known.
        """
        active = self.plugins if plugin_names is None else plugins.chosen(plugin_names, self.plugins)
        return replace(self, release=self.release if release is None else release, plugins=active)

    def declared(self) -> list[Plugin]:
        """The plugins that declare their markup; the data plugin is not among them, the grammar reads it."""
        names = [plugin for plugin in self.plugins if plugin != plugins.DATA]
        return [plugins.find(plugin) if isinstance(plugin, str) else plugin for plugin in names]

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of a kind (``acronyms``, ``smileys``, ``entities``, ``schemes``) that count."""
        own: tuple[str, ...] | None = getattr(self, kind)
        return tuple(grammar.names()[kind] if own is None else own)

    def addresses(self) -> dict[str, str]:
        """The other wikis: the address of each shortcut, with ``{NAME}`` or ``{URL}`` where the reference goes."""
        own = self.interwiki
        return dict(grammar.names()["interwiki"] if own is None else own)
