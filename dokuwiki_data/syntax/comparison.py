"""Find the passages of a page that two syntaxes read differently, such as those of two releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import chain
from typing import Any, NamedTuple

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.nodes.words import BLANKS, words
from dokuwiki_data.syntax.configuration import RELEASES, Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.text import Position, Span


class Difference(NamedTuple):
    """A passage that two syntaxes read differently.

    Attributes:
        span: The place in the text in characters.
        position: The line and the column of its start.
        what: A description of the difference in a few words.
    """

    span: Span
    position: Position
    what: str


def reads_differently(text: str, one: Syntax, other: Syntax) -> list[Difference]:
    """Return the smallest passages of a page's source that two syntaxes read differently, in order."""
    names = (one.release, other.release) if one.release != other.release else ("the one syntax", "the other syntax")
    return differences((parse(text, syntax=one), parse(text, syntax=other)), names)


def upgrade_differences(page: Page, syntax: Syntax) -> list[Difference]:
    """Return the smallest passages of a page that the oldest and the newest known release read differently, in order.

    Args:
        page: The page.
        syntax: How it was read. In its release, the page is not read again.
    """
    releases = RELEASES[-1], RELEASES[0]
    older, newer = (
        page if release == syntax.release else parse(str(page), syntax=syntax.chosen(release)) for release in releases
    )
    return differences((older, newer), releases)


def differences(pages: tuple[Page, Page], names: tuple[str, str]) -> list[Difference]:
    """Return the smallest passages in which two parses of one text differ.

    Differences that readers do not see are ignored: blanks around line ends, the levels of a list with the same
    nesting, the place where a paragraph ends.

    Args:
        pages: The two parses.
        names: The names of their syntaxes, for descriptions.
    """
    if pages[0].content == pages[1].content:  # of most pages: the rest took 60 times as long as this
        return []
    readings = [_Seen(page) for page in pages]
    changed = [
        _Changed(node.span, node, name)
        for name, own, others in zip(names, readings, reversed(readings), strict=True)
        for mark, node in own.nodes.items()
        if mark not in others.nodes
    ]
    changed.sort(key=lambda each: (each.span.start, -each.span.end))
    found = [_difference(passage, pages[0]) for passage in _passages(changed)]
    return sorted([*found, *_rest(readings, names, found, pages[0])])


class _Changed(NamedTuple):
    """A node that only one of the two trees has."""

    span: Span
    node: Node
    syntax: str


def _passages(changed: list[_Changed]) -> Iterator[list[_Changed]]:
    """Group changed nodes that overlap."""
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


# ------------------------------------------------------------------ differences outside of changed nodes


class _Piece(NamedTuple):
    """A piece of the text, and the description of its difference."""

    start: int
    end: int
    how: str


def _rest(
    readings: Sequence[_Seen], names: tuple[str, str], found: Sequence[Difference], page: Page
) -> Iterator[Difference]:
    """Yield letters that only one parse shows, and letters in different nodes, outside of known passages."""
    one, other = readings
    one_words, other_words = one.words_without(other), other.words_without(one)
    pieces = [*_pieces(one_words, other_words, names[0]), *_pieces(other_words, one_words, names[1])]
    pieces += _moved(_shared(one_words, other_words), one, other, names)
    nodes = (
        (_Run(*node.span, one.around[mark]), other.around[mark])
        for mark, node in one.nodes.items()
        if mark in other.nodes and one.around[mark] != other.around[mark]
    )
    pieces += _moved(nodes, one, other, names)
    text = str(page)
    for start, end, how in _joined(_outside(sorted(set(pieces)), found), text):
        yield Difference(Span(start, end), page._source.position(start), f"`{_short(text[start:end])}` {how}")


def _pieces(runs: Sequence[_Run], others: Sequence[_Run], name: str) -> Iterator[_Piece]:
    """Yield the letters that only one parse shows as text."""
    for start, end, other in _parts(runs, others):
        if other is None:
            yield _Piece(start, end, f"is shown only in {name}")


def _shared(words: Sequence[_Run], others: Sequence[_Run]) -> Iterator[tuple[_Run, _Mark | None]]:
    """Yield the letters that both parses show as text, with the nodes around them."""
    arounds = iter(words)
    own = next(arounds, None)
    for start, end, other in _parts(words, others):
        while own is not None and own.end <= start:
            own = next(arounds, None)
        if own is not None and other is not None:
            yield _Run(start, end, own.around), other.around


def _moved(
    runs: Iterable[tuple[_Run, _Mark | None]], one: _Seen, other: _Seen, names: tuple[str, str]
) -> Iterator[_Piece]:
    """Yield letters that are in different nodes of both parses. Nodes of only one parse are passages already."""
    for (start, end, around), there in runs:
        if around != there and (around is None or around in other.nodes) and (there is None or there in one.nodes):
            how = f"is in {_place(one, around)} in {names[0]}, in {_place(other, there)} in {names[1]}"
            yield _Piece(start, end, how)


def _place(seen: _Seen, mark: _Mark | None) -> str:
    return _kind(seen.nodes[mark]) if mark is not None else "the text around"


