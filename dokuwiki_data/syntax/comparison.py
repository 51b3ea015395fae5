"""What reads differently under two syntaxes: the passages of a page that an upgrade, or a plugin, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import chain
from typing import Any, NamedTuple

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.source import Position, Span
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse


class Difference(NamedTuple):
    """A passage that reads differently.

    ``span`` is its place in the text in characters, ``position`` the line and column of its start, ``what`` says
    in a few words what it is under which syntax.
    """

    span: Span
    position: Position
    what: str


def reads_differently(text: str, one: Syntax, other: Syntax) -> list[Difference]:
    """The smallest passages of a page's source that two syntaxes read differently, in their order."""
    names = (one.release, other.release) if one.release != other.release else ("the one syntax", "the other syntax")
    return differences((parse(text, syntax=one), parse(text, syntax=other)), names)


def differences(pages: tuple[Page, Page], names: tuple[str, str]) -> list[Difference]:
    """The smallest passages in which two readings of one text differ; ``names`` say which is which.

    What a reader would not see does not count: blanks around line ends, the levels of a list that is nested all the
    same, the place where a paragraph ends.
    """
    marks = [_marks(page) for page in pages]
    changed = [
        _Changed(node.span, node, name)
        for name, own, others in zip(names, marks, reversed(marks), strict=True)
        for mark, node in own.items()
        if mark not in others
    ]
    changed.sort(key=lambda each: (each.span.start, -each.span.end))
    return [_difference(passage, pages[0]) for passage in _passages(changed)]


class _Changed(NamedTuple):
    """A node that only one of the two trees has."""

    span: Span
    node: Node
    syntax: str


def _passages(changed: list[_Changed]) -> Iterator[list[_Changed]]:
    """What overlaps belongs together."""
    passage: list[_Changed] = []
    end = -1
    for each in changed:
        if passage and each.span.start >= end:
            yield passage
            passage = []
        passage.append(each)
        end = max(end if len(passage) > 1 else -1, each.span.end)
    if passage:
        yield passage


def _difference(passage: list[_Changed], page: Page) -> Difference:
    first = passage[0]
    span = Span(first.span.start, max(each.span.end for each in passage))
    rival = next((each for each in passage if each.syntax != first.syntax), None)
    said = _say(first.node)
    if rival is None or rival.span.start > first.span.start:
        what = f"{said} only in {first.syntax}"
    elif _say(rival.node) == said:
        what = f"{said} otherwise in {first.syntax} than in {rival.syntax}"
    else:
        what = f"{said} in {first.syntax}, {_say(rival.node)} in {rival.syntax}"
    return Difference(span, page._source.position(span.start), what)


# --------------------------------------------------------------------------------- what a reader would see

#: What only carries others, or is not shown.
_CARRIERS = (Page, blocks.Section, blocks.Paragraph, blocks.QuotedLines, inline.Text, inline.LoneCloser)
#: Fields that a reader would not see.
_UNSEEN = {"level", "closed", "content", "items", "lists", "rows", "cells", "heading"}
_SEEN: dict[str, Callable[[Any], Any]] = {
    "text": lambda text: text.strip(),
    "title": lambda title: title and title.strip(),
    "filename": lambda name: name and name.strip(),
    "options": lambda options: repr(options or None),
    "label": lambda label: repr(label),
}


def _marks(page: Page) -> dict[tuple[Any, ...], Node]:
    """The nodes that a reader would see, by what makes them the same under both syntaxes."""
    return {_mark(node): node for node in page.walk() if not isinstance(node, _CARRIERS) and not _ends_a_line(node)}


def _mark(node: Node) -> tuple[Any, ...]:
    # Where a block ends, its parts say.
    formatted = isinstance(node, inline.Formatting)
    place = (*node.span, *node.plain_text().split()) if formatted else node.span[:1]
    names = (field.name for field in fields(node) if not field.name.startswith("_") and field.name not in _UNSEEN)
    said = ((name, _SEEN.get(name, _plain)(getattr(node, name))) for name in names)
    level = (node.level,) if isinstance(node, blocks.Heading) else ()
    return (type(node), place, *level, *chain.from_iterable(said))


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, type(None))) else repr(value)


def _ends_a_line(node: Node) -> bool:
    """Whether it is the line end of a quotation, which is a node of its own in earlier releases."""
    return isinstance(node, inline.LineBreak) and not node.source.startswith("\\")


# -------------------------------------------------------------------------------------------- how it is said

_WORDS: dict[type[Node], str] = {
    inline.Strong: "bold",
    inline.Emphasis: "italic",
    inline.Underline: "underlined",
    inline.Monospace: "monospaced",
    inline.Subscript: "lowered",
    inline.Superscript: "raised",
    inline.Deleted: "struck out",
    inline.Footnote: "a footnote",
    inline.LineBreak: "a line break",
    inline.Unformatted: "unformatted text",
    inline.Smiley: "a smiley",
    inline.Acronym: "an acronym",
    inline.QuotationMark: "a quotation mark",
    blocks.Heading: "a heading",
    blocks.HorizontalRule: "a rule",
    blocks.Preformatted: "preformatted text",
    blocks.Code: "code",
    blocks.File: "a file",
    blocks.List: "a list",
    blocks.ListItem: "an item of a list",
    blocks.Table: "a table",
    blocks.TableRow: "a row of a table",
    blocks.TableCell: "a cell of a table",
    blocks.Quote: "a quotation",
}
_KINDS: dict[type[Node], str] = {
    inline.Link: "a link",
    inline.Media: "media",
    inline.Replaced: "a replacement",
}


def _say(node: Node) -> str:
    if isinstance(node, inline.Formatting):
        to_the_end = "" if node.closed else " to the end of its text"
        return f"`{node.opening}` is {_WORDS[type(node)]}{to_the_end}"
    word = _WORDS.get(type(node)) or next((word for kind, word in _KINDS.items() if isinstance(node, kind)), None)
    written = node.source.strip().partition("\n")[0]
    shown = written if len(written) <= 30 else f"{written[:29]}…"
    return f"`{shown}` is {word or type(node).__name__}"
