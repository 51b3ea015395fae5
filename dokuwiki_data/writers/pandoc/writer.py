"""The writer of pandoc's AST: it collects the pieces of a document, and opens and closes paragraphs around lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import Addresses, is_live
from dokuwiki_data.writers.losses import Report
from dokuwiki_data.writers.node_writer import NodeWriter
from dokuwiki_data.writers.pandoc.pieces import (
    CODE,
    CODE_END,
    END,
    LINE_BREAK,
    SOFT_BREAK,
    SPACE,
    as_json_text,
    attributes,
    element,
    texts,
)

if TYPE_CHECKING:
    from dokuwiki_data.nodes.blocks import Heading
    from dokuwiki_data.writers.resolved import ResolvedPage

#: Writes a node: by the writer's methods, or as the elements of the AST that it returns, as JSON.
PandocRenderer = Callable[["PandocWriter", Any], str | None]

_PARAGRAPH, _PLAIN, _PARAGRAPH_END = '{"t":"Para","c":[', '{"t":"Plain","c":[', f"]}}{END}"
_BLANKS = " \t\n\r\f\v"
_BLANK_PIECES = (SPACE, SOFT_BREAK, LINE_BREAK)
#: An object of its own, so that a blank can be told from others.
_BLANK_BEHIND_CODE = f"{SPACE[:-1]}{END}"


class InlineElement(NamedTuple):
    """An element around others within a line.

    Attributes:
        opening: What is written before them.
        closing: What is written behind them.
    """

    opening: str
    closing: str


def formatting(kind: str) -> InlineElement:
    """Return an element without attributes, such as ``Strong``."""
    return InlineElement(f'{{"t":"{kind}","c":[', f"]}}{END}")


def span(classes: Sequence[str], values: Iterable[tuple[str, str]] = ()) -> InlineElement:
    """Return a ``Span`` with attributes. It has no anchor, since it may be closed before a block and opened again."""
    return InlineElement(f'{{"t":"Span","c":[{attributes("", classes, values)},[', f"]]}}{END}")


STRONG = formatting("Strong")


@dataclass(frozen=True, slots=True)
class Placement:
    """How a page stands in a document.

    Attributes:
        shift: By how many levels its headings are lower than in the wiki.
        prefix: What stands before its anchors.
        title: The heading that is the title of the document or chapter, and is not written.
        linked: The anchors to which links lead: that of ``title`` is kept if it is among them.
        checks_anchors: Whether links lead only to anchors that are there.
        is_finished: Whether the document is made at once, and shows only images of the wiki, since none are fetched.
        is_closed: Whether links cannot lead to files beside the document, as in an EPUB.
    """

    shift: int = 0
    prefix: str = ""
    title: Heading | None = None
    linked: Collection[str] = ()
    checks_anchors: bool = False
    is_finished: bool = False
    is_closed: bool = False


#: A page that is a document by itself.
WHOLE = Placement()


class PandocWriter(NodeWriter):
    """Collects the AST of a page.

    Renderers call its methods: `text` for text, `raw` for elements within a line, `block` for blocks, `nodes` for what
    is inside of a node.

    Attributes:
        addresses: Where pages and media files are.
        is_live: Whether a DokuWiki answers at these addresses.
        out: The pieces so far.
        in_quotation: Whether line ends are line breaks, as in quotations.
        in_code: Whether text is code, as in monospaced text.
        place: How the page stands in the document.
    """

    def __init__(
        self,
        page: ResolvedPage,
        addresses: Addresses,
        renderers: dict[type[Node], PandocRenderer],
        report: Report,
        place: Placement,
    ) -> None:
        super().__init__(page, renderers, report)
        self.addresses = addresses
        self.is_live = is_live(addresses)
        self.out: list[str] = []
        self.in_quotation = self.in_code = False
        self.place = place
        #: Where the open paragraph begins in `out`; -1 if none is open. It is open if formatting is written as open.
        self._begin = -1
        #: Whether the next paragraph is the first of a list item or cell, which is no paragraph of its own.
        self._is_plain = False
        #: The formatting that is open. DokuWiki lets blocks stand in formatting; here it is closed before a block and
        #: opened again behind it.
        self._formatting: list[InlineElement] = []
        self._anchors: set[str] = set()

    # ------------------------------------------------------------------------------------------- pieces of a line

    def text(self, text: str) -> None:
        """Write text."""
        if self.in_code:
            self._code(text)
        elif self.in_quotation and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.line_break()
                if line:
                    self.raw(texts(line))
        elif text:
            if self._begin < 0:
                self._open()
            self.out.append(texts(text))

    def raw(self, written: str) -> None:
        """Write elements within a line."""
        if written:
            if self._begin < 0:
                self._open()
            self.out.append(written if written.endswith(END) else written + END)

    def line_break(self) -> None:
        """Write a line break."""
        self.raw(LINE_BREAK)

    def formatted(self, around: InlineElement, nodes: Iterable[Node]) -> None:
        """Write nodes within an element; without anything in it, it vanishes."""
        self.begin_formatting(around)
        self.nodes(nodes)
        self.end_formatting()

    def begin_formatting(self, around: InlineElement) -> None:
        """Open an element around others within a line."""
        self._formatting.append(around)
        if self._begin >= 0:
            self.out.append(around.opening)

    def end_formatting(self) -> None:
        """Close the element that was opened last."""
        around = self._formatting.pop()
        if self._begin >= 0:
            self._close(around)

    def _close(self, around: InlineElement) -> None:
        if self.out[-1] is around.opening:
            self.out.pop()
        else:
            self.out.append(around.closing)

    def _code(self, text: str) -> None:
        """Write text as code, with the blanks around it outside. Code next to other code is one."""
        out = self.out
        inside = text.strip(_BLANKS)
        if not inside:
            if text and out and out[-1] is CODE_END:
                out.append(_BLANK_BEHIND_CODE)
            else:
                self.raw(texts(text))
            return
        if self._begin < 0:
            self._open()
        has_blank = text[0] in _BLANKS
        if out[-1] is _BLANK_BEHIND_CODE:
            out.pop()
            has_blank = True
        if out[-1] is CODE_END:
            out[-1] = " " if has_blank else ""
        else:
            out += (SPACE, CODE) if has_blank else (CODE,)
        out += (as_json_text(inside.replace("\n", " "))[1:-1], CODE_END)
        if text[-1] in _BLANKS:
            out.append(_BLANK_BEHIND_CODE)

    def note(self, nodes: Iterable[Node]) -> None:
        """Write a note at the place where it is referred to."""
        if self._begin < 0:
            self._open()
        self.out.append('{"t":"Note","c":[')
        self.within(nodes, apart=True)
        self.out.append(f"]}}{END}")

    def anchor(self, anchor: str) -> None:
        """Write an anchor within a line, if the document does not have it yet."""
        if anchor := self.own_anchor(anchor):
            self.raw(element("Span", attributes(anchor), "[]"))

    # ----------------------------------------------------------------------------------------------------- blocks

    def block(self, written: str) -> None:
        """Write blocks; they end the paragraph."""
        self.end_paragraph()
        if written:
            self.out.append(written if written.endswith(END) else written + END)

    def _open(self) -> None:
        """Open a paragraph, and in it all formatting that is open."""
        self._begin = len(self.out)
        self.out.append(_PARAGRAPH)
        if self._formatting:
            self.out += [one.opening for one in self._formatting]

    def end_paragraph(self) -> None:
        """Close the paragraph if one is open; one without anything in it vanishes."""
        begin, out = self._begin, self.out
        if begin < 0:
            return
        self._begin = -1
        if self._formatting:
            for one in reversed(self._formatting):
                self._close(one)
        # Few paragraphs begin or end with a blank or with formatting, in which there could be one.
        last = out[-1]
        if last[0] == "]" or last.endswith(_BLANK_PIECES):
            self._trim_end(begin)
        if len(out) > begin + 1:
            first = out[begin + 1]
            if first[-1] == "[" or first.startswith(_BLANK_PIECES):
                self._trim_begin(begin + 1)
        if len(out) == begin + 1:
            out.pop()
            return
        if self._is_plain:
            out[begin] = _PLAIN
            self._is_plain = False
        out.append(_PARAGRAPH_END)

    @property
    def _blanks(self) -> tuple[str, ...]:
        """The pieces that vanish at the ends of a paragraph: in quotations line breaks, too."""
        return _BLANK_PIECES if self.in_quotation else _BLANK_PIECES[:2]

    def _trim_end(self, begin: int) -> None:
        """Remove the blanks at the end of the paragraph, within its formatting too."""
        out, blanks = self.out, self._blanks
        last = len(out) - 1
        while last > begin and (out[last].endswith(blanks) or out[last][0] == "]"):
            if out[last][0] == "]":
                last -= 1  # what ends an element
                continue
            out[last] = out[last][: out[last].rindex("{")]
            if not out[last]:
                del out[last]
                last -= 1

    def _trim_begin(self, first: int) -> None:
        """Remove the blanks at the beginning of the paragraph, within its formatting too."""
        out, blanks = self.out, self._blanks
        while first < len(out) and (out[first].startswith(blanks) or out[first][-1] == "["):
            if out[first][-1] == "[":
                first += 1  # what begins an element
                continue
            out[first] = out[first][out[first].index(END) + 1 :]
            if not out[first]:
                del out[first]

    def within(
        self, nodes: Iterable[Node], *, plain: bool = False, apart: bool = False, quotation: bool = False
    ) -> None:
        """Write nodes as the blocks inside of an element.

        Args:
            nodes: The nodes.
            plain: Whether lines that begin it are no paragraph, as in the items of a list.
            apart: Whether formatting around does not go on in them.
            quotation: Whether line ends are line breaks, as in quotations.
        """
        state = self._begin, self._is_plain, self._formatting, self.in_quotation, self.in_code
        self._begin, self._is_plain, self.in_quotation = -1, plain, quotation
        if apart:
            self._formatting, self.in_code = [], False
        self.nodes(nodes)
        self.end_paragraph()
        self._begin, self._is_plain, self._formatting, self.in_quotation, self.in_code = state

    def written(self, nodes: Iterable[Node], *, plain: bool = False, apart: bool = True) -> str:
        """Return nodes as the blocks inside of an element; see `within`."""
        around, self.out = self.out, []
        self.within(nodes, plain=plain, apart=apart)
        found, self.out = self.out, around
        return "".join(found)

    def inside(self, node: Node) -> str:
        """Return the elements of what is inside of a node: blocks, or those of a line if the node stands in one."""
        if node.is_block:
            return self.written(node.children)
        around, self.out, begin, self._begin = self.out, [], self._begin, 0
        open_before, self._formatting = self._formatting, []
        self.nodes(node.children)
        found, self.out, self._begin, self._formatting = self.out, around, begin, open_before
        return "".join(found)

    def division(self, attributes: str, nodes: Iterable[Node]) -> None:
        """Write blocks in a ``Div``."""
        self.end_paragraph()
        self.out.append(f'{{"t":"Div","c":[{attributes},[')
        self.within(nodes, apart=True)
        self.out.append(f"]]}}{END}")

    def anchor_of(self, anchor: str) -> str:
        """Return an anchor of the page as it is called in the document, which may hold other pages, too."""
        return f"{self.place.prefix}{anchor}"

    def own_anchor(self, anchor: str) -> str:
        """Return an anchor that the document does not have yet; empty if it has."""
        if anchor in self._anchors:
            return ""
        self._anchors.add(anchor)
        return anchor
