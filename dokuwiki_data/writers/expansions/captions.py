"""Expansions of the plugin *imagereference*: the numbers of captions, and links to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.plugins.imgcaption import CaptionReference, ImageCaption, TableCaption
from dokuwiki_data.writers.expansions.expansion import Expand, resolved_id

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

_KINDS: dict[str, type[ImageCaption | TableCaption]] = {"img": ImageCaption, "tab": TableCaption}

#: What the plugin shows for the number of a caption that is not there.
_UNKNOWN = "##"


def caption_number(name: str, kind: str, page: Page | None) -> str:
    """Return the number of a caption (``img`` or ``tab``) on a page: the first of its name, counted from one."""
    captions = [] if page is None else list(page.find_all(_KINDS[kind]))
    return next((str(number) for number, one in enumerate(captions, 1) if one.name == name), _UNKNOWN)


def caption_anchor(name: str, kind: str) -> str:
    """Return the anchor of a caption."""
    return f"{kind}_{clean_id(name)}"


def _reference(node: CaptionReference, page: ResolvedPage) -> tuple[Node, ...]:
    page_id = page.base if node.page is None else resolved_id(node.page, page)
    shown = page.page if page_id == page.page.page_id else page.site.page_of(page_id)
    number = caption_number(node.name, node.kind, shown)
    label = f"{page.site.words[f'{node.kind}-reference']}\xa0{number}"
    anchor = caption_anchor(node.name, node.kind)
    if node.page is None:
        return (inline.LocalLink(anchor, label),)
    return (inline.InternalLink(f":{page_id}#{anchor}", label),)


EXPANSIONS: dict[type, Expand] = {CaptionReference: _reference}
