"""Tables: as lines of cells where Markdown can say them, else as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.render.pipe_table import pipe_table
from dokuwiki_data.writers.line_writer import PARAGRAPH
from dokuwiki_data.writers.markdown.inline import plain_text
from dokuwiki_data.writers.markdown.pieces import text_put_together
from dokuwiki_data.writers.markdown.writer import MarkdownRenderer, MarkdownWriter


def _table(writer: MarkdownWriter, node: blocks.Table) -> str:
    cells = writer.tried(lambda: _cells(writer, node)) if _is_plain(node, writer.dialect.bodiless) else None
    return _html_table(writer, node) if cells is None else pipe_table(cells, _alignments(node))


def _html_table(writer: MarkdownWriter, node: blocks.Table) -> str:
    mark = writer.dialect.markdown_cells
    # Readers of Markdown know nothing of links in HTML.
    wanted = (inline.Link, inline.Media, inline.Footnote) if mark else (inline.Footnote,)
    in_table = mark if mark and node.find(*wanted) is not None else ""
    parts = [f"<table{in_table}>\n", f"<thead{in_table}>\n" if node.head_rows else ""]
    for number, row in enumerate(node.rows):
        if number == node.head_rows:
            parts.append(f"</thead>\n<tbody{in_table}>\n" if number else f"<tbody{in_table}>\n")
        parts.append(f"<tr{in_table}>")
        for cell in row.cells:
            is_markdown = cell.find(*wanted) is not None
            tag, attributes = _tag(cell)
            inside = _markdown_cell(writer, cell) if is_markdown else writer.html(cell.content)
            parts.append(f"<{tag}{attributes}{mark if is_markdown else ''}>{inside}</{tag}>")
        parts.append(f"{'<td></td>' * (node.columns - row.width)}</tr>\n")
    parts.append("</tbody>\n" if node.head_rows < len(node.rows) else "</thead>\n")
    return "".join((*parts, "</table>"))


def _tag(cell: blocks.TableCell) -> tuple[str, str]:
    """Return the name and the attributes of the element of a cell."""
    attributes = f' align="{cell.align}"' if cell.align in ("right", "center") else ""
    attributes += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    attributes += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return ("th" if cell.header else "td"), attributes


def _markdown_cell(writer: MarkdownWriter, cell: blocks.TableCell) -> str:
    """Return the inside of a cell as Markdown in HTML."""
    if not writer.dialect.markdown_cells:
        return f"\n\n{writer.joined(writer.within(cell.content))}\n\n"
    found = writer.within(cell.content, line=writer.dialect.label)
    if all(block.kind == PARAGRAPH for block in found):
        return "".join(block.text for block in found)
    return writer.html(cell.content)


def _is_plain(node: blocks.Table, bodiless: bool) -> bool:
    """Return whether Markdown can say the table: one row of headers and no others, and no spans.

    ``bodiless`` says whether it can say a table without other rows.
    """
    for number, row in enumerate(node.rows):
        is_head = number == 0
        if len(row.cells) < (node.columns if is_head else row.width):
            return False
        for cell in row.cells:
            if cell.header != is_head or cell.colspan > 1 or cell.rowspan > 1:
                return False
    return node.columns > 0 and len(node.rows) > (0 if bodiless else 1)


def _cells(writer: MarkdownWriter, node: blocks.Table) -> list[list[str]] | None:
    """Return the Markdown of all cells; None if there are blocks in one."""
    rows = []
    for row in node.rows:
        cells = []
        for cell in row.cells:
            text = cell_text(writer, cell.content)
            if text is None:
                return None
            cells.append(text)
        rows.append(cells + [""] * (node.columns - len(cells)))
    return rows


def cell_text(writer: MarkdownWriter, nodes: Sequence[Node]) -> str | None:
    """Return the nodes of a cell as Markdown; None if there are blocks among them."""
    if len(nodes) == 1 and not writer.is_formatted and writer.renderer_of(inline.Text) is plain_text:
        (node,) = nodes  # most cells are a text alone, and many are equal
        if isinstance(node, inline.Text) and node.__class__ is inline.Text:
            return text_put_together(node.text, writer.dialect.cell)
    found = writer.within(nodes, line=writer.dialect.cell)
    if len(found) > 1 or (found and found[0].kind != PARAGRAPH):
        return None
    return found[0].text if found else ""


def _alignments(node: blocks.Table) -> list[str]:
    """Return the alignment of each column: that of its cells below the head, if they have one in common."""
    found: list[set[str]] = [set() for _ in range(node.columns)]
    for row in node.rows[1:] or node.rows:
        for column, cell in enumerate(row.cells):
            found[column].add(cell.align or "left")
    return [kinds.pop() if len(kinds) == 1 else "left" for kinds in found]


RENDERERS: dict[type, MarkdownRenderer] = {blocks.Table: _table}
