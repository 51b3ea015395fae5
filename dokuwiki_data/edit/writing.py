"""Write changes: make the pieces of text that replace nodes or stand beside them, and splice these into the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import replace as changed
from itertools import accumulate
from typing import Literal, NamedTuple

from dokuwiki_data.edit.tree import Tree
from dokuwiki_data.nodes import blocks, data
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.printers.printers import (
    AS_IT_IS,
    BROKEN_UP,
    OWN_LINE,
    TAKES_LINE_END,
    TRIED,
    PrintOptions,
    write,
)
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.text import PageText, Span

Part = Node | str
#: Before or after a node, or after all lines of a data block.
Side = Literal["before", "after", "within"]

#: Nodes that are one line of a block, and nodes whose children are below each other.
_LINES = (blocks.ListItem, blocks.TableRow, data.DataField, data.DataOption)
_FLOWS = (blocks.Section, blocks.QuotedLines)


class Level(NamedTuple):
    """How a change is written.

    Attributes:
        differences: Whether only the differences to the old node are written.
        keeps: Whether the source of existing nodes is reused.
        care: How carefully text is escaped, as `PrintOptions.care`.
    """

    differences: bool
    keeps: bool
    care: int


#: The levels in the order in which they are tried; the one that changes least comes first.
LEVELS = (
    Level(differences=True, keeps=True, care=AS_IT_IS),
    Level(differences=True, keeps=True, care=TRIED),
    Level(differences=False, keeps=True, care=TRIED),
    Level(differences=False, keeps=False, care=TRIED),
    Level(differences=False, keeps=False, care=BROKEN_UP),
    Level(differences=False, keeps=False, care=AS_IT_IS),
)


class Writer:
    """Makes the pieces of text for changes of one page, on one of the `LEVELS`."""

    def __init__(self, tree: Tree, syntax: Syntax, level: Level, removed: Set[int] = frozenset()) -> None:
        """Initialize; ``removed`` has the identities of all nodes to be removed."""
        self._tree = tree
        self._syntax = syntax
        self._level = level
        self._removed = removed

    def replace(self, old: Node, parts: Sequence[Part]) -> list[Piece]:
        """Return the pieces that replace a node; if the node itself is among the parts, it stays."""
        for number, part in enumerate(parts):
            if part is old:
                return [*self.insert(old, "before", parts[:number]), *self.insert(old, "after", parts[number + 1 :])]
        if not parts:
            return [self._removal(old)]
        source, start, end = old._source, old._start, old._end
        if isinstance(old, blocks.QuotedLines) and old.content:
            # The lines that are read as a page of their own.
            source = old.content[0]._source
            start, end = 1, len(source.normalized) - 1
        read = source.normalized
        texts = self._texts(old, parts)
        if self._flows(old):
            first, last = parts[0], parts[-1]
            same_kind = isinstance(old, blocks.Paragraph)
            before = _line_ends_before(read, start, _wanted(first, same_kind))
            after = _line_ends_behind(read, end, _wanted(last, same_kind))
            text = before + "\n\n".join(texts) + after
        elif isinstance(old, _LINES):
            text = "\n".join(texts)
        else:
            text = _in_line(read, start, end, parts, texts)
        return [Piece(source, start, end, text, _generated(parts))]

    def insert(self, anchor: Node, side: Side, parts: Sequence[Part]) -> list[Piece]:
        """Return the pieces that insert parts before a node, after it, or after the lines of a data block."""
        if not parts:
            return []
        if side == "within":
            return [self._last_lines(anchor, parts)]
        source, read = anchor._source, anchor._source.normalized
        texts = self._texts(anchor, parts)
        at = anchor._start if side == "before" else anchor._end
        if isinstance(anchor, _LINES):
            at = _line_start(read, at) if side == "before" else _line_end(read, at)
            lines = "\n".join(texts)
            text = f"{lines}\n" if side == "before" else f"\n{lines}"
        elif self._flows(anchor):
            at = _outside_blanks(read, at, side)
            text = "\n\n".join(texts)
            if side == "before":
                text = f"{_line_ends_before(read, at, 2)}{text}\n\n"
            else:
                text = f"\n\n{text}{_line_ends_behind(read, at, 2)}"
        elif isinstance(anchor, blocks.TableCell):
            at += anchor.colspan - 1 if side == "after" else 0  # behind the bars that it covers
            text = "".join(texts)
        else:
            text = _in_line(read, at, at, parts, texts)
        return [Piece(source, at, at, text, _generated(parts))]

    def _last_lines(self, block: Node, parts: Sequence[Part]) -> Piece:
        """Return lines at the end of a data block; a blank last line, as in a block without fields, is replaced."""
        read = block._source.normalized
        at = read.rindex("\n", 0, block._end)
        is_blank = not read[_line_start(read, at) : at].strip(BLANKS)
        text = "\n" * (not is_blank) + "\n".join(self._texts(block, parts))
        return Piece(block._source, at, at, text, _generated(parts))

    def _removal(self, old: Node) -> Piece:
        """Return the piece that removes a node; lines of lists, tables and entries include their line end."""
        read, start, end = old._source.normalized, old._start, old._end
        siblings = self._tree.siblings(old)
        alone = len(siblings) == 1
        if isinstance(old, blocks.TableCell):
            end += old.colspan - 1
        elif isinstance(old, (data.DataField, data.DataOption)):
            # A block without lines would continue to the next dashes, so keep one empty line.
            stays = alone or (siblings[0] is old and all(id(sibling) in self._removed for sibling in siblings))
            start, end = _line_start(read, start), _line_end(read, end) + (not stays)
        elif isinstance(old, (blocks.ListItem, blocks.TableRow)) and not alone:
            if siblings[0] is old:
                end = _line_end(read, end) + 1
            else:
                start -= 1
        elif isinstance(old, (blocks.List, blocks.ListItem)) and self._is_inner_list(old):
            start -= 1
        return Piece(old._source, start, end, "")

    def _is_inner_list(self, node: Node) -> bool:
        """Return whether the list is inside an item of another list, which an empty line would end."""
        around = [node, *self._tree.parents(node)]
        return isinstance(around[1 if isinstance(node, blocks.List) else 2], blocks.ListItem)

    def _texts(self, place: Node, parts: Sequence[Part]) -> list[str]:
        options = self._print_options(place)
        return [part if isinstance(part, str) else write(part, options) for part in parts]

    def _print_options(self, place: Node) -> PrintOptions:
        options = changed(self._tree.print_options(place, self._syntax), care=self._level.care)
        return changed(options, existing=self._tree.existing) if self._level.keeps else options

    def _flows(self, node: Node) -> bool:
        """Return whether a node is a block among others that stand below each other."""
        around = self._tree.parent(node)
        return node.is_block and (isinstance(around, _FLOWS) or around is self._tree.page)


def _generated(parts: Sequence[Part]) -> bool:
    return not any(isinstance(part, str) for part in parts)


def _wanted(part: Part, is_set_apart: bool) -> int:
    """Return the number of line ends that are needed between a block and the next."""
    if isinstance(part, blocks.Paragraph) and not is_set_apart:
        return 2
    return 1 if isinstance(part, OWN_LINE) else 0


def _in_line(read: str, start: int, end: int, parts: Sequence[Part], texts: Sequence[str]) -> str:
    """Join parts in a line; a list or a table among them gets lines of its own."""
    written = ""
    for part, text in zip(parts, texts, strict=True):
        before = written or read[start - 1 : start]
        if isinstance(part, OWN_LINE) and not before.endswith("\n"):
            written += "\n"
        written += text
        if isinstance(part, TAKES_LINE_END):
            written += "\n"
    if isinstance(parts[-1], TAKES_LINE_END) and read.startswith("\n", end):
        written = written.removesuffix("\n")
    return written


def _line_start(read: str, at: int) -> int:
    return read.rfind("\n", 0, at) + 1


def _line_end(read: str, at: int) -> int:
    """Return where a line ends; a list can reach beyond the last line end."""
    found = read.find("\n", at)
    return found if found >= 0 else len(read) - 1


def _outside_blanks(read: str, at: int, side: Side) -> int:
    """Return the start or end of the line if only blanks are between it and the place, else the place."""
    there = at
    if side == "before":
        while there > 0 and read[there - 1] in " \t":
            there -= 1
        return there if read[there - 1] == "\n" else at
    while there < len(read) and read[there] in " \t":
        there += 1
    return there if read[there : there + 1] == "\n" else at


def _line_ends_before(read: str, at: int, wanted: int) -> str:
    """Return the line ends that are missing before a place; none at the start of a text."""
    found = 0
    while at > 1 and read[at - 1] in " \t\n":
        at -= 1
        found += read[at] == "\n"
    return "" if at <= 1 else "\n" * (wanted - found)


def _line_ends_behind(read: str, at: int, wanted: int) -> str:
    """Return the line ends that are missing after a place; none at the end of a text."""
    found, last = 0, len(read) - 1
    while at < last and read[at] in " \t\n":
        found += read[at] == "\n"
        at += 1
    return "" if at >= last else "\n" * (wanted - found)


# ------------------------------------------------------------------------------------------------ pieces


class Piece(NamedTuple):
    """A piece of the normalized text, from ``start`` to ``end``, and its replacement.

    ``generated`` is set for text that was made here, so that it gets the line ends of the page.
    """

    source: PageText
    start: int
    end: int
    text: str
    generated: bool = True

    @property
    def span(self) -> Span:
        """The place in the page's source."""
        start = self.source.offset(self.start)
        return Span(start, max(start, self.source.offset(self.end)))


