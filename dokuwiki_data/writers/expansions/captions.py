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


def numbered_captions(page: Page | None) -> dict[tuple[str, str], str]:
    """Return the numbers of the captions of a page by kind (``img`` or ``tab``) and name.

    Each kind is counted from one, and the first caption of a name counts.
    """
    numbers: dict[tuple[str, str], str] = {}
    for kind, captions in _KINDS.items():
        for number, node in enumerate(() if page is None else page.find_all(captions), 1):
            numbers.setdefault((kind, node.name), str(number))
    return numbers


def caption_text(node: ImageCaption | TableCaption, kind: str, page: ResolvedPage) -> str:
    """Return the text of a caption, with its number."""
    number = page.captions(page.page.page_id).get((kind, node.name), _UNKNOWN)
    return f"{page.site.words[f'{kind}-caption']} {number}{f': {node.caption}' if node.caption else ''}"


def caption_anchor(name: str, kind: str) -> str:
    """Return the anchor of a caption."""
    return f"{kind}_{clean_id(name)}"


def _reference(node: CaptionReference, page: ResolvedPage) -> tuple[Node, ...]:
    page_id = page.base if node.page is None else resolved_id(node.page, page)
    number = page.captions(page_id).get((node.kind, node.name), _UNKNOWN)
    label = f"{page.site.words[f'{node.kind}-reference']}\xa0{number}"
    anchor = caption_anchor(node.name, node.kind)
    if node.page is None:
        return (inline.LocalLink(anchor, label),)
    return (inline.InternalLink(f":{page_id}#{anchor}", label),)


EXPANSIONS: dict[type, Expand] = {CaptionReference: _reference}
