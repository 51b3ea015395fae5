"""Changes to a page, all at once: write them, read the page again, and look whether it says what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dokuwiki_data.edit.differences import differences
from dokuwiki_data.edit.pieces import Piece, Spliced
from dokuwiki_data.edit.places import Tree
from dokuwiki_data.edit.reading import Reading
from dokuwiki_data.edit.surroundings import Hole, disturbed
from dokuwiki_data.edit.writing import LEVELS, Level, Part, Side, Writer
from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse

#: How often all is written before it is given up, and the last of the levels.
_ROUNDS = 2 * len(LEVELS)
_LAST = len(LEVELS) - 1

#: Halves of surrogate pairs, which UTF-8 has none of; others stand for bytes that were no text.
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class Change(NamedTuple):
    """What is to stand in the place of a node, or beside it."""

    node: Node
    parts: Sequence[Part]
    side: Side | None = None


def apply(tree: Tree, changes: Sequence[Change]) -> Page:
    """The page with some changes, none of which is inside of another's node.

    Raises `EditError` for a node that would not be read there as what it says, for what makes something else be read
    otherwise, and for characters that no file can hold.
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
        _expect_encodable(changes, pieces)
        new = parse(spliced.text, page_id=page.page_id, modified=page.modified, syntax=syntax)
        reading = Reading(new)
        refused = _refused(changes, pieces, spliced, reading) or _disturbing(tree, changes, pieces, spliced, new)
        if not refused:
            return new
        # Only nodes can be written in another way.
        open_to_others = [number for number, _ in refused if levels[number] < _LAST and _put_in(changes[number])]
        if not open_to_others:
            break
        for number in open_to_others:
            levels[number] += 1
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
        return differences(change.node, only, writer)
    return writer.replace(change.node, change.parts)


def _refused(
    changes: Sequence[Change], pieces: Sequence[Sequence[Piece]], spliced: Spliced, reading: Reading
) -> list[tuple[int, EditError]]:
    """The changes that do not read as what they say, in the order of their places."""
    refused = []
    for number, (change, some) in enumerate(zip(changes, pieces, strict=True)):
        nodes = _put_in(change)
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
    tree: Tree, changes: Sequence[Change], pieces: Sequence[Sequence[Piece]], spliced: Spliced, new: Page
) -> list[tuple[int, EditError]]:
    """All changes, if something outside of them is not read as before."""
    if spliced.text == str(tree.page):
        return []
    holes = [hole for change, some in zip(changes, pieces, strict=True) for hole in _holes(change, some)]
    if (other := disturbed(tree, holes, spliced, new)) is None:
        return []
    what = f"the {type(other).__name__} at line {other.position.line}"
    refused = []
    for number, change in enumerate(changes):
        with_it = "with it" if change.parts else "without it"
        node = next(iter(_put_in(change)), change.node)
        refused.append((number, EditError(node, f"{with_it} {what} would be read otherwise")))
    return refused


def _put_in(change: Change) -> list[Node]:
    """The nodes that a change puts in."""
    return [part for part in change.parts if isinstance(part, Node) and part is not change.node]


def _expect_encodable(changes: Sequence[Change], pieces: Sequence[Sequence[Piece]]) -> None:
    """Raise `EditError` for a character that no file can hold, unless it moves within the page."""
    for change, some in zip(changes, pieces, strict=True):
        before = "".join(piece.source.read[piece.start : piece.end] for piece in some)
        for piece in some:
            if (found := _HALVES.search(piece.text)) and found[0] not in before:
                raise EditError(change.node, f"{found[0]!a} is half of a character, which no file can hold")


def _holes(change: Change, pieces: Sequence[Piece]) -> Iterator[Hole]:
    """What a change takes the place of: its node, or places beside it."""
    if change.side is not None or any(part is change.node for part in change.parts):
        yield from (Hole(*piece.span) for piece in pieces)
        return
    spans = [change.node.span, *(piece.span for piece in pieces)]
    yield Hole(min(start for start, _ in spans), max(end for _, end in spans), change.node)


def _place(change: Change, pieces: Sequence[Piece], spliced: Spliced) -> tuple[int, int]:
    """Where in the new text a change stands: in the place of its node, or where it was put beside it."""
    if change.side is None:
        start, end = change.node.span
    else:
        start = end = pieces[0].source.offset(pieces[0].start)
    return spliced.start(start), spliced.end(end)
