"""A resolved page: where its links lead, which anchors its headings have, how its notes are numbered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from dokuwiki_data import ids
from dokuwiki_data.nodes import blocks, inline
from dokuwiki_data.nodes.base import Node
from dokuwiki_data.nodes.data import DataEntry, DataQuery
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.php import BLANKS
from dokuwiki_data.plugins.datatemplate import DataTemplateEntry, DataTemplateList
from dokuwiki_data.plugins.discussion import Discussion
from dokuwiki_data.plugins.tag import Tags
from dokuwiki_data.wiki.link_targets import LinkTarget, resolve_node
from dokuwiki_data.wiki.links import LinkRules
from dokuwiki_data.writers.data_output import ShownEntry, ShownResult, ShownValue, shown_entry, shown_result
from dokuwiki_data.writers.expansions import EXPANSIONS
from dokuwiki_data.writers.expansions.captions import numbered_captions
from dokuwiki_data.writers.expansions.expansion import Expand
from dokuwiki_data.writers.expansions.inclusion import IncludedPage
from dokuwiki_data.writers.site import NO_SITE, Site

#: What kind of file a name ends with, as far as DokuWiki shows files of this kind.
_SHOWN_AS = {
    **dict.fromkeys(("jpg", "jpeg", "gif", "png", "webp", "ico", "svg"), "image"),
    **dict.fromkeys(("webm", "ogv", "mp4"), "video"),
    **dict.fromkeys(("mp3", "ogg", "wav"), "audio"),
}
_INTERWIKI = re.compile(r"([a-zA-Z0-9.]+)>(.*)", re.DOTALL)
#: What browsers ignore in the scheme of an address, or at its beginning.
_IGNORED = r"[\x00-\x20\x7f-\xa0]*"
#: Schemes that run what stands behind them.
_UNSAFE_SCHEMES = re.compile(
    "|".join(_IGNORED + _IGNORED.join(f"{scheme}:") for scheme in ("javascript", "vbscript", "data")), re.IGNORECASE
)
_WHOLE = re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE)


class ResolvedMedia(NamedTuple):
    """Where an image or file is, and how it is shown.

    Attributes:
        target: The kind, id or address of the file, and whether it exists; see `LinkTarget`.
        shown_as: ``image``, ``video``, ``audio`` or ``file``, which is shown as a link.
        name: The name of the file, without namespace or folder.
        extension: What stands behind the last dot of the name, in small letters.
        caption: The title as it was written, or that of a JPEG file; None without one.
        is_link: Whether it leads to the file itself, or to details of it.
        problem: The kind of loss that explains why nothing can be shown, see `dokuwiki_data.writers.losses.KINDS`.
    """

    target: LinkTarget
    shown_as: str
    name: str
    extension: str
    caption: str | None
    is_link: bool
    problem: str = ""

    @property
    def shown_name(self) -> str:
        """The text that is shown for a file: its caption, or else its name."""
        return self.name if self.caption in (None, "", "0") else self.caption or ""


class ResolvedLink(NamedTuple):
    """Where a link leads, and what is shown for it.

    Attributes:
        target: The kind, id or address, anchor, and whether it exists; see `LinkTarget`. Its anchor is that of a
            heading. The address is None if the link leads nowhere.
        label: The text that is shown, as DokuWiki chooses it; empty if that is an image.
        image: The image that is shown in place of a text.
        query: What stands behind the ``?`` of a link to a page.
        problem: The kind of loss that explains why the link leads nowhere, see `dokuwiki_data.writers.losses.KINDS`.
        is_dead: Whether the page is known not to have the anchor.
    """

    target: LinkTarget
    label: str
    image: inline.Media | None = None
    query: str = ""
    problem: str = ""
    is_dead: bool = False


class ResolvedNote(NamedTuple):
    """A note below the page: its content, and the numbers that refer to it."""

    content: tuple[Node, ...]
    numbers: list[int]


class ResolvedPage:
    """A page and what its nodes mean in their wiki.

    Attributes:
        page: The page.
        site: What is known of its wiki.
        page_id: The id of the page that it is shown on.
        headings: The headings with their anchors, in order; empty headings are not shown and are not among them.
        notes: The notes in order. Equal notes are one.
        base: While the page is resolved, the page that relative links start from where it is resolved.
        level: Likewise, the level of the section there; 0 before the first.
        including: Likewise, the pages that are included there, one in another, from the page itself on.
    """

    def __init__(self, page: Page, site: Site = NO_SITE, page_id: str | None = None) -> None:
        """Resolve all of a page.

        Args:
            page: The page; it must not be changed into another while this is used.
            site: What is known of its wiki.
            page_id: The id of the page that it is shown on, if that is another one.
        """
        self.page = page
        self.site = site
        self.page_id = page.page_id if page_id is None else page_id
        self.headings: list[tuple[blocks.Heading, str]] = []
        self.notes: list[ResolvedNote] = []
        self._links: dict[int, ResolvedLink] = {}
        self._media: dict[int, ResolvedMedia] = {}
        self._anchors: dict[int, str] = {}
        self._numbers: dict[int, int] = {}
        self._results: dict[int, ShownResult | None] = {}
        self._entries: dict[int, ShownEntry] = {}
        self._by_content: dict[tuple[Node, ...], ResolvedNote] = {}
        self._heading_anchors = ids.HeadingAnchors(site.links.rules.id_rules)
        self._expanded: dict[int, tuple[Node, ...] | None] = {}
        self.base = page.page_id
        self.level = 0
        self.including = [self.page_id]
        self._number_included = 0
        self._fills_template = False
        self._captions: dict[str, Mapping[tuple[str, str], str]] = {}
        self._resolve(page, page.page_id)

    def link(self, node: inline.Link) -> ResolvedLink:
        """Return where a link of the page leads."""
        return self._links[id(node)]

    def media(self, node: inline.Media) -> ResolvedMedia:
        """Return where an image or file of the page is."""
        return self._media[id(node)]

    def anchor(self, heading: blocks.Heading) -> str:
        """Return the anchor of a heading; empty for a heading without text, which is not shown."""
        return self._anchors.get(id(heading), "")

    def number(self, footnote: inline.Footnote) -> int:
        """Return the number of a footnote."""
        return self._numbers[id(footnote)]

    def note(self, footnote: inline.Footnote) -> ResolvedNote:
        """Return the note of a footnote, which equal footnotes share."""
        return self._by_content[footnote.content]

    def result(self, query: DataQuery) -> ShownResult | None:
        """Return what a query shows; None if it could not be answered."""
        return self._results[id(query)]

    def entry(self, entry: DataEntry) -> ShownEntry:
        """Return what an entry shows."""
        return self._entries[id(entry)]

    def expanded(self, node: Node) -> tuple[Node, ...] | None:
        """Return the nodes that stand for markup of a plugin, such as a list of pages; None if there are none."""
        return self._expanded.get(id(node))

    @property
    def linked_anchors(self) -> frozenset[str]:
        """The anchors of the page to which its own links lead."""
        targets = (link.target for link in self._links.values())
        return frozenset(
            target.anchor
            for target in targets
            if target.anchor and target.kind == "page" and target.target == self.page_id
        )

    @property
    def linked_pages(self) -> tuple[str, ...]:
        """The ids of the pages to which the page's links lead, in their order; each once."""
        targets = (link.target for link in self._links.values())
        return tuple(dict.fromkeys(target.target for target in targets if target.kind == "page" and target.target))

    def captions(self, page_id: str) -> Mapping[tuple[str, str], str]:
        """Return the numbers of the captions of a page of the wiki, by kind and name."""
        if page_id not in self._captions:
            page = self.page if page_id == self.page.page_id else self.site.page_of(page_id)
            self._captions[page_id] = numbered_captions(page)
        return self._captions[page_id]

    def count_included(self) -> int:
        """Count one more included page, and return how many there are."""
        self._number_included += 1
        return self._number_included

    def _resolve(self, top: Node, page_id: str) -> None:
        """Resolve a node and all that is below it, whose relative links start from a page."""
        around, self.base = self.base, page_id
        waiting = [top]
        while waiting:
            node = waiting.pop()
            kind = node.__class__
            if kind is inline.Text:  # half of all nodes, in which there is nothing to resolve
                continue
            resolve, children_of = _RESOLVER_OF.get(kind) or _resolver(kind)
            if resolve is not None:
                resolve(self, node)
            children = children_of(node) if children_of is not None else None
            if children:
                if len(children) != 1:
                    waiting += children[::-1]
                elif children[0].__class__ is not inline.Text:  # most cells and paragraphs hold a text alone
                    waiting.append(children[0])
        self.base = around

    def resolve_values(self, values: Iterable[ShownValue]) -> None:
        """Resolve values of the data plugin that the page shows."""
        for nodes, page_id in values:
            for node in nodes:
                if node.__class__ is not inline.Text:  # most values are text, in which there is nothing to resolve
                    self._resolve(node, page_id)

    def _resolve_section(self, node: blocks.Section) -> None:
        self.level = node.heading.level

    def _resolve_expansion(self, node: Node) -> None:
        is_included = len(self.including) > 1
        expanded = () if is_included and isinstance(node, NOT_INCLUDED) else _expand(node)(node, self)
        self._expanded[id(node)] = expanded
        level = self.level
        for one in expanded or ():
            self.level = level
            if isinstance(one, IncludedPage):
                self.including.append(one.page_id)
                for child in one.content:
                    self._resolve(child, one.page_id)
                self.including.pop()
            else:
                self._resolve(one, self.base)
        self.level = level

    def _resolve_template(self, node: DataTemplateEntry | DataTemplateList) -> None:
        """Resolve what a template shows of an entry or a query; without the template, what the data plugin shows."""
        if isinstance(node, DataTemplateList):
            self._resolve_query(node)
        # A template in a template could name the one around it.
        if not self._fills_template:
            self._fills_template = True
            self._resolve_expansion(node)
            self._fills_template = False
        if self.expanded(node) is None and isinstance(node, DataTemplateEntry):
            self._resolve_entry(node)

    # ------------------------------------------------------------------------------------------ one node each

    def _resolve_heading(self, node: blocks.Heading) -> None:
        if not node.title.strip(BLANKS):
            return
        anchor = self._anchors[id(node)] = self._heading_anchors.add(node.title)
        self.headings.append((node, anchor))

    def _resolve_table(self, node: blocks.Table) -> None:
        self._heading_anchors.add_table()

    def _resolve_footnote(self, node: inline.Footnote) -> None:
        note = self._by_content.get(node.content)
        if note is None:
            note = self._by_content[node.content] = ResolvedNote(node.content, [])
            self.notes.append(note)
        number = len(self._numbers) + 1
        note.numbers.append(number)
        self._numbers[id(node)] = number

    def _resolve_query(self, node: DataQuery) -> None:
        result = self.site.answer(node, self.page_id)
        shown = None if result is None else shown_result(node, result, self.page_id, self.site)
        self._results[id(node)] = shown
        if shown is not None:
            shown.by_cell(self.resolve_values)

    def _resolve_entry(self, node: DataEntry) -> None:
        if len(self.including) > 1:  # the plugin include leaves entries out
            self._entries[id(node)] = ShownEntry(())
            return
        shown = self._entries[id(node)] = shown_entry(node, self.page_id, self.site)
        for field in shown.fields:
            self.resolve_values(field.values)

    def _resolve_media(self, node: inline.Media) -> None:
        target, problem, written = *self._media_target(node), node.title
        path = target.target or ""
        name = (path.replace(":", "/") if target.kind == "media" else path).rpartition("/")[2]
        extension = path.rpartition(".")[2].lower() if "." in path else ""
        shown_as = _SHOWN_AS.get(extension, "file")
        if written is None and extension in ("jpg", "jpeg") and target.kind == "media" and target.target:
            written = self.site.image_title(target.target) or None
        if target.target is None and not written and "#" not in node.target:
            written = node.target.partition(">")[2]
        if node.linking == "linkonly":
            shown_as = "file"
        is_link = node.linking != "nolink" and shown_as not in ("video", "audio") and bool(path)
        self._media[id(node)] = ResolvedMedia(target, shown_as, name, extension, written, is_link, problem)

    def _media_target(self, node: inline.Media) -> tuple[LinkTarget, str]:
        """Return where a file is, and the kind of loss if it is nowhere."""
        if isinstance(node, inline.InternalMedia):
            found = resolve_node(node, self.base, self.site.links)
            return found, "missing-media" if found.exists is False else ""
        target, _, anchor = node.target.partition("#")
        written = _INTERWIKI.match(node.target)
        if written is None:
            is_there = bool(target) and is_safe(target)
            return LinkTarget("external-media", target or None, anchor or None), "" if is_there else "unsafe-address"
        link = inline.InterwikiLink(node.target, None, written[1], written[2])
        kind, address, anchor_of_link, exists = resolve_node(link, self.base, self.site.links)
        problem = "unknown-interwiki" if address is None else "" if is_safe(address) else "unsafe-address"
        if kind == "page":
            return LinkTarget(kind, address, anchor_of_link, exists), "missing-page" if exists is False else ""
        return LinkTarget("external-media", None if problem else address, anchor_of_link, exists), problem

    def _resolve_link(self, node: inline.Link) -> None:
        site = self.site
        target = resolve_node(node, self.base, site.links)
        kind, address, anchor, exists = target
        label = node.label if isinstance(node.label, str) else ""
        image = node.label if isinstance(node.label, inline.Media) else None
        problem = query = ""
        is_dead = False
        # With an anchor, DokuWiki finds no title of the page.
        has_title = site.use_heading and kind == "page" and not anchor
        if kind == "page":
            target = LinkTarget(kind, address, link_anchor(node, target, site.links.rules), exists)
            query = _query(node).partition("#")[0]
            if exists is False and not isinstance(node, inline.LocalLink):
                problem = "tag" if query.startswith("do=showtag") else "missing-page"
            is_dead = target.anchor is not None and self._is_dead(node, target)
        elif kind == "external":
            scheme = node.target.partition("://")[0].lower()
            if scheme not in site.schemes or not is_safe(node.target):
                problem = "unsafe-address"
        elif kind == "interwiki":
            if address is None:
                problem = "unknown-interwiki"
            elif not is_safe(address):
                problem = "unsafe-address"
        if problem == "unsafe-address":
            target = LinkTarget(kind, None, anchor, exists)
        if image is None and not label.strip(BLANKS) and not query.startswith("dataflt"):
            label = self._default_label(node, target.target if has_title else None)
        self._links[id(node)] = ResolvedLink(target, label, image, query, problem, is_dead)

    def _is_dead(self, node: inline.Link, target: LinkTarget) -> bool:
        """Return whether a link leads to an anchor that its page is known not to have."""
        page_id = self.page_id if isinstance(node, inline.LocalLink) else target.target
        anchors = self.site.anchors_of(page_id or "") if target.anchor else None
        return anchors is not None and target.anchor not in anchors

    def _default_label(self, node: inline.Link, titled: str | None) -> str:
        """Return what is shown for a link without a label: the title of the page ``titled``, if that is given."""
        if isinstance(node, inline.InterwikiLink):
            return node.reference
        if isinstance(node, inline.CamelCaseLink) or not isinstance(node, inline.InternalLink):
            return node.target
        title = self.site.title_of(titled) if titled else None
        if title and title.strip(BLANKS):
            return title
        written = node.target.partition("?")[0] or self.page_id
        return _simple_title(written, self.site.links.rules)