def _parts(runs: Sequence[_Run], others: Sequence[_Run]) -> Iterator[tuple[int, int, _Run | None]]:
    """Split runs at the starts and ends of others, and yield each part with the other run at its place."""
    number = 0
    for start, end, _ in runs:
        at = start
        while at < end:
            while number < len(others) and others[number].end <= at:
                number += 1
            other = others[number] if number < len(others) and others[number].start < end else None
            if other is not None and other.start > at:
                yield at, other.start, None
                at = other.start
            stop = min(end, other.end) if other is not None else end
            yield at, stop, other
            at = stop


def _outside(pieces: Iterable[_Piece], found: Sequence[Difference]) -> Iterator[_Piece]:
    """Yield the parts of pieces that are outside of the passages and do not overlap, in order."""
    number, behind = 0, 0
    for start, end, how in pieces:
        at = max(start, behind)
        while at < end:
            while number < len(found) and found[number].span.end <= at:
                number += 1
            passage = found[number].span if number < len(found) and found[number].span.start < end else None
            stop = end if passage is None else passage.start
            if at < stop:
                yield _Piece(at, stop, how)
            at = end if passage is None else max(passage.end, at)
        behind = max(behind, end)


def _joined(pieces: Iterable[_Piece], text: str) -> Iterator[_Piece]:
    """Join pieces with the same difference and only blanks between them."""
    last: _Piece | None = None
    for piece in pieces:
        if last is None:
            last = piece
        elif last.how == piece.how and not text[last.end : piece.start].strip(BLANKS):
            last = last._replace(end=piece.end)
        else:
            yield last
            last = piece
    if last is not None:
        yield last


# --------------------------------------------------------------------------------- what a reader would see

#: Nodes that only contain others, or are not shown.
_CARRIERS = (
    Page,
    blocks.Section,
    blocks.Paragraph,
    blocks.QuotedLines,
    inline.Text,
    inline.LoneCloser,
    inline.LooseMarkup,
)
#: Fields that a reader would not see.
_UNSEEN = {"level", "closed", "content", "items", "lists", "rows", "cells", "heading"}
_SEEN: dict[str, Callable[[Any], Any]] = {
    "text": lambda text: text.strip(),
    "title": lambda title: title and title.strip(),
    "filename": lambda name: name and name.strip(),
    "options": lambda options: repr(options or None),
    "label": lambda label: repr(label),
}


_Mark = tuple[Any, ...]


class _Run(NamedTuple):
    """Letters or a node, and the mark of the node around them."""

    start: int
    end: int
    around: _Mark | None


class _Seen:
    """The visible nodes and words of a page; nodes are identified by marks that are equal under both syntaxes."""

    def __init__(self, page: Page) -> None:
        self.nodes: dict[_Mark, Node] = {}
        self.around: dict[_Mark, _Mark | None] = {}
        #: Texts by their place, their letters, and the mark of the node around them.
        self.texts: dict[tuple[int, str, _Mark | None], inline.Text] = {}
        waiting: list[tuple[Node, _Mark | None]] = [(page, None)]
        while waiting:
            node, around = waiting.pop()
            if isinstance(node, inline.Text):
                self.texts[node._source.offset(node._start), node.text, around] = node
            elif not isinstance(node, _CARRIERS) and not _ends_a_line(node):
                mark = _mark(node)
                self.nodes[mark] = node
                self.around[mark] = around
                around = mark
            waiting.extend((child, around) for child in reversed(node.children))

    def words_without(self, others: _Seen) -> list[_Run]:
        """Return the words of the texts that the other parse does not have, in order."""
        runs = [
            _Run(at, at + len(word), key[2])
            for key, node in self.texts.items()
            if key not in others.texts
            for at, word in words(node)
        ]
        return sorted(runs, key=lambda run: run.start)


def _mark(node: Node) -> _Mark:
    # The end of a block is left out, since its parts show it.
    formatted = isinstance(node, inline.Formatting)
    place = (*node.span, *node.plain_text().split()) if formatted else node.span[:1]
    names = (field.name for field in fields(node) if not field.name.startswith("_") and field.name not in _UNSEEN)
    said = ((name, _SEEN.get(name, _plain)(getattr(node, name))) for name in names)
    level = (node.level,) if isinstance(node, blocks.Heading) else ()
    return (type(node), place, *level, *chain.from_iterable(said))


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, type(None))) else repr(value)


def _ends_a_line(node: Node) -> bool:
    """Return whether a node is a line end of a quotation, which only earlier releases have."""
    return isinstance(node, inline.LineBreak) and not node.source.startswith("\\")


# --------------------------------------------------------------------------------------------- descriptions

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
    blocks.NumberedList: "a list",
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
        return f"`{node.delimiters[0]}` is {_WORDS[type(node)]}{to_the_end}"
    return f"`{_short(node.source)}` is {_kind(node)}"


def _kind(node: Node) -> str:
    word = _WORDS.get(type(node)) or next((word for kind, word in _KINDS.items() if isinstance(node, kind)), None)
    return word or type(node).__name__


def _short(source: str) -> str:
    written = source.strip().partition("\n")[0]
    return written if len(written) <= 30 else f"{written[:29]}…"
