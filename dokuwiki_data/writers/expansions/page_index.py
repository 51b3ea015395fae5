"""Expansion of the plugin *indexmenu*: a tree of pages as lists of links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.plugins.indexmenu import IndexMenu
from dokuwiki_data.writers.expansions.expansion import Expand, link_to, pages_below, resolved_namespace

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: Below this depth a tree is not shown: ids may have any number of parts.
_DEEPEST = 50


def _menu(node: IndexMenu, page: ResolvedPage) -> tuple[Node, ...] | None:
    namespace = resolved_namespace(":" if node.namespace == ".." else node.namespace, page)
    found = pages_below(namespace, page)
    if "nons" in node.options:
        items = [blocks.ListItem(1, (link_to(one, _label(one, page)),)) for one in found]
        return (blocks.List(False, tuple(items)),) if items else None
    depth = _DEEPEST if node.level is None or "js" in node.options else max(node.level, 1)
    head = _head(namespace, found, page)
    tree = _list([one for one in found if one != head], namespace, 1, min(depth, _DEEPEST), page)
    return None if tree is None else (tree,)


def _list(page_ids: list[str], namespace: str, level: int, depth: int, page: ResolvedPage) -> blocks.List | None:
    """Return the pages of a namespace as a list: namespaces in it first, each with the list of its own pages."""
    before = len(namespace) + 1 if namespace else 0
    by_namespace: dict[str, list[str]] = {}
    pages = []
    for page_id in page_ids:
        name, colon, _ = page_id[before:].partition(":")
        if colon:
            by_namespace.setdefault(page_id[: before + len(name)], []).append(page_id)
        else:
            pages.append(page_id)
    items = []
    for inner, its in by_namespace.items():
        name, head = inner[before:], _head(inner, its, page)
        below = [one for one in its if one != head]
        lists = _list(below, inner, level + 1, depth, page) if level < depth else None
        label: Node = link_to(head, _label(head, page, name)) if head else inline.Text(name)
        items.append(blocks.ListItem(level, (label,), (lists,) if lists else ()))
    items += [blocks.ListItem(level, (link_to(one, _label(one, page)),)) for one in pages]
    return blocks.List(False, tuple(items)) if items else None


def _head(namespace: str, page_ids: list[str], page: ResolvedPage) -> str | None:
    """Return the page that stands for a namespace: its start page, or that of its own name in it."""
    start = page.site.links.rules.start_page
    prefix = f"{namespace}:" if namespace else ""
    candidates = (f"{prefix}{start}", f"{prefix}{namespace.rpartition(':')[2]}")
    return next((one for one in candidates if one in page_ids), None)


def _label(page_id: str, page: ResolvedPage, name: str = "") -> str:
    title = page.site.title_of(page_id) if page.site.use_heading else None
    return title or name or page_id.rpartition(":")[2]


EXPANSIONS: dict[type, Expand] = {IndexMenu: _menu}