def _simple_title(written: str, rules: LinkRules) -> str:
    """Return what DokuWiki shows for the target of a link: its anchor, or else its last name, as written.

    Of the start page of a namespace it is the name of that, and of the namespace of all pages that of the start page.
    """
    name, _, anchor = written.lstrip("~").partition("#")
    if anchor not in ("", "0"):
        return anchor
    name = name.replace(";", ":")
    name = name.replace("/", ":") if rules.id_rules.use_slash else name
    namespace, _, last = name.rpartition(":")
    if last in ("", rules.start_page):
        return namespace.rpartition(":")[2] or rules.start_page
    return last


#: Links in which a ``?`` begins no query.
_WITHOUT_QUERY = (inline.LocalLink, inline.InterwikiLink)


def _query(node: inline.Link) -> str:
    """Return what stands behind the ``?`` of a link to a page."""
    return "" if isinstance(node, _WITHOUT_QUERY) else node.target.partition("?")[2]


def link_anchor(node: inline.Link, target: LinkTarget, rules: LinkRules) -> str | None:
    """Return the anchor that a link to a page leads to; None if it leads to the page."""
    if isinstance(node, inline.InterwikiLink):
        return target.anchor
    if isinstance(node, inline.LocalLink):
        return ids.anchor(node.target, rules.id_rules)
    # An anchor behind the query is none to DokuWiki, but to browsers.
    behind = _query(node).partition("#")[2]
    return behind or (ids.anchor(target.anchor, rules.id_rules) if target.anchor else None)


