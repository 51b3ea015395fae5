"""Tables, with cells over several columns and rows."""

from __future__ import annotations

from collections.abc import Sequence

from dokuwiki_data.nodes import blocks
from dokuwiki_data.writers.mediawiki.pieces import CELL_LINE
from dokuwiki_data.writers.mediawiki.writer import (
    MediaWikiRenderer,
    MediaWikiWriter,
    WikitextBlock,
    joined,
    one_line,
    stands_on_line,
)

#: The class that MediaWiki's own styles give borders to.
OPENING = '{| class="wikitable"'


def _table(writer: MediaWikiWriter, node: blocks.Table) -> str:
    lines = [OPENING]
    for number, row in enumerate(node.rows):
        if number or not row.cells:
            lines.append("|-")
        for cell in row.cells:
            content = writer.within(cell.content, line=CELL_LINE)
            lines.append(cell_line(content, "!" if cell.header else "|", _attributes(cell)))
        lines += ["|"] * (node.columns - row.width)
    lines.append("|}")
    return "\n".join(lines)


def cell_line(content: Sequence[WikitextBlock], sign: str = "|", attributes: str = "") -> str:
    """Return a cell: on one line if it holds no blocks."""
    begin = f"{sign}{attributes} |" if attributes else sign
    if stands_on_line(content) and "\n" not in (written := one_line(content)):
        return f"{begin} {written}".rstrip(" ")
    return f"{begin}\n{joined(content)}"


def _attributes(cell: blocks.TableCell) -> str:
    attributes = f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    attributes += f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return attributes + (f' style="text-align:{cell.align}"' if cell.align in ("right", "center") else "")


RENDERERS: dict[type, MediaWikiRenderer] = {blocks.Table: _table}
