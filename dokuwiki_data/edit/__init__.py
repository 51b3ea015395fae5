"""Pages with something changed: each function takes a page and returns a new one; all else stays as it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dokuwiki_data.edit.changes import Change, apply, changed
from dokuwiki_data.edit.fields import add_field, remove_field, rename_field, set_field
from dokuwiki_data.edit.places import Tree
from dokuwiki_data.edit.writing import Part
from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page

__all__ = [
    "EditError", "add_field", "insert_after", "insert_before", "remove", "remove_field", "rename_field", "replace",
    "set_field", "transform",
]  # fmt: skip

#: What may be put into a page: a node, markup as text, or several of both.
New = Part | Sequence[Part]

#: What a function of `transform` returns: the node itself to leave it, what is to take its place, or None to remove it.
Answer = New | None


def replace(page: Page, node: Node, new: New) -> Page:
    """The page with something else in the place of a node.

    ``node`` is one of the page's own. ``new`` is markup as text, which goes in as it is (in a quotation, its lines
    get markers), or a node, or a list of both. Of a node that is a changed copy of ``node`` only what differs is
    written. The new page is read with the syntax of the old one. Raises `EditError` if ``node`` is not of this page, a
    new one would not be read there as what it says, or anything else would be read otherwise than before.
    """
    return changed(page, [Change(node, _parts(new))])


def insert_before(page: Page, node: Node, new: New) -> Page:
    """The page with something in front of a node, see `replace`.

    Beside a block that stands among others it gets empty lines around it, beside an item, a row or a field
    a line of its own, and anywhere else it goes into the line as it is.
    """
    return changed(page, [Change(node, _parts(new), "before")])


def insert_after(page: Page, node: Node, new: New) -> Page:
    """The page with something behind a node, see `insert_before`."""
    return changed(page, [Change(node, _parts(new), "after")])


def remove(page: Page, node: Node) -> Page:
    """The page without a node. Items, rows and fields go with their line, of others the line ends around them stay.

    Raises `EditError` if anything else would be read otherwise without it.
    """
    return changed(page, [Change(node, ())])


def transform(page: Page, function: Callable[[Node], Answer]) -> Page:
    """The page with every node replaced by what a function makes of it.

    The function gets the nodes from the outside in, in the order of the source (not the page itself). It returns the
    same node, and then gets those inside of it; or what is to take its place: another node, markup as text, a list
    of both (which may have the node itself in it), or None to remove it. All is written and read again at once.
    Raises `EditError` as `replace` does.
    """
    changes: list[Change] = []
    waiting: list[Node] = list(reversed(page.children))
    while waiting:
        node = waiting.pop()
        answer = function(node)
        if answer is node:
            waiting += reversed(node.children)
        else:
            changes.append(Change(node, () if answer is None else _parts(answer)))
    return apply(Tree(page), changes) if changes else page


def _parts(new: New) -> tuple[Part, ...]:
    return (new,) if isinstance(new, (Node, str)) else tuple(new)