def is_safe(address: str) -> bool:
    """Return whether an address runs no program in a browser, which ignores control characters in it."""
    return _UNSAFE_SCHEMES.match(address) is None


def is_whole(address: str) -> bool:
    """Return whether an address names its host and runs no program, so that a link to it leads out of any page."""
    return is_safe(address) and _WHOLE.match(address) is not None


#: What is not shown of an included page.
NOT_INCLUDED = (Tags, Discussion)

#: Markup of the plugin datatemplate.
_TEMPLATES = (DataTemplateEntry, DataTemplateList)

_RESOLVERS: dict[type[Node], Callable[[ResolvedPage, Any], None]] = {
    **dict.fromkeys(_TEMPLATES, ResolvedPage._resolve_template),
    inline.Link: ResolvedPage._resolve_link,
    inline.Media: ResolvedPage._resolve_media,
    blocks.Heading: ResolvedPage._resolve_heading,
    blocks.Table: ResolvedPage._resolve_table,
    inline.Footnote: ResolvedPage._resolve_footnote,
    DataEntry: ResolvedPage._resolve_entry,
    DataQuery: ResolvedPage._resolve_query,
    blocks.Section: ResolvedPage._resolve_section,
    **dict.fromkeys((kind for kind in EXPANSIONS if kind not in _TEMPLATES), ResolvedPage._resolve_expansion),
}


