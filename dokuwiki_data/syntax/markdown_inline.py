"""The lexer's actions for Markdown within a line: one for each terminal."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.syntax import markdown_leaves
from dokuwiki_data.syntax.character_references import decoded, last_reference
from dokuwiki_data.syntax.inline_markup import formatting, write_address
from dokuwiki_data.syntax.lexer import Closer, Lexer
from dokuwiki_data.syntax.measuring import WHITE_SPACE, Match, Place


def star(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``*emphasis*`` if the next star can close it."""
    inside = match.end()
    stop = lexer.next_end("STAR", inside) - 1
    if stop < 0 or lexer.read[stop - 1] in WHITE_SPACE or 0 <= lexer.next_end("EMPTY_LINE_START", inside) <= stop:
        lexer.instead(match, name)
    else:
        formatting(lexer, match, name)


def code(lexer: Lexer, match: Match, name: str) -> None:
    """Read text between backticks. Line ends are blanks; one blank at both ends is dropped."""
    start, inside = match.span()
    if place := _short_code(lexer, start, inside) or lexer.whole(match, name):
        end = place[1]
        number = inside - start
        stop = end - number
        text = lexer.read[inside:stop]
        if not text.isprintable():
            text = text.replace("\r\n", " ").replace("\r", " ").replace("\n", " ")
        if len(text) > 1 and text[0] == " " == text[-1] and text.strip(" \t\0\x0b"):
            text = text[1:-1]
        content: tuple[Node, ...] = (inline.Unformatted.at(lexer.source, inside, stop, text),)
        lexer.leaf(inline.Monospace.at(lexer.source, start, end, content, True), start, end)


def _short_code(lexer: Lexer, start: int, inside: int) -> Place | None:
    """Return the place of code between single backticks on a line, the most common kind, in a third of the time."""
    stop = lexer.read.find("`", inside)
    if inside - start > 1 or stop < 0 or lexer.read[stop + 1] == "`" or lexer.line_end(inside) < stop:
        return None
    return start, stop + 1


def escape(lexer: Lexer, match: Match, name: str) -> None:
    """Read a backslash and the sign behind it, which is text."""
    start, end = match.span()
    lexer.say(start, end, lexer.read[end - 1])


def reference(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``&name;``, which is text."""
    start, end = match.span()
    lexer.say(start, end, decoded(match[0]))


def line_end_break(lexer: Lexer, match: Match, name: str) -> Match | Closer | None:
    """Read two blanks or a backslash before a line end, and the blanks behind it.

    Blanks belong to DokuWiki's own list or table that begins on the next line, or to the cell that they stand in.
    """
    at, mode, patterns = match.start(), lexer.modes[-1], lexer.patterns
    place = lexer.measure(match, name, lexer.position)
    if place and not (
        lexer.read[at - 1] == " "
        and (
            patterns.accepts(mode, "TABLE_ROW")
            or any(patterns.accepts(mode, own) and patterns.single(own).match(lexer.read, at) for own in _TAKE_BLANKS)
        )
    ):
        lexer.leaf(inline.LineBreak.at(lexer.source, *place), *place)
        return None
    terminals = patterns.but(mode, name)
    other = terminals.match(lexer.read, at)
    if other is None:
        lexer.scan = at + 1
        return None
    found, action = terminals.choices[lexer.read[at]][other.lastindex]
    if action is None:
        return Closer(other)
    behind: Match | Closer | None = action(lexer, other, found)
    return behind


_TAKE_BLANKS = ("LIST_START", "TABLE_START")


def link(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``[label](address)``, of which the label may be an image."""
    place = lexer.whole(match, name)
    if place is None:
        return
    start, end = place
    node: inline.Link
    if match[0].startswith("[!["):
        node = markdown_leaves.link_of_image(lexer.source, start, lexer.bracket_end(match.end()), end, lexer.release)
    else:
        node = markdown_leaves.link(lexer.source, start, end, lexer.release)
    lexer.leaf(node, start, end)


def image(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``![title](address)``."""
    if place := lexer.whole(match, name):
        lexer.leaf(markdown_leaves.image(lexer.source, *place, lexer.release), *place)


def angle_link(lexer: Lexer, match: Match, name: str) -> None:
    """Read ``<address>``; with white space in it, it is text."""
    start, end = match.span()
    if any(character in WHITE_SPACE for character in match[0]):
        lexer.say(start, end, match[0])
    else:
        target = match[0][1:-1]
        lexer.leaf(inline.ExternalLink.at(lexer.source, start, end, target, target), start, end)


def bare_address(lexer: Lexer, match: Match, name: str) -> None:
    """Read a bare address where Markdown is preferred: brackets without partner and references at its end are text."""
    place = lexer.whole(match, name)
    if place is None:
        return
    start, end = place
    read = lexer.read
    # Behind the colon two slashes and a character, behind the dot a name, another dot and two characters.
    least = match.start() + 4 if name == "EXTERNAL_LINK" else read.index(".", match.start() + 2) + 3
    if read[end] == ";" and last_reference(read, least, end + 1) >= 0:
        end += 1
    stop, tail = _without_tail(read, start, end)
    write_address(lexer, start, stop, name)
    if stop < end:
        lexer.say(stop, end, tail)


def _without_tail(read: str, start: int, end: int) -> tuple[int, str]:
    """Return the end of an address without brackets and references behind it, and what these say."""
    surplus = read.count(")", start, end) - read.count("(", start, end)
    said: list[str] = []
    while end > start:
        if read[end - 1] == ";" and (at := last_reference(read, start, end)) >= 0:
            said.append(decoded(read[at:end]))
            end = at
        elif read[end - 1] == ")" and surplus > 0:
            said.append(")")
            surplus -= 1
            end -= 1
        else:
            break
    return end, "".join(reversed(said))


ACTIONS: dict[str, Callable[[Lexer, Match, str], Match | Closer | None]] = {
    **dict.fromkeys(
        ("STARS_OPEN", "UNDERSCORES_OPEN", "UNDERSCORE_STRONG_OPEN", "UNDERSCORE_OPEN", "TILDES_OPEN"), formatting
    ),
    "STAR_OPEN": star,
    "BACKTICK": code,
    "BACKTICKS": code,
    "ESCAPE": escape,
    "CHARACTER_REFERENCE": reference,
    "LINE_END_BREAK": line_end_break,
    "MARKDOWN_LINK": link,
    "MARKDOWN_IMAGE": image,
    "ANGLE_LINK": angle_link,
    "EXTERNAL_LINK_OR_BRACKETS": bare_address,
    "EXTERNAL_HOST_OR_BRACKETS": bare_address,
}
