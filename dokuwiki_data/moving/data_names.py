"""NewNames of pages and media files in the data plugin's blocks: values of entries, filters and options of queries."""

from __future__ import annotations

from collections.abc import Callable

from dokuwiki_data.engine.context import ColumnType
from dokuwiki_data.ids import clean_id
from dokuwiki_data.moving.names import ELSEWHERE, UNWRITABLE, Found, NameChange, NewNames, applied
from dokuwiki_data.nodes import data
from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison
from dokuwiki_data.syntax.parser import parse


def field_names(node: data.DataField, names: NewNames) -> Found:
    """Iterate over the changes of the values in a line of an entry."""
    renamed = _value_renamer(node.column, names)
    for value, span in zip(node.values, node.value_spans, strict=True) if renamed else ():
        assert renamed is not None
        new = renamed(value)
        if new != value:
            yield NameChange(span.start, span.end, new, "its type adds text that its new name does not have")


def template_names(node: DataTemplateEntry, names: NewNames) -> Found:
    """Iterate over the change of the template of an entry; its fields are nodes of their own."""
    if node.template and node.template_page:
        (span, *_) = node.template.value_spans
        new = names.page(node.template_page)
        if new != node.template_page:
            yield NameChange(span.start, span.end, new, UNWRITABLE)


def query_names(node: data.DataQuery, names: NewNames) -> Found:
    """Iterate over the changes of the filters of a query, of the page of a cloud, and of a template."""
    for comparison in node.query.filters:
        yield from _filter(node, comparison, names)
    for option in node.options:
        is_template = isinstance(node, DataTemplateList) and option.name.lower() == "template"
        if option.value and (option.option == "page" or is_template):
            absolute = option.value if is_template else f":{option.value.lstrip(':')}"
            new = names.page(absolute)
            if new != absolute:
                span = option.value_span
                start = span.start + str(node.source[span.start - node.span.start :]).find(option.value)
                written = new if new is None or is_template or option.value.startswith(":") else new.lstrip(":")
                yield NameChange(start, start + len(option.value), written, UNWRITABLE)


#: The operators that compare with a whole value, and those that compare with a pattern.
_EQUAL, _LIKE, _LISTED = ("=", "!="), ("~", "!~"), "~~"


def _filter(node: data.DataQuery, comparison: Comparison, names: NewNames) -> Found:
    renamed = _value_renamer(comparison.column, names)
    if renamed is None or comparison.span is None or not comparison.value:
        return
    value = comparison.value
    new: str | None
    if comparison.operator in _LIKE and "*" in value:
        new = _pattern(value, names)
    elif comparison.operator in (*_EQUAL, *_LIKE):
        new = renamed(value)
    elif comparison.operator == _LISTED:
        new = ",".join([_list_item(item, renamed) for item in value.split(",")])
    else:
        return
    if new != value:
        end = comparison.span.end
        is_written = node.source.endswith(value, 0, end - node.span.start)
        yield NameChange(end - len(value) if is_written else comparison.span.start, end, new if is_written else None,
                      ELSEWHERE)  # fmt: skip


def _list_item(item: str, renamed: Callable[[str], str | None]) -> str:
    value = item.strip(BLANKS)
    new = renamed(value) if value else value
    return item if new is None or new == value else item.replace(value, new, 1)


def _pattern(value: str, names: NewNames) -> str:
    """Return a pattern that begins with the name of a namespace that moves, with its new name."""
    before, star, behind = value.partition("*")
    namespace, colon, name = before.rpartition(":")
    if not colon:
        return value
    new = names.situation.renaming.pages.namespace(clean_id(namespace, names.situation.rules.id_rules))
    if new == clean_id(namespace, names.situation.rules.id_rules):
        return value
    return f"{new}{colon if new else ''}{name}{star}{behind}"


def _value_renamer(column: Column, names: NewNames) -> Callable[[str], str | None] | None:
    """Return the function that gives the new text of a column's value; None for columns that name nothing."""
    type_ = names.situation.context.type_of(column)
    if column.key == "%title%":
        return None
    base = "img" if type_.base.startswith("img") else type_.base
    make = _VALUES.get(base)
    return None if make is None else lambda value: make(value, column, type_, names)


def _page_value(value: str, column: Column, type_: ColumnType, names: NewNames) -> str | None:
    before, after = (
        names.situation.context.fill_language(type_.prefix),
        names.situation.context.fill_language(type_.postfix),
    )
    return _renamed_id(value, before, after, names)


def _title_value(value: str, column: Column, type_: ColumnType, names: NewNames) -> str | None:
    page_id, bar, title = value.partition("|")
    new = _page_value(page_id, column, type_, names)
    return None if new is None else f"{new}{bar}{title}"


def _namespace_value(value: str, column: Column, type_: ColumnType, names: NewNames) -> str | None:
    return _renamed_id(value, f"{column.key}:", "", names)


def _renamed_id(value: str, before: str, after: str, names: NewNames) -> str | None:
    """Return a value that is a page's id without the text before and after it; None if the new id cannot be one."""
    rules = names.situation.rules.id_rules
    old = clean_id(f"{before}{value}{after}", rules)
    new = names.situation.renaming.pages(old)
    if new == old:
        return value
    start = before.lstrip(":")
    fits = new.startswith(start) and new.endswith(after) and len(new) > len(start) + len(after)
    return new[len(start) : len(new) - len(after)] if fits else None


def _linked_value(value: str, column: Column, type_: ColumnType, names: NewNames) -> str | None:
    page_id, bar, title = value.partition("|")
    new = names.page(page_id) if page_id else page_id
    return None if new is None else f"{new}{bar}{title}"


def _image_value(value: str, column: Column, type_: ColumnType, names: NewNames) -> str | None:
    media_id, bar, title = value.partition("|")
    if not media_id or "://" in media_id:
        return value
    new = names.media(media_id)
    return None if new is None else f"{new}{bar}{title}"


def _markup_value(value: str, column: Column, type_: ColumnType, names: NewNames) -> str | None:
    found = applied(value, names.changes(parse(value, syntax=names.situation.syntax), names))
    return None if found.kept else found.text


_VALUES: dict[str, Callable[[str, Column, ColumnType, NewNames], str | None]] = {
    "page": _page_value,
    "title": _title_value,
    "nspage": _namespace_value,
    "pageid": _linked_value,
    "img": _image_value,
    "wiki": _markup_value,
}