def _expand(node: Node) -> Expand:
    return next(EXPANSIONS[kind] for kind in type(node).__mro__ if kind in EXPANSIONS)


#: What resolves a node, and what returns its children or None; each is None where there is nothing of it.
_Resolver = tuple[Callable[[ResolvedPage, Any], None] | None, Callable[[Any], tuple[Node, ...] | None] | None]
_RESOLVER_OF: dict[type[Node], _Resolver] = {}  # by class, as far as it was met

#: Properties whose nodes are made when they are read. Those that are not made yet are text, in which there is nothing.
_CHILDREN_IF_MADE: dict[Any, Callable[[Any], tuple[Node, ...] | None]] = {
    blocks.TableRow.children: vars(blocks.TableRow)["cells"].given,
    blocks.TableCell.children: vars(blocks.TableCell)["content"].given,
    inline.Formatting.children: vars(inline.Formatting)["content"].given,
}


def _resolver(kind: type[Node]) -> _Resolver:
    found = next((resolve for known, resolve in _RESOLVERS.items() if issubclass(kind, known)), None)
    has_children = kind.children is not Node.children
    children_of = _CHILDREN_IF_MADE.get(kind.children, attrgetter("children")) if has_children else None
    _RESOLVER_OF[kind] = found, children_of
    return _RESOLVER_OF[kind]
