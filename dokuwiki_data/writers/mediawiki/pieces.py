"""How the pieces of a line of text are put together as wikitext: formatting, text, links, line breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dokuwiki_data.render.escaping import Escapes
from dokuwiki_data.writers.mediawiki.escaping import CELL, EDGE, LABEL, LINES, TEXT, folded
from dokuwiki_data.writers.pieces import BLANKS, LINE, Edge, Mark, Piece, Raw, merged, tidied

#: Formatting by DokuWiki's names. Apostrophes count on one line only.
MARKS = {
    "strong": Mark("b", ("'''",)),
    "emphasis": Mark("i", ("''",)),
    "deleted": Mark("del"),
    # As DokuWiki itself writes it: emphasis, which looks underlined.
    "underline": Mark('em style="text-decoration:underline;font-style:normal"'),
    "monospace": Mark("code"),
    "subscript": Mark("sub"),
    "superscript": Mark("sup"),
}


class BareAddress(Raw):
    """An address that is its own text: it needs no brackets if nothing beside it could belong to it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class WikitextLine:
    """How pieces are put together in a paragraph, an item of a list, or a cell.

    Attributes:
        text: What is escaped in text.
        has_lines: Whether there may be several lines, whose beginnings are escaped.
    """

    text: Escapes = TEXT
    has_lines: bool = False


PARAGRAPH_LINES = WikitextLine(has_lines=True)
ONE_LINE = WikitextLine()
CELL_LINE = WikitextLine(CELL)

#: The end of an address of which MediaWiki may make an image.
IMAGE_ADDRESS = re.compile(r"\.(?:gif|jpe?g|png|svg|webp)\Z", re.IGNORECASE)

_LINE_ENDS = re.compile(r"[ \t]*\n[ \t\n]*")
#: What may follow an address in text without being part of it.
_BEHIND_ADDRESS = re.compile(r"[,;.:!?)]*(?:\s|\Z)")


def put_together(pieces: Iterable[Piece], line: WikitextLine) -> str:
    """Return the wikitext of pieces; empty if they show nothing."""
    parts = merged(tidied(pieces))
    while parts and type(parts[-1]) is str and not parts[-1].strip(BLANKS):
        parts.pop()
    if all(part is LINE for part in parts):
        return ""
    segments = [[""]]
    for written in _written(parts, line):
        if isinstance(written, Raw) and "\n" in written:  # what stays as it is, such as code
            segments += [[written], [""]]
        else:
            segments[-1].append(written)
    last = len(segments) - 1
    return "".join(_tidy("".join(part), line, at == 0, at == last) if at % 2 == 0 else part[0]
                   for at, part in enumerate(segments))  # fmt: skip


def _tidy(text: str, line: WikitextLine, is_first: bool, is_last: bool) -> str:
    """Return a part of the text with its lines as they may stand in wikitext."""
    text = text.lstrip(BLANKS) if is_first else text
    text = text.rstrip(BLANKS) if is_last else text
    if not line.has_lines:
        return _LINE_ENDS.sub(" ", text) if "\n" in text else text
    text = _LINE_ENDS.sub("\n", text) if "\n" in text else text
    return LINES.escaped(text, "\n" if is_first else ">")


def label(text: str) -> str:
    """Return text as the text of a link. The address of an image would become the image."""
    written = folded(LABEL.escaped(text))
    return written.replace("://", "&#58;//") if IMAGE_ADDRESS.search(written) else written


def _written(parts: Sequence[Piece], line: WikitextLine) -> list[str]:
    edges = _edges(parts)
    out: list[str] = []
    last = len(parts) - 1
    quoted = 0  # how much formatting between apostrophes is open, which ends with the line
    for at, part in enumerate(parts):
        if type(part) is str:
            before = out[-1][-1:] if out else "\n"
            after = _first(parts[at + 1], edges.get(at + 1, "")) if at < last else "\n"
            written = line.text.escaped(part, before.replace("'", EDGE), after.replace("'", EDGE))
            if quoted and "\n" in written:
                written = _LINE_ENDS.sub(" ", written)
        elif isinstance(part, Edge):
            written = edges[at]
            if written[0] == "'":
                quoted += 1 if part.is_opening else -1
                if part.is_opening and out and out[-1][-1] == "'" and _closes(parts[at - 1]):
                    out.append("<nowiki/>")
        elif part is LINE:
            written = "<br />" if quoted or not line.has_lines or at == last else "<br />\n"
        elif isinstance(part, BareAddress):
            behind = parts[at + 1] if at < last else "\n"
            written = _address(part, out[-1][-1:] if out else "\n", behind)
        else:
            written = part
        if out and out[-1].endswith("]]") and _is_part_of_word(written[:1]) and not isinstance(part, Edge):
            out.append("<nowiki/>")
        if written:
            out.append(written)
    return out


def _closes(part: Piece) -> bool:
    return isinstance(part, Edge) and not part.is_opening


def _first(part: Piece, edge: str) -> str:
    """Return the first character of what a piece becomes; of an address, that of a link in brackets."""
    if part is LINE or isinstance(part, BareAddress):
        return "\n" if part is LINE else "["
    return edge[:1] if isinstance(part, Edge) else str(part)[:1]


def _is_part_of_word(character: str) -> bool:
    """Return whether a character right behind a link would become part of its text, in any language."""
    return character != "" and (unicodedata.category(character)[0] in "LM" or character in "'’·")


def _edges(parts: Sequence[Piece]) -> dict[int, str]:
    """Return what is written for each edge of formatting, by its place: apostrophes, or tags in equal formatting."""
    found: dict[int, str] = {}
    opened: list[int] = []
    marks: list[Mark] = []
    for at, part in enumerate(parts):
        if not isinstance(part, Edge):
            continue
        if part.is_opening:
            opened.append(at)
            quotes = part.mark.delimiters and part.mark not in marks
            found[at] = part.mark.delimiters[0] if quotes else f"<{part.mark.tag}>"
            marks.append(part.mark)
        else:
            begin, mark = found[opened.pop()], marks.pop()
            found[at] = begin if begin[0] == "'" else f"</{mark.tag.partition(' ')[0]}>"
    return found


def _address(address: str, before: str, behind: Piece) -> str:
    """Return an address as a link, in brackets if something beside it could belong to it."""
    is_apart = not (before.isalnum() or before == "_") and address[-1] not in ",;.:!?)'"
    if type(behind) is str:
        is_entity = behind[:1] == ";" and "&" in address
        is_apart = is_apart and not is_entity and _BEHIND_ADDRESS.match(behind) is not None
    elif isinstance(behind, BareAddress):
        is_apart = False
    return address if is_apart else f"[{address} {label(address)}]"
