"""Expansions of the plugin *include*: the pages that are shown in another, with their headings at the levels there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dokuwiki_data import ids
from dokuwiki_data.nodes.base import Node, node
from dokuwiki_data.nodes.blocks import Block, Paragraph, Section
from dokuwiki_data.plugins.include import Include
from dokuwiki_data.writers.expansions.expansion import Expand, link_to, pages_below, resolved_id, resolved_namespace
from dokuwiki_data.writers.expansions.tags import pages_of_topic

if TYPE_CHECKING:
    from dokuwiki_data.writers.resolved import ResolvedPage

#: The most pages that a page includes, and that include one another: each could include many others.
MOST_PAGES, DEEPEST = 1000, 20

#: Flags and what they say otherwise than the plugin's settings.
_FLAGS = {
    "noheader": ("noheader", True), "header": ("noheader", False), "showheader": ("noheader", False),
    "firstseconly": ("firstseconly", True), "firstsectiononly": ("firstseconly", True),
    "fullpage": ("firstseconly", False),
    "indent": ("doindent", True), "noindent": ("doindent", False),
    "linkonly": ("linkonly", True), "nolinkonly": ("linkonly", False), "include_content": ("linkonly", False),
    "title": ("title", True), "notitle": ("title", False),
    "rsort": ("rsort", True), "sort": ("rsort", False),
    "readmore": ("readmore", True), "noreadmore": ("readmore", False),
}  # fmt: skip
_DEFAULTS = {"doindent": 1, "readmore": 1}


@node
class IncludedPage(Block):
    """A page, or a part of it, that is shown in another; links in it are seen from ``page_id``."""

    page_id: str
    content: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.content


def _include(node: Include, page: ResolvedPage) -> tuple[Node, ...] | None:
    flags = {name: bool(page.site.settings.number(f"plugin/include/{name}", _DEFAULTS.get(name, 0)))
             for name, _ in _FLAGS.values()}  # fmt: skip
    flags |= dict(_FLAGS[flag] for flag in node.flags if flag in _FLAGS)
    section = ids.anchor(node.section, page.site.links.rules.id_rules) if node.section else ""
    found: list[Node] = []
    for page_id in _page_ids(node, flags["rsort"], page):
        if flags["linkonly"]:
            title = page.site.title_of(page_id) if flags["title"] else None
            found.append(Paragraph((link_to(f"{page_id}#{section}" if section else page_id, title),)))
        elif page_id not in page.including and len(page.including) <= DEEPEST and page.count_included() <= MOST_PAGES:
            included = page.site.page_of(page_id)
            if included is not None:
                content = tuple(_content(included.content, section, flags, page, page_id))
                found.append(IncludedPage(page_id, content))
    return tuple(found) or None


def _page_ids(node: Include, is_reversed: bool, page: ResolvedPage) -> list[str]:
    """Return the ids of the pages that are included, sorted by id."""
    if node.kind == "tagtopic":
        found = [page_id for page_id, _ in pages_of_topic(node.target.split(), "", page)]
    elif node.kind == "namespace":
        namespace = resolved_namespace(node.target, page)
        depth = next((flag[len("depth=") :] for flag in node.flags if flag.startswith("depth=")), "1")
        deepest = int(depth) if depth.isdecimal() and depth.isascii() and len(depth) < 9 else 1
        colons = namespace.count(":") + bool(namespace) + deepest
        found = [page_id for page_id in pages_below(namespace, page) if not deepest or page_id.count(":") < colons]
    else:
        found = [resolved_id(node.target, page).partition("#")[0]]
    return sorted(found, reverse=is_reversed)


def _content(
    content: Sequence[Node], section: str, flags: dict[str, bool], page: ResolvedPage, page_id: str
) -> Iterator[Node]:
    """Iterate over what is shown of a page: sections with their levels below that of the section around."""
    nodes = list(content)
    if section:
        nodes = _section(nodes, section, page)
    if flags["firstseconly"]:
        first = next((at for at, one in enumerate(nodes) if isinstance(one, Section)), len(nodes))
        rest = nodes[first + 1 :]
        nodes = nodes[: first + 1]
        if rest and flags["readmore"]:
            nodes.append(Paragraph((link_to(page_id, page.site.words["read-more"]),)))
    levels = [one.heading.level for one in nodes if isinstance(one, Section)]
    more = page.level + 1 - min(levels, default=1) - flags["noheader"] if flags["doindent"] else 0
    is_first = True
    for one in nodes:
        if not isinstance(one, Section):
            yield one
        elif is_first and flags["noheader"]:
            is_first = False
            yield from one.content
        else:
            heading = one.heading.with_changes(level=min(max(one.heading.level + more, 1), 5))
            yield one.with_changes(heading=heading)


def _section(nodes: list[Node], anchor: str, page: ResolvedPage) -> list[Node]:
    """Return a section by the anchor of its heading, and those below it."""
    sections = [one for one in nodes if isinstance(one, Section)]
    rules = page.site.links.rules.id_rules
    first = next((at for at, one in enumerate(sections) if ids.anchor(one.heading.title, rules) == anchor), None)
    if first is None:
        return []
    level = sections[first].heading.level
    behind = next(
        (at for at, one in enumerate(sections[first + 1 :], first + 1) if one.heading.level <= level), len(sections)
    )
    return list(sections[first:behind])


EXPANSIONS: dict[type, Expand] = {Include: _include}
