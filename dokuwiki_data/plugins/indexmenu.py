"""The plugin *indexmenu*: ``{{indexmenu>namespace|options}}`` shows a tree of pages."""

from __future__ import annotations

from dokuwiki_data.php import integer, numeric
from dokuwiki_data.plugins import Leaf, Plugin, PluginBlock, PluginMarkup, node


@node
class IndexMenu(PluginBlock):
    """A tree of the pages of a namespace.

    Attributes:
        namespace: The name of the namespace as written; empty for that of this page.
        level: The level down to which the tree is open, or None for all levels.
        opened: Deeper namespaces that are open too, as written: ``name`` or ``name#level``.
        options: The options as written, such as ``js``, ``nons`` or ``skipns=/…/``.
    """

    namespace: str
    level: int | None = None
    opened: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    component = "indexmenu_indexmenu"

    def markup(self) -> str:
        # The level follows the last #, so a name with # needs one even without a level.
        marked = self.level is not None or "#" in self.namespace or (self.opened and not self.namespace)
        first = f"{self.namespace}{'#' if marked else ''}{'' if self.level is None else self.level}"
        namespaces = " ".join((first, *self.opened))
        options = f"|{' '.join(self.options)}" if self.options or not namespaces else ""
        return f"{{{{indexmenu>{namespaces}{options}}}}}"


@node
class IndexMenuOrder(PluginMarkup):
    """The place of this page in such trees.

    Attributes:
        order: The number to sort by, as written.
    """

    order: str

    component = "indexmenu_tag"

    def markup(self) -> str:
        return f"{{{{indexmenu_n>{self.order}}}}}"


def _menu(text: str) -> IndexMenu:
    namespaces, _, options = text[len("{{indexmenu>") : -2].partition("|")
    first, *opened = list(filter(None, namespaces.split(" "))) or [""]
    namespace, _, rest = first.rpartition("#") if "#" in first else (first, "", "")
    level = (rest.split() or [""])[0]
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
