"""Renderers of links, images and files."""

from __future__ import annotations

import re

from dokuwiki_data.nodes import inline
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.characters import percent_encoded
from dokuwiki_data.writers.addresses import is_live
from dokuwiki_data.writers.common_renderers import interwiki_link
from dokuwiki_data.writers.html.writer import escaped
from dokuwiki_data.writers.link_addresses import file_address, share_address, with_query
from dokuwiki_data.writers.markdown.writer import MarkdownRenderer, MarkdownWriter
from dokuwiki_data.writers.pieces import Raw
from dokuwiki_data.writers.resolved import ResolvedLink, ResolvedMedia

#: What is escaped in addresses: blanks, control characters, and signs that would end the address or its link.
_ESCAPED = re.compile(r'[\x00-\x20\x7f-\xa0<>"`|\\^{}\u2000-\u200f\u2028-\u202f\u3000]')
_PARENTHESES = re.compile(r"[()]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
#: What may stand between angle brackets (https://spec.commonmark.org/0.31.2/#autolinks).
_AUTOLINK = re.compile(r"[a-z][a-z0-9+.-]{1,31}:[^\s<>\x00-\x20`|\\&*_\[\]{}]*", re.IGNORECASE)
_MAIL = re.compile(r"[a-zA-Z0-9.!#$%'+/=?-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9]+)+")


def destination(address: str) -> str:
    """Return an address as it may stand in the parentheses of a link."""
    address = _ESCAPED.sub(_percent, address)
    if "(" in address or ")" in address:
        depth = 0
        for sign in _PARENTHESES.findall(address):
            depth += 1 if sign == "(" else -1
            if depth < 0:
                break
        if depth:
            address = _PARENTHESES.sub(_percent, address)
    return _ENTITY.sub("&amp;", address) if "&" in address else address


def _percent(found: re.Match[str]) -> str:
    return percent_encoded(found[0], safe="")


def bare_link(writer: MarkdownWriter, address: str) -> str:
    """Return a link whose label is its address."""
    if _AUTOLINK.fullmatch(address) and _is_plain(writer, address):
        return f"<{address}>"
    return _link(writer, writer.label(address), address)


def _link(writer: MarkdownWriter, inside: str, address: str) -> str:
    """Return a link, as HTML if programs that check addresses would refuse it; ``inside`` is Markdown."""
    if _is_plain(writer, address):
        return f"[{inside}]({destination(address)})"
    return f'<a href="{_in_attribute(address)}">{inside}</a>'


def _in_attribute(address: str) -> str:
    return attribute(_ESCAPED.sub(_percent, address))


def _is_plain(writer: MarkdownWriter, address: str) -> bool:
    """Return whether a link to an address may be Markdown."""
    wanted = writer.dialect.checked_addresses
    return not wanted or "://" not in address or re.match(wanted, address) is not None


def _linked(writer: MarkdownWriter, found: ResolvedLink, address: str, short: str = "") -> str | None:
    """Write a link; ``short`` is what may stand in angle brackets if it is the label as well."""
    if found.image is not None:
        return _link(writer, _shown(writer, found.image), address)
    if short == found.label and _is_plain(writer, short):
        return f"<{short}>"
    inside = found.label.strip(BLANKS)  # blanks around it are no part of the link
    if inside:
        before, _, behind = found.label.partition(inside)
        writer.pieces += (before, Raw(_link(writer, writer.label(inside), address)), behind)
    return None


def _unlinked(writer: MarkdownWriter, found: ResolvedLink) -> str | None:
    """Write the label of a link that leads nowhere."""
    if found.image is not None:
        return _shown(writer, found.image)
    writer.text(found.label)
    return None


def _page_link(writer: MarkdownWriter, node: inline.Link) -> str | None:
    found = writer.page.link(node)
    target = found.target
    page_id = target.target or ""
    is_local = isinstance(node, inline.LocalLink)
    address = writer.addresses.page(page_id, target.anchor) if is_live(writer.addresses) or not found.problem else None
    if found.is_dead and (is_local or address is not None):
        writer.lose("missing-anchor", f"{page_id}#{target.anchor}", node)
    if is_local:
        anchor = target.anchor or ""
        return _linked(writer, found, f"#{writer.titles.get(anchor, '' if writer.dialect.links_to_titles else anchor)}")
    if address is None:
        writer.lose(found.problem or "left-out-page", page_id, node)
        return _unlinked(writer, found)
    if found.query and is_live(writer.addresses):
        address = with_query(address, found.query)
    return _linked(writer, found, address)


def _outer_link(writer: MarkdownWriter, node: inline.Link) -> str | None:
    """Write a link to an address outside of the wiki."""
    found = writer.page.link(node)
    address = found.target.target
    if address is None:
        writer.lose(found.problem, node.target, node)
        return _unlinked(writer, found)
    if found.target.anchor:
        address = f"{address}#{found.target.anchor}"
    return _linked(writer, found, address, address if _AUTOLINK.fullmatch(address) else "")


def _mail_link(writer: MarkdownWriter, node: inline.EmailLink) -> str | None:
    found = writer.page.link(node)
    return _linked(writer, found, f"mailto:{node.target}", node.target if _MAIL.fullmatch(node.target) else "")


def _share_link(writer: MarkdownWriter, node: inline.WindowsShareLink) -> str | None:
    return _linked(writer, writer.page.link(node), share_address(node))


# ----------------------------------------------------------------------------------------------- images and files


def _shown(writer: MarkdownWriter, node: inline.Media) -> str:
    """Return what is shown of an image or file, without a link around it."""
    found = writer.page.media(node)
    address = file_address(found, writer.addresses)
    if address is None:
        writer.lose(found.problem or f"left-out-{found.target.kind}", found.target.target or node.target, node)
        return writer.label(" ".join((found.caption or "").split()) or found.name)
    if found.shown_as != "image":
        return writer.label(found.shown_name)
    return _image(writer, node, found, address)


def _image(writer: MarkdownWriter, node: inline.Media, found: ResolvedMedia, address: str) -> str:
    caption = "" if found.caption in (None, "0") else " ".join((found.caption or "").split())
    size = " ".join(f'{name}="{value}"' for name, value in (("width", node.width), ("height", node.height)) if value)
    image = writer.dialect.sized_image
    if size and "{dimensions}" in image and not node.width:
        writer.lose("style", size, node)
        size = ""
    if not size and _is_plain(writer, address):
        return f"![{writer.label(caption)}]({destination(address)})"
    if image.startswith("<"):
        address = file_address(found, writer.addresses_in_html) or address
    dimensions = "x".join(str(value) for value in (node.width, node.height) if value)
    alt = attribute(caption) if image.startswith("<") else writer.label(caption)
    if not size:
        return f'<img src="{_in_attribute(address)}" alt="{attribute(caption)}">'
    return image.format(
        address=attribute(address), destination=destination(address), alt=alt, size=size, dimensions=dimensions
    )


def attribute(text: str) -> str:
    """Return text as the value of an attribute of HTML within a line."""
    return " ".join(in_html(text).split("\n"))


def in_html(text: str) -> str:
    """Return text as it may stand in HTML, where two braces could begin a template."""
    return escaped(text).replace("{{", "&#123;{")


def _media(writer: MarkdownWriter, node: inline.Media) -> str | None:
    found = writer.page.media(node)
    address = file_address(found, writer.addresses)
    if address is None or found.shown_as == "image":
        shown = _shown(writer, node)
        if address is not None and found.target.kind == "page":
            return _link(writer, shown, address)
        return shown
    anchor = f"#{found.target.anchor}" if found.target.anchor else ""
    return _link(writer, writer.label(found.shown_name), address + anchor)


RENDERERS: dict[type, MarkdownRenderer] = {
    inline.InternalLink: _page_link,
    inline.CamelCaseLink: _page_link,
    inline.LocalLink: _page_link,
    inline.ExternalLink: _outer_link,
    inline.InterwikiLink: interwiki_link(_page_link, _outer_link),
    inline.EmailLink: _mail_link,
    inline.WindowsShareLink: _share_link,
    inline.InternalMedia: _media,
    inline.ExternalMedia: _media,
}
