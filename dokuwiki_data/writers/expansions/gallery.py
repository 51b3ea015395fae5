"""Expansions of the plugin *gallery*: the images of a namespace, or of a list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dokuwiki_data.ids import namespace_of
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.inline import InternalMedia
from dokuwiki_data.plugins.gallery import Gallery, GalleryList, GalleryOptions
from dokuwiki_data.wiki.links import resolve_media
from dokuwiki_data.writers.expansions.expansion import Expand

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

_IMAGE = re.compile(r"\.(?:jpe?g|gif|png|svg|webp)$", re.IGNORECASE)


def _gallery(node: Gallery, page: ResolvedPage) -> tuple[Node, ...] | None:
    media = page.site.links.media or ()
    namespace = resolve_media(node.target.rstrip(":") + ":x", page.base, page.site.links.rules).rpartition(":")[0]
    single = resolve_media(node.target, page.base, page.site.links.rules)
    if single in media:
        found = [single]
    else:
        recursive = "recursive" in node.options.switches
        found = [one for one in media if _is_below(one, namespace, recursive) and _fits(one, node.options.filter)]
    return _images([(one, "") for one in sorted(found, key=_name) if _IMAGE.search(one)], node.options, page)


def _list(node: GalleryList, page: ResolvedPage) -> tuple[Node, ...] | None:
    found = []
    for line in node.images:
        image, _, title = line.partition(" ")
        media_id = resolve_media(image, page.base, page.site.links.rules)
        known = page.site.links.media
        if _IMAGE.search(media_id) and (known is None or media_id in known):
            found.append((media_id, title.partition("|")[0].strip()))
    return _images(found, node.options, page)


def _images(found: list[tuple[str, str]], options: GalleryOptions, page: ResolvedPage) -> tuple[Node, ...] | None:
    if options.order == "title":
        found.sort(key=lambda pair: _image_title(pair[0], pair[1], page).lower())
    if "reverse" in options.switches:
        found.reverse()
    found = found[options.offset or 0 :]
    found = found[: options.limit] if options.limit else found
    width = str((options.thumbnail_size or (150, 150))[0])
    return tuple(InternalMedia(f":{one}", _image_title(one, title, page), width=width, linking="direct")
                 for one, title in found) or None  # fmt: skip


def _image_title(media_id: str, title: str, page: ResolvedPage) -> str:
    """Return the title of an image: one that is given, that in its metadata, or one made of its name."""
    name = _name(media_id).rpartition(".")[0].replace("_", " ")
    return title or page.site.image_title(media_id) or " ".join(word[:1].upper() + word[1:] for word in name.split(" "))


def _name(media_id: str) -> str:
    return media_id.rpartition(":")[2]


def _is_below(media_id: str, namespace: str, recursive: bool) -> bool:
    if not recursive:
        return namespace_of(media_id) == namespace
    return not namespace or media_id.startswith(f"{namespace}:")


def _fits(media_id: str, pattern: str | None) -> bool:
    """Whether the name of a file fits a pattern with ``*``: its parts stand in the name one behind the other."""
    if not pattern:
        return True
    first, *parts = pattern.split("*")
    name, at = _name(media_id), len(first)
    last = parts.pop() if parts else ""
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    for part in parts:
        at = name.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return at <= len(name) - len(last)


EXPANSIONS: dict[type, Expand] = {Gallery: _gallery, GalleryList: _list}
