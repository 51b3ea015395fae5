"""Rewrite what names a page, a namespace or a media file in the text of a page: links, images, markup of plugins, data.

Each kind of node has a function in `_READERS`, which finds the names in its source. A name keeps its manner, see
`dokuwiki_data.moving.spelling`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from dokuwiki_data.engine.context import ColumnType, Context
from dokuwiki_data.ids import clean_id
from dokuwiki_data.moving.renaming import Renaming
from dokuwiki_data.moving.spelling import Place, respelled
from dokuwiki_data.nodes import data, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.plugins.drawio import Diagram
from dokuwiki_data.plugins.gallery import Gallery, GalleryList
from dokuwiki_data.plugins.imgcaption import CaptionReference
from dokuwiki_data.plugins.include import Include
from dokuwiki_data.plugins.indexmenu import IndexMenu
from dokuwiki_data.plugins.redirect import Redirect
from dokuwiki_data.plugins.tag import TagCount, Topic
from dokuwiki_data.query.columns import Column
from dokuwiki_data.query.conditions import Comparison
from dokuwiki_data.syntax.configuration import Syntax
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.text import Span
from dokuwiki_data.wiki.links import LinkRules, PageExists, resolve_media, resolve_page


class Kept(NamedTuple):
    """A name that should change, but stays, with its place and the reason."""

    page_id: str
    span: Span
    name: str
    reason: str


class Rewritten(NamedTuple):
    """The text of a page after a move, and the names in it that could not be rewritten."""

    text: str
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What rewriting depends on.

    Attributes:
        renaming: What is moved.
        rules: The settings that links depend on.
        syntax: The syntax of the pages.
        context: The types of the data plugin's columns.
        exists_before: Tells which pages existed before the move.
        exists_after: Tells which pages exist after it.
    """

    renaming: Renaming
    rules: LinkRules
    syntax: Syntax
    context: Context
    exists_before: PageExists
    exists_after: PageExists


class _Change(NamedTuple):
    """A piece of the source of a page and its new text; None if the name in it cannot be written."""

    start: int
    end: int
    text: str | None
    reason: str = ""


class _Names:
    """Finds the new names of pages, namespaces and media files on a page that may move itself."""

    def __init__(self, page_id: str, situation: Situation) -> None:
        self._before = page_id
        self._after = situation.renaming.pages(page_id)
        self.situation = situation

    def page(self, written: str) -> str | None:
        """Return a link to a page as it has to be written; None if that is impossible."""
        known = self.situation
        target = resolve_page(written, self._before, known.rules, known.exists_before)

        def resolve(name: str) -> str:
            return resolve_page(name, self._after, known.rules, known.exists_after)

        return respelled(written, known.renaming.pages(target), Place(self._after, resolve, known.rules))

    def media(self, written: str) -> str | None:
        """Return a media file as it has to be written; None if that is impossible."""
        known = self.situation
        target = resolve_media(written, self._before, known.rules)

        def resolve(name: str) -> str:
            return resolve_media(name, self._after, known.rules)

        return respelled(written, known.renaming.media(target), Place(self._after, resolve, known.rules))

    def namespace(self, written: str) -> str | None:
        """Return a namespace of pages as it has to be written."""
        return self._namespace(written, self.situation.renaming.pages.namespace)

    def media_namespace(self, written: str) -> str | None:
        """Return a namespace of media files as it has to be written."""
        return self._namespace(written, self.situation.renaming.media.namespace)

    def _namespace(self, written: str, renamed: Callable[[str], str]) -> str | None:
        rules = self.situation.rules

        def resolve(name: str) -> str:
            # The name of a file in the namespace, so that no rule for names of pages applies.
            return resolve_media(f"{name.rstrip(':')}:x", self._after, rules).rpartition(":")[0]

        target = resolve_media(f"{written.rstrip(':')}:x", self._before, rules).rpartition(":")[0]
        new = renamed(target)
        if resolve(written) == new:
            return written
        found = respelled(written.rstrip(":"), new, Place(self._after, resolve, rules)) if new else None
        return found if found is None else found + ":" * written.endswith(":")


def rewritten(page: Page, situation: Situation) -> Rewritten:
    """Return the text of a page after a move.

    Args:
        page: The page as it is before, with its old id.
        situation: What is moved, and what it depends on.
    """
    text, kept = _applied(str(page), _changes(page, _Names(page.page_id, situation)))
    return Rewritten(text, tuple(Kept(page.page_id, *one) for one in kept))


class _Applied(NamedTuple):
    """A changed text, and what stays: its place, the text there, and the reason."""

    text: str
    kept: list[tuple[Span, str, str]]


def _applied(text: str, changes: Iterable[_Change]) -> _Applied:
    parts, at = [], 0
    kept = []
    for start, end, new, reason in sorted(changes, key=lambda change: change.start):
        if new is None:
            kept.append((Span(start, end), text[start:end], reason))
        elif start >= at:
            parts += [text[at:start], new]
            at = end
    return _Applied("".join((*parts, text[at:])), kept)


