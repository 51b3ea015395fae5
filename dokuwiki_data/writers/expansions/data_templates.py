"""Expansions of the plugin *datatemplate*: the page of a template, filled with an entry or with each row of a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.errors import EditError
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Paragraph
from dokuwiki_data.nodes.inline import Text
from dokuwiki_data.php import BLANKS, integer
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.query.columns import Column
from dokuwiki_data.render.printers import markup
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.writers.data_output import IMAGE_WIDTH, ShownColumn
from dokuwiki_data.writers.expansions.expansion import Expand, resolved_id

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: The most characters of the filled templates of a block: each row of a query has a copy.
_MOST_CHARACTERS = 1 << 22

_PLACEHOLDER = re.compile("@@.*?@@")
#: Text that is no markup whatever is around it.
_PLAIN = re.compile(r"[A-Za-z0-9]+(?:[ ,][A-Za-z0-9]+)*")


def filled(template: str, values: Mapping[str, str], raw: Mapping[str, str]) -> str:
    """Return the text of a template with its placeholders replaced: ``@@key@@``, and ``@@!key@@`` by raw values.

    Example:
        >>> filled("@@name@@ (@@!name@@)", {"name": "[[a]]"}, {"name": "a"})
        '[[a]] (a)'
    """
    by_placeholder = {f"@@{key}@@": value for key, value in values.items()}
    by_placeholder |= {f"@@!{key}@@": value for key, value in raw.items()}
    if not by_placeholder:
        return template
    known = re.compile("|".join(map(re.escape, by_placeholder)))
    return known.sub(lambda found: by_placeholder[found[0]], template)


def _entry(node: DataTemplateEntry, page: ResolvedPage) -> tuple[Node, ...] | None:
    template = _template(node.template_page, page)
    if template is None:
        return None
    columns = {field.column.key: field.column for field in node.fields}
    cleaned = EntryCleaner(page.site.context).cleaned((field.column, field.values) for field in node.fields)
    found = {key: values for key, values in cleaned.items() if any(values)}
    shown = {key: ", ".join(_written(columns[key], value, page) for value in values) for key, values in found.items()}
    raw = {key: ", ".join(values) for key, values in found.items()}
    return _parsed(filled(template, shown, raw), page)


def _written(column: Column, value: str, page: ResolvedPage) -> str:
    """Return a value as the plugin writes it into the text of a template: as markup of its type."""
    type_ = page.site.context.type_of(column)
    text = value.strip(BLANKS)
    if not text:
        return ""
    if type_.base in ("tag", "timestamp"):  # the plugin writes HTML of tags, which DokuWiki then shows as text
        return _markup(ShownColumn(column, type_, page.page_id, page.site), (text,), "", page.site.syntax)
    if write := _WRITTEN.get(type_.base):
        return write(text, column, lambda part: page.site.context.resolve(type_, part))
    text = page.site.context.resolve(type_, text)
    if type_.base.startswith("img"):
        name = text.replace(":", "/").rpartition("/")[2]
        return f"{{{{{text}?{integer(type_.base[3:]) or IMAGE_WIDTH}|{column.key}: {name}}}}}"
    return f"<html>{text}</html>" if type_.base else text


#: How values of a type are written, given the value, its column, and what adds the prefix and the postfix of the type.
_WRITTEN: dict[str, Callable[[str, Column, Callable[[str], str]], str]] = {
    "page": lambda text, column, affix: f"[[{affix(text)}]]",
    "pageid": lambda text, column, affix: _link(text, "|", affix),
    "title": lambda text, column, affix: _link(text, "|", affix),
    "mail": lambda text, column, affix: _link(text, " ", affix),
    "nspage": lambda text, column, affix: f"[[:{column.key}:{text}]]",
    "url": lambda text, column, affix: f"[[{affix(text)}]]",
    "wiki": lambda text, column, affix: affix(text),
}


def _link(text: str, divider: str, affix: Callable[[str], str]) -> str:
    target, _, label = text.partition(divider)
    return f"[[{affix(target)}|{label}]]"


def _list(node: DataTemplateList, page: ResolvedPage) -> tuple[Node, ...] | None:
    template = _template(node.template_page, page)
    shown = page.result(node)
    if template is None or shown is None:
        return None
    if not shown.rows:
        return (Paragraph((Text(page.site.words["none"]),)),)
    result, types = shown.result, {}
    for column in result.columns:
        types[column.key] = page.site.context.type_of(column)
    page_column = ShownColumn(Column.parse("%pageid%"), ColumnType("page"), page.page_id, page.site)
    columns = [ShownColumn(column, types[column.key], page.page_id, page.site) for column in result.columns]
    parts, length = [], 0
    for row in result.rows:
        values = {"%pageid%": _markup(page_column, (row.page_id,), row.page_id, page.site.syntax)}
        raw = {"%pageid%": row.page_id}
        for column, show, cell in zip(result.columns, columns, row.cells, strict=True):
            values[column.key] = _markup(show, cell, row.page_id, page.site.syntax)
            has_page = column.key == "%title%" or types[column.key].base in ("pageid", "wiki")
            text = "\n".join(map(str, cell))
            raw[column.key] = f"{row.page_id}|{text}" if has_page and text else text
        parts.append(filled(template, values, raw))
        length += len(parts[-1])
        if length > _MOST_CHARACTERS:
            return None
    return _parsed("".join(parts), page)


def _markup(column: ShownColumn, cell: tuple[str | int, ...], row_page: str, syntax: Syntax) -> str:
    """Return the values of a cell as markup that shows what the data plugin shows."""
    return ", ".join(
        "".join(_verbatim(node.text) if isinstance(node, Text) else _printed(node, syntax) for node in value.nodes)
        for value in column.values(cell, row_page)
    )


def _printed(node: Node, syntax: Syntax) -> str:
    try:
        return markup(node, syntax=syntax)
    except EditError:  # no markup is that
        return _verbatim(node.plain_text())


def _verbatim(text: str) -> str:
    """Return markup that is shown as a text is written."""
    if _PLAIN.fullmatch(text):
        return text
    return "%%" + text.replace("%%", "%%<nowiki>%%</nowiki>%%") + "%%"


def _template(written: str, page: ResolvedPage) -> str | None:
    """Return the text of a template; None if it is not there."""
    if not written:
        return None
    found = page.site.page_of(resolved_id(written.partition("#")[0], page))
    return None if found is None else str(found)


def _parsed(text: str, page: ResolvedPage) -> tuple[Node, ...] | None:
    if len(text) > _MOST_CHARACTERS:
        return None
    content = parse(_PLACEHOLDER.sub("", text), page_id=page.base, syntax=page.site.syntax).content
    return tuple(content)


EXPANSIONS: dict[type, Expand] = {DataTemplateEntry: _entry, DataTemplateList: _list}
