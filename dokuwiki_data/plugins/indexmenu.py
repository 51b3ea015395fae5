"""The plugin *indexmenu*: ``{{indexmenu>namespace|options}}`` shows a tree of pages."""

from __future__ import annotations

from dokuwiki_data.php import integer, numeric
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, PluginMarkup, node


@node
class IndexMenu(PluginBlock):
    """A tree of the pages of a namespace.

    ``namespace`` is its name as written, nothing for that of this page. ``level``: down to which one it is open, None
    for all. ``opened``: namespaces below that are open, too, each as written (``name`` or ``name#level``).
    ``options``, as written: ``js``, ``nons``, ``skipns=/…/``.
    """

    namespace: str
    level: int | None = None
    opened: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    component = "indexmenu_indexmenu"

    def markup(self) -> str:
        # What is behind the last # is the level, so an empty one keeps those of the name apart.
        marked = self.level is not None or "#" in self.namespace or (self.opened and not self.namespace)
        first = f"{self.namespace}{'#' if marked else ''}{'' if self.level is None else self.level}"
        asked = " ".join((first, *self.opened))
        options = f"|{' '.join(self.options)}" if self.options or not asked else ""
        return f"{{{{indexmenu>{asked}{options}}}}}"


@node
class IndexMenuOrder(PluginMarkup):
    """Where this page comes in such trees: a number, as written."""

    order: str

    component = "indexmenu_tag"

    def markup(self) -> str:
        return f"{{{{indexmenu_n>{self.order}}}}}"


def _menu(text: str) -> IndexMenu:
    namespaces, _, options = text[len("{{indexmenu>") : -2].partition("|")
    first, *opened = list(filter(None, namespaces.split(" "))) or [""]
    namespace, _, behind = first.rpartition("#") if "#" in first else (first, "", "")
    level = (behind.split() or [""])[0]
    return IndexMenu(
        namespace,
        integer(level) if numeric(level) is not None and integer(level) >= 0 else None,
        tuple(opened),
        tuple(filter(None, options.split(" "))),
    )


def _order(text: str) -> IndexMenuOrder:
    return IndexMenuOrder(text[len("{{indexmenu_n>") : -2].replace("\u200b", ""))


PLUGIN = Plugin(
    "indexmenu",
    (
        Leaf(r"\{\{indexmenu>.", _menu, end=r"\}\}", sort=138),
        Leaf(r"\{\{indexmenu_n>.", _order, end=r"\}\}", sort=139),
    ),
)
