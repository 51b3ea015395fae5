"""Entries and queries of the data plugin in wikitext: tables and lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.php import echoed
from dokuwiki_data.writers.common_renderers import answer_of, lose_more_rows
from dokuwiki_data.writers.data_items import cloud_items, list_items, value_nodes
from dokuwiki_data.writers.data_output import ShownResult, lose_template
from dokuwiki_data.writers.mediawiki.blocks import write_list
from dokuwiki_data.writers.mediawiki.pieces import CELL_LINE, put_together
from dokuwiki_data.writers.mediawiki.tables import OPENING, cell_line
from dokuwiki_data.writers.mediawiki.writer import MediaWikiRenderer, MediaWikiWriter


def _entry(writer: MediaWikiWriter, node: DataEntry) -> None:
    """Write an entry as a table with a row for each field, and its class as the caption."""
    lose_template(writer.lose, node)
    fields = writer.page.entry(node).fields
    if not fields:
        return
    lines = [OPENING, *([f"|+ {_plain(node.class_name)}"] if node.class_name else [])]
    with writer.made_for(node):
        for number, field in enumerate(fields):
            lines += ["|-"] if number else []
            lines += [_plain_cell(field.title, "!", ' scope="row"'), _cell(writer, value_nodes(field.values))]
    writer.block("\n".join((*lines, "|}")))


def _plain(text: str) -> str:
    return put_together((text,), CELL_LINE)


def _plain_cell(text: str, sign: str = "|", attributes: str = "") -> str:
    return f"{sign}{f'{attributes} |' if attributes else ''} {_plain(text)}".rstrip(" ")


def _cell(writer: MediaWikiWriter, nodes: Sequence[Node]) -> str:
    return cell_line(writer.within(nodes, line=CELL_LINE, apart=True))


def _query(writer: MediaWikiWriter, node: DataQuery) -> None:
    shown = answer_of(writer, node)
    if shown is None:
        writer.code(node.source)
        return
    if shown.result.columns:
        lose_more_rows(writer, node, shown)
        writer.end_paragraph()
        with writer.made_for(node):
            _KINDS[node.kind](writer, node, shown)


def _table(writer: MediaWikiWriter, node: DataQuery, shown: ShownResult) -> None:
    result = shown.result
    numbered = ["#"] if result.rownumbers else []
    lines = [OPENING, *(_plain_cell(label, "!") for label in (*numbered, *result.labels))]
    written = shown.by_cell(lambda cell: _cell(writer, value_nodes(cell)))
    for row in shown.rows:
        lines.append("|-")
        lines += [_plain_cell(str(row.row.number)) for _ in numbered]
        lines += [written[id(cell)] for cell in row.cells]
    if not shown.rows:
        columns = len(numbered) + len(result.labels)
        lines += ["|-", _plain_cell(writer.page.site.words["none"], "|", f' colspan="{columns}"')]
    if result.sums:
        lines += ["|-", *("|" for _ in numbered)]
        lines += [_plain_cell(f"∑ {echoed(number)}" if number else "") for number in result.sums]
    writer.block("\n".join((*lines, "|}")))


def _list(writer: MediaWikiWriter, node: DataQuery, shown: ShownResult) -> None:
    if shown.rows:
        write_list(writer, list_items(node, shown))
    else:
        writer.text(writer.page.site.words["none"])
        writer.end_paragraph()


def _cloud(writer: MediaWikiWriter, node: DataQuery, shown: ShownResult) -> None:
    write_list(writer, cloud_items(node, shown))


def _related(writer: MediaWikiWriter, node: DataQuery, shown: ShownResult) -> None:
    if shown.rows:
        writer.text(node.query.title)
        writer.end_paragraph()
        write_list(writer, (value_nodes(row.cells[0]) for row in shown.rows))


_KINDS: dict[str, Callable[[MediaWikiWriter, DataQuery, ShownResult], None]] = {
    "table": _table,
    "list": _list,
    "cloud": _cloud,
    "taglist": _cloud,
    "related": _related,
}

RENDERERS: dict[type, MediaWikiRenderer] = {DataEntry: _entry, DataQuery: _query}