def _changes(page: Node, names: _Names) -> Iterator[_Change]:
    for node in page.walk():
        for kind in type(node).__mro__:
            if (read := _READERS.get(kind)) is not None:
                yield from (change for change in read(node, names) if change is not None)
                break


_Found = Iterator["_Change | None"]
_UNWRITABLE = "no link leads to its new name"
_ELSEWHERE = "the name is written otherwise in the source"


def _at(node: Node, name: str, new: str | None, after: str = "") -> _Change | None:
    """Return the change of a name in the source of a node, where it stands behind some text; None without one."""
    return next(_each(node, [name], lambda _: new, after))


def _each(node: Node, written: Iterable[str], renamed: Callable[[str], str | None], after: str) -> _Found:
    """Iterate over the changes of names that stand in the source of a node one after another, behind some text."""
    source = node.source
    at = source.find(after) + len(after)
    for name in written:
        start = source.find(name, at)
        new = renamed(name)
        if start < 0:
            yield _Change(node.span.start, node.span.end, None, _ELSEWHERE) if new != name else None
            continue
        at = start + len(name)
        yield _Change(node.span.start + start, node.span.start + at, new, _UNWRITABLE) if new != name else None


# ------------------------------------------------------------------------------------------------- core


def _link(node: Any, names: _Names) -> _Found:
    path = re.split("[?#]", node.target, maxsplit=1)[0]
    if path:
        yield _at(node, path, names.page(path), _opening(node, "[["))


def _opening(node: Node, opening: str) -> str:
    """Return the text before the target of a link or an image: in Markdown it follows the label."""
    source = node.source
    return opening if source.startswith(opening) else source[: source.rfind("](") + 2]


def _camel_case(node: Any, names: _Names) -> _Found:
    new = names.page(node.target)
    if new is None or new == node.target:
        yield _at(node, node.target, new)
        return
    namespace, colon, name = new.rpartition(":")
    is_same = name == clean_id(node.target, names.situation.rules.id_rules)
    written = f"[[{namespace}{colon}{node.target}]]" if is_same else f"[[{new}|{node.target}]]"
    yield _Change(node.span.start, node.span.end, written)


def _media(node: Any, names: _Names) -> _Found:
    path = node.target.partition("#")[0]
    if path:
        yield _at(node, path, names.media(path), _opening(node, "{{"))


# ---------------------------------------------------------------------------------------------- plugins


def _included(node: Include, names: _Names) -> _Found:
    if node.target and node.kind in ("page", "section"):
        yield _at(node, node.target, names.page(node.target), ">")
    elif node.target and node.kind == "namespace":
        yield _at(node, node.target, names.namespace(node.target), ">")


def _redirect(node: Redirect, names: _Names) -> _Found:
    path = node.target.partition("#")[0]
    if path and "://" not in node.target:
        yield _at(node, path, names.page(path), "REDIRECT" if ">" not in node.source else ">")


def _gallery(node: Gallery, names: _Names) -> _Found:
    if not node.target or "://" in node.target:
        return
    media = names.situation.renaming.media
    is_file = media(resolve_media(node.target, "", names.situation.rules)) in media.ids.values()
    yield _at(node, node.target, (names.media if is_file else names.media_namespace)(node.target), ">")


def _gallery_list(node: GalleryList, names: _Names) -> _Found:
    paths = (line.partition("|")[0].strip(BLANKS) for line in node.images)
    yield from _each(node, (path for path in paths if path and "://" not in path), names.media, ">")


def _diagram(node: Diagram, names: _Names) -> _Found:
    new = names.media(node.media_target)
    ending = node.media_target.removeprefix(node.target)
    yield _at(node, node.target, new if new is None else new.removesuffix(ending), ">")


def _index_menu(node: IndexMenu, names: _Names) -> _Found:
    written = (node.namespace, *(opened.partition("#")[0] for opened in node.opened))
    yield from _each(node, filter(None, written), names.namespace, ">")


def _caption_reference(node: CaptionReference, names: _Names) -> _Found:
    if node.page:
        yield _at(node, node.page, names.page(node.page), "ref ")


def _topic(node: Topic, names: _Names) -> _Found:
    if node.namespace not in ("", "."):
        yield _at(node, node.namespace, names.namespace(node.namespace), ">")


def _tag_count(node: TagCount, names: _Names) -> _Found:
    yield from _each(node, node.namespaces, names.namespace, "&")


# ------------------------------------------------------------------------------------------------- data


def _field(node: data.DataField, names: _Names) -> _Found:
    renamed = _value_renamer(node.column, names)
    for value, span in zip(node.values, node.value_spans, strict=True) if renamed else ():
        assert renamed is not None
        new = renamed(value)
        if new != value:
            yield _Change(span.start, span.end, new, "its type adds text that its new name does not have")


