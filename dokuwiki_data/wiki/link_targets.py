"""Resolve the links, images and files of a page: to ids with their existence, or to addresses outside of the wiki."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.render.characters import percent_encoded
from dokuwiki_data.wiki.links import DEFAULT_LINK_RULES, LinkRules, resolve_media, resolve_page

#: The characters that DokuWiki escapes in a name within an interwiki URL.
_UNSAFE_IN_NAME = frozenset("[\\]^`{|}#%")


#: No interwiki shortcut.
NO_SHORTCUTS: Mapping[str, str] = {}


class LinkContext(NamedTuple):
    """What is needed to resolve the links of a page.

    Attributes:
        rules: The settings for links.
        interwiki: The URL for each interwiki shortcut.
        pages: The ids of all pages; None if they are unknown.
        media: The ids of all media files; None if they are unknown.
    """

    rules: LinkRules = DEFAULT_LINK_RULES
    interwiki: Mapping[str, str] = NO_SHORTCUTS
    pages: Collection[str] | None = None
    media: Collection[str] | None = None


#: Kind, target and anchor of a link, and whether the target exists (None if that is unknown).
Destination = tuple[str, str | None, str | None, bool | None]


class LinkTarget(NamedTuple):
    """The target of a link, an image or a file.

    Attributes:
        kind: One of the kinds in `link_records`.
        target: The id of a page or media file, or an address.
        anchor: The part of the target; None if the whole target is meant.
        exists: Whether the target exists; None if that is unknown, as it is outside of the wiki.
    """

    kind: str
    target: str | None
    anchor: str | None = None
    exists: bool | None = None

    @property
    def id(self) -> str | None:
        """The id of the page or media file; None outside of the wiki."""
        return self.target if self.kind in ("page", "media") else None

    @property
    def address(self) -> str | None:
        """The address outside of the wiki; None for pages and media files."""
        return None if self.kind in ("page", "media") else self.target


def resolve_node(node: inline.Link | inline.Media, page_id: str, context: LinkContext) -> LinkTarget:
    """Return the target of a link or media node on the page ``page_id``."""
    return LinkTarget(*_DESTINATIONS.get(type(node), _other)(node, page_id, context))


def link_records(page: Page, context: LinkContext) -> list[dict[str, Any]]:
    """Return all links, images and files of a page for its record, in the order of the text.

    The ``kind`` is ``page``, ``media``, ``interwiki``, ``external``, ``external-media``, ``email``, ``share``, or
    ``other`` for a link that a plugin defines.
    """
    found = []
    for node in page.find_all(inline.Link, inline.Media):
        assert isinstance(node, inline.Link | inline.Media)
        kind, target, anchor, exists = resolve_node(node, page.page_id, context)
        found.append(
            {
                "kind": kind,
                "target": target,
                "anchor": anchor,
                "exists": exists,
                "label": _label(node),
                "written": node.target,
                "span": list(node.span),
            }
        )
    return found


def _label(node: inline.Link | inline.Media) -> str | None:
    shown = node.title if isinstance(node, inline.Media) else node.label
    return shown.title if isinstance(shown, inline.Media) else shown


def _page(target: str, page_id: str, context: LinkContext) -> Destination:
    pages = context.pages
    found = resolve_page(target, page_id, context.rules, pages.__contains__ if pages is not None else lambda _: False)
    found, _, anchor = found.partition("#")
    return "page", found, anchor or None, None if pages is None else found in pages


def _internal(node: Any, page_id: str, context: LinkContext) -> Destination:
    return _page(node.target.partition("?")[0], page_id, context)


def _local(node: Any, page_id: str, context: LinkContext) -> Destination:
    return _page(f"#{node.target}", page_id, context)


def _media(node: Any, page_id: str, context: LinkContext) -> Destination:
    target, _, anchor = node.target.partition("#")
    found = resolve_media(target, page_id, context.rules)
    return "media", found, anchor or None, None if context.media is None else found in context.media


def _interwiki(node: Any, page_id: str, context: LinkContext) -> Destination:
    address = context.interwiki.get(node.wiki)
    if address is None:
        address = context.interwiki.get("default")
    if address is None:
        return "interwiki", None, None, None
    reference, hash_, anchor = node.reference.rpartition("#")
    if not hash_:
        reference, anchor = anchor, ""
    target = _interwiki_address(address, reference)
    if target.startswith(":"):  # a shortcut to a page of this wiki
        found = clean_id(target.partition("?")[0], context.rules.id_rules)
        return "page", found, anchor or None, None if context.pages is None else found in context.pages
    return "interwiki", target, anchor or None, None


def _interwiki_address(address: str, reference: str) -> str:
    """Fill the placeholders of an interwiki URL with a reference; without placeholders, append it."""
    if not any(f"{{{name}}}" in address for name in ("URL", "NAME", *_PLACEHOLDERS)):
        return address + percent_encoded(reference, safe="")
    is_page = address.startswith(":")
    name = "".join(quote(one) if one in _UNSAFE_IN_NAME and not is_page else one for one in reference)
    address = address.replace("{URL}", percent_encoded(reference, safe="")).replace("{NAME}", name)
    if any(f"{{{piece}}}" in address for piece in _PLACEHOLDERS):
        try:
            parsed = urlsplit(reference)
            pieces = [parsed.scheme, parsed.hostname or "", str(parsed.port or 80), parsed.path, parsed.query]
        except ValueError:  # not a URL
            pieces = ["", "", "80", reference, ""]
        for piece, value in zip(_PLACEHOLDERS, pieces, strict=True):
            address = address.replace(f"{{{piece}}}", value)
    return address


_PLACEHOLDERS = ("SCHEME", "HOST", "PORT", "PATH", "QUERY")


def _unresolved(kind: str) -> Callable[[Any, str, LinkContext], Destination]:
    return lambda node, page_id, context: (kind, node.target, None, None)


_other = _unresolved("other")
_DESTINATIONS: dict[type, Callable[[Any, str, LinkContext], Destination]] = {
    inline.InternalLink: _internal,
    inline.CamelCaseLink: _internal,
    inline.LocalLink: _local,
    inline.InterwikiLink: _interwiki,
    inline.ExternalLink: _unresolved("external"),
    inline.EmailLink: _unresolved("email"),
    inline.WindowsShareLink: _unresolved("share"),
    inline.InternalMedia: _media,
    inline.ExternalMedia: _unresolved("external-media"),
}
