"""Renderers of links, images and files."""

from __future__ import annotations

import re

from dokuwiki_data.nodes import inline
from dokuwiki_data.php import BLANKS
from dokuwiki_data.render.characters import percent_encoded
from dokuwiki_data.writers.addresses import is_live
from dokuwiki_data.writers.common_renderers import interwiki_link
from dokuwiki_data.writers.link_addresses import file_address, share_address
from dokuwiki_data.writers.mediawiki.escaping import attribute, folded
from dokuwiki_data.writers.mediawiki.pieces import IMAGE_ADDRESS, BareAddress, label
from dokuwiki_data.writers.mediawiki.titles import TitleRules, capitalized
from dokuwiki_data.writers.mediawiki.writer import MediaWikiRenderer, MediaWikiWriter
from dokuwiki_data.writers.pieces import Raw
from dokuwiki_data.writers.resolved import ResolvedLink, ResolvedMedia

#: The beginnings of addresses of which MediaWiki makes links (https://www.mediawiki.org/wiki/Manual:$wgUrlProtocols).
_LINKED = re.compile(
    r"(?:(?:ftps?|git|gopher|https?|ircs?|mms|nntp|redis|sftp|ssh|svn|telnet|worldwind)://"
    r"|(?:bitcoin|geo|magnet|mailto|matrix|news|sips?|sms|tel|urn|xmpp):)[^\s/:]",
    re.IGNORECASE,
)
#: What would end an address, or count as markup in it.
_ESCAPED = re.compile(
    r"[\x00-\x20\x7f-\xa0<>\"\[\]|\\^`{}'\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ud800-\udfff\ufffd]"
    r"|_(?=_)|~(?=~)|!(?=!)"
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
#: What an anchor in a link cannot have.
_NOT_IN_ANCHOR = re.compile(r"[\x00-\x20\x7f<>\[\]|{}#\ud800-\udfff]|%(?=[0-9A-Fa-f]{2})|&(?=#?\w+;)|~(?=~~)")
#: An address that may stand without brackets. Its last character is none that could belong to a sentence.
_BARE = re.compile(r"https?://[A-Za-z0-9/:._~%?&=#+@!$,;*-]*[A-Za-z0-9/]")
#: A title that is its own text.
_PLAIN_TITLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ]|[/.-](?![-/.]))*")


def outer(written: str) -> str | None:
    """Return an address outside of the wiki as it may stand in a link; None if MediaWiki makes no link of it."""
    address = _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}" if ord(found[0]) < 127 else _percent(found), written)
    return _ENTITY.sub("&amp;", address) if _LINKED.match(address) else None


def _percent(found: re.Match[str]) -> str:
    return percent_encoded(found[0], safe="")


def bare_link(written: str) -> str:
    """Return a link whose text is its address; the address as text if MediaWiki makes no link of it."""
    address = outer(written)
    return label(written) if address is None else f"[{address} {label(written)}]"


def _linked(writer: MediaWikiWriter, text: str, opening: str, closing: str) -> None:
    """Write a link around text; blanks around the text are no part of it."""
    inside = text.strip(BLANKS)
    if inside:
        before, _, behind = text.partition(inside)
        writer.pieces += (before, Raw(f"{opening}{label(inside)}{closing}"), behind)


def _unlinked(writer: MediaWikiWriter, found: ResolvedLink) -> None:
    """Write the label of a link that leads nowhere."""
    if found.image is not None:
        _media(writer, found.image)
    else:
        writer.text(found.label)


def _page_link(writer: MediaWikiWriter, node: inline.Link) -> None:
    found = writer.page.link(node)
    target = found.target
    page_id = target.target or ""
    is_local = isinstance(node, inline.LocalLink)
    if found.problem == "tag" or (found.query.startswith("do=showtag") and found.problem):
        tag = page_id.rpartition(":")[2]
        _linked(writer, found.label, f"[[:Category:{TitleRules.category(tag)}|", "]]")
        return
    is_there = is_live(writer.addresses) or not found.problem
    title = writer.addresses.page(page_id) if is_there and not is_local else None
    anchor = target.anchor or ""
    is_sayable = not _NOT_IN_ANCHOR.search(anchor)
    if (found.is_dead and (is_local or title is not None)) or not is_sayable:
        writer.lose("missing-anchor", f"{page_id}#{anchor}", node)
    anchor = anchor if is_sayable else ""
    if is_local:
        _to_page(writer, found, f"#{anchor or 'top'}")
    elif title is None:
        writer.lose(found.problem or "left-out-page", page_id, node)
        _unlinked(writer, found)
    elif anchor:
        _to_page(writer, found, f"{title}#{anchor}")
    else:
        _to_page(writer, found, title)


