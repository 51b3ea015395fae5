"""How a wiki reads its pages: the release, the plugins and the settings that decide what counts as markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dokuwiki_data.syntax import grammar

RELEASES = ("2026-07-14",)
PLUGINS = ("data",)


@dataclass(frozen=True, slots=True)
class Syntax:
    """A wiki's syntax; the defaults are DokuWiki's own.

    ``typography`` is 0 (off), 1 (double quotation marks) or 2 (single ones too);
    ``camelcase`` makes links of ``CamelCase`` words. The names are DokuWiki's defaults
    where they are None; their order counts where one begins with another.

    Raises `ValueError` for a release, plugin or typography that is not known.
    """

    release: str = "2026-07-14"
    plugins: Iterable[str] = ("data",)
    typography: int = 1
    camelcase: bool = False
    acronyms: Iterable[str] | None = None
    smileys: Iterable[str] | None = None
    entities: Iterable[str] | None = None
    schemes: Iterable[str] | None = None

    def __post_init__(self) -> None:
        for name in ("plugins", "acronyms", "smileys", "entities", "schemes"):
            if (names := getattr(self, name)) is not None:
                object.__setattr__(self, name, tuple(names))  # of any iterable, so that a syntax has a hash
        if self.release not in RELEASES:
            raise ValueError(f"unknown release {self.release!r}; known: {', '.join(RELEASES)}")
        for plugin in self.plugins:
            if plugin not in PLUGINS:
                raise ValueError(f"unknown plugin {plugin!r}; known: {', '.join(PLUGINS)}")
        if self.typography not in (0, 1, 2):
            raise ValueError(f"typography is 0, 1 or 2, not {self.typography!r}")

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of a kind (``acronyms``, ``smileys``, ``entities``, ``schemes``) that count."""
        own: Iterable[str] | None = getattr(self, kind)
        return tuple(grammar.names()[kind] if own is None else own)
