"""The base of the writers of formats that are lines of text: it collects the pieces of lines, and blocks of lines."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.losses import Report
from dokuwiki_data.writers.node_writer import NodeWriter
from dokuwiki_data.writers.pieces import LINE, Edge, Mark, Piece, Raw

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: The kind of blocks that are paragraphs.
PARAGRAPH = "paragraph"

#: A block of lines, and how the pieces of a line are put together.
AnyBlock = TypeVar("AnyBlock")
AnyRules = TypeVar("AnyRules")


class LineWriter(NodeWriter, Generic[AnyBlock, AnyRules]):
    """Collects the pieces of lines, and the blocks that they become.

    Attributes:
        addresses: Where pages and media files are.
        blocks: The blocks so far.
        pieces: The pieces of the paragraph that is not finished.
        linked: The anchors of the page to which links lead.
        in_quotation: Whether line ends are line breaks, as in quotations.
    """

    def __init__(
        self,
        page: ResolvedPage,
        addresses: Addresses,
        renderers: dict[type[Node], Callable[[Any, Any], str | None]],
        report: Report,
        linked: Collection[str],
        rules: AnyRules,
    ) -> None:
        """Begin with a page; ``rules`` say how the lines of paragraphs are put together."""
        super().__init__(page, renderers, report)
        self.addresses = addresses
        self.blocks: list[AnyBlock] = []
        self.pieces: list[Piece] = []
        self.linked = frozenset(linked) | page.linked_anchors
        self.in_quotation = False
        self._rules = self._paragraph_rules = rules
        #: The formatting that is open. DokuWiki lets blocks stand in formatting; here it is closed before a block and
        #: opened again behind it.
        self._formatting: list[Mark] = []

    @abstractmethod
    def made_block(self, kind: str, text: str) -> AnyBlock:
        """Return a block of a kind."""

    @abstractmethod
    def put_together(self, pieces: Iterable[Piece], rules: AnyRules) -> str:
        """Return pieces as lines."""

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
        """Write what is in the format already, within a line."""
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

    @property
    def is_formatted(self) -> bool:
        """Whether formatting is open."""
        return bool(self._formatting)

    # ----------------------------------------------------------------------------------------------------- blocks

    def block(self, written: str, kind: str = "") -> None:
        """Write a block of lines; it ends the paragraph."""
        self.end_paragraph()
        if written:
            self.blocks.append(self.made_block(kind, written))

    def end_paragraph(self) -> None:
        """End the paragraph; one that shows nothing vanishes."""
        if not self.pieces:
            return
        if self.in_quotation:
            self.pieces = _without_breaks_around(self.pieces)
        if self._formatting:
            self.pieces += [Edge(mark, False) for mark in reversed(self._formatting)]
        written = self.put_together(self.pieces, self._rules)
        self.pieces = [Edge(mark, True) for mark in self._formatting]
        if written:
            self.blocks.append(self.made_block(PARAGRAPH, written))

    def within(
        self, nodes: Iterable[Node], *, line: AnyRules | None = None, apart: bool = False, quotation: bool = False
    ) -> list[AnyBlock]:
        """Return the blocks that nodes become.

        Args:
            nodes: The nodes.
            line: How lines are put together, if not as in a paragraph.
            apart: Whether formatting around does not go on in them.
            quotation: Whether line ends are line breaks, as in quotations.
        """
        state = self.blocks, self.pieces, self._formatting, self._rules, self.in_quotation
        self._formatting = [] if apart else self._formatting
        self.blocks, self.pieces = [], [Edge(mark, True) for mark in self._formatting]
        self._rules, self.in_quotation = line or self._paragraph_rules, quotation
        self.nodes(nodes)
        self.end_paragraph()
        found = self.blocks
        self.blocks, self.pieces, self._formatting, self._rules, self.in_quotation = state
        return found


def _without_breaks_around(pieces: list[Piece]) -> list[Piece]:
    first, last = 0, len(pieces)
    while first < last and (pieces[first] is LINE or pieces[first] == ""):
        first += 1
    while first < last and (pieces[last - 1] is LINE or pieces[last - 1] == ""):
        last -= 1
    return pieces[first:last]