def _to_page(writer: MediaWikiWriter, found: ResolvedLink, title: str) -> None:
    if found.image is not None:
        _media(writer, found.image, title)
    elif capitalized(found.label) == title and _PLAIN_TITLE.fullmatch(found.label):
        writer.raw(f"[[{found.label}]]")
    else:
        _linked(writer, found.label, f"[[{title}|", "]]")


def _outer_link(writer: MediaWikiWriter, node: inline.Link) -> None:
    """Write a link to an address outside of the wiki."""
    found = writer.page.link(node)
    address = found.target.target
    if address is None:
        writer.lose(found.problem, node.target, node)
        _unlinked(writer, found)
        return
    _to_address(writer, node, found, f"{address}#{found.target.anchor}" if found.target.anchor else address)


def _to_address(writer: MediaWikiWriter, node: inline.Link, found: ResolvedLink, written: str) -> None:
    address = outer(written)
    if address is None:
        writer.lose("scheme", written, node)
        _unlinked(writer, found)
    elif found.image is not None:
        _media(writer, found.image, address)
    elif found.label == address and _BARE.fullmatch(address) and not IMAGE_ADDRESS.search(address):
        writer.pieces.append(BareAddress(address))
    else:
        _linked(writer, found.label, f"[{address} ", "]")


def _mail_link(writer: MediaWikiWriter, node: inline.EmailLink) -> None:
    _to_address(writer, node, writer.page.link(node), f"mailto:{node.target}")


def _share_link(writer: MediaWikiWriter, node: inline.WindowsShareLink) -> None:
    _to_address(writer, node, writer.page.link(node), share_address(node))


# ----------------------------------------------------------------------------------------------- images and files


def _media(writer: MediaWikiWriter, node: inline.Media, link: str | None = None) -> None:
    """Write an image or a file.

    Args:
        writer: The writer.
        node: The image or file.
        link: Where a link around it leads: a title, an anchor with its sign, or an address.
    """
    found = writer.page.media(node)
    address = file_address(found, writer.addresses)
    if address is None:
        writer.lose(found.problem or f"left-out-{found.target.kind}", found.target.target or node.target, node)
        _file(writer, folded(found.caption or "") or found.name, None, link)
    elif found.target.kind == "page":
        _file(writer, found.shown_name, f"[[{address}|", link)
    elif "://" in address:
        _elsewhere(writer, node, found, address, link)
    elif found.shown_as == "image":
        writer.raw(_image(node, found, address, link))
    else:
        _file(writer, found.shown_name, f"[[Media:{address}|", link)


def _file(writer: MediaWikiWriter, text: str, opening: str | None, link: str | None) -> None:
    """Write the text of a file with a link to it, or with the link around it."""
    if link is not None:
        opening = f"[{link} " if _is_none_or_outer(link) else f"[[{link}|"
    if opening is None:
        writer.text(text)
    else:
        _linked(writer, text, opening, "]]" if opening.startswith("[[") else "]")


def _is_none_or_outer(link: str | None) -> bool:
    """Return whether there is no link around an image, or one that leads out of the wiki."""
    return link is None or "://" in link or link.startswith("mailto:")


def _elsewhere(
    writer: MediaWikiWriter, node: inline.Media, found: ResolvedMedia, written: str, link: str | None
) -> None:
    """Write a file of another site as a link: MediaWiki shows no images from elsewhere unless it is told to."""
    anchor = f"#{found.target.anchor}" if found.target.anchor else ""
    address = outer(written + anchor)
    if found.shown_as == "image":
        writer.lose("external-image", written, node)
    if address is None:
        writer.lose("scheme", written, node)
        writer.text(found.shown_name)
    elif found.shown_as == "image" and not found.caption and _BARE.fullmatch(address) and _is_none_or_outer(link):
        writer.pieces.append(BareAddress(address) if link is None else Raw(f"[{link} {address}]"))
    else:
        _file(writer, found.shown_name, f"[{address} ", link)


_ALIGNMENTS = ("left", "right", "center")


def _image(node: inline.Media, found: ResolvedMedia, name: str, link: str | None) -> str:
    size = f"{node.width or ''}{f'x{node.height}' if node.height else ''}"
    caption = "" if found.caption in (None, "0") else found.caption or ""
    parameters = [
        f"{size}px" if size else "",
        node.align if node.align in _ALIGNMENTS else "",
        f"link={link or ''}" if link is not None or node.linking == "nolink" else "",
        f"alt={attribute(caption)}" if caption.strip() else "",
    ]
    return f"[[{'|'.join((f'File:{name}', *filter(None, parameters)))}]]"


RENDERERS: dict[type, MediaWikiRenderer] = {
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
