"""The writer of Markdown: it collects the pieces of lines, and the blocks that they become."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.html.writer import HtmlWriter, escaped
from dokuwiki_data.writers.line_writer import PARAGRAPH, LineWriter
from dokuwiki_data.writers.losses import Loss, Report
from dokuwiki_data.writers.markdown.anchors import title_paths
from dokuwiki_data.writers.markdown.dialect import Box, Dialect
from dokuwiki_data.writers.markdown.embedded import EMBEDDED, embedded_html
from dokuwiki_data.writers.markdown.pieces import LineRules, put_together
from dokuwiki_data.writers.pieces import Piece

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: What is written.
Made = TypeVar("Made")

#: Writes a node: by the writer's methods, or as the Markdown that it returns.
MarkdownRenderer = Callable[["MarkdownWriter", Any], str | None]

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


class MarkdownWriter(LineWriter[MarkdownBlock, LineRules]):
    """Collects the Markdown of a page.

    Renderers call its methods: `text` for text, `raw` for Markdown, `nodes` for what is inside of a node, `block` for
    what stands on lines of its own.

    Attributes:
        dialect: The dialect that is written.
        anchors: How often readers make each anchor of the headings so far, see `AnchorMaker`.
        titles: What links to the headings of the page lead to, by their anchors, if not to these.
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
        super().__init__(page, addresses, renderers, report, linked, dialect.paragraph)
        self.dialect = dialect
        self.anchors: dict[str, int] = {}
        self.titles: dict[str, str] = {}
        if dialect.links_to_titles:
            self.titles = title_paths((node.level, node.title, anchor) for node, anchor in page.headings)
        self._html: HtmlWriter | None = None

    def made_block(self, kind: str, text: str) -> MarkdownBlock:
        return MarkdownBlock(kind, text)

    def put_together(self, pieces: Iterable[Piece], rules: LineRules) -> str:
        return put_together(pieces, rules)

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

    @contextmanager
    def unformatted(self) -> Iterator[None]:
        """Write blocks in which the formatting around does not go on."""
        self.end_paragraph()
        state = self.pieces, self._formatting
        self.pieces, self._formatting = [], []
        yield
        self.end_paragraph()
        self.pieces, self._formatting = state

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
