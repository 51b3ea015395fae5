"""Losses: what a page holds and a writer could not say."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.text import Position, Span

#: What each kind of loss means.
KINDS = {
    "missing-page": "A link leads to a page that the wiki does not have; its label is shown.",
    "missing-anchor": "A link leads to a place that its page does not have; it leads to the page.",
    "missing-media": "A file is shown or linked that the wiki does not have; its caption or name is shown.",
    "left-out-page": "A link leads to a page of the wiki that is not part of the copy; its label is shown.",
    "left-out-media": "A file is shown or linked that is not part of the copy; its caption or name is shown.",
    "unsafe-address": "A link leads to an address that could run a program, such as javascript:; its label is shown.",
    "scheme": "A link leads to an address of which the format makes no link, such as file:; its label is shown.",
    "unknown-interwiki": "A link names another wiki that the settings do not know; its label is shown.",
    "feed": "A news feed is shown by DokuWiki when somebody reads the page; a link to the feed stands in its place.",
    "query": "A query of the data plugin could not be answered; its source is shown.",
    "live-query": "A query cannot be a base of Obsidian, for a reason that is told; its answer is shown.",
    "template": "The template of an entry or a query is not there, or shows itself; the values are shown without it.",
    "more-rows": "A query has more rows than its limit; DokuWiki leads to them, a copy of the page ends there.",
    "plugin": "Markup of a plugin whose output is not known; its source, or what is in it, is shown.",
    "discussion": "Comments of the discussion plugin are left out.",
    "form": "A form, which a copy cannot answer, is left out.",
    "include": "A page that is to be included is missing, or includes itself; nothing is shown.",
    "tag": "A tag has no page of its own; DokuWiki lists the pages with the tag, here its name is shown.",
    "style": "How a plugin makes something look, such as colours and columns, is left out; what is in it is shown.",
    "external-image": "An image of another site is shown by DokuWiki; a link to it stands in its place.",
    "character": "A character that the format cannot hold, such as a control character, is a replacement character.",
    "note": "A note stands in another note; it is shown there in brackets.",
    "video": "A film of another site is shown by DokuWiki; a link to it stands in its place.",
    "header-cell": "A header cell stands where pandoc's tables have none; it is an ordinary cell with bold text.",
    "outer-image": "An image of another site is not fetched for a document; a link to it stands in its place.",
    "formatting": "A flavour of markup has no such formatting at that place; the text in it is shown.",
    "typography": "A flavour of markup replaces nothing in code, such as quotation marks; they are shown as typed.",
    "line-break": "A flavour of markup has no line break at that place; a blank is shown.",
    "table": "A flavour of markup has no such spans, headers or alignments in tables; the cells are shown without.",
    "list": "A flavour of markup has no such list; what is in it is shown.",
    "code": "A flavour of markup has no such code; it is shown as another kind of code.",
    "link": "A flavour of markup cannot write the target or the label of a link; the label is shown.",
    "media": "A flavour of markup cannot write the target or the title of a file; the title is shown.",
    "markup": "A flavour of markup cannot write a part of the page so that it is read as before; its text is kept.",
}


class Loss(NamedTuple):
    """Something that the output does not say as the page does.

    Attributes:
        kind: A word of `KINDS`.
        what: What is concerned: an id, an address, the name of a plugin.
        span: The place in the source of the page.
        position: The line and column of its start.
    """

    kind: str
    what: str
    span: Span
    position: Position

    @classmethod
    def of(cls, kind: str, what: str, node: Node) -> Loss:
        """Return the loss of a node."""
        span = node.span
        return cls(kind, what, span, node._source.page.position(span.start))


#: Is told of every loss.
Report = Callable[[Loss], object]


def ignore(loss: Loss) -> None:
    """Do nothing: the report of those who want none."""
