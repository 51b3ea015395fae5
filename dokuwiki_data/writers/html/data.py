"""Entries and queries of the data plugin in HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from dokuwiki_data.ids import HeadingAnchors
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.php import echoed
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.writers.common_renderers import answer_of, lose_more_rows
from dokuwiki_data.writers.data_items import shown_labels
from dokuwiki_data.writers.data_output import ShownResult, ShownValue, lose_template
from dokuwiki_data.writers.html.writer import HtmlWriter, Renderer, escaped

#: The widths of columns that are written; other text could change any style.
_WIDTH = re.compile(r"\d{1,5}(?:\.\d{1,5})?(?:px|em|rem|ex|ch|vw|pt|pc|cm|mm|in|%)", re.ASCII)


#: The separator of the values of a field of an entry.
_BETWEEN_VALUES = '<span class="sep">, </span>'


def _entry(writer: HtmlWriter, node: DataEntry) -> str:
    lose_template(writer.lose, node)
    parts = [f'<div class="inline dataplugin_entry {escaped(node.class_name)}"><dl>']
    classes = HeadingAnchors()
    with writer.made_for(node):
        for field in writer.page.entry(node).fields:
            class_name = escaped(classes.add(field.key))
            parts.append(f'<dt class="{class_name}">{escaped(field.title)}<span class="sep">: </span></dt>')
            parts.append(f'<dd class="{class_name}">{_values(writer, field.values, _BETWEEN_VALUES)}</dd>')
    return "".join((*parts, "</dl></div>\n"))


def _values(writer: HtmlWriter, values: Iterable[ShownValue], between: str = ", ") -> str:
    return between.join("".join(writer.apart(value.nodes)) for value in values)


def _query(writer: HtmlWriter, node: DataQuery) -> str:
    shown = answer_of(writer, node)
    if shown is None:
        return f'<pre class="code">{escaped(node.source)}</pre>\n'
    with writer.made_for(node):
        return _KINDS[node.kind](writer, node, shown) if shown.result.columns else ""


def _table(writer: HtmlWriter, node: DataQuery, shown: ShownResult) -> str:
    query, result = node.query, shown.result
    numbered = 1 if result.rownumbers else 0
    parts = [
        f'<div class="table dataaggregation"><table class="inline dataplugin_table {_classes(node)}">',
        "<tr>", "<th>#</th>" * numbered, *_headers(writer, node, shown), "</tr>",
    ]  # fmt: skip
    if query.dynfilters:
        parts += [
            '<tr class="dataflt" hidden="hidden">',
            "<th></th>" * (numbered + len(shown_labels(node, shown))),
            "</tr>",
        ]
    if not result.rows:
        nothing = escaped(writer.page.site.words["none"])
        parts.append(
            f'<tr class="row0"><td class="col0 centeralign" colspan="{len(result.columns)}">{nothing}</td></tr>'
        )
        return "".join((*parts, "</table></div>\n"))
    classes = _column_classes(node, shown, numbered)
    written = shown.by_cell(lambda cell: _values(writer, cell))
    for row in shown.rows:
        cells = [str(row.row.number)] * numbered + [written[id(cell)] for cell in row.cells]
        parts += [
            "<tr>",
            *(f'<td class="{name}">{cell}</td>' for name, cell in zip(classes, cells, strict=True)),
            "</tr>",
        ]
    parts += _sums(shown, classes, numbered)
    if query.limit:
        more = f'<span class="next">{escaped(writer.page.site.words["next"])}</span>' if result.more else ""
        parts.append(f'<tr><th colspan="{len(result.columns) + numbered}">&nbsp;{more}</th></tr>')
        if result.more:
            writer.lose("more-rows", node.kind, node)
    return "".join((*parts, "</table></div>\n"))


def _classes(node: DataQuery) -> str:
    return escaped(" ".join(node.classes))


def _headers(writer: HtmlWriter, node: DataQuery, shown: ShownResult) -> Iterable[str]:
    query, columns = node.query, shown.result.columns
    for at, label in enumerate(shown_labels(node, shown)):
        width = query.widths[at] if at < len(query.widths) else ""
        style = f' style="width: {width};"' if _WIDTH.fullmatch(width) else ""
        shown_label = escaped(label)
        if at >= len(columns):  # the plugin's link to sort by no column leads to the page itself
            href = writer.addresses.page(writer.page.page_id)
            shown_label = f'<a href="{escaped(href)}">{shown_label}</a>' if href else shown_label
        elif query.sort is not None and columns[at].key == query.sort.column.key:
            shown_label = f"<span>{'↑' if query.sort.descending else '↓'}</span> {shown_label}"
        yield f"<th{style}>{shown_label}</th>"


def _column_classes(node: DataQuery, shown: ShownResult, numbered: int) -> list[str]:
    align = (*node.query.align, *[""] * (len(shown.result.columns) + numbered))
    classes = HeadingAnchors()  # the plugin names columns as DokuWiki names headings
    names = [
        f"{align[at + numbered]}align {escaped(classes.add(column.key))}"
        for at, column in enumerate(shown.result.columns)
    ]
    return [f"{align[0]}align rownumbers"] * numbered + names


def _sums(shown: ShownResult, classes: list[str], numbered: int) -> Iterable[str]:
    if not shown.result.sums:
        return
    yield "<tr>" + "<td></td>" * numbered
    for number, class_name in zip(shown.result.sums, classes[numbered:], strict=True):
        align = class_name.partition(" ")[0]
        yield f'<td class="{align}">{f"∑ {echoed(number)}" if number else "&nbsp;"}</td>'
    yield "</tr><tr></tr>"  # the plugin begins another row in place of ending this one


def _list(writer: HtmlWriter, node: DataQuery, shown: ShownResult) -> str:
    if not shown.rows:
        nothing = escaped(writer.page.site.words["none"])
        return f'<div class="dataaggregation"><p class="dataplugin_list {_classes(node)}">{nothing}</p></div>'
    result = shown.result
    labels = [*map(escaped, shown_labels(node, shown)), *[""] * (len(result.columns) + 2)]
    parts = [f'<div class="dataaggregation"><ul class="dataplugin_list {_classes(node)}">']
    numbered = 1 if result.rownumbers else 0
    written = shown.by_cell(lambda cell: _values(writer, cell))
    for row in shown.rows:
        cells = [written[id(cell)] for cell in row.cells]
        if node.query.sepbyheaders:  # the plugin counts the number as a column
            cells = [cell + labels[at + 1 + numbered] for at, cell in enumerate(cells)]
            before = "" if numbered else labels[0]
        else:
            cells, before = [f"{cell} " for cell in cells], ""
        item = f"{f'{row.row.number} ' if numbered else ''}{before}{''.join(cells)}"
        parts.append(f'<li><div class="li">{item}</div></li>')
    return "".join((*parts, "</ul></div>\n"))


def _cloud(writer: HtmlWriter, node: DataQuery, shown: ShownResult) -> str:
    parts = [f'<ul class="dataplugin_{node.kind} {_classes(node)}">']
    for row in shown.rows:
        count = f"<sub>({row.row.cells[1][0]})</sub>" if node.query.summarize else ""
        class_name = f"cl{row.row.weight}" if node.kind == "cloud" else "tl"
        parts.append(f'<li class="{class_name}">{_values(writer, row.cells[0])}{count}</li>')
    return "".join((*parts, "</ul>\n"))


def _related(writer: HtmlWriter, node: DataQuery, shown: ShownResult) -> str:
    if not shown.rows:
        return ""
    items = "".join(f'<li class="level1">{_values(writer, row.cells[0])}</li>' for row in shown.rows)
    return f'<dl class="{_classes(node)}"><dt>{escaped(node.query.title)}</dt><dd><ul>\n{items}</ul></dd></dl>\n'


_KINDS: dict[str, Callable[[HtmlWriter, DataQuery, ShownResult], str]] = {
    "table": _table,
    "list": _list,
    "cloud": _cloud,
    "taglist": _cloud,
    "related": _related,
}


def _template(writer: HtmlWriter, node: DataTemplateEntry | DataTemplateList) -> str | None:
    nodes = writer.page.expanded(node)
    if nodes is None:
        return _entry(writer, node) if isinstance(node, DataTemplateEntry) else _query(writer, node)
    names = ["datatemplateentry", node.class_name] if isinstance(node, DataTemplateEntry) else node.classes
    # The plugin's class that says that there is no such element.
    opening = "" if list(names) == ["nodiv"] else f'<div class="{escaped(" ".join(filter(None, names)))}">\n'
    with writer.made_for(node):
        writer.container(opening, nodes, "</div>\n" if opening else "")
    if isinstance(node, DataTemplateList):
        lose_more_rows(writer, node, writer.page.result(node))
    return None


RENDERERS: dict[type, Renderer] = {
    DataEntry: _entry, DataQuery: _query, DataTemplateEntry: _template, DataTemplateList: _template,
}  # fmt: skip
