"""The nodes of Markdown's tables, built when all rows are known.

DokuWiki reads a table as text if its head and the row of dashes below do not have the same number of cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.inline import has_content
from dokuwiki_data.nodes.plugins import PluginMarkup
from dokuwiki_data.php import BLANKS
from dokuwiki_data.text import PageText

Alignment = Literal["left", "right", "center"]


class MarkdownCell(NamedTuple):
    """A cell as written: the place of its bar or of the start of its row, its end, and its content."""

    start: int
    end: int
    content: tuple[Node, ...]


class MarkdownRow(NamedTuple):
    """A row as written: its place, and all its cells, with those before the first and behind the last bar."""

    start: int
    end: int
    cells: list[MarkdownCell]


#: A row as parsed: its place, and the start and the content of each cell.
ParsedRow = tuple[int, list[tuple[int, tuple[Node, ...]]]]


def build(source: PageText, parsed: list[ParsedRow], start: int, end: int, closed: int) -> blocks.Table | inline.Text:
    """Return the table of some rows; if DokuWiki does not read them as a table, the text that it shows."""
    ends = [at - 1 for at, _ in parsed[1:]] + [end]
    rows = [MarkdownRow(at, until, list(_ended(cells, until))) for (at, cells), until in zip(parsed, ends, strict=True)]
    cells = [_without_edges(source, row.cells) for row in rows]
    if len(cells) == 1:  # a line break has taken the line end before the row of dashes
        return inline.Text.at(source, start, end, _as_text(cells))
    alignments = [_alignment(source, cell) for cell in cells[1]]
    columns = len(alignments)
    if len(cells[0]) != columns:
        return inline.Text.at(source, start, end, _as_text(cells))
    built = [_row(source, rows[0], cells[0], alignments, header=True)]
    built += [_row(source, row, cells, alignments) for row, cells in zip(rows[2:], cells[2:], strict=True)]
    return blocks.Table.at(source, start, end, tuple(built), columns, 1, start, closed, False, True, None)


def _ended(cells: list[tuple[int, tuple[Node, ...]]], end: int) -> Iterator[MarkdownCell]:
    """Yield the cells of a row that ends at a place; each ends where the next one starts."""
    for number, (start, content) in enumerate(cells, start=1):
        yield MarkdownCell(start, cells[number][0] if number < len(cells) else end, content)


def _without_edges(source: PageText, cells: list[MarkdownCell]) -> list[MarkdownCell]:
    """Return the cells of a row without an empty one at its start and at its end."""
    first = 1 if cells and _is_empty(source, cells[0]) else 0
    last = len(cells) - (len(cells) > first and _is_empty(source, cells[-1]))
    return cells[first:last]


def _is_empty(source: PageText, cell: MarkdownCell) -> bool:
    """Return whether there is nothing in a cell. With a line end in it, there are preformatted lines of blanks."""
    return not cell.content and "\n" not in source.normalized[cell.start : cell.end]


def _alignment(source: PageText, cell: MarkdownCell) -> Alignment | None:
    """Return the alignment that a cell of the row of dashes says."""
    written = source.normalized[cell.start : cell.end].strip(f"|{BLANKS}")
    if written.endswith(":"):
        return "center" if written.startswith(":") else "right"
    return "left" if written.startswith(":") else None


def _row(
    source: PageText,
    row: MarkdownRow,
    cells: list[MarkdownCell],
    alignments: list[Alignment | None],
    header: bool = False,
) -> blocks.TableRow:
    """Return the node of a row. Cells without a column are dropped."""
    made = tuple(
        blocks.TableCell.at(source, cell.start, cell.end, _content(cell), header, align, 1, 1, 0)
        for cell, align in zip(cells, alignments, strict=False)
    )
    return blocks.TableRow.at(source, row.start, row.end, made, len(made))


# ----------------------------------------------------------------------------------------- the content of cells


def _content(cell: MarkdownCell) -> tuple[Node, ...]:
    """Return the content of a cell as DokuWiki shows it: without blanks at its ends, bars without their backslashes."""
    content = cell.content
    texts = list(_texts(content))
    if content and _is_text_dropped(content[-1], cell.end):
        texts.append(None)
    trimmed: dict[int, str] = {}
    if texts:
        first, last = texts[0], texts[-1]
        if first:
            trimmed[id(first)] = first.text.lstrip(BLANKS)
        if last:
            trimmed[id(last)] = trimmed.get(id(last), last.text).rstrip(BLANKS)
    return tuple(_changed(content, trimmed))


def _is_text_dropped(last: Node, end: int) -> bool:
    """Return whether blanks follow the last block in a cell, which are text for DokuWiki, but no paragraph."""
    if not last.is_block or isinstance(last, blocks.Paragraph):
        return False
    return bool(last.source_text.normalized[last.ends_at : end].removeprefix("\n"))


def _texts(content: tuple[Node, ...]) -> Iterator[inline.Text | None]:
    """Yield the pieces of text in a cell, but not those in footnotes and labels.

    None stands for the text of formatting that has not made its content, which has no blanks at its ends.
    """
    for part in content:
        if isinstance(part, inline.Text):
            yield part
        elif isinstance(part, inline.Formatting) and not has_content(part):
            yield None
        elif not isinstance(part, (inline.Footnote, inline.Link)) and part.children:
            yield from _texts(part.children)


def _changed(content: tuple[Node, ...], trimmed: dict[int, str]) -> Iterator[Node]:
    """Yield the content of a cell with its texts trimmed; pieces of text become one."""
    pieces: list[inline.Text] = []
    for part in content:
        if isinstance(part, inline.Text):
            if text := trimmed.get(id(part), part.text):
                pieces.append(part if text == part.text else part.with_changes(text=text))
            continue
        yield from _joined(pieces)
        pieces = []
        if name := _FIRST_ARGUMENTS.get(type(part)):
            text = getattr(part, name)
            yield part.with_changes(**{name: text.replace("\\|", "|")}) if "\\|" in text else part
        elif isinstance(part, inline.Footnote) or (isinstance(part, inline.Formatting) and not has_content(part)):
            yield part
        elif isinstance(inside := getattr(part, "content", None), tuple):
            changed = tuple(_changed(inside, trimmed))
            if not isinstance(part, blocks.Paragraph):
                yield part if changed == inside else part.with_changes(content=changed)
            elif changed:
                places = changed[0].starts_at, changed[-1].ends_at
                yield blocks.Paragraph.at(part.source_text, *places, changed, part.opens_at, part.closes_at)
        else:
            yield part
    yield from _joined(pieces)


def _joined(pieces: list[inline.Text]) -> Iterator[inline.Text]:
    """Yield adjacent pieces of text as one."""
    if len(pieces) < 2:
        yield from pieces
        return
    first, last = pieces[0], pieces[-1]
    yield inline.Text.at(first.source_text, first.starts_at, last.ends_at, "".join([piece.text for piece in pieces]))


#: The field that is the first argument of the instruction of a node, if that is text.
_FIRST_ARGUMENTS: dict[type[Node], str] = {
    inline.Unformatted: "text",
    inline.Smiley: "text",
    inline.Acronym: "text",
    inline.Entity: "text",
    inline.MultiplyEntity: "left",
    **dict.fromkeys(
        (
            inline.InternalLink, inline.LocalLink, inline.ExternalLink, inline.EmailLink, inline.WindowsShareLink,
            inline.InterwikiLink, inline.CamelCaseLink, inline.InternalMedia, inline.ExternalMedia, blocks.Rss,
        ),
        "target",
    ),
    blocks.Code: "text",
    blocks.File: "text",
    blocks.Preformatted: "text",
}  # fmt: skip


def _as_text(rows: list[list[MarkdownCell]]) -> str:
    """Return what DokuWiki shows of rows that are no table: the first argument of each instruction."""
    return "\n".join(f"|{'|'.join(''.join(_shown(cell)) for cell in row)}|" for row in rows)


def _shown(cell: MarkdownCell) -> Iterator[str]:
    """Yield the first arguments in a cell; blanks behind a block are dropped from the tree, but not from such text."""
    behind = -1
    for part in cell.content:
        if behind >= 0:
            yield _blanks(part.source_text, behind, part.starts_at)
        yield from _arguments((part,))
        behind = part.ends_at if part.is_block else -1
    if behind >= 0:
        yield _blanks(cell.content[0].source_text, behind, cell.end)


def _blanks(source: PageText, start: int, end: int) -> str:
    text = source.normalized[start:end].removeprefix("\n")  # that of preformatted lines
    return "" if text.strip(" \t") else text


def _arguments(content: tuple[Node, ...]) -> Iterator[str]:
    for part in content:
        if isinstance(part, inline.Text):
            yield part.text
        elif isinstance(part, blocks.Paragraph) and isinstance(first := part.content[0], inline.Text):
            written = first.normalized_source
            yield written[: len(written) - len(written.lstrip(" \t"))]
            yield from _arguments(part.content)
        elif name := _FIRST_ARGUMENTS.get(type(part)):
            yield getattr(part, name)
        elif isinstance(part, inline.Footnote):
            yield "Array"  # PHP's text for the list of its instructions
        elif isinstance(part, (DataEntry, DataQuery)):
            yield getattr(part, "component", f"data_{getattr(part, 'kind', 'entry')}")
        elif isinstance(part, PluginMarkup):
            yield part.component
        elif isinstance(part, blocks.Info):
            yield "info"
        else:
            yield from _arguments(part.children)
