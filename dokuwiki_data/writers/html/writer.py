"""The writer of HTML: it collects the pieces of a page and opens and closes paragraphs where DokuWiki does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from dokuwiki_data.compiling import mypyc_attr
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.php import BLANKS
from dokuwiki_data.writers.addresses import Addresses, is_live
from dokuwiki_data.writers.losses import Report
from dokuwiki_data.writers.node_writer import NodeWriter

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: Writes a node: to the writer, or as the HTML that it returns.
Renderer = Callable[["HtmlWriter", Any], str | None]

#: Line breaks in quotations, whose lines DokuWiki does not make paragraphs of: one that stands for a paragraph's
#: border, and one that stands for the end of a line.
BREAK, LINE_END = "<br/>\n", "<br />\n"


def escaped(text: str) -> str:
    """Return text escaped for HTML, also for the values of attributes in double quotation marks."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    return text


@mypyc_attr(allow_interpreted_subclasses=True)
class HtmlWriter(NodeWriter):
    """Collects the HTML of a page.

    Renderers call its methods: `raw` for HTML, `text` for text, `nodes` for what is inside of a node; `block` and
    `begin_container` for what stands on lines of its own.

    Attributes:
        addresses: Where pages and media files are.
        is_live: Whether a DokuWiki answers at these addresses.
        out: The pieces of HTML so far.
        in_quotation: Whether line ends are line breaks, as in quotations.
    """

    def __init__(
        self, page: ResolvedPage, addresses: Addresses, renderers: dict[type[Node], Renderer], report: Report
    ) -> None:
        super().__init__(page, renderers, report)
        self.addresses = addresses
        self.is_live = is_live(addresses)
        self.out: list[str] = []
        self._in_footnote = False
        self.in_quotation = False
        #: Where the open paragraph begins in `out`; -1 if none is open.
        self._paragraph = -1
        #: The formatting that is open, as tags that open and close it, and how much of it is written as open. DokuWiki
        #: lets blocks stand in formatting; here the tags are closed before a block and opened again behind it.
        self._formatting: list[tuple[str, str]] = []
        self._written = 0

    # ------------------------------------------------------------------------------------------------- pieces

    def raw(self, written: str) -> None:
        """Write HTML as it is."""
        self.out.append(written)

    def text(self, text: str) -> None:
        """Write text, escaped."""
        if self.in_quotation and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.out.append(LINE_END)
                if line:
                    self.out.append(escaped(line))
        else:
            self.out.append(escaped(text))

    def inside(self, node: Node) -> str:
        """Return the HTML of what is inside of a node."""
        around, self.out = self.out, []
        paragraph, self._paragraph = self._paragraph, -1
        self.nodes(node.children)
        self.end_paragraph()
        found, self.out, self._paragraph = self.out, around, paragraph
        return "".join(found)

    # ------------------------------------------------------------------------------------- blocks and paragraphs

    def block(self, written: str) -> None:
        """Write a block: it ends the paragraph, and in formatting another one begins behind it."""
        self.begin_block()
        self.out.append(written)
        self.end_block()

    def begin_block(self) -> None:
        """End the paragraph before a block."""
        if self._paragraph >= 0:
            self.end_paragraph()
        if self._written:
            self.suspend()

    def end_block(self) -> None:
        """Go on behind a block: with a paragraph in formatting."""
        if self._formatting:
            if self._in_footnote:
                self.resume()
            else:
                self.begin_paragraph()

    def inner(self, opening: str, nodes: Iterable[Node], closing: str) -> None:
        """Write a part of a block: formatting around goes on in it, a paragraph that begins in it ends with it."""
        self.out.append(opening)
        if self._formatting:
            self.resume()
        self.nodes(nodes)
        if self._paragraph >= 0 or self._written:
            self.begin_block()
        self.out.append(closing)

    def begin_paragraph(self) -> None:
        """Open a paragraph."""
        if self._written:
            self.suspend()
        self._paragraph = len(self.out)
        self.out.append(BREAK if self.in_quotation else "\n<p>\n")
        if self._formatting:
            self.resume()

    def end_paragraph(self) -> None:
        """Close the paragraph if one is open; one without anything in it vanishes."""
        begin, out = self._paragraph, self.out
        if begin < 0:
            return
        self._paragraph = -1
        if self._written:
            self.suspend()
        if self.in_quotation:
            while out[-1] is LINE_END:
                out.pop()
        for at in range(begin + 1, len(out)):
            if out[at].strip(BLANKS):
                out.append(BREAK if self.in_quotation else "\n</p>\n")
                return
        del out[begin:]

    # ------------------------------------------------------------------------------------------------ formatting

    def begin_formatting(self, opening: str, closing: str) -> None:
        """Open formatting, given its tags."""
        self._formatting.append((opening, closing))
        self.resume()

    def end_formatting(self) -> None:
        """Close the formatting that was opened last."""
        _, closing = self._formatting.pop()
        if self._written > len(self._formatting):
            self._written -= 1
            self.out.append(closing)

    def suspend(self) -> None:
        """Close the tags of all open formatting, to be opened again."""
        while self._written:
            self._written -= 1
            opening, closing = self._formatting[self._written]
            if self.out and self.out[-1] is opening:
                self.out.pop()
            else:
                self.out.append(closing)

    def resume(self) -> None:
        """Open the tags of all open formatting."""
        while self._written < len(self._formatting):
            self.out.append(self._formatting[self._written][0])
            self._written += 1

    # ------------------------------------------------------------------------------------------------ containers

    def container(self, opening: str, nodes: Iterable[Node], closing: str) -> None:
        """Write a block with nodes in it, in which formatting and paragraphs begin anew."""
        self.begin_block()
        self.out.append(opening)
        formatting, self._formatting = self._formatting, []
        self.nodes(nodes)
        self.end_paragraph()
        self._formatting = formatting
        self.out.append(closing)
        self.end_block()

    def apart(self, nodes: Iterable[Node], *, footnote: bool = False, quotation: bool = False) -> list[str]:
        """Return the pieces of nodes that are written elsewhere: of a footnote, of the lines of a quotation."""
        state = self.out, self._paragraph, self._formatting, self._written, self._in_footnote, self.in_quotation
        self.out, self._paragraph, self._formatting, self._written = [], -1, [], 0
        self._in_footnote, self.in_quotation = footnote or self._in_footnote, quotation
        self.nodes(nodes)
        self.end_paragraph()
        found = self.out
        self.out, self._paragraph, self._formatting, self._written, self._in_footnote, self.in_quotation = state
        return found
