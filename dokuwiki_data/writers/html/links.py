"""Renderers of links, images and files."""

from __future__ import annotations

import re

from dokuwiki_data.nodes import inline
from dokuwiki_data.writers.addresses import outer_address
from dokuwiki_data.writers.common_renderers import interwiki_link
from dokuwiki_data.writers.html.writer import HtmlWriter, Renderer, escaped
from dokuwiki_data.writers.link_addresses import file_address, share_address, with_query
from dokuwiki_data.writers.resolved import ResolvedLink, ResolvedMedia

_NO_CLASS = re.compile(r"[^_\-a-zA-Z0-9]+")
_MIME_TYPES = {
    "webm": "video/webm", "ogv": "video/ogg", "mp4": "video/mp4",
    "mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav",
}  # fmt: skip


def anchor_tag(href: str, class_name: str, title: str, inside: str, more: str = "") -> str:
    """Return a link. ``inside`` and ``more`` are HTML; the other arguments are escaped."""
    tooltip = f' title="{escaped(title)}"' if title else ""
    return f'<a href="{escaped(href)}" class="{escaped(class_name)}"{tooltip}{more}>{inside}</a>'


def _label(writer: HtmlWriter, found: ResolvedLink) -> str:
    return escaped(found.label) if found.image is None else _shown(writer, found.image, writer.page.media(found.image))


def _page_link(writer: HtmlWriter, node: inline.Link) -> str:
    found = writer.page.link(node)
    target = found.target
    page_id = target.target or ""
    inside = _label(writer, found)
    interwiki = f"interwiki iw_{_NO_CLASS.sub('_', node.wiki)} " if isinstance(node, inline.InterwikiLink) else ""
    is_local = isinstance(node, inline.LocalLink)
    href = writer.addresses.page(page_id, target.anchor) if writer.is_live or not found.problem else None
    if found.is_dead and (is_local or href is not None):
        writer.lose("missing-anchor", f"{page_id}#{target.anchor}", node)
    if is_local:
        return anchor_tag(f"#{target.anchor or ''}", "wikilink1", f"{writer.page.page_id} ↵", inside)
    if href is None:
        writer.lose(found.problem or "left-out-page", page_id, node)
        if found.image is not None:
            return inside
        return f'<span class="{interwiki}wikilink2" title="{escaped(page_id)}">{inside}</span>'
    if found.query and (writer.is_live or found.query.startswith("dataflt")):
        href = with_query(href, found.query)
    if found.image is not None:
        class_name, more = "media", ""
    elif found.problem == "missing-page":
        class_name, more = f"{interwiki}wikilink2", ' rel="nofollow"'
    else:
        class_name, more = f"{interwiki}wikilink1", ""
    return anchor_tag(href, class_name, page_id, inside, f'{more} data-wiki-id="{escaped(page_id)}"')


def _outer_link(writer: HtmlWriter, node: inline.Link) -> str:
    """Write a link to an address outside of the wiki."""
    found = writer.page.link(node)
    address, inside = found.target.target, _label(writer, found)
    if address is None:
        writer.lose(found.problem, node.target, node)
        return inside
    if found.target.anchor:
        address = f"{address}#{found.target.anchor}"
    class_name = "urlextern"
    if isinstance(node, inline.InterwikiLink):
        class_name = f"interwiki iw_{_NO_CLASS.sub('_', node.wiki)}"
    href = outer_address(address)
    return anchor_tag(href, "media" if found.image else class_name, address, inside, ' rel="nofollow"')


def _mail_link(writer: HtmlWriter, node: inline.EmailLink) -> str:
    found = writer.page.link(node)
    class_name = "mail" if found.image is None else "media"
    return anchor_tag(f"mailto:{node.target}", class_name, node.target, _label(writer, found))


def _share_link(writer: HtmlWriter, node: inline.WindowsShareLink) -> str:
    found = writer.page.link(node)
    class_name = "windows" if found.image is None else "media"
    address = share_address(node)
    return anchor_tag(outer_address(address), class_name, node.target, _label(writer, found))


# ----------------------------------------------------------------------------------------------- images and files


def _missing(writer: HtmlWriter, node: inline.Media, found: ResolvedMedia) -> str:
    """Return what stands for a file that is not there."""
    writer.lose(found.problem or f"left-out-{found.target.kind}", found.target.target or node.target, node)
    if found.shown_as != "image":
        return escaped(found.shown_name)
    return escaped(" ".join((found.caption or "").split()) or found.name)


def _shown(writer: HtmlWriter, node: inline.Media, found: ResolvedMedia) -> str:
    """Return what is shown of an image or file, without a link around it."""
    address = file_address(found, writer.addresses, outer_address)
    if address is None:
        return _missing(writer, node, found)
    if found.shown_as == "image":
        return _image(node, found, address)
    if found.shown_as == "file":
        return escaped(found.shown_name)
    size = f' width="{_pixels(node.width, 320)}" height="{_pixels(node.height, 240)}"'
    is_video = found.shown_as == "video"
    title = f' title="{escaped(found.caption)}"' if found.caption else ""
    link = anchor_tag(address, f"media mediafile mf_{found.extension}", found.name, escaped(found.shown_name))
    return (
        f'<{found.shown_as} class="media{node.align or ""}"{title}{size if is_video else ""} controls="controls">\n'
        f'<source src="{escaped(address)}" type="{_MIME_TYPES[found.extension]}" />\n{link}</{found.shown_as}>\n'
    )


def _pixels(written: str | None, default: int) -> int:
    return int((written or "0")[:9]) or default


def _image(node: inline.Media, found: ResolvedMedia, address: str) -> str:
    caption = "" if found.caption in (None, "0") else escaped(found.caption)
    title = f' title="{caption}"' if caption else ""
    size = "".join(
        f' {name}="{escaped(value)}"' for name, value in (("width", node.width), ("height", node.height)) if value
    )
    return (
        f'<img src="{escaped(address)}" class="media{node.align or ""}" loading="lazy"{title} alt="{caption}"{size} />'
    )


def _media(writer: HtmlWriter, node: inline.Media) -> str:
    found = writer.page.media(node)
    address = file_address(found, writer.addresses, outer_address)
    inside = _shown(writer, node, found)
    if address is None or not found.is_link:
        return inside
    class_name = "media" if found.shown_as == "image" else f"media mediafile mf_{_NO_CLASS.sub('_', found.extension)}"
    class_name += " wikilink2" if found.problem else ""
    anchor = f"#{found.target.anchor}" if found.target.anchor else ""
    return anchor_tag(address + anchor, class_name, found.target.target or "", inside)


RENDERERS: dict[type, Renderer] = {
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
