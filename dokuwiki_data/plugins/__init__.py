"""Plugin syntaxes: those that come with this library, and those that other packages bring.

Another package brings one by an entry point of the group ``dokuwiki_data.plugins`` that leads to a `Plugin`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from dokuwiki_data.plugins.declaration import Plugin

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

#: The built-in ones, each a module of this package. The data plugin is read by the grammar itself.
BUILT_IN = (
    "comments", "keywords", "description",
    "wrap", "note", "color", "folded", "imgcaption",
    "tag", "include", "discussion", "redirect", "indexmenu", "gallery", "vshare", "struct", "macros",
)  # fmt: skip

DATA = "data"

#: Where other packages say that they bring plugins.
GROUP = "dokuwiki_data.plugins"


@cache
def find(name: str) -> Plugin:
    """The plugin of a name. Raises `ValueError` if there is none."""
    if name in BUILT_IN:
        plugin: Plugin = import_module(f"{__name__}.{name}").PLUGIN
        return plugin
    for found in _brought():
        if found.name != name:
            continue
        try:
            loaded = found.load()
        except Exception as error:  # whatever the code of somebody else does
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(f"the plugin {name!r} cannot be loaded: {reason}") from error
        if not isinstance(loaded, Plugin):
            raise ValueError(f"the entry point {found.value!r} of the plugin {name!r} is no Plugin")
        return loaded
    raise ValueError(f"unknown plugin {name!r}; known: {', '.join(known())}")


def known() -> list[str]:
    """The names of all plugins that can be had."""
    others = {found.name for found in _brought()}
    return [DATA, *BUILT_IN, *sorted(others - {DATA, *BUILT_IN})]


def chosen(names: str | Iterable[str | Plugin], active: Iterable[str | Plugin]) -> tuple[str | Plugin, ...]:
    """The plugins that are chosen by name, or by ``+name`` and ``-name`` out of those that are active.

    A text has its names between commas. ::

        chosen("+wrap,-comments", ("data", "comments"))  # ("data", "wrap")

    Raises `ValueError` for a plugin to leave out that is not known, and where only some names have a sign.
    """
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",") if name.strip()]
    names = tuple(names)
    signed = [name for name in names if isinstance(name, str) and name.startswith(("+", "-"))]
    if not signed:
        return names
    if len(signed) < len(names):
        raise ValueError("plugins have either all a sign (+ or -) in front of their names, or none")
    found = {plugin if isinstance(plugin, str) else plugin.name: plugin for plugin in active}
    for sign, name in ((name[0], name[1:]) for name in signed):
        if sign == "+":
            found.setdefault(name, name)
        elif name not in found and name not in known():
            raise ValueError(f"unknown plugin {name!r}; known: {', '.join(known())}")
        else:
            found.pop(name, None)
    return tuple(found.values())


def _brought() -> Iterable[EntryPoint]:
    """What other packages bring."""
    from importlib.metadata import entry_points  # takes 20 ms to import, and few bring any

    return entry_points(group=GROUP)
