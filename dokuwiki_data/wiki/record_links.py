"""The links of a record: where every link, image and file of a page leads under the wiki's settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from dokuwiki_data.ids import clean_id
from dokuwiki_data.nodes import inline
from dokuwiki_data.nodes.page import Page
from dokuwiki_data.wiki.links import DEFAULT_LINKS, LinkRules, resolve_media, resolve_page

#: What DokuWiki escapes in a name that goes into the address of another wiki.
_UNSAFE_IN_NAME = frozenset("[\\]^`{|}#%")


@dataclass(frozen=True, slots=True)
class LinkContext:
    """What the links of a page depend on: the wiki's rules, the other wikis it knows, and what there is in it.

    ``interwiki``: addresses by shortcut. ``pages`` and ``media``: the ids of all pages and media files, None if they
    are not known.
    """

    rules: LinkRules = DEFAULT_LINKS
    interwiki: Mapping[str, str] = field(default_factory=dict)
    pages: Collection[str] | None = None
    media: Collection[str] | None = None


#: Where something leads: its kind, target and anchor, and whether that exists, None if that cannot be known.
Destination = tuple[str, str | None, str | None, bool | None]


def links(page: Page, around: LinkContext) -> list[dict[str, Any]]:
    """Every link and every image or file of a page, in the order of the source.

    ``kind`` is ``page``, ``media``, ``interwiki``, ``external``, ``external-media``, ``email``, ``share``, or ``other``
    for a link of a plugin's own.
    """
    found = []
    for node in page.find_all(inline.Link, inline.Media):
        destination = _DESTINATIONS.get(type(node), _other)
        kind, target, anchor, exists = destination(node, page.page_id, around)
        assert isinstance(node, inline.Link | inline.Media)
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


def _page(target: str, page_id: str, around: LinkContext) -> Destination:
    pages = around.pages
    found = resolve_page(target, page_id, around.rules, pages.__contains__ if pages is not None else lambda _: False)
    found, _, anchor = found.partition("#")
    return "page", found, anchor or None, None if pages is None else found in pages


def _internal(node: Any, page_id: str, around: LinkContext) -> Destination:
    return _page(node.target.partition("?")[0], page_id, around)


def _local(node: Any, page_id: str, around: LinkContext) -> Destination:
    return _page(f"#{node.target}", page_id, around)


def _media(node: Any, page_id: str, around: LinkContext) -> Destination:
    target, _, anchor = node.target.partition("#")
    found = resolve_media(target, page_id, around.rules)
    return "media", found, anchor or None, None if around.media is None else found in around.media


def _interwiki(node: Any, page_id: str, around: LinkContext) -> Destination:
    address = around.interwiki.get(node.wiki)
    if address is None:
        address = around.interwiki.get("default")
    if address is None:
        return "interwiki", None, None, None
    reference, hash_, anchor = node.reference.rpartition("#")
    if not hash_:
        reference, anchor = anchor, ""
    target = _filled(address, reference)
    if target.startswith(":"):  # a shortcut of this wiki's own
        found = clean_id(target.partition("?")[0], around.rules.ids)
        return "page", found, anchor or None, None if around.pages is None else found in around.pages
    return "interwiki", target, anchor or None, None


def _filled(address: str, reference: str) -> str:
    """The address of another wiki with a reference where its placeholders say, else at its end."""
    if not any(f"{{{name}}}" in address for name in ("URL", "NAME", *_PIECES)):
        return address + _quoted(reference)
    is_page = address.startswith(":")
    name = "".join(quote(one) if one in _UNSAFE_IN_NAME and not is_page else one for one in reference)
    address = address.replace("{URL}", _quoted(reference)).replace("{NAME}", name)
    if any(f"{{{piece}}}" in address for piece in _PIECES):
        try:
            parsed = urlsplit(reference)
            pieces = [parsed.scheme, parsed.hostname or "", str(parsed.port or 80), parsed.path, parsed.query]
        except ValueError:  # no address
            pieces = ["", "", "80", reference, ""]
        for piece, value in zip(_PIECES, pieces, strict=True):
            address = address.replace(f"{{{piece}}}", value)
    return address


_PIECES = ("SCHEME", "HOST", "PORT", "PATH", "QUERY")


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe="")


def _elsewhere(kind: str) -> Callable[[Any, str, LinkContext], Destination]:
    return lambda node, page_id, around: (kind, node.target, None, None)


_other = _elsewhere("other")
_DESTINATIONS: dict[type, Callable[[Any, str, LinkContext], Destination]] = {
    inline.InternalLink: _internal,
    inline.CamelCaseLink: _internal,
    inline.LocalLink: _local,
    inline.InterwikiLink: _interwiki,
    inline.ExternalLink: _elsewhere("external"),
    inline.EmailLink: _elsewhere("email"),
    inline.WindowsShareLink: _elsewhere("share"),
    inline.InternalMedia: _media,
    inline.ExternalMedia: _elsewhere("external-media"),
}
