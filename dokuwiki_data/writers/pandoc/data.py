"""Entries and queries of the data plugin: lists of definitions, tables and lists, with the plugin's class names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.php import echoed
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.writers.common_renderers import answer_of, lose_more_rows
from dokuwiki_data.writers.data_items import Nodes, cloud_items, list_items, shown_labels, value_nodes
from dokuwiki_data.writers.data_output import ShownResult, lose_template
from dokuwiki_data.writers.pandoc.blocks import bullets, code_block
from dokuwiki_data.writers.pandoc.pieces import END, attributes, element, texts
from dokuwiki_data.writers.pandoc.tables import body, rows_of, table, text_cell
from dokuwiki_data.writers.pandoc.writer import PandocRenderer, PandocWriter

#: How the plugin names the alignments of columns.
_ALIGNMENTS = {"left": "left", "right": "right", "center": "center"}


def _plain(text: str) -> str:
    """Return text as the only line of a cell or item."""
    return element("Plain", f"[{texts(text)}]") if text else ""


def _boxed(content: str, *classes: str) -> str:
    return element("Div", attributes("", classes), f"[{content}]")


def _entry(writer: PandocWriter, node: DataEntry) -> str:
    lose_template(writer.lose, node)
    items = []
    with writer.made_for(node):
        for field in writer.page.entry(node).fields:
            definition = writer.written(value_nodes(field.values), plain=True)
            items.append(f"[[{texts(field.title)}],[[{definition}]]]{END}")
    if not items:
        return ""
    return _boxed(element("DefinitionList", f"[{''.join(items)}]"), "dataplugin_entry", *node.classes)


def _query(writer: PandocWriter, node: DataQuery) -> str:
    shown = answer_of(writer, node)
    if shown is None:
        return code_block(node.source)
    if not shown.result.columns:
        return ""
    lose_more_rows(writer, node, shown)
    with writer.made_for(node):
        return _KINDS[node.kind](writer, node, shown)


def _table(writer: PandocWriter, node: DataQuery, shown: ShownResult) -> str:
    result = shown.result
    numbered = 1 if result.rownumbers else 0
    labels = ["#"] * numbered + list(shown_labels(node, shown))
    found = [_ALIGNMENTS.get(align) for align in node.query.align]
    align = [*found, *[None] * len(labels)][: len(labels)]
    written = shown.by_cell(lambda cell: writer.written(value_nodes(cell), plain=True))
    rows = [[_plain(str(row.row.number))] * numbered + [written[id(cell)] for cell in row.cells] for row in shown.rows]
    lines = [list(map(text_cell, row)) for row in rows]
    if not rows:
        lines = [[text_cell(_plain(writer.page.site.words["none"]), "center", len(labels))]]
    if result.sums:
        sums = [f"∑ {echoed(number)}" if number else "" for number in result.sums]
        lines.append([text_cell(_plain(text)) for text in [*[""] * numbered, *sums]])
    head = rows_of([[text_cell(_plain(label)) for label in labels]])
    attributes_of_table = attributes("", ("dataplugin_table", *node.classes))
    widest = _widest(labels, shown, numbered)
    made = table(attributes_of_table, align, widest, head, body(rows_of(lines)))
    return _boxed(made, "dataaggregation")


def _widest(labels: Sequence[str], shown: ShownResult, numbered: int) -> list[int]:
    """Return the letters of the widest cell of each column, given its label; values are as wide as they are stored."""
    widest = list(map(len, labels))
    for row in shown.rows:
        for column, cell in enumerate(row.row.cells[: len(widest) - numbered], numbered):
            letters = sum(len(str(value)) + 2 for value in cell) - 2
            if letters > widest[column]:
                widest[column] = letters
    return widest


def _list(writer: PandocWriter, node: DataQuery, shown: ShownResult) -> str:
    if not shown.rows:
        return _boxed(element("Para", f"[{texts(writer.page.site.words['none'])}]"), "dataaggregation")
    return _boxed(_bullets(writer, list_items(node, shown)), "dataaggregation", *node.classes)


def _bullets(writer: PandocWriter, items: Iterable[Nodes]) -> str:
    return bullets(writer.written(item, plain=True) for item in items)


def _cloud(writer: PandocWriter, node: DataQuery, shown: ShownResult) -> str:
    items = _bullets(writer, cloud_items(node, shown))
    return _boxed(items if shown.rows else "", f"dataplugin_{node.kind}", *node.classes)


def _related(writer: PandocWriter, node: DataQuery, shown: ShownResult) -> str:
    if not shown.rows:
        return ""
    items = _bullets(writer, (value_nodes(row.cells[0]) for row in shown.rows))
    made = element("DefinitionList", f"[[[{texts(node.query.title)}],[[{items}]]]{END}]")
    return _boxed(made, "dataplugin_related", *node.classes)


_KINDS: dict[str, Callable[[PandocWriter, DataQuery, ShownResult], str]] = {
    "table": _table,
    "list": _list,
    "cloud": _cloud,
    "taglist": _cloud,
    "related": _related,
}


def _template(writer: PandocWriter, node: DataTemplateEntry | DataTemplateList) -> str | None:
    nodes = writer.page.expanded(node)
    if nodes is None:
        return _entry(writer, node) if isinstance(node, DataTemplateEntry) else _query(writer, node)
    is_entry = isinstance(node, DataTemplateEntry)
    with writer.made_for(node):
        writer.division(attributes("", ("datatemplateentry", *node.classes) if is_entry else node.classes), nodes)
    if isinstance(node, DataTemplateList):
        lose_more_rows(writer, node, writer.page.result(node))
    return None


RENDERERS: dict[type, PandocRenderer] = {
    DataEntry: _entry, DataQuery: _query, DataTemplateEntry: _template, DataTemplateList: _template,
}  # fmt: skip
