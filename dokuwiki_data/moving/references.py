"""Rewrite what names a page, a namespace or a media file in the text of a page: links, images, markup of plugins, data.

Each kind of node has a function in `_READERS`, which finds the names in its source. A name keeps its manner, see
`dokuwiki_data.moving.spelling`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dokuwiki_data.ids import clean_id
from dokuwiki_data.moving.data_names import field_names, query_names, template_names
from dokuwiki_data.moving.names import Found, NameChange, NewNames, Situation, applied, at_name, each_name
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
from dokuwiki_data.syntax.parser import parse
from dokuwiki_data.text import Span
from dokuwiki_data.wiki.links import resolve_media


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


def rewritten(page: Page, situation: Situation) -> Rewritten:
    """Return the text of a page after a move.

    Args:
        page: The page as it is before, with its old id.
        situation: What is moved, and what it depends on.
    """
    names = NewNames(page.page_id, situation, _changes)
    text, kept = applied(str(page), [*_changes(page, names), *_changes_in_dropped_text(page, names)])
    return Rewritten(text, tuple(Kept(page.page_id, *one) for one in kept))


def _changes(page: Node, names: NewNames) -> Iterator[NameChange]:
    for node in page.walk():
        for kind in type(node).__mro__:
            if (read := _READERS.get(kind)) is not None:
                yield from (change for change in read(node, names) if change is not None)
                break


def _changes_in_dropped_text(page: Page, names: NewNames) -> Iterator[NameChange]:
    """Iterate over the changes in text that is not shown, such as an unfinished cell, until somebody mends it."""
    for note in page.diagnostics:
        if note.kind == "dropped":
            text = str(page)[slice(*note.span)].lstrip()
            start = note.span.end - len(text)
            for change in _changes(parse(text, page_id=page.page_id, syntax=names.situation.syntax), names):
                if change.text is not None:
                    yield change._replace(start=start + change.start, end=start + change.end)


# ------------------------------------------------------------------------------------------------- core


def _link(node: Any, names: NewNames) -> Found:
    path = re.split("[?#]", node.target, maxsplit=1)[0]
    if path:
        yield at_name(node, path, names.page(path), _opening(node, "[["))


def _opening(node: Node, opening: str) -> str:
    """Return the text before the target of a link or an image: in Markdown it follows the label."""
    source = node.source
    return opening if source.startswith(opening) else source[: source.rfind("](") + 2]


def _camel_case(node: Any, names: NewNames) -> Found:
    new = names.page(node.target)
    if new is None or new == node.target:
        yield at_name(node, node.target, new)
        return
    namespace, colon, name = new.rpartition(":")
    is_same = name == clean_id(node.target, names.situation.rules.id_rules)
    written = f"[[{namespace}{colon}{node.target}]]" if is_same else f"[[{new}|{node.target}]]"
    yield NameChange(node.span.start, node.span.end, written)


def _media(node: Any, names: NewNames) -> Found:
    path = node.target.partition("#")[0]
    if path:
        yield at_name(node, path, names.media(path), _opening(node, "{{"))


# ---------------------------------------------------------------------------------------------- plugins


def _included(node: Include, names: NewNames) -> Found:
    if node.target and node.kind in ("page", "section"):
        yield at_name(node, node.target, names.page(node.target), ">")
    elif node.target and node.kind == "namespace":
        yield at_name(node, node.target, names.namespace(node.target), ">")


def _redirect(node: Redirect, names: NewNames) -> Found:
    path = node.target.partition("#")[0]
    if path and "://" not in node.target:
        yield at_name(node, path, names.page(path), "REDIRECT" if ">" not in node.source else ">")


def _gallery(node: Gallery, names: NewNames) -> Found:
    if not node.target or "://" in node.target:
        return
    media = names.situation.renaming.media
    is_file = media(resolve_media(node.target, "", names.situation.rules)) in media.ids.values()
    yield at_name(node, node.target, (names.media if is_file else names.media_namespace)(node.target), ">")


def _gallery_list(node: GalleryList, names: NewNames) -> Found:
    paths = (line.partition("|")[0].strip(BLANKS) for line in node.images)
    yield from each_name(node, (path for path in paths if path and "://" not in path), names.media, ">")


def _diagram(node: Diagram, names: NewNames) -> Found:
    new = names.media(node.media_target)
    ending = node.media_target.removeprefix(node.target)
    yield at_name(node, node.target, new if new is None else new.removesuffix(ending), ">")


def _index_menu(node: IndexMenu, names: NewNames) -> Found:
    written = (node.namespace, *(opened.partition("#")[0] for opened in node.opened))
    yield from each_name(node, filter(None, written), names.namespace, ">")


def _caption_reference(node: CaptionReference, names: NewNames) -> Found:
    if node.page:
        yield at_name(node, node.page, names.page(node.page), "ref ")


def _topic(node: Topic, names: NewNames) -> Found:
    if node.namespace not in ("", "."):
        yield at_name(node, node.namespace, names.namespace(node.namespace), ">")


def _tag_count(node: TagCount, names: NewNames) -> Found:
    yield from each_name(node, node.namespaces, names.namespace, "&")


_READERS: dict[type, Callable[[Any, NewNames], Found]] = {
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
    data.DataField: field_names,
    DataTemplateEntry: template_names,
    data.DataQuery: query_names,
    DataTemplateList: query_names,
}
