"""Renderers of links, images and files."""

from __future__ import annotations

from dokuwiki_data.nodes import inline
from dokuwiki_data.php import BLANKS
from dokuwiki_data.writers.addresses import outer_address
from dokuwiki_data.writers.common_renderers import interwiki_link
from dokuwiki_data.writers.link_addresses import file_address, share_address, with_query
from dokuwiki_data.writers.pandoc.pieces import END, NO_ATTRIBUTES, as_json_text, attributes, element, texts
from dokuwiki_data.writers.pandoc.writer import InlineElement, PandocRenderer, PandocWriter
from dokuwiki_data.writers.resolved import ResolvedLink, ResolvedMedia, is_whole

_OPENING = f'{{"t":"Link","c":[{NO_ATTRIBUTES},['
#: Sizes of images have at most so many digits; programs refuse larger ones.
_MOST_DIGITS = 4


def link_to(address: str) -> InlineElement:
    """Return the element of a link."""
    return InlineElement(_OPENING, f'],[{as_json_text(address)},""]]}}{END}')


def text_link(address: str, label: str) -> str:
    """Return a link with a text as its label."""
    return element("Link", NO_ATTRIBUTES, f"[{texts(label)}]", f'[{as_json_text(address)},""]')


def _linked(writer: PandocWriter, found: ResolvedLink, address: str) -> None:
    if found.image is not None:
        writer.begin_formatting(link_to(address))
        _show(writer, found.image, writer.page.media(found.image))
        writer.end_formatting()
        return
    inside = found.label.strip(BLANKS)
    if not inside:
        writer.text(found.label)
        return
    before, _, behind = found.label.partition(inside)  # blanks around it are no part of the link
    writer.text(before)
    writer.begin_formatting(link_to(address))
    writer.text(inside)
    writer.end_formatting()
    writer.text(behind)


def _unlinked(writer: PandocWriter, found: ResolvedLink) -> None:
    """Write the label of a link that leads nowhere."""
    if found.image is not None:
        _show(writer, found.image, writer.page.media(found.image))
    else:
        writer.text(found.label)


def _page_link(writer: PandocWriter, node: inline.Link) -> None:
    found = writer.page.link(node)
    target = found.target
    page_id = target.target or ""
    is_local = isinstance(node, inline.LocalLink)
    anchor = None if found.is_dead and writer.place.checks_anchors else target.anchor
    address = writer.addresses.page(page_id, anchor) if writer.is_live or not found.problem else None
    if found.is_dead and (is_local or address is not None):
        writer.lose("missing-anchor", f"{page_id}#{target.anchor}", node)
    if is_local:
        if found.is_dead and writer.place.checks_anchors:
            _unlinked(writer, found)
        else:
            _linked(writer, found, f"#{writer.anchor_of(target.anchor or '')}")
        return
    if address is None:
        writer.lose(found.problem or "left-out-page", page_id, node)
        _unlinked(writer, found)
        return
    if found.query and writer.is_live:
        address = with_query(address, found.query)
    _linked(writer, found, address)


def _outer_link(writer: PandocWriter, node: inline.Link) -> None:
    """Write a link to an address outside of the wiki."""
    found = writer.page.link(node)
    address = found.target.target
    if address is None:
        writer.lose(found.problem, node.target, node)
        _unlinked(writer, found)
        return
    if found.target.anchor:
        address = f"{address}#{found.target.anchor}"
    _linked(writer, found, _valid(address))


def _valid(address: str) -> str:
    """Return an address outside of the wiki that is valid: with one ``#`` and without blanks."""
    address, hash_, anchor = outer_address(address).partition("#")
    return f"{address}{hash_}{anchor.replace('#', '%23')}"


def _mail_link(writer: PandocWriter, node: inline.EmailLink) -> None:
    _linked(writer, writer.page.link(node), _valid(f"mailto:{node.target}"))


def _share_link(writer: PandocWriter, node: inline.WindowsShareLink) -> None:
    _linked(writer, writer.page.link(node), _valid(share_address(node)))


# ----------------------------------------------------------------------------------------------- images and files


def _show(writer: PandocWriter, node: inline.Media, found: ResolvedMedia) -> None:
    """Write what is shown of an image or file, without a link around it."""
    address = file_address(found, writer.addresses, _valid)
    if address is None:
        writer.lose(found.problem or f"left-out-{found.target.kind}", found.target.target or node.target, node)
        is_image = found.shown_as == "image"
        writer.text((found.caption or "").strip(BLANKS) or found.name if is_image else found.shown_name)
    elif found.shown_as != "image":
        writer.text(found.shown_name)
    elif _is_outside(writer, address):
        writer.lose("outer-image", address, node)
        writer.text(found.shown_name)
    else:
        writer.raw(_image(node, found, address))


def _is_outside(writer: PandocWriter, address: str) -> bool:
    """Return whether an image cannot be shown in a document, since it would have to be fetched."""
    return writer.place.is_finished and is_whole(address)


def _image(node: inline.Media, found: ResolvedMedia, address: str) -> str:
    caption = "" if found.caption in (None, "0") else (found.caption or "").strip(BLANKS)
    sizes = (("width", node.width), ("height", node.height))
    size = [(name, value) for name, value in sizes if value and len(value) <= _MOST_DIGITS and int(value)]
    classes = (f"align-{node.align}",) if node.align else ()  # as pandoc's reader of reStructuredText names them
    return element("Image", attributes("", classes, size), f"[{texts(caption)}]", f'[{as_json_text(address)},""]')


def _media(writer: PandocWriter, node: inline.Media) -> None:
    found = writer.page.media(node)
    address = file_address(found, writer.addresses, _valid)
    is_image = found.shown_as == "image" and found.target.kind != "page"
    if address is None or (is_image and not _is_outside(writer, address)):
        _show(writer, node, found)
        return
    if writer.place.is_closed and not is_whole(address):
        writer.lose("left-out-media", found.target.target or node.target, node)
        writer.text(found.shown_name)
        return
    anchor = f"#{found.target.anchor}" if found.target.anchor else ""
    writer.begin_formatting(link_to(address + anchor))
    _show(writer, node, found)
    writer.end_formatting()


RENDERERS: dict[type, PandocRenderer] = {
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
