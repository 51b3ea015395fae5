"""Entries and queries of the data plugin in Markdown: tables and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dokuwiki_data.nodes.blocks import Table, TableCell, TableRow
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.php import echoed
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.render.pipe_table import pipe_table
from dokuwiki_data.writers.common_renderers import answer_of, lose_more_rows
from dokuwiki_data.writers.data_items import Nodes, cloud_items, list_items, text_nodes, value_nodes
from dokuwiki_data.writers.data_output import ShownResult, lose_template
from dokuwiki_data.writers.markdown.blocks import fenced, write_list
from dokuwiki_data.writers.markdown.tables import cell_text
from dokuwiki_data.writers.markdown.writer import MarkdownRenderer, MarkdownWriter


def _entry(writer: MarkdownWriter, node: DataEntry) -> None:
    writer.end_paragraph()
    lose_template(writer.lose, node)
    fields = writer.page.entry(node).fields
    if fields:
        rows = [
            (text_nodes(node.class_name), ()),
            *((text_nodes(field.title), value_nodes(field.values)) for field in fields),
        ]
        with writer.made_for(node), writer.unformatted():
            _write_table(writer, rows)


def _write_table(writer: MarkdownWriter, rows: Sequence[Sequence[Nodes]]) -> None:
    """Write a table of nodes, of which the first row is the head."""
    plain = writer.tried(lambda: _cells(writer, rows))
    if plain is not None:
        writer.block(pipe_table(plain, ["left"] * len(rows[0])))
        return
    lines = (TableRow(tuple(TableCell(cell, number == 0) for cell in row), len(row)) for number, row in enumerate(rows))
    writer.node(Table(tuple(lines), len(rows[0]), 1))


def _cells(writer: MarkdownWriter, rows: Iterable[Sequence[Nodes]]) -> list[list[str]] | None:
    """Return the Markdown of all cells; None if there are blocks in one."""
    known: dict[int, str] = {}  # large tables have few different cells
    for row in rows:
        for cell in row:
            if id(cell) not in known:
                text = cell_text(writer, cell)
                if text is None:
                    return None
                known[id(cell)] = text
    return [[known[id(cell)] for cell in row] for row in rows]


def query(writer: MarkdownWriter, node: DataQuery) -> str | None:
    """Write the answer to a query: a table or a list."""
    writer.end_paragraph()
    shown = answer_of(writer, node)
    if shown is None:
        return fenced(writer, node.source)
    if shown.result.columns:
        lose_more_rows(writer, node, shown)
        with writer.made_for(node), writer.unformatted():
            _KINDS[node.kind](writer, node, shown)
    return None


def _table(writer: MarkdownWriter, node: DataQuery, shown: ShownResult) -> None:
    result = shown.result
    numbered = [text_nodes("#")] if result.rownumbers else []
    labels = [text_nodes(label) for label in result.labels]
    nodes = shown.by_cell(value_nodes)
    rows = [
        [*(text_nodes(str(row.row.number)) for _ in numbered), *(nodes[id(cell)] for cell in row.cells)]
        for row in shown.rows
    ]
    if not rows:
        rows = [[text_nodes(writer.page.site.words["none"])] + [()] * (len(numbered) + len(labels) - 1)]
    if result.sums:
        sums = [text_nodes(f"∑ {echoed(number)}" if number else "") for number in result.sums]
        rows.append([*(() for _ in numbered), *sums])
    _write_table(writer, [numbered + labels, *rows])


def _list(writer: MarkdownWriter, node: DataQuery, shown: ShownResult) -> None:
    if shown.rows:
        _write_list(writer, list_items(node, shown))
    else:
        writer.text(writer.page.site.words["none"])
        writer.end_paragraph()


def _write_list(writer: MarkdownWriter, items: Iterable[Nodes]) -> None:
    write_list(writer, (writer.within(item) for item in items))


def _cloud(writer: MarkdownWriter, node: DataQuery, shown: ShownResult) -> None:
    _write_list(writer, cloud_items(node, shown))


def _related(writer: MarkdownWriter, node: DataQuery, shown: ShownResult) -> None:
    if shown.rows:
        writer.text(node.query.title)
        writer.end_paragraph()
        _write_list(writer, (value_nodes(row.cells[0]) for row in shown.rows))


_KINDS: dict[str, Callable[[MarkdownWriter, DataQuery, ShownResult], None]] = {
    "table": _table,
    "list": _list,
    "cloud": _cloud,
    "taglist": _cloud,
    "related": _related,
}


def _template(writer: MarkdownWriter, node: DataTemplateEntry | DataTemplateList) -> str | None:
    nodes = writer.page.expanded(node)
    if nodes is None:
        if isinstance(node, DataTemplateList):
            return query(writer, node)
        _entry(writer, node)
        return None
    writer.end_paragraph()
    with writer.made_for(node):
        for block in writer.within(nodes, apart=True):
            writer.block(block.text, block.kind)
    if isinstance(node, DataTemplateList):
        lose_more_rows(writer, node, writer.page.result(node))
    return None


RENDERERS: dict[type, MarkdownRenderer] = {
    DataEntry: _entry, DataQuery: query, DataTemplateEntry: _template, DataTemplateList: _template,
}  # fmt: skip
