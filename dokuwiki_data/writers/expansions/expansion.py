"""What expansions share: their type, and lists and tables made of nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.wiki.links import no_page_exists, resolve_page

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: Returns the nodes that stand for a node; None if it shows nothing that could be found.
Expand = Callable[[Any, "ResolvedPage"], tuple[Node, ...] | None]


def resolved_id(target: str, page: ResolvedPage) -> str:
    """Return the id of a page that markup names, seen from where it stands, with ``#`` and the anchor if it has one."""
    links = page.site.links
    exists = no_page_exists if links.pages is None else links.pages.__contains__
    return resolve_page(target, page.base, links.rules, exists)


def resolved_namespace(name: str, page: ResolvedPage) -> str:
    """Return the id of a namespace that markup names; empty for the outermost."""
    return resolve_page(f"{name}:x", page.base, page.site.links.rules).rpartition(":")[0]


def pages_below(namespace: str, page: ResolvedPage) -> list[str]:
    """Return the pages in and below a namespace, sorted."""
    prefix = f"{namespace}:" if namespace else ""
    return sorted(page_id for page_id in page.site.links.pages or () if page_id.startswith(prefix))


def link_to(page_id: str, title: str | None = None) -> Node:
    """Return a link to a page by its id."""
    return inline.InternalLink(f":{page_id}", title)


def list_of(items: Iterable[Iterable[Node]], level: int = 1) -> Node:
    """Return a list of items."""
    return blocks.List(False, tuple(blocks.ListItem(level, tuple(item)) for item in items))


def table_of(header: Sequence[str], rows: Sequence[Sequence[Node]]) -> Node:
    """Return a table with one node in each cell."""
    head = blocks.TableRow(tuple(blocks.TableCell((inline.Text(text),), True) for text in header), len(header))
    body = [blocks.TableRow(tuple(blocks.TableCell((cell,)) for cell in row), len(row)) for row in rows]
    return blocks.Table((head, *body), len(header), 1)
