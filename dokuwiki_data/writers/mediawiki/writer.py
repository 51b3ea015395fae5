"""The writer of wikitext: it collects the pieces of lines, and the blocks that they become."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.losses import Report
from dokuwiki_data.writers.mediawiki.escaping import preformatted
from dokuwiki_data.writers.mediawiki.pieces import PARAGRAPH_LINES, WikitextLine, put_together
from dokuwiki_data.writers.node_writer import NodeWriter
from dokuwiki_data.writers.pieces import LINE, Edge, Mark, Piece, Raw

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: Writes a node: by the writer's methods, or as the wikitext that it returns.
MediaWikiRenderer = Callable[["MediaWikiWriter", Any], str | None]

#: The kinds of blocks that may stand on the line of an item of a list.
PARAGRAPH, CODE = "paragraph", "code"
HEADING = "heading"


class WikitextBlock(NamedTuple):
    """A block of lines, without a line end behind it.

    Attributes:
        kind: `PARAGRAPH`, `CODE`, `HEADING`, or empty.
        text: The lines.
        one_line: Code so that it may stand within a line.
    """

    kind: str
    text: str
    one_line: str = ""


class MediaWikiWriter(NodeWriter):
    """Collects the wikitext of a page.

    Renderers call its methods: `text` for text, `raw` for wikitext, `nodes` for what is inside of a node, `block` for
    what stands on lines of its own.

    Attributes:
        addresses: The titles of pages, and the names of files.
        blocks: The blocks so far.
        pieces: The pieces of the paragraph that is not finished.
        linked: The anchors of the page to which links lead.
        in_quotation: Whether line ends are line breaks, as in quotations.
        in_note: Whether a note is being written.
        categories: The categories of the page.
        switches: Its behaviour switches, such as ``__NOTOC__``.
        redirect: The page to which it leads on, with an anchor; empty if it does not.
        has_notes: Whether notes were written.
        repeated: The notes that were written and are referred to again, by their first number.
    """

    def __init__(
        self,
        page: ResolvedPage,
        addresses: Addresses,
        renderers: dict[type[Node], MediaWikiRenderer],
        report: Report,
        linked: Collection[str] = (),
    ) -> None:
        super().__init__(page, renderers, report)
        self.addresses = addresses
        self.blocks: list[WikitextBlock] = []
        self.pieces: list[Piece] = []
        self.linked = frozenset(linked) | page.linked_anchors
        self.in_quotation = False
        self.in_note = False
        self.categories: dict[str, None] = {}
        self.switches: dict[str, None] = {}
        self.redirect = ""
        self.has_notes = False
        self.repeated: set[int] = set()
        self._line = PARAGRAPH_LINES
        #: The formatting that is open. DokuWiki lets blocks stand in formatting; here it is closed before a block and
        #: opened again behind it.
        self._formatting: list[Mark] = []

    # ------------------------------------------------------------------------------------------- pieces of a line

    def text(self, text: str) -> None:
        """Write text, which is escaped."""
        if self.in_quotation and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.pieces.append(LINE)
                self.pieces.append(line)
        else:
            self.pieces.append(text)

    def raw(self, written: str) -> None:
        """Write wikitext as it is, within a line."""
        self.pieces.append(Raw(written))

    def line_break(self) -> None:
        """Write a line break."""
        self.pieces.append(LINE)

    def formatted(self, mark: Mark, nodes: Iterable[Node]) -> None:
        """Write nodes with formatting."""
        self.pieces.append(Edge(mark, True))
        self._formatting.append(mark)
        self.nodes(nodes)
        self._formatting.pop()
        self.pieces.append(Edge(mark, False))

    # ----------------------------------------------------------------------------------------------------- blocks

    def block(self, written: str, kind: str = "") -> None:
        """Write a block of lines; it ends the paragraph."""
        self.end_paragraph()
        if written:
            self.blocks.append(WikitextBlock(kind, written))

    def code(self, text: str) -> None:
        """Write text as it is, with its blanks and lines."""
        self.end_paragraph()
        inside = preformatted(text)
        one_line = inside.replace("\n", "&#10;")
        self.blocks.append(WikitextBlock(CODE, f"<pre>\n{inside}\n</pre>", f"<pre>{one_line}</pre>"))

    def end_paragraph(self) -> None:
        """End the paragraph; one that shows nothing vanishes."""
        if not self.pieces:
            return
        if self.in_quotation:
            self.pieces = _without_breaks_around(self.pieces)
        if self._formatting:
            self.pieces += [Edge(mark, False) for mark in reversed(self._formatting)]
        written = put_together(self.pieces, self._line)
        self.pieces = [Edge(mark, True) for mark in self._formatting]
        if written:
            self.blocks.append(WikitextBlock(PARAGRAPH, written))

    def within(
        self, nodes: Iterable[Node], *, line: WikitextLine | None = None, apart: bool = False, quotation: bool = False
    ) -> list[WikitextBlock]:
        """Return the blocks that nodes become.

        Args:
            nodes: The nodes.
            line: How lines are put together, if not as in a paragraph.
            apart: Whether formatting around does not go on in them.
            quotation: Whether line ends are line breaks, as in quotations.
        """
        with self._inner(line or PARAGRAPH_LINES, apart, quotation):
            self.nodes(nodes)
            self.end_paragraph()
            return self.blocks

    @contextmanager
    def _inner(self, line: WikitextLine, apart: bool, quotation: bool) -> Iterator[None]:
        state = self.blocks, self.pieces, self._formatting, self._line, self.in_quotation
        self._formatting = [] if apart else self._formatting
        self.blocks, self.pieces = [], [Edge(mark, True) for mark in self._formatting]
        self._line, self.in_quotation = line, quotation
        try:
            yield
        finally:
            self.blocks, self.pieces, self._formatting, self._line, self.in_quotation = state

    def inside(self, node: Node) -> str:
        """Return the wikitext of what is inside of a node."""
        return joined(self.within(node.children, apart=True))

    def boxed(self, nodes: Iterable[Node], opening: str, closing: str = "</div>") -> None:
        """Write blocks between tags on lines of their own."""
        self.end_paragraph()
        content = joined(self.within(nodes, apart=True))
        self.block("\n".join(filter(None, (opening, content, closing))))


def joined(blocks: Sequence[WikitextBlock]) -> str:
    """Return blocks as one text, with an empty line between them, but for headings."""
    last = len(blocks) - 1
    ends = ("" if at == last else "\n" if block.kind == HEADING else "\n\n" for at, block in enumerate(blocks))
    return "".join(part for block, end in zip(blocks, ends, strict=True) for part in (block.text, end))


def one_line(blocks: Sequence[WikitextBlock]) -> str:
    """Return blocks as what may stand within a line, as far as they may."""
    if all(block.kind in (PARAGRAPH, CODE) for block in blocks):
        return "".join(block.one_line or block.text for block in blocks)
    return f"\n{joined(blocks)}\n"


def stands_on_line(blocks: Sequence[WikitextBlock]) -> bool:
    """Return whether blocks may stand on one line: one paragraph after another would become part of it."""
    kinds = [block.kind for block in blocks]
    return all(kind in (PARAGRAPH, CODE) for kind in kinds) and (PARAGRAPH, PARAGRAPH) not in pairwise(kinds)


def _without_breaks_around(pieces: list[Piece]) -> list[Piece]:
    first, last = 0, len(pieces)
    while first < last and (pieces[first] is LINE or pieces[first] == ""):
        first += 1
    while first < last and (pieces[last - 1] is LINE or pieces[last - 1] == ""):
        last -= 1
    return pieces[first:last]
