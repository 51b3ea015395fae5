"""Edit pages: each function takes a page and returns a new one, in which everything else is unchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dokuwiki_data.edit.changes import NodeChange, apply, changed
from dokuwiki_data.edit.fields import add_field, remove_field, rename_field, set_field
from dokuwiki_data.edit.tree import Tree
from dokuwiki_data.edit.writing import Part
from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page

__all__ = [
    "EditError", "add_field", "insert_after", "insert_before", "remove", "remove_field", "rename_field", "replace",
    "set_field", "transform",
]  # fmt: skip

#: New content: a node, markup as text, or a sequence of both.
New = Part | Sequence[Part]

#: The result of a function for `transform`: the node itself to keep it, new content to replace it, None to remove it.
Answer = New | None


def replace(page: Page, node: Node, new: New) -> Page:
    """Return the page with a node replaced.

    The new page is parsed with the syntax of the old one.

    Args:
        page: The page.
        node: A node of this page.
        new: Markup as text, which is inserted as it is (in a quotation, its lines get markers), a node, or a sequence
            of both. Of a changed copy of ``node`` only the differences are written.

    Raises:
        EditError: ``node`` is not part of this page, a new node would not be read there as itself, or another part of
            the page would be read differently than before.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("See [[start]].")
        >>> link = page.links[0]
        >>> str(dw.edit.replace(page, link, link.with_changes(label="the start")))
        'See [[start|the start]].'
    """
    return changed(page, [NodeChange(node, _parts(new))])


def insert_before(page: Page, node: Node, new: New) -> Page:
    """Return the page with new content before a node; arguments and errors are those of `replace`.

    New content beside a block gets empty lines around it, beside an item, a row or a field a line of its own;
    anywhere else it is inserted into the line as it is.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("  * second")
        >>> item = next(page.find_all(dw.nodes.ListItem))
        >>> print(dw.edit.insert_before(page, item, "  * first"))
          * first
          * second
    """
    return changed(page, [NodeChange(node, _parts(new), "before")])


def insert_after(page: Page, node: Node, new: New) -> Page:
    """Return the page with new content after a node; see `insert_before`.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("====== Title ======\\nText.")
        >>> print(dw.edit.insert_after(page, page.headings[0], "New."))
        ====== Title ======
        <BLANKLINE>
        New.
        <BLANKLINE>
        Text.
    """
    return changed(page, [NodeChange(node, _parts(new), "after")])


def remove(page: Page, node: Node) -> Page:
    """Return the page without a node.

    The whole line of an item, a row or a field is removed; the line ends around other nodes stay.

    Raises:
        EditError: Another part of the page would be read differently without the node.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("Some **bold** words.")
        >>> str(dw.edit.remove(page, next(page.find_all(dw.nodes.Strong))))
        'Some  words.'
    """
    return changed(page, [NodeChange(node, ())])


def transform(page: Page, function: Callable[[Node], Answer]) -> Page:
    """Return the page with every node replaced by the result of a function.

    All changes are made at once, so that the page is parsed again only once or a few times.

    Args:
        page: The page.
        function: Called with each node below the page, parents first, in the order of the source. If it returns the
            same node, it is called for the nodes inside; otherwise it returns new content as for `replace` (a sequence
            may contain the node itself), or None to remove the node.

    Raises:
        EditError: As for `replace`.

    Example:
        >>> import dokuwiki_data as dw
        >>> page = dw.parse("**One** and **two**.")
        >>> def plain(node):
        ...     return node.content if isinstance(node, dw.nodes.Strong) else node
        >>> str(dw.edit.transform(page, plain))
        'One and two.'
    """
    changes: list[NodeChange] = []
    waiting: list[Node] = list(reversed(page.children))
    while waiting:
        node = waiting.pop()
        answer = function(node)
        if answer is node:
            waiting += reversed(node.children)
        else:
            changes.append(NodeChange(node, () if answer is None else _parts(answer)))
    return apply(Tree(page), changes) if changes else page


def _parts(new: New) -> tuple[Part, ...]:
    return (new,) if isinstance(new, (Node, str)) else tuple(new)
