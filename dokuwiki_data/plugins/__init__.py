"""The syntax of plugins: those that are built in, and everything that is needed to declare others.

A `Plugin` declares `Leaf` and `Container` markup. Each makes nodes of a class that is decorated with `node` and
derived from `PluginMarkup` (within a line), `PluginBlock` (on lines of its own) or `PluginContainer` (with other
markup in it)::

    @node
    class Ticket(PluginMarkup):
        number: int

        component = "ticket"

        def markup(self) -> str:
            return f"#{self.number}"

    PLUGIN = Plugin("ticket", (Leaf(r"#(?=\\d)\\d+\\b", lambda text: Ticket(int(text[1:])), sort=300),))

Pass it to `dokuwiki_data.Syntax`. A package can also provide it under a name by an entry point of the group
``dokuwiki_data.plugins`` that refers to the `Plugin`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.nodes.plugins import PluginBlock, PluginContainer, PluginMarkup
from dokuwiki_data.plugins.declaration import Category, Container, InnerHeading, Leaf, Plugin, SingleMode

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = [
    "Category", "Container", "EditError", "InnerHeading", "Leaf", "Node", "Plugin", "PluginBlock", "PluginContainer",
    "PluginMarkup", "SingleMode", "chosen", "find", "known", "node",
]  # fmt: skip

#: The built-in plugins, each a module of this package. The data plugin is part of the grammar.
BUILT_IN = (
    "comments", "keywords", "description",
    "wrap", "note", "color", "folded", "imgcaption",
    "tag", "include", "discussion", "redirect", "indexmenu", "gallery", "drawio", "vshare", "datatemplate",
    "struct",
    "macros",
)  # fmt: skip

DATA = "data"

#: The group of the entry points by which other packages provide plugins.
GROUP = "dokuwiki_data.plugins"


@cache
def find(name: str) -> Plugin:
    """Return the plugin with a name.

    Raises:
        ValueError: There is no such plugin, or it cannot be loaded.
    """
    if name in BUILT_IN:
        plugin: Plugin = import_module(f"{__name__}.{name}").PLUGIN
        return plugin
    for found in _provided():
        if found.name != name:
            continue
        try:
            loaded = found.load()
        except Exception as error:  # code of other packages may raise anything
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(f"the plugin {name!r} cannot be loaded: {reason}") from error
        if not isinstance(loaded, Plugin):
            raise ValueError(f"the entry point {found.value!r} of the plugin {name!r} is not a Plugin")
        return loaded
    raise ValueError(f"unknown plugin {name!r}; known: {', '.join(known())}")


def known() -> list[str]:
    """Return the names of all plugins that are available."""
    others = {found.name for found in _provided()}
    return [DATA, *BUILT_IN, *sorted(others - {DATA, *BUILT_IN})]


def chosen(names: str | Iterable[str | Plugin], active: Iterable[str | Plugin]) -> tuple[str | Plugin, ...]:
    """Return the plugins that are chosen by name, or by adding to the active ones or removing from them.

    Args:
        names: Plugins and names, or a text with names between commas. Either no name has a sign, or all: ``+name``
            adds a plugin, ``-name`` removes it.
        active: The active plugins.

    Raises:
        ValueError: A plugin to be removed (``-name``) is not known, or only some of the names have a sign.

    Example:
        >>> chosen("+wrap,-comments", ("data", "comments"))
        ('data', 'wrap')
    """
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",") if name.strip()]
    names = tuple(names)
    signed = [name for name in names if isinstance(name, str) and name.startswith(("+", "-"))]
    if not signed:
        return names
    if len(signed) < len(names):
        raise ValueError("either all names of plugins have a sign (+ or -), or none")
    found = {plugin if isinstance(plugin, str) else plugin.name: plugin for plugin in active}
    for sign, name in ((name[0], name[1:]) for name in signed):
        if sign == "+":
            found.setdefault(name, name)
        elif name not in found and name not in known():
            raise ValueError(f"unknown plugin {name!r}; known: {', '.join(known())}")
        else:
            found.pop(name, None)
    return tuple(found.values())


def _provided() -> Iterable[EntryPoint]:
    """Return the entry points of plugins in other packages."""
    from importlib.metadata import entry_points  # takes 20 ms and is rarely needed

    return entry_points(group=GROUP)
