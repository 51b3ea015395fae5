"""Print tables as DokuWiki's Markdown: one row of headers, one alignment for each column, no spans."""

from __future__ import annotations

import re
from dataclasses import replace

from dokuwiki_data.nodes import blocks
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.pipe_table import pipe_table
from dokuwiki_data.render.printers.markdown_inline import as_dokuwiki, without_blanks
from dokuwiki_data.render.printers.printers import Printer, PrintOptions, inline, write
from dokuwiki_data.render.printers.table_markup import covered, placed_cells

#: A line end that is no line break; those that are do not end a row.
_LINE_END = re.compile(r"(?<!\\)\n")
#: The row below the head of a table.
_SEPARATOR = re.compile(r"[ \t]*\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*[ \t]*\|?[ \t]*")


def _table(node: blocks.Table, options: PrintOptions) -> str:
    reason = _unsaid(node)
    if reason and options.flavour.reads_own:
        return table_of_dokuwiki(node, options)
    if reason:
        options.lost(node, "table", reason)
    rows = [
        [_cell(cell, options, in_head=number == 0) if cell else "" for cell in cells]
        for number, cells in enumerate(_cells(node))
    ]
    if not node.head_rows and not all(cell.header for cell in node.rows[0].cells):
        rows.insert(0, [""] * node.columns)
    return pipe_table(rows, _alignments(node))


def _cell(node: blocks.TableCell, options: PrintOptions, *, in_head: bool) -> str:
    inside = replace(options, bars="all", in_head=in_head, before="|", after="")
    return _LINE_END.sub(" ", inline(without_blanks(node.content), inside)).strip(BLANKS)


def table_of_dokuwiki(node: blocks.Table, options: PrintOptions) -> str:
    """Return a table as DokuWiki's markup; its second row is not that which separates a head in Markdown."""
    first, *rows = as_dokuwiki(node, replace(options, bars="text")).split("\n")
    if rows and _SEPARATOR.fullmatch(rows[0]):
        rows[0] = rows[0].replace("-", "\\-", 1)
    return "\n".join((first, *rows))


def _cells(node: blocks.Table) -> list[list[blocks.TableCell | None]]:
    """Return the cells of all rows, with nothing in the place of those that a span covers or that are missing."""
    rows = []
    for row, above in zip(node.rows, covered(node), strict=True):
        cells: list[blocks.TableCell | None] = [None] * node.columns
        for column, cell in placed_cells(row, above):
            if column < node.columns:
                cells[column] = cell
        rows.append(cells)
    return rows


def _unsaid(node: blocks.Table) -> str:
    """Return what Markdown cannot say about a table; empty if it can say everything."""
    alignments: list[set[str]] = [set() for _ in range(node.columns)]
    for number, row in enumerate(node.rows):
        if number == 0 and row.width < node.columns:
            return "its first row is too short for a head"
        for column, cell in enumerate(row.cells):
            if cell.colspan > 1 or cell.rowspan > 1:
                return "Markdown has no cells over several columns or rows"
            if cell.header != (number == 0):
                return "Markdown has headers in the first row, and only there"
            if any(part.is_block for part in cell.content):
                return "Markdown has no blocks in cells"
            if column < node.columns:
                alignments[column].add(cell.align or "left")
    if any(len(kinds) > 1 for kinds in alignments):
        return "Markdown has one alignment for each column"
    return ""


def _alignments(node: blocks.Table) -> list[str]:
    """Return the alignment of each column: that of most of its cells below the head."""
    found: list[dict[str, int]] = [{} for _ in range(node.columns)]
    rows = _cells(node)
    for cells in rows[1:] or rows:
        for column, cell in enumerate(cells):
            kind = (cell.align if cell else None) or "left"
            found[column][kind] = found[column].get(kind, 0) + 1
    return [max(kinds, key=lambda kind: kinds[kind]) for kinds in found]


def _lone_row(node: blocks.TableRow, options: PrintOptions) -> str:
    """Print a row. Only Markdown's own tables count in ``md``; elsewhere it could be one of DokuWiki's."""
    if options.flavour.reads_own:
        return as_dokuwiki(node, replace(options, bars="text"))
    return f"{''.join(write(cell, options) for cell in node.cells)}|"


def _lone_cell(node: blocks.TableCell, options: PrintOptions) -> str:
    if options.flavour.reads_own:
        return as_dokuwiki(node, replace(options, bars="text"))
    return f"| {_cell(node, options, in_head=node.header)} "


MARKDOWN: dict[type[Node], Printer] = {
    blocks.Table: _table,
    blocks.TableRow: _lone_row,
    blocks.TableCell: _lone_cell,
}
