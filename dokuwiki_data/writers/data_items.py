"""Output of the data plugin as cells and items, for the formats that write these as nodes: all but HTML."""

from __future__ import annotations

from collections.abc import Iterator

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataQuery
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.writers.data_output import Cell, ShownResult

#: The nodes of a cell or an item.
Nodes = tuple[Node, ...]


def text_nodes(text: str) -> Nodes:
    """Return text as nodes; none if it is empty."""
    return (Text(text),) if text else ()


def value_nodes(values: Cell) -> Nodes:
    """Return the nodes of values, with commas between."""
    nodes: list[Node] = []
    for number, value in enumerate(values):
        nodes += (*text_nodes(", " if number else ""), *value.nodes)
    return tuple(nodes)


def shown_labels(node: DataQuery, shown: ShownResult) -> tuple[str, ...]:
    """Return what stands above the columns; there may be more headers than columns."""
    return shown.result.labels + node.query.headers[len(shown.result.labels) :]


def list_items(node: DataQuery, shown: ShownResult) -> Iterator[Nodes]:
    """Iterate over the items of a ``datalist``."""
    numbered = 1 if shown.result.rownumbers else 0
    labels = [*shown_labels(node, shown), *[""] * (len(shown.result.columns) + 2)]
    nodes = shown.by_cell(value_nodes)
    for row in shown.rows:
        content = list(text_nodes(f"{row.row.number} " if numbered else ""))
        if node.query.sepbyheaders and not numbered:
            content += text_nodes(labels[0])
        for at, cell in enumerate(row.cells):
            # The plugin counts the number as a column.
            behind = labels[at + 1 + numbered] if node.query.sepbyheaders else " "
            content += (*nodes[id(cell)], *text_nodes(behind))
        yield tuple(content)


def cloud_items(node: DataQuery, shown: ShownResult) -> Iterator[Nodes]:
    """Iterate over the items of a cloud or a list of tags, with their counts if the query asks for them."""
    for row in shown.rows:
        count = f" ({row.row.cells[1][0]})" if node.query.summarize else ""
        yield (*value_nodes(row.cells[0]), *text_nodes(count))
