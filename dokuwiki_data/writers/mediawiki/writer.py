"""The writer of wikitext: it collects the pieces of lines, and the blocks that they become."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.writers.addresses import Addresses
from dokuwiki_data.writers.line_writer import PARAGRAPH, LineWriter
from dokuwiki_data.writers.losses import Report
from dokuwiki_data.writers.mediawiki.escaping import preformatted
from dokuwiki_data.writers.mediawiki.pieces import PARAGRAPH_LINES, WikitextLine, put_together
from dokuwiki_data.writers.pieces import Piece

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: Writes a node: by the writer's methods, or as the wikitext that it returns.
MediaWikiRenderer = Callable[["MediaWikiWriter", Any], str | None]

#: The kinds of blocks that may stand on the line of an item of a list.
CODE = "code"
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


class MediaWikiWriter(LineWriter[WikitextBlock, WikitextLine]):
    """Collects the wikitext of a page.

    Renderers call its methods: `text` for text, `raw` for wikitext, `nodes` for what is inside of a node, `block` for
    what stands on lines of its own.

    Attributes:
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
        super().__init__(page, addresses, renderers, report, linked, PARAGRAPH_LINES)
        self.in_note = False
        self.categories: dict[str, None] = {}
        self.switches: dict[str, None] = {}
        self.redirect = ""
        self.has_notes = False
        self.repeated: set[int] = set()

    def made_block(self, kind: str, text: str) -> WikitextBlock:
        return WikitextBlock(kind, text)

    def put_together(self, pieces: Iterable[Piece], rules: WikitextLine) -> str:
        return put_together(pieces, rules)

    def code(self, text: str) -> None:
        """Write text as it is, with its blanks and lines."""
        self.end_paragraph()
        inside = preformatted(text)
        one_line = inside.replace("\n", "&#10;")
        self.blocks.append(WikitextBlock(CODE, f"<pre>\n{inside}\n</pre>", f"<pre>{one_line}</pre>"))

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
