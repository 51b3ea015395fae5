"""Output of the data plugin as nodes: what entries and queries show, so that every writer can write it.

A value becomes what its type says: a link to a page, an address, an image, markup, text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import urlencode

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.engine.entries import EntryCleaner
from dokuwiki_data.engine.results import Result, ResultRow
from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.blocks import Paragraph
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.php import BLANKS, integer
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.query.columns import Column
from dokuwiki_data.syntax.parser import parse

if TYPE_CHECKING:
    from dokuwiki_data.writers.site import Site

_EXTERNAL = re.compile("(?:https?|ftp)://", re.IGNORECASE)

#: Pixels; the plugin's setting ``image_width`` where a wiki has none.
IMAGE_WIDTH = 40


def lose_template(lose: Callable[[str, str, Node], None], node: DataEntry | DataQuery) -> None:
    """Tell the loss of the template of an entry or a query that has one."""
    if isinstance(node, (DataTemplateEntry, DataTemplateList)) and node.template_page:
        lose("template", node.template_page, node)


class ShownValue(NamedTuple):
    """A value as nodes.

    Attributes:
        nodes: What is shown of it.
        page_id: The page that relative links in it start from.
    """

    nodes: tuple[Node, ...]
    page_id: str


class ShownField(NamedTuple):
    """A field of an entry: its key, the title of its column, and its values."""

    key: str
    title: str
    values: tuple[ShownValue, ...]


class ShownEntry(NamedTuple):
    """An entry: those of its fields that have a value and are not hidden; lines of one column are one field."""

    fields: tuple[ShownField, ...]


class ShownRow(NamedTuple):
    """A row of a result: for each cell its values. In clouds and lists of tags that is one cell, the value."""

    row: ResultRow
    cells: tuple[tuple[ShownValue, ...], ...]


#: What is made of a cell.
Made = TypeVar("Made")
Cell = tuple[ShownValue, ...]


class ShownResult(NamedTuple):
    """What a query shows: the result, and its rows as nodes. Equal cells of a column are one and the same object."""

    result: Result
    rows: tuple[ShownRow, ...]

    def by_cell(self, make: Callable[[Cell], Made]) -> dict[int, Made]:
        """Return what is made of each different cell, by its `id`: large tables have few different cells."""
        return {
            number: make(cell) for number, cell in {id(cell): cell for row in self.rows for cell in row.cells}.items()
        }


def shown_entry(entry: DataEntry, page_id: str, site: Site) -> ShownEntry:
    """Return what an entry on the page ``page_id`` shows."""
    columns = {field.column.key: field.column for field in entry.fields}
    values_of = EntryCleaner(site.context).cleaned((field.column, field.values) for field in entry.fields)
    shown = []
    for key, values in values_of.items():
        column = columns[key]
        type_ = site.context.type_of(column)
        values = [value for value in values if value]
        if not values or type_.base == "hidden":
            continue
        row_page = page_id if type_.base == "wiki" else ""
        # Each of several values is shown by itself here, not as a cell.
        shown_column = ShownColumn(column, type_, page_id, site)
        found: list[ShownValue] = []
        for value in values:
            found += shown_column.shown([value], row_page)
        shown.append(ShownField(key, site.context.labels.get(key, column.title), tuple(found)))
    return ShownEntry(tuple(shown))


def shown_result(query: DataQuery, result: Result, page_id: str, site: Site) -> ShownResult:
    """Return what the answer to a query on the page ``page_id`` shows."""
    if result.kind == "related":
        rows = [ShownRow(row, ((ShownValue((inline.InternalLink(row.page_id),), page_id),),)) for row in result.rows]
    elif result.kind in ("cloud", "taglist"):
        column = result.columns[0]
        target = query.query.page or page_id
        rows = [
            ShownRow(row, ((ShownValue((_filter_link(target, column, str(row.cells[0][0])),), page_id),),))
            for row in result.rows
        ]
    else:
        columns = [ShownColumn(column, site.context.type_of(column), page_id, site) for column in result.columns]
        rows = [
            ShownRow(
                row, tuple([column.values(cell, row.page_id) for column, cell in zip(columns, row.cells, strict=True)])
            )
            for row in result.rows
        ]
    return ShownResult(result, tuple(rows))


class _Value(NamedTuple):
    """A value with what decides how it is shown."""

    text: str
    column: Column
    type_: ColumnType
    #: The page of the row that it stands in, and the page that it is shown on.
    row_page: str
    page_id: str
    site: Site

    def affixed(self, text: str) -> str:
        """Return text with the prefix and postfix of the type."""
        return self.site.context.resolve(self.type_, text)

    def parted(self, divider: str) -> tuple[str, str | None]:
        """Return what is before a divider, and what is behind it; None without one."""
        before, found, behind = self.text.partition(divider)
        return before, behind if found else None


class ShownColumn:
    """Shows the values of a column."""

    def __init__(self, column: Column, type_: ColumnType, page_id: str, site: Site) -> None:
        """Take the column, what its type means, the page that shows it, and what is known of the wiki."""
        self._column, self._type, self._page_id, self._site = column, type_, page_id, site
        self._show = _SHOWN.get(type_.base) or (_image if type_.base.startswith("img") else _text)
        self._depends_on_row = column.key == "%title%" or type_.base in ("pageid", "wiki")
        self._is_text = self._show is _text and not type_.prefix and not type_.postfix
        self._known: dict[object, Cell] = {}

    def values(self, cell: tuple[str | int, ...], row_page: str) -> Cell:
        """Return the values of a cell as nodes; what is empty shows nothing.

        Args:
            cell: The values as stored.
            row_page: The page of the row; empty where there is no row.
        """
        key = (cell, row_page) if self._depends_on_row else cell
        shown = self._known.get(key)
        if shown is None:
            shown = self._known[key] = tuple(self.shown([str(value) for value in cell], row_page))
        return shown

    def shown(self, values: Sequence[str], row_page: str) -> list[ShownValue]:
        """Return values as nodes, as in `values`, of a cell that is not there again."""
        if self._column.key == "%title%":
            values = [f"{row_page}|{value}" for value in values[:1]]
        found: list[ShownValue] = []
        for text in values:
            if text := text.strip(BLANKS):
                if self._is_text and "%" not in text:
                    found.append(ShownValue((_text_node(text),), self._page_id))
                    continue
                value = _Value(text, self._column, self._type, row_page, self._page_id, self._site)
                place = row_page if self._type.base == "wiki" else self._page_id
                found.append(ShownValue(self._show(value), place))
        return found


def _page(value: _Value) -> tuple[Node, ...]:
    return (inline.InternalLink(_absolute(value.affixed(value.text))),)


def _title(value: _Value) -> tuple[Node, ...]:
    page_id, title = value.parted("|")
    return (inline.InternalLink(_absolute(value.affixed(page_id)), title),)


def _page_of_row(value: _Value) -> tuple[Node, ...]:
    page_id, title = (value.row_page, value.text) if value.row_page else value.parted("|")
    return (inline.InternalLink(value.affixed(page_id), title or page_id),)


def _page_of_namespace(value: _Value) -> tuple[Node, ...]:
    return (inline.InternalLink(f":{value.column.key}:{value.text}"),)


def _mail(value: _Value) -> tuple[Node, ...]:
    address, name = value.parted(" ")
    return (inline.EmailLink(value.affixed(address), name or None),)


def _address(value: _Value) -> tuple[Node, ...]:
    return (inline.ExternalLink(value.affixed(value.text)),)


def _tag(value: _Value) -> tuple[Node, ...]:
    is_alias = value.type_ != ColumnType(value.column.type)
    target = value.affixed("") if is_alias else f"{value.column.key}:"
    page_id = clean_id(target, value.site.links.rules.id_rules).replace("/", ":")
    return (_filter_link(page_id, value.column, value.text),)


def _filter_link(page_id: str, column: Column, text: str) -> Node:
    """Return a link that shows a page's tables with the rows of a value only."""
    query = urlencode({"dataflt[0]": f"{column.key}_={text}"}, errors="replace")
    return inline.InternalLink(f":{page_id}?{query}", text)


