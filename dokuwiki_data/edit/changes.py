"""Apply changes to a page, all at once: write them, parse the page again and verify the result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dokuwiki_data.edit.differences import differences
from dokuwiki_data.edit.tree import Tree
from dokuwiki_data.edit.verification import Gap, ReadNodes, first_disturbed
from dokuwiki_data.edit.writing import LEVELS, Level, Part, Piece, Side, Spliced, Writer
from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse

#: The number of attempts before the changes are refused, and the last of the levels.
_ROUNDS = 2 * len(LEVELS)
_LAST = len(LEVELS) - 1

#: Surrogates that cannot be encoded; all others stand for bytes that were not UTF-8.
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class NodeChange(NamedTuple):
    """New content in the place of a node, or beside it."""

    node: Node
    parts: Sequence[Part]
    side: Side | None = None


def apply(tree: Tree, changes: Sequence[NodeChange]) -> Page:
    """Return the page with some changes, none of which is inside the node of another.

    Raises:
        EditError: A new node would not be read there as itself, another part of the page would be read differently,
            or a character cannot be encoded.
    """
    if not changes:
        return tree.page
    page = tree.page
    syntax = page._syntax if isinstance(page._syntax, Syntax) else Syntax()
    removed = {id(change.node) for change in changes if change.side is None and not change.parts}
    writers = [Writer(tree, syntax, level, removed) for level in LEVELS]
    levels = [0] * len(changes)
    errors: list[tuple[int, EditError]] = []
    for _ in range(_ROUNDS):
        pieces = [_pieces(writers[level], change, LEVELS[level]) for change, level in zip(changes, levels, strict=True)]
        spliced = Spliced(page, [piece for some in pieces for piece in some])
        _expect_encodable(changes, pieces)
        new = parse(spliced.text, page_id=page.page_id, modified=page.modified, syntax=syntax)
        reading = ReadNodes(new)
        errors = _misread(changes, pieces, spliced, reading) or _side_effects(tree, changes, pieces, spliced, new)
        if not errors:
            return new
        # Only nodes can be written in different ways, text cannot.
        open_to_others = [number for number, _ in errors if levels[number] < _LAST and _new_nodes(changes[number])]
        if not open_to_others:
            break
        for number in open_to_others:
            levels[number] += 1
    raise errors[0][1]


def changed(page: Page, changes: Sequence[NodeChange]) -> Page:
    """Return the page with changes, see `apply`. Raises `EditError` also for a node that is not part of the page."""
    tree = Tree(page)
    for change in changes:
        tree.expect(change.node)
    return apply(tree, changes)


def _pieces(writer: Writer, change: NodeChange, level: Level) -> list[Piece]:
    if change.side is not None:
        return writer.insert(change.node, change.side, change.parts)
    only = change.parts[0] if len(change.parts) == 1 else None
    if level.differences and isinstance(only, Node):
        return differences(change.node, only, writer)
    return writer.replace(change.node, change.parts)


def _misread(
    changes: Sequence[NodeChange], pieces: Sequence[Sequence[Piece]], spliced: Spliced, reading: ReadNodes
) -> list[tuple[int, EditError]]:
    """Return errors for the changes whose new nodes are not read as themselves, in the order of their places."""
    errors = []
    for number, (change, some) in enumerate(zip(changes, pieces, strict=True)):
        nodes = _new_nodes(change)
        if not nodes:
            continue
        start, end = _new_span(change, some, spliced)
        for node in nodes:
            if not reading.has(node, start, end, alone=len(change.parts) == 1):
                written = spliced.text[start:end]
                shown = written if len(written) <= 60 else f"{written[:57]}..."
                line = change.node.position.line
                reason = f"written at line {line} as {shown!r} it would be read as {reading.instead(start, end)}"
                errors.append((number, EditError(node, reason)))
                break
    return errors


def _side_effects(
    tree: Tree, changes: Sequence[NodeChange], pieces: Sequence[Sequence[Piece]], spliced: Spliced, new: Page
) -> list[tuple[int, EditError]]:
    """Return errors for all changes if a node outside of them is not read as before."""
    if spliced.text == str(tree.page):
        return []
    gaps = [gap for change, some in zip(changes, pieces, strict=True) for gap in _gaps(change, some)]
    if (other := first_disturbed(tree, gaps, spliced, new)) is None:
        return []
    what = f"the {type(other).__name__} at line {other.position.line}"
    errors = []
    for number, change in enumerate(changes):
        with_it = "with it" if change.parts else "without it"
        node = next(iter(_new_nodes(change)), change.node)
        errors.append((number, EditError(node, f"{with_it} {what} would be read differently")))
    return errors


def _new_nodes(change: NodeChange) -> list[Node]:
    """Return the nodes that a change inserts."""
    return [part for part in change.parts if isinstance(part, Node) and part is not change.node]


def _expect_encodable(changes: Sequence[NodeChange], pieces: Sequence[Sequence[Piece]]) -> None:
    """Raise `EditError` for a character that cannot be encoded, unless it was in the replaced text already."""
    for change, some in zip(changes, pieces, strict=True):
        before = "".join(piece.source.normalized[piece.start : piece.end] for piece in some)
        for piece in some:
            if (found := _HALVES.search(piece.text)) and found[0] not in before:
                raise EditError(change.node, f"{found[0]!a} is half of a character and cannot be encoded")


def _gaps(change: NodeChange, pieces: Sequence[Piece]) -> Iterator[Gap]:
    """Iterate over the parts of the old text that a change replaces: its node, or places beside it."""
    if change.side is not None or any(part is change.node for part in change.parts):
        yield from (Gap(*piece.span) for piece in pieces)
        return
    spans = [change.node.span, *(piece.span for piece in pieces)]
    yield Gap(min(start for start, _ in spans), max(end for _, end in spans), change.node)


def _new_span(change: NodeChange, pieces: Sequence[Piece], spliced: Spliced) -> tuple[int, int]:
    """Return the start and end of a change in the new text."""
    if change.side is None:
        start, end = change.node.span
    else:
        start = end = pieces[0].source.offset(pieces[0].start)
    return spliced.start(start), spliced.end(end)
