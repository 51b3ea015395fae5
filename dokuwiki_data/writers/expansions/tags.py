"""Expansions of the plugin *tag*: tags as links, and lists of the pages that have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

from dokuwiki_data.ids import clean_id, namespace_of
from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.plugins.tag import TagCount, TagPage, Tags, Topic
from dokuwiki_data.render.characters import percent_encoded
from dokuwiki_data.wiki.links import resolve_page
from dokuwiki_data.writers.expansions.expansion import Expand, link_to, list_of, resolved_namespace, table_of

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage


def tag_link(tag: str, page: ResolvedPage, title: str = "") -> Node:
    """Return the link of a tag: to the page of its name in the namespace of tags."""
    site = page.site
    namespace = site.settings.text("plugin/tag/namespace", "tag")
    page_id = resolve_page(tag, f"{namespace}:x", site.links.rules).partition("#")[0]
    heading = site.title_of(page_id) if site.use_heading else None
    label = title or heading or tag.rpartition(":")[2].replace("_", " ")
    written = percent_encoded(tag, safe="").replace("%20", "+")
    return inline.InternalLink(f":{page_id}?do=showtag&tag={written}", label)


def _tags(node: Tags, page: ResolvedPage) -> tuple[Node, ...]:
    return tuple(tag_link(tag, page) for tag in node.tags)


def _tag_page(node: TagPage, page: ResolvedPage) -> tuple[Node, ...]:
    return (tag_link(node.tag, page, node.title),)


def _topic(node: Topic, page: ResolvedPage) -> tuple[Node, ...] | None:
    namespace = "" if node.namespace == "" else resolved_namespace(node.namespace, page)
    found = pages_of_topic(node.tags, namespace, page)
    return (list_of([link_to(page_id, title)] for page_id, title in found),) if found else None


def pages_of_topic(asked: Collection[str], namespace: str, page: ResolvedPage) -> list[tuple[str, str]]:
    """Return the ids and titles of the pages that have tags, sorted by title.

    Of the tags asked for, one has to be there, all with a ``+`` in front, and none with a ``-``.
    """
    site, prefix = page.site, f"{namespace}:" if namespace else ""
    wanted = {clean_id(tag) for tag in asked if not tag.startswith(("+", "-"))}
    required = {clean_id(tag[1:]) for tag in asked if tag.startswith("+")}
    refused = {clean_id(tag[1:]) for tag in asked if tag.startswith("-")}
    found = []
    for page_id, tags in site.tags_of_pages().items():
        tags_here = set(map(clean_id, tags))
        matches = (wanted & tags_here or not wanted) and required <= tags_here and not refused & tags_here
        if matches and page_id.startswith(prefix):
            found.append((page_id, site.title_of(page_id) or page_id))
    return sorted(found, key=lambda pair: (pair[1].lower(), pair[0]))


def _count(node: TagCount, page: ResolvedPage) -> tuple[Node, ...]:
    counts: Counter[str] = Counter()
    asked = set(map(clean_id, node.tags))
    namespaces = set(node.namespaces)
    for page_id, tags in page.site.tags_of_pages().items():
        if not namespaces or namespace_of(page_id) in namespaces:
            counts.update(set(map(clean_id, tags)) if "+" in node.tags else set(map(clean_id, tags)) & asked)
    words = page.site.words
    # Frequent ones first; of equally frequent ones the first met.
    rows = [(tag_link(tag, page), inline.Text(str(count))) for tag, count in counts.most_common()]
    return (table_of((words["tag"], words["count"]), rows),)


EXPANSIONS: dict[type, Expand] = {Tags: _tags, TagPage: _tag_page, Topic: _topic, TagCount: _count}
