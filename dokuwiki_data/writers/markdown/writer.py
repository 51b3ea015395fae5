"""The writer of Markdown: it collects the pieces of lines, and the blocks that they become."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.html.writer import HtmlWriter, escaped
from dokuwiki_data.writers.losses import Loss, Report
from dokuwiki_data.writers.markdown.anchors import title_paths
from dokuwiki_data.writers.markdown.dialect import Box, Dialect
from dokuwiki_data.writers.markdown.embedded import EMBEDDED, embedded_html
from dokuwiki_data.writers.markdown.pieces import LineRules, put_together
from dokuwiki_data.writers.node_writer import NodeWriter
from dokuwiki_data.writers.pieces import LINE, Edge, Mark, Piece, Raw

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: What is written.
Made = TypeVar("Made")

#: Writes a node: by the writer's methods, or as the Markdown that it returns.
MarkdownRenderer = Callable[["MarkdownWriter", Any], str | None]

#: The kind of blocks that are paragraphs.
PARAGRAPH = "paragraph"

_ESCAPED = re.compile(r"\\[\[\]]")
_BRACKETS = re.compile(r"[\[\]]")
_UNESCAPED_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_LINE_BEGIN = re.compile(r"^(?=.)", re.MULTILINE)


class MarkdownBlock(NamedTuple):
    """A block of lines, without a line end behind it.

    Attributes:
        kind: `PARAGRAPH`, the sign of a list's items, ``>`` for a quotation, or empty. Neighbouring lists or
            quotations of one kind could become one.
        text: The lines.
    """

    kind: str
    text: str


class MarkdownWriter(NodeWriter):
    """Collects the Markdown of a page.

    Renderers call its methods: `text` for text, `raw` for Markdown, `nodes` for what is inside of a node, `block` for
    what stands on lines of its own.

    Attributes:
        dialect: The dialect that is written.
        addresses: Where pages and media files are.
        blocks: The blocks so far.
        pieces: The pieces of the paragraph that is not finished.
        anchors: How often readers make each anchor of the headings so far, see `AnchorMaker`.
        titles: What links to the headings of the page lead to, by their anchors, if not to these.
        linked: The anchors of the page to which links lead.
        in_quotation: Whether line ends are line breaks, as in quotations.
    """

    def __init__(
        self,
        page: ResolvedPage,
        dialect: Dialect,
        addresses: Addresses,
        renderers: dict[type[Node], MarkdownRenderer],
        report: Report,
        linked: Collection[str] = (),
    ) -> None:
        super().__init__(page, renderers, report)
        self.dialect = dialect
        self.addresses = addresses
        self.blocks: list[MarkdownBlock] = []
        self.pieces: list[Piece] = []
        self.anchors: dict[str, int] = {}
        self.titles: dict[str, str] = {}
        if dialect.links_to_titles:
            self.titles = title_paths((node.level, node.title, anchor) for node, anchor in page.headings)
        self.linked = frozenset(linked) | page.linked_anchors
        self._html: HtmlWriter | None = None
        #: The formatting that is open. DokuWiki lets blocks stand in formatting; here it is closed before a block and
        #: opened again behind it.
        self._formatting: list[Mark] = []
        self._line: LineRules = dialect.paragraph
        self.in_quotation = False

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
        """Write Markdown as it is, within a line."""
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

    def label(self, text: str) -> str:
        """Return text as it is written for a link: brackets in it that are no pairs are escaped."""
        written = put_together((text,), self.dialect.label)
        return written if "[" not in written and "]" not in written else _paired(written)

    def title(self, text: str, box: Box) -> str:
        """Return text as it is written for the title of a box."""
        return escaped(text).replace("{{", "&#123;{") if box.is_html else self.label(text)

    # ------------------------------------------------------------------------------------------------------ nodes

    def inside(self, node: Node) -> str:
        """Return the Markdown of what is inside of a node."""
        return self.joined(self.within(node.children, apart=True))

    def tried(self, write: Callable[[], Made | None]) -> Made | None:
        """Return what a function returns; what it loses is told only if that is not None."""
        report, held = self._report, list[Loss]()
        self._report = held.append
        try:
            written = write()
        finally:
            self._report = report
        if written is not None:
            for loss in held:
                report(loss)
        return written

    # ----------------------------------------------------------------------------------------------------- blocks

    def block(self, written: str, kind: str = "") -> None:
        """Write a block of lines; it ends the paragraph."""
        self.end_paragraph()
        if written:
            self.blocks.append(MarkdownBlock(kind, written))

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
            self.blocks.append(MarkdownBlock(PARAGRAPH, written))

    @contextmanager
    def unformatted(self) -> Iterator[None]:
        """Write blocks in which the formatting around does not go on."""
        self.end_paragraph()
        state = self.pieces, self._formatting
        self.pieces, self._formatting = [], []
        yield
        self.end_paragraph()
        self.pieces, self._formatting = state

    def within(
        self, nodes: Iterable[Node], *, line: LineRules | None = None, apart: bool = False, quotation: bool = False
    ) -> list[MarkdownBlock]:
        """Return the blocks that nodes become.

        Args:
            nodes: The nodes.
            line: How lines are put together, if not as in a paragraph.
            apart: Whether formatting around does not go on in them.
            quotation: Whether line ends are line breaks, as in quotations.
        """
        state = self.blocks, self.pieces, self._formatting, self._line, self.in_quotation
        self._formatting = [] if apart else self._formatting
        self.blocks, self.pieces = [], [Edge(mark, True) for mark in self._formatting]
        self._line, self.in_quotation = line or self.dialect.paragraph, quotation
        self.nodes(nodes)
        self.end_paragraph()
        found = self.blocks
        self.blocks, self.pieces, self._formatting, self._line, self.in_quotation = state
        return found

    def boxed(self, nodes: Iterable[Node], box: Box, title: str = "", kind: str = "") -> None:
        """Write blocks that are set apart from those around."""
        self.end_paragraph()
        content = indented(self.joined(self.within(nodes, apart=True)), box.prefix)
        fence = fence_around(content, box.sign) if box.sign else ""
        opening = (box.opening if title else box.plain or box.opening).format(kind=kind, title=title, fence=fence)
        closing = box.closing.format(fence=fence)
        self.block("\n".join(filter(None, (opening, content, closing))), box.prefix)

    def html(self, nodes: Iterable[Node]) -> str:
        """Return nodes as HTML without empty lines, as it may stand in Markdown."""
        if self._html is None:
            self._html = HtmlWriter(self.page, self.addresses_in_html, EMBEDDED, self._lost)
        html = embedded_html(self._html, nodes)
        return html.replace("{{", "&#123;{") if self.dialect.counts_in_code(html) else html

    @property
    def addresses_in_html(self) -> Addresses:
        """The addresses in HTML, where the programs that build sites leave them as they are."""
        addresses: Addresses = getattr(self.addresses, "in_html", self.addresses)
        return addresses

    def _lost(self, loss: Loss) -> None:
        self._report(loss if self._place is None else Loss.of(loss.kind, loss.what, self._place))

    def joined(self, blocks: Sequence[MarkdownBlock]) -> str:
        """Return blocks as one text, with an empty line between them, and more between those that would become one."""
        between = self.dialect.between
        if not between:
            return "\n\n".join([block.text for block in blocks])
        texts: list[str] = []
        before = ""
        for block in blocks:
            if block.kind and block.kind == before != PARAGRAPH:
                texts.append(between)
            texts.append(block.text)
            before = block.kind
        return "\n\n".join(texts)


def _paired(label: str) -> str:
    """Return a label with its brackets escaped if one is not part of a pair, or is escaped already."""
    depth, plain = 0, _ESCAPED.sub("", label)
    for bracket in _BRACKETS.findall(plain):
        depth += 1 if bracket == "[" else -1
        if depth < 0:
            break
    return label if depth == 0 and plain == label else _UNESCAPED_BRACKET.sub(r"\\\g<0>", label)


def _without_breaks_around(pieces: list[Piece]) -> list[Piece]:
    first, last = 0, len(pieces)
    while first < last and (pieces[first] is LINE or pieces[first] == ""):
        first += 1
    while first < last and (pieces[last - 1] is LINE or pieces[last - 1] == ""):
        last -= 1
    return pieces[first:last]


def fence_around(text: str, sign: str) -> str:
    """Return a fence of a sign that is longer than every line of it in a text, and no shorter than three."""
    inside = re.findall(rf"^[ >]*({re.escape(sign)}{{3,}})", text, re.MULTILINE)
    return sign * (max(map(len, inside), default=2) + 1)


def indented(text: str, prefix: str, first: str | None = None) -> str:
    """Return lines with something before each, and something else before the first; empty ones get no blanks."""
    if not prefix.strip():
        written = _LINE_BEGIN.sub(prefix, text)
        return written if first is None else first + written[len(prefix) :]
    return "\n".join(f"{prefix}{line}".rstrip(" ") for line in text.split("\n"))