class Spliced:
    """The text of a page with some pieces replaced."""

    def __init__(self, page: Page, pieces: Sequence[Piece]) -> None:
        text = str(page)
        line_end = "\r\n" if "\r\n" in text else "\n"
        placed = sorted((_placed(piece, line_end) for piece in pieces), key=lambda place: place[:2])
        parts: list[str] = []
        at = 0
        for start, end, new in placed:
            parts += [text[at:start], new]
            at = end
        self.text = "".join([*parts, text[at:]])
        self._starts = [start for start, _, _ in placed]
        self._ends = [end for _, end, _ in placed]
        self._grown = [0, *accumulate(len(new) - (end - start) for start, end, new in placed)]

    def start(self, offset: int) -> int:
        """Return a place of the old text in the new text, before what was inserted there."""
        return offset + self._grown[bisect_left(self._starts, offset)]

    def end(self, offset: int) -> int:
        """Return a place of the old text in the new text, after what was inserted there."""
        return offset + self._grown[bisect_right(self._ends, offset)]


def _placed(piece: Piece, line_end: str) -> tuple[int, int, str]:
    """Return start, end and replacement in the page's text; in a quotation, new lines get markers."""
    start, end = piece.span
    text = piece.text
    if "\n" in text:
        if piece.generated:
            text = text.replace("\n", line_end)
        if marker := piece.source.marker(piece.start):
            text = text.replace("\n", f"\n{marker}")
    return start, end, text
