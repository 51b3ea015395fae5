"""Write tokens for the text between markup, and begin and end paragraphs as DokuWiki does.

DokuWiki makes paragraphs after lexing, in a pass over its instructions: a block or an empty line closes the paragraph
and opens the next one, and a paragraph of blanks alone is dropped. Here this happens while the tokens are made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Paragraph, TableRow
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.php import BLANKS
from dokuwiki_data.syntax.cells import AnyCell, Cell, pieces
from dokuwiki_data.syntax.releases import Release
from dokuwiki_data.text import PageText

#: The characters that PHP's ``trim()`` removes.
PHP_BLANKS = BLANKS

#: Words of control characters alone, which are dropped from cells of tables, since PHP trims them.
_CONTROL_WORDS = re.compile(r"(?<![^ \t])[\r\0\x0b]+(?![^ \t])")
_LINE_ENDS = re.compile(r"(?:(?:^[ \t]*)?\n)+", re.MULTILINE)
_LINE_END = re.compile(r"(?:^[ \t]*)?\n", re.MULTILINE)
#: Directly after markup, blanks before the first line end count as a line.
_CUT_LINE_ENDS = re.compile(r"(?:[ \t]*\n)+")


#: The tokens that begin and that end a block.
_BEGIN_BLOCKS = frozenset({"LIST_ITEM", "TABLE_CELL", "TABLE_HEADER"})
_END_BLOCKS = frozenset({"PARAGRAPH_CLOSE", "LIST_CLOSE", "TABLE_CLOSE", "QUOTE_CLOSE"})


class Run:
    """Leaves between two brackets, which are passed on as one token and become the children as they are."""

    __slots__ = ("nodes",)
    type: ClassVar[str] = "RUN"

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes


class Cells:
    """Cells of a table without brackets in them, which are passed on as one token."""

    __slots__ = ("cells",)
    type: ClassVar[str] = "CELLS"

    def __init__(self, cells: list[AnyCell]) -> None:
        self.cells = cells


class Rows:
    """Rows of a table with nothing but text in their cells, which are passed on as one token."""

    __slots__ = ("rows",)
    type: ClassVar[str] = "ROWS"

    def __init__(self, rows: list[TableRow]) -> None:
        self.rows = rows


class Token:
    """A bracket of the token stream. An opening one includes the leaves that directly follow it."""

    __slots__ = ("at", "detail", "run", "type")

    def __init__(self, type: str, at: int, detail: object = None) -> None:
        self.type = type
        self.at = at
        self.detail = detail
        self.run: Sequence[Node] = ()


class Closing:
    """A closing bracket of the token stream, or the end."""

    __slots__ = ("at", "detail", "type")

    # Lark takes the place of the end of the text from the last token.
    start_pos: ClassVar[int] = 0
    end_pos: ClassVar[int] = 0
    line: ClassVar[int] = 1
    column: ClassVar[int] = 1
    end_line: ClassVar[int] = 1
    end_column: ClassVar[int] = 1

    def __init__(self, type: str, at: int, detail: object = None) -> None:
        self.type = type
        self.at = at
        self.detail = detail


AnyToken = Token | Closing | Run | Cells | Rows

#: The number of tokens that are collected before they are passed on, which frees their memory for the tree, and the
#: number of the last ones that are kept back, since they may still change.
_MOST, _LAST = 2000, 2


class TokenWriter:
    """Collects the tokens of one text, and tracks the state of DokuWiki's text and paragraphs."""

    __slots__ = (
        "_joined_lines", "_line_ends", "before", "cell", "drops_lines", "fresh", "held", "in_cell",
        "in_footnote", "in_formatting", "in_paragraph", "in_pieces", "kept", "lines_flow", "opened", "opening",
        "position", "read", "release", "run", "said", "scan", "source", "take", "tokens",
    )  # fmt: skip

    def __init__(self, source: PageText, release: Release, take: Callable[[list[AnyToken]], None]) -> None:
        self.source = source
        #: Receives the tokens.
        self.take = take
        self.release = release
        self._joined_lines = release.joined_lines
        self._line_ends = (_CUT_LINE_ENDS if release.cuts else _LINE_ENDS).match
        self.read = source.normalized
        #: The end of the markup and text that was written; the text after it is pending.
        self.position = 0
        #: The place to search for markup next; after `position` if an opener turned out to be text.
        self.scan = 0
        self.tokens: list[AnyToken] = []
        self.run: list[Node] = []
        #: The start and end of each piece of pending text before empty markup, after which the text continues.
        self.held: list[tuple[int, int]] = []
        #: What those of them say that are replaced by other text, by their start.
        self.said: dict[int, str] = {}
        #: Whether the place is in a footnote, which has no paragraphs; in formatting; how line ends count.
        self.in_footnote = False
        self.in_formatting = 0
        self.lines_flow = True
        self.in_cell = False
        #: The open cell; None if the innermost collector is not a table.
        self.cell: Cell | None = None
        #: Whether text is written unchanged, for a plugin that receives it.
        self.kept = False
        #: Whether pieces of text stay apart, since each is trimmed: in a cell of Markdown.
        self.in_pieces = False
        #: Whether line ends are dropped: in markup with lines inside of a footnote.
        self.drops_lines = False
        #: DokuWiki's state: whether a paragraph is open, and whether it is still empty, so that line ends are skipped
        #: and the first text is trimmed.
        self.in_paragraph = False
        self.fresh = False
        #: The paragraph of the tree: where it was opened, what came before it, its token if written.
        self.opened = -1
        self.before: list[Node] | None = None
        self.opening: Token | None = None

    def bracket(self, token: Token | Closing) -> None:
        """Write the pending leaves and a bracket."""
        if self.before is not None:
            self._flush(self.before)
            self.before = None
            self.opening = Token("PARAGRAPH_OPEN", self.opened)
            self.tokens.append(self.opening)
        if self.run:
            self._flush(self.run)
            self.run = []
        tokens = self.tokens
        tokens.append(token)
        self.fresh = False
        if len(tokens) > _MOST:
            finished = tokens[:-_LAST]
            del tokens[:-_LAST]
            self.take(finished)

    def end_run(self) -> None:
        """Write the pending leaves."""
        self._flush(self.run)
        self.run = []

    def _flush(self, run: list[Node]) -> None:
        if run:
            last = self.tokens[-1] if self.tokens else None
            if type(last) is Token:
                last.run = run
            else:
                self.tokens.append(Run(run))

    @property
    def begins_block(self) -> bool:
        """Return whether an item, a cell or a quotation has just begun, so that DokuWiki still skips line ends."""
        if self.run or not self.tokens:
            return False
        last = self.tokens[-1]
        if type(last) is Token and last.type == "QUOTE_OPEN":
            return self._begins_quotation()
        return type(last) is Token and last.type in _BEGIN_BLOCKS

    def _begins_quotation(self) -> bool:
        """Return whether only blocks precede the place in the quotation around it."""
        for token in reversed(self.tokens):
            if isinstance(token, Closing):
                return token.type in _END_BLOCKS
            run = token.run if isinstance(token, Token) else token.nodes if isinstance(token, Run) else ()
            if not run and token.type == "HEADING":
                return True
            if run or token.type != "QUOTE_OPEN":
                return bool(run) and run[-1].is_block
        return True

    def leaf(self, node: Node, start: int, end: int) -> None:
        """Write a leaf within a line."""
        if start > self.position or self.held:
            self.text(start)
        self.run.append(node)
        self.position = self.scan = end
        self.fresh = False

    def block(self, node: Node, start: int, end: int, at: int) -> None:
        """Write a block without children; ``at`` is the place of its instruction."""
        self.end_text(start, at)
        self.run.append(node)
        self.position = self.scan = end
        self.open_paragraph(at)

    def silent(self, start: int, end: int) -> None:
        """Skip markup that shows nothing; the text before it continues after it."""
        if self.kept or self.in_pieces:
            return self.write_up_to(start, end)
        if self.in_cell:
            if self.cell is None:
                return self.write_up_to(start, end)
            self.cell.gap(self.position, start, end)
        self._hold(start, end)
        return None

    def _hold(self, start: int, end: int) -> None:
        """Keep the pending text up to a place, and go on behind the markup there."""
        if not self.held and self.lines_flow and (self.fresh or self.drops_lines):
            found = self._line_ends(self.read, self.position, start + 1)
            self.position = min(found.end(), start) if found else self.position
        if start > self.position:
            self.held.append((self.position, start))
        self.position = self.scan = end

    def say(self, start: int, end: int, text: str, before: int = -1) -> None:
        """Write other text in place of what stands between two places, as a part of the text around it.

        Args:
            start: The place at which the instruction for it is.
            end: The place behind it.
            text: The other text.
            before: The end of the text before it, if that is not its start.
        """
        before = start if before < 0 else before
        if self.in_cell or self.kept or self.drops_lines or self.in_pieces:
            self.leaf(Text.at(self.source, start, end, text), before, end)
        else:
            self._hold(before, end)
            self.held.append((start, end))
            self.said[start] = text

    def are_line_ends(self, start: int, end: int) -> bool:
        """Return whether there are only line ends between two places."""
        found = self._line_ends(self.read, start, end)
        return start == end or (found is not None and found.end() == end)

    def write_up_to(self, start: int, end: int) -> None:
        """Write the pending text up to a place, and skip the markup there."""
        if start > self.position or self.held:
            self.text(start)
        self.position = self.scan = end

    def _with_held(self, start: int, end: int, trims: bool) -> tuple[int, str]:
        """Return the start of the held text, and this text joined with the text that follows."""
        pieces: list[str] = []
        begins_line = False
        joins = self.lines_flow and not self.kept
        for since, until in (*self.held, (start, end)):
            said = self.said.pop(since, None) if self.said and since < until else None
            piece = self.read[since:until] if said is None else said
            if joins and said is None and "\n" in piece:
                piece = self._joined(since, until)
                if not self.release.cuts and piece.startswith("\n"):
                    _drop_blanks_at_end(pieces)
            if joins and begins_line and not self.release.cuts:
                piece = piece.lstrip(" \t")
            pieces.append(piece)
            begins_line = self.read[until - 1] == "\n"
        if trims:
            pieces[0] = pieces[0].lstrip(" \t")
        text = "".join(pieces)
        start = self.held[0][0]
        self.held = []
        return start, text

    def _joined(self, start: int, end: int) -> str:
        """Return the lines of a text as DokuWiki joins them."""
        if not self.drops_lines:
            return self._joined_lines(self.read[start:end])
        pieces = []
        for found in _LINE_END.finditer(self.read, start, end):
            pieces.append(self.read[start : found.start()])
            start = found.end()
        return "".join(pieces) + self.read[start:end]

    def end_text(self, start: int, closing: int) -> None:
        """Write the text up to a block, and close the paragraph there."""
        if start > self.position or self.held:
            self.text(start, closing=True)
        self.position = start
        if self.in_paragraph:
            self.close_paragraph(closing)

    def text(self, end: int, closing: bool = False) -> None:
        """Write the pending text up to ``end``; ``closing`` if the paragraph ends there."""
        start = self.position
        if self.fresh or self.held or self.in_cell or self.kept or self.drops_lines:
            self._text_at_edge(start, end, closing)
            return
        text = self.read[start:end]
        if "\n" in text and self.lines_flow:
            text = self._joined_lines(text)
            if closing and text[-1] == "\n":
                text = text.rstrip("\n")
                end = max(start, start + len(self.read[start:end].rstrip(self.release.lost_at_end)))
        elif closing and self.in_paragraph and text[-1:] == "\n":
            text = text.rstrip("\n")
            end = start + len(text)
        self.run.append(Text.at(self.source, start, end, text))

    def _text_at_edge(self, start: int, end: int, closing: bool) -> None:
        """Write text at the start of a paragraph, in a cell, or around markup that shows nothing."""
        if self.in_cell and self.cell is None:
            self.run += pieces(self.source, start, end)
            return
        read = self.read
        if self.lines_flow and (self.fresh or self.drops_lines) and not self.held and read[start] in "\n \t":
            found = self._line_ends(read, start, end + 1)
            start = found.end() if found else start
            if start >= end:
                return
        # Only the first piece of text loses blanks, even if that is all of it.
        trims = self.fresh and self.release.trims_start and not self.kept
        self.fresh = False
        if self.held:
            start, text = self._with_held(start, end, trims)
        else:
            text = read[start:end]
            if "\n" in text and self.lines_flow and not self.kept:
                text = self._joined(start, end)
            if trims:
                text = text.lstrip(" \t")
        if self.in_cell and not self.lines_flow and not text.isprintable():
            whole, text = text, _CONTROL_WORDS.sub("", text)
            if not text:
                return
            if not whole.startswith(text[0]):
                start = read.index(text[0], start)
        if closing and not self.kept and text[-1:] == "\n" and self.in_paragraph:
            text = text.rstrip("\n")
            lost = self.release.lost_at_end if self.lines_flow else "\n"
            end = max(start, start + len(read[start:end].rstrip(lost)))
        if text or not self.drops_lines:
            self.run.append(Text.at(self.source, start, end, text))

    def open_paragraph(self, at: int) -> None:
        """Open a paragraph for the text after a block."""
        if self.in_footnote:
            return
        if not self.in_formatting:
            self.before, self.run = self.run, []
            self.opening = None
            self.opened = at
        self.in_paragraph = self.fresh = True

    def close_paragraph(self, at: int) -> None:
        """Close the paragraph before a block, and write it unless it is empty."""
        self.in_paragraph = False
        if self.in_formatting:
            return
        if self.opening is not None:
            self.bracket(Closing("PARAGRAPH_CLOSE", at))
            self.opening = None
        elif self.before is not None:
            run, self.run, self.before = self.run, self.before, None
            if run and (self.kept or not _is_blank(run)):
                # A paragraph without brackets is made here: three fewer tokens save 6 % of the time.
                last = run[-1]
                end = last._start + last._to_end  # a property takes longer
                node = Paragraph.at(self.source, run[0]._start, end, tuple(run), self.opened, at)
                self.run.append(node)


def _drop_blanks_at_end(pieces: list[str]) -> None:
    """Drop the blanks at the end of pieces of text before a line end."""
    for number in range(len(pieces) - 1, -1, -1):
        pieces[number] = pieces[number].rstrip(" \t")
        if pieces[number]:
            return


def _is_blank(run: list[Node]) -> bool:
    for node in run:  # noqa: SIM110  # all() takes three times as long, mostly to look at one node
        if type(node) is not Text or node.text.strip(PHP_BLANKS):
            return False
    return True
