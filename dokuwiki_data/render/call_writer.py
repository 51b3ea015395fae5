"""Collect the calls of an instruction list, and open and close paragraphs as DokuWiki does around blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.syntax.flavours import SyntaxFlavour
from dokuwiki_data.syntax.paragraphs import PHP_BLANKS
from dokuwiki_data.syntax.releases import Release
from dokuwiki_data.text import PageText, QuotedText, size_in_bytes

Call = list[Any]

#: Up to so many characters from the last place, bytes are counted from there; else by the text, which is slower.
_NEAR = 256

#: Calls that open a block, whose text follows.
_BLOCK_OPENINGS = frozenset({
    "listu_open", "listo_open", "listo_open_start", "listitem_open", "listcontent_open", "quote_open",
    "table_open", "tablethead_open", "tablerow_open", "tablecell_open", "tableheader_open",
})  # fmt: skip


class Renderers(dict[type[Node], Callable[["CallWriter", Any], None]]):
    """The function for each class of nodes; a class of a plugin has that of the class it is derived from."""

    def __missing__(self, kind: type[Node]) -> Callable[[CallWriter, Any], None]:
        self[kind] = renderer = next(self[known] for known in kind.__mro__[1:] if known in self)
        return renderer


class CallWriter:
    """Collects the calls of one text.

    Text, list items, cells and the like, which are most of a page, are written without a call of a method for each
    instruction, which halves the time. They read the offsets of nodes from their fields, since properties take longer.

    Args:
        source: The text.
        base: The place in DokuWiki's count at which the text begins.
        renderers: The function that writes the calls of a node, for each class of nodes.
        release: The release of DokuWiki whose calls to write.
        flavour: The flavour that the text was read in.
    """

    def __init__(
        self, source: PageText, base: int, renderers: Renderers, release: Release, flavour: SyntaxFlavour
    ) -> None:
        self.source = source
        self.base = base
        self.renderers = renderers
        self.release = release
        self.flavour = flavour
        self.reads_markdown = flavour.reads_markdown
        self.calls: list[Call] = []
        #: Whether offsets in the text are places as DokuWiki counts them.
        self.is_plain = base == 0 and source.normalized.isascii()
        self._last = self._place_of_last = -_NEAR
        #: Whether a paragraph is open. Besides the paragraphs of the tree, DokuWiki closes one before a block inside
        #: formatting, and opens another after it.
        self.in_paragraph = False
        self.in_formatting = 0
        self.in_footnote = False
        #: Whether lists, tables and quotations are written as the lexer's calls, since a footnote interrupted some.
        self.apart = False
        #: Whether blanks at the start of the next text are dropped: after a line end outside of a paragraph.
        self.trims = False

    def call(self, name: str, arguments: list[Any], at: int) -> None:
        """Write a call with a place in the text; a negative place stands for that of the previous call."""
        self.calls.append([name, arguments, at if self.is_plain and at >= 0 else self.place(at)])
        if self.trims:
            self.trims = name in _BLOCK_OPENINGS

    def place(self, at: int) -> int:
        """Return a place in the text as DokuWiki counts it; a negative one stands for that of the previous call."""
        if at < 0:
            return int(self.calls[-1][2])
        if self.is_plain:
            return at
        last = self._last
        if at != last:  # many calls have the place of another
            if last < at < last + _NEAR:
                between = self.source.normalized[last:at]
                self._place_of_last += len(between) if between.isascii() else size_in_bytes(between)
            else:
                self._place_of_last = self.base + self.source.byte(at)
            self._last = at
        return self._place_of_last

    def node(self, node: Node) -> None:
        """Write the calls of a node."""
        self.renderers[type(node)](self, node)

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Write the calls of nodes."""
        renderers, calls, is_plain = self.renderers, self.calls, self.is_plain
        for node in nodes:
            if type(node) is not Text:
                renderers[type(node)](self, node)
            elif calls[-1][0] == "cdata" or self.trims:
                self.text(node.text, node._start)
            else:
                at = node._start
                calls.append(["cdata", [node.text], at if is_plain else self.place(at)])

    def of_text(self, source: PageText, base: int) -> CallWriter:
        """Return a writer for the calls of a nested list."""
        return CallWriter(source, base, self.renderers, self.release, self.flavour)

    def nest(self, nodes: Sequence[Node]) -> None:
        """Write nodes of a text of its own as a nested list.

        DokuWiki adds the place of the text to those of its calls, but not to those of lists nested in it, nor to places
        that are arguments of calls.
        """
        if calls := self.nested(nodes):
            self.calls.append(["nest", [calls], calls[0][2] + self.base])

    def nested(self, nodes: Sequence[Node], base: int | None = None) -> list[Call]:
        """Return the calls of nodes of a text of its own."""
        source = nodes[0].source_text
        if base is None:
            assert isinstance(source, QuotedText)
            base = self.source.byte(source.begins_at)
        inner = self.of_text(source, base)
        inner.call("document_start", [], 0)  # dropped later; open places are counted from it
        inner.nodes(nodes)
        inner.end_paragraph(-1)
        return inner.calls[1:]

    def text(self, text: str, at: int) -> None:
        """Write text, joined with a text before it."""
        if self.trims:
            text = text.lstrip(" \t")
        if self.calls and self.calls[-1][0] == "cdata":
            self.calls[-1][1][0] += text
        else:
            self.call("cdata", [text], at)

    def block(self, name: str, arguments: list[Any], at: int) -> None:
        """Write a block without children."""
        self.end_paragraph(at)
        self.call(name, arguments, at)
        self.behind_block(at)

    def behind_block(self, at: int) -> None:
        """Open another paragraph behind a block that stands inside formatting."""
        if self.in_formatting and not self.in_footnote:
            self.begin_paragraph(at)

    def begin_paragraph(self, at: int) -> None:
        """Open a paragraph."""
        self.call("p_open", [], at)
        self.in_paragraph = True

    def end_paragraph(self, at: int) -> None:
        """Close the paragraph, if one is open; drop it if there is nothing but white space in it."""
        if not self.in_paragraph:
            return
        self.in_paragraph = False
        calls = self.calls
        last = calls[-1]
        if last[0] == "cdata":
            first = len(calls) - 1
            while calls[first - 1][0] == "cdata":
                first -= 1
            if calls[first - 1][0] == "p_open" and not "".join([call[1][0] for call in calls[first:]]).strip(
                PHP_BLANKS
            ):
                del calls[first - 1 :]
                return
            last[1][0] = last[1][0].rstrip("\n")
        elif last[0] == "p_open":
            del calls[-1]
            return
        self.call("p_close", [], at)