def _template(node: DataTemplateEntry, names: _Names) -> _Found:
    if node.template and node.template_page:
        (span, *_) = node.template.value_spans
        new = names.page(node.template_page)
        if new != node.template_page:
            yield _Change(span.start, span.end, new, _UNWRITABLE)


def _query(node: data.DataQuery, names: _Names) -> _Found:
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
                yield _Change(start, start + len(option.value), written, _UNWRITABLE)


#: The operators that compare with a whole value, and those that compare with a pattern.
_EQUAL, _LIKE, _LISTED = ("=", "!="), ("~", "!~"), "~~"


def _filter(node: data.DataQuery, comparison: Comparison, names: _Names) -> _Found:
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
        yield _Change(end - len(value) if is_written else comparison.span.start, end, new if is_written else None,
                      _ELSEWHERE)  # fmt: skip


def _list_item(item: str, renamed: Callable[[str], str | None]) -> str:
    value = item.strip(BLANKS)
    new = renamed(value) if value else value
    return item if new is None or new == value else item.replace(value, new, 1)


def _pattern(value: str, names: _Names) -> str:
    """Return a pattern that begins with the name of a namespace that moves, with its new name."""
    before, star, behind = value.partition("*")
    namespace, colon, name = before.rpartition(":")
    if not colon:
        return value
    new = names.situation.renaming.pages.namespace(clean_id(namespace, names.situation.rules.id_rules))
    if new == clean_id(namespace, names.situation.rules.id_rules):
        return value
    return f"{new}{colon if new else ''}{name}{star}{behind}"


def _value_renamer(column: Column, names: _Names) -> Callable[[str], str | None] | None:
    """Return the function that gives the new text of a column's value; None for columns that name nothing."""
    type_ = names.situation.context.type_of(column)
    if column.key == "%title%":
        return None
    base = "img" if type_.base.startswith("img") else type_.base
    make = _VALUES.get(base)
    return None if make is None else lambda value: make(value, column, type_, names)


def _page_value(value: str, column: Column, type_: ColumnType, names: _Names) -> str | None:
    before, after = (
        names.situation.context.fill_language(type_.prefix),
        names.situation.context.fill_language(type_.postfix),
    )
    return _renamed_id(value, before, after, names)


def _title_value(value: str, column: Column, type_: ColumnType, names: _Names) -> str | None:
    page_id, bar, title = value.partition("|")
    new = _page_value(page_id, column, type_, names)
    return None if new is None else f"{new}{bar}{title}"


def _namespace_value(value: str, column: Column, type_: ColumnType, names: _Names) -> str | None:
    return _renamed_id(value, f"{column.key}:", "", names)


def _renamed_id(value: str, before: str, after: str, names: _Names) -> str | None:
    """Return a value that is a page's id without the text before and after it; None if the new id cannot be one."""
    rules = names.situation.rules.id_rules
    old = clean_id(f"{before}{value}{after}", rules)
    new = names.situation.renaming.pages(old)
    if new == old:
        return value
    start = before.lstrip(":")
    fits = new.startswith(start) and new.endswith(after) and len(new) > len(start) + len(after)
    return new[len(start) : len(new) - len(after)] if fits else None


def _linked_value(value: str, column: Column, type_: ColumnType, names: _Names) -> str | None:
    page_id, bar, title = value.partition("|")
    new = names.page(page_id) if page_id else page_id
    return None if new is None else f"{new}{bar}{title}"


def _image_value(value: str, column: Column, type_: ColumnType, names: _Names) -> str | None:
    media_id, bar, title = value.partition("|")
    if not media_id or "://" in media_id:
        return value
    new = names.media(media_id)
    return None if new is None else f"{new}{bar}{title}"


def _markup_value(value: str, column: Column, type_: ColumnType, names: _Names) -> str | None:
    found = _applied(value, _changes(parse(value, syntax=names.situation.syntax), names))
    return None if found.kept else found.text


_VALUES: dict[str, Callable[[str, Column, ColumnType, _Names], str | None]] = {
    "page": _page_value,
    "title": _title_value,
    "nspage": _namespace_value,
    "pageid": _linked_value,
    "img": _image_value,
    "wiki": _markup_value,
}

_READERS: dict[type, Callable[[Any, _Names], _Found]] = {
    inline.InternalLink: _link,
    inline.CamelCaseLink: _camel_case,
    inline.InternalMedia: _media,
    Include: _included,
    Redirect: _redirect,
    Gallery: _gallery,
    GalleryList: _gallery_list,
    Diagram: _diagram,
    IndexMenu: _index_menu,
    CaptionReference: _caption_reference,
    Topic: _topic,
    TagCount: _tag_count,
    data.DataField: _field,
    DataTemplateEntry: _template,
    data.DataQuery: _query,
    DataTemplateList: _query,
}
