"""Changes to a page, all at once: write them, read the page again, and look whether it says what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dokuwiki_data.edit.differences import differences
from dokuwiki_data.edit.pieces import Piece, Spliced
from dokuwiki_data.edit.places import Tree
from dokuwiki_data.edit.reading import Reading
from dokuwiki_data.edit.writing import LEVELS, Level, Part, Side, Writer
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.printing.errors import EditError
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse

#: How often all is written before it is given up.
_ROUNDS = 2 * len(LEVELS)


class Change(NamedTuple):
    """What is to stand in the place of a node, or beside it."""

    node: Node
    parts: Sequence[Part]
    side: Side | None = None


def apply(tree: Tree, changes: Sequence[Change]) -> Page:
    """The page with some changes, none of which is inside of another's node.

    Raises `EditError` for a node that would not be read there as what it says, or that would make something
    else be read otherwise. Markup given as text, and what is removed, may do so: that is looked at only where there
    is nothing but nodes.
    """
    if not changes:
        return tree.page
    page = tree.page
    syntax = page._syntax if isinstance(page._syntax, Syntax) else Syntax()
    removed = {id(change.node) for change in changes if change.side is None and not change.parts}
    writers = [Writer(tree, syntax, level, removed) for level in LEVELS]
    levels = [0] * len(changes)
    refused: list[tuple[int, EditError]] = []
    for _ in range(_ROUNDS):
        pieces = [_pieces(writers[level], change, LEVELS[level]) for change, level in zip(changes, levels, strict=True)]
        spliced = Spliced(page, [piece for some in pieces for piece in some])
        new = parse(spliced.text, page_id=page.page_id, modified=page.modified, syntax=syntax)
        reading = Reading(new)
        refused = _refused(changes, pieces, spliced, reading) or _disturbing(tree, changes, spliced, reading)
        if not refused:
            return new
        for number, _ in refused:
            levels[number] = min(levels[number] + 1, len(LEVELS) - 1)
    raise refused[0][1]


def changed(page: Page, changes: Sequence[Change]) -> Page:
    """The page with some changes of nodes that somebody names. Raises `EditError` as `apply`, or if one is not its."""
    tree = Tree(page)
    for change in changes:
        tree.expect(change.node)
    return apply(tree, changes)


def _pieces(writer: Writer, change: Change, level: Level) -> list[Piece]:
    if change.side is not None:
        return writer.insert(change.node, change.side, change.parts)
    only = change.parts[0] if len(change.parts) == 1 else None
    if level.differences and isinstance(only, Node):
        return differences(change.node, only, writer.replace)
    return writer.replace(change.node, change.parts)


def _refused(
    changes: Sequence[Change], pieces: Sequence[Sequence[Piece]], spliced: Spliced, reading: Reading
) -> list[tuple[int, EditError]]:
    """The changes that do not read as what they say, in the order of their places."""
    refused = []
    for number, (change, some) in enumerate(zip(changes, pieces, strict=True)):
        nodes = [part for part in change.parts if isinstance(part, Node) and part is not change.node]
        if not nodes:
            continue
        start, end = _place(change, some, spliced)
        for node in nodes:
            if not reading.has(node, start, end, alone=len(change.parts) == 1):
                written = spliced.text[start:end]
                shown = written if len(written) <= 60 else f"{written[:57]}..."
                line = change.node.position.line
                reason = f"written at line {line} as {shown!r} it would be read as {reading.instead(start, end)}"
                refused.append((number, EditError(node, reason)))
                break
    return refused


def _disturbing(
    tree: Tree, changes: Sequence[Change], spliced: Spliced, reading: Reading
) -> list[tuple[int, EditError]]:
    """All changes, if something outside of them is not read as before; only of nodes that were put in is it said."""
    if any(isinstance(part, str) for change in changes for part in change.parts):
        return []
    if not all(change.parts for change in changes):
        return []
    changed = {id(change.node) for change in changes if change.side is None}
    waiting = list(reversed(tree.page.children))
    while waiting:
        node = waiting.pop()
        if id(node) in changed:
            continue
        waiting += reversed(node.children)
        if not node.children and not isinstance(node, Text) and not reading.begins(node, spliced.end(node.span.start)):
            reason = f"with it the {type(node).__name__} at line {node.position.line} would be read otherwise"
            return [
                (number, EditError(part, reason))
                for number, change in enumerate(changes)
                for part in change.parts
                if isinstance(part, Node)
            ]
    return []


def _place(change: Change, pieces: Sequence[Piece], spliced: Spliced) -> tuple[int, int]:
    """Where in the new text a change stands: in the place of its node, or where it was put beside it."""
    if change.side is None:
        start, end = change.node.span
    else:
        start = end = pieces[0].source.offset(pieces[0].start)
    return spliced.start(start), spliced.end(end)
