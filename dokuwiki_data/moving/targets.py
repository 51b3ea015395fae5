"""Check a rewritten page: every link and image in it must lead to where it led, under the new names."""

from __future__ import annotations

from collections.abc import Iterator

from dokuwiki_data.moving.names import Situation
from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.wiki.links import PageExists, resolve_media, resolve_page


def same_targets(before: Page, after: Page, situation: Situation) -> bool:
    """Return whether the links and media of a page lead to the same targets before and after a move.

    Args:
        before: The page with its old id.
        after: The page with its new id.
        situation: What is moved, and what it depends on.
    """
    return [*_renamed(before, situation)] == [*_targets(after, situation, situation.exists_after)]


def _renamed(page: Page, situation: Situation) -> Iterator[tuple[str, str]]:
    for kind, target in _targets(page, situation, situation.exists_before):
        target, hash_, anchor = target.partition("#")
        renamed = situation.renaming.pages if kind == "page" else situation.renaming.media
        yield kind, f"{renamed(target)}{hash_}{anchor}"


def _targets(page: Page, situation: Situation, exists: PageExists) -> Iterator[tuple[str, str]]:
    rules = situation.rules
    for node in page.find_all(inline.InternalLink, inline.CamelCaseLink, inline.InternalMedia):
        if isinstance(node, inline.InternalMedia):
            yield "media", resolve_media(node.target.partition("#")[0], page.page_id, rules)
        elif isinstance(node, inline.Link):
            yield "page", resolve_page(node.target.partition("?")[0], page.page_id, rules, exists)