def _time(value: _Value) -> tuple[Node, ...]:
    try:
        shown = datetime.fromtimestamp(integer(value.text), UTC).strftime(value.site.time_format)
    except (OverflowError, OSError, ValueError):
        shown = value.text
    return (inline.Text(shown),)


def _markup(value: _Value) -> tuple[Node, ...]:
    content = parse(value.affixed(value.text), page_id=value.row_page, syntax=value.site.syntax).content
    nodes: list[Node] = []
    for at, node in enumerate(content):
        is_outermost = isinstance(node, Paragraph) and at in (0, len(content) - 1)
        nodes.extend(node.children if is_outermost else (node,))
    return tuple(nodes)


def _image(value: _Value) -> tuple[Node, ...]:
    width = integer(value.type_.base[3:]) or IMAGE_WIDTH
    written = value.affixed(value.text)
    media_id, found, title = written.partition("|")
    if not found:
        title = f"{value.column.key}: {media_id.replace(':', '/').rstrip('/').rpartition('/')[2]}"
    kind = inline.ExternalMedia if _EXTERNAL.match(written) else inline.InternalMedia
    return (kind(media_id, title.strip(BLANKS), None, str(width), None, "cache", "direct"),)


def _text(value: _Value) -> tuple[Node, ...]:
    return (inline.Text(value.affixed(value.text)),)


@lru_cache(4096)  # most values stand on many pages
def _text_node(text: str) -> Node:
    return inline.Text(text)


def _absolute(page_id: str) -> str:
    return page_id if page_id.startswith(":") else f":{page_id}"


_SHOWN: dict[str, Callable[[_Value], tuple[Node, ...]]] = {
    "page": _page,
    "title": _title,
    "pageid": _page_of_row,
    "nspage": _page_of_namespace,
    "mail": _mail,
    "url": _address,
    "tag": _tag,
    "timestamp": _time,
    "wiki": _markup,
}
